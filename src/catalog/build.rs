//! Files -> a snapshot: entities declared, then references resolved in file order.
//!
//! The order matters twice: of two entities that share a word the first stays, and what is not
//! declared is called as it was first written.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use crate::card::CardFile;
use crate::card::kinds::{
    Card, CatalogCard, ComponentCard, DutySetCard, GrantCard, GrantFields, Header, Listed,
    PersonCard, PersonaCard, ProcessCard, ScenarioCard, SkillCard, SkillCardRef, SkillLevelCard,
    StepCard, UseCard,
};
use crate::card::path::FieldPath;
use crate::card::problem::{Level as Severity, Problem};
use crate::card::words::{Name, nearest};

use super::entity::{
    CardId, ComponentId, DuplicateId, Entity, EntityKind, NameId, PersonId, PersonaId, Place,
    ProcessId, ScenarioId, SkillId, StepId, TeamId,
};
use super::lookup::Lookup;
use super::settings::{DutySet, DutyTarget, EnvironmentSet, Level, Settings};
use super::types::{
    Actor, Alternative, Component, ComponentSkill, Decision, Duplicate, Duty, Embodied, Flow,
    Grant, Interaction, Named, NextStep, Party, Performer, Person, Persona, Process, ProcessPart,
    Role, Scenario, Skill, SkillRef, Step, Team, Trigger, UnknownReference, Use,
};
use super::{CardInfo, Catalog, Source};

/// What a snapshot is built from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The folder's name: the catalog's, unless its card says otherwise.
    pub folder: String,
    /// Where it was read from, as the user wrote it.
    pub path: String,
    /// The files, in file order.
    pub files: Vec<Arc<CardFile>>,
    /// What was noticed while the files were looked for.
    pub problems: Vec<Problem>,
}

/// Builds the snapshot. It never fails: what is wrong is among its problems.
#[must_use]
pub fn build(input: Input) -> Catalog {
    let files = input.files.clone();
    let mut builder = Builder::new(&files);
    let settings_card = builder.choose_catalog(&files);
    if let Some((id, card)) = settings_card {
        builder.read_settings(id, card);
    }
    builder.declare(&files);
    builder.resolve(&files, settings_card.map(|(id, _)| id));
    builder.resolve_late(&files);
    let name = settings_card
        .and_then(|(_, card)| card.name.as_ref())
        .map_or(input.folder, |name| name.written().to_owned());
    builder.finish(name, input.path, files, input.problems)
}

/// A problem of which the line is found when the snapshot stands.
struct Pending {
    place: Place,
    level: Severity,
    message: String,
    hint: String,
}

struct Builder {
    settings: Settings,
    lookup: Lookup,
    cards: Vec<CardInfo>,
    /// Per card: the entity that it declares, once that is known.
    declared: Vec<Option<Entity>>,
    personas: Vec<Persona>,
    processes: Vec<Process>,
    steps: Vec<Step>,
    components: Vec<Component>,
    skills: Vec<Skill>,
    teams: Vec<Team>,
    people: Vec<Person>,
    scenarios: Vec<Scenario>,
    decisions: Vec<Decision>,
    duplicates: Vec<Duplicate>,
    unknown_references: Vec<UnknownReference>,
    names: Vec<Name>,
    name_index: HashMap<Arc<str>, NameId>,
    step_index: HashMap<(ProcessId, Arc<str>), StepId>,
    pending: Vec<Pending>,
}

impl Builder {
    fn new(files: &[Arc<CardFile>]) -> Self {
        let mut cards = Vec::new();
        for (file, content) in files.iter().enumerate() {
            let file = u32::try_from(file).unwrap_or(u32::MAX);
            cards.extend(content.cards.iter().map(|card| CardInfo {
                file,
                spot: card.spot,
            }));
        }
        Self {
            settings: Settings::defaults(),
            lookup: Lookup::default(),
            declared: vec![None; cards.len()],
            cards,
            personas: Vec::new(),
            processes: Vec::new(),
            steps: Vec::new(),
            components: Vec::new(),
            skills: Vec::new(),
            teams: Vec::new(),
            people: Vec::new(),
            scenarios: Vec::new(),
            decisions: Vec::new(),
            duplicates: Vec::new(),
            unknown_references: Vec::new(),
            names: Vec::new(),
            name_index: HashMap::new(),
            step_index: HashMap::new(),
            pending: Vec::new(),
        }
    }

    fn warn(&mut self, place: Place, message: String, hint: String) {
        self.pending.push(Pending {
            place,
            level: Severity::Warning,
            message,
            hint,
        });
    }

    /// The one card with the catalog's settings: that of `catalog.yaml` before any other.
    fn choose_catalog<'f>(
        &mut self,
        files: &'f [Arc<CardFile>],
    ) -> Option<(CardId, &'f CatalogCard)> {
        let all: Vec<_> = every_card(files)
            .filter_map(|(id, file, card)| match card {
                Card::Catalog(card) => Some((id, file, card)),
                _ => None,
            })
            .collect();
        let chosen = all
            .iter()
            .position(|(_, file, _)| &*file.path == "catalog.yaml")
            .unwrap_or(0);
        for (place, (id, _, _)) in all.iter().enumerate() {
            if place != chosen {
                let first = all.get(chosen).map_or("", |(_, file, _)| &file.path);
                self.pending.push(Pending {
                    place: Place {
                        card: *id,
                        path: FieldPath::CARD.key("kind"),
                    },
                    level: Severity::Error,
                    message: "this is a second Catalog, and was passed over".to_owned(),
                    hint: format!("Keep the settings in one card: {first} has them."),
                });
            }
        }
        all.get(chosen).map(|(id, _, card)| (*id, *card))
    }

    fn read_settings(&mut self, id: CardId, card: &CatalogCard) {
        let place = Place {
            card: id,
            path: FieldPath::CARD,
        };
        self.settings.place = Some(place);
        self.settings.description.clone_from(&card.description);
        let mut environments = distinct(&card.environments);
        if environments.len() > EnvironmentSet::MOST {
            self.pending.push(Pending {
                place: place.with(FieldPath::CARD.key("environments")),
                level: Severity::Error,
                message: format!(
                    "a catalog has at most {} environments",
                    EnvironmentSet::MOST
                ),
                hint: "Those beyond were passed over.".to_owned(),
            });
            environments.truncate(EnvironmentSet::MOST);
        }
        for (stated, setting) in [
            (environments, &mut self.settings.environments),
            (
                distinct(&card.access_levels),
                &mut self.settings.access_levels,
            ),
            (distinct(&card.risk_levels), &mut self.settings.risk_levels),
            (
                distinct(&card.skill_levels),
                &mut self.settings.skill_levels,
            ),
        ] {
            if !stated.is_empty() {
                *setting = stated;
            }
        }
        // Levels are small numbers; nobody has 256 of them.
        self.settings.access_levels.truncate(255);
        self.settings.risk_levels.truncate(255);
        self.settings.skill_levels.truncate(255);
        match &card.roles {
            Some(roles) => {
                let place = place.with(FieldPath::CARD.key("roles"));
                self.settings.roles = roles
                    .iter()
                    .map(|(name, level)| (name.clone(), self.access_level(level.as_ref(), place)))
                    .collect();
            }
            None => {
                // The default roles mean default levels, as far as the catalog has them.
                let levels = self.settings.access_levels.clone();
                for (role, word) in [
                    ("Reader", "read"),
                    ("Contributor", "write"),
                    ("Owner", "admin"),
                ] {
                    let level = position(&levels, &Name::new(word));
                    if let Some(entry) = self
                        .settings
                        .roles
                        .iter_mut()
                        .find(|(name, _)| name.is(&role.to_lowercase()))
                    {
                        entry.1 = level;
                    }
                }
            }
        }
        let count = |stated: Option<i64>, default| {
            stated.map_or(default, |value| {
                usize::try_from(value.max(0)).unwrap_or(default)
            })
        };
        let (min, max) = card.persona_count;
        self.settings.persona_count = (count(min, 5), count(max, 10));
        self.settings.rules.clone_from(&card.rules);
    }

    fn duty_sets(&mut self, id: CardId, sets: &[DutySetCard]) {
        for set in sets {
            let place = Place {
                card: id,
                path: FieldPath::CARD.item("separation_of_duties", set.at),
            };
            let mut duties = Vec::new();
            for duty in &set.duties {
                let place = place.with(place.path.item("duties", duty.at));
                if let Some(process) = &duty.process {
                    let target = DutyTarget::Process(self.process(process, place));
                    duties.push(Duty { target, place });
                }
                if let Some(component) = &duty.component {
                    let level =
                        self.access_level(duty.level.as_ref(), place.with(place.path.key("level")));
                    let target = DutyTarget::Component(self.component(component, place), level);
                    duties.push(Duty { target, place });
                }
            }
            let max = set
                .max
                .map_or(1, |max| usize::try_from(max.max(0)).unwrap_or(1));
            self.settings.duty_sets.push(DutySet {
                name: set.name.clone(),
                duties,
                max,
                place,
            });
        }
    }

    /// Gives every declared entity its number, and leaves later ones that share a word out.
    fn declare(&mut self, files: &[Arc<CardFile>]) {
        for (id, _, card) in every_card(files) {
            let place = Place {
                card: id,
                path: FieldPath::CARD,
            };
            let entity = match card {
                Card::Persona(card) => {
                    let next = PersonaId::from_index(self.personas.len());
                    let lookup = &mut self.lookup.personas;
                    match claim(
                        lookup,
                        &card.header,
                        next,
                        EntityKind::Persona,
                        Entity::Persona,
                        place,
                    ) {
                        Ok(()) => {
                            self.personas.push(persona_shell(card, place));
                            Some(Entity::Persona(next))
                        }
                        Err(duplicate) => self.duplicate(duplicate),
                    }
                }
                Card::Process(card) => {
                    let next = ProcessId::from_index(self.processes.len());
                    let lookup = &mut self.lookup.processes;
                    match claim(
                        lookup,
                        &card.header,
                        next,
                        EntityKind::Process,
                        Entity::Process,
                        place,
                    ) {
                        Ok(()) => {
                            self.processes.push(process_shell(
                                Some(&card.header),
                                &card.header.name,
                                place,
                            ));
                            Some(Entity::Process(next))
                        }
                        Err(duplicate) => self.duplicate(duplicate),
                    }
                }
                Card::Component(card) => {
                    let next = ComponentId::from_index(self.components.len());
                    let lookup = &mut self.lookup.components;
                    match claim(
                        lookup,
                        &card.header,
                        next,
                        EntityKind::Component,
                        Entity::Component,
                        place,
                    ) {
                        Ok(()) => {
                            self.components.push(component_shell(
                                Some(&card.header),
                                &card.header.name,
                                place,
                            ));
                            Some(Entity::Component(next))
                        }
                        Err(duplicate) => self.duplicate(duplicate),
                    }
                }
                Card::Skill(card) => {
                    let next = SkillId::from_index(self.skills.len());
                    let lookup = &mut self.lookup.skills;
                    match claim(
                        lookup,
                        &card.header,
                        next,
                        EntityKind::Skill,
                        Entity::Skill,
                        place,
                    ) {
                        Ok(()) => {
                            self.skills.push(skill_shell(
                                Some(&card.header),
                                &card.header.name,
                                place,
                            ));
                            Some(Entity::Skill(next))
                        }
                        Err(duplicate) => self.duplicate(duplicate),
                    }
                }
                Card::Team(card) => {
                    let next = TeamId::from_index(self.teams.len());
                    let lookup = &mut self.lookup.teams;
                    match claim(
                        lookup,
                        &card.header,
                        next,
                        EntityKind::Team,
                        Entity::Team,
                        place,
                    ) {
                        Ok(()) => {
                            self.teams.push(team_shell(
                                Some(&card.header),
                                &card.header.name,
                                place,
                            ));
                            Some(Entity::Team(next))
                        }
                        Err(duplicate) => self.duplicate(duplicate),
                    }
                }
                Card::Person(card) => {
                    let next = PersonId::from_index(self.people.len());
                    let lookup = &mut self.lookup.people;
                    match claim(
                        lookup,
                        &card.header,
                        next,
                        EntityKind::Person,
                        Entity::Person,
                        place,
                    ) {
                        Ok(()) => {
                            self.people.push(person_shell(card, place));
                            Some(Entity::Person(next))
                        }
                        Err(duplicate) => self.duplicate(duplicate),
                    }
                }
                Card::Scenario(card) => {
                    let next = ScenarioId::from_index(self.scenarios.len());
                    let lookup = &mut self.lookup.scenarios;
                    match claim(
                        lookup,
                        &card.header,
                        next,
                        EntityKind::Scenario,
                        Entity::Scenario,
                        place,
                    ) {
                        Ok(()) => {
                            self.scenarios.push(Scenario {
                                name: card.header.name.clone(),
                                description: card.header.description.clone(),
                                router: Vec::new(),
                                triggers: Vec::new(),
                                place,
                            });
                            Some(Entity::Scenario(next))
                        }
                        Err(duplicate) => self.duplicate(duplicate),
                    }
                }
                Card::Decision(card) => {
                    self.decisions.push(Decision {
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
                    });
                    None
                }
                Card::Catalog(_) => None,
            };
            self.declared[id.index()] = entity;
        }
    }

    fn duplicate(&mut self, duplicate: Duplicate) -> Option<Entity> {
        self.duplicates.push(duplicate);
        Some(Entity::Duplicate(DuplicateId::from_index(
            self.duplicates.len() - 1,
        )))
    }

    /// Looks words up, card by card in file order. What needs every card first is left for
    /// [`Self::resolve_late`].
    fn resolve(&mut self, files: &[Arc<CardFile>], settings_card: Option<CardId>) {
        for (id, _, card) in every_card(files) {
            let place = Place {
                card: id,
                path: FieldPath::CARD,
            };
            match (card, self.declared[id.index()]) {
                (Card::Catalog(card), _) if settings_card == Some(id) => {
                    self.duty_sets(id, &card.separation_of_duties);
                }
                (Card::Persona(card), Some(Entity::Persona(id))) => {
                    self.persona_links(id, card, place)
                }
                (Card::Process(card), Some(Entity::Process(id))) => {
                    self.process_links(id, card, place)
                }
                (Card::Component(card), Some(Entity::Component(id))) => {
                    self.component_links(id, card, place)
                }
                (Card::Skill(card), Some(Entity::Skill(id))) => self.skill_links(id, card, place),
                (Card::Person(card), Some(Entity::Person(id))) => {
                    self.person_links(id, card, place)
                }
                (Card::Scenario(card), Some(Entity::Scenario(id))) => {
                    self.scenario_links(id, card, place)
                }
                _ => {}
            }
        }
    }

    fn persona_links(&mut self, id: PersonaId, card: &PersonaCard, place: Place) {
        let subject = Entity::Persona(id);
        let at = |path| place.with(path);
        if let Some(team) = &card.team {
            let team = self.team(team, at(FieldPath::CARD.key("team")));
            self.personas[id.index()].team = Some(team);
        }
        let defaults_place = at(FieldPath::CARD.key("grant_defaults"));
        let defaults = self.grant(
            ComponentId(0),
            &card.grant_defaults,
            defaults_place,
            subject,
        );
        let mut grants = Vec::with_capacity(card.component_access.len());
        for GrantCard {
            component,
            fields,
            at: item,
        } in &card.component_access
        {
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
                ProcessPart {
                    process,
                    responsibility: part.responsibility,
                    place,
                }
            })
            .collect();
        let skills = self.skill_refs(&card.skills, place, FieldPath::CARD);
        let accountable = self.actors(
            &card.accountable,
            place,
            FieldPath::CARD,
            "accountable",
            subject,
        );
        let escalates_to = self.actors(
            &card.escalates_to,
            place,
            FieldPath::CARD,
            "escalates_to",
            subject,
        );
        // `override: {by: ...}` and `override: [...]` differ in the path; one that is not there leads
        // to the field itself, which is the right line for bare names.
        let by = FieldPath::CARD.key("override");
        let override_by = self.actors(&card.override_by, place, by, "by", subject);
        let invokes = self.persona_names(&card.invokes, place, FieldPath::CARD, "invokes", subject);
        let monitored_by = self.persona_names(
            &card.monitored_by,
            place,
            FieldPath::CARD,
            "monitored_by",
            subject,
        );
        let persona = &mut self.personas[id.index()];
        persona.grants = grants;
        persona.processes = processes;
        persona.skills = skills;
        persona.accountable = accountable;
        persona.escalates_to = escalates_to;
        persona.override_by = override_by;
        persona.invokes = invokes;
        persona.monitored_by = monitored_by;
    }

    fn grant(
        &mut self,
        component: ComponentId,
        fields: &GrantFields,
        place: Place,
        subject: Entity,
    ) -> Grant {
        let key = |name: &str| place.with(place.path.key(name));
        let mut level = self.access_level(fields.level.as_ref(), key("level"));
        let mut roles = fields.roles.clone();
        for word in &fields.level_or_roles {
            match position(&self.settings.access_levels, word) {
                Some(stated) => level = level.max(Some(stated)),
                None => roles.push(word.clone()),
            }
        }
        let environments = self.environments(&fields.environments, key("environments"));
        let max_risk = self.risk_level(fields.max_risk.as_ref(), key("max_risk"));
        let approval = self.actors(&fields.approval, place, place.path, "approval", subject);
        Grant {
            level,
            roles,
            environments,
            tools: distinct(&fields.tools),
            mode: fields.mode,
            phases: distinct(&fields.phases),
            max_risk,
            max_duration: fields.max_duration,
            starts: fields.starts,
            expires: fields.expires,
            auth: fields.auth.clone(),
            approval,
            reason: fields.reason.clone(),
            ..Grant::empty(component, place)
        }
    }

    fn process_links(&mut self, id: ProcessId, card: &ProcessCard, place: Place) {
        let part_of = card
            .part_of
            .iter()
            .map(|listed| {
                self.process(
                    &listed.name,
                    place.with(FieldPath::CARD.item("part_of", listed.at)),
                )
            })
            .collect();
        let uses = self.uses(&card.uses, place, FieldPath::CARD);
        let skills = self.skill_refs(&card.skills, place, FieldPath::CARD);
        let process = &mut self.processes[id.index()];
        process.part_of = part_of;
        process.process_loop = card.process_loop;
        process.phases.clone_from(&card.phases);
        process.uses = uses;
        process.skills = skills;
        for step in &card.steps {
            self.step(id, step, place);
        }
    }

    fn step(&mut self, process: ProcessId, card: &StepCard, place: Place) {
        let place = place.with(FieldPath::CARD.item("steps", card.at));
        let id = StepId::from_index(self.steps.len());
        let step_id = card.id.as_ref().unwrap_or(&card.name).clone();
        let uses = self.uses(&card.uses, place, place.path);
        let skills = self.skill_refs(&card.skills, place, place.path);
        let environments = self.environments(
            &card.environments,
            place.with(place.path.key("environments")),
        );
        let mut performers = Vec::with_capacity(card.performers.len());
        for performer in &card.performers {
            let place = place.with(place.path.item("performers", performer.at));
            let cap = self.access_level(
                performer.level.as_ref(),
                place.with(place.path.key("level")),
            );
            let persona = self
                .lookup
                .personas
                .get(performer.persona.folded())
                .copied();
            if persona.is_none() {
                self.unknown(Entity::Step(id), &performer.persona, "performers", place);
            }
            performers.push(Performer {
                name: performer.persona.clone(),
                persona,
                cap,
                place,
            });
        }
        if self
            .step_index
            .insert((process, step_id.key()), id)
            .is_some()
        {
            self.warn(
                place,
                format!("two steps of this process have the id `{step_id}`"),
                "Give each its own `id`.".to_owned(),
            );
        }
        self.processes[process.index()].steps.push(id);
        self.steps.push(Step {
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
        });
    }

    fn component_links(&mut self, id: ComponentId, card: &ComponentCard, place: Place) {
        let mut roles = Vec::with_capacity(card.roles.len());
        for role in &card.roles {
            let place = place.with(FieldPath::CARD.item("roles", role.at));
            let level = self.access_level(role.level.as_ref(), place.with(place.path.key("level")));
            let environments = self.environments(
                &role.environments,
                place.with(place.path.key("environments")),
            );
            roles.push(Role {
                name: role.name.clone(),
                level,
                environments,
                place,
            });
        }
        let mut skills = Vec::with_capacity(card.skills.len());
        for skill in &card.skills {
            let place = place.with(FieldPath::CARD.item("skills", skill.at));
            let from = self.access_level(skill.from.as_ref(), place.with(place.path.key("from")));
            let level = self.skill_level(skill.level.as_ref(), place.with(place.path.key("level")));
            skills.push(ComponentSkill {
                skill: self.skill(&skill.skill, place),
                from,
                level,
                place,
            });
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
            flows_to.push(Flow {
                component,
                label: flow.label.clone(),
                place,
            });
        }
        let mut alternatives = Vec::with_capacity(card.alternatives.len());
        for alternative in &card.alternatives {
            let place = place.with(FieldPath::CARD.item("alternatives", alternative.at));
            let component = self.component(&alternative.component, place);
            let removes = alternative
                .removes
                .iter()
                .map(|skill| self.skill(&skill.name, place))
                .collect();
            alternatives.push(Alternative {
                component,
                removes,
                place,
            });
        }
        let component = &mut self.components[id.index()];
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

    fn skill_links(&mut self, id: SkillId, card: &SkillCard, place: Place) {
        let implies = card
            .implies
            .iter()
            .map(|listed| {
                self.skill(
                    &listed.name,
                    place.with(FieldPath::CARD.item("implies", listed.at)),
                )
            })
            .collect();
        let skill = &mut self.skills[id.index()];
        skill.implies = implies;
        skill.learn.clone_from(&card.learn);
    }

    fn person_links(&mut self, id: PersonId, card: &PersonCard, place: Place) {
        let mut personas = Vec::with_capacity(card.personas.len());
        for embodied in &card.personas {
            let place = place.with(FieldPath::CARD.item("personas", embodied.at));
            let persona = self.lookup.personas.get(embodied.persona.folded()).copied();
            if persona.is_none() {
                self.unknown(Entity::Person(id), &embodied.persona, "personas", place);
            }
            let context = embodied.context.clone();
            personas.push(Embodied {
                name: embodied.persona.clone(),
                persona,
                context,
                place,
            });
        }
        let skills = self.skill_refs(&card.skills, place, FieldPath::CARD);
        let person = &mut self.people[id.index()];
        person.personas = personas;
        person.skills = skills;
    }

    fn scenario_links(&mut self, id: ScenarioId, card: &ScenarioCard, place: Place) {
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
        let scenario = &mut self.scenarios[id.index()];
        scenario.router = router;
        scenario.triggers = triggers;
    }

    /// What needs every entity: interactions (any persona's team is a team), next steps, the
    /// levels that grants have through roles.
    fn resolve_late(&mut self, files: &[Arc<CardFile>]) {
        for (id, _, card) in every_card(files) {
            let place = Place {
                card: id,
                path: FieldPath::CARD,
            };
            match (card, self.declared[id.index()]) {
                (Card::Persona(card), Some(Entity::Persona(id))) => {
                    let interactions = self.interactions(card, place);
                    self.personas[id.index()].interactions = interactions;
                    let mut grants = std::mem::take(&mut self.personas[id.index()].grants);
                    for grant in &mut grants {
                        *grant = self.with_levels(grant.clone());
                    }
                    self.personas[id.index()].grants = grants;
                }
                (Card::Process(card), Some(Entity::Process(id))) => self.next_steps(id, card),
                _ => {}
            }
        }
    }

    fn interactions(&mut self, card: &PersonaCard, place: Place) -> Vec<Interaction> {
        let mut interactions = Vec::with_capacity(card.primary_interaction.len());
        for interaction in &card.primary_interaction {
            let word = interaction.with.folded();
            let persona = self.lookup.personas.get(word).copied().map(Party::Persona);
            let party = persona.or_else(|| self.lookup.teams.get(word).copied().map(Party::Team));
            let party =
                party.unwrap_or_else(|| Party::Unknown(self.unknown_name(&interaction.with)));
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

    fn next_steps(&mut self, process: ProcessId, card: &ProcessCard) {
        let steps = self.processes[process.index()].steps.clone();
        for (step, card) in steps.into_iter().zip(&card.steps) {
            let place = self.steps[step.index()].place;
            let mut next = Vec::with_capacity(card.next.len());
            for target in &card.next {
                let place = place.with(place.path.item("next", target.at));
                let process = target
                    .process
                    .as_ref()
                    .map_or(process, |name| self.process(name, place));
                let found = match &target.step {
                    Some(name) => self.find_step(process, name),
                    None => self.processes[process.index()].steps.first().copied(),
                };
                if let (None, Some(name), true) = (
                    found,
                    &target.step,
                    self.processes[process.index()].declared,
                ) {
                    let known = self.processes[process.index()].steps.iter();
                    let known: Vec<_> = known
                        .map(|step| self.steps[step.index()].id.written())
                        .collect();
                    let hint = match nearest(name.written(), known) {
                        Some(near) => format!("Did you mean `{near}`?"),
                        None => "Write the id of a step, or {process: NAME, step: ID}.".to_owned(),
                    };
                    let message = format!(
                        "{} has no step `{name}`",
                        self.processes[process.index()].name
                    );
                    self.warn(place, message, hint);
                }
                next.push(NextStep {
                    process,
                    step: found,
                    place,
                });
            }
            self.steps[step.index()].next = next;
        }
    }

    fn find_step(&self, process: ProcessId, name: &Name) -> Option<StepId> {
        self.step_index
            .get(&(process, name.key()))
            .copied()
            .or_else(|| {
                let mut steps = self.processes[process.index()].steps.iter().copied();
                steps.find(|step| self.steps[step.index()].name == *name)
            })
    }

    /// The level of a grant in each environment, and without one, as its roles and tools give it.
    fn with_levels(&self, mut grant: Grant) -> Grant {
        let component = &self.components[grant.component.index()];
        grant.unknown_roles = grant
            .roles
            .iter()
            .filter(|role| {
                !component.roles.iter().any(|own| own.name == **role)
                    && !self.settings.roles.iter().any(|(name, _)| name == *role)
            })
            .cloned()
            .collect();
        let by_tools = (grant.level.is_none() && grant.roles.is_empty() && !grant.tools.is_empty())
            .then(|| {
                let every = grant.has_every_tool();
                let tools = component.tools.iter();
                tools
                    .filter(|(name, _)| every || grant.tools.contains(name))
                    .filter_map(|(_, level)| *level)
                    .max()
            })
            .flatten();
        let level_in = |environment: Option<usize>| {
            let by_roles = grant
                .roles
                .iter()
                .filter_map(|role| self.role_level(component, role, environment))
                .max();
            grant.level.max(by_roles).max(by_tools)
        };
        let without = level_in(None);
        let levels = if grant.environments.is_empty() {
            Vec::new()
        } else {
            (0..self.settings.environments.len())
                .map(|environment| level_in(Some(environment)))
                .collect()
        };
        grant.with_levels(levels, without)
    }

    fn role_level(
        &self,
        component: &Component,
        role: &Name,
        environment: Option<usize>,
    ) -> Option<Level> {
        let own: Vec<&Role> = component
            .roles
            .iter()
            .filter(|own| own.name == *role)
            .collect();
        if own.is_empty() {
            return self
                .settings
                .roles
                .iter()
                .find(|(name, _)| name == role)
                .and_then(|(_, level)| *level);
        }
        let general = own.iter().any(|entry| entry.environments.is_empty());
        own.iter()
            .filter(|entry| match environment {
                Some(environment) => {
                    entry.environments.is_empty() || entry.environments.contains(environment)
                }
                None => entry.environments.is_empty() || !general,
            })
            .filter_map(|entry| entry.level)
            .max()
    }

    fn uses(&mut self, uses: &[UseCard], place: Place, path: FieldPath) -> Vec<Use> {
        let mut resolved = Vec::with_capacity(uses.len());
        for used in uses {
            let place = place.with(path.item("uses", used.at));
            let level = self.access_level(used.level.as_ref(), place.with(place.path.key("level")));
            let environments = self.environments(
                &used.environments,
                place.with(place.path.key("environments")),
            );
            let component = self.component(&used.component, place);
            resolved.push(Use {
                component,
                level,
                environments,
                tools: distinct(&used.tools),
                place,
            });
        }
        resolved
    }

    fn skill_refs(
        &mut self,
        skills: &[SkillCardRef],
        place: Place,
        path: FieldPath,
    ) -> Vec<SkillRef> {
        let mut resolved = Vec::with_capacity(skills.len());
        for skill in skills {
            let place = place.with(path.item("skills", skill.at));
            let level = self.skill_level(skill.level.as_ref(), place.with(place.path.key("level")));
            resolved.push(SkillRef {
                skill: self.skill(&skill.skill, place),
                level,
                place,
            });
        }
        resolved
    }

    fn actors(
        &mut self,
        names: &[Listed],
        place: Place,
        path: FieldPath,
        field: &'static str,
        subject: Entity,
    ) -> Vec<Named<Actor>> {
        let mut resolved = Vec::with_capacity(names.len());
        for Listed { name, at } in names {
            let place = place.with(path.item(field, *at));
            let persona = self
                .lookup
                .personas
                .get(name.folded())
                .copied()
                .map(Actor::Persona);
            let target = persona.or_else(|| {
                self.lookup
                    .people
                    .get(name.folded())
                    .copied()
                    .map(Actor::Person)
            });
            if target.is_none() {
                let field = if field == "by" { "override" } else { field };
                self.unknown(subject, name, field, place);
            }
            resolved.push(Named {
                name: name.clone(),
                target,
                place,
            });
        }
        resolved
    }

    fn persona_names(
        &mut self,
        names: &[Listed],
        place: Place,
        path: FieldPath,
        field: &'static str,
        subject: Entity,
    ) -> Vec<Named<PersonaId>> {
        let mut resolved = Vec::with_capacity(names.len());
        for Listed { name, at } in names {
            let place = place.with(path.item(field, *at));
            let target = self.lookup.personas.get(name.folded()).copied();
            if target.is_none() {
                self.unknown(subject, name, field, place);
            }
            resolved.push(Named {
                name: name.clone(),
                target,
                place,
            });
        }
        resolved
    }

    fn unknown(&mut self, subject: Entity, name: &Name, field: &'static str, place: Place) {
        let name = self.unknown_name(name);
        self.unknown_references.push(UnknownReference {
            subject,
            name,
            field,
            place,
        });
    }

    fn unknown_name(&mut self, name: &Name) -> NameId {
        let next = NameId::from_index(self.names.len());
        let names = &mut self.names;
        *self.name_index.entry(name.key()).or_insert_with(|| {
            names.push(name.clone());
            next
        })
    }

    fn process(&mut self, name: &Name, place: Place) -> ProcessId {
        let (table, lookup) = (&mut self.processes, &mut self.lookup.processes);
        find_or_add(table, lookup, name, ProcessId::from_index, || {
            process_shell(None, name, place)
        })
    }

    fn component(&mut self, name: &Name, place: Place) -> ComponentId {
        let (table, lookup) = (&mut self.components, &mut self.lookup.components);
        find_or_add(table, lookup, name, ComponentId::from_index, || {
            component_shell(None, name, place)
        })
    }

    fn skill(&mut self, name: &Name, place: Place) -> SkillId {
        let (table, lookup) = (&mut self.skills, &mut self.lookup.skills);
        find_or_add(table, lookup, name, SkillId::from_index, || {
            skill_shell(None, name, place)
        })
    }

    fn team(&mut self, name: &Name, place: Place) -> TeamId {
        let (table, lookup) = (&mut self.teams, &mut self.lookup.teams);
        find_or_add(table, lookup, name, TeamId::from_index, || {
            team_shell(None, name, place)
        })
    }

    fn access_level(&mut self, word: Option<&Name>, place: Place) -> Option<Level> {
        self.word(
            word,
            place,
            |settings| &settings.access_levels,
            "access level",
        )
    }

    fn risk_level(&mut self, word: Option<&Name>, place: Place) -> Option<Level> {
        self.word(word, place, |settings| &settings.risk_levels, "risk level")
    }

    fn word(
        &mut self,
        word: Option<&Name>,
        place: Place,
        vocabulary: fn(&Settings) -> &Vec<Name>,
        what: &str,
    ) -> Option<Level> {
        let word = word?;
        let level = position(vocabulary(&self.settings), word);
        if level.is_none() {
            let hint = known_words(word, vocabulary(&self.settings));
            self.warn(
                place,
                format!("`{word}` is no {what} of this catalog"),
                hint,
            );
        }
        level
    }

    fn skill_level(&mut self, level: Option<&SkillLevelCard>, place: Place) -> Option<Level> {
        match level? {
            SkillLevelCard::Word(word) => self.word(
                Some(word),
                place,
                |settings| &settings.skill_levels,
                "skill level",
            ),
            SkillLevelCard::Number(number) => {
                let most = self.settings.skill_levels.len();
                let level = usize::try_from(*number)
                    .ok()
                    .filter(|number| (1..=most).contains(number));
                if level.is_none() {
                    let hint = format!("Write a number from 1 to {most}.");
                    self.warn(
                        place,
                        format!("{number} is no skill level of this catalog"),
                        hint,
                    );
                }
                level
                    .and_then(|number| u8::try_from(number - 1).ok())
                    .map(Level)
            }
        }
    }

    fn environments(&mut self, names: &[Name], place: Place) -> EnvironmentSet {
        let mut set = EnvironmentSet::NONE;
        for name in names {
            match position(&self.settings.environments, name) {
                Some(environment) => set = set.union(EnvironmentSet::one(environment.index())),
                None => {
                    let hint = known_words(name, &self.settings.environments);
                    self.warn(
                        place,
                        format!("`{name}` is no environment of this catalog"),
                        hint,
                    );
                }
            }
        }
        set
    }

    fn finish(
        self,
        name: String,
        path: String,
        files: Vec<Arc<CardFile>>,
        mut problems: Vec<Problem>,
    ) -> Catalog {
        problems.extend(files.iter().flat_map(|file| file.problems.iter().cloned()));
        let order: HashMap<Arc<str>, usize> = files
            .iter()
            .enumerate()
            .map(|(place, file)| (file.path.clone(), place))
            .collect();
        let sources = files
            .into_iter()
            .map(|file| Source {
                file,
                map: OnceLock::new(),
            })
            .collect();
        let mut catalog = Catalog {
            name,
            path,
            settings: self.settings,
            problems: Vec::new(),
            personas: self.personas,
            processes: self.processes,
            steps: self.steps,
            components: self.components,
            skills: self.skills,
            teams: self.teams,
            people: self.people,
            scenarios: self.scenarios,
            decisions: self.decisions,
            duplicates: self.duplicates,
            unknown_references: self.unknown_references,
            names: self.names,
            cards: self.cards,
            sources,
            lookup: self.lookup,
        };
        problems.extend(self.pending.into_iter().map(|pending| {
            let location = catalog.locate(pending.place);
            Problem {
                file: location.file.to_owned(),
                line: location.position.line,
                column: location.position.column,
                level: pending.level,
                message: pending.message,
                hint: pending.hint,
            }
        }));
        problems.sort_by(|left, right| {
            let key = |problem: &Problem| {
                (
                    order
                        .get(problem.file.as_str())
                        .copied()
                        .unwrap_or(usize::MAX),
                    problem.line,
                    problem.column,
                )
            };
            key(left).cmp(&key(right)).then_with(|| left.cmp(right))
        });
        catalog.problems = problems;
        catalog
    }
}

/// Every card of every file, with its number.
fn every_card(files: &[Arc<CardFile>]) -> impl Iterator<Item = (CardId, &Arc<CardFile>, &Card)> {
    files
        .iter()
        .flat_map(|file| file.cards.iter().map(move |placed| (file, &placed.card)))
        .enumerate()
        .map(|(place, (file, card))| (CardId::from_index(place), file, card))
}

/// Takes all words of an entity, or says with whom it shares one.
fn claim<T: Copy + Eq + Hash>(
    lookup: &mut HashMap<Arc<str>, T>,
    header: &Header,
    id: T,
    kind: EntityKind,
    entity: fn(T) -> Entity,
    place: Place,
) -> Result<(), Duplicate> {
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
        return Err(Duplicate {
            kind,
            id,
            name,
            shared,
            place,
        });
    }
    for word in header.words() {
        lookup.insert(word.key(), id);
    }
    Ok(())
}

fn find_or_add<T, I: Copy>(
    table: &mut Vec<T>,
    lookup: &mut HashMap<Arc<str>, I>,
    name: &Name,
    id: fn(usize) -> I,
    new: impl FnOnce() -> T,
) -> I {
    if let Some(known) = lookup.get(name.folded()) {
        return *known;
    }
    let next = id(table.len());
    table.push(new());
    lookup.insert(name.key(), next);
    next
}

fn with_defaults(mut grant: Grant, defaults: &Grant) -> Grant {
    fn fill<T: Clone>(field: &mut Option<T>, default: &Option<T>) {
        if field.is_none() {
            field.clone_from(default);
        }
    }
    fn fill_list<T: Clone>(field: &mut Vec<T>, default: &[T]) {
        if field.is_empty() {
            field.extend_from_slice(default);
        }
    }
    fill(&mut grant.level, &defaults.level);
    fill_list(&mut grant.roles, &defaults.roles);
    if grant.environments.is_empty() {
        grant.environments = defaults.environments;
    }
    fill_list(&mut grant.tools, &defaults.tools);
    fill(&mut grant.mode, &defaults.mode);
    fill_list(&mut grant.phases, &defaults.phases);
    fill(&mut grant.max_risk, &defaults.max_risk);
    fill(&mut grant.max_duration, &defaults.max_duration);
    fill(&mut grant.starts, &defaults.starts);
    fill(&mut grant.expires, &defaults.expires);
    fill(&mut grant.auth, &defaults.auth);
    fill_list(&mut grant.approval, &defaults.approval);
    fill(&mut grant.reason, &defaults.reason);
    grant
}

fn position(vocabulary: &[Name], word: &Name) -> Option<Level> {
    let place = vocabulary.iter().position(|known| known == word)?;
    u8::try_from(place).ok().map(Level)
}

fn known_words(word: &Name, vocabulary: &[Name]) -> String {
    let words: Vec<_> = vocabulary.iter().map(Name::written).collect();
    let known = words.join(", ");
    match nearest(word.written(), words) {
        Some(near) => {
            format!("Did you mean `{near}`? Known are {known}. Until then it counts as not stated.")
        }
        None => format!("Known are {known}. Until then it counts as not stated."),
    }
}

fn distinct(names: &[Name]) -> Vec<Name> {
    let mut out: Vec<Name> = Vec::with_capacity(names.len());
    for name in names {
        if !out.contains(name) {
            out.push(name.clone());
        }
    }
    out
}

fn persona_shell(card: &PersonaCard, place: Place) -> Persona {
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

fn process_shell(header: Option<&Header>, name: &Name, place: Place) -> Process {
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

fn component_shell(header: Option<&Header>, name: &Name, place: Place) -> Component {
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

fn skill_shell(header: Option<&Header>, name: &Name, place: Place) -> Skill {
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

fn team_shell(header: Option<&Header>, name: &Name, place: Place) -> Team {
    Team {
        name: name.clone(),
        aliases: header.map(other_words).unwrap_or_default(),
        description: header.and_then(|header| header.description.clone()),
        declared: header.is_some(),
        place,
    }
}

fn person_shell(card: &PersonCard, place: Place) -> Person {
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

/// The words beside the name: an id of its own, and the aliases.
fn other_words(header: &Header) -> Vec<Name> {
    header.id.iter().chain(&header.aliases).cloned().collect()
}
