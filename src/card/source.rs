//! Where a path of a card stands in its file: line, column, and the bytes of the value.
//!
//! Values come from [`super::node`]; this second reading is for positions only, and is done when
//! one is wanted. Where the two readings differ, or a value comes from an anchor, the nearest
//! enclosing value that is really there is named.

use std::ops::Range;

use saphyr_parser::{Event, Parser};

use super::Spot;
use super::path::{FieldPath, Item, KeyId, Segment};

/// A place in a file. Lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The line on which the value ends, from 1.
    pub last_line: u32,
    /// The column after its last character, from 1.
    pub end_column: u32,
}

impl Position {
    const START: Self = Self { line: 1, column: 1, last_line: 1, end_column: 1 };
}

/// The positions of everything in a file.
///
/// Many files are looked into for one line, so this is three lists, without text of its own.
#[derive(Debug, Default)]
pub struct SourceMap {
    values: Vec<Value>,
    /// The items of lists and the entries of mappings, those of one value together.
    children: Vec<u32>,
    documents: Vec<u32>,
}

#[derive(Debug)]
struct Value {
    position: Position,
    content: Content,
    /// In a mapping: its key.
    key: Option<Key>,
}

#[derive(Clone, Copy, Debug)]
struct Key {
    position: Position,
    /// None: a name that no path has.
    name: Option<KeyId>,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    Leaf,
    /// Refers to the value with this place in `values`.
    Alias(Option<u32>),
    List(Children),
    Map(Children),
}

/// A piece of the list of children.
#[derive(Clone, Copy, Debug, Default)]
struct Children {
    start: u32,
    count: u32,
}

impl SourceMap {
    /// Reads the positions of a text without byte-order mark.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut builder = Builder::default();
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            let position = Position {
                line: number(span.start.line()),
                column: number(span.start.col() + 1),
                last_line: number(span.end.line()),
                end_column: number(span.end.col() + 1),
            };
            builder.event(event, position);
        }
        // Where the text breaks off, what is open holds what was read so far.
        while builder.close().is_some() {}
        builder.map.values.shrink_to_fit();
        builder.map.children.shrink_to_fit();
        builder.map
    }

    /// The place of a value of a card. A list's or mapping's place is where it begins; a card's is
    /// its first line.
    #[must_use]
    pub fn locate(&self, spot: Spot, path: FieldPath) -> Position {
        let Some(top) = self.documents.get(spot.document as usize).map(|top| *top as usize) else {
            return Position::START;
        };
        let mut at = Cursor { value: top, shown: self.values[top].position };
        if let Some(item) = spot.item {
            at = self.step(at, Segment::Key("items")).unwrap_or(at);
            if let Item::At(place) = item {
                at = self.step(at, Segment::Index(place)).unwrap_or(at);
            }
        }
        for segment in path.segments() {
            match self.step(at, segment) {
                Some(next) => at = next,
                None => break,
            }
        }
        at.shown
    }

    fn step(&self, at: Cursor, segment: Segment) -> Option<Cursor> {
        let value = self.resolve(at.value)?;
        match (self.values[value].content, segment) {
            (Content::Map(entries), Segment::Key(name)) => {
                let name = KeyId::of(name)?;
                let is_named =
                    |entry: usize| self.values[entry].key.is_some_and(|key| key.name == Some(name));
                let own = self.children_of(entries).iter().map(|entry| *entry as usize);
                // Of keys that stand twice the last counts.
                let value = own.rev().find(|entry| is_named(*entry))?;
                let key = self.values[value].key?.position;
                Some(Cursor { value, shown: self.shown(key, value) })
            }
            (Content::Map(entries), Segment::Index(place)) => {
                let value = *self.children_of(entries).get(place as usize)? as usize;
                Some(Cursor { value, shown: self.values[value].key?.position })
            }
            (Content::List(items), Segment::Index(place)) => {
                let value = *self.children_of(items).get(place as usize)? as usize;
                Some(Cursor { value, shown: self.values[value].position })
            }
            _ => None,
        }
    }

    /// The values in a list or mapping, in order.
    fn children_of(&self, children: Children) -> &[u32] {
        let start = children.start as usize;
        self.children.get(start..start + children.count as usize).unwrap_or_default()
    }

    /// A field is shown at its value where that is one word on the key's line, else at its key.
    fn shown(&self, key: Position, value: usize) -> Position {
        let own = self.values[value].position;
        match self.values[value].content {
            Content::Leaf if own.line == key.line => own,
            _ => key,
        }
    }

    fn resolve(&self, mut value: usize) -> Option<usize> {
        // An alias may lead to an alias; a chain has no more links than there are values.
        for _ in 0..self.values.len() {
            match self.values[value].content {
                Content::Alias(target) => value = target? as usize,
                _ => return Some(value),
            }
        }
        None
    }
}

#[derive(Clone, Copy)]
struct Cursor {
    value: usize,
    shown: Position,
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX).max(1)
}

#[derive(Default)]
struct Builder {
    map: SourceMap,
    open: Vec<Open>,
    /// Children of what is open, the innermost last.
    pending: Vec<u32>,
    anchors: std::collections::HashMap<usize, u32>,
}

struct Open {
    value: usize,
    key: Option<Key>,
    is_map: bool,
    /// Where its children begin among those that are pending.
    pending: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, position: Position) {
        match event {
            Event::DocumentStart(_) => while self.close().is_some() {},
            Event::Scalar(text, _, anchor, _) => {
                if self.takes_key(&text, position) {
                    return;
                }
                self.add(Content::Leaf, anchor, position);
            }
            Event::Alias(target) => {
                if self.takes_key("", position) {
                    return;
                }
                let target = self.anchors.get(&target).copied();
                self.add(Content::Alias(target), 0, position);
            }
            Event::SequenceStart(anchor, _) => {
                self.begin(Content::List(Children::default()), anchor, position)
            }
            Event::MappingStart(anchor, _) => self.begin(Content::Map(Children::default()), anchor, position),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(value) = self.close() {
                    let value = &mut self.map.values[value];
                    value.position.last_line = position.last_line.max(value.position.line);
                    value.position.end_column = position.end_column;
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }

    /// Ends the innermost list or mapping, and gives it its children.
    fn close(&mut self) -> Option<usize> {
        let open = self.open.pop()?;
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (start, count) = (self.map.children.len(), self.pending.len() - open.pending);
        self.map.children.extend(self.pending.drain(open.pending..));
        if let Content::List(own) | Content::Map(own) = &mut self.map.values[open.value].content {
            *own = Children { start: small(start), count: small(count) };
        }
        Some(open.value)
    }

    /// Whether a scalar is the next key of the innermost mapping; then it is kept as such.
    fn takes_key(&mut self, text: &str, position: Position) -> bool {
        let Some(open) = self.open.last_mut() else {
            return false;
        };
        if !open.is_map || open.key.is_some() {
            return false;
        }
        open.key = Some(Key { position, name: KeyId::of(text) });
        true
    }

    fn begin(&mut self, content: Content, anchor: usize, position: Position) {
        let is_map = matches!(content, Content::Map(_));
        // A list or mapping as a key: no card has one; its content is read and dropped.
        let value = if self.takes_key("", position) {
            self.map.values.push(Value { position, content, key: None });
            self.map.values.len() - 1
        } else {
            self.add(content, anchor, position)
        };
        self.open.push(Open { value, key: None, is_map, pending: self.pending.len() });
    }

    fn add(&mut self, content: Content, anchor: usize, position: Position) -> usize {
        let place = self.map.values.len();
        let small = u32::try_from(place).unwrap_or(u32::MAX);
        if anchor != 0 {
            self.anchors.insert(anchor, small);
        }
        let mut key = None;
        match self.open.last_mut() {
            None => self.map.documents.push(small),
            Some(open) => {
                key = open.key.take();
                self.pending.push(small);
            }
        }
        self.map.values.push(Value { position, content, key });
        place
    }
}

/// The bytes of a line (from 1) of a text, without its line ending.
#[must_use]
pub fn line_range(text: &str, line: u32) -> Option<Range<usize>> {
    let mut start = 0;
    for (number, content) in text.split_inclusive('\n').enumerate() {
        if number + 1 == line as usize {
            let bare = content.trim_end_matches(['\n', '\r']);
            return Some(start..start + bare.len());
        }
        start += content.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# a comment
kind: Persona
name: Ana
component_access:
  - Azure Storage: read
  - component: GitHub
    level: write
skills: [Python, {skill: RAG, level: 2}]
---
kind: SkillList
items:
  - Python
  - name: RAG
";

    fn at(spot: Spot, path: FieldPath) -> (u32, u32) {
        let position = SourceMap::new(TEXT).locate(spot, path);
        (position.line, position.column)
    }

    #[test]
    fn a_value_is_found_where_it_stands() {
        let card = Spot::default();
        let grants = FieldPath::CARD.key("component_access");
        assert_eq!(at(card, FieldPath::CARD), (2, 1));
        assert_eq!(at(card, FieldPath::CARD.key("name")), (3, 7));
        assert_eq!(at(card, grants), (4, 1));
        assert_eq!(at(card, grants.index(0)), (5, 5));
        assert_eq!(at(card, grants.index(1)), (6, 5));
        assert_eq!(at(card, grants.index(1).key("level")), (7, 12));
        assert_eq!(at(card, FieldPath::CARD.key("skills").index(1)), (8, 18));
    }

    #[test]
    fn items_of_lists_of_cards_are_found() {
        let spot = |place| Spot { document: 1, item: Some(Item::At(place)) };
        assert_eq!(at(spot(0), FieldPath::CARD), (12, 5));
        assert_eq!(at(spot(1), FieldPath::CARD.key("name")), (13, 11));
    }

    #[test]
    fn what_breaks_off_holds_what_was_read() {
        let text = "kind: Persona\nskills:\n  - Python\n  - {skill: [\n";
        let map = SourceMap::new(text);
        assert_eq!(map.locate(Spot::default(), FieldPath::CARD.key("skills").index(0)).line, 3);
    }

    /// Each of the problems of a list is looked up by its place: a walk to each would take minutes here.
    #[test]
    fn an_item_of_a_long_list_is_found_at_once() {
        let items = 200_000;
        let text = format!("kind: PersonaList\nitems:\n{}", "- 1\n".repeat(items));
        let map = SourceMap::new(&text);
        for place in 0..u32::try_from(items).unwrap_or(0) {
            let spot = Spot { document: 0, item: Some(Item::At(place)) };
            assert_eq!(map.locate(spot, FieldPath::CARD).line, place + 3);
        }
    }

    #[test]
    fn what_is_not_there_leads_to_what_encloses_it() {
        let path = FieldPath::CARD.key("component_access").index(9).key("level");
        assert_eq!(at(Spot::default(), path), (4, 1));
        assert_eq!(at(Spot { document: 7, item: None }, path), (1, 1));
    }

    #[test]
    fn aliases_lead_to_their_anchors() {
        let text = "base: &base\n  name: x\nuse: *base\n";
        let map = SourceMap::new(text);
        let path = FieldPath::CARD.index(1).key("name");
        assert_eq!(map.locate(Spot::default(), path).line, 2);
    }

    #[test]
    fn lines_are_cut_out_without_their_endings() {
        let text = "one\r\ntwo\n";
        assert_eq!(line_range(text, 1).map(|range| &text[range]), Some("one"));
        assert_eq!(line_range(text, 2).map(|range| &text[range]), Some("two"));
        assert_eq!(line_range(text, 4), None);
    }
}
