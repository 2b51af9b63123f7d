//! Every field of every card, in the order of the format page: what it takes, and what it is for.
//!
//! One table for editors (`persona schema`) and for the order of a formatted card (`persona fmt`). The
//! reader of [`super::parse`] does not run on it, since it makes typed cards; tests hold the two together,
//! field by field and with random documents. Words that a catalog can set are not known here.

mod table;

pub use table::{GRANT, LIST, mapping_of, mappings};

/// A mapping of a card: the card itself, or a part of it such as a grant.
#[derive(Debug)]
pub struct Mapping {
    /// Its name among all mappings, such as `grant`.
    pub id: &'static str,
    /// What the reader calls it when it speaks of it.
    pub what: &'static str,
    /// What it is, in half a sentence.
    pub about: &'static str,
    /// Its fields, in the order in which they are written.
    pub fields: &'static [Field],
    /// Of these fields at least one must be a name; none where nothing is asked.
    pub one_of: &'static [&'static str],
}

impl Mapping {
    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The place of a field in the order; what is not known comes last.
    #[must_use]
    pub fn place(&self, name: &str) -> usize {
        self.fields.iter().position(|field| field.name == name).unwrap_or(self.fields.len())
    }
}

/// A field of a mapping.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether a card is in error without it.
    pub required: bool,
    /// What it is for: one or two sentences.
    pub about: &'static str,
    /// Values that it may have, each in YAML on one line.
    pub examples: &'static [&'static str],
}

/// What a field takes. Nothing (`null`) is as good as no field, unless it is required.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// Whatever there is.
    Anything,
    /// Text.
    Text,
    /// Text with more than white space in it.
    Name,
    /// One of these words, however it is spelt.
    Choice(&'static [&'static str]),
    /// A whole number.
    Whole,
    /// A number above 0.
    Share,
    /// `true` or `false`.
    Flag,
    /// A day, as `2026-11-23`.
    Day,
    /// A length of time, as `1h`.
    Length,
    /// The level of a skill: a whole number, or a word.
    SkillLevel,
    /// One value of these forms.
    One(&'static [Form]),
    /// A list of values of these forms; one bare value is a list of one.
    List(&'static [Form]),
    /// A mapping, or a list of words.
    WordsOr(&'static Mapping),
}

/// The form of a value.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Any text.
    Word,
    /// Text with more than white space in it.
    Name,
    /// A mapping of fields.
    Map(&'static Mapping),
    /// A mapping of fields with `component`, or one of a component to a level, to roles, or to the fields.
    Access(&'static Mapping),
    /// A mapping of words to levels.
    Levels,
    /// A mapping of rules to severities, or `off`.
    Severities,
    /// A mapping of one kind to one name.
    Entity,
}

/// Fields that every mapping may have, and that nobody reads.
#[must_use]
pub fn is_free(name: &str) -> bool {
    name.starts_with("x-") || name == "notes"
}

impl Takes {
    /// The forms of which one value, or the items of a list, may be.
    #[must_use]
    pub fn forms(self) -> &'static [Form] {
        match self {
            Self::One(forms) | Self::List(forms) => forms,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests;
