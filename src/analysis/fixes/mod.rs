//! Ways out of a finding, ranked: edits of cards, or advice where no edit can do it.
//!
//! A rule's page of help says what can be done; here is what that means for one finding. Whether a
//! fix does what it says is not believed but computed: see [`proof`]. One table names who makes the
//! fixes of which rule.

mod access;
mod agents;
mod hand;
mod narrow;
pub mod proof;
mod skills;
mod staffing;
mod structure;
#[cfg(test)]
mod tests;
pub mod together;

use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::catalog::CardEdit;

use super::{Analysis, Context, Finding};
use hand::Hand;

pub use proof::{Outcome, Proven};
pub(super) use skills::learners;
pub use together::{Done, Each, Together};

/// What a fix comes down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// Someone learns.
    Train,
    /// Someone comes.
    Hire,
    /// Someone else does it.
    Reassign,
    /// It is done with something else.
    Redesign,
    /// An access becomes smaller.
    Narrow,
    /// An access becomes two, by environment.
    Split,
    /// An access is there only while it is used.
    JustInTime,
    /// Something goes.
    Remove,
    /// Something is given.
    Grant,
    /// Somebody is named.
    Name,
    /// Something is not to run any more.
    Disable,
    /// A card is written for what has none.
    Declare,
    /// A word becomes another.
    Rename,
    /// What is so already is written down.
    Record,
    /// Two become one.
    Merge,
    /// A work is described.
    Describe,
    /// A day is moved.
    Renew,
}

impl Way {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Hire => "hire",
            Self::Reassign => "reassign",
            Self::Redesign => "redesign",
            Self::Narrow => "narrow",
            Self::Split => "split",
            Self::JustInTime => "just-in-time",
            Self::Remove => "remove",
            Self::Grant => "grant",
            Self::Name => "name",
            Self::Disable => "disable",
            Self::Declare => "declare",
            Self::Rename => "rename",
            Self::Record => "record",
            Self::Merge => "merge",
            Self::Describe => "describe",
            Self::Renew => "renew",
        }
    }
}

/// A way out of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it comes down to.
    pub way: Way,
    /// What to do, as a sentence without a full stop.
    pub title: String,
    /// What it changes; nothing where it is advice.
    pub edits: Vec<CardEdit>,
    /// Whether it may be applied unasked: it changes nobody's access, and claims nothing that the
    /// cards do not say already.
    pub safe: bool,
}

impl Fix {
    fn advice(way: Way, title: String) -> Self {
        Self { way, title, edits: Vec::new(), safe: false }
    }

    fn edits(way: Way, title: String, edits: Vec<CardEdit>) -> Self {
        Self { way, title, edits, safe: false }
    }

    fn safe(way: Way, title: String, edits: Vec<CardEdit>) -> Self {
        Self { way, title, edits, safe: true }
    }

    /// Whether it says what to do without doing it.
    #[must_use]
    pub fn is_advice(&self) -> bool {
        self.edits.is_empty()
    }
}

type Make = fn(&Hand<'_>, &Finding) -> Vec<Fix>;

/// Who makes the fixes of which rule, in alphabetical order.
const FIXES: &[(&str, Make)] = &[
    ("agents-only-process", staffing::agents_only_process),
    ("delegation-widening", agents::delegation_widening),
    ("duplicate-name", structure::duplicate_name),
    ("excess-level", narrow::excess_level),
    ("excess-tools", narrow::excess_tools),
    ("expired-grant", access::expired_grant),
    ("human-write-in-prod", narrow::human_write_in_prod),
    ("isolated-persona", structure::isolated_persona),
    ("missing-access", access::missing_access),
    ("missing-auth", agents::missing_auth),
    ("missing-persona", structure::missing_persona),
    ("missing-protocol", agents::missing_protocol),
    ("missing-skill", skills::missing_skill),
    ("near-duplicate", structure::near_duplicate),
    ("no-escalation", agents::no_escalation),
    ("no-override", agents::no_override),
    ("one-way-interaction", structure::one_way_interaction),
    ("overloaded-person", staffing::overloaded_person),
    ("performer-without-process", structure::performer_without_process),
    ("persona-count", structure::persona_count),
    ("redundant-grant", access::redundant_grant),
    ("self-approval", agents::self_approval),
    ("separation-of-duties", staffing::separation_of_duties),
    ("shared-identity", agents::shared_identity),
    ("similar-name", structure::similar_name),
    ("single-holder", skills::single_holder),
    ("single-person-persona", staffing::single_person_persona),
    ("skill-level-too-low", skills::skill_level_too_low),
    ("stale-decision", structure::stale_decision),
    ("standing-agent-access", agents::standing_agent_access),
    ("static-credential", access::static_credential),
    ("unaccountable-agent", agents::unaccountable_agent),
    ("unapproved-agent-write", agents::unapproved_agent_write),
    ("unclear-accountability", staffing::unclear_accountability),
    ("unconditioned-agent-access", agents::unconditioned_agent_access),
    ("uncovered-skill", skills::uncovered_skill),
    ("undeclared", structure::undeclared),
    ("undescribed-process", staffing::undescribed_process),
    ("unknown-interaction", structure::unknown_interaction),
    ("unknown-reference", structure::unknown_reference),
    ("unknown-role", access::unknown_role),
    ("unlogged-access", agents::unlogged_access),
    ("unmonitored-agent", agents::unmonitored_agent),
    ("unneeded-access", access::unneeded_access),
    ("unneeded-environment", narrow::unneeded_environment),
    ("unowned-process", staffing::unowned_process),
    ("unscoped-tools", narrow::unscoped_tools),
    ("unspecified-access", access::unspecified_access),
    ("unstaffed-persona", staffing::unstaffed_persona),
    ("untrained-person", skills::untrained_person),
    ("unused-component", structure::unused_component),
];

/// The fields of a card for a name that has none, beside that name, as far as the catalog knows them.
#[must_use]
pub fn known_of(analysis: &Analysis, name: &str, kind: Kind) -> Vec<(Box<str>, Node)> {
    let context = analysis.context();
    match kind {
        Kind::Persona => structure::known_of_persona(&Hand { context: &context }, name),
        // Of all else the catalog knows where it is named, and that stays there.
        _ => Vec::new(),
    }
}

/// What could be done about a finding, best first; not yet proven.
#[must_use]
pub fn candidates(context: &Context<'_>, finding: &Finding) -> Vec<Fix> {
    let hand = Hand { context };
    FIXES
        .iter()
        .find(|(rule, _)| *rule == finding.rule.id)
        .map(|(_, make)| make(&hand, finding))
        .unwrap_or_default()
}
