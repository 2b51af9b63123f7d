//! An event of a trail in the published form (`assets/schema/audit-event-1.json`), and the verdict that
//! follows from the catalog.

use serde::Serialize;

use super::Expected;
use crate::analysis::Analysis;
use crate::analysis::routes::asks::{Ask, Lack, Setting, nearest};
use crate::audit::judge::{Reason, Verdict};
use crate::catalog::{Actor, PersonaId};

/// An event. What is empty is not stated, and not written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TrailEvent {
    /// When.
    pub time: String,
    /// Its id.
    pub event: String,
    /// Who acted.
    pub agent: String,
    /// On what.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub component: String,
    /// With which tool.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tool: String,
    /// What was done.
    pub action: String,
    /// At which level.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// Where.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub environment: String,
    /// In which phase.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phase: String,
    /// At which risk.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub risk: String,
    /// What was decided.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub decision: String,
    /// How it went.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    /// Who set the agent to work.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub on_behalf_of: String,
    /// Who approved.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub approval: String,
    /// The event that led to this one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub parent: String,
    /// The routing.
    pub trace: String,
}

/// The verdict on an access that somebody approved, or nobody.
pub fn expected(
    analysis: &Analysis,
    persona: PersonaId,
    ask: &Ask,
    setting: &Setting,
    approved_by: Option<Actor>,
) -> Expected {
    let beyond = |reason| Expected { verdict: Verdict::Beyond, reason: Some(reason) };
    let Some((_, lacks)) = nearest(analysis, persona, ask, setting, approved_by) else {
        return beyond(Reason::NoGrant);
    };
    match lacks.first() {
        None => Expected { verdict: Verdict::Allowed, reason: None },
        Some(Lack::Environment) => beyond(Reason::Environment),
        Some(Lack::Level) => beyond(Reason::Level),
        Some(Lack::Tool) => beyond(Reason::Tool),
        Some(Lack::Phase) => beyond(Reason::Phase),
        Some(Lack::Risk) => beyond(Reason::Risk),
        Some(Lack::Window) => beyond(Reason::Window),
        Some(Lack::Approval) if approved_by.is_some() => beyond(Reason::ApprovalWrong),
        Some(Lack::Approval) => beyond(Reason::ApprovalMissing),
    }
}

/// The verdict on an event about no component.
pub const UNJUDGED: Expected = Expected { verdict: Verdict::Unjudged, reason: None };
