//! An outline, written line by line.

use super::outline::{Body, Comment, Part};

/// Lines, and whether the last is of a block of text that keeps the blank lines below it.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) lines: Vec<String>,
    keeps: bool,
}

impl Lines {
    pub(super) fn push(&mut self, line: String) {
        self.lines.push(line);
        self.keeps = false;
    }

    /// A blank line, unless a block of text would take it for its own.
    fn blank(&mut self) {
        if !self.keeps {
            self.lines.push(String::new());
        }
    }
}

/// Writes a document below what is written already, of which the last line is its `---` where it has one.
pub(super) fn write(document: &Part, out: &mut Lines) {
    if let (Some(beside), Some(last)) = (&document.beside, out.lines.last_mut()) {
        last.push_str(beside);
    }
    comments(&document.above, 0, true, out);
    if document.blank {
        out.blank();
    }
    body(&document.body, 0, out);
}

/// The lines of a group at a column.
fn body(body: &Body, column: usize, out: &mut Lines) {
    let Body::Group { parts, below, .. } = body else { return };
    for (place, own) in parts.iter().enumerate() {
        comments(&own.above, column, place == 0, out);
        if own.blank && (place > 0 || !own.above.is_empty()) {
            out.blank();
        }
        part(own, column, out);
    }
    comments(below, column, false, out);
}

fn part(part: &Part, column: usize, out: &mut Lines) {
    let margin = " ".repeat(column);
    let mark = part.key.as_ref().map_or_else(|| "-".to_owned(), |key| format!("{key}:"));
    let beside = part.beside.as_deref().unwrap_or_default();
    match &part.body {
        Body::Leaf { head, tail, set_in } => {
            let gap = if head.is_empty() { "" } else { " " };
            out.push(format!("{margin}{mark}{gap}{head}"));
            let inner = " ".repeat(column + set_in);
            out.lines.extend(
                tail.iter().map(
                    |line| {
                        if line.is_empty() { String::new() } else { format!("{inner}{line}") }
                    },
                ),
            );
            if let Some(last) = out.lines.last_mut() {
                last.push_str(beside);
            }
            let mark = head.split(['#', ' ']).next().unwrap_or_default();
            out.keeps = head.starts_with(['|', '>']) && mark.contains('+');
        }
        group @ Body::Group { parts, .. } => {
            let has_comment = parts.first().is_some_and(|first| !first.above.is_empty());
            if part.key.is_some() || part.beside.is_some() || has_comment {
                out.push(format!("{margin}{mark}{beside}"));
                body(group, column + 2, out);
                return;
            }
            let first = out.lines.len();
            body(group, column + 2, out);
            if let Some(line) = out.lines.get_mut(first) {
                line.replace_range(column..=column, "-");
            }
        }
    }
}

fn comments(comments: &[Comment], column: usize, is_first: bool, out: &mut Lines) {
    for (place, comment) in comments.iter().enumerate() {
        if comment.blank && !(is_first && place == 0) {
            out.blank();
        }
        out.push(format!("{}{}", " ".repeat(column), comment.text));
    }
}
