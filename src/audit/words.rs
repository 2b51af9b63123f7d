//! Numbers, shares and remarks of an audit as people read them, for terminal and screen alike.

use super::collect::Totals;
use super::summary::Summary;
use super::versions::Versions;

/// How many hand-overs that the catalog does not state are told one by one.
const HAND_OVERS: usize = 5;

/// What was noticed while logs were read, a sentence each.
#[must_use]
pub fn remarks(versions: &Versions, totals: &Totals, summary: &Summary) -> Vec<String> {
    let mut out = Vec::new();
    let mut say = |count: u64, one: &str, many: &str| {
        if count > 0 {
            out.push(format!("{} {}.", number(count), if count == 1 { one } else { many }));
        }
    };
    say(
        totals.duplicates,
        "event was there before and is left out",
        "events were there before and are left out",
    );
    say(
        totals.passed_over,
        "record is no access and was passed over",
        "records are no access and were passed over",
    );
    say(totals.without_time, "event has no time that can be read", "events have no time that can be read");
    say(totals.future, "event is from the future", "events are from the future");
    say(
        summary.strange_words,
        "event states an environment, level or risk that the catalog does not have",
        "events state an environment, level or risk that the catalog does not have",
    );
    say(
        summary.unshown_approvals,
        "event is allowed by a grant that needs an approval, which this log does not show",
        "events are allowed by grants that need an approval, which these logs do not show",
    );
    let (count, back) = totals.out_of_order;
    if count > 0 {
        out.push(format!(
            "{} stand after later ones of their log, {} at most.",
            events(count),
            seconds(back)
        ));
    }
    let (count, skew) = totals.before_parent;
    if count > 0 {
        out.push(format!(
            "{} are before the event that led to them, {} at most: clocks differ.",
            events(count),
            seconds(skew)
        ));
    }
    for (from, to, count) in summary.unstated_hand_overs.iter().take(HAND_OVERS) {
        let label =
            |number: u32| versions.acting(number).map_or_else(|| "?".into(), |acting| acting.label.clone());
        out.push(format!(
            "{} set {} to work {} times, which the catalog does not state.",
            label(*from),
            label(*to),
            number(*count)
        ));
    }
    let more = summary.unstated_hand_overs.len().saturating_sub(HAND_OVERS);
    if more > 0 {
        out.push(format!("{more} more hand-overs are not stated in the catalog."));
    }
    out
}

/// A number with its thousands apart.
#[must_use]
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How many events.
#[must_use]
pub fn events(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{} events", number(count)) }
}

/// A share in percent. What is not all is not said to be all, and what is not nothing not nothing.
#[must_use]
pub fn percent(part: u64, of: u64) -> String {
    if of == 0 {
        return "0 %".to_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "a share is shown with a digit or two")]
    let share = 100.0 * part as f64 / of as f64;
    match share {
        share if part > 0 && share < 0.1 => "< 0.1 %".to_owned(),
        share if part < of && share > 99.9 => "> 99.9 %".to_owned(),
        share if part == 0 || part == of || share >= 10.0 => format!("{share:.0} %"),
        share => format!("{share:.1} %"),
    }
}

fn seconds(microseconds: i64) -> String {
    let seconds = microseconds.div_euclid(1_000_000);
    match seconds {
        0 => "less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        120..=7_199 => format!("{} minutes", seconds / 60),
        7_200..=172_799 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares_as_people_read_them() {
        assert_eq!((number(1_234_567), number(12)), ("1,234,567".to_owned(), "12".to_owned()));
        let shares = [(0, 10), (10, 10), (1, 100_000), (99_999, 100_000), (1, 3), (1, 40), (99, 100)];
        assert_eq!(
            shares.map(|(part, of)| percent(part, of)),
            ["0 %", "100 %", "< 0.1 %", "> 99.9 %", "33 %", "2.5 %", "99 %"]
        );
    }
}
