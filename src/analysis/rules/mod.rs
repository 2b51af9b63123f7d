//! The rules: one file each, in one table.
//!
//! A rule is static data, a pure function and a page of help. It judges; it does not mend.

use super::Context;
use super::finding::Sink;
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
    pub const ALL: [Self; 5] = [
        Self::Skills,
        Self::Access,
        Self::Agents,
        Self::Staffing,
        Self::Structure,
    ];

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
    /// At one persona, whatever the others are.
    Persona(fn(&Context<'_>, PersonaId, &mut Sink)),
    /// At the catalog as a whole.
    Catalog(fn(&Context<'_>, &mut Sink)),
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
    /// How it looks.
    pub check: Check,
}

/// Every rule, in alphabetical order.
pub static RULES: &[&Rule] = &[];

/// The rule of a name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    let id = crate::card::words::fold(id);
    RULES.iter().copied().find(|rule| rule.id == id)
}
