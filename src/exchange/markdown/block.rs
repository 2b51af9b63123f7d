//! A card as a list in Markdown, as the source's cards look, and back: a label, and behind or below it the value.
//!
//! The list states every field; what plain words cannot say stands there as JSON. Where names lead is for
//! [`super`].

use super::inline::{escaped, linked, plain};
use crate::card::fields::{Field, Form, Mapping, Takes, mapping_of};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::exchange::cards::{json, normal, phrase};
use crate::exchange::import::draft::CardFields;
use crate::exchange::import::words::split_list;

/// Where the name of a field's value, or of an item, leads.
pub type Links<'l> = &'l dyn Fn(&str, &str) -> Option<String>;

/// A bullet, and what stands below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bullet {
    /// The line, from 1.
    pub line: u32,
    /// The text behind its mark, as it stands.
    pub text: String,
    /// The bullets below.
    pub below: Vec<Bullet>,
}

/// The label of the fields that no table knows.
const MORE: &str = "More";

/// Whether the name of a card of a kind stands in its heading.
#[must_use]
pub fn is_titled(kind: Kind) -> bool {
    !matches!(kind, Kind::Catalog | Kind::Decision)
}

/// The list of a card's fields.
#[must_use]
pub fn text(kind: Kind, fields: &[(Box<str>, Node)], links: Links<'_>) -> String {
    let fields: CardFields =
        fields.iter().filter(|(key, _)| &**key != "name" || !is_titled(kind)).cloned().collect();
    let mut out = String::new();
    write_fields(&mut out, 0, mapping_of(kind), &fields, links);
    out
}

fn write_fields(
    out: &mut String,
    depth: usize,
    mapping: &'static Mapping,
    fields: &[(Box<str>, Node)],
    links: Links<'_>,
) {
    let mut more: CardFields = Vec::new();
    for (key, value) in fields {
        let Some(field) = mapping.field(key) else {
            more.push((key.clone(), value.clone()));
            continue;
        };
        let mut own = String::new();
        write_field(&mut own, depth, field, value, links);
        // Whatever is written, it has to read back.
        let same = bullets(&own).ok().and_then(|read| Some(read_bullet(mapping, read.first()?)));
        if same == Some(Ok((field.name.into(), Some(value.clone())))) {
            out.push_str(&own);
        } else if matches!(value, Node::Text(_) | Node::List(_) | Node::Map(_)) {
            let json = escaped(&json::line(value));
            out.push_str(&format!("{}- **{}:** {json}\n", "  ".repeat(depth), label(field.name)));
        } else {
            // A number where text should stand would come back as text.
            more.push((key.clone(), value.clone()));
        }
    }
    if !more.is_empty() {
        out.push_str(&format!(
            "{}- **{MORE}:** {}\n",
            "  ".repeat(depth),
            escaped(&json::line(&Node::Map(more)))
        ));
    }
}

/// A field's name as a label: "Component access".
#[must_use]
pub fn label(key: &str) -> String {
    let words = phrase::title(key);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn write_field(out: &mut String, depth: usize, field: &'static Field, value: &Node, links: Links<'_>) {
    let start = format!("{}- **{}:**", "  ".repeat(depth), label(field.name));
    match value {
        Node::List(items) if matches!(field.takes, Takes::List(_) | Takes::WordsOr(_)) => {
            let short = items.iter().map(|item| match item {
                Node::Text(name) if is_short(name) => {
                    Some(links(field.name, name).map_or_else(|| escaped(name), |to| linked(name, &to)))
                }
                _ => None,
            });
            if let Some(short) = short.collect::<Option<Vec<String>>>() {
                out.push_str(&format!("{start} {}\n", short.join(", ")));
                return;
            }
            out.push_str(&format!("{start}\n"));
            items.iter().for_each(|item| write_item(out, depth + 1, field, item, links));
        }
        Node::Map(entries) if has_levels(field) => {
            out.push_str(&format!("{start}\n"));
            for (name, level) in entries {
                let level = match level {
                    Node::Text(level) => format!(": {level}"),
                    _ => String::new(),
                };
                out.push_str(&format!(
                    "{}- {}\n",
                    "  ".repeat(depth + 1),
                    escaped(&format!("{name}{level}"))
                ));
            }
        }
        Node::Text(name) if links(field.name, name).is_some() && is_short(name) => {
            let to = links(field.name, name).unwrap_or_default();
            out.push_str(&format!("{start} {}\n", linked(name, &to)));
        }
        other => out.push_str(&format!("{start} {}\n", escaped(&phrase::line(field, other)))),
    }
}

/// Whether a name may stand in a list with commas.
fn is_short(name: &str) -> bool {
    name.trim() == name
        && !name.is_empty()
        && split_list(name) == [name]
        && !name.contains(['\n', '(', '[', '{', '"'])
}

fn has_levels(field: &Field) -> bool {
    field.takes.forms().iter().any(|form| matches!(form, Form::Levels | Form::Severities))
}

fn write_item(out: &mut String, depth: usize, field: &'static Field, item: &Node, links: Links<'_>) {
    let indent = "  ".repeat(depth);
    let naming = normal::naming(field.name);
    let (Node::Map(entries), Some(mapping), Some(naming)) = (item, phrase::mapping(field), naming) else {
        return out.push_str(&format!("{indent}- {}\n", item_line(field, item, links)));
    };
    // Lists of more than words stand below the item.
    let is_deep = |key: &str, value: &Node| {
        let words = |items: &[Node]| items.iter().all(|item| matches!(item, Node::Text(_)));
        key != naming
            && match value {
                Node::List(items) => {
                    !words(items)
                        || items.iter().any(|item| matches!(item, Node::Text(name) if !is_short(name)))
                }
                Node::Map(_) => true,
                _ => mapping.field(key).is_none(),
            }
    };
    let (deep, flat): (CardFields, CardFields) =
        entries.iter().cloned().partition(|(key, value)| is_deep(key, value));
    let has_name = flat.iter().any(|(key, value)| &**key == naming && matches!(value, Node::Text(_)));
    if deep.is_empty() || !has_name {
        return out.push_str(&format!("{indent}- {}\n", item_line(field, item, links)));
    }
    let head = match flat.as_slice() {
        [(_, name)] => name.clone(),
        _ => Node::Map(flat),
    };
    out.push_str(&format!("{indent}- {}\n", item_line(field, &head, links)));
    write_fields(out, depth + 1, mapping, &deep, links);
}

/// An item as a phrase, its name a link where it leads somewhere.
fn item_line(field: &'static Field, item: &Node, links: Links<'_>) -> String {
    let line = phrase::line(field, item);
    let name = match item {
        Node::Text(name) => Some(name),
        Node::Map(entries) => entries.iter().find_map(|(key, value)| match value {
            Node::Text(name) if Some(&**key) == normal::naming(field.name) => Some(name),
            _ => None,
        }),
        _ => None,
    };
    if let Some(name) = name
        && let Some(to) = links(field.name, name)
        && let Some(rest) = line.strip_prefix(&**name)
    {
        return format!("{}{}", linked(name, &to), escaped(rest));
    }
    escaped(&line)
}

/// The bullets of a list, each below the one that it is indented under.
///
/// # Errors
/// The first line that is no bullet, and what stands there.
pub fn bullets(text: &str) -> Result<Vec<Bullet>, (u32, String)> {
    let mut flat: Vec<(usize, Bullet)> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
        if line.trim().is_empty() {
            continue;
        }
        let body = line.trim_start_matches([' ', '\t']);
        let indent =
            line[..line.len() - body.len()].chars().map(|sign| if sign == '\t' { 4 } else { 1 }).sum();
        let Some(text) = ["- ", "* ", "+ "].iter().find_map(|mark| body.strip_prefix(mark)) else {
            return Err((number, line.trim().to_owned()));
        };
        flat.push((indent, Bullet { line: number, text: text.trim().to_owned(), below: Vec::new() }));
    }
    // From the end, each takes in what is indented deeper behind it.
    let mut out: Vec<(usize, Bullet)> = Vec::new();
    for (indent, mut bullet) in flat.into_iter().rev() {
        while out.last().is_some_and(|(below, _)| *below > indent) {
            bullet.below.extend(out.pop().map(|(_, below)| below));
        }
        out.push((indent, bullet));
    }
    Ok(out.into_iter().rev().map(|(_, bullet)| bullet).collect())
}

/// The field that a bullet states, and its value, where it states one.
///
/// # Errors
/// A sentence with the line where it is not understood.
pub fn read_bullet(
    mapping: &'static Mapping,
    bullet: &Bullet,
) -> Result<(Box<str>, Option<Node>), (u32, String)> {
    let wrong = |why: String| Err((bullet.line, why));
    let Some((name, rest)) = labelled(&bullet.text) else {
        return wrong(format!("\"{}\" has no label", plain(&bullet.text)));
    };
    let rest = plain(rest);
    let rest = rest.trim();
    if name == MORE {
        return match json::read(rest) {
            Some(more @ Node::Map(_)) => Ok((MORE.into(), Some(more))),
            _ => wrong("what stands behind More is no JSON object".to_owned()),
        };
    }
    let key = name.trim().to_lowercase().replace(' ', "_");
    let key = normal::twin(mapping, &key).map_or(key.as_str(), |(first, _)| first);
    let Some(field) = mapping.field(key).filter(|field| field.name != "kind") else {
        return wrong(format!("\"{name}\" is no field of a {}", mapping.what));
    };
    let own = Box::from(field.name);
    if bullet.below.is_empty() {
        return Ok((own, read_value(field, rest)));
    }
    if !rest.is_empty() {
        return wrong(format!("{name} has a value behind it and others below it"));
    }
    if has_levels(field) {
        let lines: Vec<String> = bullet.below.iter().map(|below| plain(&below.text)).collect();
        return Ok((own, phrase::read_cell(field, &lines.join("\n"))));
    }
    if !matches!(field.takes, Takes::List(_) | Takes::WordsOr(_)) {
        return wrong(format!("{name} takes one value, and a list stands below it"));
    }
    let items: Result<Vec<Node>, (u32, String)> =
        bullet.below.iter().map(|below| read_item(field, below)).collect();
    Ok((own, Some(Node::List(items?))))
}

fn labelled(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix("**")?;
    let (label, rest) = inner.split_once("**")?;
    match label.strip_suffix(':') {
        Some(label) => Some((plain(label), rest)),
        None => rest.strip_prefix(':').map(|rest| (plain(label), rest)),
    }
}

fn read_value(field: &'static Field, text: &str) -> Option<Node> {
    if text.is_empty() {
        return None;
    }
    if text.starts_with(['{', '[', '"'])
        && let Some(node) = json::read(text)
    {
        return Some(node);
    }
    match field.takes {
        Takes::List(_) | Takes::WordsOr(_) if !has_levels(field) => {
            let whole = phrase::read_line(field, text);
            match (whole, field.takes) {
                (whole @ Node::Map(_), Takes::WordsOr(_)) => Some(whole),
                (whole @ Node::Map(_), _) if !text.contains("), ") => Some(Node::List(vec![whole])),
                _ => {
                    let items = split_list(text);
                    let items: Vec<Node> = items.iter().map(|item| phrase::read_line(field, item)).collect();
                    (!items.is_empty()).then_some(Node::List(items))
                }
            }
        }
        Takes::List(_) => phrase::read_cell(field, &split_list(text).join("\n")),
        _ => phrase::read_cell(field, text),
    }
}

fn read_item(field: &'static Field, bullet: &Bullet) -> Result<Node, (u32, String)> {
    let head = phrase::read_line(field, plain(&bullet.text).trim());
    if bullet.below.is_empty() {
        return Ok(head);
    }
    let (Some(mapping), Some(naming)) = (phrase::mapping(field), normal::naming(field.name)) else {
        return Err((bullet.line, format!("an item of {} has nothing below it", phrase::title(field.name))));
    };
    let mut fields: CardFields = match head {
        Node::Map(fields) => fields,
        name => vec![(naming.into(), name)],
    };
    for below in &bullet.below {
        let (key, value) = read_bullet(mapping, below)?;
        match (&*key, value) {
            (_, None) => {}
            (MORE, Some(Node::Map(more))) => fields.extend(more),
            (_, Some(value)) => fields.push((key, value)),
        }
    }
    fields.sort_by_key(|(key, _)| mapping.place(key));
    Ok(Node::Map(fields))
}

/// The fields that a list states, and what of it was not understood, with its line in the list.
#[must_use]
pub fn read(kind: Kind, text: &str) -> (CardFields, Vec<(u32, String)>) {
    let mapping = mapping_of(kind);
    let mut fields: CardFields = Vec::new();
    let mut unread = Vec::new();
    // What is no bullet is said, and the rest read all the same.
    let mut lines: Vec<&str> = text.lines().collect();
    let all = loop {
        match bullets(&lines.join("\n")) {
            Ok(all) => break all,
            Err((line, why)) => {
                unread.push((line, format!("\"{}\" is no item of the card's list", plain(&why))));
                if let Some(own) = lines.get_mut(line.saturating_sub(1) as usize) {
                    *own = "";
                }
            }
        }
    };
    for bullet in &all {
        match read_bullet(mapping, bullet) {
            Ok((_, None)) => {}
            Ok((key, Some(Node::Map(more)))) if &*key == MORE => fields.extend(more),
            Ok((key, Some(_))) if fields.iter().any(|(known, _)| *known == key) => {
                unread.push((
                    bullet.line,
                    format!("{} is stated for a second time; the first counts", phrase::title(&key)),
                ));
            }
            Ok((key, Some(value))) => fields.push((key, value)),
            Err(wrong) => unread.push(wrong),
        }
    }
    fields.sort_by_key(|(key, _)| mapping.place(key));
    (fields, unread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::node::documents;

    #[test]
    fn a_card_looks_like_the_source_and_comes_back() {
        let node = documents("name: A\nteam: AI Team\nskills: [Python, {skill: RAG, level: 2}]\nprocesses: [DevOps, MLOps]\ncomponent_access: [{component: Git Hub, level: write, environments: [dev]}, Lab]\nx-cost: 3\n").0.remove(0);
        let fields = normal::card(Kind::Persona, &node, &[]);
        let links = |field: &str, name: &str| {
            (field == "component_access" && name == "Lab").then(|| "../components/Lab.md".to_owned())
        };
        let own = text(Kind::Persona, &fields, &links);
        assert_eq!(
            own,
            "- **Team:** AI Team\n- **Component access:**\n  - Git Hub (level: write; environments: dev)\n  - [Lab](../components/Lab.md)\n- **Processes:** DevOps, MLOps\n- **Skills:**\n  - Python\n  - RAG (level: 2)\n- **More:** {\"x-cost\":3}\n"
        );
        let (read, unread) = read(Kind::Persona, &own);
        assert_eq!(unread, []);
        assert_eq!(read[..], fields[1..]);
    }

    #[test]
    fn steps_have_their_uses_below_them() {
        let node = documents("name: P\nsteps: [{id: a, name: Train, environments: [dev], uses: [{component: ML, level: write}], performers: [P1, 'x, y']}, Next]\n").0.remove(0);
        let fields = normal::card(Kind::Process, &node, &[]);
        let own = text(Kind::Process, &fields, &|_, _| None);
        assert_eq!(
            own,
            "- **Steps:**\n  - Train (id: a; environments: dev)\n    - **Uses:**\n      - ML (level: write)\n    - **Performers:**\n      - P1\n      - x, y\n  - Next\n"
        );
        assert_eq!(read(Kind::Process, &own).0[..], fields[1..]);
    }

    #[test]
    fn what_is_not_understood_is_said_and_the_rest_read() {
        let (fields, unread) =
            read(Kind::Team, "- **Id:** T1\nprose\n- **Mood:** good\n- no label\n- **Id:** T2\n");
        assert_eq!(fields, [("id".into(), Node::Text("T1".into()))]);
        let lines: Vec<u32> = unread.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 5]);
    }
}
