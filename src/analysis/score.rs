//! The score of a catalog: how many of the things that could be wrong are right.
//!
//! It is a mean of shares, and always shows what it is made of. It is no verdict on people.

use crate::catalog::{Entity, PersonaId};

use super::finding::{Finding, Severity};
use super::{Context, Facts};

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
    pub personas: Vec<PersonaScore>,
    /// The mean over personas with items.
    pub value: Option<f64>,
    /// Share of grants of which the catalog says enough to judge them, from 0 to 1.
    pub coverage: f64,
}

impl Score {
    /// Computes it from the findings.
    #[must_use]
    pub fn of(context: &Context<'_>, findings: &[Finding]) -> Self {
        let personas = items(context, findings);
        let values: Vec<f64> = personas.iter().filter_map(PersonaScore::value).collect();
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 personas")]
        let value = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
        Self { personas, value, coverage: coverage(context) }
    }

    /// The grade; none where the coverage is below one half, or nothing can be judged.
    #[must_use]
    pub fn grade(&self) -> Option<char> {
        let value = self.value.filter(|_| self.coverage >= 0.5)?;
        Some(match value {
            value if value >= 90.0 => 'A',
            value if value >= 80.0 => 'B',
            value if value >= 70.0 => 'C',
            value if value >= 60.0 => 'D',
            value if value >= 50.0 => 'E',
            _ => 'F',
        })
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

fn items(context: &Context<'_>, findings: &[Finding]) -> Vec<PersonaScore> {
    let mut marked: std::collections::HashSet<(PersonaId, Item)> = std::collections::HashSet::new();
    for finding in findings {
        if !finding.is_open() || !finding.severity.at_least(Severity::Medium) {
            continue;
        }
        let Entity::Persona(persona) = finding.subject else {
            continue;
        };
        if let Some(object) = finding.object {
            marked.insert((persona, Item::Entity(object)));
        }
        if DUTIES.contains(&finding.rule.id) {
            marked.insert((persona, Item::Duty(finding.rule.id)));
        }
    }
    let mut scores = Vec::with_capacity(context.catalog.personas.len());
    for (index, persona) in context.catalog.personas.iter().enumerate() {
        let id = PersonaId::from_index(index);
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
        let items = items.into_iter().map(|item| (item, !marked.contains(&(id, item)))).collect();
        scores.push(PersonaScore { persona: id, items });
    }
    scores
}

/// A catalog without grants leaves nothing unsaid about them.
fn coverage(context: &Context<'_>) -> f64 {
    let (mut all, mut said) = (0_u32, 0_u32);
    for (persona, facts) in context.catalog.personas.iter().zip(facts_of(context.facts)) {
        let described = !facts.takes_part.is_empty()
            && facts.takes_part.iter().all(|process| context.facts.is_described(*process));
        for &place in &facts.active {
            let grant = &persona.grants[place];
            all += 1;
            let stated = !grant.environments.is_empty() && grant.highest_level().is_some();
            said += u32::from(stated && described);
        }
    }
    if all == 0 { 1.0 } else { f64::from(said) / f64::from(all) }
}

fn facts_of(facts: &Facts) -> impl Iterator<Item = &super::PersonaFacts> {
    facts.personas.iter()
}
