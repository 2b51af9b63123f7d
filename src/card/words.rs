//! Words, days and lengths of time as people write them, and when two spellings are the same word.
//!
//! A [`Name`] keeps the spelling of the file beside its folded form. It does not know what the word
//! refers to: that is the catalog's business.

use std::cell::RefCell;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use jiff::SignedDuration;
use jiff::civil::Date;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A word of a card: an id, a name, an alias, a level, an environment, ...
///
/// Equality, order and hashing use the folded form, so that `Azure  Storage` and `azure storage`
/// are one word.
#[derive(Clone)]
pub struct Name(Arc<Spelling>);

/// A card holds many words and few different ones, so a word is one pointer to what it shares.
struct Spelling {
    written: Box<str>,
    folded: Arc<str>,
}

impl Name {
    /// Takes a word as it stands in a file.
    #[must_use]
    pub fn new(written: &str) -> Self {
        Self(Arc::new(Spelling { written: written.trim().into(), folded: fold(written).into() }))
    }

    /// The spelling of the file, without white space around it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.0.written
    }

    /// The form in which two spellings of one word are equal.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.0.folded
    }

    /// The folded form, to share as the key of an index.
    #[must_use]
    pub fn key(&self) -> Arc<str> {
        self.0.folded.clone()
    }

    /// Whether nothing but white space was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.folded.is_empty()
    }

    /// Whether this is the same word as `other`, which must be folded already.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        &*self.0.folded == other
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.folded == other.0.folded
    }
}

impl Eq for Name {}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.folded.hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.folded.cmp(&other.0.folded)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.written())
    }
}

/// The words that were read so far, each spelling once, so that the same word of a thousand cards is
/// folded and stored once. What is read with it is the same as without.
#[derive(Default)]
pub struct Words(RefCell<HashTable<Name>>, FixedState);

impl Words {
    /// The word as it stands in a file.
    #[must_use]
    pub fn name(&self, written: &str) -> Name {
        let shown = written.trim();
        let hash = self.1.hash_one(shown);
        let mut known = self.0.borrow_mut();
        let entry = known.entry(hash, |name| name.written() == shown, |name| self.1.hash_one(name.written()));
        entry.or_insert_with(|| Name::new(shown)).get().clone()
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

/// A day as people write it on a card: year, month and day, as `2026-11-23`, and nothing else.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped { text.parse().ok() } else { None }
}

/// The units of a length of time, from the longest, each with its words and its seconds.
pub(super) const UNITS: [(&[&str], u32); 5] = [
    (&["w", "week", "weeks"], 7 * 24 * 3600),
    (&["d", "day", "days"], 24 * 3600),
    (&["h", "hr", "hrs", "hour", "hours"], 3600),
    (&["m", "min", "mins", "minute", "minutes"], 60),
    (&["s", "sec", "secs", "second", "seconds"], 1),
];

/// A length of time as people write it (`30m`, `1h 30m`, `2 days`), or in the form of ISO 8601 (`PT8H`).
///
/// Units stand from the longest to the shortest, each at most once, whatever their case; a number has at
/// most six digits, and three behind a point. Days and weeks have no fixed length in a calendar; of an
/// access they are 24 hours each.
#[must_use]
pub fn length(text: &str) -> Option<SignedDuration> {
    let text = text.trim().to_ascii_lowercase();
    let mut rest = text.as_str();
    let is_iso = rest.starts_with('p');
    let (mut in_time, mut next, mut milliseconds) = (false, 0, 0_i64);
    if is_iso {
        rest = &rest[1..];
    }
    while !rest.is_empty() || next == 0 {
        if is_iso && !in_time && rest.starts_with('t') {
            (in_time, rest) = (true, &rest[1..]);
            // Nothing after the T is no time.
            number(rest)?;
        }
        let (thousandths, after) = number(rest)?;
        let after = if is_iso { after } else { after.trim_start_matches(' ') };
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let letters = if is_iso { letters.min(1) } else { letters };
        let place = UNITS.iter().position(|(words, _)| words.contains(&&after[..letters]))?;
        // Of ISO, weeks and days stand before the T, the rest behind it.
        if place < next || (is_iso && in_time != (place >= 2)) {
            return None;
        }
        next = place + 1;
        milliseconds += thousandths * i64::from(UNITS[place].1);
        rest = &after[letters..];
        if !is_iso {
            let gap = rest.trim_start_matches([' ', ',']);
            // A comma or a blank at the end leads to nothing.
            if gap.is_empty() && !rest.is_empty() {
                return None;
            }
            rest = gap;
        }
    }
    Some(SignedDuration::from_millis(milliseconds))
}

/// A number at the start of a text, in thousandths, and what follows.
fn number(text: &str) -> Option<(i64, &str)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let whole = digits(text);
    if !(1..=6).contains(&whole) {
        return None;
    }
    let (mut value, mut rest) = (text[..whole].parse::<i64>().ok()? * 1000, &text[whole..]);
    if let Some(after) = rest.strip_prefix('.') {
        let places = digits(after);
        if !(1..=3).contains(&places) {
            return None;
        }
        value += format!("{:0<3}", &after[..places]).parse::<i64>().ok()?;
        rest = &after[places..];
    }
    Some((value, rest))
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

    #[test]
    fn lengths_of_time_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("30m", 1800),
            (" 1H ", 3600),
            ("1h 30m", 5400),
            ("1h30m", 5400),
            ("1 hour, 30 minutes", 5400),
            ("1.5h", 5400),
            ("2d", 48 * 3600),
            ("1 week", 7 * 24 * 3600),
            ("PT8H", 8 * 3600),
            ("pt1h30m", 5400),
            ("P1D", 24 * 3600),
            ("P1DT1H", 25 * 3600),
            ("0s", 0),
        ] {
            assert_eq!(length(text), Some(SignedDuration::from_secs(seconds)), "{text}");
        }
        for text in [
            "", "soon", "1", "h", "-1h", "1h ago", "30m 1h", "1h 1h", "1h,", "P", "PT", "P1H", "PT1D",
            "P1DT", "1234567h", "1.h", "PT 8H", "1x",
        ] {
            assert_eq!(length(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        assert!(day(" 2028-02-29 ").is_some());
        for text in
            ["2026-02-29", "2026-13-01", "20261123", "2026-11-23T10:00", "+2026-11-23", "26-11-23", "soon"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
