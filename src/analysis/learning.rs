//! Who should learn what, in which order, by which course, and what that comes to; and who knows what.
//!
//! A plan is made of findings and holds for one snapshot. What it comes to is computed, not estimated:
//! the skills are written on the cards of a copy and the copy is analysed. Nobody's time is planned here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::card::edit::Change;
use crate::card::kinds::CourseCard;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::catalog::{CardEdit, Catalog, Entity, PersonId, PersonaId, Place, SkillId};

use super::fixes::{Outcome, learners};
use super::view::requirement_source;
use super::{Analysis, Severity};

/// A skill that a person should learn.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Who.
    pub person: PersonId,
    /// What.
    pub skill: SkillId,
    /// Other skills that the person lacks and that come with it.
    pub also: Vec<SkillId>,
    /// The personas of the person that ask for it, each with the processes, steps and components that do.
    pub asked_by: Vec<(PersonaId, Vec<Entity>)>,
    /// Whether work in production asks for it.
    pub in_production: bool,
    /// The open findings that go once it is learnt, after the lessons before it, by place.
    pub closes: Vec<usize>,
    /// How many processes, steps and components ask for it.
    pub dependents: usize,
}

impl Lesson {
    /// The worst finding that goes.
    #[must_use]
    pub fn severity(&self, analysis: &Analysis) -> Option<Severity> {
        self.closes.iter().map(|place| analysis.findings[*place].severity).min()
    }
}

/// How a course fits a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is stated for the skill.
    Own,
    /// It is stated for a skill that implies this one, and so teaches more.
    Wider,
    /// It is stated for a skill that this one implies, and so teaches a part.
    Part,
}

/// A course for a skill.
#[derive(Clone, Copy, Debug)]
pub struct Course<'a> {
    /// The course.
    pub card: &'a CourseCard,
    /// The skill whose card states it.
    pub of: SkillId,
    /// How it fits.
    pub fit: Fit,
}

/// The courses for a skill: its own; else those of skills that imply it; else those of skills that it
/// implies. Empty where the catalog states none.
#[must_use]
pub fn courses(analysis: &Analysis, skill: SkillId) -> Vec<Course<'_>> {
    let of = |of: SkillId, fit: Fit| {
        let learn = &analysis.catalog.skills[of.index()].learn;
        learn.iter().filter(|card| card.title.is_some() || card.url.is_some()).map(move |card| Course {
            card,
            of,
            fit,
        })
    };
    let own: Vec<Course<'_>> = of(skill, Fit::Own).collect();
    if !own.is_empty() {
        return own;
    }
    let implied = &analysis.facts.implied;
    let wider = (0..implied.len())
        .map(SkillId::from_index)
        .filter(|other| *other != skill && implied[other.index()].contains(&skill));
    let wider: Vec<Course<'_>> = wider.flat_map(|other| of(other, Fit::Wider)).collect();
    if !wider.is_empty() {
        return wider;
    }
    implied[skill.index()]
        .iter()
        .filter(|part| **part != skill)
        .flat_map(|part| of(*part, Fit::Part))
        .collect()
}

/// What people should learn, best first, and what it comes to.
#[derive(Debug)]
pub struct Plan {
    /// The lessons, in order of benefit.
    pub lessons: Vec<Lesson>,
    /// How many lessons more there are beyond the budget.
    pub beyond: usize,
    /// Open findings about missing skills that no course for a person closes, by place: those of agents,
    /// and of personas that nobody embodies.
    pub untaught: Vec<usize>,
    /// What the lessons come to; nothing where there is none, or a card cannot be changed.
    pub outcome: Option<Outcome>,
}

/// Plans what people should learn: all of them or one, as many lessons as the budget has courses.
#[must_use]
pub fn plan(analysis: &Analysis, person: Option<PersonId>, budget: Option<usize>) -> Plan {
    let mut open = wanted(analysis);
    open.retain(|lesson| person.is_none_or(|person| lesson.person == person));
    let count = open.len();
    let mut known = Known::of(analysis);
    for lesson in &mut open {
        lesson.closes = closes(analysis, &known, lesson);
    }
    let mut lessons: Vec<Lesson> = Vec::new();
    while lessons.len() < budget.unwrap_or(count) {
        let Some(best) = (0..open.len()).min_by_key(|&at| rank(analysis, &open[at])) else { break };
        let lesson = open.remove(best);
        known.learn(analysis, &lesson);
        // What one learns changes what is left for others who learn the same only.
        for other in open.iter_mut().filter(|other| other.skill == lesson.skill) {
            other.closes = closes(analysis, &known, other);
        }
        lessons.push(lesson);
    }
    let edits = edits(analysis, &known, &lessons);
    let outcome = if lessons.is_empty() { None } else { analysis.outcome(&edits).ok() };
    // Who asks about one person does not ask about agents.
    let untaught = if person.is_some() { Vec::new() } else { untaught(analysis) };
    Plan { beyond: count - lessons.len(), lessons, untaught, outcome }
}

/// Findings closed, severity, production first, how many depend on it; then in file order.
type Rank = (Reverse<usize>, Option<Severity>, Reverse<bool>, Reverse<usize>, PersonId, SkillId);

fn rank(analysis: &Analysis, lesson: &Lesson) -> Rank {
    (
        Reverse(lesson.closes.len()),
        lesson.severity(analysis),
        Reverse(lesson.in_production),
        Reverse(lesson.dependents),
        lesson.person,
        lesson.skill,
    )
}

/// What people know, and will know.
struct Known(Vec<HashSet<SkillId>>);

impl Known {
    fn of(analysis: &Analysis) -> Self {
        Self(analysis.facts.people.iter().map(|held| held.iter().map(|held| held.skill).collect()).collect())
    }

    fn learn(&mut self, analysis: &Analysis, lesson: &Lesson) {
        self.0[lesson.person.index()].extend(&analysis.facts.implied[lesson.skill.index()]);
    }

    fn has(&self, person: PersonId, skill: SkillId) -> bool {
        self.0[person.index()].contains(&skill)
    }
}

/// The lessons that open findings ask for.
fn wanted(analysis: &Analysis) -> Vec<Lesson> {
    let mut lacking: BTreeMap<PersonId, BTreeSet<SkillId>> = BTreeMap::new();
    let mut single: Vec<SkillId> = Vec::new();
    for finding in analysis.findings.iter().filter(|finding| finding.is_open()) {
        match (finding.rule.id, finding.subject, finding.object) {
            ("untrained-person", Entity::Person(person), Some(Entity::Skill(skill))) => {
                lacking.entry(person).or_default().insert(skill);
            }
            ("single-holder", Entity::Skill(skill), _) => single.push(skill),
            _ => {}
        }
    }
    let implied = &analysis.facts.implied;
    let gives = |learnt: SkillId, skill: SkillId| implied[learnt.index()].contains(&skill);
    single.sort_unstable();
    for skill in single {
        let is_taught = lacking.values().flatten().any(|learnt| gives(*learnt, skill));
        if let Some(second) = learners(&analysis.context(), skill).first().filter(|_| !is_taught) {
            lacking.entry(*second).or_default().insert(skill);
        }
    }
    let mut lessons = Vec::new();
    for (person, skills) in &lacking {
        for skill in skills {
            // What comes with another lesson needs none of its own. Of two that imply each other the first stays.
            let comes_along = skills.iter().any(|other| {
                other != skill && gives(*other, *skill) && (!gives(*skill, *other) || other < skill)
            });
            if !comes_along {
                let also = skills.iter().copied().filter(|other| other != skill && gives(*skill, *other));
                lessons.push(lesson(analysis, *person, *skill, also.collect()));
            }
        }
    }
    lessons
}

fn lesson(analysis: &Analysis, person: PersonId, skill: SkillId, also: Vec<SkillId>) -> Lesson {
    let mut asked_by: Vec<(PersonaId, Vec<Entity>)> = Vec::new();
    let mut in_production = false;
    let mut all: BTreeSet<Entity> = BTreeSet::new();
    let own = &analysis.catalog.people[person.index()].personas;
    for persona in own.iter().filter_map(|embodied| embodied.persona) {
        let facts = analysis.facts.of_persona(persona);
        let mut asking: Vec<Entity> = Vec::new();
        for skill in std::iter::once(&skill).chain(&also) {
            for requirement in facts.requirements_of(*skill) {
                in_production |= requirement.in_production;
                let source = requirement_source(requirement.source);
                if !asking.contains(&source) {
                    asking.push(source);
                }
            }
        }
        let is_listed =
            analysis.catalog.personas[persona.index()].skills.iter().any(|own| own.skill == skill);
        if (is_listed || !asking.is_empty()) && !asked_by.iter().any(|(known, _)| *known == persona) {
            all.extend(&asking);
            asked_by.push((persona, asking));
        }
    }
    Lesson { person, skill, also, asked_by, in_production, closes: Vec::new(), dependents: all.len() }
}

/// The open findings that go once a lesson is learnt, given what is known by then.
fn closes(analysis: &Analysis, known: &Known, lesson: &Lesson) -> Vec<usize> {
    let mut closed = Vec::new();
    for skill in std::iter::once(&lesson.skill).chain(&lesson.also) {
        for (place, finding) in analysis.about(Entity::Skill(*skill)).filter(|(_, finding)| finding.is_open())
        {
            let goes = match (finding.rule.id, finding.subject) {
                ("untrained-person", Entity::Person(person)) => person == lesson.person,
                ("single-holder", _) => !second_knows(analysis, known, *skill),
                ("missing-skill", Entity::Persona(persona)) => {
                    completes(analysis, known, lesson, persona, *skill)
                }
                ("uncovered-skill", _) => (0..analysis.catalog.personas.len())
                    .map(PersonaId::from_index)
                    .any(|persona| completes(analysis, known, lesson, persona, *skill)),
                _ => false,
            };
            if goes {
                closed.push(place);
            }
        }
    }
    closed.sort_unstable();
    closed.dedup();
    closed
}

fn second_knows(analysis: &Analysis, known: &Known, skill: SkillId) -> bool {
    let people = analysis.catalog.people.iter().enumerate().filter(|(_, person)| person.active);
    people.filter(|(index, _)| known.has(PersonId::from_index(*index), skill)).count() > 1
}

/// Whether all who embody a persona that asks for a skill know it then, and the card may say so.
fn completes(
    analysis: &Analysis,
    known: &Known,
    lesson: &Lesson,
    persona: PersonaId,
    skill: SkillId,
) -> bool {
    let facts = analysis.facts.of_persona(persona);
    let people = &analysis.facts.embodied_by[persona.index()];
    people.contains(&lesson.person)
        && !facts.requirements_of(skill).is_empty()
        && facts.held(skill).is_none()
        && people.iter().all(|person| *person == lesson.person || known.has(*person, skill))
}

fn edits(analysis: &Analysis, known: &Known, lessons: &[Lesson]) -> Vec<CardEdit> {
    let catalog = &analysis.catalog;
    let mut edits = Vec::new();
    let mut recorded: BTreeSet<(PersonaId, SkillId)> = BTreeSet::new();
    for lesson in lessons {
        edits.push(list(catalog, catalog.people[lesson.person.index()].place, lesson.skill));
        for skill in std::iter::once(&lesson.skill).chain(&lesson.also) {
            for (persona, _) in &lesson.asked_by {
                if completes(analysis, known, lesson, *persona, *skill) && recorded.insert((*persona, *skill))
                {
                    edits.push(list(catalog, catalog.personas[persona.index()].place, *skill));
                }
            }
        }
    }
    edits
}

fn list(catalog: &Catalog, card: Place, skill: SkillId) -> CardEdit {
    let name = Node::Text(catalog.id(skill.into()).as_ref().into());
    CardEdit::at(card.with(FieldPath::CARD.key("skills")), Change::Insert(usize::MAX, name))
}

fn untaught(analysis: &Analysis) -> Vec<usize> {
    let is_of_nobody = |persona: PersonaId| {
        !analysis.catalog.personas[persona.index()].is_human()
            || analysis.facts.embodied_by[persona.index()].is_empty()
    };
    analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.is_open() && finding.rule.id == "missing-skill")
        .filter(|(_, finding)| matches!(finding.subject, Entity::Persona(persona) if is_of_nobody(persona)))
        .map(|(place, _)| place)
        .collect()
}

/// How a skill is covered by people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// Work of humans asks for it, and nobody who is there knows it.
    Nobody,
    /// One who is there knows it.
    One,
    /// Several know it.
    Several,
    /// Only work of agents asks for it, and nobody knows it.
    Agents,
    /// Nothing asks for it.
    Unasked,
}

impl Cover {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::One => "one",
            Self::Several => "several",
            Self::Agents => "agents only",
            Self::Unasked => "not asked for",
        }
    }
}

/// Who asks for a skill, and who has it.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The skill.
    pub skill: SkillId,
    /// How it is covered.
    pub cover: Cover,
    /// Personas whose work asks for it.
    pub asked_by: Vec<PersonaId>,
    /// Active people who know it.
    pub known_by: Vec<PersonId>,
    /// Active people whose work asks for it and who do not know it.
    pub lacked_by: Vec<PersonId>,
}

/// Skill by skill, the least covered first, of equals those that most personas ask for.
#[must_use]
pub fn coverage(analysis: &Analysis) -> Vec<Coverage> {
    let catalog = &analysis.catalog;
    let mut asked: Vec<Vec<PersonaId>> = vec![Vec::new(); catalog.skills.len()];
    for (index, facts) in analysis.facts.personas.iter().enumerate() {
        for requirement in &facts.required {
            let askers = &mut asked[requirement.skill.index()];
            let persona = PersonaId::from_index(index);
            if askers.last() != Some(&persona) {
                askers.push(persona);
            }
        }
    }
    let mut known: Vec<Vec<PersonId>> = vec![Vec::new(); catalog.skills.len()];
    for (index, _) in catalog.people.iter().enumerate().filter(|(_, person)| person.active) {
        for held in &analysis.facts.people[index] {
            known[held.skill.index()].push(PersonId::from_index(index));
        }
    }
    let mut all: Vec<Coverage> = (0..catalog.skills.len())
        .map(|index| {
            let (asked_by, known_by) = (std::mem::take(&mut asked[index]), std::mem::take(&mut known[index]));
            let embodying = asked_by.iter().flat_map(|persona| &analysis.facts.embodied_by[persona.index()]);
            let lacked_by: BTreeSet<PersonId> =
                embodying.copied().filter(|person| !known_by.contains(person)).collect();
            let human = asked_by.iter().any(|persona| catalog.personas[persona.index()].is_human());
            let cover = match (asked_by.is_empty(), known_by.len(), human) {
                (true, _, _) => Cover::Unasked,
                (_, 0, false) => Cover::Agents,
                (_, 0, true) => Cover::Nobody,
                (_, 1, _) => Cover::One,
                _ => Cover::Several,
            };
            let lacked_by = lacked_by.into_iter().collect();
            Coverage { skill: SkillId::from_index(index), cover, asked_by, known_by, lacked_by }
        })
        .filter(|one| !one.asked_by.is_empty() || !one.known_by.is_empty())
        .collect();
    all.sort_by_key(|one| (one.cover, Reverse(one.asked_by.len()), one.skill));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "kind: PersonaList\nitems:
  - {id: P, name: Part, processes: [Work]}
  - {id: A, name: Bot, type: agent, processes: [Watch]}
---
kind: ProcessList\nitems:
  - {name: Work, steps: [{name: do, environments: [prod], skills: [Deep, Basic, Odd], uses: [S]}]}
  - {name: Watch, steps: [{name: look, skills: [Look], uses: [S]}]}
---
kind: SkillList\nitems: [{name: Deep, implies: [Basic], learn: [{title: All of Deep}]}, Basic, Odd]
---
kind: PersonList\nitems: [{name: Ana, personas: [P], skills: [Odd]}, {name: Bo, personas: [P], skills: [Basic]}]
";

    #[test]
    fn a_plan_closes_what_it_says_it_closes() {
        let analysis = analysis(TEXT);
        let plan = plan(&analysis, None, None);
        let words: Vec<(String, String)> = plan
            .lessons
            .iter()
            .map(|one| {
                let name = |of: Entity| analysis.catalog.name(of).into_owned();
                (name(one.person.into()), name(one.skill.into()))
            })
            .collect();
        let of = |person: &str, skill: &str| (person.to_owned(), skill.to_owned());
        assert_eq!(words.len(), 3);
        // Basic comes with Deep, so nobody learns it alone.
        assert!(words.contains(&of("Ana", "Deep")) && words.contains(&of("Bo", "Deep")), "{words:?}");
        assert!(words.contains(&of("Bo", "Odd")), "{words:?}");
        let outcome = plan.outcome.as_ref().unwrap();
        let promised: BTreeSet<usize> = plan.lessons.iter().flat_map(|one| one.closes.clone()).collect();
        assert!(promised.iter().all(|place| outcome.gone.contains(place)), "{promised:?} {:?}", outcome.gone);
        assert!(promised.len() > 3, "{promised:?}");
        assert_eq!(plan.untaught.len(), 1);
        assert_eq!(plan.beyond, 0);
    }

    #[test]
    fn a_budget_takes_the_best_and_says_what_is_left() {
        let analysis = analysis(TEXT);
        let all = plan(&analysis, None, None);
        let one = plan(&analysis, None, Some(1));
        assert_eq!((one.lessons.len(), one.beyond), (1, all.lessons.len() - 1));
        assert_eq!(one.lessons[0].skill, all.lessons[0].skill);
        let bo = plan(&analysis, Some(PersonId::from_index(1)), None);
        assert!(bo.lessons.iter().all(|lesson| lesson.person.index() == 1) && bo.lessons.len() == 2);
    }

    #[test]
    fn a_course_of_a_wider_skill_or_of_a_part_is_better_than_none() {
        let analysis = analysis(TEXT);
        let skill = |word| analysis.catalog.find_skill(&crate::card::words::Name::new(word)).unwrap();
        let fit = |word| courses(&analysis, skill(word)).iter().map(|one| one.fit).collect::<Vec<_>>();
        assert_eq!(fit("Deep"), [Fit::Own]);
        assert_eq!(fit("Basic"), [Fit::Wider]);
        assert!(fit("Odd").is_empty());
    }

    #[test]
    fn who_is_the_only_one() {
        let analysis = analysis(TEXT);
        let all = coverage(&analysis);
        let cover = |word: &str| {
            all.iter().find(|one| &*analysis.catalog.name(one.skill.into()) == word).map(|one| one.cover)
        };
        assert_eq!(cover("Deep"), Some(Cover::Nobody));
        assert_eq!(cover("Odd"), Some(Cover::One));
        assert_eq!(cover("Look"), Some(Cover::Agents));
    }
}
