//! What fixes are made with: edits of grants, lists and names, and who could do what.
//!
//! It knows how cards are written, and judges nothing.

use crate::analysis::{Context, Need, NeedSource};
use crate::card::edit::{Change, Route, items};
use crate::card::kinds::PersonaType;
use crate::card::node::Node;
use crate::card::path::{FieldPath, Segment};
use crate::catalog::{
    Actor, CardEdit, Catalog, ComponentId, Entity, EnvironmentSet, Grant, Level, PersonId, Persona,
    PersonaId, Place, SkillId, StepId,
};

pub(super) struct Hand<'a> {
    pub(super) context: &'a Context<'a>,
}

pub(super) fn text(word: impl AsRef<str>) -> Node {
    Node::Text(word.as_ref().into())
}

pub(super) fn words<S: AsRef<str>>(list: impl IntoIterator<Item = S>) -> Node {
    Node::List(list.into_iter().map(text).collect())
}

impl<'a> Hand<'a> {
    pub(super) fn catalog(&self) -> &'a Catalog {
        self.context.catalog
    }

    pub(super) fn persona(&self, id: PersonaId) -> &'a Persona {
        &self.catalog().personas[id.index()]
    }

    pub(super) fn label(&self, entity: impl Into<Entity>) -> String {
        self.catalog().label(entity.into())
    }

    pub(super) fn id(&self, entity: impl Into<Entity>) -> String {
        self.catalog().id(entity.into()).into_owned()
    }

    pub(super) fn level(&self, level: Level) -> &'a str {
        self.catalog().settings.level(level)
    }

    pub(super) fn environment(&self, environment: usize) -> &'a str {
        self.catalog().settings.environment(environment)
    }

    /// The active grants of a persona on a component.
    pub(super) fn grants(&self, persona: PersonaId, component: ComponentId) -> Vec<&'a Grant> {
        let facts = self.context.facts.of_persona(persona);
        let own = self.persona(persona);
        facts
            .active
            .iter()
            .map(|&place| &own.grants[place])
            .filter(|grant| grant.component == component)
            .collect()
    }

    pub(super) fn needs(&self, persona: PersonaId, component: ComponentId) -> &'a [Need] {
        self.context.facts.of_persona(persona).needs_of(component)
    }

    /// Sets a field of a grant, or removes it; what `grant_defaults` states is overridden.
    pub(super) fn set(&self, grant: &Grant, field: &str, value: Option<Node>) -> Vec<CardEdit> {
        self.set_in_list(grant.place, "component_access", field, value)
    }

    pub(super) fn set_in_list(
        &self,
        place: Place,
        list: &str,
        field: &str,
        value: Option<Node>,
    ) -> Vec<CardEdit> {
        let Some(item) = self.catalog().value_at(place) else { return Vec::new() };
        // The word stands on the card as somebody wrote it.
        let is_level = |word: &str| {
            let word = crate::card::words::fold(word);
            self.catalog().settings.access_levels.iter().any(|level| level.is(&word))
        };
        items::set_field(&item, list, &place.path.into(), field, value, is_level)
            .into_iter()
            .map(|(route, change)| CardEdit::Change { card: place.card, route, change })
            .collect()
    }

    /// Gives a grant several fields at once, written as one mapping where it was short.
    pub(super) fn set_all(&self, grant: &Grant, fields: &[(&str, Node)]) -> Vec<CardEdit> {
        let place = grant.place;
        let Some(item) = self.catalog().value_at(place) else { return Vec::new() };
        let Some(name) = items::name_of(&item, "component_access") else { return Vec::new() };
        let long = matches!(&item, Node::Map(entries)
            if item.get("component").is_some() || entries.iter().any(|(_, value)| matches!(value, Node::Map(_))));
        if long {
            return fields
                .iter()
                .flat_map(|(field, value)| self.set(grant, field, Some(value.clone())))
                .collect();
        }
        let mut entries = vec![(Box::from("component"), text(name))];
        match (&item, grant.level.is_some(), grant.roles.as_slice()) {
            (Node::Map(short), true, _) => {
                entries.extend(short.first().map(|(_, word)| (Box::from("level"), word.clone())));
            }
            (Node::Map(short), false, [_, ..]) => {
                entries.extend(short.first().map(|(_, word)| (Box::from("role"), word.clone())));
            }
            _ => {}
        }
        for (field, value) in fields {
            entries.retain(|(known, _)| &**known != *field);
            entries.push((Box::from(*field), value.clone()));
        }
        vec![CardEdit::at(place, Change::Set(Node::Map(entries)))]
    }

    /// Gives a grant this level and no role.
    pub(super) fn set_level(&self, grant: &Grant, level: Level) -> Vec<CardEdit> {
        let Some(item) = self.catalog().value_at(grant.place) else { return Vec::new() };
        let word = text(self.level(level));
        if let Node::Map(entries) = &item
            && item.get("component").is_none()
            && let Some(place) =
                entries.iter().position(|(_, value)| matches!(value, Node::Text(_) | Node::List(_)))
        {
            let route = Route::from(grant.place.path).then(place);
            return vec![CardEdit::Change { card: grant.place.card, route, change: Change::Set(word) }];
        }
        let mut edits = self.set(grant, "level", Some(word));
        if !grant.roles.is_empty() {
            edits.extend(self.set(grant, "role", None));
        }
        edits
    }

    pub(super) fn environments(&self, set: EnvironmentSet) -> Node {
        words(set.iter().map(|environment| self.environment(environment)))
    }

    /// Removes an item of a list; of a bare value the field.
    pub(super) fn remove(&self, place: Place) -> CardEdit {
        CardEdit::at(place, Change::Remove)
    }

    /// A grant like another, with other fields.
    pub(super) fn copy_of(&self, grant: &Grant, fields: &[(&str, Node)]) -> Node {
        let mut entries: Vec<(Box<str>, Node)> = vec![("component".into(), text(self.id(grant.component)))];
        let mut take = |field: &str, value: Option<Node>| {
            let stated = fields.iter().find(|(key, _)| *key == field).map(|(_, value)| value.clone());
            entries.extend(stated.or(value).map(|value| (Box::from(field), value)));
        };
        let own = self.catalog().value_at(grant.place);
        let inner = match &own {
            Some(Node::Map(entries)) if own.as_ref().is_some_and(|own| own.get("component").is_none()) => {
                entries.first().map(|(_, value)| value.clone())
            }
            other => other.clone(),
        };
        let raw = |key: &str| inner.as_ref().and_then(|inner| inner.get(key)).cloned();
        take("level", grant.level.map(|level| text(self.level(level))));
        take("environments", None);
        for field in [
            "tools",
            "mode",
            "phases",
            "max_risk",
            "max_duration",
            "starts",
            "expires",
            "auth",
            "approval",
            "reason",
        ] {
            take(field, raw(field));
        }
        Node::Map(entries)
    }

    /// Adds an item to a field of the card that something stands in.
    pub(super) fn add(&self, card: Place, field: &str, item: Node) -> CardEdit {
        CardEdit::at(card.with(FieldPath::CARD.key(field)), Change::Insert(usize::MAX, item))
    }

    /// Sets a field of the card that something stands in.
    pub(super) fn put(&self, card: Place, field: &str, value: Node) -> CardEdit {
        CardEdit::at(card.with(FieldPath::CARD.key(field)), Change::Set(value))
    }

    /// Gives the item of a list another name.
    pub(super) fn rename(&self, place: Place, name: &str) -> Option<CardEdit> {
        let list = place.path.segments().filter_map(|segment| match segment {
            Segment::Key(key) => Some(key),
            Segment::Index(_) => None,
        });
        let list = list.last()?;
        let item = self.catalog().value_at(place)?;
        let route = Route::from(place.path);
        let (route, change) = items::rename(&item, list, &route, name).or_else(|| match item {
            Node::Text(_) => Some((route.clone(), Change::Set(text(name)))),
            _ => None,
        })?;
        Some(CardEdit::Change { card: place.card, route, change })
    }

    /// Removes the grants that only these steps needed, when somebody else does them.
    pub(super) fn handed_over(&self, persona: PersonaId, steps: &[StepId]) -> Vec<CardEdit> {
        let mut edits = Vec::new();
        let mut seen: Vec<ComponentId> = Vec::new();
        for used in steps.iter().flat_map(|step| &self.catalog().steps[step.index()].uses) {
            let needs = self.needs(persona, used.component);
            let only = needs
                .iter()
                .all(|need| matches!(need.source, NeedSource::Step(step, _) if steps.contains(&step)));
            if only && !seen.contains(&used.component) {
                seen.push(used.component);
                let grants = self.grants(persona, used.component);
                edits.extend(grants.iter().map(|grant| self.remove(grant.place)));
            }
        }
        edits
    }

    /// Whether somebody is there: a person who is active, or a human persona whom one embodies.
    pub(super) fn is_there(&self, actor: Actor) -> bool {
        match actor {
            Actor::Person(id) => self.catalog().people[id.index()].active,
            Actor::Persona(id) => {
                self.persona(id).is_human() && self.context.facts.is_embodied(self.catalog(), id)
            }
        }
    }

    /// The humans who could answer for an agent, nearest first: who answers already, who may stop
    /// it, who is asked, who works with it, who shares its team or its work.
    pub(super) fn humans_near(&self, agent: PersonaId) -> Vec<Actor> {
        let own = self.persona(agent);
        let mut near: Vec<Actor> = self.context.facts.answerable[agent.index()].clone();
        let lists = [&own.accountable, &own.escalates_to, &own.override_by];
        near.extend(lists.into_iter().flatten().filter_map(|named| named.target));
        near.extend(own.grants.iter().flat_map(|grant| &grant.approval).filter_map(|named| named.target));
        let mut others: Vec<(usize, PersonaId)> = (0..self.catalog().personas.len())
            .map(PersonaId::from_index)
            .filter(|other| *other != agent && self.persona(*other).is_human())
            .map(|other| (self.kinship(agent, other), other))
            .collect();
        others.sort_by_key(|(kinship, other)| (std::cmp::Reverse(*kinship), *other));
        near.extend(others.into_iter().map(|(_, other)| Actor::Persona(other)));
        let mut out: Vec<Actor> = Vec::new();
        for actor in near {
            if self.is_there(actor) && !out.contains(&actor) {
                out.push(actor);
            }
        }
        out
    }

    /// How much two personas have to do with each other.
    pub(super) fn kinship(&self, left: PersonaId, right: PersonaId) -> usize {
        let (own, other) = (self.persona(left), self.persona(right));
        let names = |from: &Persona, to: PersonaId, team: Option<crate::catalog::TeamId>| {
            from.interactions.iter().any(|interaction| match interaction.party {
                crate::catalog::Party::Persona(id) => id == to,
                crate::catalog::Party::Team(id) => Some(id) == team,
                crate::catalog::Party::Unknown(_) => false,
            })
        };
        let mut score = 0;
        score += 4 * usize::from(names(own, right, other.team));
        score += 4 * usize::from(names(other, left, own.team));
        score += 3 * usize::from(own.team.is_some() && own.team == other.team);
        let parts = &self.context.facts.of_persona(left).takes_part;
        score += 2 * parts
            .iter()
            .filter(|process| self.context.facts.of_persona(right).takes_part_in(**process))
            .count();
        score
            + own
                .grants
                .iter()
                .filter(|grant| other.grants.iter().any(|own| own.component == grant.component))
                .count()
    }

    /// Other personas of a type, the most kindred first.
    pub(super) fn kindred(&self, to: PersonaId, of: Option<PersonaType>) -> Vec<PersonaId> {
        let mut others: Vec<PersonaId> = (0..self.catalog().personas.len())
            .map(PersonaId::from_index)
            .filter(|other| *other != to)
            .filter(|other| of.is_none_or(|of| self.persona(*other).persona_type == of))
            .collect();
        others.sort_by_cached_key(|other| (std::cmp::Reverse(self.kinship(to, *other)), *other));
        others
    }

    /// Active people, those who know most of what a persona is asked for first.
    pub(super) fn people_for(&self, persona: PersonaId) -> Vec<PersonId> {
        let facts = self.context.facts;
        let required: Vec<SkillId> = {
            let mut all: Vec<SkillId> =
                facts.of_persona(persona).required.iter().map(|required| required.skill).collect();
            all.extend(self.persona(persona).skills.iter().map(|skill| skill.skill));
            all.sort_unstable();
            all.dedup();
            all
        };
        let mut people: Vec<(usize, usize, PersonId)> = self
            .catalog()
            .people
            .iter()
            .enumerate()
            .filter(|(_, person)| person.active)
            .map(|(index, person)| {
                let known = &facts.people[index];
                let has = required
                    .iter()
                    .filter(|skill| known.binary_search_by_key(skill, |held| &held.skill).is_ok())
                    .count();
                (required.len() - has, person.personas.len(), PersonId::from_index(index))
            })
            .collect();
        people.sort_unstable();
        people.into_iter().map(|(_, _, person)| person).collect()
    }

    /// "by Title (url)", of the first course of a skill.
    pub(super) fn course(&self, skill: SkillId) -> String {
        let Some(course) = self.catalog().skills[skill.index()].learn.first() else {
            return String::new();
        };
        match (&course.title, &course.url) {
            (Some(title), Some(url)) => format!(", by \"{title}\" ({url})"),
            (Some(title), None) => format!(", by \"{title}\""),
            (None, Some(url)) => format!(", by {url}"),
            (None, None) => String::new(),
        }
    }

    /// "Ana and Bea", of the active people who embody a persona.
    pub(super) fn embodying(&self, persona: PersonaId) -> Vec<PersonId> {
        self.context.facts.embodied_by[persona.index()].clone()
    }
}

/// "a, b and c".
pub(super) fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
