//! Findings and personas as work items: the hierarchy that cards state, and an item for each open finding.
//!
//! Nothing is sent anywhere, and no item gets a number: that is for the tracker. A proposed item is known
//! by its tag, which follows from the finding's key and stays when lines move.

use std::collections::{BTreeMap, BTreeSet};

use crate::card::kinds::DecisionAction;
use crate::card::words::Name;
use crate::catalog::{Entity, PersonaId};

use super::decisions::{in_force, matches};
use super::filter::Words;
use super::key::keys;
use super::view::line_of;
use super::{Analysis, Severity};

/// A work item that cards name.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id in the tracker.
    pub id: Name,
    /// Such as `feature`; none where it is only named as a parent.
    pub item_type: Option<Name>,
    /// What it says.
    pub title: Option<String>,
    /// The item above it, by place.
    pub parent: Option<usize>,
    /// The personas that list it.
    pub personas: Vec<PersonaId>,
}

/// A proposed work item: an open finding to be closed.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The finding, by place.
    pub finding: usize,
    /// One line.
    pub title: String,
    /// The proof, an edge a line, each with file and line.
    pub evidence: Vec<String>,
    /// A command that names the finding as long as it is there.
    pub check: String,
    /// The persona that it is about most.
    pub persona: Option<PersonaId>,
    /// The item that it belongs under, by place.
    pub parent: Option<usize>,
    /// The item in which it is tracked already, where a decision names one.
    pub tracked: Option<Name>,
    /// `persona-` and a part of the fingerprint of its key.
    pub tag: String,
}

/// The backlog.
#[derive(Clone, Debug)]
pub struct Backlog {
    /// The items that cards name, as first met.
    pub items: Vec<Item>,
    /// Those without one above, by place.
    pub roots: Vec<usize>,
    /// What is proposed, worst first.
    pub proposals: Vec<Proposal>,
    /// Personas that list no work item.
    pub without: Vec<PersonaId>,
}

impl Backlog {
    /// The items under another.
    pub fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        self.items
            .iter()
            .enumerate()
            .filter(move |(at, item)| item.parent == Some(of) && !self.roots.contains(at))
            .map(|(at, _)| at)
    }
}

/// From 1, the most urgent, to 4, as trackers count.
#[must_use]
pub fn priority(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 1,
        Severity::High => 2,
        Severity::Medium => 3,
        Severity::Low | Severity::Info => 4,
    }
}

/// The backlog of the open findings that pass a filter.
#[must_use]
pub fn backlog(analysis: &Analysis, words: &Words) -> Backlog {
    let (items, of_persona) = items(analysis);
    let roots = roots(&items);
    let without = (0..analysis.catalog.personas.len())
        .map(PersonaId::from_index)
        .filter(|id| analysis.catalog.personas[id.index()].work_items.is_empty())
        .collect();
    let keys = keys(analysis);
    let proposals = analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.is_open() && words.finding_with_text(analysis, finding))
        .map(|(place, finding)| {
            let persona = persona_of(analysis, place);
            let mut evidence: Vec<String> = finding
                .evidence
                .iter()
                .map(|edge| {
                    let label = |of: Entity| analysis.catalog.label(of);
                    let detail =
                        if edge.detail.is_empty() { String::new() } else { format!(" ({})", edge.detail) };
                    let line = line_of(analysis, edge.place);
                    format!("{} {} {}{detail}: {line}", label(edge.from), edge.relation, label(edge.to))
                })
                .collect();
            if let Some(at) = finding.place.filter(|_| evidence.is_empty()) {
                evidence.push(format!(
                    "{}: {}",
                    analysis.catalog.label(finding.subject),
                    line_of(analysis, at)
                ));
            }
            Proposal {
                finding: place,
                title: title(&finding.message),
                evidence,
                check: check(analysis, place),
                persona,
                parent: persona.and_then(|persona| of_persona.get(&persona).copied()),
                tracked: tracked(analysis, place),
                tag: format!("persona-{}", keys[place].fingerprint().get(..12).unwrap_or_default()),
            }
        })
        .collect();
    Backlog { items, roots, proposals, without }
}

/// The items that cards name, and of each persona the one under which its work stands.
fn items(analysis: &Analysis) -> (Vec<Item>, BTreeMap<PersonaId, usize>) {
    fn place_of(items: &mut Vec<Item>, known: &mut BTreeMap<Name, usize>, id: &Name) -> usize {
        *known.entry(id.clone()).or_insert_with(|| {
            items.push(Item {
                id: id.clone(),
                item_type: None,
                title: None,
                parent: None,
                personas: Vec::new(),
            });
            items.len() - 1
        })
    }
    let mut items: Vec<Item> = Vec::new();
    let mut known: BTreeMap<Name, usize> = BTreeMap::new();
    let mut of_persona: BTreeMap<PersonaId, usize> = BTreeMap::new();
    for (index, persona) in analysis.catalog.personas.iter().enumerate() {
        let id = PersonaId::from_index(index);
        for card in &persona.work_items {
            let at = place_of(&mut items, &mut known, &card.id);
            let parent = card.parent.as_ref().map(|parent| place_of(&mut items, &mut known, parent));
            let item = &mut items[at];
            item.item_type = item.item_type.take().or_else(|| card.item_type.clone());
            item.title = item.title.take().or_else(|| card.title.clone());
            item.parent = item.parent.or(parent);
            if !item.personas.contains(&id) {
                item.personas.push(id);
            }
        }
        let is_feature = |at: &usize| items[*at].item_type.as_ref().is_some_and(|word| word.is("feature"));
        let own: Vec<usize> =
            persona.work_items.iter().filter_map(|card| known.get(&card.id).copied()).collect();
        if let Some(at) = own.iter().find(|at| is_feature(at)).or(own.first()) {
            of_persona.insert(id, *at);
        }
    }
    (items, of_persona)
}

/// Items with nothing above, and one of each circle.
fn roots(items: &[Item]) -> Vec<usize> {
    let mut roots: Vec<usize> = Vec::new();
    let mut reached: BTreeSet<usize> = BTreeSet::new();
    for at in 0..items.len() {
        let mut path = BTreeSet::from([at]);
        let mut top = at;
        while let Some(parent) = items[top].parent.filter(|parent| !reached.contains(parent)) {
            if !path.insert(parent) {
                break;
            }
            top = parent;
        }
        let is_below = items[top].parent.is_some_and(|parent| reached.contains(&parent));
        if !reached.contains(&top) && !is_below {
            roots.push(top);
        }
        reached.extend(path);
    }
    roots.sort_unstable();
    roots
}

/// The persona that a finding is about most: its subject; of a person the first persona embodied; else the
/// first that its proof names.
fn persona_of(analysis: &Analysis, place: usize) -> Option<PersonaId> {
    let finding = &analysis.findings[place];
    let named = finding.evidence.iter().flat_map(|edge| [edge.from, edge.to]);
    match finding.subject {
        Entity::Persona(id) => Some(id),
        Entity::Person(id) => {
            analysis.catalog.people[id.index()].personas.iter().find_map(|embodied| embodied.persona)
        }
        _ => named.into_iter().find_map(|entity| match entity {
            Entity::Persona(id) => Some(id),
            _ => None,
        }),
    }
}

/// The sentence without its full stop, no longer than trackers take.
fn title(message: &str) -> String {
    let message = message.trim_end_matches('.');
    if message.chars().count() <= 200 {
        return message.to_owned();
    }
    message.chars().take(197).collect::<String>() + "..."
}

fn check(analysis: &Analysis, place: usize) -> String {
    let finding = &analysis.findings[place];
    let id = analysis.catalog.id(finding.subject);
    let subject = match finding.subject {
        Entity::Persona(_) => format!("persona:{id}"),
        Entity::Catalog
        | Entity::Decision(_)
        | Entity::Ignore(_)
        | Entity::Duplicate(_)
        | Entity::DutySet(_) => String::new(),
        _ => id.into_owned(),
    };
    let mut words = vec!["persona check".to_owned(), format!("rule:{}", finding.rule.id)];
    words.extend(Some(quoted(&subject)).filter(|word| !word.is_empty()));
    words.join(" ")
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':' | '/');
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// The work item of a decision to mend it.
fn tracked(analysis: &Analysis, place: usize) -> Option<Name> {
    let catalog = &analysis.catalog;
    let finding = &analysis.findings[place];
    catalog
        .decisions
        .iter()
        .filter(|decision| decision.action == Some(DecisionAction::Fix) || in_force(decision, analysis.day))
        .filter(|decision| matches(catalog, decision, finding))
        .find_map(|decision| decision.work_item.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "kind: PersonaList\nitems:
  - {id: A, name: Agent, type: agent, work_items: [{id: S1, type: story, title: Story, parent: F1}, {id: F1, type: feature, title: Feature, parent: E1}]}
  - {id: B, name: Other, work_items: [{id: X, parent: Y}, {id: Y, parent: X}]}
  - {id: C, name: Third}
";

    #[test]
    fn findings_stand_under_the_feature_of_their_persona() {
        let analysis = analysis(TEXT);
        let found = backlog(&analysis, &Words::default());
        let ids: Vec<&str> = found.items.iter().map(|item| item.id.written()).collect();
        assert_eq!(ids, ["S1", "F1", "E1", "X", "Y"]);
        // The epic on top, and one of the two that are each above the other.
        assert_eq!(found.roots.len(), 2);
        assert_eq!(found.items[found.roots[0]].id.written(), "E1");
        assert_eq!(found.children(2).collect::<Vec<_>>(), [1]);
        assert_eq!(found.children(1).collect::<Vec<_>>(), [0]);
        assert_eq!(found.without, [PersonaId::from_index(2)]);
        let unaccountable = found
            .proposals
            .iter()
            .find(|one| analysis.findings[one.finding].rule.id == "unaccountable-agent");
        let one = unaccountable.unwrap();
        assert_eq!(one.parent, Some(1));
        assert_eq!(one.check, "persona check rule:unaccountable-agent persona:A");
        assert!(!one.title.ends_with('.') && one.tag.len() == 20, "{one:?}");
    }

    #[test]
    fn every_item_is_reached_from_a_root() {
        let found = backlog(&analysis(TEXT), &Words::default());
        let mut todo = found.roots.clone();
        let mut seen = BTreeSet::new();
        while let Some(at) = todo.pop() {
            assert!(seen.insert(at), "{at} is reached twice");
            todo.extend(found.children(at));
        }
        assert_eq!(seen.len(), found.items.len());
    }
}
