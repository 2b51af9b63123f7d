//! JSON Schemas of cards, from the table of [`super::fields`]: what editors check and explain while one types.
//!
//! A document is valid for its schema where the reader takes it without an error or a warning. What a
//! schema cannot say is kept in a list in `tests/schema.rs`, which tries each of these differences: what
//! depends on other cards or on the words that the catalog sets, and what YAML knows and JSON does not.

use serde_json::{Map, Value, json};

use super::fields::{Field, Form, Mapping, Takes, mapping_of, mappings};
use super::kinds::Kind;
use super::node::{Node, documents};
use super::words::UNITS;

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Any document of a catalog.
    Any,
    /// One card of a kind.
    One(Kind),
    /// A list of cards of a kind.
    List(Kind),
}

impl Subject {
    /// Every subject: any document, and then each kind with its list.
    pub fn all() -> impl Iterator<Item = Self> {
        let kinds = Kind::ALL.into_iter().flat_map(|kind| [Self::One(kind), Self::List(kind)]);
        std::iter::once(Self::Any).chain(kinds)
    }

    /// A word for it: `card`, `persona`, `persona-list`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Any => "card".to_owned(),
            Self::One(kind) => kind.word().to_lowercase(),
            Self::List(kind) => format!("{}-list", kind.word().to_lowercase()),
        }
    }

    /// The subject of a word, however it is spelt: `persona`, `Persona`, `PersonaList`, `persona-list`.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let plain = |word: &str| word.trim().to_lowercase().replace(['-', '_', ' '], "");
        Self::all().find(|subject| plain(&subject.word()) == plain(word))
    }
}

/// The schema of a subject, of draft 2020-12.
#[must_use]
pub fn schema(subject: Subject) -> Value {
    let mut root = match subject {
        Subject::Any => any(),
        Subject::One(kind) => one(kind),
        Subject::List(kind) => list(kind),
    };
    let title = match subject {
        Subject::Any => "A card of a catalog of personas".to_owned(),
        Subject::One(kind) => kind.word().to_owned(),
        Subject::List(kind) => format!("{}List", kind.word()),
    };
    let mut definitions = Map::new();
    definitions.insert("words".into(), words());
    for mapping in mappings() {
        definitions.insert(mapping.id.into(), definition(mapping));
        if matches!(mapping.id, "grant" | "use") {
            definitions.insert(format!("{}-access", mapping.id), access(mapping));
        }
    }
    if let Some(root) = root.as_object_mut() {
        root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        root.insert("$id".into(), json!(format!("urn:persona-workbench:schema:{}:1", subject.word())));
        root.insert("title".into(), json!(title));
        root.insert("$defs".into(), Value::Object(used(root, definitions)));
    }
    root
}

/// The schema as the text of a file.
#[must_use]
pub fn schema_text(subject: Subject) -> String {
    // Values of this kind are always written.
    let mut text = serde_json::to_string_pretty(&schema(subject)).unwrap_or_default();
    text.push('\n');
    text
}

/// Of all definitions those that are referred to, from one to another.
fn used(root: &Map<String, Value>, all: Map<String, Value>) -> Map<String, Value> {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref") {
                    found.extend(to.strip_prefix("#/$defs/").map(ToOwned::to_owned));
                }
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let mut wanted = Vec::new();
    root.values().for_each(|value| references(value, &mut wanted));
    let mut kept = Map::new();
    while let Some(name) = wanted.pop() {
        if let (false, Some(definition)) = (kept.contains_key(&name), all.get(&name)) {
            references(definition, &mut wanted);
            kept.insert(name, definition.clone());
        }
    }
    kept
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn one(kind: Kind) -> Value {
    let mapping = mapping_of(kind);
    json!({
        "description": mapping.about,
        "type": "object",
        "required": ["kind"],
        "properties": { "kind": kind_word(&[kind.word().to_owned()]) },
        "allOf": [reference(mapping.id)],
    })
}

fn list(kind: Kind) -> Value {
    let mapping = mapping_of(kind);
    let card = reference(mapping.id);
    let mut forms = vec![card];
    // A bare name says all that a card must say, except of a decision.
    let needed: Vec<&str> =
        mapping.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    match needed.as_slice() {
        [] => forms.push(json!({ "type": "string" })),
        ["name"] => forms.push(named()),
        _ => {}
    }
    let about = format!("Several cards in one: {}", mapping.about);
    json!({
        "description": about,
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": kind_word(&[format!("{}List", kind.word())]),
            "items": with(or_nothing(listed(&forms)), "The cards: each without `kind`, or the bare name.", &[]),
            "notes": {},
        },
        "patternProperties": { "^x-": {} },
        "additionalProperties": false,
    })
}

fn any() -> Value {
    let words: Vec<String> = Kind::ALL
        .into_iter()
        .flat_map(|kind| [kind.word().to_owned(), format!("{}List", kind.word())])
        .collect();
    let branches: Vec<Value> = Subject::all()
        .filter_map(|subject| {
            let (word, then) = match subject {
                Subject::Any => return None,
                Subject::One(kind) => (kind.word().to_owned(), reference(mapping_of(kind).id)),
                Subject::List(kind) => (format!("{}List", kind.word()), list(kind)),
            };
            let is = json!({
                "type": "object",
                "required": ["kind"],
                "properties": { "kind": { "type": "string", "pattern": spelt(&word) } },
            });
            Some(json!({ "if": is, "then": then }))
        })
        .collect();
    json!({
        "description": "A document of a catalog: one card, or a list of cards of one kind.",
        "type": ["object", "null"],
        "required": ["kind"],
        "properties": { "kind": kind_word(&words) },
        "allOf": branches,
    })
}

/// `kind`, with the words to choose from.
fn kind_word(words: &[String]) -> Value {
    let patterns: Vec<Value> = words.iter().map(|word| json!({ "pattern": spelt(word) })).collect();
    let mut forms = vec![json!({ "enum": words })];
    forms.extend(patterns);
    json!({ "description": "What this card is.", "type": "string", "anyOf": forms })
}

fn definition(mapping: &Mapping) -> Value {
    let properties: Map<String, Value> =
        mapping.fields.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    let mut out = json!({
        "description": mapping.about,
        "type": "object",
        "properties": properties,
        "patternProperties": { "^x-": {} },
        "additionalProperties": false,
    });
    let required: Vec<&str> =
        mapping.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    if !required.is_empty() {
        out["required"] = json!(required);
    }
    if !mapping.one_of.is_empty() {
        let stated = |name: &&str| json!({ "required": [name], "properties": { *name: named() } });
        out["anyOf"] = mapping.one_of.iter().map(stated).collect();
    }
    out
}

fn property(field: &Field) -> Value {
    let takes = match field.takes {
        Takes::Anything => json!({}),
        Takes::Text => json!({ "type": "string" }),
        Takes::Name => named(),
        Takes::Choice(words) => {
            let spellings: Vec<String> = words.iter().map(|word| spelt_within(word)).collect();
            let pattern = format!("^{WHITE}*(?:{})?{WHITE}*$", spellings.join("|"));
            json!({ "type": "string", "anyOf": [{ "enum": words }, { "pattern": pattern }],
                "patternErrorMessage": format!("One of {}.", words.join(", ")) })
        }
        Takes::Whole => json!({ "type": "integer" }),
        Takes::Share => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Day => json!({ "type": "string", "pattern": day_pattern(),
            "patternErrorMessage": "Write it as year, month and day: 2027-03-31." }),
        Takes::Length => json!({ "type": "string", "pattern": length_pattern(),
            "patternErrorMessage": "Write it as 30m, 1h, 1h 30m, 1d or PT8H." }),
        Takes::SkillLevel => json!({ "type": ["integer", "string"] }),
        Takes::One(forms) => one_of(forms.iter().map(form).collect()),
        Takes::List([Form::Word]) => reference("words"),
        Takes::List(forms) => listed(&forms.iter().map(form).collect::<Vec<_>>()),
        Takes::WordsOr(mapping) => one_of(vec![reference("words"), reference(mapping.id)]),
    };
    let takes = if field.required || takes == json!({}) { takes } else { or_nothing(takes) };
    with(takes, field.about, field.examples)
}

/// Adds what an editor shows.
fn with(mut schema: Value, about: &str, examples: &[&str]) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), json!(about));
        if !examples.is_empty() {
            let examples: Vec<Value> = examples.iter().filter_map(|text| example(text)).collect();
            schema.insert("examples".into(), json!(examples));
        }
    }
    schema
}

fn example(text: &str) -> Option<Value> {
    fn value(node: &Node) -> Value {
        match node {
            Node::Null => Value::Null,
            Node::Bool(value) => json!(value),
            Node::Int(value) => json!(value),
            Node::Float(value) => json!(value),
            Node::Text(text) => json!(text),
            Node::List(items) => items.iter().map(value).collect(),
            Node::Map(entries) => {
                Value::Object(entries.iter().map(|(key, node)| (key.to_string(), value(node))).collect())
            }
        }
    }
    documents(text).0.first().map(value)
}

/// Nothing is as good as no field.
fn or_nothing(schema: Value) -> Value {
    match &schema["type"] {
        Value::String(own) => {
            let mut schema = schema.clone();
            schema["type"] = json!([own, "null"]);
            if let Some(forms) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
                forms.push(json!({ "type": "null" }));
            }
            schema
        }
        Value::Array(own) => {
            let mut types = own.clone();
            types.push(json!("null"));
            let mut schema = schema.clone();
            schema["type"] = json!(types);
            schema
        }
        _ => match schema.get("anyOf").and_then(Value::as_array) {
            Some(forms) => {
                let mut forms = forms.clone();
                forms.push(json!({ "type": "null" }));
                json!({ "anyOf": forms })
            }
            None => json!({ "anyOf": [schema, { "type": "null" }] }),
        },
    }
}

fn one_of(mut forms: Vec<Value>) -> Value {
    if forms.len() == 1 { forms.remove(0) } else { json!({ "anyOf": forms }) }
}

/// A list of values of these forms, or one of them.
fn listed(forms: &[Value]) -> Value {
    let mut all = forms.to_vec();
    all.push(json!({ "type": "array", "items": one_of(forms.to_vec()) }));
    json!({ "anyOf": all })
}

fn words() -> Value {
    json!({
        "description": "One word, or a list of words.",
        "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
    })
}

fn named() -> Value {
    json!({ "type": "string", "pattern": BLACK })
}

fn form(form: &Form) -> Value {
    match form {
        Form::Word => json!({ "type": "string" }),
        Form::Name => named(),
        Form::Map(mapping) => reference(mapping.id),
        Form::Access(mapping) => reference(&format!("{}-access", mapping.id)),
        Form::Levels => json!({
            "type": "object",
            "additionalProperties": { "type": ["string", "null"] },
            "properties": { "notes": {} },
            "patternProperties": { "^x-": {} },
        }),
        Form::Severities => json!({
            "type": "object",
            "additionalProperties": { "anyOf": [{ "type": ["string", "null"] }, { "const": false }] },
            "properties": { "notes": {} },
            "patternProperties": { "^x-": {} },
        }),
        Form::Entity => json!({
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": { "type": "string" },
        }),
    }
}

/// A mapping with `component`, or of one component to what it is used for.
fn access(mapping: &Mapping) -> Value {
    let within: Vec<&Field> = mapping.fields.iter().filter(|field| field.name != "component").collect();
    let fields: Map<String, Value> =
        within.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    // The names that are a forgotten component rather than one.
    let taken: Vec<&str> = super::fields::GRANT
        .fields
        .iter()
        .map(|field| field.name)
        .filter(|name| !super::fields::is_free(name))
        .collect();
    let ours = json!({ "not": { "pattern": "^x-" } });
    let brief = json!({
        "description": "A component, and what may be done with it.",
        "type": "object",
        "propertyNames": { "pattern": BLACK, "not": { "enum": taken } },
        "properties": { "notes": {} },
        "patternProperties": { "^x-": {} },
        "additionalProperties": {
            "anyOf": [
                { "type": ["string", "null"], "description": "A level, or a role." },
                { "type": "array", "items": { "type": "string" } },
                {
                    "type": "object",
                    "properties": fields,
                    "patternProperties": { "^x-": {} },
                    "additionalProperties": false,
                },
            ],
        },
        // One component, beside what is free.
        "minProperties": 1,
        "anyOf": [
            { "propertyNames": ours, "maxProperties": 1, "not": { "required": ["notes"] } },
            { "propertyNames": ours, "minProperties": 2, "maxProperties": 2, "required": ["notes"] },
            { "not": { "anyOf": [{ "propertyNames": ours }, { "required": ["notes"] }] }, "minProperties": 2 },
            { "not": { "propertyNames": ours }, "required": ["notes"], "minProperties": 3 },
        ],
    });
    json!({
        "description": mapping.about,
        "if": { "required": ["component"] },
        "then": reference(mapping.id),
        "else": brief,
    })
}

/// White space, as cards understand it: what the `\s` of patterns means differs between programs.
const WHITE: &str = r"[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]";

/// Something that is not white space.
const BLACK: &str = r"[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]";

/// A whole text that is this word, in whatever case and with white space around it.
fn spelt(word: &str) -> String {
    format!("^{WHITE}*{}{WHITE}*$", spelt_within(word))
}

/// A word of ASCII in whatever case. Two letters beyond ASCII are the same as one of these.
fn spelt_within(word: &str) -> String {
    word.chars()
        .map(|letter| match letter.to_ascii_lowercase() {
            's' => "[Ss\u{17f}]".to_owned(),
            'k' => "[Kk\u{212a}]".to_owned(),
            small if small.is_ascii_lowercase() => format!("[{}{small}]", small.to_ascii_uppercase()),
            other => other.to_string(),
        })
        .collect()
}

/// A day that exists, leap years included.
fn day_pattern() -> String {
    let long = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])";
    let short = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)";
    let february = "02-(?:0[1-9]|1[0-9]|2[0-8])";
    let fours = "(?:0[48]|[2468][048]|[13579][26])";
    let leap = format!("(?:[0-9][0-9]{fours}|(?:00|{fours})00)-02-29");
    format!("^{WHITE}*(?:[0-9]{{4}}-(?:{long}|{short}|{february})|{leap}){WHITE}*$")
}

fn length_pattern() -> String {
    let number = r"[0-9]{1,6}(?:\.[0-9]{1,3})?";
    let unit = |words: &[&str]| {
        // The longest first, so that a word is not cut short.
        let mut spellings: Vec<String> = words.iter().map(|word| in_ascii(word)).collect();
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
        format!("{number} *(?:{})", spellings.join("|"))
    };
    // Each unit that is there begins the text or follows another; what is left out takes no separator.
    let friendly: Vec<String> = (0..UNITS.len())
        .map(|first| {
            let rest: String =
                UNITS[first + 1..].iter().map(|(words, _)| format!("(?:[ ,]*{})?", unit(words))).collect();
            format!("{}{rest}", unit(UNITS[first].0))
        })
        .collect();
    let part = |letter: &str| format!("(?:{number}{letter})?");
    let days = format!("{}{}", part("[Ww]"), part("[Dd]"));
    let hours = format!("{}{}{}", part("[Hh]"), part("[Mm]"), part("[Ss]"));
    let iso = format!("[Pp](?=[0-9Tt]){days}(?:[Tt](?=[0-9]){hours})?");
    format!("^{WHITE}*(?:{}|{iso}){WHITE}*$", friendly.join("|"))
}

fn in_ascii(word: &str) -> String {
    word.chars().map(|letter| format!("[{}{letter}]", letter.to_ascii_uppercase())).collect()
}
