//! A change on the values themselves: what a text must mean once it is edited.
//!
//! This is the measure that an edit of the text is held against. It knows nothing of text.

use crate::card::node::Node;

use super::{Change, Edit, Refusal, Route, Step, items, refuse, same};

/// The value at a route.
pub(super) fn at<'n>(node: &'n Node, route: &[Step]) -> Option<&'n Node> {
    route.iter().try_fold(node, |node, step| match (node, step) {
        (Node::List(items), Step::Index(place)) => items.get(*place),
        (Node::Map(entries), Step::Index(place)) => entries.get(*place).map(|(_, value)| value),
        (Node::Map(entries), Step::Key(name)) => {
            entries.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
        }
        _ => None,
    })
}

/// A node with a change at a route.
pub(super) fn changed(node: &Node, route: &[Step], change: &Change) -> Result<Node, Refusal> {
    let gone = |step: &Step| {
        let step = Route(vec![step.clone()]);
        refuse(format!("`{step}` is not there."), "Look again: the file may have changed.")
    };
    let Some((step, rest)) = route.split_first() else {
        return refuse("A whole card is not changed at once.", "Change its fields.");
    };
    let mut node = node.clone();
    let last = rest.is_empty();
    match (&mut node, step) {
        (Node::Map(entries), _) => {
            let place = match step {
                Step::Index(place) => Some(*place).filter(|place| *place < entries.len()),
                Step::Key(name) => entries.iter().rposition(|(key, _)| key == name),
            };
            match (place, last) {
                (Some(place), false) => entries[place].1 = changed(&entries[place].1, rest, change)?,
                (Some(place), true) => match change {
                    Change::Set(new) => entries[place].1 = new.clone(),
                    Change::Insert(at, new) => entries[place].1 = inserted(&entries[place].1, *at, new),
                    Change::Remove => {
                        entries.remove(place);
                    }
                    Change::Move(_) => {
                        return refuse(
                            "Only items of a list have an order.",
                            "Leave the fields as they are.",
                        );
                    }
                    Change::Rename(name) => {
                        if entries.iter().enumerate().any(|(other, (key, _))| key == name && other != place) {
                            return refuse(
                                format!("The key `{name}` is there already."),
                                "Remove one of the two first.",
                            );
                        }
                        entries[place].0 = name.clone();
                    }
                },
                (None, true) => {
                    let Step::Key(key) = step else { return gone(step) };
                    let value = match change {
                        Change::Set(new) => new.clone(),
                        Change::Insert(_, new) => Node::List(vec![new.clone()]),
                        Change::Remove | Change::Move(_) | Change::Rename(_) => return gone(step),
                    };
                    let at = place_of(entries, key);
                    entries.insert(at, (key.clone(), value));
                }
                (None, false) => return gone(step),
            }
        }
        (Node::List(items), Step::Index(place)) if *place < items.len() => {
            if !last {
                items[*place] = changed(&items[*place], rest, change)?;
                return Ok(node);
            }
            match change {
                Change::Set(new) => items[*place] = new.clone(),
                Change::Insert(at, new) => items[*place] = inserted(&items[*place], *at, new),
                Change::Remove => {
                    items.remove(*place);
                }
                Change::Move(to) => {
                    let item = items.remove(*place);
                    items.insert((*to).min(items.len()), item);
                }
                Change::Rename(_) => return refuse("An item of a list has no key.", "Set its value."),
            }
        }
        _ => return gone(step),
    }
    Ok(node)
}

/// Where a new key goes among the keys of a mapping.
fn place_of(entries: &[(Box<str>, Node)], key: &str) -> usize {
    match items::rank(key) {
        Some(own) => entries
            .iter()
            .rposition(|(name, _)| items::rank(name).is_some_and(|rank| rank < own))
            .map_or(0, |place| place + 1),
        None => entries.len(),
    }
}

/// A list with one more item; one bare value is a list of one, nothing a list of none.
pub(super) fn inserted(node: &Node, at: usize, new: &Node) -> Node {
    let mut items = match node {
        Node::List(items) => items.clone(),
        Node::Null => Vec::new(),
        bare => vec![bare.clone()],
    };
    items.insert(at.min(items.len()), new.clone());
    Node::List(items)
}

/// The edits that make one mapping or list of another; `None` where both are not of a kind.
pub(super) fn difference(edit: &Edit, old: &Node, new: &Node) -> Option<Vec<Edit>> {
    let own = |route: Route, change: Change| Edit { spot: edit.spot, route, change };
    let mut edits = Vec::new();
    match (old, new) {
        (Node::Map(before), Node::Map(after)) => {
            for (key, value) in after {
                let route = edit.route.then(&**key);
                match before.iter().find(|(name, _)| name == key) {
                    Some((_, known)) if same(known, value) => {}
                    _ => edits.push(own(route, Change::Set(value.clone()))),
                }
            }
            for (key, _) in before {
                if !after.iter().any(|(name, _)| name == key) {
                    edits.push(own(edit.route.then(&**key), Change::Remove));
                }
            }
        }
        (Node::List(before), Node::List(after)) => {
            let ahead = before.iter().zip(after).take_while(|(left, right)| same(left, right)).count();
            let most = before.len().min(after.len()) - ahead;
            let behind = before
                .iter()
                .rev()
                .zip(after.iter().rev())
                .take(most)
                .take_while(|(left, right)| same(left, right))
                .count();
            let (gone, come) = (&before[ahead..before.len() - behind], &after[ahead..after.len() - behind]);
            let both = gone.len().min(come.len());
            for (place, item) in come.iter().enumerate().take(both) {
                edits.push(own(edit.route.then(ahead + place), Change::Set(item.clone())));
            }
            for place in (both..gone.len()).rev() {
                edits.push(own(edit.route.then(ahead + place), Change::Remove));
            }
            for (place, item) in come.iter().enumerate().skip(both) {
                edits.push(own(edit.route.clone(), Change::Insert(ahead + place, item.clone())));
            }
        }
        _ => return None,
    }
    // One edit of the whole is no way to make the whole.
    (!edits.iter().any(|own| own.route == edit.route && matches!(own.change, Change::Set(_))))
        .then_some(edits)
}
