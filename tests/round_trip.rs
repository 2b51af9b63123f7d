//! What is exported with all cards comes back the same: as JSON, CSV, Markdown and a workbook, of the example, of
//! generated catalogs, and of random cards with every field and hostile words.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::card::edit::card_text;
use persona_workbench::card::fields::{Field, Form, Mapping, Takes, mapping_of};
use persona_workbench::card::kinds::Kind;
use persona_workbench::card::node::Node;
use persona_workbench::card::parse_text;
use persona_workbench::catalog::{Catalog, Input, build};
use persona_workbench::exchange::cards::json::Card;
use persona_workbench::exchange::cards::losses::losses;
use persona_workbench::exchange::cards::{Written, cards};
use persona_workbench::exchange::import::draft::{CardFields, Reading};
use persona_workbench::exchange::import::merge::{Outcome, Overwrite, plan};
use persona_workbench::exchange::import::words::Vocabulary;
use persona_workbench::exchange::import::{FORMATS, JSON_SCHEMA, Source, finish, guess};
use persona_workbench::exchange::sheets::{card_sheets, derived};
use persona_workbench::exchange::{csv, markdown, xlsx};
use persona_workbench::store;
use proptest::prelude::*;

type Files = Vec<(String, Vec<u8>)>;
type Export = fn(&Analysis) -> Files;

/// The formats that carry all cards.
const ROUND: [(&str, Export); 4] =
    [("csv", as_csv), ("json", as_json), ("markdown", as_markdown), ("xlsx", as_xlsx)];

fn as_csv(analysis: &Analysis) -> Files {
    let cards = cards(&analysis.catalog);
    let sheets = card_sheets(&cards).into_iter().chain(derived::sheets(analysis));
    sheets
        .map(|sheet| (format!("{}.csv", sheet.file), csv::text(&sheet).expect("a text").into_bytes()))
        .collect()
}

fn as_markdown(analysis: &Analysis) -> Files {
    let pages = markdown::pages(analysis, &cards(&analysis.catalog));
    pages.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

fn as_xlsx(analysis: &Analysis) -> Files {
    let cards = cards(&analysis.catalog);
    let sheets: Vec<_> = card_sheets(&cards).into_iter().chain(derived::sheets(analysis)).collect();
    let (bytes, cut) = xlsx::workbook("x", &sheets).expect("a workbook");
    assert_eq!(cut, Vec::<String>::new());
    vec![("team.xlsx".to_owned(), bytes)]
}

#[derive(serde::Serialize)]
struct Document<'c> {
    schema: &'static str,
    cards: Vec<Card<'c>>,
}

fn as_json(analysis: &Analysis) -> Files {
    let cards = cards(&analysis.catalog);
    let document = Document { schema: JSON_SCHEMA, cards: cards.iter().map(Card::from).collect() };
    vec![("team.json".to_owned(), serde_json::to_vec(&document).expect("JSON"))]
}

fn catalog_of(files: Vec<(String, String)>) -> Catalog {
    let files = files.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    build(Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() })
}

fn analysis(catalog: Catalog) -> Analysis {
    Analysis::of(Arc::new(catalog), date(2026, 11, 23))
}

fn read(name: &str, files: &Files, into: &Catalog) -> Reading {
    let words = Vocabulary::of(into);
    let format = FORMATS.iter().find(|format| format.name == name).expect("a format");
    let mut reading = Reading::default();
    for (path, bytes) in files {
        let source = Source { path, bytes };
        assert_eq!(guess(&source).map(|format| format.name), Some(name), "{path}");
        reading.extend((format.read)(&source, &words));
    }
    finish(&mut reading, &words);
    reading
}

/// The catalog that an import into an empty folder makes.
fn again(name: &str, files: &Files) -> Catalog {
    let empty = catalog_of(Vec::new());
    let mut reading = read(name, files, &empty);
    assert_eq!(reading.unread, Vec::new(), "{name}: something was not understood");
    let plan = plan(&empty, std::mem::take(&mut reading.drafts), &Overwrite::Nothing);
    empty.after(&plan.edits).expect("cards can be written")
}

fn by_kind(cards: Vec<Written>) -> BTreeMap<&'static str, Vec<CardFields>> {
    let mut out: BTreeMap<&'static str, Vec<CardFields>> = BTreeMap::new();
    for card in cards {
        out.entry(card.kind.word()).or_default().push(sorted(card.fields));
    }
    out
}

/// Fields that no table knows have no order.
fn sorted(mut fields: CardFields) -> CardFields {
    fields.sort_by(|left, right| left.0.cmp(&right.0));
    fields
}

fn findings(analysis: &Analysis) -> Vec<String> {
    let mut out: Vec<String> = analysis.findings.iter().map(|finding| finding.message.clone()).collect();
    out.sort();
    out
}

fn same_through_all(catalog: Catalog) {
    let first = analysis(catalog);
    let expected = by_kind(cards(&first.catalog));
    for (name, export) in ROUND {
        let files = export(&first);
        let second = analysis(again(name, &files));
        let errors: Vec<_> = second.catalog.real_problems().collect();
        let before = first.catalog.real_problems().count();
        assert!(errors.len() <= before, "{name}: {errors:?}");
        assert_eq!(by_kind(cards(&second.catalog)), expected, "{name}");
        assert_eq!(findings(&second), findings(&first), "{name}");
        // A second import finds nothing to do.
        let mut reading = read(name, &files, &second.catalog);
        let plan = plan(&second.catalog, std::mem::take(&mut reading.drafts), &Overwrite::Nothing);
        let news: Vec<_> = plan.cards.iter().filter(|card| !matches!(&card.outcome, Outcome::Known { added, differs } if added.is_empty() && differs.is_empty())).collect();
        assert!(plan.edits.is_empty() && news.is_empty(), "{name}: {news:?}");
    }
}

fn loaded(folder: &Path) -> Catalog {
    let root = store::find(Some(folder), folder).expect("a catalog");
    let loaded = store::load(&root).expect("its files");
    build(Input { folder: loaded.folder, path: "x".into(), files: loaded.files, problems: loaded.problems })
}

#[test]
fn the_example_comes_back() {
    same_through_all(loaded(&Path::new(env!("CARGO_MANIFEST_DIR")).join("personas")));
}

#[test]
fn a_generated_catalog_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().join("made");
    let out = Command::new(env!("CARGO_BIN_EXE_persona"))
        .args(["generate", "--personas", "60", "--seed", "7"])
        .arg(&at)
        .output()
        .expect("it runs");
    assert!(out.status.success());
    same_through_all(loaded(&at));
}

#[test]
fn short_forms_and_odd_cards_come_back() {
    let text = r#"
kind: Catalog
name: "=Team"
environments: [lab, live]
access_levels: [see, do]
roles: {Viewer: see, Doer: do, Guest: }
rules: {standing-agent-access: off, one-way-interaction: low}
separation_of_duties: [{name: build, duties: [Build, {component: Store, level: do}], max: 1}]
persona_count: {min: 1}
notes: {a: [1, 2.5, true, null]}
---
kind: PersonaList
items:
  - Bare
  - {name: "Full, (of) signs; and: more", type: agent, component_access: [Store, {Vault: see}, {Hub: [Viewer, Own role]}, {Lab: {environment: lab, x-cost: 3}}, {component: Desk, roles: Doer, phase: test, reason: "a; level: do"}], override: {by: Bare, how: "pull, the plug"}, identity: abc, skills: ["- dash", "a (level: 3)", {skill: Go, level: 2}, {skill: SQL, level: expert}], "x-mine": "'=1"}
  - {name: "\e[31mred\u202e", description: "two\nlines\n", team: "  blanks  "}
---
kind: Process
name: Build
phases: [test]
steps:
  - plain
  - {id: s2, name: "two words", environments: lab, uses: [{Store: do}, {component: Vault, tools: [a, b]}], performers: [Bare, {persona: Bare, level: see}], next: [plain, {process: Build, step: s2}, {process: Build}], notes: [x]}
---
kind: Component
name: Store
tools: {run: do, look: see, other: }
roles: [Own role, {name: Keeper, level: do, environments: [lab]}]
alternatives: [{component: Vault, removes: [Go, SQL]}]
---
kind: Skill
name: Go
learn: ["https://example.com/a", A book, {title: T}, {title: T, url: "https://example.com/b"}, {url: "https://example.com/c"}]
---
kind: Person
name: Ana
active: false
allocation: 1.0
personas: [Bare, {persona: Bare, context: "until (May)"}]
---
kind: Scenario
name: Change
router: Bare
triggers: [{change: code, phase: test, route: [Bare, Bare]}, anything, {phase: test}]
---
kind: Decision
finding: {rule: missing-skill, subject: Bare, object: {skill: Go}, environments: [live]}
action: accept
until: 2027-02-01
---
kind: Decision
finding: {rule: missing-skill, subject: Bare}
action: fix
"#;
    same_through_all(catalog_of(vec![("z/cards.yaml".into(), text.to_owned())]));
}

#[test]
fn what_is_lost_is_exactly_this() {
    let text = "# a comment\nkind: Persona\nname: A # persona: ignore[isolated-persona] he works alone\n---\nkind: Persona\nname: a\nteam: Red\n---\nkind: Persona\n---\nkind: Other\nname: x\n";
    let catalog = catalog_of(vec![("a.yaml".into(), text.to_owned())]);
    assert_eq!(
        losses(&catalog, &cards(&catalog)),
        [
            "a.yaml:3: the comment that ignores a finding there; a Decision card would be carried",
            "a.yaml:9: what is in error there: this card has no name, and was passed over",
            "a.yaml:5: a second persona of the name of a.yaml:2; an import makes one of the two",
            "comments and the layout of YAML, in 1 file",
        ]
    );
}

/// Words that try to be something else in some format.
const WORDS: [&str; 28] = [
    "plain",
    "two words",
    "a, b",
    "a; b",
    "a: b",
    "(x)",
    "a (level: read)",
    "=1+1",
    "'=1",
    "-",
    "- x",
    "|x|",
    "`x`",
    "**x**",
    "[x](y)",
    "<b>",
    "&amp;",
    "\u{1b}[31m",
    "\u{202e}x",
    "日本語",
    "_x001B_",
    "{a: 1}",
    "\"q\"",
    "{\"a\":1}",
    "#x",
    "~",
    "null",
    "007",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        1 => "[ -~\u{a0}-\u{ff}]{1,12}".prop_filter("a word", |word| !word.trim().is_empty()),
    ]
}

fn long() -> impl Strategy<Value = String> {
    prop_oneof![3 => word(), 1 => (word(), word()).prop_map(|(one, two)| format!("{one}\n\n{two}\n")), 1 => word().prop_map(|word| format!("  {word} "))]
}

fn text(words: impl Strategy<Value = String> + 'static) -> BoxedStrategy<Node> {
    words.prop_map(|word| Node::Text(word.into())).boxed()
}

fn value(field: &'static Field, depth: u8) -> BoxedStrategy<Node> {
    match field.takes {
        Takes::Anything => prop_oneof![
            text(long()),
            Just(Node::Int(3)),
            Just(Node::List(vec![Node::Bool(true), Node::Map(vec![("a".into(), Node::Float(1.5))])])),
        ]
        .boxed(),
        Takes::Text => text(long()),
        Takes::Name => text(word()),
        Takes::Choice(words) => text(prop::sample::select(words).prop_map(str::to_owned)),
        Takes::Whole => (1_i64..9).prop_map(Node::Int).boxed(),
        Takes::Share => prop_oneof![Just(Node::Int(1)), Just(Node::Float(0.25))].boxed(),
        Takes::Flag => any::<bool>().prop_map(Node::Bool).boxed(),
        Takes::Day => Just(Node::Text("2026-10-01".into())).boxed(),
        Takes::Length => Just(Node::Text("1h 30m".into())).boxed(),
        Takes::SkillLevel => prop_oneof![Just(Node::Int(2)), Just(Node::Text("expert".into()))].boxed(),
        Takes::One(forms) => item(forms, depth),
        Takes::List(forms) => prop::collection::vec(item(forms, depth), 1..4).prop_map(Node::List).boxed(),
        Takes::WordsOr(mapping) => {
            prop_oneof![prop::collection::vec(text(word()), 1..3).prop_map(Node::List), map(mapping, depth)]
                .boxed()
        }
    }
}

fn item(forms: &'static [Form], depth: u8) -> BoxedStrategy<Node> {
    let all: Vec<BoxedStrategy<Node>> = forms
        .iter()
        .map(|form| match form {
            Form::Word | Form::Name => text(word()),
            Form::Map(mapping) | Form::Access(mapping) => map(mapping, depth),
            Form::Levels => prop::collection::btree_map(word(), text(word()), 1..3)
                .prop_map(|map| Node::Map(map.into_iter().map(|(key, value)| (key.into(), value)).collect()))
                .boxed(),
            Form::Severities => {
                Just(Node::Map(vec![("missing-skill".into(), Node::Text("low".into()))])).boxed()
            }
            Form::Entity => text(word()).prop_map(|name| Node::Map(vec![("skill".into(), name)])).boxed(),
        })
        .collect();
    prop::strategy::Union::new(all).boxed()
}

type Entry = (Box<str>, Node);

fn map(mapping: &'static Mapping, depth: u8) -> BoxedStrategy<Node> {
    let fields: Vec<BoxedStrategy<Option<Entry>>> = mapping
        .fields
        .iter()
        .filter(|field| field.name != "kind" && depth < 4)
        .map(|field| {
            let own = value(field, depth + 1).prop_map(|node| Some((Box::from(field.name), node)));
            let needed = field.required || mapping.one_of.first() == Some(&field.name);
            if needed { own.boxed() } else { prop_oneof![2 => Just(None), 1 => own].boxed() }
        })
        .collect();
    let extra =
        prop::option::weighted(0.1, word().prop_map(|word| ("x-own".into(), Node::Text(word.into()))));
    (fields, extra)
        .prop_map(|(fields, extra)| Node::Map(fields.into_iter().flatten().chain(extra).collect()))
        .boxed()
}

fn card(kind: Kind) -> BoxedStrategy<(Kind, CardFields)> {
    map(mapping_of(kind), 0)
        .prop_map(move |node| match node {
            Node::Map(fields) => (kind, fields),
            _ => (kind, Vec::new()),
        })
        .boxed()
}

/// Cards of all kinds in files, each with a name of its own.
fn catalog() -> impl Strategy<Value = Vec<(String, String)>> {
    let kinds = prop::sample::select(&Kind::ALL[1..]).prop_flat_map(card);
    (card(Kind::Catalog), prop::collection::vec((kinds, 0_usize..3), 1..7)).prop_map(|(settings, others)| {
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (_, mut fields) = settings;
        // What is not read is not carried; and what a setting cannot mean is for other tests.
        fields.retain(|(key, _)| &**key != "exclude");
        files.entry("catalog.yaml".into()).or_default().push(card_text("Catalog", &fields));
        for (place, ((kind, mut fields), file)) in others.into_iter().enumerate() {
            fields.retain(|(key, _)| !matches!(&**key, "id" | "aliases"));
            if kind != Kind::Decision {
                for (key, value) in &mut fields {
                    if let (true, Node::Text(name)) = (&**key == "name", value) {
                        *name = format!("{} {place}", name.trim()).into();
                    }
                }
            }
            let path = format!("cards/{file}.yaml");
            files.entry(path).or_default().push(card_text(kind.word(), &fields));
        }
        files.into_iter().map(|(path, texts)| (path, texts.join("---\n"))).collect()
    })
}

#[test]
fn a_role_that_is_listed_twice_comes_back() {
    let text = "kind: Catalog\nroles:\n  - \"'=1\"\n  - \"'=1\": read\n  - Reader: write\n";
    same_through_all(catalog_of(vec![("catalog.yaml".to_owned(), text.to_owned())]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_cards_come_back(files in catalog()) {
        same_through_all(catalog_of(files));
    }
}
