//! The signs of a matrix: a glyph and words for each state, letters for levels, and the legend.
//!
//! Every state has a glyph of its own, in Unicode and in ASCII, so that colour is never the only
//! sign. Which colour a state has is for whoever draws it.

use std::collections::BTreeSet;

use crate::analysis::view::Mark;
use crate::card::kinds::Responsibility;
use crate::card::words::Name;
use crate::catalog::{Level, Settings};
use crate::graph::Relation;

use super::{Amount, Cell, Kind, State};

impl State {
    /// Its sign; those that cards and graph know too are the same there.
    #[must_use]
    pub fn glyph(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::TooHigh, _) => Mark::TooWide.glyph(ascii),
            (Self::Unneeded, _) => Mark::Unneeded.glyph(ascii),
            (Self::Missing, _) => Mark::Missing.glyph(ascii),
            (Self::Flawed, _) => Mark::Flawed.glyph(ascii),
            (Self::Unsure, _) => Mark::Unsure.glyph(ascii),
            (Self::Right, _) => Mark::Needed.glyph(ascii),
            (Self::TooLow, false) => "▼",
            (Self::Unknown, false) => "∅",
            (Self::OneWay, false) => "→",
            (Self::OneWayBack, false) => "←",
            (Self::Accepted, false) => "◇",
            (Self::Conditional, false) => "◔",
            (Self::Implied, false) => "◦",
            (Self::Plain, false) => "–",
            (Self::Unplaced, false) => "≈",
            (Self::Inactive, false) => "⊘",
            (Self::TooLow, true) => "v",
            (Self::Unknown, true) => "#",
            (Self::OneWay, true) => ">",
            (Self::OneWayBack, true) => "<",
            (Self::Accepted, true) => "=",
            (Self::Conditional, true) => "%",
            (Self::Implied, true) => "\"",
            (Self::Plain, true) => "-",
            (Self::Unplaced, true) => "~",
            (Self::Inactive, true) => "/",
        }
    }

    /// The mark of cards and graph that it looks like.
    #[must_use]
    pub fn mark(self) -> Mark {
        match self {
            Self::TooHigh => Mark::TooWide,
            Self::Unneeded => Mark::Unneeded,
            Self::Missing | Self::TooLow => Mark::Missing,
            Self::Unknown => Mark::Unknown,
            Self::Flawed => Mark::Flawed,
            Self::Unsure | Self::Unplaced => Mark::Unsure,
            Self::Right | Self::Conditional | Self::Implied => Mark::Needed,
            Self::OneWay | Self::OneWayBack | Self::Accepted | Self::Plain | Self::Inactive => Mark::Plain,
        }
    }

    /// Its word for filters and other programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::TooHigh => "too-high",
            Self::Unneeded => "unneeded",
            Self::Missing => "missing",
            Self::TooLow => "too-low",
            Self::Unknown => "unknown",
            Self::Flawed => "flawed",
            Self::Unsure => "unsure",
            Self::OneWay => "one-way",
            Self::OneWayBack => "one-way-back",
            Self::Accepted => "accepted",
            Self::Right => "right",
            Self::Conditional => "conditional",
            Self::Implied => "implied",
            Self::Plain => "plain",
            Self::Unplaced => "unplaced",
            Self::Inactive => "inactive",
        }
    }

    /// What it means in a matrix of a kind, in a few words.
    #[must_use]
    pub fn meaning(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::TooHigh, _) => "granted too high",
            (Self::Unneeded, _) => "granted, not needed",
            (Self::Missing, Kind::Components) => "needed, not granted",
            (Self::Missing, Kind::Processes) => "does it, does not list it",
            (Self::Missing, Kind::Interactions) => "missing",
            (Self::Missing, Kind::Skills) => "required, missing",
            (Self::Missing, Kind::People) => "asked for, missing",
            (Self::TooLow, Kind::Components) => "granted too low",
            (Self::TooLow, _) => "level too low",
            (Self::Unknown, _) => "nobody of that name",
            (Self::Flawed, Kind::Components) => "as needed, see gap",
            (Self::Flawed, Kind::People) => "the only one who has it",
            (Self::Flawed, Kind::Interactions) => "no protocol",
            (Self::Flawed, _) => "see gap",
            (Self::Unsure, Kind::Processes) => "not described",
            (Self::Unsure, _) => "not sure",
            (Self::OneWay, _) => "names, is not named",
            (Self::OneWayBack, _) => "is named, does not name",
            (Self::Accepted, _) => "a gap, decided on",
            (Self::Right, Kind::Components) => "needed and granted",
            (Self::Right, Kind::Processes) => "listed, and done",
            (Self::Right, Kind::Interactions) => "both name each other",
            (Self::Right, _) => "required, there",
            (Self::Conditional, _) => "needed and granted, just in time or conditional",
            (Self::Implied, Kind::Processes) => "through a whole or a part",
            (Self::Implied, Kind::Interactions) => "both, through teams",
            (Self::Implied, _) => "there, through another skill",
            (Self::Plain, Kind::Components) => "needed anywhere, granted elsewhere",
            (Self::Plain, Kind::Processes) => "listed, no step of it done",
            (Self::Plain, Kind::Interactions) => "related, no interaction",
            (Self::Plain, _) => "there, not asked for",
            (Self::Unplaced, _) => "granted in no particular environment",
            (Self::Inactive, Kind::People) => "there, the person is away",
            (Self::Inactive, _) => "granted, not in force",
        }
    }
}

/// Letters for a catalog's vocabulary of access levels.
#[derive(Clone, Debug, Default)]
pub struct Letters {
    levels: Vec<char>,
}

impl Letters {
    /// Letters for the levels of a catalog: the first letter of each word that no lower level has,
    /// else a digit.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let mut levels: Vec<char> = Vec::new();
        for (place, level) in settings.access_levels.iter().enumerate() {
            levels.push(letter_of(level, place, &levels));
        }
        Self { levels }
    }

    /// The letter of one side of a cell; a blank where there is nothing.
    #[must_use]
    pub fn of_amount(&self, amount: Amount, kind: Kind) -> char {
        match amount {
            Amount::Nothing | Amount::Relation(Relation::Interacts) => ' ',
            // Only of an access does it matter that its level is not stated.
            Amount::Unstated if kind == Kind::Components => '*',
            Amount::Unstated => ' ',
            Amount::Access(level) => {
                let letter = self.levels.get(level.index()).copied().unwrap_or('?');
                // In the matrix of processes the capital letters are those of RACI.
                if kind == Kind::Processes { letter.to_ascii_lowercase() } else { letter }
            }
            Amount::Skill(level) => char::from_digit(u32::from(level.0) + 1, 36).unwrap_or('?'),
            Amount::Part(part) => match part {
                Responsibility::Responsible => 'R',
                Responsibility::Accountable => 'A',
                Responsibility::Consulted => 'C',
                Responsibility::Informed => 'I',
            },
            Amount::Relation(relation) => match relation {
                Relation::Invokes => 'I',
                Relation::HandsOver => 'H',
                Relation::AccountableTo => 'A',
                Relation::EscalatesTo => 'E',
                Relation::OverriddenBy => 'O',
                Relation::MonitoredBy => 'M',
                _ => '*',
            },
            Amount::Protocol => 'p',
        }
    }

    /// A cell in four columns: what there is, the state's sign, what is asked for, and a sign where
    /// what there is holds just in time or on a condition only.
    #[must_use]
    pub fn text(&self, cell: &Cell, kind: Kind, ascii: bool) -> String {
        let condition = if cell.conditional && cell.state != State::Conditional {
            State::Conditional.glyph(ascii)
        } else {
            " "
        };
        format!(
            "{}{}{}{condition}",
            self.of_amount(cell.left, kind),
            cell.state.glyph(ascii),
            self.of_amount(cell.right, kind)
        )
    }

    /// What the letters of a kind mean: "R read, W write".
    #[must_use]
    pub fn legend(&self, settings: &Settings, kind: Kind) -> Vec<(String, String)> {
        let levels = || {
            settings.access_levels.iter().zip(&self.levels).map(|(word, letter)| {
                let lower = kind == Kind::Processes;
                let letter = if lower { letter.to_ascii_lowercase() } else { *letter };
                (letter.to_string(), word.written().to_owned())
            })
        };
        let any = |word: &str| ("*".to_owned(), word.to_owned());
        match kind {
            Kind::Components => levels().chain([any("no level stated")]).collect(),
            Kind::Processes => {
                let parts = Responsibility::ALL.map(|part| {
                    let letter = self.of_amount(Amount::Part(part), kind);
                    (letter.to_string(), part.word().to_owned())
                });
                parts.into_iter().chain(levels()).collect()
            }
            Kind::Skills | Kind::People => settings
                .skill_levels
                .iter()
                .zip(1..)
                .map(|(word, number): (&Name, u32)| (number.to_string(), word.written().to_owned()))
                .collect(),
            Kind::Interactions => [
                (Relation::Invokes, "invokes"),
                (Relation::HandsOver, "hands over to"),
                (Relation::AccountableTo, "answers to"),
                (Relation::EscalatesTo, "escalates to"),
                (Relation::OverriddenBy, "overridden by"),
                (Relation::MonitoredBy, "monitored by"),
            ]
            .into_iter()
            .map(|(relation, word)| {
                (self.of_amount(Amount::Relation(relation), kind).to_string(), word.to_owned())
            })
            .chain([("p".to_owned(), "protocol stated".to_owned())])
            .collect(),
        }
    }
}

fn letter_of(word: &Name, place: usize, taken: &[char]) -> char {
    let letters = word.written().chars().filter(|letter| letter.is_ascii_alphanumeric());
    letters
        .map(|letter| letter.to_ascii_uppercase())
        .find(|letter| !taken.contains(letter))
        .or_else(|| char::from_digit(u32::try_from(place % 10).unwrap_or(0), 10))
        .unwrap_or('?')
}

/// The word of one side of a cell: "write", "proficient", "accountable".
#[must_use]
pub fn amount_word(settings: &Settings, amount: Amount) -> String {
    let access = |level: Level| settings.level(level).to_owned();
    match amount {
        Amount::Nothing => String::new(),
        Amount::Unstated => "at no stated level".to_owned(),
        Amount::Access(level) => access(level),
        Amount::Skill(level) => settings.skill_level(level).to_owned(),
        Amount::Part(part) => part.word().to_owned(),
        Amount::Relation(relation) => relation.verb().to_owned(),
        Amount::Protocol => "protocol stated".to_owned(),
    }
}

/// A cell in words: "granted too high: granted write, needed read, in prod".
#[must_use]
pub fn cell_words(settings: &Settings, kind: Kind, cell: &Cell) -> String {
    let (left, right) = kind.sides();
    let mut parts = Vec::new();
    for (side, amount) in [(left, cell.left), (right, cell.right)] {
        // Only of an access does it matter that its level is not stated.
        let said = amount != Amount::Unstated || kind == Kind::Components;
        if amount == Amount::Nothing || !said {
            continue;
        }
        let how = side == left && cell.conditional && cell.state != State::Conditional;
        let how = if how { " just in time or on a condition" } else { "" };
        parts.push(format!("{side} {}{how}", amount_word(settings, amount)));
    }
    if let Some(environment) = cell.environment.filter(|_| cell.state.is_wrong()) {
        parts.push(format!("in {}", settings.environment(environment)));
    }
    let meaning = cell.state.meaning(kind);
    if parts.is_empty() { meaning.to_owned() } else { format!("{meaning}: {}", parts.join(", ")) }
}

/// The states that occur, from worst to least: what a legend has to explain.
#[must_use]
pub fn states_in<'c>(cells: impl Iterator<Item = &'c Cell>) -> Vec<State> {
    let mut states: BTreeSet<State> = BTreeSet::new();
    for cell in cells {
        states.insert(cell.state);
        if cell.conditional {
            states.insert(State::Conditional);
        }
    }
    states.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_states_share_a_sign_or_a_word_and_ascii_is_ascii() {
        for ascii in [false, true] {
            let signs: BTreeSet<&str> = State::ALL.iter().map(|state| state.glyph(ascii)).collect();
            assert_eq!(signs.len(), State::ALL.len(), "ascii: {ascii}");
        }
        let words: BTreeSet<&str> = State::ALL.iter().map(|state| state.word()).collect();
        assert_eq!(words.len(), State::ALL.len());
        for state in State::ALL {
            assert!(state.glyph(true).is_ascii());
            assert_eq!(unicode_width::UnicodeWidthStr::width(state.glyph(false)), 1, "{state:?}");
        }
    }

    #[test]
    fn levels_that_begin_alike_get_letters_of_their_own() {
        let mut settings = Settings::defaults();
        settings.access_levels =
            ["read", "read secrets", "R", "写"].iter().map(|word| Name::new(word)).collect();
        let letters = Letters::of(&settings);
        let shown: String =
            (0..4).map(|level| letters.of_amount(Amount::Access(Level(level)), Kind::Components)).collect();
        assert_eq!(shown, "RE23");
    }
}
