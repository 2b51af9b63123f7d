//! Cards of small catalogs, a line a value: `glyph text: detail`.

use super::{card_view, subtitle};
use crate::analysis::Analysis;
use crate::analysis::testing::analysis;
use crate::catalog::EntityKind;

const TEAM: &str = "
kind: Persona
id: P1
name: Ana
team: Blue
primary_interaction: [Bot, Ghosts]
component_access:
  - {component: Store, level: write, environments: [prod], mode: jit}
  - {component: Store, level: read, environments: [dev]}
  - {component: Vault, level: read, environments: [dev]}
processes: [Work]
skills: [PySpark, Poetry]
---
kind: Persona
name: Bot
type: agent
team: Blue
---
kind: Process
name: Work
steps:
  - name: go
    uses:
      - {component: Store, level: read, environments: [dev]}
      - {component: Store, level: read, environments: [prod]}
      - {component: Queue, level: write, environments: [dev]}
    skills: [Python, Rust]
---
kind: Skill
name: PySpark
implies: [Python]
---
kind: Person
name: Kim
personas: [{persona: Bot, context: nights}]
skills: [Rust]
";

/// The values of a field of an entity's card.
fn field(analysis: &Analysis, entity: &str, title: &str) -> Vec<String> {
    let found = analysis.catalog.find(entity);
    let view = card_view(analysis, *found.first().expect("an entity"));
    let field = view.fields.iter().find(|field| field.title == title);
    let values = field.map_or(&[][..], |field| field.values.as_slice()).iter();
    values.map(|value| format!("{} {}: {}", value.mark.glyph(false), value.text, value.detail)).collect()
}

#[test]
fn each_grant_is_marked_by_what_is_said_of_it_and_what_is_missing_stands_beside() {
    let analysis = analysis(TEAM);
    assert_eq!(
        field(&analysis, "P1", "Component access"),
        [
            "▲ Store: write in prod, jit",
            "✓ Store: read in dev",
            "✗ Vault: read in dev",
            "○ Queue: needs write in dev",
        ]
    );
}

#[test]
fn a_skill_counts_for_what_it_implies() {
    let analysis = analysis(TEAM);
    assert_eq!(
        field(&analysis, "P1", "Skills"),
        ["✓ PySpark: ", "◌ Poetry: ", "○ Rust: asked for by go (Work / go)"]
    );
    let view = card_view(&analysis, analysis.catalog.find("P1")[0]);
    let skills = view.fields.iter().find(|field| field.title == "Skills").expect("a field");
    assert_eq!(skills.values[0].why, ["It implies Python, which go (Work / go) asks for."]);
    assert_eq!(
        field(&analysis, "skill:Python", "Who has it"),
        ["✓ Ana (P1): through PySpark"],
        "the skill's own card says the same"
    );
    assert_eq!(field(&analysis, "skill:Rust", "Who lacks it"), ["○ Ana (P1): go (Work / go) asks for it"]);
}

#[test]
fn who_is_not_there_is_a_ghost() {
    let analysis = analysis(TEAM);
    assert_eq!(field(&analysis, "P1", "People"), ["○ nobody: "]);
    assert_eq!(field(&analysis, "Bot", "People"), ["· Kim: nights"]);
    assert_eq!(field(&analysis, "Bot", "Answers to"), ["○ no human: "]);
    assert_eq!(field(&analysis, "Bot", "Monitored by"), ["○ nobody else: "]);
    assert_eq!(field(&analysis, "P1", "Primary interaction"), ["· Bot: ", "? Ghosts: "]);
}

#[test]
fn a_component_says_who_may_who_needs_and_each_use() {
    let analysis = analysis(TEAM);
    assert_eq!(
        field(&analysis, "component:Store", "Used by"),
        ["· Work / go: read in dev", "· Work / go: read in prod"]
    );
    assert_eq!(
        field(&analysis, "component:Store", "Who may and who needs"),
        ["▲ Ana (P1): has write in prod, jit; read in dev; needs read in dev; read in prod"]
    );
    assert_eq!(
        field(&analysis, "component:Queue", "Who may and who needs"),
        ["○ Ana (P1): has nothing; needs write in dev"]
    );
}

#[test]
fn every_kind_has_a_card_with_and_without_a_declaration() {
    let analysis = analysis(TEAM);
    let catalog = &analysis.catalog;
    for (word, expected) in [
        ("P1", "human of Blue"),
        ("Bot", "agent of Blue"),
        ("process:Work", "process"),
        ("Work / go", "step in any environment"),
        ("component:Store", "component, without a card"),
        ("PySpark", "skill"),
        ("Python", "skill, without a card"),
        ("Blue", "team, without a card"),
        ("Kim", "person, 100 % of a week"),
    ] {
        let entity = *catalog.find(word).first().unwrap_or_else(|| panic!("{word}"));
        assert_eq!(subtitle(catalog, entity), expected, "{word}");
        let view = card_view(&analysis, entity);
        assert_eq!(view.subtitle, expected, "{word}");
        assert_ne!(view.kind, EntityKind::Name, "{word}");
        let empty = view.fields.iter().find(|field| field.values.is_empty());
        assert!(empty.is_none(), "{word}: {empty:?}");
    }
}
