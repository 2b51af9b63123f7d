//! Drafts of cards, and what was not understood: what every format gives.
//!
//! A draft states fields of a card as an input does; whether such a card exists is not known here.

use std::sync::Arc;

use crate::card::edit::items::naming_field;
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::Name;

use super::sheets::{Table, mapping::Mapping};

/// The fields of a card, in order.
pub type CardFields = Vec<(Box<str>, Node)>;

/// A card as an input states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its kind.
    pub kind: Kind,
    /// Its fields, without `kind`.
    pub fields: CardFields,
    /// The file that states it.
    pub file: Arc<str>,
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The file of a catalog that it stood in, relative to the root, where the input says so.
    pub home: Option<Arc<str>>,
}

impl Draft {
    /// A draft with a name only.
    #[must_use]
    pub fn named(kind: Kind, name: &str, file: &Arc<str>, line: u32) -> Self {
        Self { kind, fields: vec![("name".into(), text(name.trim()))], file: file.clone(), line, home: None }
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.fields.iter().find(|(name, _)| &**name == key).map(|(_, node)| node)
    }

    /// The text of a field.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Node::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text("name").or_else(|| self.text("id")).unwrap_or_default()
    }

    /// States a field of text, unless it is empty.
    pub fn set(&mut self, key: &str, value: &str) {
        if !value.trim().is_empty() {
            self.put(key, text(value.trim()));
        }
    }

    /// States a field, over what it stated before.
    pub fn put(&mut self, key: &str, value: Node) {
        match self.fields.iter_mut().find(|(name, _)| &**name == key) {
            Some((_, known)) => *known = value,
            None => self.fields.push((key.into(), value)),
        }
    }

    /// Adds an item to a list, unless it is there already.
    pub fn push(&mut self, key: &str, item: Node) {
        let place = self.fields.iter().position(|(name, _)| &**name == key);
        match place.map(|place| &mut self.fields[place].1) {
            Some(Node::List(items)) => {
                if !items.iter().any(|known| same_item(key, known, &item)) {
                    items.push(item);
                }
            }
            Some(bare) => {
                if !same_item(key, bare, &item) {
                    let first = std::mem::replace(bare, Node::Null);
                    *bare = Node::List(vec![first, item]);
                }
            }
            None => self.fields.push((key.into(), Node::List(vec![item]))),
        }
    }

    /// Whether both are about the same thing: by id where both state one, else by name.
    #[must_use]
    pub fn is_same_card(&self, other: &Self) -> bool {
        if self.kind != other.kind {
            return false;
        }
        match (self.text("id"), other.text("id")) {
            (Some(own), Some(their)) => Name::new(own) == Name::new(their),
            // A table of grants may know a persona by its id alone.
            (Some(id), None) if Name::new(id) == Name::new(other.name()) => true,
            (None, Some(id)) if Name::new(id) == Name::new(self.name()) => true,
            _ => Name::new(self.name()) == Name::new(other.name()),
        }
    }
}

fn same_item(key: &str, left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Text(left), Node::Text(right)) => Name::new(left) == Name::new(right),
        _ if naming_field(key).is_some() => left == right,
        _ => left == right,
    }
}

/// Something of an input that has no place on a card, or was passed over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// The file.
    pub file: Arc<str>,
    /// The first line of it, from 1.
    pub line: u32,
    /// The last.
    pub last_line: u32,
    /// What stands there, and why it is on no card, as a sentence.
    pub why: String,
}

/// What a format makes of a document.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The cards, in the order of the document.
    pub drafts: Vec<Draft>,
    /// Everything that was not understood.
    pub unread: Vec<Unread>,
    /// What was concluded rather than read, a sentence each with its line.
    pub notes: Vec<Unread>,
    /// Tables that are still to be read, together: see [`super::finish`].
    pub tables: Vec<Table>,
    /// How tables were read.
    pub mapping: Mapping,
}

impl Reading {
    /// Nothing, and why.
    #[must_use]
    pub fn nothing(file: &str, line: u32, why: impl Into<String>) -> Self {
        let mut reading = Self::default();
        reading.unread(&file.into(), line, why);
        reading
    }

    /// Notes what was not understood.
    pub fn unread(&mut self, file: &Arc<str>, line: u32, why: impl Into<String>) {
        self.unread.push(Unread { file: file.clone(), line, last_line: line, why: why.into() });
    }

    /// Notes what was concluded.
    pub fn note(&mut self, file: &Arc<str>, line: u32, why: impl Into<String>) {
        let note = Unread { file: file.clone(), line, last_line: line, why: why.into() };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Takes in another reading.
    pub fn extend(&mut self, other: Self) {
        self.drafts.extend(other.drafts);
        self.unread.extend(other.unread);
        self.notes.extend(other.notes);
        self.tables.extend(other.tables);
        self.mapping.sheets.extend(other.mapping.sheets);
    }

    /// The draft of a kind and name, made where there is none.
    pub fn draft(&mut self, kind: Kind, name: &str, file: &Arc<str>, line: u32) -> &mut Draft {
        let word = Name::new(name);
        let is_it = |draft: &Draft| {
            draft.kind == kind
                && (Name::new(draft.name()) == word
                    || draft.text("id").is_some_and(|id| Name::new(id) == word))
        };
        let place = match self.drafts.iter().position(is_it) {
            Some(place) => place,
            None => {
                self.drafts.push(Draft::named(kind, name, file, line));
                self.drafts.len() - 1
            }
        };
        &mut self.drafts[place]
    }

    /// Puts drafts of one card together; of two values of a field the first stays, and it is said.
    pub fn combine(&mut self) {
        let mut known: std::collections::HashMap<(Kind, String), usize> = std::collections::HashMap::new();
        let mut out: Vec<Draft> = Vec::new();
        for draft in std::mem::take(&mut self.drafts) {
            let words =
                ["id", "name"].map(|key| draft.text(key).map(|word| Name::new(word).folded().to_owned()));
            let place = words.iter().flatten().find_map(|word| {
                let place = *known.get(&(draft.kind, word.clone()))?;
                out[place].is_same_card(&draft).then_some(place)
            });
            match place {
                None => {
                    let keys = words.into_iter().flatten();
                    for key in keys {
                        known.entry((draft.kind, key)).or_insert(out.len());
                    }
                    out.push(draft);
                }
                Some(place) => {
                    for (key, value) in draft.fields {
                        match (out[place].get(&key), value) {
                            (Some(Node::List(_)), Node::List(items)) => {
                                items.into_iter().for_each(|item| out[place].push(&key, item));
                            }
                            (None, value) => out[place].put(&key, value),
                            (Some(first), value) => {
                                let same = match (first, &value) {
                                    (Node::Text(first), Node::Text(second)) => {
                                        Name::new(first) == Name::new(second)
                                    }
                                    (first, second) => first == second,
                                };
                                if !same && &*key != "name" {
                                    let name = out[place].name().to_owned();
                                    let why = format!(
                                        "{name} states `{key}` for a second time, and otherwise; the first counts"
                                    );
                                    self.unread.push(Unread {
                                        file: draft.file.clone(),
                                        line: draft.line,
                                        last_line: draft.line,
                                        why,
                                    });
                                }
                            }
                        }
                    }
                }
            }
        }
        self.drafts = out;
    }
}

/// Text as a value.
#[must_use]
pub fn text(word: &str) -> Node {
    Node::Text(word.into())
}

/// A list of texts as a value.
#[must_use]
pub fn list<'w>(words: impl IntoIterator<Item = &'w str>) -> Node {
    Node::List(words.into_iter().map(text).collect())
}
