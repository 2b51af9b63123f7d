//! Reach: the command as a user types it, and the projection of the graph as it is drawn.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;

use assert_cmd::Command;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use persona_workbench::analysis::Analysis;
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::Message;
use persona_workbench::tui::model::{Model, Screen};
use persona_workbench::tui::screens::graph::Projection;
use persona_workbench::tui::screens::graph::reach::Row;
use persona_workbench::tui::theme::{Depth, Theme};
use persona_workbench::tui::update::update;
use serde_json::Value;

use common::{analysis_of_text, drawn, example};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

const AGENTS: &str = "kind: PersonaList
items:
  - {id: R, name: Router, type: agent, accountable: H, invokes: [A, B], component_access: [{component: Log, level: read, environments: [prod]}]}
  - {id: A, name: Alpha, type: agent, accountable: R, invokes: [C], component_access: [{component: Store, level: write, environments: [prod], mode: jit}]}
  - {id: B, name: Beta, type: agent, accountable: P, invokes: [C]}
  - {id: C, name: Gamma, type: agent, invokes: [D], component_access: [{component: Bus, level: write, environments: [dev, prod]}, {component: Vault, level: admin}]}
  - {id: D, name: Delta, type: agent, accountable: H, component_access: [{component: Web, level: write, environments: [dev]}]}
  - {id: H, name: Human, component_access: [{component: Desk, level: write, environments: [prod]}]}
---
kind: PersonList
items: [{name: P, personas: [H, R]}]
---
kind: Skill
name: Rust
";

fn run(catalog: Option<&str>, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = match catalog {
        Some(text) => {
            std::fs::write(folder.path().join("a.yaml"), text).expect("a file");
            folder.path().to_str().expect("a path").to_owned()
        }
        None => "personas".to_owned(),
    };
    let output = Command::cargo_bin("persona")
        .expect("the program")
        .env_remove("NO_COLOR")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("reach")
        .args(arguments)
        .args(["--in", &path, "--at", "2026-11-23"])
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

#[test]
fn the_json_is_as_its_schema_says() {
    let schema: Value =
        serde_json::from_str(include_str!("../assets/schema/reach-1.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let cases = [
        (Some(AGENTS), "R"),
        (Some(AGENTS), "person:P"),
        (Some(AGENTS), "Bus"),
        (None, "P009"),
        (None, "AI Team"),
        (None, "component:Azure DevOps"),
    ];
    for (catalog, who) in cases {
        let (code, out, err) = run(catalog, &[who, "--format", "json"]);
        assert_eq!((code, err.as_str()), (0, ""), "{who}");
        let report: Value = serde_json::from_str(&out).expect("JSON");
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{who}: {errors:#?}");
    }
    let (_, out, _) = run(Some(AGENTS), &["R", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["blast"]["share"], 0.75);
    assert_eq!(report["hops"][3]["id"], "C");
    assert_eq!(report["hops"][3]["answers"], Value::Array(Vec::new()));
    assert_eq!(report["hops"][3]["via"]["location"]["line"], 4);
}

#[test]
fn people_read_who_answers_how_far_it_goes_and_what_cuts_most() {
    insta::assert_snapshot!("reach-terminal", run(Some(AGENTS), &["B"]).1);
    insta::assert_snapshot!("reach-plain", run(Some(AGENTS), &["Bus", "--plain"]).1);
    let (_, out, _) = run(Some(AGENTS), &["R", "--ascii"]);
    assert!(out.is_ascii() && out.contains("no human answers for it"), "{out}");
    assert!(out.contains("3 of the 4 components that anybody can write in prod (75 %)"), "{out}");
}

#[test]
fn what_has_no_reach_and_what_is_not_there_get_a_clear_answer() {
    let (code, _, err) = run(Some(AGENTS), &["Rust"]);
    assert!(code == 2 && err.contains("personas, people, teams and components have a reach"), "{err}");
    let (code, _, err) = run(Some(AGENTS), &["Routr"]);
    assert!(code == 2 && err.contains("did you mean Router?"), "{err}");
}

struct Bench(Model);

impl Bench {
    fn new(analysis: Arc<Analysis>, size: (u16, u16), ascii: bool) -> Self {
        let (keys, _) = KeyMap::new(&[]);
        let mut model = Model::new(Theme::new("none", Depth::None, ascii), keys, None, size);
        update(&mut model, Message::Loaded(0, analysis));
        Self(model)
    }

    /// Presses keys; `^` is Enter.
    fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.chars() {
            let code = if key == '^' { KeyCode::Enter } else { KeyCode::Char(key) };
            update(&mut self.0, Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        self
    }

    /// To the reach of what is in focus, wherever that stands among the projections.
    fn reach(&mut self) -> &mut Self {
        for _ in 0..Projection::ALL.len() {
            if self.0.graph.projection != Projection::Reach {
                self.press("v");
            }
        }
        assert_eq!(self.0.graph.projection, Projection::Reach);
        self
    }

    fn draw(&self) -> String {
        drawn(&self.0)
    }
}

#[test]
fn the_projection_at_every_size() {
    for size in SIZES {
        let mut bench = Bench::new(analysis_of_text(AGENTS), size, false);
        bench.press("2").reach().press("j");
        insta::assert_snapshot!(format!("reach-{}x{}", size.0, size.1), bench.draw());
    }
}

#[test]
fn one_walks_through_it_and_opens_what_is_reached() {
    let mut bench = Bench::new(analysis_of_text(AGENTS), (120, 40), false);
    bench.press("2").reach();
    let rows = bench.0.graph.reach.rows.clone();
    // Each hop stands below the one from whom it is reached: C below A, not below B.
    let reach = bench.0.graph.reach.reach.as_ref().expect("a reach");
    let analysis = bench.0.analysis.clone().expect("data");
    let hops: Vec<String> = rows
        .iter()
        .filter_map(|row| match row {
            Row::Hop(place) => Some(analysis.catalog.id(reach.hops[*place].entity).into_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(hops, ["R", "A", "C", "D", "B"]);
    // No heading is ever selected, up or down.
    for key in ["j", "k"] {
        for _ in 0..rows.len() {
            bench.press(key);
            let row = bench.0.graph.reach.rows[bench.0.graph.reach.cursor.row];
            assert!(!matches!(row, Row::Title(_)), "{key}");
        }
    }
    bench.press("G^");
    assert_eq!(bench.0.screen, Screen::Cards);
    // Of a component, who reaches it.
    bench.press(":component: bus^").press("2").reach();
    let drawn = bench.draw();
    assert!(drawn.contains("Who reaches it") && drawn.contains("granted to"), "{drawn}");
    assert!(drawn.contains("4 of 6 personas have write or more in prod (67 %)"), "{drawn}");
}

#[test]
fn a_skill_says_that_it_has_none_and_ascii_is_ascii() {
    for size in SIZES {
        let mut bench = Bench::new(example(), size, true);
        bench.press(":skill: python^").press("2").reach();
        let drawn = bench.draw();
        assert!(drawn.contains("have a reach"), "{drawn}");
        let mut bench = Bench::new(example(), size, true);
        bench.press(":persona: p009^").press("2").reach().press("jjjj");
        let drawn = bench.draw();
        assert!(drawn.is_ascii(), "{:?}", drawn.chars().filter(|c| !c.is_ascii()).collect::<String>());
        let mut bench = Bench::new(analysis_of_text(""), size, true);
        bench.press("2").reach().press("jG^");
        let _ = bench.draw();
    }
}
