//! Where every value of a file stands, to the byte: what edits cut and insert at.
//!
//! The parser of events says what there is; where it is follows from scanning the text between,
//! since the parser's spans are loose around quotes, block scalars and empty values. A layout that
//! is not understood is refused rather than guessed. Meaning is not known here.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// How a value is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::card) enum Layout {
    /// Nothing is written.
    Empty,
    /// A word without quotes, perhaps over several lines.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// `|` or `>`, and lines below.
    Block,
    /// `*name`
    Alias,
    /// `[...]` or `{...}`
    Flow,
    /// `key: value` within `[...]`, without braces of its own.
    Pair,
    /// Lines that begin with `-`, or with keys.
    Lines,
}

/// A value and where it stands.
#[derive(Debug)]
pub(in crate::card) struct Value {
    /// Where the scanning for it began: after the `:` or `-` before it.
    pub(in crate::card) from: usize,
    /// Where it begins, with its anchor and tag.
    pub(in crate::card) start: usize,
    /// Where it begins, without these.
    pub(in crate::card) body: usize,
    /// Where it ends.
    pub(in crate::card) end: usize,
    pub(in crate::card) layout: Layout,
    pub(in crate::card) has_anchor: bool,
    pub(in crate::card) parent: Option<usize>,
    pub(in crate::card) content: Content,
}

#[derive(Debug)]
pub(in crate::card) enum Content {
    Scalar,
    List(Vec<ListItem>),
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(in crate::card) struct ListItem {
    /// Where its `-` stands, in a list of lines.
    pub(in crate::card) dash: usize,
    pub(in crate::card) value: usize,
}

#[derive(Debug)]
pub(in crate::card) struct Entry {
    pub(in crate::card) name: Box<str>,
    pub(in crate::card) key: Range<usize>,
    pub(in crate::card) value: usize,
}

/// All values of a file.
#[derive(Debug)]
pub(in crate::card) struct Tree<'t> {
    pub(in crate::card) text: &'t str,
    pub(in crate::card) values: Vec<Value>,
    pub(in crate::card) documents: Vec<Document>,
}

#[derive(Debug)]
pub(in crate::card) struct Document {
    /// Where its text begins: after its `---`, or at the top of the file.
    pub(in crate::card) from: usize,
    pub(in crate::card) root: usize,
}

impl<'t> Tree<'t> {
    /// Reads a text, or gives up on a layout that is not understood.
    pub(in crate::card) fn new(text: &'t str) -> Option<Self> {
        let mut reading = Reading {
            events: Vec::new(),
            next: 0,
            tree: Self { text, values: Vec::new(), documents: Vec::new() },
        };
        let offsets = Offsets::new(text);
        for event in Parser::new_from_str(text) {
            let (event, span) = event.ok()?;
            let span = offsets.byte(span.start.index())?..offsets.byte(span.end.index())?;
            reading.events.push((event, span));
        }
        reading.documents()?;
        Some(reading.tree)
    }

    pub(in crate::card) fn is_flow(&self, value: usize) -> bool {
        let mut at = Some(value);
        while let Some(place) = at {
            if matches!(self.values[place].layout, Layout::Flow | Layout::Pair) {
                return true;
            }
            at = self.values[place].parent;
        }
        false
    }

    /// The entry of a key; of keys that stand twice the last counts.
    pub(in crate::card) fn entry(&self, map: usize, name: &str) -> Option<(usize, &Entry)> {
        match &self.values[map].content {
            Content::Map(entries) => entries.iter().enumerate().rev().find(|(_, entry)| &*entry.name == name),
            Content::Scalar | Content::List(_) => None,
        }
    }
}

/// Characters -> bytes.
struct Offsets(Option<Vec<usize>>, usize);

impl Offsets {
    fn new(text: &str) -> Self {
        let table = (!text.is_ascii())
            .then(|| text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect());
        Self(table, text.len())
    }

    fn byte(&self, character: usize) -> Option<usize> {
        match &self.0 {
            Some(table) => table.get(character).copied(),
            None => Some(character).filter(|byte| *byte <= self.1),
        }
    }
}

struct Reading<'t> {
    events: Vec<(Event<'t>, Range<usize>)>,
    next: usize,
    tree: Tree<'t>,
}

impl<'t> Reading<'t> {
    fn documents(&mut self) -> Option<()> {
        while let Some((event, span)) = self.events.get(self.next) {
            match event {
                Event::DocumentStart(explicit) => {
                    let from = if *explicit { span.end } else { 0 };
                    self.next += 1;
                    let root = self.value(from, None)?;
                    self.tree.documents.push(Document { from, root });
                }
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => self.next += 1,
                _ => return None,
            }
        }
        Some(())
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.tree.text.as_bytes().get(at).copied()
    }

    /// Passes white space, line ends and comments.
    fn skip(&self, mut at: usize) -> usize {
        let bytes = self.tree.text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                    while bytes.get(at).is_some_and(|byte| *byte != b'\n') {
                        at += 1;
                    }
                }
                _ => break,
            }
        }
        at
    }

    fn value(&mut self, from: usize, parent: Option<usize>) -> Option<usize> {
        let (event, span) = self.events.get(self.next)?.clone();
        self.next += 1;
        let start = self.skip(from);
        let mut value = Value {
            from,
            start,
            body: start,
            end: start,
            layout: Layout::Plain,
            has_anchor: false,
            parent,
            content: Content::Scalar,
        };
        let is_empty = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, 0, None) if text.is_empty());
        if is_empty {
            value = Value { start: from, body: from, end: from, layout: Layout::Empty, ..value };
            self.tree.values.push(value);
            return Some(self.tree.values.len() - 1);
        }
        while let Some(mark @ (b'&' | b'!')) = self.byte(value.body) {
            value.has_anchor |= mark == b'&';
            let rest = &self.tree.text[value.body..];
            let length = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
            value.body = self.skip(value.body + length);
        }
        self.tree.values.push(value);
        let place = self.tree.values.len() - 1;
        let body = self.tree.values[place].body;
        let (layout, end, content) = match event {
            Event::Alias(_) => (Layout::Alias, span.end, Content::Scalar),
            Event::Scalar(_, style, _, _) => {
                let (layout, end) = self.scalar(style, body, &span)?;
                (layout, end, Content::Scalar)
            }
            Event::SequenceStart(..) if self.byte(body) == Some(b'[') => {
                let (end, items) = self.flow_list(place, body)?;
                (Layout::Flow, end, Content::List(items))
            }
            Event::SequenceStart(..) => {
                let (end, items) = self.lines_list(place, body)?;
                (Layout::Lines, end, Content::List(items))
            }
            Event::MappingStart(..) if self.byte(body) == Some(b'{') => {
                let (end, entries) = self.flow_map(place, body)?;
                (Layout::Flow, end, Content::Map(entries))
            }
            Event::MappingStart(..) => {
                let in_flow = parent.is_some_and(|parent| self.tree.is_flow(parent));
                let (end, entries) = self.lines_map(place, body)?;
                (if in_flow { Layout::Pair } else { Layout::Lines }, end, Content::Map(entries))
            }
            _ => return None,
        };
        let value = &mut self.tree.values[place];
        value.layout = layout;
        value.end = end;
        value.content = content;
        (value.end >= value.body).then_some(place)
    }

    fn scalar(&self, style: ScalarStyle, body: usize, span: &Range<usize>) -> Option<(Layout, usize)> {
        let text = self.tree.text;
        match style {
            ScalarStyle::Plain => Some((Layout::Plain, span.end)),
            ScalarStyle::SingleQuoted => Some((Layout::Single, self.quoted(body, b'\'')?)),
            ScalarStyle::DoubleQuoted => Some((Layout::Double, self.quoted(body, b'"')?)),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                matches!(self.byte(body), Some(b'|' | b'>')).then_some(())?;
                let header = line_end(text, body);
                let keeps = text[body..header].split('#').next().is_some_and(|mark| mark.contains('+'));
                let within = text.get(body..span.end.max(header))?;
                let trimmed = if keeps {
                    within.strip_suffix('\n').map_or(within, |rest| rest.strip_suffix('\r').unwrap_or(rest))
                } else {
                    within.trim_end()
                };
                Some((Layout::Block, body + trimmed.len()))
            }
        }
    }

    /// The end of a quoted scalar that begins at `body`.
    fn quoted(&self, body: usize, quote: u8) -> Option<usize> {
        (self.byte(body)? == quote).then_some(())?;
        let mut at = body + 1;
        loop {
            match self.byte(at)? {
                b'\\' if quote == b'"' => at += 2,
                byte if byte == quote && quote == b'\'' && self.byte(at + 1) == Some(quote) => at += 2,
                byte if byte == quote => return Some(at + 1),
                _ => at += 1,
            }
        }
    }

    /// A key at `at`: its name and its bytes.
    fn key(&mut self, at: usize) -> Option<(Box<str>, Range<usize>)> {
        let (event, span) = self.events.get(self.next)?.clone();
        self.next += 1;
        let Event::Scalar(name, style, 0, None) = event else { return None };
        let (_, end) = self.scalar(style, at, &span)?;
        // A plain key begins where the parser says that it does, or the layout is not understood.
        (style != ScalarStyle::Plain || span.start == at).then(|| (Box::from(&*name), at..end))
    }

    fn is_at_end_of_list(&self) -> bool {
        matches!(self.events.get(self.next), Some((Event::SequenceEnd, _)))
    }

    fn is_at_end_of_map(&self) -> bool {
        matches!(self.events.get(self.next), Some((Event::MappingEnd, _)))
    }

    fn lines_list(&mut self, place: usize, body: usize) -> Option<(usize, Vec<ListItem>)> {
        let (mut items, mut at, mut end) = (Vec::new(), body, body);
        while !self.is_at_end_of_list() {
            (self.byte(at)? == b'-').then_some(())?;
            let value = self.value(at + 1, Some(place))?;
            items.push(ListItem { dash: at, value });
            end = self.tree.values[value].end;
            at = self.skip(end);
        }
        self.next += 1;
        Some((end, items))
    }

    fn lines_map(&mut self, place: usize, body: usize) -> Option<(usize, Vec<Entry>)> {
        let (mut entries, mut at, mut end) = (Vec::new(), body, body);
        while !self.is_at_end_of_map() {
            let (name, key) = self.key(at)?;
            let colon = self.skip(key.end);
            (self.byte(colon)? == b':').then_some(())?;
            let value = self.value(colon + 1, Some(place))?;
            end = self.tree.values[value].end;
            entries.push(Entry { name, key, value });
            at = self.skip(end);
        }
        self.next += 1;
        Some((end, entries))
    }

    fn flow_list(&mut self, place: usize, body: usize) -> Option<(usize, Vec<ListItem>)> {
        // Marked at once, so that what stands within knows that it is in a flow.
        self.tree.values[place].layout = Layout::Flow;
        let (mut items, mut at) = (Vec::new(), body + 1);
        while !self.is_at_end_of_list() {
            let value = self.value(at, Some(place))?;
            items.push(ListItem { dash: self.tree.values[value].start, value });
            at = self.skip(self.tree.values[value].end);
            at += usize::from(self.byte(at)? == b',');
        }
        self.next += 1;
        let close = self.skip(at);
        (self.byte(close)? == b']').then_some((close + 1, items))
    }

    fn flow_map(&mut self, place: usize, body: usize) -> Option<(usize, Vec<Entry>)> {
        self.tree.values[place].layout = Layout::Flow;
        let (mut entries, mut at) = (Vec::new(), body + 1);
        while !self.is_at_end_of_map() {
            let (name, key) = self.key(self.skip(at))?;
            let colon = self.skip(key.end);
            let from = if self.byte(colon)? == b':' { colon + 1 } else { key.end };
            let value = self.value(from, Some(place))?;
            at = self.skip(self.tree.values[value].end);
            entries.push(Entry { name, key, value });
            at += usize::from(self.byte(at)? == b',');
        }
        self.next += 1;
        let close = self.skip(at);
        (self.byte(close)? == b'}').then_some((close + 1, entries))
    }
}

/// The end of the line that a place stands on, before its line ending.
pub(in crate::card) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if end > at && text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end }
}

/// The start of the line that a place stands on.
pub(in crate::card) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}
