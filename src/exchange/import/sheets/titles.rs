//! Titles of columns, as people write them, and what each is in a table of cards.

use crate::card::fields::mapping_of;
use crate::card::kinds::Kind;
use crate::card::words::fold;
use crate::exchange::import::words::field_of;
use crate::exchange::sheets::{Column, Rows, SHAPES, Shape};

/// Other words for the fields of an item or a card, by the name of the table.
const SYNONYMS: &[(&str, &str, &[&str])] = &[
    (
        "Access",
        "persona",
        &[
            "persona id",
            "persona name",
            "principal",
            "user",
            "identity",
            "who",
            "agent",
            "subject",
            "role holder",
            "account",
        ],
    ),
    (
        "Access",
        "component",
        &[
            "component name",
            "service",
            "service name",
            "resource",
            "resource name",
            "system",
            "application",
            "app",
            "target",
            "azure service",
            "object",
        ],
    ),
    (
        "Access",
        "level",
        &["access", "access level", "permission", "permissions", "right", "rights", "level of access"],
    ),
    ("Access", "role", &["roles", "role name", "rbac role", "assigned role", "role definition"]),
    ("Access", "environments", &["environment", "env", "envs", "where"]),
    ("Access", "starts", &["start", "start date", "valid from", "from", "starts on", "granted on"]),
    (
        "Access",
        "expires",
        &[
            "expiry",
            "expiry date",
            "expiration",
            "expiration date",
            "end",
            "end date",
            "valid until",
            "until",
            "expires on",
            "valid to",
        ],
    ),
    ("Access", "max_duration", &["duration", "maximum duration", "max duration"]),
    ("Access", "max_risk", &["risk", "maximum risk", "max risk"]),
    ("Access", "approval", &["approver", "approvers", "approved by", "approval by"]),
    ("Access", "reason", &["justification", "purpose", "why", "business reason", "rationale"]),
    ("Access", "auth", &["authentication", "sign-in", "authentication method"]),
    ("Access", "mode", &["assignment type", "type of access"]),
    ("Access", "phases", &["phase"]),
    ("Access", "tools", &["tool"]),
    ("People", "name", &["person", "full name", "employee", "member", "team member"]),
    ("People", "personas", &["persona", "roles", "role", "plays", "embodies"]),
    ("People", "skills", &["skill", "competencies", "knows"]),
    ("People", "allocation", &["fte", "share"]),
    ("Skills", "name", &["skill", "skill name", "competency"]),
    ("Skills", "learn", &["courses", "course", "training", "learning", "learning path"]),
    (
        "Components",
        "name",
        &["component", "component name", "service", "service name", "system", "application", "resource"],
    ),
    ("Components", "platform", &["cloud", "provider"]),
    ("Components", "layer", &["tier"]),
    ("Components", "audit_log", &["log", "logs", "audit"]),
    ("Components", "auth", &["authentication"]),
    ("Teams", "name", &["team", "team name", "group"]),
    ("Processes", "name", &["process", "process name", "workflow"]),
    ("Steps", "name", &["step", "step name", "activity", "task"]),
    ("Steps", "performers", &["performed by", "performer", "who", "persona", "personas"]),
    ("Steps", "uses", &["components", "component", "services", "systems", "tools used"]),
    ("Steps", "next", &["next step", "next steps", "followed by", "then"]),
    ("Steps", "environments", &["environment", "env"]),
    ("Roles", "name", &["role", "role name"]),
    ("Roles", "environments", &["environment", "env"]),
    ("Roles", "level", &["access", "access level"]),
];

/// What a title is in a table, if it is something.
#[must_use]
pub fn column(shape: &'static Shape, title: &str) -> Option<Column> {
    let word = fold(title.trim_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '('));
    let word = word.replace(['_', '-'], " ");
    if word.is_empty() {
        return None;
    }
    let exact = shape.columns().into_iter().find(|(own, _)| fold(own) == word);
    if let Some((_, column)) = exact {
        return Some(column);
    }
    let kind = shape.kind();
    let known = SYNONYMS
        .iter()
        .find(|(name, _, words)| *name == shape.name && words.contains(&word.as_str()))
        .map(|(_, field, _)| *field);
    let field = known.or_else(|| match shape.rows {
        Rows::Cards(Kind::Persona) => field_of(title),
        // The word of the kind names the card.
        Rows::Cards(_) if word == kind.word().to_lowercase() => Some("name"),
        _ => None,
    });
    named(shape, field?)
}

/// The column of a word of a mapping: a field's name, the kind of the owner, `file`, `key` or `more`.
#[must_use]
pub fn named(shape: &'static Shape, word: &str) -> Option<Column> {
    let word = fold(word).replace([' ', '-'], "_");
    let owner = matches!(shape.rows, Rows::Items(kind, _) if kind.word().to_lowercase() == word);
    match word.as_str() {
        _ if owner => Some(Column::Owner),
        "file" | "card_file" if matches!(shape.rows, Rows::Cards(_)) => Some(Column::Home),
        "key" if matches!(shape.rows, Rows::Cards(_)) => Some(Column::Key),
        "more" => Some(Column::More),
        _ => {
            let mapping = match shape.rows {
                // A list that has a table of its own may stand in a cell all the same.
                Rows::Cards(kind) => mapping_of(kind),
                Rows::Items(..) => shape.mapping(),
            };
            mapping.field(&word).filter(|field| field.name != "kind").map(Column::Field)
        }
    }
}

/// The word of a mapping for a column.
#[must_use]
pub fn word(shape: &Shape, column: Column) -> String {
    match column {
        Column::Home => "file".to_owned(),
        Column::Owner => shape.kind().word().to_lowercase(),
        Column::Field(field) => field.name.to_owned(),
        Column::Key => "key".to_owned(),
        Column::More => "more".to_owned(),
    }
}

/// The table that a word of a mapping names: `grant`, `persona`, the name of its sheet.
#[must_use]
pub fn shape(word: &str) -> Option<&'static Shape> {
    let word = fold(word);
    SHAPES.iter().find(|shape| {
        [shape.row, shape.name, shape.file].iter().any(|own| fold(own) == word)
            || word.strip_suffix('s').is_some_and(|word| fold(shape.row) == word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_name_fields_that_exist() {
        for (name, field, _) in SYNONYMS {
            let shape = shape(name).unwrap_or_else(|| panic!("there is no table {name}"));
            assert!(named(shape, field).is_some(), "{name}: {field}");
        }
    }

    #[test]
    fn titles_are_known_in_all_dresses() {
        let access = shape("grants").expect("a table");
        for (title, field) in
            [("Expiry date", "expires"), ("ENV", "environments"), ("max_risk", "max_risk"), ("Role(s)", "")]
        {
            let found = column(access, title).map(|own| word(access, own)).unwrap_or_default();
            assert_eq!(found, field, "{title}");
        }
        assert!(matches!(column(access, "Persona"), Some(Column::Owner)));
    }
}
