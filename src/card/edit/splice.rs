//! One change of a value -> the bytes to replace.
//!
//! It answers with what should do; whether it did is checked by whoever applies it.

use std::ops::Range;

use crate::card::node::Node;

use super::tree::{Content, Layout, Tree, line_end, line_start};
use super::write::{Quotes, Style, Written, after, below_dash, below_key, on_one_line, spaces, word};

/// Bytes to replace, and by what. Several never overlap.
pub(super) type Splices = Vec<(Range<usize>, String)>;

/// Applies splices to a text.
pub(super) fn spliced(text: &str, mut splices: Splices) -> String {
    splices.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (range, new) in splices {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&new);
        at = range.end.max(at);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Where the line ending before a line begins.
fn before_line(text: &str, start: usize) -> usize {
    let before = &text[..start];
    let before = before.strip_suffix('\n').unwrap_or(before);
    before.strip_suffix('\r').unwrap_or(before).len()
}

/// What stands above a value: the key of a mapping, or the dash of a list.
enum Holder {
    Document,
    Key { column: usize },
    Dash { column: usize },
}

impl Tree<'_> {
    fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    fn column(&self, at: usize) -> usize {
        self.text[line_start(self.text, at)..at].chars().count()
    }

    /// How lists of this file are set in below their keys.
    fn style(&self) -> Style {
        let found = self.values.iter().find_map(|value| {
            let Content::Map(entries) = &value.content else { return None };
            (value.layout == Layout::Lines).then_some(())?;
            entries.iter().find_map(|entry| match &self.values[entry.value].content {
                Content::List(items) if self.values[entry.value].layout == Layout::Lines => {
                    let dash = self.column(items.first()?.dash);
                    Some(dash.saturating_sub(self.column(entry.key.start)))
                }
                _ => None,
            })
        });
        Style { list_indent: found.unwrap_or(2) }
    }

    fn holder(&self, value: usize) -> Holder {
        let Some(parent) = self.values[value].parent else { return Holder::Document };
        match &self.values[parent].content {
            Content::Map(entries) => {
                let entry = entries.iter().find(|entry| entry.value == value);
                Holder::Key { column: entry.map_or(0, |entry| self.column(entry.key.start)) }
            }
            Content::List(items) => {
                let item = items.iter().find(|item| item.value == value);
                Holder::Dash { column: item.map_or(0, |item| self.column(item.dash)) }
            }
            Content::Scalar => Holder::Document,
        }
    }

    fn lines(&self, lines: &[String]) -> String {
        lines.iter().flat_map(|line| [self.newline(), line.as_str()]).collect()
    }

    /// Replaces a value.
    pub(super) fn set(&self, place: usize, node: &Node) -> Option<Splices> {
        let old = &self.values[place];
        let quotes = match old.layout {
            Layout::Single => Quotes::Single,
            Layout::Double => Quotes::Double,
            _ => Quotes::Free,
        };
        let in_flow = self.is_flow(place);
        let one_line =
            in_flow || (old.layout == Layout::Flow && matches!(node, Node::List(_) | Node::Map(_)));
        let written = if one_line {
            Written { head: on_one_line(node, quotes, in_flow), tail: Vec::new() }
        } else {
            match self.holder(place) {
                Holder::Key { column } => below_key(node, quotes, column, self.style()),
                Holder::Dash { column } => below_dash(node, quotes, column, self.style()),
                Holder::Document => return None,
            }
        };
        // An anchor stays, so that what refers to it stays good; a tag would change what is written.
        let start = if old.has_anchor { old.body } else { old.start };
        match old.layout {
            Layout::Empty => {
                let end = line_end(self.text, old.from);
                let head = (old.from..old.from, after(&written.head));
                if written.tail.is_empty() {
                    return Some(vec![head]);
                }
                Some(vec![head, (end..end, self.lines(&written.tail))])
            }
            Layout::Lines => {
                // A comment on the line of the key belongs to the key, one behind the last line to that.
                let last = line_end(self.text, old.end);
                let first = line_end(self.text, old.from);
                let own_line = first < start;
                let (from, head) = match self.holder(place) {
                    Holder::Dash { .. } => (start, written.head.clone()),
                    Holder::Key { .. } | Holder::Document if own_line && !old.has_anchor => {
                        let line = if written.tail.is_empty() { Vec::new() } else { written.tail.clone() };
                        let text = self.lines(&line);
                        return Some(vec![(old.from..old.from, after(&written.head)), (first..last, text)]);
                    }
                    Holder::Key { .. } | Holder::Document => (start, written.head.clone()),
                };
                Some(vec![(from..last, head + &self.lines(&written.tail))])
            }
            _ if written.tail.is_empty() => Some(vec![(start..old.end, written.head)]),
            _ => {
                let several = self.text[start..old.end].contains('\n');
                let end = if several { old.end } else { line_end(self.text, old.end) };
                // Below a key nothing stays on its line, not even the blank before it.
                let from =
                    if written.head.is_empty() { old.from.max(self.blank_before(start)) } else { start };
                if several || end == old.end {
                    return Some(vec![(from..old.end, written.head + &self.lines(&written.tail))]);
                }
                Some(vec![(from..old.end, written.head), (end..end, self.lines(&written.tail))])
            }
        }
    }

    /// Writes a value in lines in the place of an empty `[]` or `{}`.
    pub(super) fn set_lines(&self, place: usize, node: &Node) -> Option<Splices> {
        let old = &self.values[place];
        let written = match self.holder(place) {
            Holder::Key { column } => below_key(node, Quotes::Free, column, self.style()),
            Holder::Dash { column } => below_dash(node, Quotes::Free, column, self.style()),
            Holder::Document => return None,
        };
        let from = if written.head.is_empty() { self.blank_before(old.start) } else { old.start };
        let end = line_end(self.text, old.end);
        Some(vec![(from..old.end, written.head), (end..end, self.lines(&written.tail))])
    }

    /// Where the blanks before a place begin.
    fn blank_before(&self, at: usize) -> usize {
        self.text[..at].trim_end_matches([' ', '\t']).len()
    }

    /// Inserts into a list, before the item at `at`, or at its end.
    pub(super) fn insert(&self, list: usize, at: usize, node: &Node) -> Option<Splices> {
        let old = &self.values[list];
        let Content::List(items) = &old.content else { return None };
        match old.layout {
            Layout::Flow => {
                let text = on_one_line(node, Quotes::Free, true);
                Some(vec![self.insert_flow(old.body, items.iter().map(|item| item.value), at, text)?])
            }
            Layout::Lines => {
                let column = self.column(items.first()?.dash);
                let written = below_dash(node, Quotes::Free, column, self.style());
                let first = format!("-{}", after(&written.head));
                if at == 0 {
                    let dash = items.first()?.dash;
                    let new =
                        format!("{first}{}{}{}", self.lines(&written.tail), self.newline(), spaces(column));
                    return Some(vec![(dash..dash, new)]);
                }
                let before = items.get(at - 1).or(items.last())?;
                let end = line_end(self.text, self.values[before.value].end.max(before.dash + 1));
                let mut lines = vec![format!("{}{first}", spaces(column))];
                lines.extend(written.tail);
                Some(vec![(end..end, self.lines(&lines))])
            }
            _ => None,
        }
    }

    fn insert_flow(
        &self,
        body: usize,
        children: impl Iterator<Item = usize> + Clone,
        at: usize,
        text: String,
    ) -> Option<(Range<usize>, String)> {
        if at > 0
            && let Some(before) = children.clone().nth(at - 1).or_else(|| children.clone().last())
        {
            let end = self.values[before].end;
            return Some((end..end, format!(", {text}")));
        }
        match children.clone().next() {
            Some(first) => {
                // Before a mapping's first value stands its key.
                let start = self.start_of_child(first)?;
                Some((start..start, format!("{text}, ")))
            }
            None => Some((body + 1..body + 1, text)),
        }
    }

    fn start_of_child(&self, value: usize) -> Option<usize> {
        match &self.values[self.values[value].parent?].content {
            Content::Map(entries) => Some(entries.iter().find(|entry| entry.value == value)?.key.start),
            Content::List(_) | Content::Scalar => Some(self.values[value].start),
        }
    }

    /// Adds a key to a mapping, at the place that `rank` gives it among its keys.
    pub(super) fn add_key(
        &self,
        map: usize,
        key: &str,
        node: &Node,
        rank: impl Fn(&str) -> Option<usize>,
    ) -> Option<Splices> {
        let old = &self.values[map];
        let Content::Map(entries) = &old.content else { return None };
        let own = rank(key);
        let at = match own {
            Some(own) => entries
                .iter()
                .rposition(|entry| rank(&entry.name).is_some_and(|rank| rank < own))
                .map_or(0, |place| place + 1),
            None => entries.len(),
        };
        match old.layout {
            Layout::Flow => {
                let text =
                    format!("{}: {}", word(key, Quotes::Free, true), on_one_line(node, Quotes::Free, true));
                Some(vec![self.insert_flow(old.body, entries.iter().map(|entry| entry.value), at, text)?])
            }
            Layout::Lines => {
                let column = self.column(entries.first()?.key.start);
                let written = below_key(node, Quotes::Free, column, self.style());
                let first = format!("{}:{}", word(key, Quotes::Free, false), after(&written.head));
                let Some(before) = at.checked_sub(1).and_then(|at| entries.get(at)) else {
                    let start = entries.first()?.key.start;
                    let tail = self.lines(&written.tail);
                    return Some(vec![(
                        start..start,
                        format!("{first}{tail}{}{}", self.newline(), spaces(column)),
                    )]);
                };
                let end = line_end(self.text, self.values[before.value].end);
                let mut lines = vec![format!("{}{first}", spaces(column))];
                lines.extend(written.tail);
                Some(vec![(end..end, self.lines(&lines))])
            }
            _ => None,
        }
    }

    /// Removes an item of a list, or an entry of a mapping.
    pub(super) fn remove(&self, parent: usize, child: usize) -> Option<Splices> {
        let old = &self.values[parent];
        let spans: Vec<Range<usize>> = match &old.content {
            Content::List(items) => {
                items.iter().map(|item| item.dash..self.values[item.value].end.max(item.dash + 1)).collect()
            }
            Content::Map(entries) => entries
                .iter()
                .map(|entry| entry.key.start..self.values[entry.value].end.max(entry.key.end + 1))
                .collect(),
            Content::Scalar => return None,
        };
        let own = spans.get(child)?.clone();
        if spans.len() == 1 {
            let empty = match &old.content {
                Content::List(_) => Node::List(Vec::new()),
                Content::Map(_) | Content::Scalar => Node::Map(Vec::new()),
            };
            // The braces stay where they are.
            return match old.layout {
                Layout::Flow => {
                    // With the comma that may follow, unless a comment stands between.
                    let (end, close) = (self.values_end(parent, child)?, old.end - 1);
                    let end = if self.text[end..close].contains('#') { end } else { close };
                    Some(vec![(own.start..end, String::new())])
                }
                // The comment on a removed line goes with it, those on lines of their own stay.
                _ if line_start(self.text, own.start) > old.from && !old.has_anchor => {
                    let line = before_line(self.text, line_start(self.text, own.start));
                    let head = after(&on_one_line(&empty, Quotes::Free, false));
                    Some(vec![
                        (old.from..old.from, head),
                        (line..line_end(self.text, own.end), String::new()),
                    ])
                }
                _ => self.set(parent, &empty),
            };
        }
        match old.layout {
            Layout::Flow => {
                let range = match (spans.get(child + 1), child.checked_sub(1).and_then(|at| spans.get(at))) {
                    (Some(next), _) => {
                        let gap = self.values_end(parent, child)?..next.start;
                        (own.start..next.start, gap)
                    }
                    (None, Some(_)) => {
                        let before = self.values_end(parent, child - 1)?;
                        (before..self.values_end(parent, child)?, before..own.start)
                    }
                    (None, None) => return None,
                };
                let (range, gap) = range;
                (!self.text[gap].contains('#')).then(|| vec![(range, String::new())])
            }
            Layout::Lines => {
                let start = line_start(self.text, own.start);
                if self.text[start..own.start].trim().is_empty() {
                    let end = line_end(self.text, own.end);
                    let after = self.text[end..].find('\n').map(|length| end + length + 1);
                    let range = match after {
                        Some(after) => start..after,
                        // The last line of a file that does not end with a line ending.
                        None => before_line(self.text, start)..end,
                    };
                    return Some(vec![(range, String::new())]);
                }
                // The first of them, on the line of the dash above: the next one moves there, unless
                // comments of its own stand before it.
                let next = spans.get(child + 1)?.start;
                let last = line_end(self.text, own.end);
                if self.text[last..next].contains('#') {
                    return Some(vec![(self.blank_before(own.start)..last, String::new())]);
                }
                Some(vec![(own.start..next, String::new())])
            }
            _ => None,
        }
    }

    /// Gives an item of a list the place of its neighbour.
    pub(super) fn swap(&self, list: usize, child: usize, to: usize) -> Option<Splices> {
        let old = &self.values[list];
        let Content::List(items) = &old.content else { return None };
        if child.abs_diff(to) != 1 {
            return None;
        }
        let (first, second) = (items.get(child.min(to))?, items.get(child.max(to))?);
        let spans = match old.layout {
            Layout::Flow => [first, second].map(|item| {
                let value = &self.values[item.value];
                value.start..value.end
            }),
            Layout::Lines => [first, second].map(|item| {
                let end = line_end(self.text, self.values[item.value].end.max(item.dash + 1));
                self.with_comments(item.dash)..end
            }),
            _ => return None,
        };
        let [first, second] = spans;
        if first.end > second.start {
            return None;
        }
        let of = |range: &Range<usize>| self.text.get(range.clone()).map(str::to_owned);
        let (above, below) = (of(&first)?, of(&second)?);
        Some(vec![(first, below), (second, above)])
    }

    /// Where the comments begin that stand right above a dash, in its column; else the dash.
    fn with_comments(&self, dash: usize) -> usize {
        let start = line_start(self.text, dash);
        if !self.text[start..dash].trim().is_empty() {
            return dash;
        }
        let indent = &self.text[start..dash];
        let mut from = dash;
        let mut line = start;
        while line > 0 {
            let above = line_start(self.text, before_line(self.text, line));
            let own = &self.text[above..line];
            if !own.strip_prefix(indent).is_some_and(|rest| rest.starts_with('#')) {
                break;
            }
            from = above + indent.len();
            line = above;
        }
        from
    }

    fn values_end(&self, parent: usize, child: usize) -> Option<usize> {
        Some(match &self.values[parent].content {
            Content::List(items) => self.values[items.get(child)?.value].end,
            Content::Map(entries) => {
                let entry = entries.get(child)?;
                self.values[entry.value].end.max(entry.key.end)
            }
            Content::Scalar => return None,
        })
    }

    /// Gives an entry of a mapping another key.
    pub(super) fn rename(&self, map: usize, child: usize, name: &str) -> Option<Splices> {
        let Content::Map(entries) = &self.values[map].content else { return None };
        let key = entries.get(child)?.key.clone();
        let quotes = match self.text.as_bytes().get(key.start) {
            Some(b'\'') => Quotes::Single,
            Some(b'"') => Quotes::Double,
            _ => Quotes::Free,
        };
        Some(vec![(key, word(name, quotes, self.is_flow(map)))])
    }
}
