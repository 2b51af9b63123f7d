//! Every card of a catalog in one form, for formats that carry all of them, and what such a format loses.
//!
//! A card is a tree of its fields, as [`normal`] writes it; [`phrase`] puts a field into a line of text
//! or a cell of a table and reads it back. Which format shows what is for the formats.

pub mod json;
pub mod losses;
pub mod normal;
pub mod phrase;

use std::sync::Arc;

use crate::card::kinds::Kind;
use crate::card::node::{Node, documents};
use crate::card::path::{FieldPath, Item};
use crate::card::source::SourceMap;
use crate::card::words::Name;
use crate::card::{CardFile, PlacedCard};
use crate::catalog::Catalog;
use crate::exchange::import::draft::CardFields;

/// A card as its file has it, in normal form.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its kind.
    pub kind: Kind,
    /// Its fields, in the order of the table of fields.
    pub fields: CardFields,
    /// Its file, relative to the catalog's root.
    pub file: Arc<str>,
    /// The line on which it begins, from 1.
    pub line: u32,
}

impl Written {
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

    /// Its id, or its name where it states none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("id").or_else(|| self.text("name")).unwrap_or_default()
    }

    /// Its name, or its id where it states none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text("name").or_else(|| self.text("id")).unwrap_or_default()
    }
}

/// Every card of a catalog, in file order.
#[must_use]
pub fn cards(catalog: &Catalog) -> Vec<Written> {
    let levels = &catalog.settings.access_levels;
    let mut out = Vec::new();
    for file in catalog.files() {
        let (nodes, _) = documents(&file.text);
        let map = SourceMap::new(&file.text);
        for placed in &file.cards {
            let Some(node) = node_of(&nodes, placed) else { continue };
            let kind = placed.card.kind();
            out.push(Written {
                kind,
                fields: normal::card(kind, node, levels),
                file: file.path.clone(),
                line: map.locate(placed.spot, FieldPath::CARD).line,
            });
        }
    }
    out
}

/// The fields of one card of a file, in normal form.
#[must_use]
pub fn fields_of(file: &CardFile, placed: &PlacedCard, levels: &[Name]) -> CardFields {
    let (nodes, _) = documents(&file.text);
    node_of(&nodes, placed).map(|node| normal::card(placed.card.kind(), node, levels)).unwrap_or_default()
}

fn node_of<'n>(documents: &'n [Node], placed: &PlacedCard) -> Option<&'n Node> {
    let document = documents.get(placed.spot.document as usize)?;
    match placed.spot.item {
        None => Some(document),
        Some(Item::Bare) => document.get("items"),
        Some(Item::At(place)) => match document.get("items")? {
            Node::List(items) => items.get(place as usize),
            _ => None,
        },
    }
}
