//! A file's text, laid out as the format page lays out cards: fields in its order, two blanks a level,
//! lists and mappings on lines of their own, quotes only where they are needed, one blank line at most.
//!
//! Meaning and comments stay: both are compared before the new text is given out. A comment goes with what
//! stands below it, or on its line; one above the first field is the card's, and stays on top. Documents of
//! other tools, and layouts that cannot be written anew without a doubt, are left as they are.

mod lines;
mod outline;

use super::edit::in_order;
use super::edit::tree::{self, Content, Layout, Tree};
use super::fields::mapping_of;
use super::kinds::Kind;
use super::node::{Node, SyntaxError, documents};
use super::words::Name;
use lines::Lines;
use outline::{Shape, comments_between};

/// A text, formatted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The text. A byte-order mark and line endings are as they were.
    pub text: String,
    /// What was left as it was, and why.
    pub left: Vec<LeftAlone>,
}

/// A document, or a file, that was left as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftAlone {
    /// The line where it begins, from 1.
    pub line: u32,
    /// Why, as the end of a sentence.
    pub reason: &'static str,
}

const UNUSUAL: &str = "it is laid out in a way that is not written anew here";

/// Lays out a text anew.
///
/// # Errors
/// Where it is not YAML.
pub fn format(text: &str) -> Result<Formatted, SyntaxError> {
    let (mark, bare) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let is_crlf = bare.contains("\r\n");
    let plain = if is_crlf { bare.replace("\r\n", "\n") } else { bare.to_owned() };
    let (nodes, error) = documents(&plain);
    if let Some(error) = error {
        return Err(error);
    }
    let as_it_was =
        |reason| Ok(Formatted { text: text.to_owned(), left: vec![LeftAlone { line: 1, reason }] });
    if nodes.iter().all(|node| *node == Node::Null) {
        return Ok(Formatted { text: text.to_owned(), left: Vec::new() });
    }
    let Some(tree) =
        Tree::new(&plain).filter(|tree| !plain.contains('\r') && tree.documents.len() == nodes.len())
    else {
        return as_it_was(UNUSUAL);
    };
    let Some((new, left)) = rewrite(&plain, &tree, &nodes) else {
        return as_it_was(UNUSUAL);
    };
    if !is_the_same(&tree, &nodes, &new) {
        return as_it_was("its meaning or a comment would not have stayed the same");
    }
    let new = if is_crlf { new.replace('\n', "\r\n") } else { new };
    Ok(Formatted { text: format!("{mark}{new}"), left })
}

/// Whether a text means the same, and has the same comments.
fn is_the_same(tree: &Tree<'_>, nodes: &[Node], new: &str) -> bool {
    let (after, error) = documents(new);
    let sorted = |mut comments: Vec<String>| {
        comments.sort();
        comments
    };
    error.is_none()
        && nodes.iter().map(in_order).eq(after.iter().map(in_order))
        && Tree::new(new).is_some_and(|after| sorted(comments_of(&after)) == sorted(comments_of(tree)))
}

/// Every comment of a file, but for those that stand on the first line of a block of text.
fn comments_of(tree: &Tree<'_>) -> Vec<String> {
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for value in &tree.values {
        match &value.content {
            Content::Scalar => taken.push((value.start, value.end)),
            Content::Map(entries) => {
                taken.extend(entries.iter().map(|entry| (entry.key.start, entry.key.end)))
            }
            Content::List(_) => {}
        }
    }
    taken.sort_unstable();
    let mut found = Vec::new();
    let mut at = 0;
    for (start, end) in taken.into_iter().chain([(tree.text.len(), tree.text.len())]) {
        if start >= at {
            found.extend(comments_between(tree.text, at, start).into_iter().map(|comment| comment.text));
        }
        at = at.max(end);
    }
    found
}

/// The text, document by document.
fn rewrite(text: &str, tree: &Tree<'_>, nodes: &[Node]) -> Option<(String, Vec<LeftAlone>)> {
    let mut out = Lines::default();
    let mut left = Vec::new();
    for (number, (document, node)) in tree.documents.iter().zip(nodes).enumerate() {
        let next = tree.documents.get(number + 1);
        let end = next.map_or(text.len(), |next| tree::line_start(text, next.from));
        let start = if document.from == 0 { 0 } else { tree::line_start(text, document.from) };
        let body = if document.from == 0 { 0 } else { document.from };
        // What is between documents is theirs, or this is no layout that is known.
        let root = &tree.values[document.root];
        if end < root.end || body > root.start {
            return None;
        }
        let verbatim = |out: &mut Lines| {
            let own = text[start..end].strip_suffix('\n').unwrap_or(&text[start..end]);
            own.split('\n').for_each(|line| out.push(line.to_owned()));
        };
        let line = u32::try_from(text[..root.start].matches('\n').count() + 1).unwrap_or(u32::MAX);
        let Some(shape) = shape_of(node) else {
            verbatim(&mut out);
            continue;
        };
        if let Some(reason) = doubt(text, tree, number, start, end, node) {
            left.push(LeftAlone { line, reason });
            verbatim(&mut out);
            continue;
        }
        if document.from > 0 {
            if &text[start..document.from] != "---" {
                return None;
            }
            out.push("---".to_owned());
        }
        let outline = outline::of_document(tree, document.root, body, end, shape)?;
        lines::write(&outline, &mut out);
    }
    let mut text = out.lines.join("\n");
    text.push('\n');
    Some((text, left))
}

/// What the fields of a document are; none where it is no card.
fn shape_of(node: &Node) -> Option<Shape> {
    let Some(Node::Text(word)) = node.get("kind") else { return None };
    let word = Name::new(word);
    Kind::ALL.into_iter().find_map(|kind| {
        let single = kind.word().to_lowercase();
        match word.folded().strip_prefix(single.as_str())? {
            "" => Some(Shape::Fields(mapping_of(kind), false)),
            "list" => Some(Shape::Cards(mapping_of(kind))),
            _ => None,
        }
    })
}

/// Why a document is better left as it is.
fn doubt(
    text: &str,
    tree: &Tree<'_>,
    number: usize,
    start: usize,
    end: usize,
    node: &Node,
) -> Option<&'static str> {
    let own = tree.values.iter().filter(|value| {
        let within = (start..=end).contains(&value.start);
        within && tree.documents.get(number).is_some_and(|document| value.start >= document.from)
    });
    for value in own {
        if value.has_anchor || value.layout == Layout::Alias {
            return Some("it has anchors and aliases, of which the order and the layout matter");
        }
        if value.body != value.start {
            return Some("it has tags, which mean something to another tool");
        }
        let is_ignoring = |text: &str| text.contains("persona:") && text.contains("ignore[");
        if value.layout == Layout::Flow
            && text[value.start..value.end].contains('\n')
            && is_ignoring(&text[value.start..value.end])
        {
            return Some("it ignores a rule within brackets of several lines, where the line matters");
        }
    }
    has_twice(node).then_some("a field stands in it twice")
}

fn has_twice(node: &Node) -> bool {
    match node {
        Node::Map(entries) => {
            let mut keys: Vec<&str> = entries.iter().map(|(key, _)| &**key).collect();
            keys.sort_unstable();
            keys.windows(2).any(|pair| pair[0] == pair[1])
                || entries.iter().any(|(_, value)| has_twice(value))
        }
        Node::List(items) => items.iter().any(has_twice),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
