//! What a card says, with what the analysis says of each value: for screens and plain text alike.
//!
//! A view is data. It draws nothing, and holds sentences only where a person would read them.

mod context;
mod others;
mod persona;
#[cfg(test)]
mod tests;
mod things;

pub use context::narrow;
pub(super) use persona::source as requirement_source;

use crate::catalog::{Catalog, Entity, EntityKind, Place};

use super::finding::{Finding, Severity};
use super::{Analysis, NeedSource};

/// What the analysis says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// There, and justified.
    Needed,
    /// There, and needed nowhere.
    Unneeded,
    /// There, and wider than needed.
    TooWide,
    /// Not there, and needed: a ghost in its place.
    Missing,
    /// There; whether it is needed is not known.
    Unsure,
    /// A name that leads nowhere.
    Unknown,
    /// A thing without a card.
    Undeclared,
    /// There, with something else against it.
    Flawed,
    /// There, and nothing to say of it.
    Plain,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 9] = [
        Self::Needed,
        Self::Unneeded,
        Self::TooWide,
        Self::Missing,
        Self::Unsure,
        Self::Unknown,
        Self::Undeclared,
        Self::Flawed,
        Self::Plain,
    ];

    /// Its sign, so that colour is never the only one.
    #[must_use]
    pub fn glyph(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Needed, false) => "✓",
            (Self::Unneeded, false) => "✗",
            (Self::TooWide, false) => "▲",
            (Self::Missing, false) => "○",
            (Self::Unknown | Self::Unsure, _) => "?",
            (Self::Undeclared, false) => "◌",
            (Self::Flawed, _) => "!",
            (Self::Plain, false) => "·",
            (Self::Needed, true) => "+",
            (Self::Unneeded, true) => "x",
            (Self::TooWide, true) => "^",
            (Self::Missing, true) => "o",
            (Self::Undeclared, true) => "~",
            (Self::Plain, true) => "-",
        }
    }

    /// Its meaning in a word or two.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Needed => "needed",
            Self::Unneeded => "not needed",
            Self::TooWide => "too wide",
            Self::Missing => "missing",
            Self::Unsure => "not sure",
            Self::Unknown => "unknown",
            Self::Undeclared => "no card",
            Self::Flawed => "see gap",
            Self::Plain => "",
        }
    }
}

/// One value of a field.
#[derive(Clone, Debug)]
pub struct Value {
    /// As the card says it.
    pub text: String,
    /// What belongs to it: "write in prod, jit".
    pub detail: String,
    /// What it names.
    pub entity: Option<Entity>,
    /// What the analysis says of it.
    pub mark: Mark,
    /// Where it stands; of a ghost, what asks for it.
    pub place: Option<Place>,
    /// The findings that concern it, as places in the analysis.
    pub findings: Vec<usize>,
    /// Why it is as it is, a sentence each.
    pub why: Vec<String>,
}

impl Value {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            detail: String::new(),
            entity: None,
            mark: Mark::Plain,
            place: None,
            findings: Vec::new(),
            why: Vec::new(),
        }
    }

    fn of(analysis: &Analysis, entity: Entity) -> Self {
        let mark = if analysis.catalog.is_declared(entity) { Mark::Plain } else { Mark::Undeclared };
        Self { entity: Some(entity), mark, ..Self::plain(analysis.catalog.label(entity)) }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    fn because(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    /// The worst open finding that concerns it.
    #[must_use]
    pub fn severity(&self, analysis: &Analysis) -> Option<Severity> {
        let findings = self.findings.iter().filter_map(|&place| analysis.findings.get(place));
        findings.filter(|finding| finding.is_open()).map(|finding| finding.severity).min()
    }
}

/// A field of a card.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its title.
    pub title: &'static str,
    /// Its values, in the card's order, ghosts last.
    pub values: Vec<Value>,
}

/// A card.
#[derive(Clone, Debug)]
pub struct CardView {
    /// Whose.
    pub entity: Entity,
    /// Its kind.
    pub kind: EntityKind,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is, in a few words: "agent of Engineering Team".
    pub subtitle: String,
    /// The flag's colour, as written.
    pub color: Option<String>,
    /// What the card says it is for.
    pub description: Option<String>,
    /// The fields that have values.
    pub fields: Vec<Field>,
    /// All findings about it, as places in the analysis.
    pub findings: Vec<usize>,
    /// Its card, or its first use.
    pub place: Option<Place>,
}

/// The card of an entity, with what the analysis says of it.
#[must_use]
pub fn card_view(analysis: &Analysis, entity: Entity) -> CardView {
    let catalog = &analysis.catalog;
    let mut view = CardView {
        entity,
        kind: catalog.kind(entity),
        id: catalog.id(entity).into_owned(),
        name: catalog.name(entity).into_owned(),
        subtitle: subtitle(catalog, entity),
        color: None,
        description: None,
        fields: Vec::new(),
        findings: analysis.about(entity).map(|(place, _)| place).collect(),
        place: catalog.place(entity),
    };
    match entity {
        Entity::Persona(id) => persona::fill(analysis, id, &mut view),
        Entity::Process(id) => things::process(analysis, id, &mut view),
        Entity::Step(id) => things::step(analysis, id, &mut view),
        Entity::Component(id) => things::component(analysis, id, &mut view),
        Entity::Skill(id) => others::skill(analysis, id, &mut view),
        Entity::Team(id) => others::team(analysis, id, &mut view),
        Entity::Person(id) => others::person(analysis, id, &mut view),
        Entity::Scenario(id) => others::scenario(analysis, id, &mut view),
        Entity::Catalog
        | Entity::Decision(_)
        | Entity::Ignore(_)
        | Entity::DutySet(_)
        | Entity::Duplicate(_)
        | Entity::Name(_) => {}
    }
    view.fields.retain(|field| !field.values.is_empty());
    view
}

/// What an entity is, in a few words: "agent of Engineering Team". The same as on its card, without
/// the work of making the card.
#[must_use]
pub fn subtitle(catalog: &Catalog, entity: Entity) -> String {
    let kind = catalog.kind(entity).word();
    let words = match entity {
        Entity::Persona(id) => {
            let persona = &catalog.personas[id.index()];
            let word = persona.persona_type.word();
            match persona.team {
                Some(team) => format!("{word} of {}", catalog.label(team.into())),
                None => word.to_owned(),
            }
        }
        Entity::Process(id) => match catalog.processes[id.index()].process_loop {
            Some(of) => format!("{kind}, {} loop", of.word()),
            None => kind.to_owned(),
        },
        Entity::Step(id) => {
            let environments = catalog.steps[id.index()].environments;
            format!("{kind} in {}", catalog.settings.environment_list(environments))
        }
        Entity::Component(id) => {
            let component = &catalog.components[id.index()];
            let words = [&component.platform, &component.layer].into_iter().flatten();
            let words: Vec<_> = std::iter::once(kind).chain(words.map(|word| word.written())).collect();
            words.join(", ")
        }
        Entity::Person(id) => {
            let person = &catalog.people[id.index()];
            let away = if person.active { "" } else { ", away" };
            format!("{kind}, {:.0} % of a week{away}", person.allocation * 100.0)
        }
        Entity::Catalog
        | Entity::Skill(_)
        | Entity::Team(_)
        | Entity::Scenario(_)
        | Entity::Decision(_)
        | Entity::Ignore(_)
        | Entity::DutySet(_)
        | Entity::Duplicate(_)
        | Entity::Name(_) => kind.to_owned(),
    };
    if catalog.is_declared(entity) { words } else { format!("{words}, without a card") }
}

/// `file:line` of a place.
#[must_use]
pub fn line_of(analysis: &Analysis, place: Place) -> String {
    let location = analysis.catalog.locate(place);
    format!("{}:{}", location.file, location.position.line)
}

/// "MLOps / train": what asks for a need.
#[must_use]
pub fn asker(analysis: &Analysis, source: NeedSource) -> Entity {
    debug_assert!(!analysis.catalog.personas.is_empty(), "only personas have needs");
    match source {
        NeedSource::Step(step, _) => Entity::Step(step),
        NeedSource::Process(process, _) => Entity::Process(process),
    }
}

/// The findings with a subject and an object, as places in the analysis.
fn between(analysis: &Analysis, subject: Entity, object: Entity) -> Vec<(usize, &Finding)> {
    analysis
        .about(subject)
        .filter(|(_, finding)| finding.subject == subject && finding.object == Some(object))
        .collect()
}
