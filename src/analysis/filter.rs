//! The words of a filter: `team:ai type:agent skill:python component:storage severity:high`, and text.
//!
//! Words of one key are alternatives; different keys must all hold. What is no known key is text:
//! how text is looked for is for who asks, since a screen guesses while one types and a check must not.

use crate::card::words::{fold, nearest};
use crate::catalog::{Catalog, Entity, EntityKind};

use super::finding::{Finding, Severity};
use super::outside::OUTSIDE;
use super::rules::{Category, RULES};
use super::{Analysis, PersonaId};

/// Keys that a filter knows, with what they match, in alphabetical order.
pub const KEYS: [(&str, &str); 12] = [
    ("category", "of gaps: skills, access, agents, staffing or structure"),
    ("component", "granted or needed, or the object of a gap"),
    ("env", "of gaps: the environment, or none stated"),
    ("finding", "a severity, at least, or a rule"),
    ("kind", "human things: persona, process, ..."),
    ("persona", "the persona"),
    ("process", "a process taken part in"),
    ("rule", "a rule, or a part of its name"),
    ("severity", "a severity, at least"),
    ("skill", "had or required, or the object of a gap"),
    ("team", "the team"),
    ("type", "human, agent or service"),
];

/// The words of a filter, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Key, folded value.
    keyed: Vec<(&'static str, String)>,
    /// As written.
    text: Vec<String>,
}

impl Words {
    /// Takes a line of words apart. Values with blanks stand in double quotes.
    #[must_use]
    pub fn new(line: &str) -> Self {
        Self::of(tokens(line))
    }

    /// Words that are apart already, such as arguments of a command. Quotes in them do not count.
    #[must_use]
    pub fn of(words: impl IntoIterator<Item = String>) -> Self {
        let mut filter = Self::default();
        for word in words {
            let keyed = word.split_once(':').and_then(|(key, value)| {
                let (known, _) = KEYS.into_iter().find(|(known, _)| *known == fold(key))?;
                Some((known, fold(&value.replace('"', ""))))
            });
            match keyed {
                Some((_, value)) if value.is_empty() => {}
                Some(keyed) => filter.keyed.push(keyed),
                None => filter.text.push(word),
            }
        }
        filter
    }

    /// Whether it lets all through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keyed.is_empty() && self.text.is_empty()
    }

    /// The words without a key, as written.
    #[must_use]
    pub fn text(&self) -> String {
        self.text.join(" ")
    }

    /// Whether the words with keys let an entity through; text is not looked at.
    #[must_use]
    pub fn entity(&self, analysis: &Analysis, entity: Entity) -> bool {
        self.all_keys(|key, value| entity_passes(analysis, entity, key, value))
    }

    /// Whether the words with keys let a finding through; text is not looked at.
    #[must_use]
    pub fn finding(&self, analysis: &Analysis, finding: &Finding) -> bool {
        self.all_keys(|key, value| finding_passes(analysis, finding, key, value))
    }

    /// Whether a finding passes, text included. Text that is exactly the id, name or alias of
    /// something wants what is about that; other text wants to stand in the sentence, in the rule's
    /// name, or in what subject and object are called.
    #[must_use]
    pub fn finding_with_text(&self, analysis: &Analysis, finding: &Finding) -> bool {
        self.finding(analysis, finding)
            && self.text.iter().all(|word| {
                let exact = analysis.catalog.find(word);
                if exact.is_empty() {
                    text_of(analysis, finding).contains(&fold(word))
                } else {
                    exact.into_iter().any(|entity| finding.is_about(entity))
                }
            })
    }

    /// Words that can match nothing at all, a sentence each: they are more likely misspelt than meant.
    #[must_use]
    pub fn mistakes(&self, analysis: &Analysis) -> Vec<String> {
        let keyed = self.keyed.iter().filter_map(|(key, value)| mistaken(analysis, key, value));
        let text = self.text.iter().filter(|word| !is_known_text(analysis, word));
        let text = text.map(|word| {
            let names = entities(&analysis.catalog).map(|entity| analysis.catalog.id(entity).into_owned());
            let names: Vec<String> = names.collect();
            let guess = did_you_mean(word, names.iter().map(String::as_str));
            format!("nothing in {} is called {word}{guess}", analysis.catalog.name)
        });
        keyed.chain(text).collect()
    }

    fn all_keys(&self, passes: impl Fn(&str, &str) -> bool) -> bool {
        self.keyed.iter().all(|(key, _)| {
            self.keyed.iter().filter(|(other, _)| other == key).any(|(key, value)| passes(key, value))
        })
    }
}

fn text_of(analysis: &Analysis, finding: &Finding) -> String {
    let catalog = &analysis.catalog;
    let object = finding.object.map_or(String::new(), |object| catalog.label(object));
    fold(&format!("{} {} {} {object}", finding.message, finding.rule.id, catalog.label(finding.subject)))
}

fn finding_passes(analysis: &Analysis, finding: &Finding, key: &str, value: &str) -> bool {
    let catalog = &analysis.catalog;
    let named = |entity: Option<Entity>, kind: &str| {
        entity.is_some_and(|entity| {
            catalog.kind(entity).word() == kind && fold(&catalog.label(entity)).contains(value)
        })
    };
    match key {
        "finding" | "severity" | "rule" | "category" => is_such(finding, key, value),
        "env" => finding
            .environment
            .is_none_or(|environment| fold(catalog.settings.environment(environment)) == value),
        "kind" => catalog.kind(finding.subject).word() == value,
        "component" | "skill" | "process" => named(finding.object, key) || named(Some(finding.subject), key),
        "persona" => named(Some(finding.subject), key) || named(finding.object, key),
        _ => entity_passes(analysis, finding.subject, key, value),
    }
}

/// Whether a finding is of a severity, a rule or a category.
fn is_such(finding: &Finding, key: &str, value: &str) -> bool {
    let severity = Severity::from_word(value);
    match key {
        "severity" => severity.is_some_and(|severity| finding.severity.at_least(severity)),
        "rule" => finding.rule.id.contains(value),
        "category" => finding.rule.category.word() == value,
        _ => match severity {
            Some(severity) => finding.severity.at_least(severity),
            None => finding.rule.id.contains(value),
        },
    }
}

fn entity_passes(analysis: &Analysis, entity: Entity, key: &str, value: &str) -> bool {
    let catalog = &analysis.catalog;
    let is = |entity: Entity| fold(&catalog.label(entity)).contains(value);
    match key {
        "kind" => return catalog.kind(entity).word() == value,
        "env" => return true,
        "finding" | "severity" | "rule" | "category" => {
            let mut findings = analysis.about(entity).filter(|(_, finding)| finding.is_open());
            return findings.any(|(_, finding)| is_such(finding, key, value));
        }
        _ => {}
    }
    let Entity::Persona(id) = entity else {
        return catalog.kind(entity).word() == key && is(entity);
    };
    let persona = &catalog.personas[id.index()];
    let facts = analysis.facts.of_persona(id);
    match key {
        "team" => persona.team.is_some_and(|team| is(team.into())),
        "type" => persona.persona_type.word().starts_with(value),
        "persona" => is(entity),
        "component" => {
            persona.grants.iter().any(|grant| is(grant.component.into()))
                || facts.needs.iter().any(|need| is(need.component.into()))
        }
        "process" => persona.processes.iter().any(|part| is(part.process.into())),
        "skill" => {
            facts.has.iter().any(|held| is(held.skill.into()))
                || facts.required.iter().any(|required| is(required.skill.into()))
        }
        _ => true,
    }
}

fn mistaken(analysis: &Analysis, key: &str, value: &str) -> Option<String> {
    let catalog = &analysis.catalog;
    let rules = || RULES.iter().chain(OUTSIDE).map(|rule| rule.id);
    let severities = || Severity::ALL.map(Severity::word).into_iter();
    let is_rule = || rules().any(|rule| rule.contains(value));
    let is_severity = || Severity::from_word(value).is_some();
    let none_of = |what: &str, known: Vec<&str>| {
        let guess = nearest(value, known.iter().copied()).map_or_else(
            || format!("; there are {}", known.join(", ")),
            |near| format!("; did you mean {near}?"),
        );
        Some(format!("{key}:{value} names no {what}{guess}"))
    };
    match key {
        "severity" if !is_severity() => none_of("severity", severities().collect()),
        "rule" if !is_rule() => {
            let guess = did_you_mean(value, rules());
            Some(format!("{key}:{value} names no rule{guess} `persona explain` lists the rules"))
        }
        "finding" if !is_severity() && !is_rule() => {
            let guess = did_you_mean(value, rules().chain(severities()));
            Some(format!(
                "{key}:{value} names no severity and no rule{guess} `persona explain` lists the rules"
            ))
        }
        "category" if !Category::ALL.iter().any(|category| category.word() == value) => {
            none_of("category", Category::ALL.map(Category::word).to_vec())
        }
        "kind" if !EntityKind::ALL.iter().any(|kind| kind.word() == value) => {
            none_of("kind", EntityKind::ALL.map(EntityKind::word).to_vec())
        }
        "type" if !["human", "agent", "service"].iter().any(|known| known.starts_with(value)) => {
            none_of("type", vec!["human", "agent", "service"])
        }
        "env" => {
            let count = catalog.settings.environments.len();
            let known: Vec<&str> = (0..count).map(|place| catalog.settings.environment(place)).collect();
            if known.iter().any(|known| fold(known) == value) { None } else { none_of("environment", known) }
        }
        "component" | "persona" | "process" | "skill" | "team" => {
            let of_kind = |entity: &Entity| catalog.kind(*entity).word() == key;
            let names: Vec<String> =
                entities(catalog).filter(of_kind).map(|entity| catalog.label(entity)).collect();
            if names.iter().any(|name| fold(name).contains(value)) {
                return None;
            }
            let guess = did_you_mean(value, names.iter().map(String::as_str));
            Some(format!("{key}:{value} names no {key} of {}{guess}", catalog.name))
        }
        _ => None,
    }
}

fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(word, known).map_or(String::new(), |near| format!("; did you mean {near}?"))
}

fn is_known_text(analysis: &Analysis, word: &str) -> bool {
    let catalog = &analysis.catalog;
    let folded = fold(word);
    !catalog.find(word).is_empty()
        || RULES.iter().chain(OUTSIDE).any(|rule| rule.id.contains(&folded))
        || entities(catalog).any(|entity| fold(&catalog.label(entity)).contains(&folded))
        || analysis.findings.iter().any(|finding| text_of(analysis, finding).contains(&folded))
}

/// What people may name.
fn entities(catalog: &Catalog) -> impl Iterator<Item = Entity> {
    use crate::catalog::{ComponentId, PersonId, ProcessId, SkillId, TeamId};
    let personas = (0..catalog.personas.len()).map(|index| PersonaId::from_index(index).into());
    let processes = (0..catalog.processes.len()).map(|index| ProcessId::from_index(index).into());
    let components = (0..catalog.components.len()).map(|index| ComponentId::from_index(index).into());
    let skills = (0..catalog.skills.len()).map(|index| SkillId::from_index(index).into());
    let teams = (0..catalog.teams.len()).map(|index| TeamId::from_index(index).into());
    let people = (0..catalog.people.len()).map(|index| PersonId::from_index(index).into());
    personas.chain(processes).chain(components).chain(skills).chain(teams).chain(people)
}

/// Words between blanks; double quotes hold a word together.
pub(crate) fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            blank if blank.is_whitespace() && !quoted => {
                if !token.is_empty() {
                    tokens.push(std::mem::take(&mut token));
                }
            }
            other => token.push(other),
        }
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const CATALOG: &str = "kind: PersonaList
items:
  - {name: Ana, id: P1, team: AI Team, component_access: [Azure Storage]}
  - {name: Bot, id: P10, type: agent, team: Engineering}
";

    fn rules(words: &[&str]) -> Vec<&'static str> {
        let analysis = analysis(CATALOG);
        let words = Words::of(words.iter().map(|word| (*word).to_owned()));
        assert_eq!(words.mistakes(&analysis), Vec::<String>::new());
        let found = analysis.findings.iter();
        let mut rules: Vec<_> = found
            .filter(|finding| words.finding_with_text(&analysis, finding))
            .map(|finding| finding.rule.id)
            .collect();
        rules.dedup();
        rules
    }

    fn mistakes(word: &str) -> String {
        Words::of([word.to_owned()]).mistakes(&analysis(CATALOG)).join("\n")
    }

    #[test]
    fn words_narrow_findings() {
        assert_eq!(rules(&["severity:critical"]), ["unaccountable-agent"]);
        assert_eq!(rules(&["rule:no-o", "rule:no-e"]), ["no-escalation", "no-override"]);
        assert_eq!(
            rules(&["category:agents", "severity:high"]),
            ["unaccountable-agent", "no-escalation", "no-override"]
        );
        assert_eq!(rules(&["category:access", "P1"]), ["unneeded-access", "unspecified-access"]);
        assert_eq!(rules(&["storage"]), ["unneeded-access", "undeclared"]);
    }

    #[test]
    fn a_name_that_is_exact_is_not_the_beginning_of_another() {
        let all = rules(&["category:agents"]);
        assert!(!all.is_empty());
        assert_eq!(rules(&["category:agents", "P1"]), Vec::<&str>::new());
        assert_eq!(rules(&["category:agents", "p10"]), all);
    }

    #[test]
    fn what_can_match_nothing_is_said() {
        assert_eq!(mistakes("severity:hihg"), "severity:hihg names no severity; did you mean high?");
        assert!(mistakes("rule:exces-level").contains("did you mean excess-level?"));
        assert!(mistakes("category:x").contains("there are skills, access, agents"));
        assert!(mistakes("env:production").contains("there are dev, stage, prod"));
        assert!(mistakes("team:blue").contains("names no team of test"));
        assert_eq!(mistakes("nowhere"), "nothing in test is called nowhere");
        for fine in
            ["severity:LOW", "rule:excess", "env:Prod", "team:ai", "P10", "type:ag", "kind:step", "team:"]
        {
            assert_eq!(mistakes(fine), "", "{fine}");
        }
    }
}
