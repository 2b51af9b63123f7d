//! What two have changed of one file, put together: by lines, else by fields.
//!
//! Lines that touch are a conflict to a merge by lines, though a card has a field on each of them. So what
//! one of the two changed is done again to the text of the other, where that gives exactly what the one had.

use std::sync::Arc;

use super::Text;
use crate::card::edit::{Change, Edit, Route, apply, value_at};
use crate::card::node::{Node, documents};
use crate::card::problem::Level;
use crate::card::{Spot, parse_text};

/// The text that has both what I changed and what they changed; none where both changed the same, or
/// where it would break the file.
pub(super) fn merge(path: &str, base: &Text, mine: &Text, theirs: &Text) -> Option<Text> {
    let (Some(base), Some(mine), Some(theirs)) = (base, mine, theirs) else { return None };
    let by_lines = diffy::merge(base, mine, theirs).ok();
    let text =
        by_lines.or_else(|| done_again(base, mine, theirs)).or_else(|| done_again(base, theirs, mine))?;
    // Lines that do not touch may still not make sense together.
    let errors = |text: &str| {
        let file = parse_text(path, text);
        file.problems.iter().filter(|problem| problem.level == Level::Error).count()
    };
    let most = errors(mine).max(errors(theirs));
    (errors(&text) <= most).then(|| Some(Arc::from(text)))
}

/// What makes one text of the base, done to the other.
fn done_again(base: &str, one: &str, other: &str) -> Option<String> {
    let edits = edits_between(base, one)?;
    // Else something changed that is no value, such as a comment, and would be lost.
    if apply(base, &edits).ok()? != *one {
        return None;
    }
    let untouched =
        |edit: &Edit| value_at(base, edit.spot, &edit.route) == value_at(other, edit.spot, &edit.route);
    if !edits.iter().all(untouched) {
        return None;
    }
    apply(other, &edits).ok()
}

/// The edits that make the values of one text those of another; none where its documents are others.
fn edits_between(old: &str, new: &str) -> Option<Vec<Edit>> {
    let (old, new) = (read(old)?, read(new)?);
    if old.len() != new.len() {
        return None;
    }
    let mut edits = Vec::new();
    for (place, (old, new)) in old.iter().zip(&new).enumerate() {
        let spot = Spot { document: u32::try_from(place).ok()?, item: None };
        let (Node::Map(_), Node::Map(_)) = (old, new) else {
            if old == new {
                continue;
            }
            return None;
        };
        differing(spot, &Route::default(), old, new, &mut edits);
    }
    (!edits.is_empty()).then_some(edits)
}

fn read(text: &str) -> Option<Vec<Node>> {
    match documents(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        (nodes, None) => Some(nodes),
        (_, Some(_)) => None,
    }
}

fn differing(spot: Spot, route: &Route, old: &Node, new: &Node, edits: &mut Vec<Edit>) {
    match (old, new) {
        (old, new) if old == new => {}
        (Node::Map(before), Node::Map(after)) => {
            for (key, value) in after {
                let own = route.then(&**key);
                match old.get(key) {
                    Some(known) => differing(spot, &own, known, value, edits),
                    None => edits.push(Edit::new(spot, own, Change::Set(value.clone()))),
                }
            }
            for (key, _) in before {
                if new.get(key).is_none() {
                    edits.push(Edit::new(spot, route.then(&**key), Change::Remove));
                }
            }
        }
        (Node::List(before), Node::List(after)) if before.len() == after.len() => {
            for (place, (old, new)) in before.iter().zip(after).enumerate() {
                differing(spot, &route.then(place), old, new, edits);
            }
        }
        (_, new) => edits.push(Edit::new(spot, route.clone(), Change::Set(new.clone()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, mine: &str, theirs: &str) -> Option<String> {
        let text = |text: &str| -> Text { Some(Arc::from(text)) };
        let both = merge("a.yaml", &text(base), &text(mine), &text(theirs))?;
        both.map(|text| text.to_string())
    }

    const BASE: &str = "kind: Persona\nid: P1\nname: Ana # she\nteam: Blue\nskills: [SQL, RAG]\n";

    #[test]
    fn fields_on_lines_that_touch_are_merged() {
        let mine = BASE.replace("team: Blue", "team: Red");
        let theirs = BASE.replace("Ana", "Anabel");
        assert_eq!(merged(BASE, &mine, &theirs), Some(mine.replace("Ana", "Anabel")));
        assert_eq!(merged(BASE, &theirs, &mine), Some(mine.replace("Ana", "Anabel")));
        let added = BASE.replace("team: Blue\n", "section: Run\nteam: Blue\n");
        assert_eq!(merged(BASE, &added, &theirs), Some(added.replace("Ana", "Anabel")));
        // A comment of theirs stays, though it is no value.
        let noted = BASE.replace("# she", "# they");
        assert_eq!(merged(BASE, &mine, &noted), Some(mine.replace("# she", "# they")));
        let noted = format!("# top\n{theirs}");
        assert_eq!(merged(BASE, &noted, &mine), Some(noted.replace("team: Blue", "team: Red")));
    }

    #[test]
    fn one_value_changed_by_both_is_none() {
        let (mine, theirs) = (BASE.replace("Blue", "Red"), BASE.replace("Blue", "Green"));
        assert_eq!(merged(BASE, &mine, &theirs), None);
        assert_eq!(merged(BASE, &mine, &BASE.replace("team: Blue\n", "")), None);
        // Two comments on one line: neither is thrown away.
        let (mine, theirs) = (BASE.replace("# she", "# her"), BASE.replace("# she", "# they"));
        assert_eq!(merged(BASE, &mine, &theirs), None);
    }
}
