//! What if: suppositions about a catalog, as edits of its cards, and what they come to.
//!
//! A supposition is a pure function of a snapshot; nothing is written. Whoever goes leaves a gap
//! where the cards name them: that gap is the answer, so names are not cleaned up.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::card::edit::Change;
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::{Name, nearest};
use crate::catalog::{CardEdit, Catalog, ComponentId, PersonId, PersonaId};

use super::fixes::proof::{Outcome, difference};
use super::{Analysis, reshape};

/// Something supposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Supposition {
    /// A person leaves.
    RemovePerson(String),
    /// A person comes, who embodies these personas.
    AddPerson {
        /// The name.
        name: String,
        /// Ids or names of personas.
        personas: Vec<String>,
    },
    /// A persona is no more.
    RemovePersona(String),
    /// An agent or service is not to run.
    Disable(String),
    /// The second persona becomes a part of the first, and so on.
    Merge(Vec<String>),
    /// A persona gives these processes to a new one.
    Split {
        /// The persona.
        persona: String,
        /// The processes.
        processes: Vec<String>,
    },
    /// A persona is granted a component.
    Grant {
        /// The persona.
        persona: String,
        /// The component.
        component: String,
        /// The level.
        level: Option<String>,
        /// The environments.
        environments: Vec<String>,
    },
    /// A persona loses its access to a component.
    Revoke {
        /// The persona.
        persona: String,
        /// The component.
        component: String,
    },
    /// Another day.
    Day(Date),
}

impl fmt::Display for Supposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RemovePerson(name) => write!(f, "{name} leaves"),
            Self::AddPerson { name, personas } => write!(f, "{name} comes as {}", personas.join(", ")),
            Self::RemovePersona(name) => write!(f, "{name} is no more"),
            Self::Disable(name) => write!(f, "{name} does not run"),
            Self::Merge(names) => write!(f, "{} become one", names.join(" and ")),
            Self::Split { persona, processes } => {
                write!(f, "{persona} gives {} to a new persona", processes.join(", "))
            }
            Self::Grant { persona, component, level, environments } => {
                write!(f, "{persona} is granted {component}")?;
                if let Some(level) = level {
                    write!(f, " at {level}")?;
                }
                if !environments.is_empty() {
                    write!(f, " in {}", environments.join(", "))?;
                }
                Ok(())
            }
            Self::Revoke { persona, component } => write!(f, "{persona} loses {component}"),
            Self::Day(day) => write!(f, "it is {day}"),
        }
    }
}

impl Analysis {
    /// What suppositions come to, one after another.
    ///
    /// # Errors
    /// A sentence: a name that names nothing, or an edit that cannot be made.
    pub fn suppose(&self, suppositions: &[Supposition]) -> Result<Outcome, String> {
        let mut day = self.day;
        let mut catalog: Option<Catalog> = None;
        for supposition in suppositions {
            if let Supposition::Day(other) = supposition {
                day = *other;
                continue;
            }
            let now = catalog.as_ref().unwrap_or(&self.catalog);
            let edits = edits(now, supposition, day)?;
            catalog = Some(now.after(&edits).map_err(|refusal| refusal.to_string())?);
        }
        let after = match catalog {
            Some(catalog) => self.after(Arc::new(catalog), day),
            None => self.after(self.catalog.clone(), day),
        };
        let changes = self.catalog.changes_to(&after.catalog);
        let (gone, new) = difference(self, &after);
        Ok(Outcome { changes, after: Arc::new(after), gone, new })
    }
}

/// The edits of one supposition; of a day none.
///
/// # Errors
/// A sentence: a name that names nothing, or an edit that cannot be made.
pub fn edits(catalog: &Catalog, supposition: &Supposition, day: Date) -> Result<Vec<CardEdit>, String> {
    match supposition {
        Supposition::RemovePerson(name) => {
            Ok(vec![CardEdit::Remove(catalog.people[person(catalog, name)?.index()].place.card)])
        }
        Supposition::AddPerson { name, personas } => {
            let personas: Vec<Node> = personas
                .iter()
                .map(|word| Ok(text(&catalog.id(persona(catalog, word)?.into()))))
                .collect::<Result<_, String>>()?;
            // Who comes is supposed to know what the work asks for.
            let mut fields =
                vec![("name".into(), text(name)), ("personas".into(), Node::List(personas.clone()))];
            let mut skills: Vec<Node> = Vec::new();
            for word in &personas {
                let Node::Text(word) = word else { continue };
                let id = persona(catalog, word)?;
                for skill in &catalog.personas[id.index()].skills {
                    let name = text(&catalog.id(skill.skill.into()));
                    if !skills.contains(&name) {
                        skills.push(name);
                    }
                }
            }
            if !skills.is_empty() {
                fields.push(("skills".into(), Node::List(skills)));
            }
            Ok(vec![CardEdit::Add { kind: Kind::Person, fields }])
        }
        Supposition::RemovePersona(name) => {
            Ok(vec![CardEdit::Remove(catalog.personas[persona(catalog, name)?.index()].place.card)])
        }
        Supposition::Disable(name) => {
            let id = persona(catalog, name)?;
            let own = &catalog.personas[id.index()];
            if own.is_human() {
                return Err(format!(
                    "{} is human; only agents and services are disabled",
                    catalog.label(id.into())
                ));
            }
            Ok(vec![CardEdit::Remove(own.place.card)])
        }
        Supposition::Merge(names) => {
            let ids: Vec<PersonaId> =
                names.iter().map(|name| persona(catalog, name)).collect::<Result<_, _>>()?;
            let [into, rest @ ..] = ids.as_slice() else {
                return Err("name the personas that become one".to_owned());
            };
            let mut edits = Vec::new();
            match rest {
                [] => return Err("name at least two personas that become one".to_owned()),
                [one] if one == into => return Err("a persona is not merged with itself".to_owned()),
                [one] => edits = reshape::merge(catalog, *into, *one),
                several => {
                    // One after another: what a merge moves the next one has to see.
                    let mut now: Option<Catalog> = None;
                    let into_id = catalog.id((*into).into()).into_owned();
                    for one in several {
                        let id = catalog.id((*one).into()).into_owned();
                        let before = now.as_ref().unwrap_or(catalog);
                        let (into, from) = (persona(before, &into_id)?, persona(before, &id)?);
                        let step = reshape::merge(before, into, from);
                        now = Some(before.after(&step).map_err(|refusal| refusal.to_string())?);
                    }
                    if let Some(now) = now {
                        edits = catalog.rewritten(&now);
                    }
                }
            }
            Ok(edits)
        }
        Supposition::Split { persona: name, processes } => {
            let id = persona(catalog, name)?;
            let processes = processes
                .iter()
                .map(|word| {
                    catalog.find_process(&Name::new(word)).ok_or_else(|| {
                        unknown(
                            "process",
                            word,
                            catalog.processes.iter().map(|process| process.name.written()),
                        )
                    })
                })
                .collect::<Result<Vec<_>, _>>()?;
            let facts = super::Facts::of(catalog, day);
            reshape::split(catalog, &facts, id, &processes)
        }
        Supposition::Grant { persona: name, component: word, level, environments } => {
            let id = persona(catalog, name)?;
            let component = Name::new(word);
            let known = catalog.find_component(&component);
            let name = known.map_or_else(|| word.clone(), |id| catalog.id(id.into()).into_owned());
            let mut fields = vec![("component".into(), text(&name))];
            if let Some(level) = level {
                let own = catalog
                    .settings
                    .access_levels
                    .iter()
                    .find(|known| known.is(&crate::card::words::fold(level)));
                let Some(own) = own else {
                    return Err(unknown(
                        "access level",
                        level,
                        catalog.settings.access_levels.iter().map(Name::written),
                    ));
                };
                fields.push(("level".into(), text(own.written())));
            }
            if !environments.is_empty() {
                let known = &catalog.settings.environments;
                let list = environments
                    .iter()
                    .map(|word| {
                        let own = known.iter().find(|known| known.is(&crate::card::words::fold(word)));
                        own.map(|own| text(own.written()))
                            .ok_or_else(|| unknown("environment", word, known.iter().map(Name::written)))
                    })
                    .collect::<Result<_, _>>()?;
                fields.push(("environments".into(), Node::List(list)));
            }
            let place = catalog.personas[id.index()].place;
            let path = FieldPath::CARD.key("component_access");
            Ok(vec![CardEdit::at(place.with(path), Change::Insert(usize::MAX, Node::Map(fields)))])
        }
        Supposition::Revoke { persona: name, component: word } => {
            let id = persona(catalog, name)?;
            let component = component(catalog, word)?;
            let grants = catalog.personas[id.index()].grants.iter();
            let edits: Vec<CardEdit> = grants
                .filter(|grant| grant.component == component)
                .map(|grant| CardEdit::at(grant.place, Change::Remove))
                .collect();
            if edits.is_empty() {
                return Err(format!(
                    "{} is not granted {}",
                    catalog.label(id.into()),
                    catalog.label(component.into())
                ));
            }
            Ok(edits)
        }
        Supposition::Day(_) => Ok(Vec::new()),
    }
}

/// The persona of a word.
///
/// # Errors
/// A sentence where there is none, with the nearest.
pub fn persona(catalog: &Catalog, word: &str) -> Result<PersonaId, String> {
    catalog.find_persona(&Name::new(word)).ok_or_else(|| {
        let known = catalog.personas.iter().flat_map(|own| [own.id.written(), own.name.written()]);
        unknown("persona", word, known)
    })
}

/// The person of a word.
///
/// # Errors
/// A sentence where there is none, with the nearest.
pub fn person(catalog: &Catalog, word: &str) -> Result<PersonId, String> {
    catalog
        .find_person(&Name::new(word))
        .ok_or_else(|| unknown("person", word, catalog.people.iter().map(|own| own.name.written())))
}

/// The component of a word.
///
/// # Errors
/// A sentence where there is none, with the nearest.
pub fn component(catalog: &Catalog, word: &str) -> Result<ComponentId, String> {
    catalog
        .find_component(&Name::new(word))
        .ok_or_else(|| unknown("component", word, catalog.components.iter().map(|own| own.name.written())))
}

/// "there is no persona X; did you mean Y?"
#[must_use]
pub fn unknown<'n>(kind: &str, word: &str, known: impl Iterator<Item = &'n str>) -> String {
    match nearest(word, known) {
        Some(near) => format!("there is no {kind} {word}; did you mean {near}?"),
        None => format!("there is no {kind} {word}"),
    }
}

fn text(word: &str) -> Node {
    Node::Text(word.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "\
kind: Catalog
persona_count: {min: 1, max: 9}
---
kind: Persona
id: P1
name: Ana's part
processes: [Build, Run]
component_access:
  - {component: Forge, level: write, environments: [dev]}
  - {component: Meter, level: read, environments: [prod]}
skills: [Go, Charts]
---
kind: Persona
id: P2
name: Other
processes: [Run]
component_access:
  - {component: Meter, level: read, environments: [prod]}
---
kind: Persona
id: A1
name: Bot
type: agent
accountable: P2
---
kind: Process
name: Build
steps: [{name: make, environments: [dev], uses: [Forge: write], skills: [Go], performers: [P1]}]
---
kind: Process
name: Run
steps: [{name: watch, environments: [prod], uses: [Meter: read], performers: [P1, P2]}]
---
kind: PersonList
items:
  - {name: Ana, personas: [P1], skills: [Go, Charts]}
  - {name: Bo, personas: [P2]}
";

    fn rules(outcome: &Outcome) -> Vec<&'static str> {
        outcome.new_findings().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn whoever_leaves_leaves_a_gap() {
        let before = analysis(TEXT);
        let outcome = before.suppose(&[Supposition::RemovePerson("ana".into())]).unwrap();
        assert!(rules(&outcome).contains(&"unstaffed-persona"), "{:?}", rules(&outcome));
        let outcome = before
            .suppose(&[
                Supposition::RemovePerson("ana".into()),
                Supposition::AddPerson { name: "Cy".into(), personas: vec!["P1".into()] },
            ])
            .unwrap();
        assert!(!rules(&outcome).contains(&"unstaffed-persona"));
        let gone = before.suppose(&[Supposition::RemovePersona("P2".into())]).unwrap();
        assert!(rules(&gone).contains(&"unknown-reference"), "{:?}", rules(&gone));
        assert!(before.suppose(&[Supposition::Disable("P2".into())]).is_err());
        assert!(
            before.suppose(&[Supposition::Disable("Bott".into())]).is_err_and(|why| why.contains("Bot?"))
        );
    }

    #[test]
    fn a_merge_takes_everything_and_every_name_along() {
        let before = analysis(TEXT);
        let outcome = before.suppose(&[Supposition::Merge(vec!["P1".into(), "P2".into()])]).unwrap();
        let catalog = &outcome.after.catalog;
        assert_eq!(catalog.personas.len(), 2);
        assert_eq!(catalog.find_persona(&Name::new("Other")), catalog.find_persona(&Name::new("P1")));
        assert!(catalog.unknown_references.is_empty());
        assert_eq!(catalog.personas[0].grants.len(), 2, "the grant that both had is there once");
        assert_eq!(catalog.steps[1].performers.len(), 1);
    }

    #[test]
    fn a_split_gives_work_and_what_it_needs_to_a_new_persona() {
        let before = analysis(TEXT);
        let split = Supposition::Split { persona: "P1".into(), processes: vec!["Build".into()] };
        let outcome = before.suppose(&[split]).unwrap();
        let catalog = &outcome.after.catalog;
        let new = catalog.personas.iter().find(|own| own.id.is("p3")).unwrap();
        assert_eq!(new.grants.len(), 1);
        assert_eq!(catalog.id(new.grants[0].component.into()), "Forge");
        assert_eq!(new.skills.len(), 1);
        let old = &catalog.personas[0];
        assert_eq!((old.grants.len(), old.processes.len()), (1, 1));
        assert!(!rules(&outcome).contains(&"missing-access"), "{:?}", rules(&outcome));
    }

    #[test]
    fn grants_and_days_can_be_supposed() {
        let before = analysis(TEXT);
        let grant = Supposition::Grant {
            persona: "P2".into(),
            component: "Forge".into(),
            level: Some("admin".into()),
            environments: vec!["prod".into()],
        };
        let outcome = before.suppose(std::slice::from_ref(&grant)).unwrap();
        assert!(rules(&outcome).contains(&"unneeded-access"));
        let back = Supposition::Revoke { persona: "P2".into(), component: "Forge".into() };
        let outcome = before.suppose(&[grant, back]).unwrap();
        assert_eq!((outcome.new.len(), outcome.gone.len()), (0, 0));
        let later = before.suppose(&[Supposition::Day(jiff::civil::date(2030, 1, 1))]).unwrap();
        assert_eq!(later.after.day, jiff::civil::date(2030, 1, 1));
    }
}
