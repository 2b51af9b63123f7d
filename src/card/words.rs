//! Words as people write them, and when two spellings are the same word.
//!
//! A [`Name`] keeps the spelling of the file beside its folded form. It does not know what the word
//! refers to: that is the catalog's business.

use std::fmt;
use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A word of a card: an id, a name, an alias, a level, an environment, ...
///
/// Equality, order and hashing use the folded form, so that `Azure  Storage` and `azure storage`
/// are one word.
#[derive(Clone)]
pub struct Name {
    written: Arc<str>,
    folded: Arc<str>,
}

impl Name {
    /// Takes a word as it stands in a file.
    #[must_use]
    pub fn new(written: &str) -> Self {
        let folded = fold(written);
        let shown = written.trim();
        if folded == shown {
            let shared: Arc<str> = Arc::from(shown);
            return Self { written: shared.clone(), folded: shared };
        }
        Self { written: Arc::from(shown), folded: Arc::from(folded.as_str()) }
    }

    /// The spelling of the file, without white space around it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The form in which two spellings of one word are equal.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The folded form, to share as the key of an index.
    #[must_use]
    pub fn key(&self) -> Arc<str> {
        self.folded.clone()
    }

    /// Whether nothing but white space was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// Whether this is the same word as `other`, which must be folded already.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        &*self.folded == other
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Name {}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.written)
    }
}

/// The form in which two spellings of one word are equal: Unicode NFC, full case folding, no white
/// space at the ends, and one blank for each run of white space.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return collapse(text.chars().map(|c| c.to_ascii_lowercase()), text.len());
    }
    let composed: String = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
    let folded = caseless::default_case_fold_str(&composed);
    collapse(folded.chars(), folded.len())
}

fn collapse(characters: impl Iterator<Item = char>, size: usize) -> String {
    let mut out = String::with_capacity(size);
    let mut gap = false;
    for character in characters {
        if character.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(character);
    }
    out
}

/// The known word nearest to `word`, for "did you mean": at most a third of its letters away.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = fold(word);
    let limit = match word.chars().count() {
        0..=2 => 0,
        length => (length / 3).max(1),
    };
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A file name's stem from ids and names: letters, digits and hyphens only, so that no id leads
/// out of its folder.
#[must_use]
pub fn slug(words: &str) -> String {
    let mut out = String::new();
    for character in words.chars() {
        if character.is_alphanumeric() {
            out.push(character);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let out: String = out.trim_end_matches('-').chars().take(80).collect();
    if out.is_empty() { "card".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_are_the_same_word() {
        for (left, right) in [
            ("Azure Storage", "azure  storage"),
            (" AI Team ", "ai team"),
            ("Straße", "STRASSE"),
            ("Caf\u{e9}", "CAFE\u{301}"),
            ("a\u{a0}b", "A\tB"),
        ] {
            assert_eq!(Name::new(left), Name::new(right), "{left:?} and {right:?}");
        }
        assert_ne!(Name::new("Azure-Storage"), Name::new("Azure Storage"));
    }

    #[test]
    fn the_spelling_of_the_file_is_kept() {
        assert_eq!(Name::new(" Azure  Storage ").written(), "Azure  Storage");
    }

    #[test]
    fn the_nearest_word_is_near() {
        assert_eq!(nearest("componnet_access", ["component_access", "color"]), Some("component_access"));
        assert_eq!(nearest("zebra", ["component_access", "color"]), None);
    }

    #[test]
    fn a_file_name_stays_in_its_folder() {
        assert_eq!(slug("../../x"), "x");
        assert_eq!(slug("P011 Dev Unit Test Agent"), "P011-Dev-Unit-Test-Agent");
        assert_eq!(slug("a\n\u{202e}b/..\\c"), "a-b-c");
        assert_eq!(slug("..."), "card");
    }
}
