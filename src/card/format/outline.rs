//! A document's values with the comments and blank lines that belong to each, fields in their order.

use crate::card::edit::tree::{Content, Layout, Tree, Value, line_end, line_start};
use crate::card::edit::write::{Quotes, word};
use crate::card::fields::{Form, LIST, Mapping, Takes};
use crate::card::node::{Node, documents};

/// A comment between two words.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) text: String,
    /// Where its line has it, in characters from 0.
    column: usize,
    /// Whether something stands before it on its line.
    on_line: bool,
    /// What stands between that and it.
    space: String,
    /// Whether a blank line stands above it.
    pub(super) blank: bool,
}

/// A field, an item, or a whole document, with what belongs to it.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Comments above it.
    pub(super) above: Vec<Comment>,
    /// Whether a blank line stands above it, below these.
    pub(super) blank: bool,
    /// Its key, as it is written; none of an item.
    pub(super) key: Option<String>,
    name: Box<str>,
    pub(super) body: Body,
    /// The comment on its line, with the blanks before it.
    pub(super) beside: Option<String>,
}

/// A value.
#[derive(Debug)]
pub(super) enum Body {
    /// Text on the line of the key or dash, and lines below, each set in by so much.
    Leaf { head: String, tail: Vec<String>, set_in: usize },
    /// Fields or items on lines of their own, and comments below the last.
    /// `order` says in which order the parts are written, where it is not that of the file.
    Group { parts: Vec<Part>, below: Vec<Comment>, column: Option<usize>, order: Option<&'static Mapping> },
}

impl Default for Body {
    fn default() -> Self {
        Self::Leaf { head: String::new(), tail: Vec::new(), set_in: 2 }
    }
}

/// What the table of fields says of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Nothing: the order stays.
    Open,
    /// Fields of a mapping; whether it may be a short form of it.
    Fields(&'static Mapping, bool),
    /// A list of cards.
    Cards(&'static Mapping),
    /// What a field takes.
    Takes(Takes),
}

impl Shape {
    fn field(self, name: &str, is_short: bool) -> Self {
        match self {
            Self::Fields(mapping, true) if is_short => Self::Fields(mapping, false),
            Self::Fields(mapping, _) => {
                mapping.field(name).map_or(Self::Open, |field| Self::Takes(field.takes))
            }
            Self::Cards(mapping) if name == "items" => Self::Fields(mapping, false),
            Self::Cards(_) | Self::Open | Self::Takes(_) => Self::Open,
        }
    }

    /// Of a field the mapping that its value, or an item of it, is.
    fn inner(self) -> Self {
        match self {
            Self::Takes(Takes::WordsOr(mapping)) => Self::Fields(mapping, false),
            Self::Takes(takes) => takes
                .forms()
                .iter()
                .find_map(|form| match form {
                    Form::Map(mapping) => Some(Self::Fields(mapping, false)),
                    Form::Access(mapping) => Some(Self::Fields(mapping, true)),
                    _ => None,
                })
                .unwrap_or(Self::Open),
            other => other,
        }
    }
}

/// The comments between two places of a text, where only punctuation stands beside.
pub(super) fn comments_between(text: &str, from: usize, to: usize) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut at = from;
    let mut blank_lines = 0;
    let bytes = text.as_bytes();
    let mut is_first_line = true;
    while at < to {
        let end = line_end(text, at).min(to);
        let line = &text[at..end];
        let hash = line
            .char_indices()
            .find(|(place, c)| *c == '#' && (at + place == 0 || bytes[at + place - 1].is_ascii_whitespace()));
        if let Some((place, _)) = hash {
            let start = at + place;
            let before = &text[line_start(text, start)..start];
            let space = &before[before.trim_end_matches([' ', '\t']).len()..];
            found.push(Comment {
                text: text[start..end].trim_end().to_owned(),
                column: before.chars().count(),
                on_line: !before.trim().is_empty(),
                space: if space.is_empty() { " ".to_owned() } else { space.to_owned() },
                blank: blank_lines > 0,
            });
            blank_lines = 0;
        } else if line.trim().is_empty() && !is_first_line && end < to {
            blank_lines += 1;
        }
        is_first_line = false;
        at = end + 1;
    }
    found
}

/// Whether a blank line stands right above a place, after what came last.
fn is_after_blank(text: &str, from: usize, to: usize) -> bool {
    let above = &text[from..line_start(text, to).max(from)];
    let mut lines: Vec<&str> = above.split('\n').collect();
    // What follows the last line end is the line of the place itself.
    lines.pop();
    lines.len() > 1 && lines.last().is_some_and(|line| line.trim().is_empty())
}

/// A document with its root, from after its `---` to the next. What stands beside that goes with the part
/// itself, and what stands above the first field with what is above the part.
pub(super) fn of_document(
    tree: &Tree<'_>,
    root: usize,
    from: usize,
    to: usize,
    shape: Shape,
) -> Option<Part> {
    let (text, value) = (tree.text, &tree.values[root]);
    let only_comments = is_white(text, from, value.start) && is_white(text, value.end, to);
    if !matches!(value.content, Content::Map(_)) || !only_comments {
        return None;
    }
    let mut part = Part { body: body(tree, root, shape, 0)?.0, ..Part::default() };
    let rest = take_in(&mut part, comments_between(text, value.end, to), None);
    if let Body::Group { below, .. } = &mut part.body {
        below.extend(rest);
    }
    sort(&mut part);
    part.beside = None;
    for comment in comments_between(text, from, value.start) {
        if comment.on_line {
            part.beside = Some(comment.with_space());
        } else {
            part.above.push(comment);
        }
    }
    part.blank = !part.above.is_empty() && is_after_blank(text, from, value.start);
    Some(part)
}

/// Brings fields into their order, once every comment is where it belongs.
fn sort(part: &mut Part) {
    let is_item = part.key.is_none();
    let Body::Group { parts, order, .. } = &mut part.body else { return };
    for inner in parts.iter_mut() {
        sort(inner);
        raise(inner);
    }
    // An ignore on the first line of an item is meant for the item.
    let is_pinned =
        is_item && parts.first().is_some_and(|first| first.beside.as_deref().is_some_and(is_ignoring));
    if let (Some(mapping), false) = (order, is_pinned) {
        parts.sort_by_key(|part| mapping.place(&part.name));
    }
}

/// Comments above the first field of an item stand above its dash.
fn raise(item: &mut Part) {
    let is_bare = item.key.is_none() && item.beside.is_none();
    let Body::Group { parts, .. } = &mut item.body else { return };
    let Some(first) = parts.first_mut().filter(|first| is_bare && !first.above.is_empty()) else { return };
    let mut raised = std::mem::take(&mut first.above);
    if let Some(comment) = raised.first_mut() {
        comment.blank = item.blank;
    }
    item.blank = std::mem::take(&mut first.blank);
    item.above.append(&mut raised);
}

impl Comment {
    fn with_space(&self) -> String {
        format!("{}{}", self.space, self.text)
    }
}

/// Whether nothing but comments and white space stands between two places.
fn is_white(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to).is_some_and(|between| {
        between.split('\n').all(|line| {
            let line = line.trim();
            line.is_empty() || line.starts_with('#')
        })
    })
}

/// A value, and the comment that stands beside its key or dash.
fn body(tree: &Tree<'_>, place: usize, shape: Shape, column: usize) -> Option<(Body, Option<String>)> {
    let (text, value) = (tree.text, &tree.values[place]);
    let raw = &text[value.start..value.end];
    let kept = |head: &str| Some((Body::Leaf { head: head.to_owned(), tail: Vec::new(), set_in: 2 }, None));
    let is_empty = match &value.content {
        Content::Scalar => return Some((leaf(text, value, column)?, None)),
        Content::List(items) => items.is_empty(),
        Content::Map(entries) => entries.is_empty(),
    };
    let after = &text[value.end..line_end(text, value.end)];
    if is_empty {
        return if raw.contains('#') { None } else { kept(&raw.replace(|c: char| c.is_whitespace(), "")) };
    }
    if value.layout == Layout::Flow && !raw.contains('\n') && is_ignoring(after) {
        // The line of such a comment matters.
        return kept(raw);
    }
    let own = shape.inner();
    let children: Vec<(usize, Part, usize)> = match &value.content {
        Content::Scalar => return None,
        Content::List(items) => items.iter().map(|item| (item.dash, Part::default(), item.value)).collect(),
        Content::Map(entries) => entries
            .iter()
            .map(|entry| {
                let part = Part { key: Some(key(text, entry)?), name: entry.name.clone(), ..Part::default() };
                Some((entry.key.start, part, entry.value))
            })
            .collect::<Option<_>>()?,
    };
    let is_list = matches!(value.content, Content::List(_));
    let is_short = !children.iter().any(|(_, part, _)| &*part.name == "component");
    let in_brackets = matches!(value.layout, Layout::Flow | Layout::Pair);
    let first = children.first().map_or(value.start, |(start, _, _)| *start);
    let column = (!in_brackets).then(|| first - line_start(text, first));
    let mut parts: Vec<Part> = Vec::with_capacity(children.len());
    let mut beside = None;
    let mut last_end = value.from;
    for (start, mut part, child) in children {
        let is_root = value.parent.is_none();
        let between = comments_between(text, last_end, start);
        match parts.last_mut() {
            Some(before) => {
                part.above = take_in(before, between, column);
                part.blank = is_after_blank(text, last_end, start);
            }
            None if is_root => {}
            None => {
                for comment in between {
                    if comment.on_line && beside.is_none() {
                        beside = Some(comment.with_space());
                    } else {
                        part.above.push(comment);
                    }
                }
            }
        }
        let inner = if is_list { own } else { own.field(&part.name, is_short) };
        (part.body, part.beside) = body(tree, child, inner, column.unwrap_or(0))?;
        last_end = tree.values[child].end;
        parts.push(part);
    }
    let mut below = Vec::new();
    if in_brackets
        && value.layout == Layout::Flow
        && let Some(last) = parts.last_mut()
    {
        below = take_in(last, comments_between(text, last_end, value.end), None);
    }
    let order = match own {
        Shape::Cards(_) => Some(&LIST),
        Shape::Fields(mapping, may_be_short) => {
            let is_open = is_list || (may_be_short && is_short);
            (!is_open).then_some(mapping)
        }
        _ => None,
    };
    Some((Body::Group { parts, below, column, order }, beside))
}

fn is_ignoring(text: &str) -> bool {
    text.contains("persona:") && text.contains("ignore[")
}

/// A key as it is written.
fn key(text: &str, entry: &crate::card::edit::tree::Entry) -> Option<String> {
    let raw = &text[entry.key.clone()];
    if raw.contains('\n') {
        return None;
    }
    Some(if raw.starts_with(['"', '\'']) { requoted(raw, &entry.name) } else { raw.to_owned() })
}

/// Text in quotes, with as few of them as it needs.
fn requoted(raw: &str, text: &str) -> String {
    let new = word(text, Quotes::Free, false);
    if new.starts_with('"') && (raw.starts_with('"') || text.contains(['"', '\\'])) {
        raw.to_owned()
    } else {
        new
    }
}

fn leaf(text: &str, value: &Value, column: usize) -> Option<Body> {
    let raw = &text[value.body..value.end];
    let one = |head: String| Some(Body::Leaf { head, tail: Vec::new(), set_in: 2 });
    match value.layout {
        Layout::Block => {
            // What a block keeps may end within the margin of the line that follows.
            let cut = raw
                .rfind('\n')
                .filter(|at| raw[*at..].trim().is_empty() && !text[value.end..].starts_with('\n'));
            block(cut.map_or(raw, |at| &raw[..at]), column)
        }
        _ if raw.contains('\n') => {
            let mut lines = raw.split('\n').map(|line| line.trim_matches([' ', '\t']).to_owned());
            let head = lines.next()?;
            Some(Body::Leaf { head, tail: lines.collect(), set_in: 2 })
        }
        Layout::Single | Layout::Double => match documents(raw).0.as_slice() {
            [Node::Text(text)] => one(requoted(raw, text)),
            _ => None,
        },
        _ => one(raw.to_owned()),
    }
}

/// A block of text: its lines move as a whole.
fn block(raw: &str, column: usize) -> Option<Body> {
    let mut lines = raw.split('\n');
    let head = lines.next()?.trim_end().to_owned();
    let lines: Vec<&str> = lines.collect();
    let stated = head.split(['#', ' ']).next()?.chars().find_map(|c| c.to_digit(10));
    let (old, set_in) = match stated {
        Some(digit) => (column + digit as usize, digit as usize),
        None => {
            let first = lines.iter().find(|line| !line.trim_matches(' ').is_empty());
            (first.map_or(0, |line| line.len() - line.trim_start_matches(' ').len()), 2)
        }
    };
    let mut tail = Vec::with_capacity(lines.len());
    for line in lines {
        match line.get(..old) {
            Some(margin) if margin.trim_matches(' ').is_empty() => tail.push(line[old..].to_owned()),
            _ if line.trim_matches(' ').is_empty() => tail.push(String::new()),
            _ => return None,
        }
    }
    Some(Body::Leaf { head, tail, set_in })
}

/// Gives comments that follow a part to what of it they belong to; the rest is handed back. `column` is where
/// the fields or items beside the part stand; none of them stand on lines of their own where it is none.
fn take_in(part: &mut Part, comments: Vec<Comment>, column: Option<usize>) -> Vec<Comment> {
    let mut rest: Vec<Comment> = Vec::new();
    for comment in comments {
        if comment.on_line && rest.is_empty() {
            put_beside(part, &comment);
        } else if rest.is_empty()
            && column.is_some_and(|column| comment.column > column)
            && put_below(&mut part.body, &comment)
        {
        } else {
            rest.push(comment);
        }
    }
    rest
}

/// A comment on the last line of a part: of what stood in brackets it is a comment on the whole.
fn put_beside(part: &mut Part, comment: &Comment) {
    if let Body::Group { parts, column: Some(_), .. } = &mut part.body
        && let Some(last) = parts.last_mut()
    {
        return put_beside(last, comment);
    }
    if part.beside.is_none() {
        part.beside = Some(comment.with_space());
    } else if let Body::Group { below, .. } = &mut part.body {
        below.push(comment.clone());
    } else {
        part.above.push(comment.clone());
    }
}

/// A comment below a part belongs to the innermost of its groups that it is set in with.
fn put_below(body: &mut Body, comment: &Comment) -> bool {
    let Body::Group { parts, below, column: Some(column), .. } = body else { return false };
    if comment.column < *column {
        return false;
    }
    if let Some(last) = parts.last_mut()
        && put_below(&mut last.body, comment)
    {
        return true;
    }
    below.push(comment.clone());
    true
}
