//! Words -> entities and levels. What is not there is added as undeclared, noted as unknown, or warned of.

use super::declare::{component_shell, process_shell, skill_shell, team_shell};
use super::*;

impl Builder {
    pub(super) fn uses(&mut self, uses: &[UseCard], place: Place, path: FieldPath) -> Vec<Use> {
        let mut resolved = Vec::with_capacity(uses.len());
        for used in uses {
            let place = place.with(path.item("uses", used.at));
            let level = self.access_level(used.level.as_ref(), place.with(place.path.key("level")));
            let environments =
                self.environments(&used.environments, place.with(place.path.key("environments")));
            let component = self.component(&used.component, place);
            resolved.push(Use { component, level, environments, tools: distinct(&used.tools), place });
        }
        resolved
    }

    pub(super) fn skill_refs(
        &mut self,
        skills: &[SkillCardRef],
        place: Place,
        path: FieldPath,
    ) -> Vec<SkillRef> {
        let mut resolved = Vec::with_capacity(skills.len());
        for skill in skills {
            let place = place.with(path.item("skills", skill.at));
            let level = self.skill_level(skill.level.as_ref(), place.with(place.path.key("level")));
            resolved.push(SkillRef { skill: self.skill(&skill.skill, place), level, place });
        }
        resolved
    }

    pub(super) fn actors(
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
            let persona = self.lookup.personas.get(name.folded()).copied().map(Actor::Persona);
            let target =
                persona.or_else(|| self.lookup.people.get(name.folded()).copied().map(Actor::Person));
            if target.is_none() {
                let field = if field == "by" { "override" } else { field };
                self.unknown(subject, name, field, place);
            }
            resolved.push(Named { name: name.clone(), target, place });
        }
        resolved
    }

    pub(super) fn persona_names(
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
            resolved.push(Named { name: name.clone(), target, place });
        }
        resolved
    }

    pub(super) fn unknown(&mut self, subject: Entity, name: &Name, field: &'static str, place: Place) {
        let name = self.unknown_name(name);
        self.unknown_references.push(UnknownReference { subject, name, field, place });
    }

    pub(super) fn unknown_name(&mut self, name: &Name) -> NameId {
        let next = NameId::from_index(self.names.len());
        let names = &mut self.names;
        *self.name_index.entry(name.key()).or_insert_with(|| {
            names.push(name.clone());
            next
        })
    }

    pub(super) fn process(&mut self, name: &Name, place: Place) -> ProcessId {
        let (table, lookup) = (&mut self.processes, &mut self.lookup.processes);
        let id = find_or_add(table, lookup, name, ProcessId::from_index, || process_shell(None, name, place));
        let declared = table[id.index()].declared;
        self.note_use(id, declared, name, place);
        id
    }

    pub(super) fn component(&mut self, name: &Name, place: Place) -> ComponentId {
        let (table, lookup) = (&mut self.components, &mut self.lookup.components);
        let id =
            find_or_add(table, lookup, name, ComponentId::from_index, || component_shell(None, name, place));
        let declared = table[id.index()].declared;
        self.note_use(id, declared, name, place);
        id
    }

    pub(super) fn skill(&mut self, name: &Name, place: Place) -> SkillId {
        let (table, lookup) = (&mut self.skills, &mut self.lookup.skills);
        let id = find_or_add(table, lookup, name, SkillId::from_index, || skill_shell(None, name, place));
        let declared = table[id.index()].declared;
        self.note_use(id, declared, name, place);
        id
    }

    pub(super) fn team(&mut self, name: &Name, place: Place) -> TeamId {
        let (table, lookup) = (&mut self.teams, &mut self.lookup.teams);
        let id = find_or_add(table, lookup, name, TeamId::from_index, || team_shell(None, name, place));
        let declared = table[id.index()].declared;
        self.note_use(id, declared, name, place);
        id
    }

    fn note_use(&mut self, entity: impl Into<Entity>, declared: bool, name: &Name, place: Place) {
        if let Some(uses) = self.uses_of_undeclared.as_mut().filter(|_| !declared) {
            uses.push(Touch { entity: entity.into(), name: name.clone(), place });
        }
    }

    pub(super) fn access_level(&mut self, word: Option<&Name>, place: Place) -> Option<Level> {
        self.word(word, place, |settings| &settings.access_levels, "access level")
    }

    pub(super) fn risk_level(&mut self, word: Option<&Name>, place: Place) -> Option<Level> {
        self.word(word, place, |settings| &settings.risk_levels, "risk level")
    }

    pub(super) fn word(
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
            self.warn(place, format!("`{word}` is no {what} of this catalog"), hint);
        }
        level
    }

    pub(super) fn skill_level(&mut self, level: Option<&SkillLevelCard>, place: Place) -> Option<Level> {
        match level? {
            SkillLevelCard::Word(word) => {
                self.word(Some(word), place, |settings| &settings.skill_levels, "skill level")
            }
            SkillLevelCard::Number(number) => {
                let most = self.settings.skill_levels.len();
                let level = usize::try_from(*number).ok().filter(|number| (1..=most).contains(number));
                if level.is_none() {
                    let hint = format!("Write a number from 1 to {most}.");
                    self.warn(place, format!("{number} is no skill level of this catalog"), hint);
                }
                level.and_then(|number| u8::try_from(number - 1).ok()).map(Level)
            }
        }
    }

    pub(super) fn environments(&mut self, names: &[Name], place: Place) -> EnvironmentSet {
        let mut set = EnvironmentSet::NONE;
        for name in names {
            match position(&self.settings.environments, name) {
                Some(environment) => set = set.union(EnvironmentSet::one(environment.index())),
                None => {
                    let hint = known_words(name, &self.settings.environments);
                    self.warn(place, format!("`{name}` is no environment of this catalog"), hint);
                }
            }
        }
        set
    }
}

pub(super) fn find_or_add<T, I: Copy>(
    table: &mut Vec<Arc<T>>,
    lookup: &mut Index<I>,
    name: &Name,
    id: fn(usize) -> I,
    new: impl FnOnce() -> T,
) -> I {
    if let Some(known) = lookup.get(name.folded()) {
        return *known;
    }
    let next = id(table.len());
    table.push(Arc::new(new()));
    Arc::make_mut(lookup).insert(name.key(), next);
    next
}

pub(super) fn position(vocabulary: &[Name], word: &Name) -> Option<Level> {
    let place = vocabulary.iter().position(|known| known == word)?;
    u8::try_from(place).ok().map(Level)
}

pub(super) fn known_words(word: &Name, vocabulary: &[Name]) -> String {
    let words: Vec<_> = vocabulary.iter().map(Name::written).collect();
    let known = words.join(", ");
    match nearest(word.written(), words) {
        Some(near) => {
            format!("Did you mean `{near}`? Known are {known}. Until then it counts as not stated.")
        }
        None => format!("Known are {known}. Until then it counts as not stated."),
    }
}

pub(super) fn distinct(names: &[Name]) -> Vec<Name> {
    let mut out: Vec<Name> = Vec::with_capacity(names.len());
    for name in names {
        if !out.contains(name) {
            out.push(name.clone());
        }
    }
    out
}
