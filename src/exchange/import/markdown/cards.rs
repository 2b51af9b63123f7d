//! Persona cards in running text: a title, and labelled lines below it.
//!
//! A title is a heading, or a line of its own above a labelled one. Labels may have values on their
//! line, or lists and paragraphs below. What has no label is not guessed, but for a single gap in the
//! order of the template, which is said.

use std::sync::Arc;

use super::lines::{BOLD, Line, What};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::exchange::import::draft::{Draft, Reading, Unread, text};
use crate::exchange::import::words::{
    Vocabulary, field_of, grant, is_id, is_placeholder, name_and_id, says_agent, split_list,
};

/// The fields of the template, in its order.
const TEMPLATE: [&str; 6] =
    ["name", "team", "primary_interaction", "component_access", "processes", "skills"];

#[derive(Debug)]
struct Card {
    title: String,
    line: u32,
    level: u8,
    section: Option<String>,
    description: Vec<String>,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    field: Option<&'static str>,
    values: Vec<String>,
    /// How far each value of a list is indented.
    indents: Vec<usize>,
    line: u32,
    indent: usize,
    bullet: bool,
    /// Whether nothing stood behind the label, so that its values are what stands below.
    below: bool,
}

#[derive(Debug)]
struct Title {
    text: String,
    line: u32,
    level: u8,
    prose: Vec<(u32, String)>,
}

struct Walk<'l> {
    lines: &'l [Line],
    cards: Vec<Card>,
    card: Option<Card>,
    title: Option<Title>,
    /// Headings above, by level.
    headings: Vec<(u8, String)>,
    section: Option<String>,
    /// Whether the last line was blank.
    gap: bool,
    prose: Vec<(u32, u32)>,
}

/// Reads the cards of a text; `taken` says which lines are tables that are read elsewhere.
pub fn read(lines: &[Line], taken: &[bool], file: &Arc<str>, words: &Vocabulary, reading: &mut Reading) {
    let mut walk = Walk {
        lines,
        cards: Vec::new(),
        card: None,
        title: None,
        headings: Vec::new(),
        section: None,
        gap: true,
        prose: Vec::new(),
    };
    for (place, line) in lines.iter().enumerate() {
        if taken[place] {
            // What a table said ends the card above it, unless it is one of the card's own.
            walk.gap = true;
            continue;
        }
        walk.line(place, line);
        walk.gap = line.what == What::Blank;
    }
    walk.end_title();
    walk.end_card();
    let Walk { cards, prose, .. } = walk;
    for card in cards {
        make(card, file, words, reading);
    }
    unread_prose(lines, taken, &prose, file, reading);
}

impl Walk<'_> {
    fn line(&mut self, place: usize, line: &Line) {
        match &line.what {
            What::Blank => {}
            What::Code | What::Row(_) | What::Divider => self.prose(line),
            What::Heading(level) => self.heading(place, line, *level),
            What::Bullet | What::Text => {
                let labelled =
                    line.label.as_ref().and_then(|(label, value)| Some((field_of(label)?, value.clone())));
                match labelled {
                    Some((field, value)) if self.is_label(line, field) => {
                        self.label(place, line, field, &value)
                    }
                    _ if line.what == What::Bullet => self.bullet(line),
                    _ => self.text(place, line),
                }
            }
        }
    }

    /// An item of a list below a label may hold a colon of its own.
    fn is_label(&self, line: &Line, field: &str) -> bool {
        let Some(part) = self.card.as_ref().and_then(|card| card.parts.last()) else { return true };
        !(line.what == What::Bullet
            && line.indent > part.indent
            && part.field.is_some()
            && matches!(field, "component_access" | "skills" | "processes" | "name" | "id" | "section")
            && part.bullet)
    }

    fn heading(&mut self, place: usize, line: &Line, level: u8) {
        let below = self.card.as_ref().is_some_and(|card| level > card.level)
            || self.title.as_ref().is_some_and(|title| level > title.level);
        if let Some((label, value)) = &line.label
            && let Some(field) = field_of(label)
            && (field == "name" && !value.is_empty() || below)
            && !(field == "name" && value.is_empty())
        {
            if field == "name" {
                self.end_card();
                self.open_title(value, line, level.min(BOLD));
            } else {
                self.label(place, line, field, value);
            }
            return;
        }
        self.end_title();
        self.end_card();
        self.headings.retain(|(above, _)| *above < level);
        self.open_title(&line.text, line, level);
        self.headings.push((level, line.text.clone()));
    }

    fn open_title(&mut self, text: &str, line: &Line, level: u8) {
        self.end_title();
        self.title = Some(Title { text: text.to_owned(), line: line.number, level, prose: Vec::new() });
    }

    fn label(&mut self, place: usize, line: &Line, field: &'static str, value: &str) {
        let part = |field| Part {
            field: Some(field),
            values: if value.is_empty() { Vec::new() } else { vec![value.to_owned()] },
            indents: Vec::new(),
            line: line.number,
            indent: line.indent,
            bullet: line.what == What::Bullet,
            below: value.is_empty(),
        };
        if field == "name" && !value.is_empty() {
            let replaces = self.title.is_some() && self.card.is_none();
            if !replaces {
                self.end_card();
            }
            let title = self.title.take();
            let mut card = self.card_of(title.as_ref().map_or(BOLD, |title| title.level), value, line.number);
            if let Some(title) = title {
                // A heading that is an id belongs to the name below it.
                if is_id(&title.text) {
                    card.parts.push(Part { values: vec![title.text.clone()], ..part("id") });
                }
                card.description = title.prose.iter().map(|(_, text)| text.clone()).collect();
            }
            self.end_card();
            self.card = Some(card);
            return;
        }
        if let Some(title) = self.title.take() {
            self.end_card();
            let mut card = self.card_of(title.level, &title.text, title.line);
            card.description = title.prose.into_iter().map(|(_, text)| text).collect();
            self.card = Some(card);
        }
        match &mut self.card {
            Some(card) => card.parts.push(part(field)),
            None => self.prose(&self.lines[place]),
        }
    }

    fn card_of(&self, level: u8, title: &str, line: u32) -> Card {
        let above = self.headings.iter().rev().find(|(above, text)| *above < level && text != title);
        let section = match above {
            Some((1, text)) => Some(text).filter(|text| ends_in_personas(text)),
            Some((_, text)) => Some(text),
            None => None,
        };
        Card {
            title: title.to_owned(),
            line,
            level,
            section: section.cloned().or_else(|| self.section.clone()),
            description: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn bullet(&mut self, line: &Line) {
        let Some(card) = self.card.as_mut().filter(|_| self.title.is_none()) else {
            return self.prose(line);
        };
        let open = card.parts.last().is_some_and(|part| {
            part.field.is_some() && (line.indent > part.indent || !part.bullet && part.below)
        });
        if let Some(part) = card.parts.last_mut()
            && open
        {
            part.indents.resize(part.values.len(), part.indent);
            part.values.push(line.text.clone());
            part.indents.push(line.indent);
            return;
        }
        card.parts.push(Part {
            field: None,
            values: vec![line.text.clone()],
            indents: Vec::new(),
            line: line.number,
            indent: line.indent,
            bullet: true,
            below: false,
        });
    }

    fn text(&mut self, place: usize, line: &Line) {
        if self.opens_card(place) {
            self.end_title();
            self.end_card();
            self.open_title(&line.text, line, BOLD);
            return;
        }
        if self.title.is_some() && self.is_section(line) {
            self.end_title();
        }
        if let Some(title) = &mut self.title {
            title.prose.push((line.number, line.text.clone()));
            return;
        }
        if let Some(part) = self.card.as_mut().and_then(|card| card.parts.last_mut())
            && part.field.is_some()
        {
            let goes_on = !self.gap
                && (line.indent > part.indent
                    || part.values.last().is_some_and(|value| value.ends_with(',')));
            match part.values.last_mut() {
                Some(value) if goes_on => {
                    value.push(' ');
                    value.push_str(&line.text);
                    return;
                }
                None => {
                    part.values.push(line.text.clone());
                    return;
                }
                Some(_) => {}
            }
        }
        self.end_card();
        if self.is_section(line) {
            self.section = Some(line.text.clone());
        } else {
            self.prose(line);
        }
    }

    /// A line of its own such as "Development personas" names the group of what follows.
    fn is_section(&self, line: &Line) -> bool {
        self.gap && is_title(&line.text) && ends_in_personas(&line.text)
    }

    /// Whether a line of text is the title of a card: the next line is a labelled one.
    fn opens_card(&self, place: usize) -> bool {
        let line = &self.lines[place];
        if !is_title(&line.text) || (line.indent > 3 && !self.gap) {
            return false;
        }
        let next = self.lines[place + 1..].iter().find(|line| line.what != What::Blank);
        let Some(next) = next else { return false };
        let field = next.label.as_ref().and_then(|(label, _)| field_of(label));
        matches!(next.what, What::Bullet | What::Text) && field.is_some()
    }

    fn end_title(&mut self) {
        if let Some(title) = self.title.take() {
            self.prose.push((title.line, title.line));
            self.prose.extend(title.prose.iter().map(|(line, _)| (*line, *line)));
            if is_title(&title.text) && ends_in_personas(&title.text) {
                self.prose.retain(|(line, _)| *line != title.line);
                self.section = Some(title.text);
            }
        }
    }

    fn end_card(&mut self) {
        self.cards.extend(self.card.take());
    }

    fn prose(&mut self, line: &Line) {
        self.prose.push((line.number, line.number));
    }
}

fn is_title(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= 100
        && !text.ends_with(['.', ';', ',', '?'])
        && text.chars().any(char::is_alphabetic)
}

fn ends_in_personas(text: &str) -> bool {
    let text = text.to_lowercase();
    let text = text.trim_end_matches(':');
    text.ends_with(" personas")
        && !text.starts_with("example")
        && !text.starts_with("what")
        && !text.contains(" define ")
}

fn make(card: Card, file: &Arc<str>, words: &Vocabulary, reading: &mut Reading) {
    let template =
        is_placeholder(&card.title)
            || card.parts.iter().filter(|part| part.field.is_some()).count() > 0
                && card.parts.iter().filter(|part| part.field.is_some()).all(|part| {
                    !part.values.is_empty() && part.values.iter().all(|value| is_placeholder(value))
                });
    if template {
        reading.note(file, card.line, "a template, with places instead of values: no card");
        return;
    }
    let (name, id) = name_and_id(&card.title);
    let mut draft =
        Draft { kind: Kind::Persona, fields: Vec::new(), file: file.clone(), line: card.line, home: None };
    if let Some(id) = id {
        draft.set("id", &id);
    }
    draft.set("name", &name);
    let mut parts = card.parts;
    infer(&mut parts, file, reading);
    if !parts.iter().any(|part| part.field == Some("type")) && says_agent(&name) {
        draft.set("type", "agent");
        reading.note(file, card.line, format!("{name} is taken for an agent, because its name says so"));
    }
    if let Some(section) = card.section {
        let short = section.trim_end_matches(':');
        let short = short.strip_suffix(" personas").or(short.strip_suffix(" Personas")).unwrap_or(short);
        draft.set("section", short);
    }
    for part in &parts {
        let Some(field) = part.field else {
            let what = part.values.join(" ");
            reading.unread(
                file,
                part.line,
                format!("\"{}\" on the card of {name} has no label that is known", short(&what)),
            );
            continue;
        };
        let values =
            if field == "component_access" { with_details(part, words) } else { part.values.clone() };
        state(&mut draft, field, &values, part.line, words, reading);
    }
    if draft.get("description").is_none() && !card.description.is_empty() {
        draft.set("description", &card.description.join(" "));
    }
    reading.drafts.push(draft);
}

/// What stands indented below a component is said of it, where it is a level, a role, an environment or a reason.
fn with_details(part: &Part, words: &Vocabulary) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut base: Option<(usize, &String, bool)> = None;
    for (place, value) in part.values.iter().enumerate() {
        let indent = part.indents.get(place).copied().unwrap_or(part.indent);
        if let Some((own, name, is_said)) = &mut base
            && indent > *own
        {
            let whole = format!("{name} ({value})");
            if matches!(grant(&whole, words), Node::Map(_)) {
                if !std::mem::replace(is_said, true) {
                    out.pop();
                }
                out.push(whole);
                continue;
            }
        }
        if base.as_ref().is_none_or(|(own, _, _)| indent <= *own) {
            let is_plain = matches!(grant(value, words), Node::Text(_)) && split_list(value).len() == 1;
            base = is_plain.then_some((indent, value, false));
        }
        out.push(value.clone());
    }
    out
}

/// States a field of a persona from the values behind its label.
pub fn state(
    draft: &mut Draft,
    field: &'static str,
    values: &[String],
    line: u32,
    words: &Vocabulary,
    reading: &mut Reading,
) {
    let file = draft.file.clone();
    let whole = values.join(" ");
    if is_placeholder(&whole) {
        return;
    }
    let items = || values.iter().flat_map(|value| split_list(value));
    match field {
        "component_access" => values.iter().for_each(|value| {
            // One bullet with details is one grant, commas and all.
            let one = value.contains(" — ") || value.contains(" -- ");
            let items = if one { vec![value.clone()] } else { split_list(value) };
            items.iter().for_each(|item| draft.push(field, grant(item, words)));
        }),
        "primary_interaction"
        | "processes"
        | "skills"
        | "aliases"
        | "escalates_to"
        | "override"
        | "invokes"
        | "monitored_by"
        | "accountable" => items().for_each(|item| draft.push(field, text(&item))),
        "type" => match whole.to_lowercase().trim() {
            word @ ("human" | "agent" | "service") => draft.set("type", word),
            "ai agent" | "autonomous agent" | "agentic" => draft.set("type", "agent"),
            "person" => draft.set("type", "human"),
            _ => reading.unread(
                &file,
                line,
                format!("\"{}\" is no type of persona: human, agent or service", short(&whole)),
            ),
        },
        "id" => {
            draft.put("id", text(whole.trim()));
            // Ids stand first on cards.
            if let Some(place) = draft.fields.iter().position(|(key, _)| &**key == "id") {
                let id = draft.fields.remove(place);
                draft.fields.insert(0, id);
            }
        }
        _ => draft.set(field, &whole),
    }
}

/// A bullet without a label, where exactly one field of the template is missing between its neighbours.
fn infer(parts: &mut [Part], file: &Arc<str>, reading: &mut Reading) {
    let place_of =
        |part: &Part| part.field.and_then(|field| TEMPLATE.iter().position(|known| *known == field));
    for at in 0..parts.len() {
        if parts[at].field.is_some() {
            continue;
        }
        let before = parts[..at].iter().rev().find_map(place_of);
        let after = parts[at + 1..].iter().find_map(place_of);
        let single = parts[at + 1..].first().is_some_and(|next| next.field.is_some())
            && at.checked_sub(1).is_some_and(|last| parts[last].field.is_some());
        if let (Some(before), Some(after), true) = (before, after, single)
            && after == before + 2
            && !parts.iter().any(|part| part.field == Some(TEMPLATE[before + 1]))
        {
            parts[at].field = Some(TEMPLATE[before + 1]);
            let label = TEMPLATE[before + 1].replace('_', " ");
            let why = format!(
                "\"{}\" has no label; it stands where the template has {label}, and is taken for that",
                short(&parts[at].values.join(" "))
            );
            reading.note(file, parts[at].line, why);
        }
    }
}

/// The beginning of a text.
#[must_use]
pub fn short(text: &str) -> String {
    let mut characters = text.chars();
    let head: String = characters.by_ref().take(60).collect();
    if characters.next().is_some() { format!("{}...", head.trim_end()) } else { head }
}

/// Lines that belong to no card, block by block.
fn unread_prose(
    lines: &[Line],
    taken: &[bool],
    prose: &[(u32, u32)],
    file: &Arc<str>,
    reading: &mut Reading,
) {
    let is_prose: std::collections::HashSet<u32> = prose.iter().map(|(line, _)| *line).collect();
    let mut block: Option<(u32, u32, String)> = None;
    let mut blocks = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let own = is_prose.contains(&line.number);
        match (&mut block, own) {
            (None, true) => {
                let text = match &line.what {
                    What::Row(cells) => cells.join(" | "),
                    _ => line.text.clone(),
                };
                block = Some((line.number, line.number, text));
            }
            (Some((_, last, _)), true) => *last = line.number,
            (Some(_), false) if line.what == What::Blank && !taken[place] => {}
            (Some(_), false) => blocks.extend(block.take()),
            (None, false) => {}
        }
    }
    blocks.extend(block);
    for (line, last_line, first) in blocks {
        let why = format!("text outside of cards, beginning \"{}\"", short(&first));
        reading.unread.push(Unread { file: file.clone(), line, last_line, why });
    }
}
