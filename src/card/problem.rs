//! What is wrong with a file, in a sentence and with a way out.
//!
//! Problems are about files that cannot be read as they are meant. What is wrong with a *team* is a
//! finding, and lives in [`crate::analysis`].

use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something was passed over that belongs to another tool; nothing is wrong.
    Note,
    /// A value was passed over; the rest of the card counts.
    Warning,
    /// A file, a card or a field could not be read.
    Error,
}

impl Level {
    /// The word that people see.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One problem of a file. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file, relative to the catalog's root, with `/` between folders.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, as one plain sentence.
    pub message: String,
    /// What to do now.
    pub hint: String,
}

impl Problem {
    /// A problem of a file as a whole.
    #[must_use]
    pub fn of_file(level: Level, file: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, column: 1, level, message: message.into(), hint: hint.into() }
    }
}
