//! The schemas of cards and the reader of cards say the same of the same documents.
//!
//! Each document goes to both: it is valid for the schema exactly where the reader takes it without an
//! error or a warning. What differs all the same is listed in `DIFFERENCES`, and tried.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use jsonschema::Validator;
use persona_workbench::card::fields::{Field, Form, Mapping, Takes, mapping_of, mappings};
use persona_workbench::card::kinds::Kind;
use persona_workbench::card::parse_text;
use persona_workbench::card::problem::Level;
use persona_workbench::card::schema::{Subject, schema, schema_text};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

struct Both {
    any: Validator,
    kinds: Vec<(Subject, Validator)>,
}

impl Both {
    fn new() -> Self {
        let validator = |subject| jsonschema::draft202012::new(&schema(subject)).expect("a schema");
        let kinds = Subject::all().filter(|subject| *subject != Subject::Any);
        Self {
            any: validator(Subject::Any),
            kinds: kinds.map(|subject| (subject, validator(subject))).collect(),
        }
    }

    /// Whether the schema of the document's own kind, and that of any card, take it.
    fn valid(&self, document: &Value) -> (bool, bool) {
        let word = document["kind"].as_str().unwrap_or_default();
        let own =
            Subject::of(word).and_then(|subject| self.kinds.iter().find(|(known, _)| *known == subject));
        let own = own.is_some_and(|(_, validator)| validator.is_valid(document));
        (own, self.any.is_valid(document))
    }

    /// Fails where reader and schemas differ.
    fn same(&self, document: &Value) {
        let text = yaml(document);
        let problems = problems(&text);
        let taken = problems.is_empty();
        let errors: Vec<String> = self.any.iter_errors(document).map(|error| error.to_string()).collect();
        assert_eq!(self.valid(document), (taken, taken), "{text}\nreader: {problems:?}\nschema: {errors:?}");
    }
}

/// JSON is YAML where nothing but ASCII stands in it.
fn yaml(document: &Value) -> String {
    let mut out = String::new();
    for character in document.to_string().chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            out.push_str(&format!("\\u{:04x}", u32::from(character)));
        }
    }
    out.push('\n');
    out
}

/// Errors and warnings of the reader.
fn problems(text: &str) -> Vec<String> {
    let file = parse_text("x.yaml", text);
    let problems = file.problems.iter().filter(|problem| problem.level != Level::Note);
    problems.map(|problem| problem.message.clone()).collect()
}

fn minimal(mapping: &Mapping) -> Map<String, Value> {
    let mut own: Map<String, Value> = mapping
        .fields
        .iter()
        .filter(|field| field.required)
        .map(|field| {
            let value = match field.takes {
                Takes::One([Form::Map(inner)]) => Value::Object(minimal(inner)),
                _ => json!("a"),
            };
            (field.name.to_owned(), value)
        })
        .collect();
    if let Some(first) = mapping.one_of.first() {
        own.insert((*first).to_owned(), json!("a"));
    }
    own
}

type Wrap = Box<dyn Fn(Value) -> Value>;

/// Every mapping, with what makes a document of one that stands alone.
fn places() -> Vec<(&'static Mapping, Wrap)> {
    fn below(
        mapping: &'static Mapping,
        path: Vec<(&'static Mapping, &'static str)>,
        kind: Kind,
    ) -> Vec<(&'static Mapping, Wrap)> {
        let own = path.clone();
        let wrap: Wrap = Box::new(move |value| {
            let mut value = value;
            for (outer, field) in own.iter().rev() {
                let mut map = minimal(outer);
                map.insert((*field).to_owned(), value);
                value = Value::Object(map);
            }
            value["kind"] = json!(kind.word());
            value
        });
        let mut found = vec![(mapping, wrap)];
        for field in mapping.fields {
            let mut inner: Vec<&'static Mapping> = Vec::new();
            if let Takes::WordsOr(own) = field.takes {
                inner.push(own);
            }
            for form in field.takes.forms() {
                if let Form::Map(own) | Form::Access(own) = form {
                    inner.push(own);
                }
            }
            for own in inner {
                let mut path = path.clone();
                path.push((mapping, field.name));
                found.extend(below(own, path, kind));
            }
        }
        found
    }
    Kind::ALL.into_iter().flat_map(|kind| below(mapping_of(kind), Vec::new(), kind)).collect()
}

/// Values of every type, right somewhere and wrong elsewhere.
fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(5),
        json!(0),
        json!(-1),
        json!(0.5),
        json!(-0.5),
        json!(""),
        json!(" \u{a0}\u{85}\t"),
        json!("word"),
        json!(" JIT "),
        json!("\u{17f}tanding"),
        json!("Agent"),
        json!("inner"),
        json!("ACCEPT"),
        json!("informed"),
        json!("2026-11-23"),
        json!("2026-02-29"),
        json!("2028-02-29 "),
        json!("1900-02-29"),
        json!("2000-02-29"),
        json!("20261123"),
        json!("1h"),
        json!("1h 30m"),
        json!("2 Days, 3 hours"),
        json!("PT8H"),
        json!("P1DT"),
        json!("30m 1h"),
        json!("1h ago"),
        json!([]),
        json!([null]),
        json!([true]),
        json!([5]),
        json!([""]),
        json!(["a"]),
        json!(["a", "b", 0.5]),
        json!([["a"]]),
        json!([{}]),
        json!([{ "a": "b" }]),
        json!([{ "a": ["b", "c"] }]),
        json!([{ "a": ["b", 5] }]),
        json!([{ "a": null }]),
        json!([{ "a": 5 }]),
        json!([{ "a": {} }]),
        json!([{ "a": { "level": "read", "x-b": [1] } }]),
        json!([{ "a": { "component": "b" } }]),
        json!([{ "a": "b", "notes": [] }]),
        json!([{ "a": "b", "c": "d" }]),
        json!([{ "": "b" }]),
        json!([{ "level": "read" }]),
        json!([{ "phase": "read" }]),
        json!([{ "reason": "read" }]),
        json!([{ "component": null, "a": "b" }]),
        json!([{ "component": "b", "level": 5 }]),
        json!([{ "name": "b" }]),
        json!([{ "skill": "b", "level": 3 }]),
        json!([{ "process": " " }]),
        json!([{ "process": "a", "step": null }]),
        json!([{ "persona": "b", "level": "read" }]),
        json!({}),
        json!({ "a": "b" }),
        json!({ "a": 5 }),
        json!({ "a": null }),
        json!({ "a": false }),
        json!({ "a": true }),
        json!({ "notes": 5 }),
        json!({ "x-a": 5 }),
        json!({ "min": 3, "max": null }),
        json!({ "min": "3" }),
        json!({ "by": "a", "how": "b" }),
        json!({ "provider": "a", "id": "b" }),
        json!({ "rule": "a", "subject": "b", "environment": ["c"] }),
        json!({ "skill": "a", "b": "c" }),
        json!({ "component": "a" }),
        json!({ "title": "a", "url": "b" }),
        json!({ "change": "a", "route": "b" }),
    ]
}

#[test]
fn every_field_with_values_of_every_type_is_judged_alike() {
    let both = Both::new();
    let mut tried = std::collections::BTreeSet::new();
    for (mapping, wrap) in places() {
        for field in mapping.fields {
            tried.insert((mapping.id, field.name));
            if field.name == "kind" {
                continue;
            }
            for value in values() {
                let mut own = minimal(mapping);
                own.insert(field.name.to_owned(), value);
                both.same(&wrap(Value::Object(own)));
            }
        }
        for (name, value) in
            [("x-own", json!([1, { "a": null }])), ("notes", json!({ "a": 5 })), ("nmae", json!("a"))]
        {
            let mut own = minimal(mapping);
            own.insert(name.to_owned(), value);
            both.same(&wrap(Value::Object(own)));
        }
        for field in mapping.fields.iter().filter(|field| field.required) {
            let mut own = minimal(mapping);
            own.remove(field.name);
            both.same(&wrap(Value::Object(own)));
        }
    }
    let stated: usize = mappings().iter().map(|mapping| mapping.fields.len()).sum();
    assert_eq!(tried.len(), stated, "every field of every mapping is reached");
}

#[test]
fn lists_of_cards_are_judged_alike() {
    let both = Both::new();
    for kind in Kind::ALL {
        let card = Value::Object(minimal(mapping_of(kind)));
        let list = |items: Value| json!({ "kind": format!("{}list", kind.word()), "items": items });
        let mut with_kind = card.clone();
        with_kind["kind"] = json!(5);
        let mut with_more = card.clone();
        with_more["nmae"] = json!(5);
        for items in values().into_iter().chain([card.clone(), json!([card, with_kind]), with_more]) {
            both.same(&list(items));
        }
        both.same(&json!({ "kind": format!(" {}LIST ", kind.word().to_uppercase()) }));
        both.same(&json!({ "kind": format!("{}List", kind.word()), "x-a": 1, "notes": 2 }));
        both.same(&json!({ "kind": format!("{}List", kind.word()), "itmes": [] }));
    }
}

/// Documents of people, in every short form that the format page shows.
const GOOD: [&str; 12] = [
    "{kind: persona, name: A, component_access: Azure Storage}",
    "{kind: Persona, name: A, component_access: {Azure Storage: read}}",
    "{kind: Persona, name: A, component_access: [A, {B: read}, {C: {level: write, environments: [dev]}}, {D: [Reader, Owner]}]}",
    "{kind: Persona, name: A, component_access: [{B: read, notes: why}], environment: }",
    "{kind: Process, name: A, steps: [a, {name: b, performers: P1, next: c}]}",
    "{kind: Process, name: A, steps: {name: b, performers: [P1, {persona: P2, level: read}], next: [{process: X, step: y}, z, {process: X}]}}",
    "{kind: Component, name: A, flows_to: B, alternatives: [B, {component: C, removes: D}], tools: [a, {b: read}]}",
    "{kind: Component, name: A, tools: {a: write, b: read}, auth: oauth2, roles: [X, {name: Y, level: read, environment: dev}]}",
    "{kind: Skill, name: A, implies: B, learn: \"https://example.com\"}",
    "{kind: Scenario, name: A, router: P1, triggers: [code, {change: load, route: [P1, P2]}]}",
    "{kind: Decision, finding: {rule: x, subject: {skill: y}, object: z}, action: Accept, until: 2027-01-01}",
    "{kind: Catalog, roles: {Reader: read}, rules: {a-rule: off, b-rule: false}, persona_count: {min: 3}}",
];

#[test]
fn short_forms_are_judged_alike() {
    let both = Both::new();
    for text in GOOD {
        let document: Value = serde_yaml::from_str(text).expect("YAML");
        // One of them states a field that a persona has not.
        let expected = if text.contains("environment: }") { (false, false) } else { (true, true) };
        assert_eq!(both.valid(&document), expected, "{text}");
        assert_eq!(problems(text).is_empty(), expected.0, "{text}");
    }
}

/// What a schema cannot say, or does not: name, document, whether the schema takes it, whether the reader of
/// one file does, whether the whole catalog does.
const DIFFERENCES: [(&str, &str, bool, bool, bool); 13] = [
    (
        "a word of a vocabulary that the catalog sets",
        "{kind: Persona, name: A, component_access: {B: {level: no-level, environments: nowhere}}}",
        true,
        true,
        false,
    ),
    (
        "a level of a skill beyond those of the catalog",
        "{kind: Persona, name: A, skills: {skill: B, level: 9}}",
        true,
        true,
        false,
    ),
    ("two steps of one id", "{kind: Process, name: A, steps: [a, a]}", true, true, false),
    (
        "a step that the process has not",
        "{kind: Process, name: A, steps: [{name: a, next: b}]}",
        true,
        true,
        false,
    ),
    ("more environments than are counted", "MANY", true, true, false),
    ("a second catalog", "kind: Catalog\n---\nkind: Catalog\n", true, true, false),
    ("a whole number with a point", "{kind: Catalog, persona_count: {min: 5.0}}", true, false, false),
    (
        "a whole number beyond 64 bits",
        "{kind: Catalog, persona_count: {min: 18446744073709551615}}",
        true,
        false,
        false,
    ),
    (
        "a short grant of which the only names are one's own",
        "{kind: Persona, name: A, component_access: [{x-a: 1, x-b: 2}]}",
        true,
        false,
        false,
    ),
    (
        "a ligature that folds to letters",
        "{kind: Persona, name: A, component_access: {B: {mode: \"\u{fb06}anding\"}}}",
        false,
        true,
        true,
    ),
    ("a document of another tool", "{kind: Deployment, name: A}", false, true, true),
    ("a document without a kind", "{name: A}", false, true, true),
    ("a document that is no mapping", "[a, b]", false, true, true),
];

#[test]
fn what_differs_is_known_and_is_just_that() {
    let both = Both::new();
    for (name, text, schema, reader, catalog) in DIFFERENCES {
        let many = format!(
            "{{kind: Catalog, environments: [{}]}}",
            (0..200).map(|place| format!("e{place}")).collect::<Vec<_>>().join(", ")
        );
        let text = if text == "MANY" { many.as_str() } else { text };
        let valid = serde_yaml::Deserializer::from_str(text).all(|document| {
            let document: Value = serde::Deserialize::deserialize(document).expect("YAML");
            both.any.is_valid(&document)
        });
        assert_eq!(valid, schema, "the schema, of {name}");
        assert_eq!(problems(text).is_empty(), reader, "the reader, of {name}");
        let whole = persona_workbench::catalog::build(persona_workbench::catalog::Input {
            folder: "x".to_owned(),
            path: "x".to_owned(),
            files: vec![parse_text("catalog.yaml", text).into()],
            problems: Vec::new(),
        });
        let clean = whole.problems.iter().all(|problem| problem.level == Level::Note);
        assert_eq!(clean, catalog, "the catalog, of {name}: {:?}", whole.problems);
    }
    // What YAML knows and JSON does not is read before any schema sees it.
    assert!(!problems("{kind: Team, name: A, name: B}").is_empty(), "a field twice");
    assert!(problems("{kind: Team, <<: {name: A}}").is_empty(), "a merge key");
    assert!(!problems("{kind: Personn, name: A}").is_empty(), "a misspelt kind");
    assert!(!both.any.is_valid(&json!({ "kind": "Personn", "name": "A" })));
}

/// A document made of choices; each number is one, and no more of them means the first.
struct Choices<'c>(std::slice::Iter<'c, u16>);

impl Choices<'_> {
    fn of(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % count
    }

    fn value(&mut self) -> Value {
        let all = values();
        let place = self.of(all.len());
        all[place].clone()
    }

    fn word(&mut self) -> Value {
        json!(["a", "P001", "Azure Storage", "", "read"][self.of(5)])
    }

    fn mapping(&mut self, mapping: &Mapping, depth: usize) -> Map<String, Value> {
        let mut own = minimal(mapping);
        for field in mapping.fields.iter().filter(|field| field.name != "kind") {
            match self.of(8) {
                1..=3 => own.insert(field.name.to_owned(), self.field(field, depth)),
                4 if self.of(6) == 1 => own.insert(field.name.to_owned(), self.value()),
                5 if self.of(30) == 1 => own.remove(field.name),
                _ => None,
            };
        }
        match self.of(24) {
            1 => own.insert("unknown".into(), self.value()),
            2 => own.insert("x-own".into(), self.value()),
            3 => own.insert("notes".into(), self.value()),
            _ => None,
        };
        own
    }

    fn field(&mut self, field: &Field, depth: usize) -> Value {
        match field.takes {
            Takes::Anything => self.value(),
            Takes::Text => self.word(),
            Takes::Name => json!("a name"),
            Takes::Choice(words) => {
                let word = words[self.of(words.len())];
                json!([word.to_owned(), word.to_uppercase(), format!(" {word}\t")][self.of(3)])
            }
            Takes::Whole => json!(self.of(20)),
            Takes::Share => json!([0.5, 1.0, 2.0][self.of(3)]),
            Takes::Flag => json!(self.of(2) == 1),
            Takes::Day => json!(["2026-11-23", " 2028-02-29"][self.of(2)]),
            Takes::Length => json!(["1h", "PT8H", "2 days 3h", "1.5H"][self.of(4)]),
            Takes::SkillLevel => [json!(3), json!("proficient")][self.of(2)].clone(),
            Takes::One(forms) => self.form(forms, depth),
            Takes::WordsOr(mapping) if self.of(2) == 1 => Value::Object(self.mapping(mapping, depth)),
            Takes::WordsOr(_) => self.word(),
            Takes::List(forms) => match self.of(4) {
                0 => self.form(forms, depth),
                count => (0..count).map(|_| self.form(forms, depth)).collect(),
            },
        }
    }

    fn form(&mut self, forms: &[Form], depth: usize) -> Value {
        if depth > 4 {
            return json!("deep");
        }
        let form = forms[self.of(forms.len())];
        let levels = |choices: &mut Self| match choices.of(4) {
            0 => json!({ "a": "read", "b": null }),
            1 => json!({ "a": "read", "notes": 5 }),
            _ => json!({ "a": "write" }),
        };
        match form {
            Form::Word => self.word(),
            Form::Name => json!("some name"),
            Form::Map(mapping) => Value::Object(self.mapping(mapping, depth + 1)),
            Form::Access(mapping) => {
                let mut own = self.mapping(mapping, depth + 1);
                match self.of(4) {
                    0 => Value::Object(own),
                    1 => json!({ "Azure": self.word() }),
                    2 => json!({ "Azure": [self.word(), self.word()] }),
                    _ => {
                        own.remove("component");
                        json!({ "Azure": own })
                    }
                }
            }
            Form::Levels | Form::Severities => levels(self),
            Form::Entity => json!({ "skill": self.word() }),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_documents_are_judged_alike(numbers in prop::collection::vec(any::<u16>(), 0..300)) {
        thread_local! {
            static BOTH: Both = Both::new();
        }
        let mut choices = Choices(numbers.iter());
        let kind = Kind::ALL[choices.of(Kind::ALL.len())];
        let mut card = choices.mapping(mapping_of(kind), 0);
        let document = if choices.of(4) == 1 {
            json!({ "kind": format!("{}List", kind.word()), "items": [card] })
        } else {
            card.insert("kind".into(), json!(kind.word()));
            Value::Object(card)
        };
        BOTH.with(|both| both.same(&document));
    }
}

#[test]
fn random_documents_are_good_and_bad() {
    let mut counts = [0, 0];
    let mut state = 1_u64;
    for _ in 0..400 {
        let numbers: Vec<u16> = (0..120)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as u16
            })
            .collect();
        let mut choices = Choices(numbers.iter());
        let kind = Kind::ALL[choices.of(Kind::ALL.len())];
        let mut card = choices.mapping(mapping_of(kind), 0);
        card.insert("kind".into(), json!(kind.word()));
        counts[usize::from(problems(&yaml(&Value::Object(card))).is_empty())] += 1;
    }
    assert!(counts[0] > 80 && counts[1] > 80, "{counts:?}");
}

#[test]
fn the_cards_of_the_example_and_of_a_new_catalog_are_valid() {
    let both = Both::new();
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in [
        "personas",
        "personas/cards",
        "personas/components",
        "personas/processes",
        "personas/scenarios",
        "assets/starter",
        "assets/templates",
    ] {
        let entries = std::fs::read_dir(top.join(folder)).expect("a folder");
        files.extend(
            entries
                .map(|entry| entry.expect("an entry").path())
                .filter(|path| path.extension().is_some_and(|end| end == "yaml")),
        );
    }
    assert!(files.len() > 25);
    for path in files {
        let text = std::fs::read_to_string(&path).expect("text");
        for document in serde_yaml::Deserializer::from_str(&text) {
            let document: Value = serde::Deserialize::deserialize(document).expect("YAML");
            let errors: Vec<String> =
                both.any.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        }
    }
}

/// Set `UPDATE_SCHEMAS` to write them.
#[test]
fn the_published_schemas_are_those_that_the_command_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/schema/cards");
    let mut names = Vec::new();
    for subject in Subject::all() {
        let name = format!("{}-1.json", subject.word());
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join(&name), schema_text(subject)).expect("written");
        }
        let published = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert!(
            published == schema_text(subject),
            "{name} is stale: UPDATE_SCHEMAS=1 cargo test --test schema"
        );
        assert!(jsonschema::meta::is_valid(&schema(subject)), "{name}");
        names.push(name);
    }
    let there: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(there.len(), names.len(), "{there:?}");
}

fn persona(arguments: &[&str], folder: &Path) -> (i32, String, String) {
    let mut command = assert_cmd::Command::cargo_bin("persona").expect("the program");
    let output = command.args(arguments).current_dir(folder).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

/// What the first line of every document says where the schema is, seen from the file.
fn schemas_of(path: &Path) -> Vec<std::path::PathBuf> {
    let text = std::fs::read_to_string(path).expect("text");
    let documents = text.split("\n---\n").count();
    let named: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# yaml-language-server: $schema="))
        .map(|named| path.parent().expect("a folder").join(named))
        .collect();
    assert_eq!(named.len(), documents, "each document is read by itself: {text}");
    named
}

#[test]
fn a_new_catalog_tells_an_editor_where_the_schema_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let top = folder.path();
    assert_eq!(persona(&["init", "team/personas"], top).0, 0);
    let root = top.join("team/personas");
    std::fs::create_dir(root.join("cards")).expect("a folder");
    assert_eq!(persona(&["new", "persona", "Ana's part", "--into", "team/personas"], top).0, 0);
    assert_eq!(persona(&["new", "skill", "SQL"], &root).0, 0);
    let own = std::fs::read_to_string(root.join(".persona/schema.json")).expect("the schema");
    assert_eq!(own, persona(&["schema"], top).1);
    let cards = [root.join("cards/P003-anas-part.yaml"), root.join("cards/P003-ana-s-part.yaml")];
    let card = cards.iter().find(|path| path.exists()).expect("the card, in the folder of cards");
    for path in [root.join("catalog.yaml"), root.join("team.yaml"), root.join("sql.yaml"), card.clone()] {
        for schema in schemas_of(&path) {
            let found =
                schema.canonicalize().unwrap_or_else(|_| panic!("{} leads nowhere", schema.display()));
            assert_eq!(found, root.join(".persona/schema.json").canonicalize().expect("it"));
        }
    }
    let (code, out, _) = persona(&["check", "team/personas", "--strict", "--fail-on", "critical"], top);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn a_catalog_without_a_schema_gets_no_line_and_can_get_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let top = folder.path();
    std::fs::write(top.join("catalog.yaml"), "kind: Catalog\n").expect("a file");
    assert_eq!(persona(&["new", "team", "One"], top).0, 0);
    assert!(!std::fs::read_to_string(top.join("one.yaml")).expect("text").contains("yaml-language-server"));
    let (code, out, _) = persona(&["schema", "--save"], top);
    assert_eq!((code, out.contains("was written")), (0, true), "{out}");
    assert!(persona(&["schema", "--save"], top).1.contains("is up to date"));
    assert_eq!(persona(&["new", "team", "Two"], top).0, 0);
    assert_eq!(schemas_of(&top.join("two.yaml")).len(), 1);
    std::fs::write(top.join(".persona/schema.json"), "{}").expect("an old one");
    assert!(persona(&["schema", "--save"], top).1.contains("was written"));
}

#[test]
fn the_command_knows_each_kind_and_says_what_it_does_not() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for subject in Subject::all() {
        let (code, out, _) = persona(&["schema", &subject.word()], here);
        assert_eq!((code, out.as_str()), (0, schema_text(subject).as_str()));
    }
    let (code, _, error) = persona(&["schema", "compnent"], here);
    assert_eq!((code, error.contains("did you mean component?")), (64, true), "{error}");
    assert_eq!(persona(&["schema", "persona", "--save"], here).0, 64);
    assert_eq!(persona(&["schema", "--in", "personas"], here).0, 64);
}
