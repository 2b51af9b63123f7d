//! The words that narrow an audit: `agent:`, `component:`, `verdict:`, `reason:`, and a span of time.
//!
//! Words of one key are alternatives, and different keys must all hold, as in the filter of findings.
//! An agent or a component is meant by any of its words; else the word must stand in the log's own.

use super::boundary::Number;
use super::judge::{Judgement, Known, Reason, Verdict};
use super::versions::Versions;
use crate::card::words::{fold, nearest};

/// Which events count.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    agents: Vec<String>,
    components: Vec<String>,
    verdicts: Vec<Verdict>,
    reasons: Vec<Reason>,
    /// The first moment, in microseconds.
    pub since: Option<i64>,
    /// The first moment that no longer counts.
    pub until: Option<i64>,
}

/// The keys of words.
const KEYS: [&str; 4] = ["agent", "component", "reason", "verdict"];

impl Filter {
    /// Reads words.
    ///
    /// # Errors
    /// A sentence about a word that can match nothing.
    pub fn of(words: &[String]) -> Result<Self, String> {
        let mut filter = Self::default();
        for word in words {
            let Some((key, value)) = word.split_once(':') else {
                return Err(format!(
                    "{word} is no word of this filter; write one of {}: before it",
                    KEYS.join(":, ")
                ));
            };
            let value = fold(value);
            match key {
                "agent" => filter.agents.push(value),
                "component" => filter.components.push(value),
                "verdict" => match Verdict::ALL.into_iter().find(|verdict| verdict.word() == value) {
                    Some(verdict) => filter.verdicts.push(verdict),
                    None => return Err(unknown("verdict", &value, Verdict::ALL.map(Verdict::word).to_vec())),
                },
                "reason" => match Reason::ALL.into_iter().find(|reason| reason.word() == value) {
                    Some(reason) => filter.reasons.push(reason),
                    None => return Err(unknown("reason", &value, Reason::ALL.map(Reason::word).to_vec())),
                },
                _ => return Err(unknown("key", key, KEYS.to_vec())),
            }
        }
        Ok(filter)
    }

    /// Whether it lets everything through, whatever its time.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.agents.is_empty()
            && self.components.is_empty()
            && self.verdicts.is_empty()
            && self.reasons.is_empty()
    }

    /// Whether a moment is in the span. One that is not known is in every span.
    #[must_use]
    pub fn admits_time(&self, time: Option<i64>) -> bool {
        time.is_none_or(|time| {
            self.since.is_none_or(|first| time >= first) && self.until.is_none_or(|end| time < end)
        })
    }

    /// Whether a judgement passes.
    #[must_use]
    pub fn admits(&self, versions: &Versions, judgement: &Judgement) -> bool {
        let now = versions.now();
        let meant = |words: &[String], known: &Known, find: &dyn Fn(&str) -> Option<Number>| {
            words.is_empty()
                || words.iter().any(|word| match known {
                    Known::Number(number) => find(word) == Some(*number),
                    Known::Word(written) => fold(written).contains(word.as_str()),
                })
        };
        meant(&self.agents, &judgement.actor, &|word| now.actor_words.get(word).copied())
            && meant(&self.components, &judgement.component, &|word| now.component_words.get(word).copied())
            && (self.verdicts.is_empty() || self.verdicts.contains(&judgement.verdict))
            && (self.reasons.is_empty()
                || judgement.reason.is_some_and(|reason| self.reasons.contains(&reason)))
    }
}

fn unknown(what: &str, word: &str, known: Vec<&str>) -> String {
    let guess =
        nearest(word, known.iter().copied()).map_or(String::new(), |near| format!("; did you mean {near}?"));
    format!("there is no {what} {word}; known are {}{guess}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_can_match_nothing_is_a_mistake() {
        let filter = |word: &str| Filter::of(&[word.to_owned()]);
        assert!(filter("verdict:beyond").is_ok());
        assert!(filter("verdict:beyont").expect_err("wrong").contains("did you mean beyond?"));
        assert!(filter("agnet:x").expect_err("wrong").contains("did you mean agent?"));
        assert!(filter("P010").is_err());
    }
}
