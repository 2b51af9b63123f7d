//! The score of a catalog: how many of the things that could be wrong are right.
//!
//! It is a mean of shares, and always shows what it is made of. It is no verdict on people.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::{Catalog, Entity, PersonaId};

use super::Context;
use super::finding::{Finding, Severity, order};

/// Something about a persona that can be clean or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// A component that it is granted or needs, a skill that it requires, or whom it works with.
    Entity(Entity),
    /// Of an agent: the rule that judges its accountability, escalation, override or monitoring.
    Duty(&'static str),
}

/// The rules that judge what every agent owes.
pub const DUTIES: [&str; 4] = ["no-escalation", "no-override", "unaccountable-agent", "unmonitored-agent"];

/// The score of one persona.
#[derive(Clone, Debug)]
pub struct PersonaScore {
    /// Whose.
    pub persona: PersonaId,
    /// Each item, and whether it is clean.
    pub items: Vec<(Item, bool)>,
    /// How many grants it has on the day.
    grants: u32,
    /// Of how many of these the catalog says enough to judge them.
    said: u32,
}

impl PersonaScore {
    /// How many items are clean.
    #[must_use]
    pub fn clean(&self) -> usize {
        self.items.iter().filter(|(_, clean)| *clean).count()
    }

    /// 100 x clean / items; none where there is nothing to judge.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts of items are small")]
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
        (!self.items.is_empty()).then(|| share(self.clean(), self.items.len()))
    }
}

/// The score of a catalog.
#[derive(Clone, Debug)]
pub struct Score {
    /// By persona.
    pub personas: Vec<Arc<PersonaScore>>,
    /// The mean over personas with items.
    pub value: Option<f64>,
    /// Share of grants of which the catalog says enough to judge them, from 0 to 1.
    pub coverage: f64,
}

/// Each grade, and the score from which on it is given, the best first.
pub const GRADES: [(char, f64); 6] =
    [('A', 90.0), ('B', 80.0), ('C', 70.0), ('D', 60.0), ('E', 50.0), ('F', f64::NEG_INFINITY)];

/// The grade of a score.
#[must_use]
pub fn grade_of(value: f64) -> char {
    GRADES.iter().find(|(_, from)| value >= *from).map_or('F', |(grade, _)| *grade)
}

impl Score {
    /// Computes it from the findings.
    #[must_use]
    pub fn of(context: &Context<'_>, findings: &[Arc<Finding>]) -> Self {
        let marked = Marked::of(findings, |_| true);
        let count = context.catalog.personas.len();
        let personas = (0..count)
            .into_par_iter()
            .with_min_len(64)
            .map(|index| Arc::new(of_persona(context, &marked, PersonaId::from_index(index))))
            .collect();
        Self::over(personas)
    }

    /// Computes it again: of those personas only of whom card, facts or findings are others.
    pub(super) fn after(
        &self,
        context: &Context<'_>,
        (before, after): (&[Arc<Finding>], &[Arc<Finding>]),
        mut concerned: Vec<bool>,
    ) -> Self {
        // Findings that both have are shared; what only one has can mark its subject otherwise.
        for finding in only_in_one(context.catalog, before, after) {
            if let Entity::Persona(persona) = finding.subject {
                concerned[persona.index()] = true;
            }
        }
        let marked = Marked::of(after, |persona| concerned[persona.index()]);
        let mut personas = self.personas.clone();
        for (index, score) in personas.iter_mut().enumerate().filter(|(index, _)| concerned[*index]) {
            *score = Arc::new(of_persona(context, &marked, PersonaId::from_index(index)));
        }
        Self::over(personas)
    }

    fn over(personas: Vec<Arc<PersonaScore>>) -> Self {
        let (mut sum, mut count) = (0.0, 0_u32);
        let (mut said, mut all) = (0_u32, 0_u32);
        for score in &personas {
            if let Some(value) = score.value() {
                sum += value;
                count += 1;
            }
            said += score.said;
            all += score.grants;
        }
        let value = (count > 0).then(|| sum / f64::from(count));
        // A catalog without grants leaves nothing unsaid about them.
        let coverage = if all == 0 { 1.0 } else { f64::from(said) / f64::from(all) };
        Self { personas, value, coverage }
    }

    /// The grade; none where the coverage is below one half, or nothing can be judged.
    #[must_use]
    pub fn grade(&self) -> Option<char> {
        let value = self.value.filter(|_| self.coverage >= 0.5)?;
        Some(grade_of(value))
    }

    /// Why there is no grade, where there is none.
    #[must_use]
    pub fn why_no_grade(&self) -> Option<String> {
        if self.value.is_none() {
            return Some("no persona has anything to judge".to_owned());
        }
        (self.coverage < 0.5).then(|| {
            format!(
                "only {:.0} % of the grants state level and environment for a persona whose processes are described",
                self.coverage * 100.0
            )
        })
    }
}

/// The items that an open finding of medium or more marks.
struct Marked(HashSet<(PersonaId, Item)>);

impl Marked {
    fn of(findings: &[Arc<Finding>], wanted: impl Fn(PersonaId) -> bool) -> Self {
        let mut marked = HashSet::new();
        // The worst come first.
        let grave = findings.iter().take_while(|finding| finding.severity.at_least(Severity::Medium));
        for finding in grave.filter(|finding| finding.is_open()) {
            let Entity::Persona(persona) = finding.subject else { continue };
            if !wanted(persona) {
                continue;
            }
            if let Some(object) = finding.object {
                marked.insert((persona, Item::Entity(object)));
            }
            if DUTIES.contains(&finding.rule.id) {
                marked.insert((persona, Item::Duty(finding.rule.id)));
            }
        }
        Self(marked)
    }
}

fn of_persona(context: &Context<'_>, marked: &Marked, id: PersonaId) -> PersonaScore {
    let persona = &context.catalog.personas[id.index()];
    let facts = context.facts.of_persona(id);
    let mut items: Vec<Item> = Vec::new();
    let granted = facts.active.iter().map(|&place| persona.grants[place].component);
    items.extend(granted.map(|component| Item::Entity(component.into())));
    items.extend(facts.needs.iter().map(|need| Item::Entity(need.component.into())));
    items.extend(facts.required.iter().map(|required| Item::Entity(required.skill.into())));
    items.extend(persona.interactions.iter().map(|named| Item::Entity(named.party.into())));
    if persona.is_agent() {
        items.extend(DUTIES.map(Item::Duty));
    }
    items.sort_unstable();
    items.dedup();
    let items = items.into_iter().map(|item| (item, !marked.0.contains(&(id, item)))).collect();
    let described = !facts.takes_part.is_empty()
        && facts.takes_part.iter().all(|process| context.facts.is_described(*process));
    let (mut grants, mut said) = (0, 0);
    for &place in &facts.active {
        let grant = &persona.grants[place];
        let stated = !grant.environments.is_empty() && grant.highest_level().is_some();
        grants += 1;
        said += u32::from(stated && described);
    }
    PersonaScore { persona: id, items, grants, said }
}

/// The findings about personas that only one of two lists has; both are in order.
fn only_in_one<'f>(
    catalog: &Catalog,
    before: &'f [Arc<Finding>],
    after: &'f [Arc<Finding>],
) -> Vec<&'f Finding> {
    let mut only: Vec<&Finding> = Vec::new();
    // Only of these numbers are the same in both snapshots: comments that ignore have none to keep.
    let is_of_persona = |finding: &&Arc<Finding>| matches!(finding.subject, Entity::Persona(_));
    let mut old = before.iter().filter(is_of_persona).peekable();
    let mut new = after.iter().filter(is_of_persona).peekable();
    loop {
        match (old.peek(), new.peek()) {
            (None, None) => return only,
            (Some(left), Some(right)) if Arc::ptr_eq(left, right) => {
                old.next();
                new.next();
            }
            (Some(left), Some(right)) => match order(catalog, left, right) {
                Ordering::Less => only.extend(old.next().map(|finding| &**finding)),
                Ordering::Greater => only.extend(new.next().map(|finding| &**finding)),
                Ordering::Equal => {
                    only.extend(old.next().map(|finding| &**finding));
                    only.extend(new.next().map(|finding| &**finding));
                }
            },
            (Some(_), None) => only.extend(old.next().map(|finding| &**finding)),
            (None, Some(_)) => only.extend(new.next().map(|finding| &**finding)),
        }
    }
}
