//! `stale-decision`: a decision, or an ignore in a comment, that decides nothing any more.
//!
//! It looks at the findings of the other rules, after decisions were applied to them.

use std::sync::Arc;

use crate::analysis::decisions::{matches, silences};
use crate::analysis::finding::{Finding, Severity, Sink};
use crate::analysis::outside::OUTSIDE;
use crate::analysis::{Context, known_rule};
use crate::card::words::Name;
use crate::catalog::{DecisionId, Entity, IgnoreId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "stale-decision",
    category: Category::Structure,
    summary: "a decision or an ignore matches no finding, or its last day has passed",
    help: include_str!("../../../assets/rules/stale-decision.md"),
    reads: Reads::All,
    check: Check::Findings(check),
};

fn check(context: &Context<'_>, findings: &[Arc<Finding>], sink: &mut Sink) {
    let catalog = context.catalog;
    for (index, decision) in catalog.decisions.iter().enumerate() {
        // What logs show is not known here: such a decision is about events, not about cards.
        let of_logs = decision.rule.as_ref().is_some_and(is_of_logs);
        let hit = of_logs || findings.iter().any(|finding| matches(catalog, decision, finding));
        let message = match decision.until.filter(|until| *until < context.day) {
            _ if !hit => "This decision matches no finding: perhaps the gap is closed.".to_owned(),
            Some(until) => format!("This decision held until {until}: the finding counts again."),
            None => continue,
        };
        let id = Entity::Decision(DecisionId::from_index(index));
        sink.about(id, Severity::Low, message).because(Some(decision.place), Vec::new());
    }
    for (index, ignore) in catalog.ignores.iter().enumerate() {
        let message = if ignore.reason.is_empty() {
            "This ignore gives no reason, and so ignores nothing."
        } else if is_of_logs(&ignore.rule)
            || findings.iter().any(|finding| silences(catalog, ignore, finding))
        {
            continue;
        } else if ignore.rule.written().contains([',', ' ']) {
            "This ignore hits no finding: it names one rule in its brackets; write one comment a rule."
        } else if known_rule(&ignore.rule).is_none() {
            "This ignore hits no finding: there is no such rule; `persona explain` lists them."
        } else {
            "This ignore hits no finding: perhaps the gap is closed."
        };
        let id = Entity::Ignore(IgnoreId::from_index(index));
        sink.about(id, Severity::Low, message.to_owned()).because(None, Vec::new());
    }
}

fn is_of_logs(rule: &Name) -> bool {
    OUTSIDE.iter().any(|known| rule.is(known.id))
}
