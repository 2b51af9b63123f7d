//! How the columns of tables are read: guessed, shown, saved, changed by hand, and given back.
//!
//! A mapping is a YAML document of the kind `Mapping`. What a cell means is not known here.

use crate::card::edit::card_text;
use crate::card::node::{Node, documents};
use crate::card::words::Name;

/// How tables are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// One for each table.
    pub sheets: Vec<SheetMapping>,
}

/// How a table is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetMapping {
    /// The name of its sheet, or of its file without an ending; `*` is any other.
    pub sheet: String,
    /// What a row is: `persona`, `grant`, `matrix`, ...; `nothing` passes the table over.
    pub rows: String,
    /// The row of the titles, from 1; absent: it is looked for.
    pub head: Option<usize>,
    /// Of a matrix: the environment that it is about.
    pub environment: Option<String>,
    /// Each title with the field that it is; nothing: the column is passed over.
    pub columns: Vec<(String, Option<String>)>,
    /// Words in cells, and what they mean.
    pub values: Vec<(String, String)>,
}

impl SheetMapping {
    /// The field of a title: none where the mapping does not say, nothing where it is passed over.
    #[must_use]
    pub fn field(&self, title: &str) -> Option<Option<&str>> {
        let title = Name::new(title);
        let own = self.columns.iter().find(|(known, _)| Name::new(known) == title)?;
        Some(own.1.as_deref())
    }

    /// What a word in a cell means.
    #[must_use]
    pub fn meaning<'w>(&'w self, word: &'w str) -> &'w str {
        let own = Name::new(word);
        let known = self.values.iter().find(|(known, _)| Name::new(known) == own);
        known.map_or(word, |(_, meaning)| meaning)
    }
}

impl Mapping {
    /// How a sheet is read, where that is said.
    #[must_use]
    pub fn of(&self, sheet: &str) -> Option<&SheetMapping> {
        let name = Name::new(sheet);
        let exact = self.sheets.iter().find(|own| Name::new(&own.sheet) == name);
        exact.or_else(|| self.sheets.iter().find(|own| own.sheet.trim() == "*"))
    }

    /// As a document.
    #[must_use]
    pub fn text(&self) -> String {
        let text = |word: &str| Node::Text(word.into());
        let sheets = self.sheets.iter().map(|own| {
            let mut fields: Vec<(Box<str>, Node)> =
                vec![("sheet".into(), text(&own.sheet)), ("rows".into(), text(&own.rows))];
            let head = own.head.and_then(|row| i64::try_from(row).ok());
            fields.extend(head.map(|row| ("head".into(), Node::Int(row))));
            fields.extend(own.environment.as_ref().map(|word| ("environment".into(), text(word))));
            if !own.columns.is_empty() {
                let columns = own.columns.iter().map(|(title, field)| {
                    (Box::from(title.as_str()), field.as_deref().map_or(Node::Null, text))
                });
                fields.push(("columns".into(), Node::Map(columns.collect())));
            }
            if !own.values.is_empty() {
                let values =
                    own.values.iter().map(|(word, meaning)| (Box::from(word.as_str()), text(meaning)));
                fields.push(("values".into(), Node::Map(values.collect())));
            }
            Node::Map(fields)
        });
        let head =
            "# How persona import reads the columns of tables. A column without a field is passed over.\n";
        format!("{head}{}", card_text("Mapping", &[("sheets".into(), Node::List(sheets.collect()))]))
    }

    /// Reads a document.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and where.
    pub fn read(source: &str) -> Result<Self, String> {
        let (nodes, error) = documents(source);
        if let Some(error) = error {
            return Err(format!("line {}: this is no YAML: {}", error.line, error.message));
        }
        let Some(root) = nodes.first().filter(|root| **root != Node::Null) else {
            return Err("the mapping is empty".to_owned());
        };
        if !matches!(root.get("kind"), Some(Node::Text(kind)) if Name::new(kind).is("mapping")) {
            return Err("a mapping begins with `kind: Mapping`; --save-mapping writes one".to_owned());
        }
        let Some(Node::List(items)) = root.get("sheets") else {
            return Err("a mapping has a list `sheets`; --save-mapping writes one".to_owned());
        };
        let sheets: Result<Vec<SheetMapping>, String> = items
            .iter()
            .enumerate()
            .map(|(place, item)| sheet(item).map_err(|why| format!("sheet {}: {why}", place + 1)))
            .collect();
        Ok(Self { sheets: sheets? })
    }
}

fn sheet(node: &Node) -> Result<SheetMapping, String> {
    let Node::Map(entries) = node else {
        return Err("it should be a mapping with `sheet` and `rows`".to_owned());
    };
    let mut out = SheetMapping::default();
    for (key, value) in entries {
        match (&**key, value) {
            ("sheet", _) => out.sheet = word(value).ok_or("`sheet` should be a name")?,
            ("rows", _) => out.rows = word(value).ok_or("`rows` should be a word")?,
            ("environment", Node::Null) | ("head", Node::Null) | ("columns" | "values", Node::Null) => {}
            ("environment", _) => {
                out.environment = Some(word(value).ok_or("`environment` should be a word")?)
            }
            ("head", Node::Int(row)) => match usize::try_from(*row) {
                Ok(row) if row > 0 => out.head = Some(row),
                _ => return Err("`head` should be the number of a row, from 1".to_owned()),
            },
            ("columns", Node::Map(columns)) => {
                for (title, field) in columns {
                    let field = match field {
                        Node::Null => None,
                        other => Some(
                            word(other).ok_or_else(|| format!("the column {title} should name a field"))?,
                        ),
                    };
                    out.columns.push((title.to_string(), field));
                }
            }
            ("values", Node::Map(values)) => {
                for (own, meaning) in values {
                    let meaning =
                        word(meaning).ok_or_else(|| format!("the value {own} should mean a word"))?;
                    out.values.push((own.to_string(), meaning));
                }
            }
            (key, _) if key.starts_with("x-") || key == "notes" => {}
            (key, _) => {
                return Err(format!(
                    "`{key}` is not known, or not of its form: sheet, rows, head, environment, columns and values are"
                ));
            }
        }
    }
    if out.sheet.is_empty() || out.rows.is_empty() {
        return Err("it needs `sheet` and `rows`".to_owned());
    }
    Ok(out)
}

fn word(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Node::Int(value) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_comes_back_as_it_was_saved() {
        let mapping = Mapping {
            sheets: vec![SheetMapping {
                sheet: "Rights: 2026".into(),
                rows: "grant".into(),
                head: Some(3),
                environment: Some("prod".into()),
                columns: vec![("Who?".into(), Some("persona".into())), ("Remarks #1".into(), None)],
                values: vec![("X".into(), "read".into())],
            }],
        };
        let text = mapping.text();
        assert_eq!(Mapping::read(&text), Ok(mapping), "{text}");
    }

    #[test]
    fn what_is_no_mapping_gets_a_sentence() {
        for (text, why) in [
            ("", "the mapping is empty"),
            ("kind: Persona\n", "a mapping begins with `kind: Mapping`"),
            ("kind: Mapping\nsheets: [{sheet: a}]\n", "sheet 1: it needs `sheet` and `rows`"),
            (
                "kind: Mapping\nsheets: [{sheet: a, rows: grant, colums: {}}]\n",
                "sheet 1: `colums` is not known",
            ),
            ("a: [\n", "this is no YAML"),
        ] {
            let error = Mapping::read(text).expect_err("no mapping");
            assert!(error.contains(why), "{error}");
        }
    }
}
