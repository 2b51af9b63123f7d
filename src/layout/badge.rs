//! Badges of personas on the maps: who, at which level, and whether that is more or less than is needed.
//!
//! A badge says in signs what it says in colours. What a persona may and needs, the matrices say.

use unicode_segmentation::UnicodeSegmentation;

use super::picture::{Run, Tone, columns, fit, flag_color};
use crate::analysis::matrix::{Amount, Cell, State};
use crate::analysis::view::Mark;
use crate::card::visible::visible;
use crate::catalog::{Catalog, Entity, PersonaId};

/// The widest id of a persona on a badge, in columns.
const WIDEST: u32 = 12;

/// How what a persona may stands to what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fit {
    /// As it should be, or nothing to say of it.
    Right,
    /// The catalog says too little to know.
    Unsure,
    /// More than is needed here, though something else there needs it.
    WideHere,
    /// Less than is needed: a ghost.
    Lacks,
    /// More than is needed anywhere there.
    Wide,
    /// Named, and no persona.
    Unknown,
}

impl Fit {
    /// Every one, from best to worst.
    pub const ALL: [Self; 6] =
        [Self::Right, Self::Unsure, Self::WideHere, Self::Lacks, Self::Wide, Self::Unknown];

    /// Its sign, so that colour is never the only one; empty where all is right.
    #[must_use]
    pub fn sign(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Right, _) => "",
            (Self::Unsure | Self::Unknown, _) => "?",
            (Self::WideHere, false) => "△",
            (Self::WideHere, true) => "'",
            (Self::Lacks, _) => Mark::Missing.glyph(ascii),
            (Self::Wide, _) => Mark::TooWide.glyph(ascii),
        }
    }

    /// What the sign means.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Right => "as needed",
            Self::Unsure => "not sure whether it is needed",
            Self::WideHere => "may more than this step needs; another one there needs it",
            Self::Lacks => "needs more than it may",
            Self::Wide => "may more than anything there needs",
            Self::Unknown => "nobody known of that name",
        }
    }

    /// What it means, as a tone.
    #[must_use]
    pub fn tone(self) -> Tone {
        Tone::Marked(match self {
            Self::Right => Mark::Needed,
            Self::Unsure => Mark::Unsure,
            Self::WideHere | Self::Wide => Mark::TooWide,
            Self::Lacks => Mark::Missing,
            Self::Unknown => Mark::Unknown,
        })
    }

    /// What a cell of the matrix of components says.
    #[must_use]
    pub fn of_cell(cell: &Cell) -> Self {
        match cell.state {
            State::TooHigh | State::Unneeded => Self::Wide,
            State::Missing | State::TooLow => Self::Lacks,
            State::Unsure | State::Unplaced => Self::Unsure,
            State::Unknown
            | State::Flawed
            | State::OneWay
            | State::OneWayBack
            | State::Accepted
            | State::Right
            | State::Conditional
            | State::Implied
            | State::Plain
            | State::Inactive => Self::Right,
        }
    }
}

/// What the signs behind a name mean, in a sentence.
#[must_use]
pub fn key(ascii: bool) -> String {
    let signs = [Fit::Wide, Fit::WideHere, Fit::Lacks, Fit::Unsure];
    let signs: Vec<String> =
        signs.into_iter().map(|fit| format!("{} {}", fit.sign(ascii), fit.meaning())).collect();
    format!("Behind a name: {}.", signs.join("; "))
}

/// A persona at a step or a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// Who; none of a name that is no persona's.
    pub persona: Option<PersonaId>,
    /// As it is written on the badge.
    pub name: String,
    /// The letter of the level; a blank where there is none.
    pub level: char,
    /// Whether that is right.
    pub fit: Fit,
}

impl Badge {
    /// The badge of a persona.
    #[must_use]
    pub fn new(catalog: &Catalog, persona: PersonaId, level: char, fitting: Fit) -> Self {
        let id = catalog.id(Entity::Persona(persona));
        Self { persona: Some(persona), name: fit(&id, WIDEST), level, fit: fitting }
    }

    /// The badge of a name that is no persona's.
    #[must_use]
    pub fn unknown(name: &str) -> Self {
        Self { persona: None, name: visible(name).into_owned(), level: ' ', fit: Fit::Unknown }
    }

    /// Its text without colours: `P006 W▲`.
    #[must_use]
    pub fn text(&self, ascii: bool) -> String {
        if self.fit == Fit::Unknown {
            return format!("{} {}", self.fit.sign(ascii), self.name);
        }
        let level = if self.level == ' ' { String::new() } else { format!(" {}", self.level) };
        format!("{}{level}{}", self.name, self.fit.sign(ascii))
    }

    /// Its pieces of text: the flag, and its sign.
    #[must_use]
    pub fn runs(&self, catalog: &Catalog, ascii: bool, most: u32) -> Vec<Run> {
        let Some(persona) = self.persona else {
            return vec![Run::new(&fit(&self.text(ascii), most), self.fit.tone())];
        };
        let sign = self.fit.sign(ascii);
        let text = self.text(ascii);
        let text = fit(text.strip_suffix(sign).unwrap_or(&text), most.saturating_sub(columns(sign)));
        let stated = &catalog.personas[persona.index()];
        let (red, green, blue) = flag_color(stated.color.as_deref(), stated.id.written());
        // A ghost has no flag: it is not there yet.
        let tone = if self.fit == Fit::Lacks { self.fit.tone() } else { Tone::Flag(red, green, blue) };
        let mut runs = vec![Run::new(&text, tone).of(persona.into())];
        if !sign.is_empty() {
            runs.push(Run::new(sign, self.fit.tone()).of(persona.into()));
        }
        runs
    }
}

/// Badges in lines of at most some columns; of more lines than `most` the rest is counted.
#[must_use]
pub fn badge_lines(
    catalog: &Catalog,
    badges: &[Badge],
    width: u32,
    most: usize,
    ascii: bool,
) -> Vec<Vec<Run>> {
    let all: Vec<Vec<Run>> = badges.iter().map(|badge| badge.runs(catalog, ascii, width)).collect();
    let wide = |place: usize| all[place].iter().map(Run::width).sum::<u32>();
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut used = 0;
    for place in 0..all.len() {
        let full = lines.len() == most;
        match lines.last_mut() {
            Some(line) if used + 1 + wide(place) <= width => {
                line.push(place);
                used += 1 + wide(place);
            }
            _ if full => break,
            _ => {
                lines.push(vec![place]);
                used = wide(place);
            }
        }
    }
    let shown: usize = lines.iter().map(Vec::len).sum();
    let mut rest = all.len() - shown;
    if let (Some(line), true) = (lines.last_mut(), rest > 0) {
        // The count takes the place of badges, and counts them too.
        while line.len() > 1 && used + columns(&format!(" +{rest}")) > width {
            let last = line.pop().unwrap_or_default();
            used -= 1 + wide(last);
            rest += 1;
        }
    }
    let count = lines.len();
    let mut out: Vec<Vec<Run>> = Vec::with_capacity(count);
    for line in lines {
        let mut runs = Vec::new();
        for (position, place) in line.into_iter().enumerate() {
            if position > 0 {
                runs.push(Run::new(" ", Tone::Plain));
            }
            runs.extend(all[place].iter().cloned());
        }
        out.push(runs);
    }
    if let (Some(line), true) = (out.last_mut(), rest > 0) {
        line.push(Run::new(&format!(" +{rest}"), Tone::Faint));
    }
    out
}

/// The letter of an amount of access, from the letters of a catalog.
#[must_use]
pub fn letter(letters: &crate::analysis::matrix::signs::Letters, amount: Amount) -> char {
    letters.of_amount(amount, crate::analysis::matrix::Kind::Components)
}

/// At most `most` lines of at most `width` columns, broken between words; what is cut ends in an
/// ellipsis.
#[must_use]
pub fn wrapped(text: &str, width: u32, most: usize) -> Vec<String> {
    let text = visible(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        if let Some(line) = lines.last_mut()
            && columns(line) + 1 + columns(word) <= width
        {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        let mut line = String::new();
        for grapheme in word.graphemes(true) {
            if columns(&line) + columns(grapheme) > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(grapheme);
        }
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = fit(&format!("{last}…"), width);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::catalog;

    #[test]
    fn text_is_broken_between_words_and_says_where_it_is_cut() {
        assert_eq!(
            wrapped("Batch evaluate and register model", 14, 3),
            ["Batch evaluate", "and register", "model"]
        );
        assert_eq!(wrapped("Batch evaluate and register model", 14, 2), ["Batch evaluate", "and register…"]);
        assert_eq!(wrapped("Batch evaluate and register model", 14, 1), ["Batch evaluat…"]);
        assert_eq!(wrapped("日本語日本語", 5, 9), ["日本", "語日", "本語"]);
        assert!(wrapped("", 5, 9).is_empty());
    }

    #[test]
    fn badges_fill_lines_and_the_rest_is_counted() {
        let text = "kind: PersonaList\nitems:\n  - P1\n  - P2\n  - P3\n  - P4\n  - P5\n";
        let catalog = catalog(&[("a.yaml", text)]);
        let badges: Vec<Badge> =
            (0..5).map(|place| Badge::new(&catalog, PersonaId::from_index(place), 'W', Fit::Wide)).collect();
        let text = |lines: Vec<Vec<Run>>| -> Vec<String> {
            lines.iter().map(|line| line.iter().map(|run| run.text.as_str()).collect()).collect()
        };
        assert_eq!(
            text(badge_lines(&catalog, &badges, 12, 9, false)),
            ["P1 W▲ P2 W▲", "P3 W▲ P4 W▲", "P5 W▲"]
        );
        assert_eq!(text(badge_lines(&catalog, &badges, 12, 1, true)), ["P1 W^ +4"]);
        assert_eq!(text(badge_lines(&catalog, &badges, 15, 1, true)), ["P1 W^ P2 W^ +3"]);
    }

    #[test]
    fn every_sign_is_its_own() {
        for ascii in [false, true] {
            let signs: std::collections::BTreeSet<&str> =
                Fit::ALL.iter().map(|fit| fit.sign(ascii)).collect();
            // What is not sure and who is not known share theirs: the one stands behind, the other before.
            assert_eq!(signs.len(), Fit::ALL.len() - 1);
        }
    }
}
