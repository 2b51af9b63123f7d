//! Skills that are missing: train, hire, reassign, redesign; or record what is so already.
//!
//! To learn and to hire are advice, since no edit of a card teaches anybody. Recording a skill is an
//! edit that claims something, and so is never made unasked.

use crate::analysis::{Context, Finding, NeedSource, RequirementSource};
use crate::card::node::Node;
use crate::catalog::{CardEdit, Entity, Grant, PersonId, PersonaId, SkillId};

use super::hand::{Hand, and, text};
use super::{Fix, Way};

fn of_persona(finding: &Finding) -> Option<(PersonaId, SkillId)> {
    match (finding.subject, finding.object) {
        (Entity::Persona(persona), Some(Entity::Skill(skill))) => Some((persona, skill)),
        _ => None,
    }
}

fn knows(hand: &Hand<'_>, person: PersonId, skill: SkillId) -> bool {
    hand.context.facts.people[person.index()].binary_search_by_key(&skill, |held| held.skill).is_ok()
}

/// "Train Ana in RAG, by ..."; those who embody the persona and do not know it yet.
fn train(hand: &Hand<'_>, persona: PersonaId, skill: SkillId) -> Fix {
    let learners: Vec<String> = hand
        .embodying(persona)
        .into_iter()
        .filter(|person| !knows(hand, *person, skill))
        .map(|person| hand.label(person))
        .collect();
    let who = if !learners.is_empty() {
        and(&learners)
    } else if hand.persona(persona).is_human() {
        format!("those who are {}", hand.label(persona))
    } else {
        // An agent does not learn by a course; those who answer for it teach it.
        return Fix::advice(
            Way::Train,
            format!(
                "Teach {} {}: give it the instructions, tools and knowledge for it, and list it then",
                hand.label(persona),
                hand.label(skill)
            ),
        );
    };
    Fix::advice(Way::Train, format!("Train {who} in {}{}", hand.label(skill), hand.course(skill)))
}

fn hire(hand: &Hand<'_>, persona: PersonaId, skill: SkillId) -> Fix {
    Fix::advice(Way::Hire, format!("Hire someone who knows {} as {}", hand.label(skill), hand.label(persona)))
}

fn record(hand: &Hand<'_>, persona: PersonaId, skill: SkillId) -> Fix {
    let edit = hand.add(hand.persona(persona).place, "skills", text(hand.id(skill)));
    let title =
        format!("List {} on the card of {}, once it is there", hand.label(skill), hand.label(persona));
    Fix::edits(Way::Record, title, vec![edit])
}

pub(super) fn missing_skill(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, skill)) = of_persona(finding) else { return Vec::new() };
    let requirements = hand.context.facts.of_persona(persona).requirements_of(skill);
    let who = hand.embodying(persona);
    let known = !who.is_empty() && who.iter().all(|person| knows(hand, *person, skill));
    let mut fixes = Vec::new();
    if known {
        let names: Vec<String> = who.iter().map(|person| hand.label(*person)).collect();
        let verb = if names.len() == 1 { "has" } else { "have" };
        let mut fix = record(hand, persona, skill);
        fix.title = format!(
            "List {} on the card of {}: {} {verb} it",
            hand.label(skill),
            hand.label(persona),
            and(&names)
        );
        fixes.push(fix);
    } else {
        fixes.push(train(hand, persona, skill));
    }
    if requirements.is_empty() {
        // Asked for only by what it is granted and does not need.
        fixes.insert(0, drop_grants(hand, persona, skill));
        fixes.push(record(hand, persona, skill));
        return fixes;
    }
    if hand.persona(persona).is_human() && !known {
        fixes.push(hire(hand, persona, skill));
    }
    fixes.extend(reassign(hand, persona, skill));
    fixes.extend(redesign(hand, persona, skill));
    if !known {
        fixes.push(record(hand, persona, skill));
    }
    fixes
}

fn drop_grants(hand: &Hand<'_>, persona: PersonaId, skill: SkillId) -> Fix {
    let catalog = hand.catalog();
    let facts = hand.context.facts.of_persona(persona);
    let own = hand.persona(persona);
    let asking: Vec<&Grant> = facts
        .active
        .iter()
        .map(|&place| &own.grants[place])
        .filter(|grant| {
            facts.needs_of(grant.component).is_empty()
                && catalog.components[grant.component.index()].skills.iter().any(|asked| asked.skill == skill)
        })
        .collect();
    let names: Vec<String> = asking.iter().map(|grant| hand.label(grant.component)).collect();
    let edits = asking.iter().map(|grant| hand.remove(grant.place)).collect();
    Fix::edits(Way::Remove, format!("Remove the access to {}, which nothing needs", and(&names)), edits)
}

/// Gives the steps that ask for the skill to somebody who has it.
fn reassign(hand: &Hand<'_>, persona: PersonaId, skill: SkillId) -> Vec<Fix> {
    let catalog = hand.catalog();
    let facts = hand.context.facts;
    let own = facts.of_persona(persona);
    let steps: Vec<_> = own
        .requirements_of(skill)
        .iter()
        .filter_map(|requirement| match requirement.source {
            RequirementSource::Step(step) => Some(step),
            RequirementSource::Component(_, need) => match own.needs.get(need)?.source {
                NeedSource::Step(step, _) => Some(step),
                NeedSource::Process(..) => None,
            },
            RequirementSource::Process(_) => None,
        })
        .collect();
    let named: Vec<_> = own
        .performs
        .iter()
        .filter(|performed| steps.contains(&performed.step))
        .filter_map(|performed| Some((performed.step, performed.named_at?)))
        .collect();
    if named.is_empty() {
        return Vec::new();
    }
    hand.kindred(persona, None)
        .into_iter()
        .filter(|other| facts.of_persona(*other).held(skill).is_some())
        .take(2)
        .map(|other| {
            let mut edits: Vec<CardEdit> = named
                .iter()
                .filter_map(|(step, place)| {
                    let performers = &catalog.steps[step.index()].performers;
                    if performers.iter().any(|performer| performer.persona == Some(other)) {
                        return Some(hand.remove(*place));
                    }
                    hand.rename(*place, &hand.id(other))
                })
                .collect();
            let given: Vec<_> = named.iter().map(|(step, _)| *step).collect();
            edits.extend(hand.handed_over(persona, &given));
            let steps: Vec<String> = named.iter().map(|(step, _)| hand.label(*step)).collect();
            let title =
                format!("Give {} to {}, who knows {}", and(&steps), hand.label(other), hand.label(skill));
            Fix::edits(Way::Reassign, title, edits)
        })
        .collect()
}

/// Does the work with an alternative component that asks for less.
fn redesign(hand: &Hand<'_>, persona: PersonaId, skill: SkillId) -> Vec<Fix> {
    let catalog = hand.catalog();
    let facts = hand.context.facts;
    let own = facts.of_persona(persona);
    let mut fixes = Vec::new();
    for (index, component) in catalog.components.iter().enumerate() {
        let id = crate::catalog::ComponentId::from_index(index);
        if own.needs_of(id).is_empty() {
            continue;
        }
        for alternative in component.alternatives.iter().filter(|other| other.removes.contains(&skill)) {
            let name = hand.id(alternative.component);
            let sources: Vec<NeedSource> = own.needs_of(id).iter().map(|need| need.source).collect();
            let mut edits: Vec<CardEdit> = Vec::new();
            for need in own.needs_of(id) {
                edits.extend(hand.rename(need.asked_by(catalog).place, &name));
            }
            // Everybody who needs it through these uses goes along.
            for (index, other) in facts.personas.iter().enumerate() {
                let through =
                    |need: &crate::analysis::Need| need.component == id && sources.contains(&need.source);
                let needs = other.needs_of(id);
                if needs.iter().any(through) && needs.iter().all(through) {
                    let grants = hand.grants(PersonaId::from_index(index), id);
                    edits.extend(grants.iter().filter_map(|grant| hand.rename(grant.place, &name)));
                }
            }
            // What the step itself asks for is no longer asked for either.
            for requirement in own.requirements_of(skill) {
                if matches!(requirement.source, RequirementSource::Step(_) | RequirementSource::Process(_)) {
                    edits.push(hand.remove(requirement.place));
                }
            }
            let title = format!(
                "Do it with {} instead of {}, which needs no {}",
                hand.label(alternative.component),
                hand.label(id),
                hand.label(skill)
            );
            fixes.push(Fix::edits(Way::Redesign, title, edits));
        }
    }
    fixes
}

pub(super) fn skill_level_too_low(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, skill)) = of_persona(finding) else { return Vec::new() };
    let asked = hand
        .context
        .facts
        .of_persona(persona)
        .requirements_of(skill)
        .iter()
        .filter_map(|requirement| requirement.level)
        .max();
    let Some(asked) = asked else { return Vec::new() };
    let own = hand.persona(persona).skills.iter().filter(|own| own.skill == skill);
    let level = i64::from(asked.0) + 1;
    let edits =
        own.flat_map(|own| hand.set_in_list(own.place, "skills", "level", Some(Node::Int(level)))).collect();
    let word = hand.catalog().settings.skill_level(asked);
    let mut fixes = vec![train(hand, persona, skill)];
    if hand.persona(persona).is_human() {
        fixes.push(Fix::advice(
            Way::Hire,
            format!("Hire someone who is {word} in {} as {}", hand.label(skill), hand.label(persona)),
        ));
    }
    fixes.push(Fix::edits(
        Way::Record,
        format!("Write {word} for {} on the card, once it is so", hand.label(skill)),
        edits,
    ));
    fixes
}

pub(super) fn uncovered_skill(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Skill(skill) = finding.subject else { return Vec::new() };
    let facts = hand.context.facts;
    let asked: Vec<PersonaId> = (0..hand.catalog().personas.len())
        .map(PersonaId::from_index)
        .filter(|persona| !facts.of_persona(*persona).requirements_of(skill).is_empty())
        .collect();
    let mut fixes = Vec::new();
    // People may know what no card lists.
    let who: Vec<String> = (0..hand.catalog().people.len())
        .map(PersonId::from_index)
        .filter(|person| hand.catalog().people[person.index()].active && knows(hand, *person, skill))
        .map(|person| hand.label(person))
        .collect();
    let human = asked.iter().copied().find(|persona| hand.persona(*persona).is_human());
    if let Some(first) = human.or(asked.first().copied()) {
        fixes.push(train(hand, first, skill));
        if human.is_some() {
            fixes.push(hire(hand, first, skill));
        } else {
            fixes.push(Fix::advice(
                Way::Hire,
                format!("Bring in a persona, human or agent, that knows {}", hand.label(skill)),
            ));
        }
    }
    for persona in asked.iter().take(2) {
        fixes.extend(redesign(hand, *persona, skill));
        let mut fix = record(hand, *persona, skill);
        if !who.is_empty() {
            fix.title = format!(
                "List {} on the card of {}; {} knows it",
                hand.label(skill),
                hand.label(*persona),
                and(&who)
            );
        }
        fixes.push(fix);
    }
    fixes
}

pub(super) fn untrained_person(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Entity::Person(person), Some(Entity::Skill(skill))) = (finding.subject, finding.object) else {
        return Vec::new();
    };
    let facts = hand.context.facts;
    let own = &hand.catalog().people[person.index()];
    let name = hand.label(person);
    let mut fixes =
        vec![Fix::advice(Way::Train, format!("Train {name} in {}{}", hand.label(skill), hand.course(skill)))];
    let asking: Vec<_> = own
        .personas
        .iter()
        .filter(|embodied| {
            embodied.persona.is_some_and(|persona| {
                !facts.of_persona(persona).requirements_of(skill).is_empty()
                    || hand.persona(persona).skills.iter().any(|listed| listed.skill == skill)
            })
        })
        .collect();
    for embodied in &asking {
        let Some(persona) = embodied.persona else { continue };
        if let Some(other) =
            hand.people_for(persona).into_iter().find(|other| *other != person && knows(hand, *other, skill))
        {
            let embodies = hand.embodying(persona).contains(&other);
            let mut edits = vec![hand.remove(embodied.place)];
            if !embodies {
                let place = hand.catalog().people[other.index()].place;
                edits.push(hand.add(place, "personas", text(hand.id(persona))));
            }
            let title = format!("Let {} be {} instead of {name}", hand.label(other), hand.label(persona));
            fixes.push(Fix::edits(Way::Reassign, title, edits));
        }
    }
    if asking.is_empty() {
        fixes.push(Fix::advice(Way::Hire, format!("Hire someone who knows {}", hand.label(skill))));
    } else {
        let personas: Vec<String> =
            asking.iter().filter_map(|embodied| Some(hand.label(embodied.persona?))).collect();
        fixes.push(Fix::advice(
            Way::Hire,
            format!("Hire someone who knows {} as {}", hand.label(skill), and(&personas)),
        ));
    }
    fixes.push(Fix::edits(
        Way::Record,
        format!("List {} on the card of {name}, once it is learnt", hand.label(skill)),
        vec![hand.add(own.place, "skills", text(hand.id(skill)))],
    ));
    fixes
}

pub(super) fn single_holder(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Skill(skill) = finding.subject else { return Vec::new() };
    let learners = learners(hand.context, skill);
    let mut fixes: Vec<Fix> = learners
        .iter()
        .take(2)
        .map(|person| {
            let title = format!(
                "Train {} in {} as well{}",
                hand.label(*person),
                hand.label(skill),
                hand.course(skill)
            );
            Fix::advice(Way::Train, title)
        })
        .collect();
    fixes.push(Fix::advice(Way::Hire, format!("Hire a second one who knows {}", hand.label(skill))));
    if let Some(person) = learners.first() {
        let place = hand.catalog().people[person.index()].place;
        fixes.push(Fix::edits(
            Way::Record,
            format!("List {} on the card of {}, once it is learnt", hand.label(skill), hand.label(*person)),
            vec![hand.add(place, "skills", text(hand.id(skill)))],
        ));
    }
    fixes
}

/// The active people who could learn a skill that some work asks for: who embodies what asks for it
/// first, then those who know most of the rest.
pub(in crate::analysis) fn learners(context: &Context<'_>, skill: SkillId) -> Vec<PersonId> {
    let hand = Hand { context };
    let asked: Vec<PersonaId> = (0..hand.catalog().personas.len())
        .map(PersonaId::from_index)
        .filter(|persona| !context.facts.of_persona(*persona).requirements_of(skill).is_empty())
        .collect();
    let mut learners: Vec<PersonId> = Vec::new();
    for persona in &asked {
        let embodying = hand.embodying(*persona);
        for person in embodying.into_iter().chain(hand.people_for(*persona)) {
            if !knows(&hand, person, skill) && !learners.contains(&person) {
                learners.push(person);
            }
        }
    }
    learners
}
