//! Giving every declared entity its number, in file order; later ones that share a word are left out.

use super::*;

impl Builder {
    /// Gives every declared entity its number, and leaves later ones that share a word out.
    pub(super) fn declare(&mut self, files: &[Arc<CardFile>]) {
        for (id, _, card) in every_card(files) {
            let place = Place { card: id, path: FieldPath::CARD };
            let entity = match card {
                Card::Persona(card) => {
                    let next = PersonaId::from_index(self.personas.len());
                    let lookup = Arc::make_mut(&mut self.lookup.personas);
                    match claim(lookup, &card.header, next, EntityKind::Persona, Entity::Persona, place) {
                        Ok(()) => {
                            self.personas.push(Arc::new(persona_shell(card, place)));
                            Some(Entity::Persona(next))
                        }
                        Err(duplicate) => self.duplicate(*duplicate),
                    }
                }
                Card::Process(card) => {
                    let next = ProcessId::from_index(self.processes.len());
                    let lookup = Arc::make_mut(&mut self.lookup.processes);
                    match claim(lookup, &card.header, next, EntityKind::Process, Entity::Process, place) {
                        Ok(()) => {
                            self.processes.push(Arc::new(process_shell(
                                Some(&card.header),
                                &card.header.name,
                                place,
                            )));
                            Some(Entity::Process(next))
                        }
                        Err(duplicate) => self.duplicate(*duplicate),
                    }
                }
                Card::Component(card) => {
                    let next = ComponentId::from_index(self.components.len());
                    let lookup = Arc::make_mut(&mut self.lookup.components);
                    match claim(lookup, &card.header, next, EntityKind::Component, Entity::Component, place) {
                        Ok(()) => {
                            let shell = component_shell(Some(&card.header), &card.header.name, place);
                            self.components.push(Arc::new(shell));
                            Some(Entity::Component(next))
                        }
                        Err(duplicate) => self.duplicate(*duplicate),
                    }
                }
                Card::Skill(card) => {
                    let next = SkillId::from_index(self.skills.len());
                    let lookup = Arc::make_mut(&mut self.lookup.skills);
                    match claim(lookup, &card.header, next, EntityKind::Skill, Entity::Skill, place) {
                        Ok(()) => {
                            self.skills.push(Arc::new(skill_shell(
                                Some(&card.header),
                                &card.header.name,
                                place,
                            )));
                            Some(Entity::Skill(next))
                        }
                        Err(duplicate) => self.duplicate(*duplicate),
                    }
                }
                Card::Team(card) => {
                    let next = TeamId::from_index(self.teams.len());
                    let lookup = Arc::make_mut(&mut self.lookup.teams);
                    match claim(lookup, &card.header, next, EntityKind::Team, Entity::Team, place) {
                        Ok(()) => {
                            self.teams.push(Arc::new(team_shell(
                                Some(&card.header),
                                &card.header.name,
                                place,
                            )));
                            Some(Entity::Team(next))
                        }
                        Err(duplicate) => self.duplicate(*duplicate),
                    }
                }
                Card::Person(card) => {
                    let next = PersonId::from_index(self.people.len());
                    let lookup = Arc::make_mut(&mut self.lookup.people);
                    match claim(lookup, &card.header, next, EntityKind::Person, Entity::Person, place) {
                        Ok(()) => {
                            self.people.push(Arc::new(person_shell(card, place)));
                            Some(Entity::Person(next))
                        }
                        Err(duplicate) => self.duplicate(*duplicate),
                    }
                }
                Card::Scenario(card) => {
                    let next = ScenarioId::from_index(self.scenarios.len());
                    let lookup = Arc::make_mut(&mut self.lookup.scenarios);
                    match claim(lookup, &card.header, next, EntityKind::Scenario, Entity::Scenario, place) {
                        Ok(()) => {
                            self.scenarios.push(Arc::new(scenario_shell(card, place)));
                            Some(Entity::Scenario(next))
                        }
                        Err(duplicate) => self.duplicate(*duplicate),
                    }
                }
                Card::Decision(card) => {
                    let next = DecisionId::from_index(self.decisions.len());
                    self.decisions.push(Arc::new(decision(card, place)));
                    Some(Entity::Decision(next))
                }
                Card::Catalog(_) => None,
            };
            self.cards[id.index()].entity = entity;
        }
    }

    pub(super) fn duplicate(&mut self, duplicate: Duplicate) -> Option<Entity> {
        self.duplicates.push(duplicate);
        Some(Entity::Duplicate(DuplicateId::from_index(self.duplicates.len() - 1)))
    }
}

/// Takes all words of an entity, or says with whom it shares one.
pub(super) fn claim<T: Copy + Eq + Hash>(
    lookup: &mut WordMap<T>,
    header: &Header,
    id: T,
    kind: EntityKind,
    entity: fn(T) -> Entity,
    place: Place,
) -> Result<(), Box<Duplicate>> {
    let mut shared: Vec<(Entity, Name)> = Vec::new();
    for word in header.words() {
        if let Some(holder) = lookup.get(word.folded()).copied().map(entity)
            && !shared.iter().any(|(known, _)| *known == holder)
        {
            shared.push((holder, word.clone()));
        }
    }
    if !shared.is_empty() {
        let (id, name) = (header.id().clone(), header.name.clone());
        return Err(Box::new(Duplicate { kind, id, name, shared, place }));
    }
    for word in header.words() {
        lookup.insert(word.key(), id);
    }
    Ok(())
}

pub(super) fn persona_shell(card: &PersonaCard, place: Place) -> Persona {
    Persona {
        id: card.header.id().clone(),
        name: card.header.name.clone(),
        aliases: card.header.aliases.clone(),
        description: card.header.description.clone(),
        persona_type: card.persona_type,
        section: card.section.clone(),
        team: None,
        color: card.color.clone(),
        interactions: Vec::new(),
        grants: Vec::new(),
        processes: Vec::new(),
        skills: Vec::new(),
        work_items: card.work_items.clone(),
        identity: card.identity.clone(),
        accountable: Vec::new(),
        escalates_to: Vec::new(),
        override_by: Vec::new(),
        override_how: card.override_how.clone(),
        invokes: Vec::new(),
        monitored_by: Vec::new(),
        place,
    }
}

pub(super) fn process_shell(header: Option<&Header>, name: &Name, place: Place) -> Process {
    Process {
        name: name.clone(),
        aliases: header.map(other_words).unwrap_or_default(),
        description: header.and_then(|header| header.description.clone()),
        declared: header.is_some(),
        part_of: Vec::new(),
        process_loop: None,
        phases: Vec::new(),
        uses: Vec::new(),
        skills: Vec::new(),
        steps: Vec::new(),
        place,
    }
}

pub(super) fn component_shell(header: Option<&Header>, name: &Name, place: Place) -> Component {
    Component {
        name: name.clone(),
        aliases: header.map(other_words).unwrap_or_default(),
        description: header.and_then(|header| header.description.clone()),
        declared: header.is_some(),
        platform: None,
        layer: None,
        roles: Vec::new(),
        skills: Vec::new(),
        tools: Vec::new(),
        auth: Vec::new(),
        audit_log: None,
        flows_to: Vec::new(),
        alternatives: Vec::new(),
        role_table: None,
        place,
    }
}

pub(super) fn skill_shell(header: Option<&Header>, name: &Name, place: Place) -> Skill {
    Skill {
        name: name.clone(),
        aliases: header.map(other_words).unwrap_or_default(),
        description: header.and_then(|header| header.description.clone()),
        declared: header.is_some(),
        implies: Vec::new(),
        learn: Vec::new(),
        place,
    }
}

pub(super) fn team_shell(header: Option<&Header>, name: &Name, place: Place) -> Team {
    Team {
        name: name.clone(),
        aliases: header.map(other_words).unwrap_or_default(),
        description: header.and_then(|header| header.description.clone()),
        declared: header.is_some(),
        place,
    }
}

pub(super) fn person_shell(card: &PersonCard, place: Place) -> Person {
    Person {
        name: card.header.name.clone(),
        aliases: other_words(&card.header),
        description: card.header.description.clone(),
        personas: Vec::new(),
        skills: Vec::new(),
        active: card.active,
        allocation: card.allocation,
        place,
    }
}

pub(super) fn scenario_shell(card: &ScenarioCard, place: Place) -> Scenario {
    Scenario {
        name: card.header.name.clone(),
        description: card.header.description.clone(),
        router: Vec::new(),
        triggers: Vec::new(),
        place,
    }
}

pub(super) fn decision(card: &DecisionCard, place: Place) -> Decision {
    Decision {
        rule: card.rule.clone(),
        subject: card.subject.clone(),
        object: card.object.clone(),
        environment: card.environment.clone(),
        action: card.action,
        reason: card.reason.clone(),
        by: card.by.clone(),
        decided: card.decided,
        until: card.until,
        work_item: card.work_item.clone(),
        place,
    }
}

/// The words beside the name: an id of its own, and the aliases.
pub(super) fn other_words(header: &Header) -> Vec<Name> {
    header.id.iter().chain(&header.aliases).cloned().collect()
}
