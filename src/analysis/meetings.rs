//! Who must meet whom, and few meetings in which they all do.
//!
//! Agents do not meet: the humans who answer for them do. A pair is needed where cards say that two work
//! together, do the same step, hand work over, or escalate. That the meetings are the fewest possible is
//! not claimed: they are found greedily, strongest pair first. No day and no hour is planned here.

use std::collections::{BTreeMap, BTreeSet};

use crate::card::words::Name;
use crate::catalog::{Actor, Entity, Party, PersonaId, Place, ProcessId, StepId};

use super::Analysis;
use super::people::of_actor;

/// Most who meet at once.
pub const MOST: usize = 6;

/// Why two personas need each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// One names the other, or the other's team, as with whom it works.
    Interaction {
        /// Whether the team is named, not the persona.
        team: bool,
        /// How often, where that is stated.
        cadence: Option<Name>,
    },
    /// Both perform a step.
    Step(StepId),
    /// One performs a step after which the other performs one.
    HandOver(StepId, StepId),
    /// One escalates to the other.
    Escalation,
}

impl Reason {
    /// How much it weighs.
    #[must_use]
    pub fn strength(&self) -> usize {
        match self {
            Self::Interaction { team: false, .. } => 3,
            Self::HandOver(..) | Self::Step(_) | Self::Escalation => 2,
            Self::Interaction { team: true, .. } => 1,
        }
    }
}

/// An edge between two personas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Who names, hands over, or escalates.
    pub from: PersonaId,
    /// To whom.
    pub to: PersonaId,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub place: Place,
}

/// Two who must meet.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The two: human personas, or people who answer for agents.
    pub ends: (Actor, Actor),
    /// What binds them, in the order of the cards.
    pub ties: Vec<Tie>,
}

impl Pair {
    /// The sum of what binds them.
    #[must_use]
    pub fn strength(&self) -> usize {
        self.ties.iter().map(|tie| tie.reason.strength()).sum()
    }

    fn cadence(&self) -> Cadence {
        let stated = self.ties.iter().filter_map(|tie| match &tie.reason {
            Reason::Interaction { cadence, .. } => cadence.clone(),
            _ => None,
        });
        match stated.min_by_key(days) {
            Some(word) => Cadence::Stated(word),
            None => match self.strength() {
                8.. => Cadence::Derived("weekly"),
                4.. => Cadence::Derived("every two weeks"),
                _ => Cadence::Derived("monthly"),
            },
        }
    }
}

/// How often a meeting should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// As a card states.
    Stated(Name),
    /// As follows from how much binds those who meet.
    Derived(&'static str),
}

impl Cadence {
    /// The word.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Stated(word) => word.written(),
            Self::Derived(word) => word,
        }
    }

    fn days(&self) -> usize {
        match self {
            Self::Stated(word) => days(word),
            Self::Derived(word) => days(&Name::new(word)),
        }
    }
}

/// Days between two meetings of a cadence; words that are not known stand between a week and a month.
fn days(word: &Name) -> usize {
    match word.folded() {
        "daily" | "every day" | "day" => 1,
        "twice a week" => 3,
        "weekly" | "every week" | "week" => 7,
        "monthly" | "every month" | "month" => 30,
        "quarterly" | "every quarter" | "quarter" => 91,
        "yearly" | "annually" | "every year" => 365,
        _ => 14,
    }
}

/// A meeting.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Who meets.
    pub participants: Vec<Actor>,
    /// The pairs that meet in it, by place.
    pub pairs: Vec<usize>,
    /// The agents and services that somebody answers for in it.
    pub represented: Vec<PersonaId>,
    /// The processes that bind them, those with most ties first.
    pub processes: Vec<ProcessId>,
    /// How often.
    pub cadence: Cadence,
    /// Open findings between them, by place, worst first.
    pub agenda: Vec<usize>,
}

/// Who must meet, and the meetings.
#[derive(Clone, Debug)]
pub struct Meetings {
    /// Who must meet whom.
    pub pairs: Vec<Pair>,
    /// In which meetings; the strongest first.
    pub meetings: Vec<Meeting>,
    /// Agents and services that are bound to others, and for which no human answers.
    pub unrepresented: Vec<PersonaId>,
}

/// Proposes meetings that cover every pair.
#[must_use]
pub fn meetings(analysis: &Analysis) -> Meetings {
    let ties = ties(analysis);
    let mut unrepresented: BTreeSet<PersonaId> = BTreeSet::new();
    let mut bound: BTreeMap<(Actor, Actor), Vec<Tie>> = BTreeMap::new();
    for tie in ties {
        let (from, to) = (voices(analysis, tie.from), voices(analysis, tie.to));
        unrepresented.extend(from.is_empty().then_some(tie.from));
        unrepresented.extend(to.is_empty().then_some(tie.to));
        for left in &from {
            for right in &to {
                if left != right && !is_one_person(analysis, *left, *right) {
                    bound.entry((*left.min(right), *left.max(right))).or_default().push(tie.clone());
                }
            }
        }
    }
    let mut pairs: Vec<Pair> = bound.into_iter().map(|(ends, ties)| Pair { ends, ties }).collect();
    pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.strength()), pair.ends));
    let groups = groups(&pairs);
    let meetings = groups.into_iter().map(|group| meeting(analysis, &pairs, group)).collect();
    Meetings { pairs, meetings, unrepresented: unrepresented.into_iter().collect() }
}

/// Who speaks for a persona: a human one for itself, for an agent those who answer for it.
fn voices(analysis: &Analysis, persona: PersonaId) -> Vec<Actor> {
    if analysis.catalog.personas[persona.index()].is_human() {
        return vec![Actor::Persona(persona)];
    }
    analysis.facts.answerable[persona.index()].clone()
}

/// Whether the same single person is behind both: nobody meets oneself.
fn is_one_person(analysis: &Analysis, left: Actor, right: Actor) -> bool {
    let left = of_actor(analysis, left);
    left.len() == 1 && left == of_actor(analysis, right)
}

fn ties(analysis: &Analysis) -> Vec<Tie> {
    let catalog = &analysis.catalog;
    let mut ties: Vec<Tie> = Vec::new();
    for (index, persona) in catalog.personas.iter().enumerate() {
        let from = PersonaId::from_index(index);
        for interaction in &persona.interactions {
            let (others, team) = match interaction.party {
                Party::Persona(to) => (vec![to], false),
                Party::Team(team) => (speakers(analysis, from, team), true),
                Party::Unknown(_) => (Vec::new(), false),
            };
            for to in others.into_iter().filter(|to| *to != from) {
                let reason = Reason::Interaction { team, cadence: interaction.cadence.clone() };
                ties.push(Tie { from, to, reason, place: interaction.place });
            }
        }
        for named in &persona.escalates_to {
            if let Some(Actor::Persona(to)) = named.target.filter(|_| !persona.is_human()) {
                ties.push(Tie { from, to, reason: Reason::Escalation, place: named.place });
            }
        }
    }
    let mut performers: BTreeMap<StepId, Vec<PersonaId>> = BTreeMap::new();
    for (index, facts) in analysis.facts.personas.iter().enumerate() {
        for performed in &facts.performs {
            let all = performers.entry(performed.step).or_default();
            if all.last() != Some(&PersonaId::from_index(index)) {
                all.push(PersonaId::from_index(index));
            }
        }
    }
    // What everybody does together binds nobody to anybody in particular.
    performers.retain(|_, all| all.len() <= MOST);
    for (step, all) in &performers {
        for (at, from) in all.iter().enumerate() {
            for to in &all[at + 1..] {
                let place = catalog.steps[step.index()].place;
                ties.push(Tie { from: *from, to: *to, reason: Reason::Step(*step), place });
            }
        }
        for next in &catalog.steps[step.index()].next {
            let Some(then) = next.step else { continue };
            for from in all {
                for to in performers.get(&then).into_iter().flatten().filter(|to| !all.contains(to)) {
                    let reason = Reason::HandOver(*step, then);
                    ties.push(Tie { from: *from, to: *to, reason, place: next.place });
                }
            }
        }
    }
    ties
}

/// Who of a team meets somebody: those of it who name that one, or take part in a process of that one;
/// else its first human.
fn speakers(analysis: &Analysis, with: PersonaId, team: crate::catalog::TeamId) -> Vec<PersonaId> {
    let catalog = &analysis.catalog;
    let own = &analysis.facts.of_persona(with).takes_part;
    let own_team = catalog.personas[with.index()].team;
    let members: Vec<PersonaId> = (0..catalog.personas.len())
        .map(PersonaId::from_index)
        .filter(|id| *id != with && catalog.personas[id.index()].team == Some(team))
        .collect();
    let close: Vec<PersonaId> = members
        .iter()
        .copied()
        .filter(|id| {
            let names = catalog.personas[id.index()].interactions.iter().any(|other| match other.party {
                Party::Persona(named) => named == with,
                Party::Team(named) => own_team == Some(named),
                Party::Unknown(_) => false,
            });
            names || analysis.facts.of_persona(*id).takes_part.iter().any(|process| own.contains(process))
        })
        .take(MOST)
        .collect();
    if !close.is_empty() {
        return close;
    }
    let human = members.iter().copied().find(|id| catalog.personas[id.index()].is_human());
    human.or(members.first().copied()).into_iter().collect()
}

/// Groups in which all are bound to each other, and that cover every pair.
fn groups(pairs: &[Pair]) -> Vec<(Vec<Actor>, Vec<usize>)> {
    let mut near: BTreeMap<Actor, BTreeMap<Actor, usize>> = BTreeMap::new();
    for (place, pair) in pairs.iter().enumerate() {
        near.entry(pair.ends.0).or_default().insert(pair.ends.1, place);
        near.entry(pair.ends.1).or_default().insert(pair.ends.0, place);
    }
    let mut times: Vec<usize> = vec![0; pairs.len()];
    let mut groups: Vec<(Vec<Actor>, Vec<usize>)> = Vec::new();
    for (place, pair) in pairs.iter().enumerate() {
        if times[place] > 0 {
            continue;
        }
        let mut members = vec![pair.ends.0, pair.ends.1];
        let mut met = vec![place];
        while members.len() < MOST {
            let candidates = near.get(&members[0]).into_iter().flatten().map(|(actor, _)| *actor);
            let best = candidates
                .filter(|actor| !members.contains(actor))
                .filter_map(|actor| {
                    let own = near.get(&actor)?;
                    let new: Vec<usize> =
                        members.iter().map(|member| own.get(member).copied()).collect::<Option<_>>()?;
                    let gain: usize =
                        new.iter().filter(|at| times[**at] == 0).map(|at| pairs[*at].strength()).sum();
                    (gain > 0).then_some((gain, std::cmp::Reverse(actor), new))
                })
                .max();
            let Some((_, std::cmp::Reverse(actor), new)) = best else { break };
            members.push(actor);
            met.extend(new);
        }
        met.sort_unstable();
        members.sort_unstable();
        met.iter().for_each(|at| times[*at] += 1);
        groups.push((members, met));
    }
    // A meeting whose pairs all meet elsewhere is one too many.
    for at in (0..groups.len()).rev() {
        if groups[at].1.iter().all(|pair| times[*pair] > 1) {
            let (_, met) = groups.remove(at);
            met.iter().for_each(|pair| times[*pair] -= 1);
        }
    }
    groups
}

fn meeting(analysis: &Analysis, pairs: &[Pair], (participants, met): (Vec<Actor>, Vec<usize>)) -> Meeting {
    let catalog = &analysis.catalog;
    let ties: Vec<&Tie> = met.iter().flat_map(|pair| &pairs[*pair].ties).collect();
    let mut bound: Vec<PersonaId> = ties.iter().flat_map(|tie| [tie.from, tie.to]).collect();
    bound.sort_unstable();
    bound.dedup();
    let steps: BTreeSet<StepId> = ties
        .iter()
        .flat_map(|tie| match tie.reason {
            Reason::Step(step) => vec![step],
            Reason::HandOver(step, then) => vec![step, then],
            Reason::Interaction { .. } | Reason::Escalation => Vec::new(),
        })
        .collect();
    let mut counts: BTreeMap<ProcessId, usize> = BTreeMap::new();
    for tie in &ties {
        if let Reason::Step(step) | Reason::HandOver(step, _) = tie.reason {
            *counts.entry(catalog.steps[step.index()].process).or_default() += 1;
        }
    }
    let mut processes: Vec<ProcessId> = counts.keys().copied().collect();
    processes.sort_by_key(|process| (std::cmp::Reverse(counts[process]), *process));
    let is_here = |entity: Entity| match entity {
        Entity::Persona(id) => bound.contains(&id),
        Entity::Step(id) => steps.contains(&id),
        Entity::Process(id) => counts.contains_key(&id),
        _ => false,
    };
    let agenda = analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.is_open() && is_here(finding.subject))
        .filter(|(_, finding)| {
            let other = finding.object.is_some_and(|object| object != finding.subject && is_here(object));
            let shared = finding.evidence.iter().flat_map(|edge| [edge.from, edge.to]);
            let mut shared = shared.filter(|entity| matches!(entity, Entity::Step(_)));
            // What one has to learn is no matter of several.
            let own = finding.rule.category == super::Category::Skills;
            other || !own && (!matches!(finding.subject, Entity::Persona(_)) || shared.any(is_here))
        })
        .map(|(place, _)| place)
        .collect();
    let cadence = met
        .iter()
        .map(|pair| pairs[*pair].cadence())
        .min_by_key(|cadence| (cadence.days(), matches!(cadence, Cadence::Derived(_))))
        .unwrap_or(Cadence::Derived("monthly"));
    let represented = bound.iter().copied().filter(|id| !catalog.personas[id.index()].is_human()).collect();
    Meeting { participants, pairs: met, represented, processes, cadence, agenda }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "kind: PersonaList\nitems:
  - {id: A, name: Ann, primary_interaction: [{with: B, cadence: daily}], processes: [Work]}
  - {id: B, name: Ben, primary_interaction: [C], processes: [Work]}
  - {id: C, name: Cat, primary_interaction: [A]}
  - {id: D, name: Dot, team: T}
  - {id: R, name: Bot, type: agent, accountable: C, escalates_to: [D], primary_interaction: [T]}
  - {id: L, name: Lone, type: agent, primary_interaction: [A]}
---
kind: Process\nname: Work\nsteps:
  - {id: one, name: one, performers: [A], next: [two]}
  - {id: two, name: two, performers: [B]}
";

    #[test]
    fn few_meetings_cover_every_pair_and_agents_are_spoken_for() {
        let analysis = analysis(TEXT);
        let found = meetings(&analysis);
        let name = |actor: &Actor| analysis.catalog.id((*actor).into()).into_owned();
        let who: Vec<Vec<String>> =
            found.meetings.iter().map(|meeting| meeting.participants.iter().map(name).collect()).collect();
        assert_eq!(who, [vec!["A", "B", "C"], vec!["C", "D"]]);
        for place in 0..found.pairs.len() {
            assert!(found.meetings.iter().any(|meeting| meeting.pairs.contains(&place)), "{place}");
        }
        assert_eq!(found.meetings[0].cadence.word(), "daily");
        assert_eq!(found.meetings[0].processes.len(), 1);
        assert_eq!(found.meetings[1].represented, [PersonaId::from_index(4)]);
        assert_eq!(found.meetings[1].cadence, Cadence::Derived("monthly"));
        assert_eq!(found.unrepresented, [PersonaId::from_index(5)]);
    }

    #[test]
    fn nobody_meets_oneself() {
        let text =
            "kind: PersonaList\nitems: [{id: A, name: Ann, primary_interaction: [B]}, {id: B, name: Ben}]
---
kind: Person\nname: Both\npersonas: [A, B]\n";
        assert!(meetings(&analysis(text)).pairs.is_empty());
        let other = format!("{text}---\nkind: Person\nname: Other\npersonas: [B]\n");
        assert_eq!(meetings(&analysis(&other)).meetings.len(), 1);
    }
}
