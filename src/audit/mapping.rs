//! The mapping file: whom and what the words of a log mean that the catalog does not know, and which
//! column of a table holds what.
//!
//! YAML with the sections `agents`, `components`, `environments`, `levels` and `columns`, each a
//! mapping from the log's word; or CSV with the columns `kind,from,to`, where `kind` is one of these
//! and may be left out for agents. What stands here wins over the catalog's own words.

use std::collections::HashMap;

use crate::card::node::{Node, documents};
use crate::card::words::{fold, nearest};

/// The sections, as both forms call them.
pub const SECTIONS: [&str; 5] = ["agents", "columns", "components", "environments", "levels"];

/// What a mapping file says: the log's word, folded, and what it means.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// To personas and people.
    pub agents: HashMap<String, String>,
    /// To components.
    pub components: HashMap<String, String>,
    /// To environments of the catalog.
    pub environments: HashMap<String, String>,
    /// To access levels of the catalog.
    pub levels: HashMap<String, String>,
    /// From the field of an event to the column that holds it.
    pub columns: HashMap<String, String>,
}

impl Mapping {
    fn section(&mut self, word: &str) -> Option<&mut HashMap<String, String>> {
        match word {
            "agents" | "agent" => Some(&mut self.agents),
            "columns" | "column" => Some(&mut self.columns),
            "components" | "component" => Some(&mut self.components),
            "environments" | "environment" => Some(&mut self.environments),
            "levels" | "level" => Some(&mut self.levels),
            _ => None,
        }
    }
}

/// Reads a mapping file.
///
/// # Errors
/// A sentence with the line where there is one: what is wrong, and what helps.
pub fn read(text: &str, name: &str) -> Result<Mapping, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let csv = name.to_lowercase().ends_with(".csv");
    if csv { from_csv(text) } else { from_yaml(text) }.map_err(|what| format!("{name}: {what}"))
}

fn from_yaml(text: &str) -> Result<Mapping, String> {
    let (nodes, error) = documents(text);
    if let Some(error) = error {
        return Err(format!("line {}: this is not YAML: {}", error.line, error.message));
    }
    let mut mapping = Mapping::default();
    for node in nodes {
        let Node::Map(entries) = node else {
            return Err(format!("it should be a mapping with {}", SECTIONS.join(", ")));
        };
        for (section, node) in entries {
            let Some(target) = mapping.section(&fold(&section)) else {
                let near = nearest(&section, SECTIONS)
                    .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                return Err(format!(
                    "there is no section `{section}`; known are {}{near}",
                    SECTIONS.join(", ")
                ));
            };
            let Node::Map(entries) = node else {
                return Err(format!("`{section}` should be a mapping, but is {}", node.what()));
            };
            for (from, to) in entries {
                let to = match to {
                    Node::Text(text) => text.into_string(),
                    Node::Int(number) => number.to_string(),
                    other => {
                        return Err(format!("`{from}` should lead to text, but leads to {}", other.what()));
                    }
                };
                target.insert(fold(&from), to);
            }
        }
    }
    Ok(mapping)
}

fn from_csv(text: &str) -> Result<Mapping, String> {
    let mut mapping = Mapping::default();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    for (place, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let fields: Vec<&str> = record.iter().filter(|field| !field.is_empty()).collect();
        match fields[..] {
            ["from", "to"] | ["kind", "from", "to"] if place == 0 => {}
            [] => {}
            [from, to] => {
                mapping.agents.insert(fold(from), to.to_owned());
            }
            [kind, from, to] => match mapping.section(&fold(kind)) {
                Some(target) => {
                    target.insert(fold(from), to.to_owned());
                }
                None => {
                    return Err(format!(
                        "line {}: there is no kind `{kind}`; known are {}",
                        place + 1,
                        SECTIONS.join(", ")
                    ));
                }
            },
            _ => {
                return Err(format!(
                    "line {}: a line holds `kind,from,to`, or `from,to` for agents",
                    place + 1
                ));
            }
        }
    }
    Ok(mapping)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let yaml =
            read("agents: {Svc-1: P010}\ncomponents:\n  microsoft.storage: Azure Storage\n", "map.yaml")
                .expect("a map");
        let csv =
            read("kind,from,to\nagents,SVC-1,P010\ncomponent,Microsoft.Storage,Azure Storage\n", "map.csv")
                .expect("a map");
        for mapping in [yaml, csv] {
            assert_eq!(mapping.agents["svc-1"], "P010");
            assert_eq!(mapping.components["microsoft.storage"], "Azure Storage");
        }
        assert_eq!(read("a,P1\n", "map.csv").expect("a map").agents["a"], "P1");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = read("agent_s: {a: b}", "map.yaml").expect_err("wrong");
        assert!(
            error.contains("map.yaml: there is no section `agent_s`")
                && error.contains("did you mean `agents`"),
            "{error}"
        );
        assert!(read("agents: [a]", "m.yaml").expect_err("wrong").contains("should be a mapping"), "");
        assert!(read("x,y,z\n", "m.csv").expect_err("wrong").contains("line 1"), "");
    }
}
