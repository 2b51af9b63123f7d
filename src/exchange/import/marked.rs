//! JSON and YAML with the line of every value, for messages that say where.
//!
//! JSON may have comments and commas too many, as editors' settings do. Depth and aliases are
//! bounded. What a value means is not known here.

use jsonc_parser::ast::{ObjectPropName, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::card::node::Node;

const DEEPEST: usize = 200;
const MOST_COPIES: usize = 100_000;

/// A value and the line on which it begins.
#[derive(Clone, Debug)]
pub struct Marked {
    /// From 1.
    pub line: u32,
    /// The value.
    pub value: Value,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text, number or truth value.
    Scalar(Node),
    /// A list.
    List(Vec<Marked>),
    /// A mapping, in order, each key with its line.
    Map(Vec<(Box<str>, u32, Marked)>),
}

impl Marked {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _, _)| &**name == key).map(|(_, _, value)| value)
    }

    /// The value at the end of a way of keys.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Its entries, where it is a mapping.
    #[must_use]
    pub fn entries(&self) -> &[(Box<str>, u32, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Scalar(_) | Value::List(_) => &[],
        }
    }

    /// Its items: a list's, or itself where it is one bare value.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Scalar(Node::Null) => &[],
            Value::Scalar(_) | Value::Map(_) => std::slice::from_ref(self),
        }
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }

    /// Whether it is a mapping.
    #[must_use]
    pub fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// Its text, where it is one that is not empty.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(Node::Text(text)) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// The text of a key.
    #[must_use]
    pub fn word(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The texts of a key's list.
    pub fn words<'m>(&'m self, key: &str) -> impl Iterator<Item = &'m str> {
        self.get(key).map_or(&[][..], Self::items).iter().filter_map(Self::text)
    }

    /// The value without lines.
    #[must_use]
    pub fn node(&self) -> Node {
        match &self.value {
            Value::Scalar(node) => node.clone(),
            Value::List(items) => Node::List(items.iter().map(Self::node).collect()),
            Value::Map(entries) => {
                Node::Map(entries.iter().map(|(key, _, value)| (key.clone(), value.node())).collect())
            }
        }
    }
}

/// Reads JSON.
///
/// # Errors
/// The line, and what is wrong there.
pub fn json(text: &str) -> Result<Marked, (u32, String)> {
    let lines = Lines::new(text);
    // The readers call themselves for each level.
    if let Some(at) = too_deep(text) {
        return Err((
            lines.of(at),
            format!("this is nested more than {DEEPEST} levels deep, which is not read"),
        ));
    }
    let options = ParseOptions { allow_missing_commas: false, ..ParseOptions::default() };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options)
        .map_err(|error| (lines.of(error.range().start), format!("this is no JSON: {}", error.kind())))?;
    match parsed.value {
        Some(value) => Ok(from_json(&value, &lines)),
        None => Err((1, "this file is empty".to_owned())),
    }
}

fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(at);
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn from_json(value: &Ast<'_>, lines: &Lines) -> Marked {
    let line = lines.of(value.start());
    let value = match value {
        Ast::StringLit(text) => Value::Scalar(Node::Text(text.value.as_ref().into())),
        Ast::NumberLit(number) => Value::Scalar(number_of(number.value)),
        Ast::BooleanLit(flag) => Value::Scalar(Node::Bool(flag.value)),
        Ast::NullKeyword(_) => Value::Scalar(Node::Null),
        Ast::Array(array) => Value::List(array.elements.iter().map(|item| from_json(item, lines)).collect()),
        Ast::Object(object) => Value::Map(
            object
                .properties
                .iter()
                .map(|property| {
                    let name = match &property.name {
                        ObjectPropName::String(name) => name.value.as_ref().into(),
                        ObjectPropName::Word(name) => name.value.into(),
                    };
                    (name, lines.of(property.start()), from_json(&property.value, lines))
                })
                .collect(),
        ),
    };
    Marked { line, value }
}

fn number_of(text: &str) -> Node {
    text.parse()
        .map(Node::Int)
        .or_else(|_| text.parse().map(Node::Float))
        .unwrap_or_else(|_| Node::Text(text.into()))
}

/// Reads the documents of a YAML file, up to the first that is none.
#[must_use]
pub fn yaml(text: &str) -> (Vec<Marked>, Option<(u32, String)>) {
    let mut builder = Builder { copies: MOST_COPIES, ..Builder::default() };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
                if let Err(why) = builder.event(event, line) {
                    return (builder.documents, Some((line, why)));
                }
            }
            Err(error) => {
                let line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX);
                return (builder.documents, Some((line, format!("this is no YAML: {}", error.info()))));
            }
        }
    }
    (builder.documents, None)
}

/// A key and its line.
type Key = (Box<str>, u32);

#[derive(Default)]
struct Builder {
    documents: Vec<Marked>,
    /// What is being built, each with its anchor and, in a mapping, the key that waits for its value.
    open: Vec<(Marked, usize, Option<Key>)>,
    anchors: std::collections::HashMap<usize, Marked>,
    copies: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, line: u32) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = matches!(style, ScalarStyle::Plain);
                let node = if plain { plain_word(&text) } else { Node::Text(text.as_ref().into()) };
                self.close(Marked { line, value: Value::Scalar(node) }, anchor);
            }
            Event::Alias(anchor) => {
                let copy = self.anchors.get(&anchor).cloned();
                let copy = copy.unwrap_or(Marked { line, value: Value::Scalar(Node::Null) });
                let size = size(&copy);
                self.copies = self
                    .copies
                    .checked_sub(size)
                    .ok_or_else(|| "aliases multiply this document beyond what is read".to_owned())?;
                self.close(Marked { line, ..copy }, 0);
            }
            Event::SequenceStart(anchor, _) => self.begin(Value::List(Vec::new()), anchor, line)?,
            Event::MappingStart(anchor, _) => self.begin(Value::Map(Vec::new()), anchor, line)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((done, anchor, _)) = self.open.pop() {
                    self.close(done, anchor);
                }
            }
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {}
        }
        Ok(())
    }

    fn begin(&mut self, value: Value, anchor: usize, line: u32) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err(format!("this is nested more than {DEEPEST} levels deep, which is not read"));
        }
        self.open.push((Marked { line, value }, anchor, None));
        Ok(())
    }

    fn close(&mut self, done: Marked, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, done.clone());
        }
        let Some((parent, _, key)) = self.open.last_mut() else {
            self.documents.push(done);
            return;
        };
        match (&mut parent.value, key.take()) {
            (Value::List(items), _) => items.push(done),
            (Value::Map(entries), Some((name, line))) => entries.push((name, line, done)),
            (Value::Map(_), None) => {
                let name = match &done.value {
                    Value::Scalar(Node::Text(text)) => text.clone(),
                    Value::Scalar(Node::Int(value)) => value.to_string().into(),
                    Value::Scalar(Node::Bool(value)) => value.to_string().into(),
                    _ => "".into(),
                };
                *key = Some((name, done.line));
            }
            (Value::Scalar(_), _) => {}
        }
    }
}

fn size(value: &Marked) -> usize {
    1 + match &value.value {
        Value::Scalar(_) => 0,
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|(_, _, value)| size(value)).sum(),
    }
}

fn plain_word(text: &str) -> Node {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Node::Null,
        "true" | "True" | "TRUE" => Node::Bool(true),
        "false" | "False" | "FALSE" => Node::Bool(false),
        _ => text.parse().map(Node::Int).unwrap_or_else(|_| Node::Text(text.into())),
    }
}

/// Byte offsets -> lines.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn of(&self, at: usize) -> u32 {
        u32::try_from(self.0.partition_point(|newline| *newline < at) + 1).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_with_comments_knows_its_lines() {
        let value = json("// servers\n{\n  \"a\": {\"b\": [1, \"x\",]},\n}\n").unwrap();
        let b = value.at(&["a", "b"]).unwrap();
        assert_eq!((b.line, b.items().len(), b.items()[1].text()), (3, 2, Some("x")));
        assert_eq!(json("{\n\"a\": }").unwrap_err().0, 2);
    }

    #[test]
    fn depth_and_aliases_are_bounded() {
        assert!(json(&"[".repeat(1_000_000)).unwrap_err().1.contains("deep"));
        assert!(yaml(&"[".repeat(10_000)).1.is_some());
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let all = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", all.trim_end_matches(", ")));
        }
        assert!(yaml(&bomb).1.unwrap().1.contains("multiply"));
    }

    #[test]
    fn yaml_documents_know_their_lines() {
        let (documents, error) = yaml("kind: A\n---\nkind: B\nspec:\n  list: [1, two]\n");
        assert!(error.is_none());
        assert_eq!(documents[1].at(&["spec", "list"]).unwrap().line, 5);
        assert_eq!(documents[1].word("kind"), Some("B"));
    }
}
