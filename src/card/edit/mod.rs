//! Changing one value of a card's text, and leaving every other byte as it was.
//!
//! An edit names a place and says what to do there. It is done to the text by cutting and inserting,
//! then the whole file is read again: unless exactly the value that was meant is another, the edit is
//! refused with the reason. Files, undo and what an edit means for a catalog are not known here.

mod change;
pub mod items;
mod splice;
pub(super) mod tree;
pub(super) mod write;

use std::fmt;

use super::Spot;
use super::node::{Node, documents};
use super::path::{FieldPath, Item, Segment};
use tree::{Content, Layout, Tree};

/// One step to a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The value of this key.
    Key(Box<str>),
    /// The item at this place of a list, from 0; in a mapping, the entry at this place.
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.into())
    }
}

impl From<usize> for Step {
    fn from(place: usize) -> Self {
        Self::Index(place)
    }
}

/// The way from the top of a card to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Route(pub Vec<Step>);

impl Route {
    /// The route, one step longer.
    #[must_use]
    pub fn then(&self, step: impl Into<Step>) -> Self {
        let mut steps = self.0.clone();
        steps.push(step.into());
        Self(steps)
    }

    fn parent(&self) -> Option<(Self, &Step)> {
        let (last, rest) = self.0.split_last()?;
        Some((Self(rest.to_vec()), last))
    }
}

impl From<FieldPath> for Route {
    fn from(path: FieldPath) -> Self {
        Self(
            path.segments()
                .map(|segment| match segment {
                    Segment::Key(name) => Step::Key(name.into()),
                    Segment::Index(place) => Step::Index(place as usize),
                })
                .collect(),
        )
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(name) if place == 0 => write!(f, "{name}")?,
                Step::Key(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// What to do at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Give it this value. A key that is not there is added to its mapping.
    Set(Node),
    /// Insert this into its list before the item at this place, or at the end. One bare value
    /// becomes a list first; a key that is not there is added.
    Insert(usize, Node),
    /// Remove the item or the key.
    Remove,
    /// Move the item to this place of its list, with the comments right above it.
    Move(usize),
    /// Give it another key.
    Rename(Box<str>),
}

/// An edit of one card.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The card, in its file as it is when the edit comes to it.
    pub spot: Spot,
    /// The way to the value, from the top of the card.
    pub route: Route,
    /// What to do there.
    pub change: Change,
}

impl Edit {
    /// An edit of a card.
    #[must_use]
    pub fn new(spot: Spot, route: impl Into<Route>, change: Change) -> Self {
        Self { spot, route: route.into(), change }
    }
}

/// Why an edit was not made, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What stands in the way, as a sentence.
    pub reason: String,
    /// What to do instead.
    pub hint: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.reason, self.hint)
    }
}

impl std::error::Error for Refusal {}

fn refuse<T>(reason: impl Into<String>, hint: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { reason: reason.into(), hint: hint.into() })
}

const BY_HAND: &str = "Change it in an editor.";

/// Makes edits one after another; each sees what those before it did.
///
/// # Errors
///
/// The reason why one of them cannot be made without touching anything else; then none is.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, Refusal> {
    let (mark, mut text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest.to_owned()),
        None => ("", text.to_owned()),
    };
    for edit in edits {
        text = apply_one(&text, edit)?;
    }
    Ok(format!("{mark}{text}"))
}

/// Adds a card at the end of a file: to its last list of cards of that kind, else as a document.
///
/// # Errors
///
/// The reason why the file cannot be added to.
pub fn append_card(text: &str, kind: &str, card: &[(Box<str>, Node)]) -> Result<String, Refusal> {
    let (nodes, error) = documents(text.strip_prefix('\u{feff}').unwrap_or(text));
    if let Some(error) = error {
        return refuse(format!("The file is not YAML: {}.", error.message), "Mend it first.");
    }
    let list = format!("{kind}List");
    let last = nodes.len().checked_sub(1);
    if let (Some(last), Some(node)) = (last, nodes.last())
        && matches!(node.get("kind"), Some(Node::Text(word)) if word.eq_ignore_ascii_case(&list))
    {
        let spot = Spot { document: u32::try_from(last).unwrap_or(u32::MAX), item: None };
        let insert = Change::Insert(usize::MAX, Node::Map(card.to_vec()));
        return apply(text, &[Edit::new(spot, Route::default().then("items"), insert)]);
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = text.to_owned();
    if !nodes.is_empty() {
        if !out.ends_with('\n') {
            out.push_str(newline);
        }
        out.push_str("---");
        out.push_str(newline);
    }
    out.push_str(&card_text(kind, card).replace('\n', newline));
    let (after, error) = documents(out.strip_prefix('\u{feff}').unwrap_or(&out));
    let kept = after.len() == nodes.len() + 1 && after.iter().zip(&nodes).all(|(new, old)| same(new, old));
    if error.is_some() || !kept {
        return refuse("A card cannot be added at the end of this file.", "Put it into a file of its own.");
    }
    Ok(out)
}

/// A card of a file of its own.
#[must_use]
pub fn card_text(kind: &str, card: &[(Box<str>, Node)]) -> String {
    let mut entries = vec![(Box::from("kind"), Node::Text(kind.into()))];
    entries.extend(card.iter().cloned());
    let mut text = write::map_lines(&entries, 0, write::Style { list_indent: 2 }).join("\n");
    text.push('\n');
    text
}

/// Removes a card from its file; `None` where it is the only one, and the file can go.
///
/// # Errors
///
/// The reason why it cannot be removed without touching anything else.
pub fn remove_card(text: &str, spot: Spot) -> Result<Option<String>, Refusal> {
    let (mark, bare) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let (nodes, _) = documents(bare);
    if let Some(item) = spot.item {
        let items = Route::default().then("items");
        let whole = Spot { item: None, ..spot };
        let listed = nodes.get(spot.document as usize).and_then(|node| node.get("items"));
        let count = match listed {
            Some(Node::List(items)) => items.len(),
            _ => 1,
        };
        if count > 1
            && let Item::At(place) = item
        {
            return apply(text, &[Edit::new(whole, items.then(place as usize), Change::Remove)]).map(Some);
        }
        return remove_card(text, whole);
    }
    if nodes.iter().filter(|node| **node != Node::Null).count() <= 1 {
        return Ok(None);
    }
    let Some(tree) = Tree::new(bare) else {
        return refuse("This file is laid out in a way that is not edited here.", BY_HAND);
    };
    let own = spot.document as usize;
    let Some(document) = tree.documents.get(own) else {
        return refuse("The card is not there any more.", "Look again: the file has changed.");
    };
    // From its `---` to the next; of the first, to the next one's.
    let start = tree::line_start(bare, document.from);
    let end = tree.documents.get(own + 1).map_or(bare.len(), |next| tree::line_start(bare, next.from));
    let (start, end) =
        if own == 0 { (0, tree.documents.get(1).map_or(end, |next| next.from)) } else { (start, end) };
    let mut out = format!("{}{}", &bare[..start], bare[end..].trim_start_matches(['\r', '\n']));
    if own + 1 == tree.documents.len() && !bare.ends_with('\n') {
        out.truncate(out.trim_end_matches(['\r', '\n']).len());
    }
    let mut expected = nodes;
    expected.remove(own);
    if !all_same(&documents(&out).0, &expected) {
        return refuse("The card cannot be cut out of its file without touching others.", BY_HAND);
    }
    Ok(Some(format!("{mark}{out}")))
}

/// The value at a place of a card, as its file has it.
#[must_use]
pub fn value_at(text: &str, spot: Spot, route: &Route) -> Option<Node> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (nodes, _) = documents(text);
    let edit = Edit { spot, route: route.clone(), change: Change::Remove };
    change::at(nodes.get(spot.document as usize)?, &route_of(&edit).0).cloned()
}

/// Removes the comment that holds `marker` from a line (from 1); the line goes where it held no more.
///
/// # Errors
///
/// Where there is no such comment.
pub fn remove_comment(text: &str, line: u32, marker: &str) -> Result<String, Refusal> {
    let gone = || refuse("The comment is not there any more.", "Look again: the file has changed.");
    let Some(range) = super::source::line_range(text, line) else { return gone() };
    let whole = &text[range.clone()];
    let Some(at) = comment_at(whole, marker) else { return gone() };
    let kept = whole[..at].trim_end();
    let (start, end) = if kept.is_empty() {
        let after = &text[range.end..];
        let ending = after.find('\n').map_or(after.len(), |newline| newline + 1);
        (range.start, range.end + ending)
    } else {
        (range.start + kept.len(), range.end)
    };
    let out = format!("{}{}", &text[..start], &text[end..]);
    if !all_same(&documents(&out).0, &documents(text).0) {
        return refuse("What stands on that line is no comment.", BY_HAND);
    }
    Ok(out)
}

/// Where in a line a comment may begin that starts with a marker.
fn comment_at(line: &str, marker: &str) -> Option<usize> {
    line.match_indices('#').map(|(at, _)| at).find(|at| {
        line[at + 1..].trim_start().starts_with(marker) && (*at == 0 || line[..*at].ends_with([' ', '\t']))
    })
}

/// The comments that start with a marker, each with its line, from 1. What only looks like one, in the
/// middle of a text, is none.
#[must_use]
pub fn comments<'t>(text: &'t str, marker: &str) -> Vec<(u32, &'t str)> {
    let number = |place: usize| u32::try_from(place + 1).unwrap_or(u32::MAX);
    let mut found: Vec<(u32, &str)> = text
        .lines()
        .enumerate()
        .filter_map(|(place, line)| Some((number(place), &line[comment_at(line, marker)?..])))
        .collect();
    let without: String = text
        .split_inclusive('\n')
        .map(|line| match comment_at(line, marker) {
            Some(at) => format!("{}{}", &line[..at], if line.ends_with('\n') { "\n" } else { "" }),
            None => line.to_owned(),
        })
        .collect();
    // Mostly all are comments, and that is seen at once.
    if !found.is_empty() && !all_same(&documents(&without).0, &documents(text).0) {
        found.retain(|(line, _)| remove_comment(text, *line, marker).is_ok());
    }
    found
}

/// Where a card's fields begin in its file, as steps from the document.
fn route_of(edit: &Edit) -> Route {
    let mut steps = Vec::new();
    if let Some(item) = edit.spot.item {
        steps.push(Step::from("items"));
        if let Item::At(place) = item {
            steps.push(Step::Index(place as usize));
        }
    }
    steps.extend(edit.route.0.iter().cloned());
    Route(steps)
}

fn apply_one(text: &str, edit: &Edit) -> Result<String, Refusal> {
    let (before, error) = documents(text);
    if let Some(error) = error {
        return refuse(
            format!("The file is not YAML at line {}: {}.", error.line, error.message),
            "Mend it in an editor first.",
        );
    }
    let number = edit.spot.document as usize;
    let Some(root) = before.get(number) else {
        return refuse("The card is not there any more.", "Look again: the file has changed.");
    };
    let route = route_of(edit);
    // A card of a list that is a bare name has no fields to add to.
    if let (Some(node), Some(first)) =
        (edit.spot.item.and_then(|_| bare_card(root, edit)), edit.route.0.first())
        && let Step::Key(key) = first
    {
        return name_first(text, edit, &node, key);
    }
    let mut after = before.clone();
    let changed = change::changed(root, &route.0, &edit.change)?;
    after[number] = changed;
    if all_same(&before, &after) {
        return Ok(text.to_owned());
    }
    if let Some(steps) = steps_of_move(root, edit) {
        // Neighbour by neighbour, since each has its comments and its own end.
        return steps.iter().try_fold(text.to_owned(), |text, step| apply_one(&text, step));
    }
    let Some(tree) = Tree::new(text) else {
        return refuse("This file is laid out in a way that is not edited here.", BY_HAND);
    };
    let good = |splices: Option<splice::Splices>| {
        let new = splice::spliced(text, splices?);
        let (nodes, error) = documents(&new);
        (error.is_none() && all_same(&nodes, &after)).then_some(new)
    };
    if let Some(new) = good(splices(&tree, number, &route, &edit.change)) {
        return Ok(new);
    }
    // Of a mapping or list only what differs is written.
    if let Change::Set(node) = &edit.change
        && let Some(old) = change::at(root, &route.0)
        && let Some(edits) = change::difference(edit, old, node)
        && let Ok(new) = apply(text, &edits)
        && documents(&new).0.iter().map(in_order).eq(after.iter().map(in_order))
    {
        return Ok(new);
    }
    // Else the smallest value around it that holds nothing but values is written anew.
    let top = route.0.len() - edit.route.0.len();
    for length in (top + 1..route.0.len()).rev() {
        let around = Route(route.0[..length].to_vec());
        if let (Some(place), Some(node)) =
            (find(&tree, number, &around), change::at(&after[number], &around.0))
        {
            let value = &tree.values[place];
            if text[value.start..value.end].contains(['#', '&', '*']) {
                break;
            }
            if let Some(new) = good(tree.set(place, node)) {
                return Ok(new);
            }
        }
    }
    why_not(&tree, number, &route)
}

/// A move over several items, as moves over one; none where it is over one.
fn steps_of_move(root: &Node, edit: &Edit) -> Option<Vec<Edit>> {
    let (Change::Move(to), (list, Step::Index(from))) = (&edit.change, edit.route.parent()?) else {
        return None;
    };
    let whole = route_of(&Edit { route: list.clone(), ..edit.clone() });
    let Some(Node::List(items)) = change::at(root, &whole.0) else { return None };
    let to = (*to).min(items.len().checked_sub(1)?);
    let places: Vec<usize> = if *from < to { (*from..=to).collect() } else { (to..=*from).rev().collect() };
    let steps = places.windows(2).map(|pair| Edit {
        spot: edit.spot,
        route: list.then(pair[0]),
        change: Change::Move(pair[1]),
    });
    (places.len() > 2).then(|| steps.collect())
}

/// The node of a card in a list that is a bare name.
fn bare_card(root: &Node, edit: &Edit) -> Option<Node> {
    let card = route_of(&Edit { route: Route::default(), ..edit.clone() });
    change::at(root, &card.0).filter(|node| matches!(node, Node::Text(_))).cloned()
}

/// Writes a bare name in a list of cards as a mapping, and edits that.
fn name_first(text: &str, edit: &Edit, name: &Node, key: &str) -> Result<String, Refusal> {
    let card = route_of(&Edit { route: Route::default(), ..edit.clone() });
    let whole = Spot { item: None, ..edit.spot };
    if key == "name" && edit.route.0.len() == 1 {
        return apply_one(text, &Edit::new(whole, card, edit.change.clone()));
    }
    let named = Node::Map(vec![("name".into(), name.clone())]);
    let text = apply_one(text, &Edit::new(whole, card, Change::Set(named)))?;
    apply_one(&text, edit)
}

/// The value at a route, unless an alias stands on the way.
fn find(tree: &Tree<'_>, document: usize, route: &Route) -> Option<usize> {
    let mut at = tree.documents.get(document)?.root;
    for step in &route.0 {
        at = match (&tree.values[at].content, step) {
            (Content::List(items), Step::Index(place)) => items.get(*place)?.value,
            (Content::Map(entries), Step::Index(place)) => entries.get(*place)?.value,
            (Content::Map(_), Step::Key(name)) => tree.entry(at, name)?.1.value,
            _ => return None,
        };
    }
    Some(at)
}

fn splices(tree: &Tree<'_>, document: usize, route: &Route, change: &Change) -> Option<splice::Splices> {
    let (parent, last) = route.parent()?;
    let holder = find(tree, document, &parent)?;
    let own = find(tree, document, route);
    let child = || match (&tree.values[holder].content, last) {
        (Content::Map(_), Step::Key(name)) => Some(tree.entry(holder, name)?.0),
        (_, Step::Index(place)) => Some(*place),
        _ => None,
    };
    match (change, own) {
        (Change::Set(node), Some(own)) => tree.set(own, node),
        (Change::Set(node), None) => match last {
            Step::Key(key) => tree.add_key(holder, key, node, items::rank),
            Step::Index(_) => None,
        },
        (Change::Insert(at, node), Some(own)) => match &tree.values[own].content {
            Content::List(items) if items.is_empty() && tree.values[own].layout == Layout::Flow => {
                // An empty list is written as lists are where it stands.
                if tree.is_flow(holder) {
                    return tree.insert(own, 0, node);
                }
                let value = &tree.values[own];
                if tree.text[value.body + 1..value.end - 1].trim().is_empty() && !value.has_anchor {
                    return tree.set_lines(own, &Node::List(vec![node.clone()]));
                }
                tree.insert(own, 0, node)
            }
            Content::List(items) => tree.insert(own, (*at).min(items.len()), node),
            Content::Map(_) | Content::Scalar => {
                let nodes = documents(tree.text).0;
                let old = change::at(nodes.get(document)?, &route.0)?;
                tree.set(own, &change::inserted(old, *at, node))
            }
        },
        (Change::Insert(_, node), None) => match last {
            Step::Key(key) => tree.add_key(holder, key, &Node::List(vec![node.clone()]), items::rank),
            Step::Index(_) => None,
        },
        (Change::Remove, Some(_)) => tree.remove(holder, child()?),
        (Change::Move(to), Some(_)) => tree.swap(holder, child()?, *to),
        (Change::Rename(name), Some(_)) => tree.rename(holder, child()?, name),
        (Change::Remove | Change::Move(_) | Change::Rename(_), None) => None,
    }
}

/// Says what stands in the way of an edit.
fn why_not<T>(tree: &Tree<'_>, document: usize, route: &Route) -> Result<T, Refusal> {
    let line = |at: usize| tree.text[..at].matches('\n').count() + 1;
    let mut way = Route::default();
    for step in std::iter::once(None).chain(route.0.iter().map(Some)) {
        if let Some(step) = step {
            way = way.then(step.clone());
        }
        let Some(place) = find(tree, document, &way) else { break };
        let value = &tree.values[place];
        if value.layout == Layout::Alias {
            return refuse(
                format!("`{route}` comes from the anchor that line {} refers to.", line(value.start)),
                "Change it where the anchor stands, or write the value out here first.",
            );
        }
        if value.has_anchor {
            return refuse(
                format!(
                    "`{route}` stands behind the anchor on line {}, and other places use it.",
                    line(value.start)
                ),
                "Change it in an editor, so that all uses are seen.",
            );
        }
    }
    refuse(format!("`{route}` cannot be changed without touching what stands around it."), BY_HAND)
}

fn all_same(left: &[Node], right: &[Node]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
}

/// Whether two values are the same; a number that is none is the same as itself.
fn same(left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Float(left), Node::Float(right)) => left.to_bits() == right.to_bits(),
        (Node::List(left), Node::List(right)) => all_same(left, right),
        (Node::Map(left), Node::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|((key, left), (other, right))| key == other && same(left, right))
        }
        _ => left == right,
    }
}

/// A value with the keys of its mappings in alphabetical order: which key stands first means nothing.
pub(super) fn in_order(node: &Node) -> Node {
    match node {
        Node::List(items) => Node::List(items.iter().map(in_order).collect()),
        Node::Map(entries) => {
            let mut entries: Vec<_> =
                entries.iter().map(|(key, value)| (key.clone(), in_order(value))).collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Node::Map(entries)
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests;
