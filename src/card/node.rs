//! YAML text -> a plain tree of values: the only place that knows `serde_yaml`.
//!
//! The tree keeps the order of keys, duplicates included, so that a duplicate can be reported. It
//! has no positions: [`crate::card::source`] finds them when they are wanted.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

/// How many values anchors may multiply a document to, beyond the length of its text. A document
/// without aliases has fewer values than characters.
const ALIAS_ALLOWANCE: usize = 100_000;

/// A value of a YAML document.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Nothing, or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text, of whatever style.
    Text(Box<str>),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file. Keys that are not text stand as they are written.
    Map(Vec<(Box<str>, Node)>),
}

impl Node {
    /// What this is, for a sentence such as "should be text, but is a list".
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Null => "empty".to_owned(),
            Self::Bool(value) => format!("the truth value {value}"),
            Self::Int(value) => format!("the number {value}"),
            Self::Float(value) => format!("the number {value}"),
            Self::Text(_) => "text".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "a mapping".to_owned(),
        }
    }

    /// The value of a key, where this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(name, _)| &**name == key).map(|(_, node)| node),
            _ => None,
        }
    }
}

/// Why a file is not YAML: a sentence, and the line and column (from 1) where it was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

/// The documents of a file, up to the first that is not YAML.
#[must_use]
pub fn documents(text: &str) -> (Vec<Node>, Option<SyntaxError>) {
    let mut nodes = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let budget = Cell::new(text.len() + ALIAS_ALLOWANCE);
        match (NodeSeed { budget: &budget }).deserialize(document) {
            Ok(node) => nodes.push(node),
            // A file of nothing but comments holds no document at all.
            Err(error) if error.location().is_none() && error.to_string().contains("EOF while parsing") => {}
            Err(error) => return (nodes, Some(syntax_error(&error))),
        }
    }
    (nodes, None)
}

fn syntax_error(error: &serde_yaml::Error) -> SyntaxError {
    let (line, column) =
        error.location().map_or((1, 1), |place| (place.line().max(1), place.column().max(1)));
    let full = error.to_string();
    // The library ends its sentences with the place, which is said apart.
    let message = full.split(" at line ").next().unwrap_or(&full);
    let message = message.rsplit(": ").next().filter(|_| message.starts_with('.')).unwrap_or(message);
    SyntaxError {
        message: message.to_owned(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}

#[derive(Clone, Copy)]
struct NodeSeed<'b> {
    budget: &'b Cell<usize>,
}

impl NodeSeed<'_> {
    fn spend<E: de::Error>(self) -> Result<(), E> {
        let left = self.budget.get();
        if left == 0 {
            return Err(E::custom("aliases multiply this document beyond what is read"));
        }
        self.budget.set(left - 1);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.spend()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        #[expect(clippy::cast_precision_loss, reason = "a number beyond 64 bits is only ever shown")]
        Ok(i64::try_from(value).map_or(Node::Float(value as f64), Node::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key_seed(self)? {
            let key = match key {
                Node::Text(text) => text,
                Node::Null => "null".into(),
                Node::Bool(value) => value.to_string().into(),
                Node::Int(value) => value.to_string().into(),
                Node::Float(value) => value.to_string().into(),
                Node::List(_) | Node::Map(_) => {
                    return Err(de::Error::custom("a key is a list or a mapping, which no card has"));
                }
            };
            entries.push((key, access.next_value_seed(self)?));
        }
        Ok(Node::Map(entries))
    }

    /// A value with a tag of its own (`!secret x`): the tag is passed over, the value counts.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Node, A::Error> {
        let (_, value) = access.variant_seed(TagSeed)?;
        value.newtype_variant_seed(self)
    }
}

struct TagSeed;

impl<'de> DeserializeSeed<'de> for TagSeed {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_identifier(de::IgnoredAny).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Node {
        let (mut nodes, error) = documents(text);
        assert_eq!(error, None);
        assert_eq!(nodes.len(), 1, "{nodes:?}");
        nodes.remove(0)
    }

    #[test]
    fn words_that_older_yaml_took_for_truth_values_are_text() {
        assert_eq!(one("a: off").get("a"), Some(&Node::Text("off".into())));
        assert_eq!(one("a: true").get("a"), Some(&Node::Bool(true)));
        assert_eq!(one("a: 2026-11-23").get("a"), Some(&Node::Text("2026-11-23".into())));
    }

    #[test]
    fn duplicates_are_kept_to_be_reported() {
        assert_eq!(
            one("a: 1\na: 2"),
            Node::Map(vec![("a".into(), Node::Int(1)), ("a".into(), Node::Int(2))])
        );
    }

    #[test]
    fn several_documents_and_none() {
        assert_eq!(documents("a: 1\n---\nb: 2\n").0.len(), 2);
        assert_eq!(documents("").1, None);
        assert_eq!(documents("# only a comment\n").1, None);
    }

    #[test]
    fn tags_are_passed_over() {
        assert_eq!(one("a: !secret x").get("a"), Some(&Node::Text("x".into())));
        assert_eq!(one("a: !x {b: 1}").get("a").and_then(|a| a.get("b")), Some(&Node::Int(1)));
    }

    #[test]
    fn a_syntax_error_has_a_place_and_keeps_what_came_before() {
        let (nodes, error) = documents("a: 1\n---\nb: [1\nc: }\n");
        assert_eq!(nodes.len(), 1);
        let error = error.expect("an error");
        assert!(error.line >= 3, "{error:?}");
    }

    #[test]
    fn aliases_cannot_multiply_without_bound() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let previous = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", previous.trim_end_matches(", ")));
        }
        let (nodes, error) = documents(&bomb);
        assert!(nodes.is_empty());
        assert!(error.is_some());
    }

    #[test]
    fn nesting_a_thousand_deep_is_an_error_not_a_crash() {
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        assert!(documents(&deep).1.is_some());
    }
}
