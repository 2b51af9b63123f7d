//! Matrices: the command as a user types it, and the screen as it is drawn, driven by keys.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;

use assert_cmd::Command;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use persona_workbench::analysis::Analysis;
use persona_workbench::analysis::matrix::{Kind, State};
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::{Effect, Message};
use persona_workbench::tui::model::{Layer, Model, Screen};
use persona_workbench::tui::theme::{Depth, THEMES, Theme};
use persona_workbench::tui::update::update;
use serde_json::Value;

use common::{analysis_of_text, drawn, example};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
const KINDS: [&str; 5] = ["components", "processes", "skills", "people", "interactions"];

/// Runs the program; a catalog from a text, or the example.
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
        .arg("matrix")
        .args(arguments)
        .args(["--in", &path, "--at", "2026-11-23"])
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn json(catalog: Option<&str>, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    let (code, out, err) = run(catalog, &all);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("JSON")
}

/// Names that a spreadsheet, a browser, a terminal or Markdown would take for more than names.
const EVIL: &str = "kind: PersonaList
items:
  - id: =HYPERLINK(\"http://x\")
    name: '@SUM(1+1)*cmd|x'
    component_access: [{component: '<script>alert(1)</script>', level: write, environments: [prod]}]
  - id: \"-2+3\\e[31m\"
    name: \"a|b `c` \\\"d\\\" & 'e'\"
    component_access: [{component: '+Store,\"x\"', level: read}]
";

#[test]
fn every_kind_prints_the_example_in_every_format() {
    let schema: Value =
        serde_json::from_str(include_str!("../assets/schema/matrix-1.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    for kind in KINDS {
        for catalog in [None, Some(""), Some(EVIL)] {
            for more in [&[][..], &["--transpose"], &["--cluster", "--empty"], &["--sort", "gaps", "a"]] {
                let mut arguments = vec![kind];
                arguments.extend(more);
                let report = json(catalog, &arguments);
                let errors: Vec<String> =
                    validator.iter_errors(&report).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{kind}: {errors:#?}");
            }
            for format in ["terminal", "plain", "markdown", "csv", "html"] {
                let (code, out, err) = run(catalog, &[kind, "--format", format]);
                assert_eq!((code, err.as_str()), (0, ""), "{kind} {format}");
                assert!(!out.contains('\u{1b}'), "{kind} {format} lets an escape through");
            }
        }
    }
}

#[test]
fn the_numbers_of_the_json_are_those_of_its_cells() {
    let report = json(None, &["components"]);
    let cells = report["cells"].as_array().expect("cells");
    let wrong = cells.iter().filter(|cell| cell["wrong"] == true).count();
    assert_eq!(report["total"]["cells"], cells.len());
    assert_eq!(report["total"]["wrong"], wrong);
    let place = |side: &str, id: &str| {
        let all = report[side].as_array().expect("a side");
        all.iter().position(|line| line["id"] == id).unwrap_or_else(|| panic!("{id} is in {side}"))
    };
    let cell = |row: &str, column: &str| {
        let (row, column) = (place("rows", row), place("columns", column));
        cells.iter().find(|cell| cell["row"] == row && cell["column"] == column).expect("a cell")
    };
    let vault = cell("P006", "Azure Key Vault");
    assert_eq!(
        (&vault["state"], &vault["left"], &vault["right"]),
        (&"unneeded".into(), &"read".into(), &Value::Null)
    );
    assert_eq!(vault["findings"][0]["rule"], "unneeded-access");
    assert!(vault["facts"][0]["location"]["line"].as_u64().is_some_and(|line| line > 1));
    assert_eq!(cell("P009", "Azure Machine Learning")["state"], "conditional");
    assert_eq!(cell("P007", "Azure Machine Learning")["state"], "missing");
    assert_eq!(report["left_out"]["columns"], 19);
    // In dev only, what is in prod only is not there.
    let dev = json(None, &["components", "--environment", "dev"]);
    let rows = dev["rows"].as_array().expect("rows");
    assert!(!rows.iter().any(|row| row["id"] == "P012"), "P012 is granted nothing in dev");
}

#[test]
fn each_finding_about_access_is_a_wrong_cell() {
    let check = Command::cargo_bin("persona")
        .expect("the program")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", "personas", "--format", "json", "--at", "2026-11-23"])
        .output()
        .expect("it runs");
    let check: Value = serde_json::from_slice(&check.stdout).expect("JSON");
    let rules = ["excess-level", "excess-tools", "missing-access", "unneeded-access", "unneeded-environment"];
    let mut counted = 0;
    for finding in check["findings"].as_array().expect("findings") {
        if !rules.iter().any(|rule| finding["rule"] == *rule) || finding["decision"] != Value::Null {
            continue;
        }
        counted += 1;
        let mut arguments = vec!["components"];
        if let Some(environment) = finding["environment"].as_str() {
            arguments.extend(["--environment", environment]);
        }
        let report = json(None, &arguments);
        let place = |side: &str, id: &Value| {
            report[side].as_array().and_then(|all| all.iter().position(|line| line["id"] == *id))
        };
        let (row, column) =
            (place("rows", &finding["subject"]["id"]), place("columns", &finding["object"]["id"]));
        let cell = report["cells"].as_array().expect("cells").iter().find(|cell| {
            cell["row"].as_u64() == row.map(|row| row as u64)
                && cell["column"].as_u64() == column.map(|column| column as u64)
        });
        let state = cell.map_or("none", |cell| cell["state"].as_str().unwrap_or_default());
        assert!(
            ["too-high", "unneeded", "missing", "too-low", "unsure"].contains(&state),
            "{}: {state}",
            finding["message"]
        );
    }
    assert!(counted >= 10, "{counted}");
}

#[test]
fn a_spreadsheet_takes_nothing_for_a_formula() {
    let (_, out, _) = run(Some(EVIL), &["components", "--format", "csv"]);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        for cell in &record.expect("a record") {
            cells += 1;
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '|', '%']), "{cell}");
        }
    }
    assert!(cells > 10);
    assert!(out.contains("'=HYPERLINK") && out.contains("'+Store"), "{out}");
}

#[test]
fn a_page_is_whole_and_takes_nothing_for_markup() {
    let (_, out, _) = run(Some(EVIL), &["components", "--format", "html"]);
    assert!(!out.contains("<script") && out.contains("&lt;script&gt;"), "{out}");
    for foreign in ["http://", "https://", "<link", "<img", "@import", "url("] {
        assert!(!out.replace("http://x&quot;", "").contains(foreign), "{foreign}");
    }
    assert!(out.contains("prefers-color-scheme: dark") && out.contains("scope=\"row\""));
    let (_, out, _) = run(Some(EVIL), &["components", "--format", "markdown"]);
    let tables: Vec<&str> = out.lines().filter(|line| line.starts_with('|')).collect();
    let pipes = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(tables.iter().all(|line| pipes(line) == pipes(tables[0])), "{out}");
}

#[test]
fn wrong_words_get_a_clear_answer() {
    let (code, _, err) = run(None, &["components", "--environment", "prd"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("there is no environment prd; did you mean prod?") && err.contains("dev, stage, prod"),
        "{err}"
    );
    let (code, _, err) = run(None, &["components", "--by", "Python"]);
    assert!(code == 2 && err.contains("in no row and no column"), "{err}");
    let (code, _, err) = run(None, &["componts"]);
    assert!(code == 64 && err.contains("components"), "{err}");
    let (code, out, _) = run(None, &["components", "zzz"]);
    assert!(code == 0 && out.contains("Nothing matches the filter."), "{out}");
    for (catalog, kind, hint) in [
        ("", "components", "persona new persona"),
        ("", "people", "persona new person NAME"),
        ("kind: Persona\nname: Ana\n", "components", "--empty"),
    ] {
        let (code, out, _) = run(Some(catalog), &[kind]);
        assert!(code == 0 && out.contains(hint), "{out}");
    }
}

#[test]
fn terminal_blocks_fit_the_width_and_ascii_is_ascii() {
    for kind in KINDS {
        let (_, out, _) = run(None, &[kind, "--empty"]);
        for line in out.lines().filter(|line| !line.starts_with("9 rows") && !line.starts_with("8 rows")) {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 100, "{kind}: {line}");
        }
        let (_, out, _) = run(None, &[kind, "--ascii"]);
        assert!(out.is_ascii(), "{kind}: {out}");
    }
    insta::assert_snapshot!(
        "matrix-terminal",
        run(None, &["components", "type:agent", "--environment", "prod"]).1
    );
    insta::assert_snapshot!("matrix-plain", run(None, &["processes", "P009", "--plain"]).1);
}

// The screen.

struct Bench {
    model: Model,
    effects: Vec<Effect>,
}

impl Bench {
    fn new(analysis: Arc<Analysis>, size: (u16, u16)) -> Self {
        Self::with_theme(analysis, size, Theme::new("none", Depth::None, false))
    }

    fn with_theme(analysis: Arc<Analysis>, size: (u16, u16), theme: Theme) -> Self {
        let (keys, _) = KeyMap::new(&[]);
        let mut model = Model::new(theme, keys, None, size);
        update(&mut model, Message::Loaded(0, analysis));
        let mut bench = Self { model, effects: Vec::new() };
        bench.press("3");
        bench
    }

    /// Presses keys; `^` is Enter, `$` Esc.
    fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.chars() {
            let code = match key {
                '^' => KeyCode::Enter,
                '$' => KeyCode::Esc,
                letter => KeyCode::Char(letter),
            };
            let effects = update(&mut self.model, Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
            self.effects.extend(effects);
        }
        self
    }

    fn mouse(&mut self, kind: MouseEventKind, x: u16, y: u16, at: u64) -> &mut Self {
        let event = MouseEvent { kind, column: x, row: y, modifiers: KeyModifiers::NONE };
        let effects = update(&mut self.model, Message::Mouse(event, at));
        self.effects.extend(effects);
        self
    }

    fn draw(&self) -> String {
        drawn(&self.model)
    }

    fn shows(&self, text: &str) -> bool {
        self.draw().contains(text)
    }

    /// Moves to the first cell of a state.
    fn to(&mut self, state: State) -> &mut Self {
        let rows = self.model.matrix.view.rows.len();
        let columns = self.model.matrix.view.columns.len();
        self.press("gg");
        for _ in 0..columns {
            self.press("h");
        }
        for row in 0..rows {
            for column in 0..columns {
                let matrix = self.model.matrix.matrix.clone().expect("a matrix");
                if self.model.matrix.view.cell(&matrix, row, column).is_some_and(|cell| cell.state == state) {
                    self.press(&"j".repeat(row));
                    self.press(&"l".repeat(column));
                    assert_eq!(self.model.matrix.cell().map(|cell| cell.state), Some(state));
                    return self;
                }
            }
        }
        panic!("no cell is {state:?}")
    }
}

#[test]
fn the_screen_at_every_size() {
    for size in SIZES {
        let mut bench = Bench::new(example(), size);
        insta::assert_snapshot!(format!("matrix-{}x{}", size.0, size.1), bench.draw());
        bench.press("C[");
        insta::assert_snapshot!(format!("matrix-dense-{}x{}", size.0, size.1), bench.draw());
        bench.press("]C").to(State::Unneeded).press("^");
        insta::assert_snapshot!(format!("matrix-why-{}x{}", size.0, size.1), bench.draw());
    }
}

#[test]
fn every_kind_is_one_key_further() {
    let mut bench = Bench::new(example(), (120, 40));
    for kind in Kind::ALL {
        assert_eq!(bench.model.matrix.kind, kind);
        insta::assert_snapshot!(format!("matrix-{}", kind.word()), bench.draw());
        bench.press("v");
    }
    assert_eq!(bench.model.matrix.kind, Kind::Components);
}

#[test]
fn empty_screens_say_what_to_do() {
    for size in SIZES {
        let mut bench = Bench::new(analysis_of_text(""), size);
        assert!(bench.shows("There are no personas yet."), "{}", bench.draw());
        bench.press("vvv");
        assert!(bench.shows("There are no people yet."), "{}", bench.draw());
        bench.press("^CxsLH=0[]oGgg");
        let _ = bench.draw();
        let mut bench = Bench::new(example(), size);
        bench.press("/zzz^");
        assert!(bench.shows("Nothing matches \"zzz\". Esc clears the filter."), "{}", bench.draw());
        bench.press("$");
        assert!(bench.shows("P001"), "{}", bench.draw());
    }
    let mut bench = Bench::new(analysis_of_text("kind: Persona\nname: Ana\n"), (120, 40));
    assert!(bench.shows("No cell has anything in it."), "{}", bench.draw());
    bench.press("0v");
    assert!(bench.model.matrix.options.empty);
}

#[test]
fn a_cell_says_why_and_leads_on() {
    let mut bench = Bench::new(example(), (120, 40));
    bench.to(State::Missing).press("^");
    assert!(bench.shows("needed, not granted") && bench.shows("missing"), "{}", bench.draw());
    bench.press("$");
    assert!(bench.model.layers.is_empty() && bench.model.screen == Screen::Matrix);

    bench.press("^5");
    assert_eq!(bench.model.screen, Screen::Gaps);
    let analysis = bench.model.analysis.clone().expect("data");
    let rule = bench.model.gaps.finding(&analysis).map(|finding| finding.rule.id);
    assert_eq!(rule, Some("missing-access"));

    bench.press("3^2");
    assert_eq!(bench.model.screen, Screen::Graph);
    assert!(bench.shows("[path]") && bench.shows(" 1. "), "{}", bench.draw());

    bench.press("3^1");
    assert_eq!(bench.model.screen, Screen::Cards);
    assert!(bench.model.cards.view.as_ref().is_some_and(|view| view.id == "P007"));

    bench.press("3^E");
    assert!(
        matches!(bench.effects.as_slice(), [Effect::Edit(file, line)] if file.ends_with(".yaml") && *line > 1)
    );
    // The keys of a list move among what can be gone to; enter goes there.
    bench.press("$").to(State::Unneeded).press("^^");
    assert!(
        matches!(bench.effects.as_slice(), [_, Effect::Edit(..)]),
        "the first line is a fact: {}",
        bench.draw()
    );
    bench.press("G");
    assert!(matches!(bench.model.layers.last(), Some(Layer::Cell { chosen, .. }) if *chosen >= 3));
    // n leads to the gap of the cell also without asking why first.
    bench.press("$n");
    assert_eq!(bench.model.screen, Screen::Gaps);
    let rule = bench.model.gaps.finding(&analysis).map(|finding| finding.rule.id);
    assert_eq!(rule, Some("unneeded-access"));
}

#[test]
fn keys_sort_cluster_turn_and_narrow_and_keep_the_selection() {
    let mut bench = Bench::new(example(), (120, 40));
    bench.to(State::TooHigh);
    let selected = bench.model.matrix.selected().expect("a cell");
    for key in ["s", "s", "s", "s", "s", "C", "C", "=", "[", "]", "0", "0"] {
        bench.press(key);
        assert_eq!(bench.model.matrix.selected(), Some(selected), "{key}");
    }
    bench.press("x");
    assert_eq!(bench.model.matrix.selected(), Some((selected.1, selected.0)));
    assert_eq!(bench.model.matrix.pair(), Some(selected));
    bench.press("x/state:too-high^");
    assert!(bench.shows("filter: state:too-high") && bench.shows("1 × 1"), "{}", bench.draw());
    assert_eq!(bench.model.matrix.selected(), Some(selected));
    bench.press("$o");
    assert!(bench.shows("in dev"), "{}", bench.draw());
    assert_eq!(bench.model.context.environment, Some(0));
    bench.press("ooo");
    assert!(bench.shows("all environments"), "{}", bench.draw());
}

#[test]
fn the_selection_survives_a_reload_also_where_numbers_change() {
    const TEXT: &str = "kind: PersonaList\nitems:\n  - {id: B, component_access: [X: read, Y: read]}\n  - {id: C, component_access: [Y: write]}\n";
    let mut bench = Bench::new(analysis_of_text(TEXT), (120, 40));
    bench.press("jl");
    let named = |bench: &Bench| {
        let analysis = bench.model.analysis.clone().expect("data");
        let (row, column) = bench.model.matrix.selected().expect("a cell");
        (analysis.catalog.id(row).into_owned(), analysis.catalog.id(column).into_owned())
    };
    assert_eq!(named(&bench), ("C".into(), "Y".into()));
    update(&mut bench.model, Message::Changed);
    let more = TEXT.replace("items:\n", "items:\n  - {id: A, component_access: [W: read]}\n");
    update(&mut bench.model, Message::Loaded(1, analysis_of_text(&more)));
    assert_eq!(named(&bench), ("C".into(), "Y".into()));
    assert_eq!(bench.model.matrix.view.rows.len(), 3);
    // What was selected is gone: the selection stays in the list.
    update(&mut bench.model, Message::Changed);
    update(
        &mut bench.model,
        Message::Loaded(2, analysis_of_text("kind: Persona\nid: A\ncomponent_access: [W: read]\n")),
    );
    assert_eq!(named(&bench), ("A".into(), "W".into()));
}

#[test]
fn the_mouse_selects_opens_and_scrolls() {
    let mut bench = Bench::new(example(), (120, 40));
    let shape = persona_workbench::tui::screens::matrix::shape(&bench.model);
    let click = MouseEventKind::Down(MouseButton::Left);
    let (x, y) = (shape.cells.x + 2 * shape.cell + 1, shape.cells.y + 4);
    bench.mouse(click, x, y, 0);
    assert_eq!((bench.model.matrix.row.row, bench.model.matrix.column.row), (4, 2));
    bench.mouse(click, x, y, 100);
    assert!(matches!(bench.model.layers.last(), Some(Layer::Cell { .. })));
    // The explanation covers the matrix; a click beside it closes it.
    bench.mouse(click, 0, 39, 5_000);
    assert!(bench.model.layers.is_empty());
    bench.mouse(MouseEventKind::ScrollRight, x, y, 6_000);
    assert_eq!(bench.model.matrix.column.row, 3);
    bench.mouse(MouseEventKind::ScrollUp, x, y, 6_100);
    assert_eq!(bench.model.matrix.row.row, 1);
    let people = bench.draw().lines().nth(2).and_then(|line| line.find("people")).expect("the kinds");
    bench.mouse(click, u16::try_from(people).expect("a column"), 2, 7_000);
    assert_eq!(bench.model.matrix.kind, Kind::People);
}

#[test]
fn signs_are_the_same_in_every_theme_and_ascii_is_ascii() {
    let plain = Bench::new(example(), (120, 40)).draw();
    for name in THEMES {
        for depth in [Depth::Sixteen, Depth::Cube, Depth::True] {
            let bench = Bench::with_theme(example(), (120, 40), Theme::new(name, depth, false));
            assert_eq!(bench.draw(), plain, "{name}");
        }
    }
    for keys in ["", "v", "vv", "vvv", "vvvv", "[", "C", "x", "^", "?", "/zz"] {
        for size in SIZES {
            let mut bench = Bench::with_theme(example(), size, Theme::new("none", Depth::None, true));
            bench.press(keys);
            let drawn = bench.draw();
            assert!(
                drawn.is_ascii(),
                "{keys}: {:?}",
                drawn.chars().filter(|c| !c.is_ascii()).collect::<String>()
            );
        }
    }
}

#[test]
fn any_size_any_key_and_any_name_draw_something_safe() {
    for catalog in [example(), analysis_of_text(EVIL), analysis_of_text("")] {
        for (width, height) in [
            (1, 1),
            (20, 5),
            (39, 9),
            (40, 10),
            (60, 15),
            (99, 30),
            (100, 30),
            (159, 45),
            (160, 45),
            (300, 100),
        ] {
            let mut bench = Bench::new(catalog.clone(), (120, 40));
            for keys in [
                "", "G", "lllll", "[", "LLL", "C", "x", "v", "]", "v", "=", "v", "0", "^", "jj", "$", "v",
                "s",
            ] {
                bench.press(keys);
                update(&mut bench.model, Message::Resize(width, height));
                let drawn = bench.draw();
                assert!(!drawn.chars().any(|c| c.is_control() && c != '\n'), "{keys}");
            }
        }
    }
}

#[test]
fn a_thousand_personas_scroll_to_the_last_cell() {
    let items: String = (0..1_000)
        .map(|n| {
            format!(
                "  - {{id: P{n:04}, component_access: [C{:03}: read, C{:03}: write]}}\n",
                n % 300,
                n * 7 % 300
            )
        })
        .collect();
    let mut bench = Bench::new(analysis_of_text(&format!("kind: PersonaList\nitems:\n{items}")), (120, 40));
    bench.press("G");
    assert!(bench.shows("P0999") && bench.shows("1000 × 300"), "{}", bench.draw());
    for _ in 0..300 {
        bench.press("l");
    }
    assert!(bench.shows("of 300") && !bench.shows("›"), "{}", bench.draw());
    assert_eq!(bench.model.matrix.column.row, 299);
    bench.press("C");
    assert_eq!(
        bench.model.matrix.selected().map(|(row, _)| row),
        bench.model.matrix.pair().map(|(row, _)| row)
    );
}
