//! The filter of the lists: words with keys, and fuzzy text.
//!
//! What the words mean is said in [`crate::analysis::filter`]; here text is looked for as one types,
//! and the letters that matched are told.

use crate::analysis::filter::Words;
use crate::analysis::{Analysis, Finding};
use crate::catalog::Entity;

use super::text::Fuzzy;

/// A filter, taken apart.
#[derive(Debug)]
pub struct Filter {
    words: Words,
    fuzzy: Fuzzy,
}

impl Filter {
    /// Takes a filter apart. Values with blanks stand in double quotes.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let words = Words::new(text);
        let fuzzy = Fuzzy::new(&words.text());
        Self { words, fuzzy }
    }

    /// Whether it lets all through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether an entity passes; then which characters of `text` matched, and how well.
    #[must_use]
    pub fn entity(&self, analysis: &Analysis, entity: Entity, text: &str) -> Option<(i64, Vec<usize>)> {
        if !self.words.entity(analysis, entity) {
            return None;
        }
        self.fuzzy.find(text)
    }

    /// Whether a finding passes; then which characters of `text`, its line in the list, matched.
    #[must_use]
    pub fn finding(&self, analysis: &Analysis, finding: &Finding, text: &str) -> Option<Vec<usize>> {
        if !self.words.finding(analysis, finding) {
            return None;
        }
        // The sentence counts too, but only what stands in the list is highlighted.
        let long =
            || self.fuzzy.find(&format!("{} {}", finding.message, finding.rule.id)).map(|_| Vec::new());
        self.fuzzy.find(text).map(|(_, places)| places).or_else(long)
    }
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
