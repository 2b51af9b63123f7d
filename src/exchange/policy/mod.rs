//! The boundary of a persona in the words of other systems: what enforces it where the persona acts.
//!
//! One file a format, in one table. What a format cannot say is told beside it, never left away in
//! silence, and what the catalog does not know is left open. Nothing is enforced here.

mod azure_role;
mod cedar;
mod mcp;

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::catalog::{Grant, PersonaId};

pub use cedar::SCHEMA as CEDAR_SCHEMA;

/// A boundary in a format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The text.
    pub text: String,
    /// What it does not say, or leaves open, as sentences.
    pub remarks: Vec<String>,
}

/// A format that boundaries are written in.
#[derive(Debug)]
pub struct Policy {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in half a sentence.
    pub summary: &'static str,
    /// Writes the boundary of a persona, of the grants that can hold in a context.
    pub write: fn(&Analysis, PersonaId, &Context) -> Written,
}

/// Every format, in alphabetical order.
pub static POLICIES: &[&Policy] = &[&azure_role::POLICY, &cedar::POLICY, &mcp::POLICY];

/// The format of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Policy> {
    POLICIES.iter().copied().find(|policy| policy.name == name)
}

/// The grants of a persona that can hold in a context on some day, with their places on the card.
fn grants<'a>(
    analysis: &'a Analysis,
    persona: PersonaId,
    context: &'a Context,
) -> impl Iterator<Item = (usize, &'a Grant)> {
    let all = analysis.catalog.personas[persona.index()].grants.iter().enumerate();
    all.filter(|(_, grant)| context.admits(grant))
}

/// The environments of a grant that a context concerns; none: the grant states none.
fn environments(grant: &Grant, context: &Context) -> Vec<Option<usize>> {
    if grant.environments.is_empty() {
        return vec![None];
    }
    let own = grant.environments.iter();
    own.filter(|own| context.environment.is_none_or(|wanted| wanted == *own)).map(Some).collect()
}

/// The level of a grant in one of its environments, or in any.
fn level_of(grant: &Grant, environment: Option<usize>) -> Option<crate::catalog::Level> {
    match environment {
        Some(environment) => grant.level_in(environment),
        None => grant.level_without_environment(),
    }
}
