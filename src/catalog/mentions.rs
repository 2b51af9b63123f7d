//! Every place of the cards that names an entity: what a rename follows, and what goes with a card.
//!
//! Read from the cards as they are written, by the field that holds the name. What an entity calls
//! itself is no mention.

use std::sync::Arc;

use rayon::prelude::*;

use crate::card::Spot;
use crate::card::edit::{Change, Route, Step, items};
use crate::card::fields::is_free;
use crate::card::node::{Node, documents};
use crate::card::path::{FieldPath, Item};
use crate::card::words::Name;

use super::lookup::WordMap;
use super::{Actor, CardEdit, CardId, Catalog, Entity, Party, Place};

/// A place that names an entity.
#[derive(Clone, Debug)]
pub struct Mention {
    /// What it names.
    pub entity: Entity,
    /// The card.
    pub card: CardId,
    /// The item of the list that names it, or the field.
    pub item: Route,
    /// The field whose value names it, such as `performers`.
    pub field: Box<str>,
    /// The item as it is written.
    pub node: Node,
    /// The way from the item to the name where the item is a mapping.
    name_at: Option<Step>,
}

impl Mention {
    /// The edit that writes another name here.
    #[must_use]
    pub fn renamed(&self, name: &str) -> CardEdit {
        let (route, change) = match &self.name_at {
            None => (self.item.clone(), Change::Set(Node::Text(name.into()))),
            Some(step @ Step::Key(_)) => (self.item.then(step.clone()), Change::Set(Node::Text(name.into()))),
            Some(step @ Step::Index(_)) => (self.item.then(step.clone()), Change::Rename(name.into())),
        };
        CardEdit::Change { card: self.card, route, change }
    }

    /// The name as it is written here.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        match (&self.node, &self.name_at) {
            (Node::Text(word), None) => Some(word),
            (node, Some(Step::Key(key))) => match node.get(key) {
                Some(Node::Text(word)) => Some(word),
                _ => None,
            },
            (Node::Map(entries), Some(Step::Index(place))) => entries.get(*place).map(|(key, _)| &**key),
            _ => None,
        }
    }

    /// Where the item stands, as far as a path reaches.
    #[must_use]
    pub fn place(&self) -> Place {
        let path = self.item.0.iter().fold(FieldPath::CARD, |path, step| match step {
            Step::Key(name) => path.key(name),
            Step::Index(place) => path.index(u32::try_from(*place).unwrap_or(u32::MAX)),
        });
        Place { card: self.card, path }
    }

    /// The edit that takes the item or field out.
    #[must_use]
    pub fn removed(&self) -> CardEdit {
        CardEdit::Change { card: self.card, route: self.item.clone(), change: Change::Remove }
    }
}

impl Catalog {
    /// Every place that names an entity, in file order.
    #[must_use]
    pub fn mentions(&self, entity: Entity) -> Vec<Mention> {
        self.mentions_of(&[entity])
    }

    /// Every place that names one of several entities, in file order.
    #[must_use]
    pub fn mentions_of(&self, wanted: &[Entity]) -> Vec<Mention> {
        let words = self.words_of(wanted);
        let cards: Vec<CardId> = (0..self.cards.len()).map(CardId::from_index).collect();
        // The cards of a file stand beside each other; files are looked at at once.
        let of_one_file = |left: &CardId, right: &CardId| {
            std::ptr::eq(self.file_of(*left).as_ref(), self.file_of(*right).as_ref())
        };
        let files: Vec<&[CardId]> = cards.chunk_by(of_one_file).collect();
        files
            .par_iter()
            .flat_map_iter(|cards| {
                let file = self.file_of(cards[0]);
                let says =
                    words.as_ref().is_none_or(|words| file.said().any(words.iter().map(|word| &**word)));
                let nodes = if says { documents(&file.text).0 } else { Vec::new() };
                let mut found = Vec::new();
                for &card in cards.iter().filter(|_| says) {
                    if let Some(node @ Node::Map(_)) = node_of(&nodes, self.spot_of(card)) {
                        let mut look = Look { catalog: self, wanted, card, found: &mut found };
                        look.map(node, &Route::default(), None);
                    }
                }
                found
            })
            .collect()
    }

    /// The words that name these, folded; none where more than words do, as a process with a step.
    fn words_of(&self, entities: &[Entity]) -> Option<Vec<Arc<str>>> {
        fn all<T: PartialEq>(known: &WordMap<T>, id: &T, out: &mut Vec<Arc<str>>) {
            out.extend(known.iter().filter(|(_, own)| *own == id).map(|(word, _)| word.clone()));
        }
        let mut words = Vec::new();
        for entity in entities {
            match entity {
                Entity::Persona(id) => all(&self.lookup.personas, id, &mut words),
                Entity::Process(id) => all(&self.lookup.processes, id, &mut words),
                Entity::Component(id) => all(&self.lookup.components, id, &mut words),
                Entity::Skill(id) => all(&self.lookup.skills, id, &mut words),
                Entity::Team(id) => all(&self.lookup.teams, id, &mut words),
                Entity::Person(id) => all(&self.lookup.people, id, &mut words),
                Entity::Scenario(id) => all(&self.lookup.scenarios, id, &mut words),
                Entity::Name(id) => words.push(self.names[id.index()].key()),
                _ => return None,
            }
        }
        Some(words)
    }

    /// Every place on other cards than their own that names one of these, in file order, each as people
    /// look it up: `people.yaml:7: personas[0]`.
    #[must_use]
    pub fn mentioned_elsewhere(&self, entities: &[Entity]) -> Vec<String> {
        let own: Vec<CardId> = entities.iter().filter_map(|entity| Some(self.place(*entity)?.card)).collect();
        let others = self.mentions_of(entities).into_iter();
        others
            .filter(|mention| !own.contains(&mention.card))
            .map(|mention| {
                let location = self.locate(mention.place());
                format!("{}:{}: {}", location.file, location.position.line, mention.item)
            })
            .collect()
    }

    /// What a word in a field refers to; `None` where the field refers to nothing.
    fn refers(&self, field: &str, word: &Name) -> Option<Entity> {
        let found = match field {
            "component" | "component_access" | "uses" | "flows_to" | "alternatives" => {
                self.find_component(word).map(Entity::Component)
            }
            "process" | "processes" | "part_of" => self.find_process(word).map(Entity::Process),
            "skill" | "skills" | "implies" | "removes" => self.find_skill(word).map(Entity::Skill),
            "team" => self.find_team(word).map(Entity::Team),
            "with" | "primary_interaction" => self.find_party(word).map(|party| match party {
                Party::Persona(id) => Entity::Persona(id),
                Party::Team(id) => Entity::Team(id),
                Party::Unknown(id) => Entity::Name(id),
            }),
            "persona" | "performers" | "personas" | "invokes" | "monitored_by" | "router" | "route"
            | "joins" | "leaves" => self.find_persona(word).map(Entity::Persona),
            "person" => self.find_person(word).map(Entity::Person),
            "accountable" | "escalates_to" | "override" | "by" | "approval" => {
                self.find_actor(word).map(|actor| match actor {
                    Actor::Persona(id) => Entity::Persona(id),
                    Actor::Person(id) => Entity::Person(id),
                })
            }
            "scenario" | "step" | "subject" | "object" => match self.find(word.written()).as_slice() {
                [one] => Some(*one),
                _ => return None,
            },
            _ => return None,
        };
        // A name that leads nowhere is known by its words.
        found.or_else(|| {
            self.names
                .iter()
                .position(|name| name == word)
                .map(|place| Entity::Name(super::NameId::from_index(place)))
        })
    }
}

/// The card at a spot of a file.
fn node_of(nodes: &[Node], spot: Spot) -> Option<&Node> {
    let node = nodes.get(spot.document as usize)?;
    match (node.get("items"), spot.item) {
        (Some(Node::List(items)), Some(Item::At(place))) => items.get(place as usize),
        (bare, Some(_)) => bare,
        (_, None) => Some(node),
    }
}

struct Look<'c, 'f> {
    catalog: &'c Catalog,
    wanted: &'f [Entity],
    card: CardId,
    found: &'f mut Vec<Mention>,
}

impl Look<'_, '_> {
    /// What a word in a field names, where it is wanted.
    fn names(&self, field: &str, word: &str) -> Option<Entity> {
        self.catalog.refers(field, &Name::new(word)).filter(|found| self.wanted.contains(found))
    }

    fn add(&mut self, entity: Entity, item: &Route, field: &str, node: &Node, name_at: Option<Step>) {
        let (card, item, field, node) = (self.card, item.clone(), field.into(), node.clone());
        self.found.push(Mention { entity, card, item, field, node, name_at });
    }

    /// A mapping at `route`, in the list or field `within`.
    fn map(&mut self, node: &Node, route: &Route, within: Option<&str>) {
        let Node::Map(entries) = node else { return };
        for (place, (key, value)) in entries.iter().enumerate() {
            // What such a field holds is not for us to know.
            if is_free(key) {
                continue;
            }
            let own = route.then(&**key);
            match value {
                Node::Text(word) => {
                    // A step is named by `next` within its process, which is not looked at here.
                    let field = if within.is_some() && &**key == "step" { "" } else { key };
                    let Some(found) = self.names(field, word) else { continue };
                    // `{component: GitHub, ...}` names its item; `team: Blue` is a field of its own.
                    match within.filter(|_| is_naming(key)) {
                        Some(list) => self.add(found, route, list, node, Some(Step::Key(key.clone()))),
                        None => self.add(found, &own, key, value, None),
                    }
                }
                Node::List(items) => {
                    for (place, item) in items.iter().enumerate() {
                        let route = own.then(place);
                        match item {
                            Node::Text(word) => {
                                if let Some(found) = self.names(key, word) {
                                    self.add(found, &route, key, item, None);
                                }
                            }
                            Node::Map(_) => self.item(item, &route, key),
                            _ => {}
                        }
                    }
                }
                Node::Map(_) if items::naming_field(key).is_some() => self.item(value, &own, key),
                Node::Map(_) => {
                    let inside = if within.is_some() { route.then(place) } else { own };
                    self.map(value, &inside, None);
                }
                _ => {}
            }
        }
    }

    /// An item of a list, in its short or long form.
    fn item(&mut self, node: &Node, route: &Route, list: &str) {
        let short = matches!(list, "component_access" | "uses") && node.get("component").is_none();
        if short
            && let Node::Map(entries) = node
            && let Some((place, (name, _))) = entries.iter().enumerate().find(|(_, (key, _))| !is_free(key))
            && let Some(found) = self.names(list, name)
        {
            self.add(found, route, list, node, Some(Step::Index(place)));
        }
        self.map(node, route, Some(list));
    }
}

/// Fields that name the item that they stand in.
fn is_naming(key: &str) -> bool {
    matches!(key, "component" | "process" | "skill" | "persona" | "with")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::card::parse_text;
    use crate::card::words::Name;
    use crate::catalog::{Entity, Input, build};

    const TEXT: &str = "\
kind: Persona
id: P1
name: Ana
team: Blue
primary_interaction: [Blue, {with: Bot}]
component_access:
  - Git Hub: {level: read, approval: Bot}
  - component: git hub
  - Git Hub
skills: [{skill: Python, level: 2}, SQL]
---
kind: Persona
name: Bot
type: agent
accountable: P1
override: {by: [Ana], how: x}
---
kind: Process
name: Build
uses: Git Hub
steps:
  - name: a
    uses: [{Git Hub: read}]
    performers: [ana, {persona: Bot}]
---
kind: Decision
finding: {rule: x, subject: P1, object: {component: Git Hub}}
";

    fn renamed(word: &str, to: &str) -> String {
        let files = vec![Arc::new(parse_text("a.yaml", TEXT))];
        let catalog = build(Input { files, ..Input::default() });
        let entity = catalog.find(word)[0];
        let entity = match entity {
            Entity::Component(_) => Entity::Component(catalog.find_component(&Name::new(word)).unwrap()),
            other => other,
        };
        let edits: Vec<_> = catalog.mentions(entity).iter().map(|mention| mention.renamed(to)).collect();
        let changes = catalog.changes(&edits).unwrap();
        changes[0].after.as_deref().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_rename_follows_every_form_of_a_reference() {
        let after = renamed("Git Hub", "Forge");
        assert_eq!(after.matches("Forge").count(), 6, "{after}");
        assert!(!after.to_lowercase().contains("git hub"), "{after}");
        assert!(after.contains("  - Forge: {level: read, approval: Bot}\n  - component: Forge\n  - Forge\n"));
        let after = renamed("Ana", "P9");
        assert!(after.contains("accountable: P9\noverride: {by: [P9], how: x}"), "{after}");
        assert!(after.contains("performers: [P9, {persona: Bot}]"), "{after}");
        assert!(after.contains("{rule: x, subject: P9, object"), "{after}");
        assert!(after.contains("name: Ana\n"), "{after}");
        let after = renamed("Bot", "Machine");
        assert!(after.contains("approval: Machine}") && after.contains("{with: Machine}"), "{after}");
        assert!(after.contains("{persona: Machine}"), "{after}");
        let after = renamed("Blue", "Red");
        assert!(after.contains("team: Red\nprimary_interaction: [Red, "), "{after}");
        let after = renamed("SQL", "Sequel");
        assert!(after.contains("skills: [{skill: Python, level: 2}, Sequel]"), "{after}");
    }
}
