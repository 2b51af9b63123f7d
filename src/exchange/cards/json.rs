//! Values of cards as JSON, in the order of the card, and back.
//!
//! Numbers that JSON does not have (infinity, what is no number) become `null`, as in any JSON.

use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::card::node::Node;

/// A value, to be written as JSON.
#[derive(Clone, Copy, Debug)]
pub struct Json<'n>(pub &'n Node);

/// Fields of a card, to be written as an object.
#[derive(Clone, Copy, Debug)]
pub struct Object<'n>(pub &'n [(Box<str>, Node)]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.0 {
            map.serialize_entry(&**key, &Json(value))?;
        }
        map.end()
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Int(value) => serializer.serialize_i64(*value),
            Node::Float(value) => serializer.serialize_f64(*value),
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Json(item))?;
                }
                list.end()
            }
            Node::Map(entries) => Object(entries).serialize(serializer),
        }
    }
}

/// A card as an export states it.
#[derive(Debug, Serialize)]
pub struct Card<'c> {
    kind: &'static str,
    file: &'c str,
    line: u32,
    fields: Object<'c>,
}

impl<'c> From<&'c super::Written> for Card<'c> {
    fn from(card: &'c super::Written) -> Self {
        Self { kind: card.kind.word(), file: &card.file, line: card.line, fields: Object(&card.fields) }
    }
}

/// A value as JSON in one line, with controls and direction marks as escapes.
#[must_use]
pub fn line(node: &Node) -> String {
    // A tree of values has no key that is not text, so nothing can fail.
    let plain = serde_json::to_string(&Json(node)).unwrap_or_default();
    let mut out = String::with_capacity(plain.len());
    for letter in plain.chars() {
        if letter.is_control()
            || crate::card::visible::visible(letter.encode_utf8(&mut [0; 4]))
                != *letter.encode_utf8(&mut [0; 4])
        {
            let mut units = [0; 2];
            letter.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(letter);
        }
    }
    out
}

/// The value that a text is as JSON, if it is.
#[must_use]
pub fn read(text: &str) -> Option<Node> {
    serde_json::from_str::<Own>(text).ok().map(|own| own.0)
}

struct Own(Node);

impl<'de> Deserialize<'de> for Own {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value of a card")
            }

            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node::Int(value))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
                #[expect(clippy::cast_precision_loss, reason = "a number beyond 64 bits is only ever shown")]
                Ok(i64::try_from(value).map_or(Node::Float(value as f64), Node::Int))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
                Ok(Node::Float(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Node, E> {
                Ok(Node::Text(value.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
                let mut items = Vec::new();
                while let Some(Own(item)) = access.next_element()? {
                    items.push(item);
                }
                Ok(Node::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, Own(value))) = access.next_entry::<String, Own>()? {
                    entries.push((key.into(), value));
                }
                Ok(Node::Map(entries))
            }
        }
        deserializer.deserialize_any(Reader).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_in_their_order() {
        let node = Node::Map(vec![
            ("b".into(), Node::List(vec![Node::Int(-3), Node::Float(0.5), Node::Bool(true), Node::Null])),
            ("a".into(), Node::Text("\u{1b}\u{202e}\u{7f} \u{1f469} \"x\"\n".into())),
        ]);
        let text = line(&node);
        assert_eq!(text, "{\"b\":[-3,0.5,true,null],\"a\":\"\\u001b\\u202e\\u007f 👩 \\\"x\\\"\\n\"}");
        assert_eq!(read(&text), Some(node));
        assert_eq!(read("{\"a\": 1"), None);
    }
}
