//! The boundary: what a catalog allows whom, flattened into rows that an event is compared with.
//!
//! A grant is one row in each environment that it states, or one row where it states none. The same
//! rows are written as tables for other engines, so that both say the same. Nothing is judged here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::mapping::Mapping;
use crate::analysis::Analysis;
use crate::card::words::{Name, fold};
use crate::catalog::{Actor, Catalog, ComponentId, Entity, Grant, Level, PersonId, PersonaId, Place};

/// The number of an actor or a component in a [`Directory`], across versions of a catalog.
pub type Number = u32;

/// Whom and what events can be about, across versions of a catalog.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Actors: kind (`persona`, `person`) and id.
    pub actors: Vec<(&'static str, Arc<str>)>,
    /// Components: names.
    pub components: Vec<Arc<str>>,
    by_actor: HashMap<(&'static str, String), Number>,
    by_component: HashMap<String, Number>,
}

impl Directory {
    fn actor(&mut self, kind: &'static str, id: &str) -> Number {
        let next = number(self.actors.len());
        let actors = &mut self.actors;
        *self.by_actor.entry((kind, fold(id))).or_insert_with(|| {
            actors.push((kind, id.into()));
            next
        })
    }

    fn component(&mut self, name: &str) -> Number {
        let next = number(self.components.len());
        let components = &mut self.components;
        *self.by_component.entry(fold(name)).or_insert_with(|| {
            components.push(name.into());
            next
        })
    }
}

/// A persona or a person that events can be about.
#[derive(Clone, Debug)]
pub struct Acting {
    /// Its entity in the catalog.
    pub entity: Entity,
    /// Its id.
    pub id: Arc<str>,
    /// What people call it.
    pub label: Arc<str>,
    /// Whether it is a human persona or a person.
    pub human: bool,
    /// Whether what it does ends at a human who is there.
    pub answered: bool,
    /// The humans who answer for it, as people call them.
    pub answers: Vec<Arc<str>>,
    /// The chain to the first of them, itself first.
    pub chain: Arc<str>,
    /// Who sets it to work, as the catalog says.
    pub set_by: Vec<Number>,
}

/// A grant in one environment, or in any.
#[derive(Clone, Debug)]
pub struct Row {
    /// The persona that holds it.
    pub persona: PersonaId,
    /// Its place among the persona's grants.
    pub grant: usize,
    /// On what.
    pub component: Number,
    /// Where; none: in any environment.
    pub environment: Option<usize>,
    /// At which level there.
    pub level: Option<Level>,
    /// With which tools, folded; none: with all.
    pub tools: Option<Vec<String>>,
    /// In which phases, folded; empty: in all.
    pub phases: Vec<String>,
    /// Up to which risk.
    pub max_risk: Option<Level>,
    /// The first day.
    pub starts: Option<Date>,
    /// The last day.
    pub expires: Option<Date>,
    /// Whether somebody must approve.
    pub needs_approval: bool,
    /// Whose approval counts: those whom the grant names, and the people who embody them.
    pub approvers: Vec<Number>,
    /// Where the grant stands.
    pub place: Place,
}

/// A catalog as events are compared with it.
#[derive(Debug)]
pub struct Boundary {
    /// The catalog, analysed.
    pub analysis: Arc<Analysis>,
    /// By number; none where this version has no such actor.
    pub actors: Vec<Option<Acting>>,
    /// Folded words to actors.
    pub actor_words: HashMap<String, Number>,
    /// Folded words to components.
    pub component_words: HashMap<String, Number>,
    /// By number; none where this version has no such component.
    pub components: Vec<Option<ComponentId>>,
    /// Folded words to environments.
    pub environment_words: HashMap<String, usize>,
    /// Folded words to access levels.
    pub level_words: HashMap<String, Level>,
    /// Folded words to risks.
    pub risk_words: HashMap<String, Level>,
    /// Component and folded tool to the tool's level.
    pub tool_levels: HashMap<(Number, String), Level>,
    /// Folded tools that one component alone has.
    pub tool_components: HashMap<String, Number>,
    /// All rows, persona by persona, grant by grant.
    pub rows: Vec<Row>,
    /// The rows of an actor on a component.
    pub rows_of: HashMap<(Number, Number), Vec<u32>>,
    /// All first and last days of grants, in order: between two of them nothing changes.
    pub edges: Vec<Date>,
}

/// Other words for the usual environments.
const ENVIRONMENTS: [(&str, &[&str]); 3] = [
    ("dev", &["development", "develop"]),
    ("prod", &["production", "prd", "live"]),
    ("stage", &["staging", "stg", "preprod", "pre-production"]),
];

fn number(place: usize) -> Number {
    Number::try_from(place).unwrap_or(Number::MAX)
}

impl Boundary {
    /// Flattens a catalog.
    #[must_use]
    pub fn of(analysis: Arc<Analysis>, mapping: &Mapping, directory: &mut Directory) -> Self {
        let catalog = analysis.catalog.clone();
        let personas: Vec<Number> =
            catalog.personas.iter().map(|persona| directory.actor("persona", persona.id.written())).collect();
        let people: Vec<Number> =
            catalog.people.iter().map(|person| directory.actor("person", person.name.written())).collect();
        let components: Vec<Number> = catalog
            .components
            .iter()
            .map(|component| directory.component(component.name.written()))
            .collect();
        let numbers = Numbers { personas, people, components };
        let mut boundary = Self {
            actors: vec![None; directory.actors.len()],
            actor_words: actor_words(&catalog, mapping, &numbers),
            component_words: component_words(&catalog, mapping, &numbers),
            components: vec![None; directory.components.len()],
            environment_words: environment_words(&catalog, mapping),
            level_words: level_words(&catalog, mapping),
            risk_words: words(&catalog.settings.risk_levels),
            tool_levels: HashMap::new(),
            tool_components: HashMap::new(),
            rows: Vec::new(),
            rows_of: HashMap::new(),
            edges: Vec::new(),
            analysis,
        };
        for (place, number) in numbers.components.iter().enumerate() {
            boundary.components[*number as usize] = Some(ComponentId::from_index(place));
        }
        boundary.add_tools(&catalog, &numbers);
        boundary.add_actors(&catalog, &numbers);
        boundary.add_rows(&catalog, &numbers);
        boundary
    }

    /// The number of an actor of a word.
    #[must_use]
    pub fn actor(&self, word: &str) -> Option<Number> {
        self.actor_words.get(&fold(word)).copied()
    }

    /// What is known of an actor.
    #[must_use]
    pub fn acting(&self, number: Number) -> Option<&Acting> {
        self.actors.get(number as usize)?.as_ref()
    }

    /// The grant of a row.
    #[must_use]
    pub fn grant(&self, row: &Row) -> &Grant {
        &self.analysis.catalog.personas[row.persona.index()].grants[row.grant]
    }

    /// Where the grant of a row stands: `file:line`.
    #[must_use]
    pub fn line(&self, row: u32) -> Option<String> {
        let location = self.analysis.catalog.locate(self.rows.get(row as usize)?.place);
        Some(format!("{}:{}", location.file, location.position.line))
    }

    fn add_tools(&mut self, catalog: &Catalog, numbers: &Numbers) {
        let mut shared: HashSet<String> = HashSet::new();
        for (place, component) in catalog.components.iter().enumerate() {
            let number = numbers.components[place];
            for (tool, level) in &component.tools {
                let tool = tool.folded().to_owned();
                if let Some(level) = level {
                    self.tool_levels.entry((number, tool.clone())).or_insert(*level);
                }
                if self.tool_components.insert(tool.clone(), number).is_some_and(|other| other != number) {
                    shared.insert(tool);
                }
            }
        }
        self.tool_components.retain(|tool, _| !shared.contains(tool));
    }

    fn add_actors(&mut self, catalog: &Catalog, numbers: &Numbers) {
        let set_by = set_by(catalog, numbers);
        for (place, number) in numbers.personas.iter().enumerate() {
            let id = PersonaId::from_index(place);
            let persona = &catalog.personas[place];
            let (answered, answers, chain) = chain(&self.analysis, id);
            self.actors[*number as usize] = Some(Acting {
                entity: id.into(),
                id: persona.id.written().into(),
                label: catalog.label(id.into()).into(),
                human: persona.is_human(),
                answered,
                answers,
                chain: chain.into(),
                set_by: set_by.get(number).cloned().unwrap_or_default(),
            });
        }
        for (place, number) in numbers.people.iter().enumerate() {
            let id = PersonId::from_index(place);
            let label: Arc<str> = catalog.label(id.into()).into();
            self.actors[*number as usize] = Some(Acting {
                entity: id.into(),
                id: catalog.people[place].name.written().into(),
                label: label.clone(),
                human: true,
                answered: true,
                answers: vec![label.clone()],
                chain: label,
                set_by: Vec::new(),
            });
        }
    }

    fn add_rows(&mut self, catalog: &Catalog, numbers: &Numbers) {
        let mut of_persona: Vec<std::ops::Range<usize>> = Vec::with_capacity(catalog.personas.len());
        for (place, persona) in catalog.personas.iter().enumerate() {
            let start = self.rows.len();
            for (position, grant) in persona.grants.iter().enumerate() {
                let approvers = self.approvers(grant, numbers);
                let mut row = Row {
                    persona: PersonaId::from_index(place),
                    grant: position,
                    component: numbers.components[grant.component.index()],
                    environment: None,
                    level: grant.level_without_environment(),
                    tools: (!grant.tools.is_empty() && !grant.has_every_tool())
                        .then(|| grant.tools.iter().map(|tool| tool.folded().to_owned()).collect()),
                    phases: grant.phases.iter().map(|phase| phase.folded().to_owned()).collect(),
                    max_risk: grant.max_risk,
                    starts: grant.starts,
                    expires: grant.expires,
                    needs_approval: !grant.approval.is_empty(),
                    approvers,
                    place: grant.place,
                };
                self.edges.extend(grant.starts);
                self.edges.extend(grant.expires.and_then(|last| last.tomorrow().ok()));
                if grant.environments.is_empty() {
                    self.rows.push(row);
                    continue;
                }
                for environment in grant.environments.iter() {
                    row.environment = Some(environment);
                    row.level = grant.level_in(environment);
                    self.rows.push(row.clone());
                }
            }
            of_persona.push(start..self.rows.len());
        }
        self.edges.sort_unstable();
        self.edges.dedup();
        let held = numbers.personas.iter().enumerate().map(|(place, number)| (*number, place));
        let embodied = numbers.people.iter().enumerate().flat_map(|(place, number)| {
            let personas = catalog.people[place].personas.iter().filter_map(|one| one.persona);
            personas.map(|persona| (*number, persona.index()))
        });
        for (actor, persona) in held.chain(embodied) {
            for row in of_persona[persona].clone() {
                let rows = self.rows_of.entry((actor, self.rows[row].component)).or_default();
                if !rows.contains(&number(row)) {
                    rows.push(number(row));
                }
            }
        }
    }

    fn approvers(&self, grant: &Grant, numbers: &Numbers) -> Vec<Number> {
        let mut out = Vec::new();
        for actor in grant.approval.iter().filter_map(|named| named.target) {
            out.push(numbers.of(actor));
            if let Actor::Persona(id) = actor {
                let embodying = &self.analysis.facts.embodied_by[id.index()];
                out.extend(embodying.iter().map(|person| numbers.people[person.index()]));
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

struct Numbers {
    personas: Vec<Number>,
    people: Vec<Number>,
    components: Vec<Number>,
}

impl Numbers {
    fn of(&self, actor: Actor) -> Number {
        match actor {
            Actor::Persona(id) => self.personas[id.index()],
            Actor::Person(id) => self.people[id.index()],
        }
    }
}

fn put<T>(words: &mut HashMap<String, T>, word: &str, value: T) {
    let word = fold(word);
    if !word.is_empty() {
        words.entry(word).or_insert(value);
    }
}

/// What the mapping file says first, then ids, names, aliases and identities, then people.
fn actor_words(catalog: &Catalog, mapping: &Mapping, numbers: &Numbers) -> HashMap<String, Number> {
    let mut words = HashMap::new();
    for (from, to) in &mapping.agents {
        if let Some(actor) = catalog.find_actor(&Name::new(to)) {
            put(&mut words, from, numbers.of(actor));
        }
    }
    let personas = || catalog.personas.iter().zip(&numbers.personas);
    personas().for_each(|(persona, number)| put(&mut words, persona.id.written(), *number));
    personas().for_each(|(persona, number)| put(&mut words, persona.name.written(), *number));
    for (persona, number) in personas() {
        persona.aliases.iter().for_each(|alias| put(&mut words, alias.written(), *number));
    }
    for (persona, number) in personas() {
        let Some(identity) = &persona.identity else { continue };
        let Some(id) = &identity.id else { continue };
        if let Some(provider) = &identity.provider {
            put(&mut words, &format!("{provider}:{id}"), *number);
            put(&mut words, &format!("{provider}/{id}"), *number);
        }
        put(&mut words, id.written(), *number);
    }
    for (person, number) in catalog.people.iter().zip(&numbers.people) {
        put(&mut words, person.name.written(), *number);
        person.aliases.iter().for_each(|alias| put(&mut words, alias.written(), *number));
    }
    words
}

fn component_words(catalog: &Catalog, mapping: &Mapping, numbers: &Numbers) -> HashMap<String, Number> {
    let mut words = HashMap::new();
    for (from, to) in &mapping.components {
        if let Some(component) = catalog.find_component(&Name::new(to)) {
            put(&mut words, from, numbers.components[component.index()]);
        }
    }
    let components = || catalog.components.iter().zip(&numbers.components);
    components().for_each(|(component, number)| put(&mut words, component.name.written(), *number));
    for (component, number) in components() {
        component.aliases.iter().for_each(|alias| put(&mut words, alias.written(), *number));
    }
    words
}

fn environment_words(catalog: &Catalog, mapping: &Mapping) -> HashMap<String, usize> {
    let own: HashMap<String, usize> = catalog
        .settings
        .environments
        .iter()
        .enumerate()
        .map(|(place, name)| (name.folded().to_owned(), place))
        .collect();
    let mut words = HashMap::new();
    for (from, to) in &mapping.environments {
        if let Some(place) = own.get(&fold(to)) {
            put(&mut words, from, *place);
        }
    }
    own.iter().for_each(|(word, place)| put(&mut words, word, *place));
    for (word, others) in ENVIRONMENTS {
        // Only where the catalog has one of the usual words itself, and by that word alone.
        let known: Vec<usize> =
            std::iter::once(&word).chain(others).filter_map(|word| own.get(*word).copied()).collect();
        if let [place] = known[..] {
            std::iter::once(&word).chain(others).for_each(|word| put(&mut words, word, place));
        }
    }
    words
}

fn words(vocabulary: &[Name]) -> HashMap<String, Level> {
    vocabulary
        .iter()
        .enumerate()
        .filter_map(|(place, name)| Some((name.folded().to_owned(), Level(u8::try_from(place).ok()?))))
        .collect()
}

fn level_words(catalog: &Catalog, mapping: &Mapping) -> HashMap<String, Level> {
    let mut all = words(&catalog.settings.access_levels);
    let mapped: Vec<(String, Level)> =
        mapping.levels.iter().filter_map(|(from, to)| Some((from.clone(), *all.get(&fold(to))?))).collect();
    all.extend(mapped);
    all
}

/// Hand-overs turned round: by whom each is set to work.
fn set_by(catalog: &Catalog, numbers: &Numbers) -> HashMap<Number, Vec<Number>> {
    let mut out: HashMap<Number, Vec<Number>> = HashMap::new();
    let mut add = |from: PersonaId, to: PersonaId| {
        let setters = out.entry(numbers.personas[to.index()]).or_default();
        let from = numbers.personas[from.index()];
        if !setters.contains(&from) {
            setters.push(from);
        }
    };
    for (place, persona) in catalog.personas.iter().enumerate() {
        for to in persona.invokes.iter().filter_map(|named| named.target) {
            add(PersonaId::from_index(place), to);
        }
    }
    for scenario in &catalog.scenarios {
        for trigger in &scenario.triggers {
            let route: Vec<PersonaId> = trigger.route.iter().filter_map(|named| named.target).collect();
            if let Some(first) = route.first() {
                scenario
                    .router
                    .iter()
                    .filter_map(|named| named.target)
                    .for_each(|router| add(router, *first));
            }
            route.windows(2).for_each(|pair| {
                if let [from, to] = pair {
                    add(*from, *to);
                }
            });
        }
    }
    out
}

/// Whether a human who is there answers, which ones, and the way to the first of them.
fn chain(analysis: &Analysis, persona: PersonaId) -> (bool, Vec<Arc<str>>, String) {
    let catalog = &analysis.catalog;
    let stated = &catalog.personas[persona.index()];
    let own: Arc<str> = catalog.label(persona.into()).into();
    if stated.is_human() {
        return (true, vec![own.clone()], own.to_string());
    }
    let is_there = |end: &Actor| match end {
        Actor::Person(id) => catalog.people[id.index()].active,
        Actor::Persona(id) => analysis.facts.is_embodied(catalog, *id),
    };
    let ends: Vec<Actor> =
        analysis.facts.answerable[persona.index()].iter().copied().filter(is_there).collect();
    let answers = ends.iter().map(|end| catalog.label((*end).into()).into()).collect();
    // Breadth first, so that the way is the shortest.
    let mut from: HashMap<PersonaId, PersonaId> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([persona]);
    let mut found = None;
    'walk: while let Some(at) = queue.pop_front() {
        for next in catalog.personas[at.index()].accountable.iter().filter_map(|named| named.target) {
            match next {
                Actor::Persona(id) if !catalog.personas[id.index()].is_human() => {
                    let new = id != persona && !from.contains_key(&id);
                    if new {
                        from.insert(id, at);
                        queue.push_back(id);
                    }
                }
                end if ends.contains(&end) => {
                    found = Some((at, end));
                    break 'walk;
                }
                _ => {}
            }
        }
    }
    let Some((mut at, end)) = found else { return (false, answers, own.to_string()) };
    let mut names = vec![catalog.id(end.into()).into_owned(), catalog.id(at.into()).into_owned()];
    while let Some(before) = from.get(&at) {
        names.push(catalog.id((*before).into()).into_owned());
        at = *before;
    }
    names.reverse();
    (true, answers, names.join(" > "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    fn boundary(text: &str) -> (Boundary, Directory) {
        let mut directory = Directory::default();
        let boundary = Boundary::of(Arc::new(analysis(text)), &Mapping::default(), &mut directory);
        (boundary, directory)
    }

    #[test]
    fn whom_a_word_means() {
        let (boundary, directory) = boundary(
            "kind: PersonaList\nitems:\n- {id: P1, name: Router, type: agent, aliases: [R], identity: {provider: entra, id: 77aa}}\n- {id: Router, name: Other}\n",
        );
        let id =
            |word: &str| boundary.actor(word).map(|number| directory.actors[number as usize].1.to_string());
        assert_eq!(id(" r ").as_deref(), Some("P1"));
        assert_eq!(id("ENTRA:77AA").as_deref(), Some("P1"));
        assert_eq!(id("77aa").as_deref(), Some("P1"));
        assert_eq!(id("nobody"), None);
    }

    #[test]
    fn a_grant_is_a_row_in_each_environment() {
        let (boundary, _) = boundary(
            "kind: Persona\nname: P\ncomponent_access: [{component: S, level: write, environments: [dev, prod]}, T]\n",
        );
        let rows: Vec<_> = boundary.rows.iter().map(|row| (row.grant, row.environment)).collect();
        assert_eq!(rows, [(0, Some(0)), (0, Some(2)), (1, None)]);
    }

    #[test]
    fn the_chain_is_the_shortest_way_to_a_human_who_is_there() {
        let text = "kind: PersonaList\nitems:\n- {name: A, type: agent, accountable: [B, C]}\n- {name: B, type: agent, accountable: [H]}\n- {name: C, type: agent, accountable: [B]}\n- {name: H}\n- {name: L, type: agent, accountable: [L]}\n";
        let (boundary, _) = boundary(text);
        let acting = |word| boundary.acting(boundary.actor(word).expect("an actor")).expect("known");
        assert_eq!(&*acting("A").chain, "A > B > H");
        assert!(acting("A").answered && !acting("L").answered);
        assert_eq!(&*acting("L").chain, "L");
    }

    #[test]
    fn usual_words_for_environments_are_known_where_they_mean_one() {
        let (boundary, _) = boundary("kind: Catalog\nenvironments: [dev, stage, prod]\n");
        assert_eq!(boundary.environment_words.get("production"), Some(&2));
    }
}
