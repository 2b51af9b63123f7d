//! What a finding is known by from one snapshot to another: its key, as words.
//!
//! Numbers of entities are good for one snapshot only. Keys hold kinds and folded names instead, and
//! no lines: a card that moves keeps its keys. What a decision is known by in other programs,
//! `file:line`, moves with its file; here it is what the decision says.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hasher as _;

use siphasher::sip128::{Hasher128 as _, SipHasher13};

use crate::card::source::line_range;
use crate::card::words::{Name, fold};
use crate::catalog::{Catalog, Decision, Entity, Ignore};

use super::{Analysis, Finding};

/// The key of a finding: rule, subject, object and environment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    rule: &'static str,
    subject: (&'static str, String),
    object: Option<(&'static str, String)>,
    environment: Option<String>,
    /// Of findings with the same words, such as those about two equal decisions: which, from 0.
    nth: u32,
}

impl Key {
    /// 128 bits of it as hexadecimal digits, the same on every machine and in every version.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.to_string())
    }
}

/// 128 bits of a text as hexadecimal digits, the same on every machine and in every version.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(text.as_bytes());
    format!("{:032x}", hasher.finish128().as_u128())
}

/// Its parts, kept apart, so that no two keys are the same text.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
        write!(f, "{}|{}:{}", self.rule, self.subject.0, part(&self.subject.1))?;
        match &self.object {
            Some((kind, id)) => write!(f, "|{kind}:{}", part(id))?,
            None => f.write_str("|")?,
        }
        write!(f, "|{}", self.environment.as_deref().map_or(String::new(), part))?;
        if self.nth > 0 {
            write!(f, "|{}", self.nth)?;
        }
        Ok(())
    }
}

/// The keys of all findings of an analysis, in their order. No two are equal.
#[must_use]
pub fn keys(analysis: &Analysis) -> Vec<Key> {
    keys_of(analysis, &(0..analysis.findings.len()).collect::<Vec<_>>())
}

/// The keys of some findings, as if there were no others.
#[must_use]
pub fn keys_of(analysis: &Analysis, places: &[usize]) -> Vec<Key> {
    let mut seen: HashMap<Key, u32> = HashMap::new();
    places
        .iter()
        .map(|place| {
            let mut key = key(&analysis.catalog, &analysis.findings[*place]);
            let count = seen.entry(key.clone()).or_default();
            key.nth = *count;
            *count += 1;
            key
        })
        .collect()
}

fn key(catalog: &Catalog, finding: &Finding) -> Key {
    let environment = finding.environment.map(|environment| fold(catalog.settings.environment(environment)));
    Key {
        rule: finding.rule.id,
        subject: words(catalog, finding.subject),
        object: finding.object.map(|object| words(catalog, object)),
        environment,
        nth: 0,
    }
}

fn words(catalog: &Catalog, entity: Entity) -> (&'static str, String) {
    let kind = catalog.kind(entity).word();
    let id = match entity {
        // There is one, whatever it is called.
        Entity::Catalog => String::new(),
        Entity::Decision(id) => decision(&catalog.decisions[id.index()]),
        Entity::Ignore(id) => ignore(catalog, &catalog.ignores[id.index()]),
        other => fold(&catalog.id(other)),
    };
    (kind, id)
}

fn decision(decision: &Decision) -> String {
    let name = |name: Option<&Name>| name.map_or("", Name::folded).to_owned();
    let reference = |reference: Option<&crate::card::kinds::EntityCardRef>| {
        reference.map_or(String::new(), |reference| reference.name.folded().to_owned())
    };
    [
        decision.action.map_or("", |action| action.word()).to_owned(),
        name(decision.rule.as_ref()),
        reference(decision.subject.as_ref()),
        reference(decision.object.as_ref()),
        name(decision.environment.as_ref()),
    ]
    .join("/")
}

fn ignore(catalog: &Catalog, ignore: &Ignore) -> String {
    let file = catalog.files().find(|file| file.path == ignore.file);
    let line = file.and_then(|file| Some(file.text[line_range(&file.text, ignore.line)?].trim().to_owned()));
    format!("{}/{}", ignore.rule.folded(), line.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const STALE: &str = "kind: Decision
finding: {rule: unneeded-access, subject: P006, object: Azure Key Vault}
action: accept
until: 2030-01-01
";

    fn text(catalog: &str) -> Vec<String> {
        keys(&analysis(catalog)).iter().map(Key::to_string).collect()
    }

    #[test]
    fn spelling_and_lines_make_no_difference() {
        let one = "kind: Persona\nid: P1\nname: Ana\ncomponent_access: [Azure  Storage: read]\n";
        let two = "# moved\nkind: Persona\nname: Ana\nid: p1\ncomponent_access:\n  - azure storage: Read\n";
        assert_eq!(text(one), text(two));
        assert!(text(one).contains(&"unneeded-access|persona:p1|component:azure storage|".to_owned()));
    }

    #[test]
    fn decisions_are_known_by_what_they_say() {
        let moved = format!("kind: Team\nname: Blue\n---\n{STALE}");
        let stale = |catalog: &str| {
            text(catalog).into_iter().filter(|key| key.starts_with("stale")).collect::<Vec<_>>()
        };
        assert_eq!(stale(STALE), stale(&moved));
        let twice = stale(&format!("{STALE}---\n{STALE}"));
        assert_eq!((twice.len(), twice[1].ends_with("|1")), (2, true), "{twice:?}");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let key = |subject: &str, environment: &str| Key {
            rule: "x",
            subject: ("skill", subject.to_owned()),
            object: None,
            environment: Some(environment.to_owned()),
            nth: 0,
        };
        assert_ne!(key("a||b", "").to_string(), key("a", "|b").to_string());
        assert_ne!(key("a", "b").fingerprint(), key("ab", "").fingerprint());
        assert_eq!(key("a", "b").fingerprint().len(), 32);
    }
}
