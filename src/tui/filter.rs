//! The words of a filter: `team:ai type:agent skill:python component:storage finding:high`, and
//! fuzzy text.
//!
//! Words of one key are alternatives; different keys must all hold. What is no known key is text.

use crate::analysis::{Analysis, Finding, Severity};
use crate::card::words::fold;
use crate::catalog::Entity;

use super::text::Fuzzy;

/// Keys that a filter knows, with what they match.
pub const KEYS: [(&str, &str); 9] = [
    ("component", "granted or needed, or the object of a gap"),
    ("env", "of gaps: the environment, or none stated"),
    ("finding", "a severity, at least, or a rule"),
    ("kind", "human things: persona, process, ..."),
    ("persona", "the persona"),
    ("process", "a process taken part in"),
    ("skill", "had or required, or the object of a gap"),
    ("team", "the team"),
    ("type", "human, agent or service"),
];

/// A filter, taken apart.
#[derive(Debug)]
pub struct Filter {
    words: Vec<(&'static str, String)>,
    fuzzy: Fuzzy,
    empty: bool,
}

impl Filter {
    /// Takes a filter apart. Values with blanks stand in double quotes.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut words = Vec::new();
        let mut rest = Vec::new();
        for token in tokens(text) {
            let word = token.split_once(':').and_then(|(key, value)| {
                let (known, _) = KEYS.into_iter().find(|(known, _)| *known == fold(key))?;
                Some((known, fold(value)))
            });
            match word {
                Some((_, value)) if value.is_empty() => {}
                Some(word) => words.push(word),
                None => rest.push(token),
            }
        }
        let empty = words.is_empty() && rest.is_empty();
        Self { words, fuzzy: Fuzzy::new(&rest.join(" ")), empty }
    }

    /// Whether it lets all through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// Whether an entity passes; then which characters of `text` matched, and how well.
    #[must_use]
    pub fn entity(&self, analysis: &Analysis, entity: Entity, text: &str) -> Option<(i64, Vec<usize>)> {
        let passes = |key: &str, value: &str| entity_passes(analysis, entity, key, value);
        if !self.all_keys(passes) {
            return None;
        }
        self.fuzzy.find(text)
    }

    /// Whether a finding passes; then which characters of `text`, its line in the list, matched.
    #[must_use]
    pub fn finding(&self, analysis: &Analysis, finding: &Finding, text: &str) -> Option<Vec<usize>> {
        let passes = |key: &str, value: &str| {
            let catalog = &analysis.catalog;
            let named = |entity: Option<Entity>, kind: &str| {
                entity.is_some_and(|entity| {
                    catalog.kind(entity).word() == kind && fold(&catalog.label(entity)).contains(value)
                })
            };
            match key {
                "finding" => severity_or_rule(finding, value),
                "env" => finding
                    .environment
                    .is_none_or(|environment| fold(catalog.settings.environment(environment)) == value),
                "kind" => catalog.kind(finding.subject).word() == value,
                "component" | "skill" | "process" => {
                    named(finding.object, key) || named(Some(finding.subject), key)
                }
                "persona" => named(Some(finding.subject), key) || named(finding.object, key),
                _ => entity_passes(analysis, finding.subject, key, value),
            }
        };
        if !self.all_keys(passes) {
            return None;
        }
        // The sentence counts too, but only what stands in the list is highlighted.
        let long =
            || self.fuzzy.find(&format!("{} {}", finding.message, finding.rule.id)).map(|_| Vec::new());
        self.fuzzy.find(text).map(|(_, places)| places).or_else(long)
    }

    fn all_keys(&self, passes: impl Fn(&str, &str) -> bool) -> bool {
        self.words.iter().all(|(key, _)| {
            self.words.iter().filter(|(other, _)| other == key).any(|(key, value)| passes(key, value))
        })
    }
}

fn severity_or_rule(finding: &Finding, value: &str) -> bool {
    match Severity::from_word(value) {
        Some(severity) => finding.severity.at_least(severity),
        None => finding.rule.id.contains(value),
    }
}

fn entity_passes(analysis: &Analysis, entity: Entity, key: &str, value: &str) -> bool {
    let catalog = &analysis.catalog;
    let is = |entity: Entity| fold(&catalog.label(entity)).contains(value);
    if key == "kind" {
        return catalog.kind(entity).word() == value;
    }
    if key == "finding" {
        let mut findings = analysis.about(entity).filter(|(_, finding)| finding.is_open());
        return findings.any(|(_, finding)| severity_or_rule(finding, value));
    }
    if key == "env" {
        return true;
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

/// Words between blanks; double quotes hold a word together.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let mut quoted = false;
    for character in text.chars() {
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
    use crate::catalog::PersonaId;

    const CATALOG: &str = "kind: PersonaList
items:
  - {name: Ana, team: AI Team, component_access: [Azure Storage]}
  - {name: Bot, type: agent, team: Engineering}
";

    fn passes(filter: &str) -> Vec<String> {
        let analysis = analysis(CATALOG);
        let filter = Filter::new(filter);
        (0..analysis.catalog.personas.len())
            .map(|index| Entity::Persona(PersonaId::from_index(index)))
            .filter(|entity| filter.entity(&analysis, *entity, &analysis.catalog.label(*entity)).is_some())
            .map(|entity| analysis.catalog.label(entity))
            .collect()
    }

    #[test]
    fn words_narrow_and_text_is_fuzzy() {
        assert_eq!(passes(""), ["Ana", "Bot"]);
        assert_eq!(passes("type:agent"), ["Bot"]);
        assert_eq!(passes("team:\"ai team\""), ["Ana"]);
        assert_eq!(passes("component:storage"), ["Ana"]);
        assert_eq!(passes("finding:critical"), ["Bot"]);
        assert_eq!(passes("team:ai type:agent"), Vec::<String>::new());
        assert_eq!(passes("type:agent type:human"), ["Ana", "Bot"]);
        assert_eq!(passes("bt"), ["Bot"]);
        assert_eq!(passes("team:"), ["Ana", "Bot"]);
    }
}
