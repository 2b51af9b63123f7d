//! The rules: one file each, in one table.
//!
//! A rule is static data, a pure function and a page of help. It judges; it does not mend.

mod agents_only_process;
mod delegation_widening;
mod duplicate_name;
mod excess_level;
mod excess_tools;
mod expired_grant;
mod human_write_in_prod;
mod isolated_persona;
mod missing_access;
mod missing_auth;
mod missing_persona;
mod missing_protocol;
mod missing_skill;
mod near_duplicate;
mod no_escalation;
mod no_override;
mod one_way_interaction;
mod overloaded_person;
mod performer_without_process;
mod persona_count;
mod redundant_grant;
mod self_approval;
mod separation_of_duties;
mod shared_identity;
mod similar_name;
mod single_holder;
mod single_person_persona;
mod skill_level_too_low;
mod stale_decision;
mod standing_agent_access;
mod static_credential;
mod unaccountable_agent;
mod unapproved_agent_write;
mod unclear_accountability;
mod unconditioned_agent_access;
mod uncovered_skill;
mod undeclared;
mod undescribed_process;
mod unknown_interaction;
mod unknown_reference;
mod unknown_role;
mod unlogged_access;
mod unmonitored_agent;
mod unneeded_access;
mod unneeded_environment;
mod unowned_process;
mod unscoped_tools;
mod unspecified_access;
mod unstaffed_persona;
mod untrained_person;
mod unused_component;

use std::sync::Arc;

use super::Context;
use super::finding::{Finding, Sink};
use crate::catalog::PersonaId;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// What personas and people know.
    Skills,
    /// What personas may touch.
    Access,
    /// What is special about agents.
    Agents,
    /// Who is there.
    Staffing,
    /// How cards fit together.
    Structure,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 5] = [Self::Skills, Self::Access, Self::Agents, Self::Staffing, Self::Structure];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Skills => "skills",
            Self::Access => "access",
            Self::Agents => "agents",
            Self::Staffing => "staffing",
            Self::Structure => "structure",
        }
    }
}

/// How a rule looks.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At one persona, which is the subject of all that it finds.
    Persona(fn(&Context<'_>, PersonaId, &mut Sink)),
    /// At each two personas, which are subject and object of what it finds, whatever the others are.
    Pairs(fn(&Context<'_>, Among<'_>, &mut Sink)),
    /// At the catalog as a whole.
    Catalog(fn(&Context<'_>, &mut Sink)),
    /// At the findings of all other rules.
    Findings(fn(&Context<'_>, &[Arc<Finding>], &mut Sink)),
}

/// Which pairs a rule is to look at.
#[derive(Clone, Copy, Debug)]
pub enum Among<'p> {
    /// All.
    All,
    /// Those that one of these is in.
    With(&'p [PersonaId]),
}

/// What a rule reads: where nothing of that changed, nor do its findings. The settings, and what
/// entities are called, are read by all. When in doubt it is `All`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Which entities there are, what they are called, and where the undeclared are first used.
    Words,
    /// The card and the facts of the persona, the processes, components and skills that these name,
    /// and who embodies it. Of pairs, these of both.
    Own,
    /// That, and the personas that its card names.
    Around,
    /// Anything.
    All,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, as in findings and in `rules:`.
    pub id: &'static str,
    /// What it is about.
    pub category: Category,
    /// What it finds, as half a sentence.
    pub summary: &'static str,
    /// Its page of help, in Markdown.
    pub help: &'static str,
    /// What it reads.
    pub reads: Reads,
    /// How it looks.
    pub check: Check,
}

/// Every rule, in alphabetical order.
pub static RULES: &[&Rule] = &[
    &agents_only_process::RULE,
    &delegation_widening::RULE,
    &duplicate_name::RULE,
    &excess_level::RULE,
    &excess_tools::RULE,
    &expired_grant::RULE,
    &human_write_in_prod::RULE,
    &isolated_persona::RULE,
    &missing_access::RULE,
    &missing_auth::RULE,
    &missing_persona::RULE,
    &missing_protocol::RULE,
    &missing_skill::RULE,
    &near_duplicate::RULE,
    &no_escalation::RULE,
    &no_override::RULE,
    &one_way_interaction::RULE,
    &overloaded_person::RULE,
    &performer_without_process::RULE,
    &persona_count::RULE,
    &redundant_grant::RULE,
    &self_approval::RULE,
    &separation_of_duties::RULE,
    &shared_identity::RULE,
    &similar_name::RULE,
    &single_holder::RULE,
    &single_person_persona::RULE,
    &skill_level_too_low::RULE,
    &stale_decision::RULE,
    &standing_agent_access::RULE,
    &static_credential::RULE,
    &unaccountable_agent::RULE,
    &unapproved_agent_write::RULE,
    &unclear_accountability::RULE,
    &unconditioned_agent_access::RULE,
    &uncovered_skill::RULE,
    &undeclared::RULE,
    &undescribed_process::RULE,
    &unknown_interaction::RULE,
    &unknown_reference::RULE,
    &unknown_role::RULE,
    &unlogged_access::RULE,
    &unmonitored_agent::RULE,
    &unneeded_access::RULE,
    &unneeded_environment::RULE,
    &unowned_process::RULE,
    &unscoped_tools::RULE,
    &unspecified_access::RULE,
    &unstaffed_persona::RULE,
    &untrained_person::RULE,
    &unused_component::RULE,
];

/// The rule of a name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    let id = crate::card::words::fold(id);
    RULES.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests;
