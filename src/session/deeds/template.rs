//! New cards from templates, and where they would go: a file of their own, or a list of their kind.

use std::sync::Arc;

use crate::card::CardFile;
use crate::card::edit::{self, Change, Edit, Route};
use crate::card::format::format;
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::slug;
use crate::card::{Spot, parse_text};
use crate::catalog::{CardEdit, Catalog, FileChange};

use super::Deed;
use super::cards::free;

/// A card to begin with.
#[derive(Debug)]
pub struct Template {
    /// Its kind.
    pub kind: Kind,
    /// The folder that a catalog of some size keeps such cards in.
    pub folder: &'static str,
    text: &'static str,
}

/// Every template, in alphabetical order of its kind.
pub static TEMPLATES: [Template; 6] = [
    Template {
        kind: Kind::Component,
        folder: "components",
        text: include_str!("../../../assets/templates/component.yaml"),
    },
    Template {
        kind: Kind::Person,
        folder: "people",
        text: include_str!("../../../assets/templates/person.yaml"),
    },
    Template {
        kind: Kind::Persona,
        folder: "cards",
        text: include_str!("../../../assets/templates/persona.yaml"),
    },
    Template {
        kind: Kind::Process,
        folder: "processes",
        text: include_str!("../../../assets/templates/process.yaml"),
    },
    Template {
        kind: Kind::Skill,
        folder: "skills",
        text: include_str!("../../../assets/templates/skill.yaml"),
    },
    Template { kind: Kind::Team, folder: "teams", text: include_str!("../../../assets/templates/team.yaml") },
];

/// The template of a kind, where it has one.
#[must_use]
pub fn template(kind: Kind) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.kind == kind)
}

impl Template {
    /// The card with its words filled in, laid out as `persona fmt` would.
    #[must_use]
    pub fn filled(&self, id: &str, name: &str) -> String {
        let text = self.text.replace("{{id}}", &quoted(id)).replace("{{name}}", &quoted(name));
        format(&text).map_or(text, |formatted| formatted.text)
    }

    /// The path of a new file for such a card: in the folder where such cards have files of their own,
    /// else in that of the kind where the catalog has it, else beside `catalog.yaml`.
    #[must_use]
    pub fn path(&self, catalog: &Catalog, id: &str, name: &str) -> String {
        let words = if self.kind == Kind::Persona { format!("{id}-") } else { String::new() };
        let stem = slug(&format!("{words}{}", name.to_lowercase()));
        let folder = match self.neighbour(catalog) {
            Some(file) => file.path.rsplit_once('/').map(|(folder, _)| folder.to_owned()),
            None => {
                let inside = format!("{}/", self.folder);
                catalog.files().any(|file| file.path.starts_with(&inside)).then(|| self.folder.to_owned())
            }
        };
        let folder = folder.map_or(String::new(), |folder| format!("{folder}/"));
        let numbered = |number: usize| match number {
            1 => format!("{folder}{stem}.yaml"),
            _ => format!("{folder}{stem}-{number}.yaml"),
        };
        let is_free = |path: &String| !catalog.files().any(|file| *file.path == **path);
        (1..10_000).map(numbered).find(is_free).unwrap_or_else(|| numbered(1))
    }

    /// The files that are lists of such cards, in file order.
    pub fn lists(&self, catalog: &Catalog) -> impl Iterator<Item = String> {
        catalog
            .files()
            .filter(|file| {
                !file.is_kept()
                    && !file.is_unreadable()
                    && file
                        .cards
                        .last()
                        .is_some_and(|last| last.spot.item.is_some() && last.card.kind() == self.kind)
            })
            .map(|file| file.path.to_string())
    }

    /// The last file that holds one such card and nothing else.
    fn neighbour<'c>(&self, catalog: &'c Catalog) -> Option<&'c Arc<CardFile>> {
        let alone = |file: &&Arc<CardFile>| match file.cards.as_slice() {
            [one] => one.spot.item.is_none() && one.card.kind() == self.kind,
            _ => false,
        };
        catalog.files().filter(alone).last()
    }
}

/// A new card: in one of the kind's lists where `into` names it, else in a file of its own, from the
/// template. `fields` are what is known of it beside its id and name.
///
/// # Errors
/// A sentence where the kind has no template, a word is taken, or the list cannot take it.
pub fn from_template(
    catalog: &Catalog,
    kind: Kind,
    (id, name): (&str, &str),
    fields: &[(Box<str>, Node)],
    into: Option<&str>,
) -> Result<Deed, String> {
    let word = kind.word().to_lowercase();
    let template = template(kind).ok_or_else(|| format!("there is no template of a {word}"))?;
    let has_id = kind == Kind::Persona;
    free(catalog, kind, name)?;
    if has_id {
        free(catalog, kind, id)?;
    }
    let title = format!("add {word} {name}");
    if let Some(path) = into {
        let file = catalog.files().find(|file| *file.path == *path);
        let file = file.ok_or_else(|| format!("there is no file {path}"))?;
        let mut all: Vec<(Box<str>, Node)> = Vec::new();
        if has_id {
            all.push(("id".into(), Node::Text(id.into())));
        }
        all.push(("name".into(), Node::Text(name.into())));
        all.extend(fields.iter().filter(|(key, _)| !matches!(&**key, "id" | "name")).cloned());
        let after =
            edit::append_card(&file.text, kind.word(), &all).map_err(|refusal| refusal.to_string())?;
        let write = FileChange {
            path: file.path.clone(),
            before: Some(file.text.clone()),
            after: Some(Arc::from(after)),
        };
        return Ok(Deed::new(title, vec![CardEdit::Write(write)]));
    }
    let mut text = template.filled(id, name);
    let path = template.path(catalog, id, name);
    let spot = parse_text(&path, &text).cards.first().map(|placed| placed.spot);
    for (key, value) in fields.iter().filter(|(key, _)| !matches!(&**key, "id" | "name")) {
        let spot: Spot = spot.ok_or_else(|| format!("the template of a {word} cannot be read"))?;
        let set = Edit::new(spot, Route::default().then(&**key), Change::Set(value.clone()));
        text = edit::apply(&text, &[set]).map_err(|refusal| refusal.to_string())?;
    }
    // An editor that is told of the schema in the neighbour's first line is told of it here too.
    let line = template.neighbour(catalog).and_then(|file| {
        let first = file.text.lines().next()?;
        first.starts_with("# yaml-language-server:").then(|| format!("{first}\n"))
    });
    let text = format!("{}{text}", line.unwrap_or_default());
    let write = FileChange { path: path.into(), before: None, after: Some(Arc::from(text)) };
    Ok(Deed::new(title, vec![CardEdit::Write(write)]))
}

/// Inside double quotes of YAML.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            other if other.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(other))),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Input, build};

    fn catalog(files: &[(&str, &str)]) -> Catalog {
        let files = files.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
        build(Input { files, ..Input::default() })
    }

    fn written(catalog: &Catalog, deed: &Deed) -> (String, String) {
        let changes = catalog.changes(&deed.edits).expect("changes");
        let [one] = changes.as_slice() else { panic!("{changes:?}") };
        (one.path.to_string(), one.after.as_deref().expect("a text").to_owned())
    }

    #[test]
    fn every_template_is_a_card_without_problems() {
        for template in &TEMPLATES {
            for name in ["A \"b\": c", "Load Test Agent"] {
                let text = template.filled("P001", name);
                let file = parse_text("x.yaml", &text);
                assert!(file.problems.is_empty(), "{:?}: {:?}", template.kind, file.problems);
                assert_eq!(file.cards.len(), 1, "{:?}", template.kind);
                // A new card is none that `persona fmt --check` complains of.
                assert_eq!(format(&text).expect("YAML").text, text, "{:?}", template.kind);
            }
        }
        assert!(TEMPLATES.is_sorted_by_key(|template| template.kind.word()));
    }

    #[test]
    fn a_new_card_stands_with_its_like() {
        let one =
            "# yaml-language-server: $schema=../.persona/schema.json\nkind: Persona\nid: P1\nname: Ana\n";
        let catalog = catalog(&[
            ("team/P1-ana.yaml", one),
            ("skills.yaml", "kind: SkillList\nitems:\n  - SQL\n"),
            ("teams/x.yaml", "kind: Component\nname: Store\n"),
        ]);
        let fields = [("type".into(), Node::Text("agent".into()))];
        let deed = from_template(&catalog, Kind::Persona, ("P2", "Bot \u{1F600}/.."), &fields, None).unwrap();
        let (path, text) = written(&catalog, &deed);
        assert!(path.starts_with("team/P2-bot") && !path.contains(".."), "{path}");
        assert!(text.starts_with("# yaml-language-server: "), "{text}");
        assert!(text.contains("\ntype: agent\n") && text.contains("# section:"), "{text}");
        let deed = from_template(&catalog, Kind::Skill, ("", "Go"), &[], Some("skills.yaml")).unwrap();
        let (path, text) = written(&catalog, &deed);
        assert_eq!(
            (path.as_str(), text.contains("  - SQL\n  - name: Go\n")),
            ("skills.yaml", true),
            "{text}"
        );
        let deed = from_template(&catalog, Kind::Team, ("", "Blue"), &[], None).unwrap();
        assert_eq!(written(&catalog, &deed).0, "teams/blue.yaml");
        assert!(from_template(&catalog, Kind::Persona, ("p1", "Cy"), &[], None).is_err());
        assert!(from_template(&catalog, Kind::Persona, ("P2", "ana"), &[], None).is_err());
        assert!(from_template(&catalog, Kind::Persona, ("P2", " "), &[], None).is_err());
        assert!(from_template(&catalog, Kind::Skill, ("", "sql"), &[], Some("skills.yaml")).is_err());
    }
}
