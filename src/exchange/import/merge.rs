//! Drafts and the cards of a catalog: what is new, what is added, what differs.
//!
//! Cards are known by id, name or alias. Missing fields and items are added; a field that says otherwise
//! stays as it is, and is shown, unless overwriting it is asked for. Nothing is ever removed.

use std::collections::HashMap;
use std::sync::Arc;

use crate::card::edit::items::naming_field;
use crate::card::edit::{Change, Route, card_text};
use crate::card::fields::mapping_of;
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::Name;
use crate::catalog::{CardEdit, Catalog, Entity, FileChange, Place};
use crate::exchange::cards::{cards, normal};

use super::draft::{CardFields, Draft, text};

/// Which fields of cards an import may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// None: what differs is shown only.
    Nothing,
    /// These.
    Fields(Vec<String>),
    /// All.
    Everything,
}

impl Overwrite {
    fn allows(&self, field: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Fields(fields) => fields.iter().any(|own| own == field),
            Self::Everything => true,
        }
    }
}

/// A value that a card and an input state differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field, with the item where it is a list's.
    pub field: String,
    /// What the card says.
    pub card: Node,
    /// What the input says.
    pub input: Node,
    /// Whether the input's is taken.
    pub taken: bool,
}

/// What becomes of a draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A new card.
    New,
    /// A card gets these fields and items, and differs in these.
    Known {
        /// What is added, such as `skills: Python`.
        added: Vec<String>,
        /// What differs.
        differs: Vec<Difference>,
    },
}

/// A draft and what becomes of it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The draft.
    pub draft: Draft,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What an import comes to.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Each draft, in order.
    pub cards: Vec<Planned>,
    /// The edits that make it so.
    pub edits: Vec<CardEdit>,
}

/// More new cards of a kind than this go into one file together.
const TOGETHER: usize = 20;

/// Says what becomes of drafts.
#[must_use]
pub fn plan(catalog: &Catalog, drafts: Vec<Draft>, overwrite: &Overwrite) -> Plan {
    let mut plan = Plan::default();
    let mut new: Vec<Draft> = Vec::new();
    let decided = drafts.iter().any(|draft| draft.kind == Kind::Decision);
    let decisions: Vec<CardFields> = if decided {
        let cards = cards(catalog).into_iter().filter(|card| card.kind == Kind::Decision);
        cards.map(|card| card.fields).collect()
    } else {
        Vec::new()
    };
    for draft in drafts {
        // A decision has no name: it is known where a card says all of it.
        if draft.kind == Kind::Decision && decisions.contains(&draft.fields) {
            let outcome = Outcome::Known { added: Vec::new(), differs: Vec::new() };
            plan.cards.push(Planned { draft, outcome });
            continue;
        }
        let outcome = match known(catalog, &draft) {
            None => {
                new.push(draft.clone());
                Outcome::New
            }
            Some(place) => {
                let (added, differs, edits) = Merging { catalog, place, overwrite }.merge(&draft);
                plan.edits.extend(edits);
                Outcome::Known { added, differs }
            }
        };
        plan.cards.push(Planned { draft, outcome });
    }
    add_new(catalog, new, &mut plan.edits);
    plan
}

fn known(catalog: &Catalog, draft: &Draft) -> Option<Place> {
    // There is one card of settings, whatever it is called.
    if draft.kind == Kind::Catalog {
        return catalog.settings.place.map(|place| Place { path: FieldPath::CARD, ..place });
    }
    let words = [draft.text("id"), draft.text("name")];
    let entity = words.into_iter().flatten().map(Name::new).find_map(|word| {
        Some(match draft.kind {
            Kind::Persona => Entity::Persona(catalog.find_persona(&word)?),
            Kind::Process => Entity::Process(catalog.find_process(&word)?),
            Kind::Component => Entity::Component(catalog.find_component(&word)?),
            Kind::Skill => Entity::Skill(catalog.find_skill(&word)?),
            Kind::Team => Entity::Team(catalog.find_team(&word)?),
            Kind::Person => Entity::Person(catalog.find_person(&word)?),
            Kind::Scenario => {
                let found = catalog.scenarios.iter().position(|scenario| scenario.name == word)?;
                return Some(catalog.scenarios[found].place);
            }
            Kind::Catalog | Kind::Decision => return None,
        })
        .filter(|entity| catalog.is_declared(*entity))
        .and_then(|entity| catalog.place(entity))
    });
    entity.map(|place| Place { path: FieldPath::CARD, ..place })
}

/// New cards: where an input says in which file each stood, there; else one by one where there are few,
/// and of each kind a file where there are many.
fn add_new(catalog: &Catalog, new: Vec<Draft>, edits: &mut Vec<CardEdit>) {
    let taken = |path: &str| catalog.files().any(|file| &*file.path == path);
    let (homed, new): (Vec<Draft>, Vec<Draft>) = new
        .into_iter()
        .partition(|draft| draft.home.as_deref().is_some_and(|home| is_card_file(home) && !taken(home)));
    let mut places: HashMap<Arc<str>, usize> = HashMap::new();
    let mut homes: Vec<(Arc<str>, Vec<String>)> = Vec::new();
    for draft in homed {
        let text = card_text(draft.kind.word(), &draft.fields);
        let home = draft.home.unwrap_or_default();
        let place = *places.entry(home.clone()).or_insert(homes.len());
        match homes.get_mut(place) {
            Some((_, texts)) => texts.push(text),
            None => homes.push((home, vec![text])),
        }
    }
    for (path, texts) in homes {
        let after = Some(texts.join("---\n").into());
        edits.push(CardEdit::Write(FileChange { path, before: None, after }));
    }
    let (own, new): (Vec<Draft>, Vec<Draft>) = new.into_iter().partition(|draft| draft.kind == Kind::Catalog);
    if let Some(card) = own.into_iter().next()
        && !taken("catalog.yaml")
    {
        let after = Some(card_text(card.kind.word(), &card.fields).into());
        edits.push(CardEdit::Write(FileChange { path: "catalog.yaml".into(), before: None, after }));
    }
    let new: Vec<(Kind, CardFields)> = new.into_iter().map(|draft| (draft.kind, draft.fields)).collect();
    for kind in Kind::ALL {
        let own: Vec<_> =
            new.iter().filter(|(other, _)| *other == kind).map(|(_, fields)| fields.clone()).collect();
        let alone = matches!(kind, Kind::Persona | Kind::Process | Kind::Scenario | Kind::Catalog);
        if own.len() <= TOGETHER || alone && own.len() <= 200 {
            edits.extend(own.into_iter().map(|fields| CardEdit::Add { kind, fields }));
            continue;
        }
        let stem = format!("imported-{}s", kind.word().to_lowercase());
        let path = (1_usize..)
            .map(|number| if number == 1 { format!("{stem}.yaml") } else { format!("{stem}-{number}.yaml") })
            .find(|path| !taken(path));
        let items = Node::List(own.into_iter().map(Node::Map).collect());
        let after = card_text(&format!("{}List", kind.word()), &[("items".into(), items)]);
        if let Some(path) = path {
            edits.push(CardEdit::Write(FileChange {
                path: path.into(),
                before: None,
                after: Some(after.into()),
            }));
        }
    }
}

/// Whether a path of an input is one of a file of cards below the root, and leads nowhere else.
fn is_card_file(path: &str) -> bool {
    let ends = [".yaml", ".yml"].iter().any(|end| path.len() > end.len() && path.ends_with(end));
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.contains(['\\', ':'])
            && !part.chars().any(char::is_control)
            && !matches!(part, "target" | "node_modules")
    };
    ends && path.len() <= 500 && path.split('/').all(plain)
}

struct Merging<'c> {
    catalog: &'c Catalog,
    place: Place,
    overwrite: &'c Overwrite,
}

impl Merging<'_> {
    fn merge(&self, draft: &Draft) -> (Vec<String>, Vec<Difference>, Vec<CardEdit>) {
        let (mut added, mut differs, mut edits) = (Vec::new(), Vec::new(), Vec::new());
        // The one bare name of a list of cards has no fields to add to.
        let own = self.catalog.value_at(self.place).unwrap_or(Node::Null);
        let mut change = |route: Route, change: Change| {
            edits.push(CardEdit::Change { card: self.place.card, route, change });
        };
        for (key, value) in &draft.fields {
            let route = Route::default().then(&**key);
            let known = own.get(key).filter(|node| **node != Node::Null);
            // An id is not stated where the name is the id, and a known word for a card is no news.
            if matches!(&**key, "id" | "name") {
                if *key == "name".into() || known.is_some() {
                    let same =
                        known.is_none_or(|known| same_value(known, value)) || self.is_alias(&own, value);
                    if !same && let Some(known) = known {
                        let taken = self.overwrite.allows(key);
                        if taken {
                            change(route, Change::Set(value.clone()));
                        }
                        differs.push(Difference {
                            field: key.to_string(),
                            card: known.clone(),
                            input: value.clone(),
                            taken,
                        });
                    }
                }
                continue;
            }
            let Some(known) = known else {
                added.push(format!("{key}: {}", said(value)));
                change(route, Change::Set(value.clone()));
                continue;
            };
            if self.is_same(draft.kind, key, known, value) {
                continue;
            }
            let Node::List(items) = value else {
                if same_value(known, value) {
                    continue;
                }
                let taken = self.overwrite.allows(key);
                if taken {
                    change(route, Change::Set(value.clone()));
                }
                differs.push(Difference {
                    field: key.to_string(),
                    card: known.clone(),
                    input: value.clone(),
                    taken,
                });
                continue;
            };
            let bare = std::slice::from_ref(known);
            let (there, is_list): (&[Node], bool) = match known {
                Node::List(there) => (there, true),
                _ => (bare, false),
            };
            let defaults = own.get("grant_defaults").filter(|_| &**key == "component_access");
            for item in items {
                let same = |known: &Node| self.is_same(draft.kind, key, known, item);
                if there.iter().any(same) {
                    continue;
                }
                match self.find(key, there, item, defaults) {
                    Found::Same => {}
                    Found::Nothing => {
                        added.push(format!("{key}: {}", said(item)));
                        change(route.clone(), Change::Insert(usize::MAX, item.clone()));
                    }
                    Found::Bare(place) => {
                        added.push(format!("{key}: {}", said(item)));
                        let route = if is_list { route.then(place) } else { route.clone() };
                        change(route, Change::Set(item.clone()));
                    }
                    Found::Other(place) => {
                        let taken = self.overwrite.allows(key);
                        if taken {
                            let route = if is_list { route.then(place) } else { route.clone() };
                            change(route, Change::Set(item.clone()));
                        }
                        differs.push(Difference {
                            field: key.to_string(),
                            card: there[place].clone(),
                            input: item.clone(),
                            taken,
                        });
                    }
                }
            }
        }
        (added, differs, edits)
    }

    /// Whether two values of a field mean the same, however they are laid out.
    fn is_same(&self, kind: Kind, key: &str, left: &Node, right: &Node) -> bool {
        let levels = &self.catalog.settings.access_levels;
        let Some(field) = mapping_of(kind).field(key) else { return left == right };
        normal::value(field, left, levels) == normal::value(field, right, levels)
    }

    fn is_alias(&self, own: &Node, value: &Node) -> bool {
        let Node::Text(word) = value else { return false };
        let aliases = match own.get("aliases") {
            Some(Node::List(items)) => items.as_slice(),
            Some(bare) => std::slice::from_ref(bare),
            None => &[],
        };
        aliases.iter().any(|alias| same_value(alias, value))
            || own.get("id").is_some_and(|id| same_value(id, &text(word)))
    }

    /// Where among a card's items an input's stands.
    fn find(&self, key: &str, there: &[Node], item: &Node, defaults: Option<&Node>) -> Found {
        let naming = naming_field(key).unwrap_or("name");
        let Some((name, fields)) = parts(item, naming) else {
            return if there.iter().any(|known| same_value(known, item)) {
                Found::Same
            } else {
                Found::Nothing
            };
        };
        let own: Vec<(usize, CardFields)> = there
            .iter()
            .enumerate()
            .filter_map(|(place, known)| {
                let (other, mut fields) = parts(known, naming)?;
                if let Some(Node::Map(defaults)) = defaults {
                    for (key, value) in defaults {
                        if !fields.iter().any(|(own, _)| own == key) {
                            fields.push((key.clone(), value.clone()));
                        }
                    }
                }
                self.same_name(key, &other, &name).then_some((place, fields))
            })
            .collect();
        if own.is_empty() {
            return Found::Nothing;
        }
        let covers =
            |known: &[(Box<str>, Node)]| fields.iter().all(|(key, value)| covered(known, key, value));
        if own.iter().any(|(_, known)| covers(known)) {
            return Found::Same;
        }
        if let Some((place, _)) = own.iter().find(|(place, _)| matches!(&there[*place], Node::Text(_))) {
            return Found::Bare(*place);
        }
        let same_place = |known: &[(Box<str>, Node)]| {
            let environments = |fields: &[(Box<str>, Node)]| {
                let stated =
                    fields.iter().filter(|(key, _)| matches!(&**key, "environments" | "environment"));
                let mut words: Vec<String> = stated.flat_map(|(_, value)| folded(value)).collect();
                words.sort();
                words
            };
            let (own, their) = (environments(known), environments(&fields));
            own == their || their.is_empty()
        };
        match own.iter().find(|(_, known)| same_place(known)) {
            Some((place, _)) => Found::Other(*place),
            None => Found::Nothing,
        }
    }

    fn same_name(&self, key: &str, left: &Name, right: &Name) -> bool {
        if left == right {
            return true;
        }
        let catalog = self.catalog;
        let same = |left: Option<Entity>, right: Option<Entity>| left.is_some() && left == right;
        match key {
            "component_access" | "uses" | "flows_to" => {
                let find = |word| catalog.find_component(word).map(Entity::Component);
                same(find(left), find(right))
            }
            "processes" => {
                let find = |word| catalog.find_process(word).map(Entity::Process);
                same(find(left), find(right))
            }
            "skills" => {
                let find = |word| catalog.find_skill(word).map(Entity::Skill);
                same(find(left), find(right))
            }
            "primary_interaction" => {
                let find = |word| catalog.find_party(word).map(Entity::from);
                same(find(left), find(right))
            }
            "personas" | "invokes" | "monitored_by" | "accountable" | "escalates_to" | "override" => {
                let find = |word| catalog.find_actor(word).map(Entity::from);
                same(find(left), find(right))
            }
            _ => false,
        }
    }
}

enum Found {
    /// It says that, or more.
    Same,
    /// It names the same, and nothing else.
    Bare(usize),
    /// It says something else of the same.
    Other(usize),
    /// Nothing of the kind.
    Nothing,
}

/// The name of an item, and its other fields.
fn parts(item: &Node, naming: &str) -> Option<(Name, CardFields)> {
    match item {
        Node::Text(name) => Some((Name::new(name), Vec::new())),
        Node::Map(entries) => match item.get(naming) {
            Some(Node::Text(name)) => {
                let rest = entries.iter().filter(|(key, _)| &**key != naming).cloned().collect();
                Some((Name::new(name), rest))
            }
            _ => {
                let (name, value) = entries.first()?;
                let fields = match value {
                    Node::Map(inner) => inner.clone(),
                    Node::Null => Vec::new(),
                    word => vec![("level or role".into(), word.clone())],
                };
                Some((Name::new(name), fields))
            }
        },
        _ => None,
    }
}

/// Whether fields of a card state a value.
fn covered(known: &[(Box<str>, Node)], key: &str, value: &Node) -> bool {
    let group: &[&str] = match key {
        "role" | "roles" | "level" | "level or role" => &["role", "roles", "level", "level or role"],
        "environment" | "environments" => &["environment", "environments"],
        "phase" | "phases" => &["phase", "phases"],
        _ => &[],
    };
    let mut words: Vec<String> = Vec::new();
    for (own, node) in known {
        if &**own == key && same_value(node, value) {
            return true;
        }
        if group.contains(&&**own) {
            words.extend(folded(node));
        }
    }
    !group.is_empty() && folded(value).iter().all(|word| words.contains(word))
}

fn folded(node: &Node) -> Vec<String> {
    match node {
        Node::Text(word) => vec![Name::new(word).folded().to_owned()],
        Node::List(items) => items.iter().flat_map(folded).collect(),
        _ => Vec::new(),
    }
}

fn same_value(left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Text(left), Node::Text(right)) => Name::new(left) == Name::new(right),
        (Node::List(items), bare) | (bare, Node::List(items)) if !matches!(bare, Node::List(_)) => {
            items.len() == 1 && same_value(&items[0], bare)
        }
        (Node::List(left), Node::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_value(left, right))
        }
        (Node::Map(left), Node::Map(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| {
                    right.iter().any(|(other, node)| key == other && same_value(value, node))
                })
        }
        _ => left == right,
    }
}

/// A value in a few words.
#[must_use]
pub fn said(node: &Node) -> String {
    match node {
        Node::Null => "nothing".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Int(value) => value.to_string(),
        Node::Float(value) => value.to_string(),
        Node::Text(text) => text.to_string(),
        Node::List(items) => items.iter().map(said).collect::<Vec<_>>().join(", "),
        Node::Map(entries) => {
            let words = entries.iter().enumerate().map(|(place, (key, value))| match (place, value) {
                (0, Node::Text(name))
                    if matches!(&**key, "component" | "process" | "skill" | "persona" | "with" | "name") =>
                {
                    name.to_string()
                }
                _ => format!("{key} {}", said(value)),
            });
            words.collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::card::parse_text;
    use crate::catalog::{Input, build};

    fn catalog(text: &str) -> Catalog {
        let files = vec![Arc::new(parse_text("a.yaml", text))];
        build(Input { folder: "x".into(), path: "x".into(), files, problems: Vec::new() })
    }

    fn draft(fields: &[(&str, Node)]) -> Draft {
        let fields = fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect();
        Draft { kind: Kind::Persona, fields, file: "in.md".into(), line: 1, home: None }
    }

    fn list(items: &[Node]) -> Node {
        Node::List(items.to_vec())
    }

    fn grant(name: &str, key: &str, value: &str) -> Node {
        Node::Map(vec![("component".into(), text(name)), (key.into(), text(value))])
    }

    fn after(catalog: &Catalog, plan: &Plan) -> String {
        let changes = catalog.changes(&plan.edits).unwrap();
        changes.first().and_then(|change| change.after.clone()).map_or(String::new(), |text| text.to_string())
    }

    const CARD: &str = "# mine\nkind: Persona\nid: P1\nname: Ana\nteam: Red # ours\ncomponent_access:\n  - Store\n  - Vault: read\n  - {component: Lab, level: write, environments: [dev]}\nskills: Go\n";

    #[test]
    fn what_is_missing_is_added_and_what_differs_is_kept() {
        let catalog = catalog(CARD);
        let access = list(&[
            grant("Store", "level", "read"),
            grant("vault", "level", "write"),
            text("Lab"),
            text("New"),
        ]);
        let draft = draft(&[
            ("id", text("p1")),
            ("name", text("Ana")),
            ("team", text("Blue")),
            ("component_access", access),
            ("skills", list(&[text("go"), text("SQL")])),
        ]);
        let plan = plan(&catalog, vec![draft.clone()], &Overwrite::Nothing);
        let Outcome::Known { added, differs } = &plan.cards[0].outcome else { panic!("it is known") };
        assert_eq!(added, &["component_access: Store, level read", "component_access: New", "skills: SQL"]);
        let differs: Vec<_> = differs
            .iter()
            .map(|own| (own.field.as_str(), said(&own.card), said(&own.input), own.taken))
            .collect();
        assert_eq!(
            differs,
            [
                ("team", "Red".into(), "Blue".into(), false),
                ("component_access", "Vault read".into(), "vault, level write".into(), false)
            ]
        );
        let text = after(&catalog, &plan);
        assert!(
            text.starts_with("# mine\n") && text.contains("team: Red # ours\n") && text.contains("- SQL"),
            "{text}"
        );
        let all = super::plan(&catalog, vec![draft], &Overwrite::Fields(vec!["team".into()]));
        assert!(after(&catalog, &all).contains("team: Blue # ours\n"));
    }

    #[test]
    fn a_second_import_changes_nothing() {
        let first = catalog("kind: Catalog\nname: x\n");
        let own = draft(&[
            ("id", text("P1")),
            ("name", text("Ana")),
            ("skills", list(&[text("Go"), text("SQL")])),
            ("component_access", list(&[grant("A", "reason", "for b"), text("B")])),
        ]);
        let plan = plan(&first, vec![own.clone()], &Overwrite::Nothing);
        assert_eq!(plan.cards[0].outcome, Outcome::New);
        let second = first.after(&plan.edits).unwrap();
        let again = super::plan(&second, vec![own], &Overwrite::Nothing);
        assert!(again.edits.is_empty(), "{:?}", again.edits);
    }

    #[test]
    fn many_new_cards_of_a_kind_share_a_file() {
        let catalog = catalog("kind: Catalog\nname: x\n");
        let drafts = (0..300)
            .map(|number| Draft { kind: Kind::Component, ..draft(&[("name", text(&format!("C{number}")))]) });
        let plan = plan(&catalog, drafts.collect(), &Overwrite::Nothing);
        let changes = catalog.changes(&plan.edits).unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!(catalog.after(&plan.edits).unwrap().components.len(), 300);
    }
}
