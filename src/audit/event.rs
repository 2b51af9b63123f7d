//! An audit event: who did what to which component, where, when, and with whose approval.
//!
//! Readers fill it from a line of a log; it borrows from that line wherever it can. It is not judged
//! here, and its words are not looked up here: an empty word means that the log does not say.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use smallvec::SmallVec;

/// A word of a log; empty where the log does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<'a>(pub Cow<'a, str>);

impl<'a> Text<'a> {
    /// The word, without white space around it.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.trim()
    }

    /// Whether the log does not say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.get().is_empty()
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E: de::Error>(self, value: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(value)))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_owned())))
            }

            fn visit_string<E: de::Error>(self, value: String) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value)))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(Words)
    }
}

/// What an action does to its component, where a log shows that without the words of a catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It looks: the first access level.
    Read,
    /// It changes: the second.
    Change,
    /// It changes who may do what: the highest.
    Administer,
}

/// Words of which the first that the catalog knows is meant.
pub type Candidates<'a> = SmallVec<[Text<'a>; 2]>;

/// An event.
#[derive(Clone, Debug, Default)]
pub struct Event<'a> {
    /// When, as written.
    pub time: Text<'a>,
    /// Its id in the log.
    pub event: Text<'a>,
    /// Who acted: ids, names, identities.
    pub agents: Candidates<'a>,
    /// On what.
    pub components: Candidates<'a>,
    /// With which tool.
    pub tool: Text<'a>,
    /// What was done, in the words of the log.
    pub action: Text<'a>,
    /// At which access level.
    pub level: Text<'a>,
    /// The same, where the log has its own words for it.
    pub effect: Option<Effect>,
    /// In which environment.
    pub environment: Text<'a>,
    /// What may stand for an environment in a mapping file: an account, a resource group.
    pub places: Candidates<'a>,
    /// In which phase of a process.
    pub phase: Text<'a>,
    /// At which risk.
    pub risk: Text<'a>,
    /// What was decided when it was asked for.
    pub decision: Text<'a>,
    /// How it went.
    pub outcome: Text<'a>,
    /// Who set the agent to work.
    pub on_behalf_of: Text<'a>,
    /// Who approved.
    pub approval: Text<'a>,
    /// Whether the log would show an approval if there were one.
    pub shows_approval: bool,
    /// The id of the event that led to this one.
    pub parent: Text<'a>,
    /// What it is a part of.
    pub trace: Text<'a>,
}

impl Event<'_> {
    /// The first of some candidates, for showing.
    #[must_use]
    pub fn first<'c>(candidates: &'c Candidates<'_>) -> &'c str {
        candidates.iter().map(Text::get).find(|text| !text.is_empty()).unwrap_or("")
    }

    /// The same, to be kept when its line is gone. Of a word that is longer than any name only the
    /// beginning is kept.
    #[must_use]
    pub fn kept(&self) -> Event<'static> {
        const LONGEST: usize = 400;
        let text = |text: &Text<'_>| Text(Cow::Owned(text.get().chars().take(LONGEST).collect()));
        let all = |words: &Candidates<'_>| words.iter().take(8).map(text).collect();
        Event {
            time: text(&self.time),
            event: text(&self.event),
            agents: all(&self.agents),
            components: all(&self.components),
            tool: text(&self.tool),
            action: text(&self.action),
            level: text(&self.level),
            effect: self.effect,
            environment: text(&self.environment),
            places: all(&self.places),
            phase: text(&self.phase),
            risk: text(&self.risk),
            decision: text(&self.decision),
            outcome: text(&self.outcome),
            on_behalf_of: text(&self.on_behalf_of),
            approval: text(&self.approval),
            shows_approval: self.shows_approval,
            parent: text(&self.parent),
            trace: text(&self.trace),
        }
    }

    /// Whether it was refused when it was asked for.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        const WORDS: [&str; 9] =
            ["deny", "denied", "refuse", "refused", "forbidden", "block", "blocked", "reject", "rejected"];
        [&self.decision, &self.outcome]
            .iter()
            .any(|text| WORDS.iter().any(|word| text.get().eq_ignore_ascii_case(word)))
    }
}

/// A time of a log in microseconds since 1970; none where it is no time. Without an offset it is UTC.
#[must_use]
pub fn moment(text: &str) -> Option<i64> {
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Some(stamp.as_microsecond());
    }
    let local = text.parse::<DateTime>().ok()?;
    Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

/// The day of a time: the date that it is written with, whatever its offset.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    let written = text.get(..10)?;
    let shaped = written.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if shaped { written.parse().ok() } else { None }
}

/// Microseconds since 1970 as a log writes them.
#[must_use]
pub fn written(moment: i64) -> String {
    Timestamp::from_microsecond(moment).map_or_else(|_| "?".to_owned(), |stamp| stamp.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_and_without_offset() {
        assert_eq!(moment("1970-01-01T00:00:01Z"), Some(1_000_000));
        assert_eq!(moment("1970-01-01T02:00:01+02:00"), Some(1_000_000));
        assert_eq!(moment("1970-01-01 00:00:01.5"), Some(1_500_000));
        assert_eq!(
            moment("2019-10-24T00:13:46.3554259Z").map(written).as_deref(),
            Some("2019-10-24T00:13:46.355425Z")
        );
        assert_eq!(moment("yesterday"), None);
    }

    #[test]
    fn the_day_is_the_date_as_written() {
        assert_eq!(day("2026-10-01T00:30:00+02:00"), Some(jiff::civil::date(2026, 10, 1)));
        assert_eq!(day("2026-13-01"), None);
        assert_eq!(day("+026-10-01T"), None);
        assert_eq!(day("é2026-10-01"), None);
    }
}
