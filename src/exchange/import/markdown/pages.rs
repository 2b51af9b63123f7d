//! Pages that an export wrote: the card on each is read as it was written, and may have been changed by hand.
//!
//! What follows from the cards stands below them, and is passed over.

use std::sync::Arc;

use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::Name;
use crate::exchange::cards::phrase;
use crate::exchange::import::draft::{Draft, Reading};
use crate::exchange::markdown::{CARD, PAGE, block, decoded, inline};

/// Whether a text is such a page.
#[must_use]
pub fn is_page(text: &str) -> bool {
    text.lines().take(20).any(|line| line.starts_with(CARD) || line.trim_end() == PAGE)
        || text.lines().any(|line| line.starts_with(CARD))
}

/// Reads the cards of a page.
#[must_use]
pub fn read(text: &str, file: &Arc<str>) -> Reading {
    let mut reading = Reading::default();
    let lines: Vec<&str> = text.lines().collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| line.starts_with(CARD)).map(|(place, _)| place);
    let starts: Vec<usize> = starts.collect();
    for (nth, start) in starts.iter().enumerate() {
        let end = starts.get(nth + 1).copied().unwrap_or(lines.len());
        card(&lines, *start, end, file, &mut reading);
    }
    if starts.is_empty() {
        reading.note(file, 1, "this page follows from the cards, and was passed over");
    }
    reading
}

fn card(lines: &[&str], start: usize, end: usize, file: &Arc<str>, reading: &mut Reading) {
    let number = |place: usize| u32::try_from(place + 1).unwrap_or(u32::MAX);
    let marker = lines[start].trim_start_matches(CARD).trim_end().trim_end_matches("-->").trim();
    let (word, home) = match marker.split_once(", file: ") {
        Some((word, home)) => (word, decoded(home.trim())),
        None => (marker, None),
    };
    let word = Name::new(word);
    let Some(kind) = Kind::ALL.into_iter().find(|kind| word.is(&kind.word().to_lowercase())) else {
        return reading.unread(file, number(start), format!("no card is of the kind {word}"));
    };
    let is_heading = |line: &str| line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
    let heading = (start + 1..end).find(|place| is_heading(lines[*place]));
    let Some(heading) = heading else {
        return reading.unread(
            file,
            number(start),
            "the card below this line has no heading, which is its name",
        );
    };
    let end = (heading + 1..end)
        .find(|place| is_heading(lines[*place]) || lines[*place].starts_with("[All pages]("))
        .unwrap_or(end);
    let body = &lines[heading + 1..end];
    // What stands below the list of a card, after a gap, was not written by hand into it.
    let (mut fields, unread) = block::read(kind, &body.join("\n"));
    for (line, why) in unread {
        let place = heading + line as usize;
        if !body.get(line.saturating_sub(1) as usize).is_some_and(|own| is_remark(own)) {
            reading.unread(file, number(place), why);
        }
    }
    if block::is_titled(kind) {
        let title = inline::plain(lines[heading].trim_start_matches('#').trim());
        let field = crate::card::fields::mapping_of(kind).field("name");
        if let Some(field) = field
            && !title.trim().is_empty()
        {
            let place = fields.iter().take_while(|(key, _)| &**key == "id").count();
            let name = match phrase::read_line(field, &title) {
                Node::Text(name) => Node::Text(name),
                _ => Node::Text(title.trim().into()),
            };
            fields.insert(place, ("name".into(), name));
        }
    }
    reading.drafts.push(Draft {
        kind,
        fields,
        file: file.clone(),
        line: number(start),
        home: home.map(Arc::from),
    });
}

/// The one sentence that an export writes below a card.
fn is_remark(line: &str) -> bool {
    line.starts_with("This card shares its name with an earlier one")
}
