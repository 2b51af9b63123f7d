//! Looking up what cards refer to, card by card in file order.

use super::grants::with_defaults;
use super::*;

impl Builder {
    /// Looks words up, card by card in file order. What needs every card first is left for
    /// [`Self::resolve_late`].
    pub(super) fn resolve(&mut self, files: &[Arc<CardFile>], settings_card: Option<CardId>) {
        for (id, _, card) in every_card(files) {
            let place = Place { card: id, path: FieldPath::CARD };
            match (card, self.cards[id.index()].entity) {
                (Card::Catalog(card), _) if settings_card == Some(id) => {
                    self.duty_sets(id, &card.separation_of_duties);
                }
                (Card::Persona(card), Some(Entity::Persona(id))) => self.persona_links(id, card, place),
                (Card::Process(card), Some(Entity::Process(id))) => {
                    self.process_links(id, card, place);
                    self.steps(id, card, place);
                }
                (Card::Component(card), Some(Entity::Component(id))) => self.component_links(id, card, place),
                (Card::Skill(card), Some(Entity::Skill(id))) => self.skill_links(id, card, place),
                (Card::Person(card), Some(Entity::Person(id))) => self.person_links(id, card, place),
                (Card::Scenario(card), Some(Entity::Scenario(id))) => self.scenario_links(id, card, place),
                (card, Some(Entity::Duplicate(_))) => self.check_words(card, place),
                _ => {}
            }
        }
    }

    pub(super) fn persona_links(&mut self, id: PersonaId, card: &PersonaCard, place: Place) {
        let subject = Entity::Persona(id);
        let at = |path| place.with(path);
        if let Some(team) = &card.team {
            let team = self.team(team, at(FieldPath::CARD.key("team")));
            Arc::make_mut(&mut self.personas[id.index()]).team = Some(team);
        }
        let defaults_place = at(FieldPath::CARD.key("grant_defaults"));
        let defaults = self.grant(ComponentId(0), &card.grant_defaults, defaults_place, subject);
        let mut grants = Vec::with_capacity(card.component_access.len());
        for GrantCard { component, fields, at: item } in &card.component_access {
            let place = at(FieldPath::CARD.item("component_access", *item));
            let component = self.component(component, place);
            let grant = self.grant(component, fields, place, subject);
            grants.push(with_defaults(grant, &defaults));
        }
        let processes = card
            .processes
            .iter()
            .map(|part| {
                let place = at(FieldPath::CARD.item("processes", part.at));
                let process = self.process(&part.process, place);
                ProcessPart { process, responsibility: part.responsibility, place }
            })
            .collect();
        let skills = self.skill_refs(&card.skills, place, FieldPath::CARD);
        let accountable = self.actors(&card.accountable, place, FieldPath::CARD, "accountable", subject);
        let escalates_to = self.actors(&card.escalates_to, place, FieldPath::CARD, "escalates_to", subject);
        // `override: {by: ...}` and `override: [...]` differ in the path.
        let (above, field) = match card.override_has_by {
            true => (FieldPath::CARD.key("override"), "by"),
            false => (FieldPath::CARD, "override"),
        };
        let override_by = self.actors(&card.override_by, place, above, field, subject);
        let invokes = self.persona_names(&card.invokes, place, FieldPath::CARD, "invokes", subject);
        let monitored_by =
            self.persona_names(&card.monitored_by, place, FieldPath::CARD, "monitored_by", subject);
        let persona = Arc::make_mut(&mut self.personas[id.index()]);
        persona.grants = grants;
        persona.processes = processes;
        persona.skills = skills;
        persona.accountable = accountable;
        persona.escalates_to = escalates_to;
        persona.override_by = override_by;
        persona.invokes = invokes;
        persona.monitored_by = monitored_by;
    }

    pub(super) fn process_links(&mut self, id: ProcessId, card: &ProcessCard, place: Place) {
        let part_of = card
            .part_of
            .iter()
            .map(|listed| self.process(&listed.name, place.with(FieldPath::CARD.item("part_of", listed.at))))
            .collect();
        let uses = self.uses(&card.uses, place, FieldPath::CARD);
        let skills = self.skill_refs(&card.skills, place, FieldPath::CARD);
        let process = Arc::make_mut(&mut self.processes[id.index()]);
        process.part_of = part_of;
        process.process_loop = card.process_loop;
        process.phases.clone_from(&card.phases);
        process.uses = uses;
        process.skills = skills;
    }

    pub(super) fn steps(&mut self, process: ProcessId, card: &ProcessCard, place: Place) {
        let first = self.steps.len();
        for (place_in_card, step) in card.steps.iter().enumerate() {
            let step = self.step(StepId::from_index(first + place_in_card), process, step, place);
            self.steps.push(Arc::new(step));
        }
        let steps = (first..self.steps.len()).map(StepId::from_index).collect();
        Arc::make_mut(&mut self.processes[process.index()]).steps = steps;
    }

    pub(super) fn step(&mut self, id: StepId, process: ProcessId, card: &StepCard, place: Place) -> Step {
        let place = place.with(FieldPath::CARD.item("steps", card.at));
        let step_id = card.id.as_ref().unwrap_or(&card.name).clone();
        let uses = self.uses(&card.uses, place, place.path);
        let skills = self.skill_refs(&card.skills, place, place.path);
        let environments = self.environments(&card.environments, place.with(place.path.key("environments")));
        let mut performers = Vec::with_capacity(card.performers.len());
        for performer in &card.performers {
            let place = place.with(place.path.item("performers", performer.at));
            let cap = self.access_level(performer.level.as_ref(), place.with(place.path.key("level")));
            let persona = self.lookup.personas.get(performer.persona.folded()).copied();
            if persona.is_none() {
                self.unknown(Entity::Step(id), &performer.persona, "performers", place);
            }
            performers.push(Performer { name: performer.persona.clone(), persona, cap, place });
        }
        if self.step_index.insert((process, step_id.key()), id).is_some() {
            self.warn(
                place,
                format!("two steps of this process have the id `{step_id}`"),
                "Give each its own `id`.".to_owned(),
            );
        }
        Step {
            process,
            id: step_id,
            name: card.name.clone(),
            description: card.description.clone(),
            environments,
            phase: card.phase.clone(),
            uses,
            skills,
            performers,
            next: Vec::new(),
            lane: card.lane.clone(),
            place,
        }
    }

    pub(super) fn component_links(&mut self, id: ComponentId, card: &ComponentCard, place: Place) {
        let mut roles = Vec::with_capacity(card.roles.len());
        for role in &card.roles {
            let place = place.with(FieldPath::CARD.item("roles", role.at));
            let level = self.access_level(role.level.as_ref(), place.with(place.path.key("level")));
            let environments =
                self.environments(&role.environments, place.with(place.path.key("environments")));
            roles.push(Role { name: role.name.clone(), level, environments, place });
        }
        let mut skills = Vec::with_capacity(card.skills.len());
        for skill in &card.skills {
            let place = place.with(FieldPath::CARD.item("skills", skill.at));
            let from = self.access_level(skill.from.as_ref(), place.with(place.path.key("from")));
            let level = self.skill_level(skill.level.as_ref(), place.with(place.path.key("level")));
            skills.push(ComponentSkill { skill: self.skill(&skill.skill, place), from, level, place });
        }
        let tools_place = place.with(FieldPath::CARD.key("tools"));
        let tools = card
            .tools
            .iter()
            .map(|(name, level)| (name.clone(), self.access_level(level.as_ref(), tools_place)))
            .collect();
        let mut flows_to = Vec::with_capacity(card.flows_to.len());
        for flow in &card.flows_to {
            let place = place.with(FieldPath::CARD.item("flows_to", flow.at));
            let component = self.component(&flow.component, place);
            flows_to.push(Flow { component, label: flow.label.clone(), place });
        }
        let mut alternatives = Vec::with_capacity(card.alternatives.len());
        for alternative in &card.alternatives {
            let place = place.with(FieldPath::CARD.item("alternatives", alternative.at));
            let component = self.component(&alternative.component, place);
            let removes = alternative.removes.iter().map(|skill| self.skill(&skill.name, place)).collect();
            alternatives.push(Alternative { component, removes, place });
        }
        let component = Arc::make_mut(&mut self.components[id.index()]);
        component.platform.clone_from(&card.platform);
        component.layer.clone_from(&card.layer);
        component.roles = roles;
        component.skills = skills;
        component.tools = tools;
        component.auth.clone_from(&card.auth);
        component.audit_log.clone_from(&card.audit_log);
        component.flows_to = flows_to;
        component.alternatives = alternatives;
        component.role_table.clone_from(&card.role_table);
    }

    pub(super) fn skill_links(&mut self, id: SkillId, card: &SkillCard, place: Place) {
        let implies = card
            .implies
            .iter()
            .map(|listed| self.skill(&listed.name, place.with(FieldPath::CARD.item("implies", listed.at))))
            .collect();
        let skill = Arc::make_mut(&mut self.skills[id.index()]);
        skill.implies = implies;
        skill.learn.clone_from(&card.learn);
    }

    pub(super) fn person_links(&mut self, id: PersonId, card: &PersonCard, place: Place) {
        let mut personas = Vec::with_capacity(card.personas.len());
        for embodied in &card.personas {
            let place = place.with(FieldPath::CARD.item("personas", embodied.at));
            let persona = self.lookup.personas.get(embodied.persona.folded()).copied();
            if persona.is_none() {
                self.unknown(Entity::Person(id), &embodied.persona, "personas", place);
            }
            let context = embodied.context.clone();
            personas.push(Embodied { name: embodied.persona.clone(), persona, context, place });
        }
        let skills = self.skill_refs(&card.skills, place, FieldPath::CARD);
        let person = Arc::make_mut(&mut self.people[id.index()]);
        person.personas = personas;
        person.skills = skills;
    }

    pub(super) fn scenario_links(&mut self, id: ScenarioId, card: &ScenarioCard, place: Place) {
        let subject = Entity::Scenario(id);
        let router = self.persona_names(&card.router, place, FieldPath::CARD, "router", subject);
        let mut triggers = Vec::with_capacity(card.triggers.len());
        for trigger in &card.triggers {
            let path = FieldPath::CARD.item("triggers", trigger.at);
            let risk = self.risk_level(trigger.risk.as_ref(), place.with(path.key("risk")));
            triggers.push(Trigger {
                change: trigger.change.clone(),
                phase: trigger.phase.clone(),
                risk,
                route: self.persona_names(&trigger.route, place, path, "route", subject),
                joins: self.persona_names(&trigger.joins, place, path, "joins", subject),
                leaves: self.persona_names(&trigger.leaves, place, path, "leaves", subject),
                place: place.with(path),
            });
        }
        let scenario = Arc::make_mut(&mut self.scenarios[id.index()]);
        scenario.router = router;
        scenario.triggers = triggers;
    }

    /// What needs every entity: interactions (any persona's team is a team), next steps, the
    /// levels that grants have through roles.
    pub(super) fn resolve_late(&mut self, files: &[Arc<CardFile>]) {
        for (id, _, card) in every_card(files) {
            let place = Place { card: id, path: FieldPath::CARD };
            match (card, self.cards[id.index()].entity) {
                (Card::Persona(card), Some(Entity::Persona(id))) => {
                    self.late_persona(id, card, place);
                }
                (Card::Process(card), Some(Entity::Process(id))) => self.next_steps(id, card),
                _ => {}
            }
        }
    }

    pub(super) fn late_persona(&mut self, id: PersonaId, card: &PersonaCard, place: Place) {
        let interactions = self.interactions(card, place);
        let persona = Arc::make_mut(&mut self.personas[id.index()]);
        persona.interactions = interactions;
        let grants = std::mem::take(&mut persona.grants);
        let grants = grants.into_iter().map(|grant| self.with_levels(grant)).collect();
        Arc::make_mut(&mut self.personas[id.index()]).grants = grants;
    }

    pub(super) fn interactions(&mut self, card: &PersonaCard, place: Place) -> Vec<Interaction> {
        let mut interactions = Vec::with_capacity(card.primary_interaction.len());
        for interaction in &card.primary_interaction {
            let word = interaction.with.folded();
            let persona = self.lookup.personas.get(word).copied().map(Party::Persona);
            let party = persona.or_else(|| self.lookup.teams.get(word).copied().map(Party::Team));
            let party = party.unwrap_or_else(|| Party::Unknown(self.unknown_name(&interaction.with)));
            interactions.push(Interaction {
                name: interaction.with.clone(),
                party,
                protocol: interaction.protocol.clone(),
                auth: interaction.auth.clone(),
                cadence: interaction.cadence.clone(),
                place: place.with(FieldPath::CARD.item("primary_interaction", interaction.at)),
            });
        }
        interactions
    }

    pub(super) fn next_steps(&mut self, process: ProcessId, card: &ProcessCard) {
        let steps = self.processes[process.index()].steps.clone();
        for (step, card) in steps.into_iter().zip(&card.steps) {
            let place = self.steps[step.index()].place;
            let mut next = Vec::with_capacity(card.next.len());
            for target in &card.next {
                let place = place.with(place.path.item("next", target.at));
                let process = target.process.as_ref().map_or(process, |name| self.process(name, place));
                let found = match &target.step {
                    Some(name) => self.find_step(process, name),
                    None => self.processes[process.index()].steps.first().copied(),
                };
                if let (None, Some(name), true) =
                    (found, &target.step, self.processes[process.index()].declared)
                {
                    let known = self.processes[process.index()].steps.iter();
                    let known: Vec<_> = known.map(|step| self.steps[step.index()].id.written()).collect();
                    let hint = match nearest(name.written(), known) {
                        Some(near) => format!("Did you mean `{near}`?"),
                        None => "Write the id of a step, or {process: NAME, step: ID}.".to_owned(),
                    };
                    let message = format!("{} has no step `{name}`", self.processes[process.index()].name);
                    self.warn(place, message, hint);
                }
                next.push(NextStep { process, step: found, place });
            }
            Arc::make_mut(&mut self.steps[step.index()]).next = next;
        }
    }

    pub(super) fn find_step(&self, process: ProcessId, name: &Name) -> Option<StepId> {
        self.step_index.get(&(process, name.key())).copied().or_else(|| {
            let mut steps = self.processes[process.index()].steps.iter().copied();
            steps.find(|step| self.steps[step.index()].name == *name)
        })
    }

    /// A later entity that shares a name is not evaluated, but its file is still to be right: words
    /// that are in no vocabulary are warned of.
    pub(super) fn check_words(&mut self, card: &Card, place: Place) {
        let top = FieldPath::CARD;
        match card {
            Card::Persona(card) => {
                self.check_grant(&card.grant_defaults, place.with(top.key("grant_defaults")));
                for grant in &card.component_access {
                    self.check_grant(&grant.fields, place.with(top.item("component_access", grant.at)));
                }
                self.check_skills(&card.skills, place, top);
            }
            Card::Process(card) => {
                self.check_uses(&card.uses, place, top);
                self.check_skills(&card.skills, place, top);
                for step in &card.steps {
                    let path = top.item("steps", step.at);
                    self.environments(&step.environments, place.with(path.key("environments")));
                    self.check_uses(&step.uses, place, path);
                    self.check_skills(&step.skills, place, path);
                    for performer in &step.performers {
                        let path = path.item("performers", performer.at).key("level");
                        self.access_level(performer.level.as_ref(), place.with(path));
                    }
                }
            }
            Card::Component(card) => {
                for role in &card.roles {
                    let path = top.item("roles", role.at);
                    self.access_level(role.level.as_ref(), place.with(path.key("level")));
                    self.environments(&role.environments, place.with(path.key("environments")));
                }
                for skill in &card.skills {
                    let path = top.item("skills", skill.at);
                    self.access_level(skill.from.as_ref(), place.with(path.key("from")));
                    self.skill_level(skill.level.as_ref(), place.with(path.key("level")));
                }
                for (_, level) in &card.tools {
                    self.access_level(level.as_ref(), place.with(top.key("tools")));
                }
            }
            Card::Person(card) => self.check_skills(&card.skills, place, top),
            Card::Scenario(card) => {
                for trigger in &card.triggers {
                    let path = top.item("triggers", trigger.at).key("risk");
                    self.risk_level(trigger.risk.as_ref(), place.with(path));
                }
            }
            Card::Catalog(_) | Card::Skill(_) | Card::Team(_) | Card::Decision(_) => {}
        }
    }

    fn check_grant(&mut self, fields: &GrantFields, place: Place) {
        self.access_level(fields.level.as_ref(), place.with(place.path.key("level")));
        self.environments(&fields.environments, place.with(place.path.key("environments")));
        self.risk_level(fields.max_risk.as_ref(), place.with(place.path.key("max_risk")));
    }

    fn check_skills(&mut self, skills: &[SkillCardRef], place: Place, path: FieldPath) {
        for skill in skills {
            let path = path.item("skills", skill.at).key("level");
            self.skill_level(skill.level.as_ref(), place.with(path));
        }
    }

    fn check_uses(&mut self, uses: &[UseCard], place: Place, path: FieldPath) {
        for used in uses {
            let path = path.item("uses", used.at);
            self.access_level(used.level.as_ref(), place.with(path.key("level")));
            self.environments(&used.environments, place.with(path.key("environments")));
        }
    }
}
