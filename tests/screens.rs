//! The screens as they are drawn, driven by keys, without a terminal.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::{Effect, Message};
use persona_workbench::tui::model::{Model, Screen};
use persona_workbench::tui::theme::{Depth, THEMES, Theme};
use persona_workbench::tui::update::update;

use common::{analysis_of, drawn, example};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

struct Bench {
    model: Model,
    effects: Vec<Effect>,
}

impl Bench {
    fn new(analysis: Option<Arc<Analysis>>, size: (u16, u16)) -> Self {
        Self::with_theme(analysis, size, Theme::new("none", Depth::None, false))
    }

    fn with_theme(analysis: Option<Arc<Analysis>>, size: (u16, u16), theme: Theme) -> Self {
        let (keys, problems) = KeyMap::new(&[]);
        assert!(problems.is_empty());
        let mut model = Model::new(theme, keys, None, size);
        if let Some(analysis) = analysis {
            update(&mut model, Message::Loaded(0, analysis));
        }
        Self { model, effects: Vec::new() }
    }

    /// Presses keys: letters as they are, others in `<>`: `jj<enter>`.
    fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (code, modifiers, length) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>'))
            {
                Some((name, _)) => {
                    let (code, modifiers) = match name {
                        "enter" => (KeyCode::Enter, KeyModifiers::NONE),
                        "esc" => (KeyCode::Esc, KeyModifiers::NONE),
                        "tab" => (KeyCode::Tab, KeyModifiers::NONE),
                        "space" => (KeyCode::Char(' '), KeyModifiers::NONE),
                        "end" => (KeyCode::End, KeyModifiers::NONE),
                        "c-o" => (KeyCode::Char('o'), KeyModifiers::CONTROL),
                        "down" => (KeyCode::Down, KeyModifiers::NONE),
                        "next" => (KeyCode::Right, KeyModifiers::NONE),
                        "c-c" => (KeyCode::Char('c'), KeyModifiers::CONTROL),
                        "right" => (KeyCode::Right, KeyModifiers::ALT),
                        other => panic!("no key {other}"),
                    };
                    (code, modifiers, name.len() + 2)
                }
                None => (KeyCode::Char(first), KeyModifiers::NONE, first.len_utf8()),
            };
            let effects = update(&mut self.model, Message::Key(KeyEvent::new(code, modifiers)));
            self.effects.extend(effects);
            rest = &rest[length..];
        }
        self
    }

    fn click(&mut self, x: u16, y: u16, at: u64) -> &mut Self {
        let kind = MouseEventKind::Down(MouseButton::Left);
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
}

const SMALL: &str = "kind: Catalog
name: Small
---
kind: PersonaList
items:
  - id: P1
    name: Ana
    section: Build
    team: Blue
    color: '#336699'
    primary_interaction: [Bot, Nobody]
    component_access:
      - {component: Store, level: write, environments: [dev, prod]}
      - {component: Vault, level: read, environments: [dev]}
    processes: [Work]
    skills: [Rust]
  - id: P2
    name: Bot
    type: agent
    section: Build
    team: Blue
    primary_interaction: [Ana]
    processes: [Work]
---
kind: Process
name: Work
steps:
  - name: do it
    environments: [dev]
    uses:
      - Store: read
    skills: [Rust, SQL]
    performers: [P1]
---
kind: ComponentList
items: [Store, Vault]
---
kind: SkillList
items: [Rust, SQL]
---
kind: Team
name: Blue
";

fn small() -> Arc<Analysis> {
    analysis_of(&[("a.yaml", SMALL)])
}

#[test]
fn cards_at_every_size() {
    for size in SIZES {
        let mut bench = Bench::new(Some(small()), size);
        insta::assert_snapshot!(format!("cards-{}x{}", size.0, size.1), bench.draw());
        bench.press("<enter>jjj");
        insta::assert_snapshot!(format!("card-{}x{}", size.0, size.1), bench.draw());
    }
}

#[test]
fn graph_at_every_size() {
    for size in SIZES {
        let mut bench = Bench::new(Some(small()), size);
        bench.press("2");
        insta::assert_snapshot!(format!("neighbours-{}x{}", size.0, size.1), bench.draw());
        bench.press("vv");
        insta::assert_snapshot!(format!("tree-{}x{}", size.0, size.1), bench.draw());
    }
}

#[test]
fn gaps_at_every_size() {
    for size in SIZES {
        let mut bench = Bench::new(Some(small()), size);
        bench.press("5j");
        insta::assert_snapshot!(format!("gaps-{}x{}", size.0, size.1), bench.draw());
    }
}

#[test]
fn a_newcomer_finds_the_four_answers_with_the_keyboard() {
    // Who may write to Azure Machine Learning in production, and why?
    let mut bench = Bench::new(Some(example()), (120, 40));
    bench.press(":component: azure machine<enter>");
    let drawn = bench.draw();
    assert!(drawn.contains("Who may and who needs"), "{drawn}");
    assert!(drawn.contains("Build Agent MLOps (P009)"), "{drawn}");
    bench.press("jj");
    assert!(bench.shows("Deploy endpoint, blue/green (MLOps / prod-deploy) needs"), "{}", bench.draw());

    // Which skills does P007 lack, and what asks for them?
    let mut bench = Bench::new(Some(example()), (120, 40));
    bench.press("/P007<enter><enter>G");
    assert!(bench.shows("asked for by Azure Machine Learning"), "{}", bench.draw());

    // How does P010 reach Azure Container Registry?
    let mut bench = Bench::new(Some(example()), (120, 40));
    bench.press("/P010<enter>2vvo");
    assert!(bench.shows("is granted") && bench.shows("Azure Container Registry"), "{}", bench.draw());

    // Which agents answer to no human?
    let mut bench = Bench::new(Some(example()), (120, 40));
    bench.press("5/finding:unaccountable<enter>");
    assert!(bench.shows("Gaps (1)") && bench.shows("Production Monitoring Agent (P012)"), "{}", bench.draw());
}

#[test]
fn paths_between_two_marks() {
    let mut bench = Bench::new(Some(small()), (120, 40));
    bench.press("2h<space>");
    assert_eq!(bench.model.graph.marks.len(), 1);
    bench.press("l");
    while !bench.model.graph.selected().is_some_and(|entity| {
        bench.model.analysis.as_ref().is_some_and(|analysis| analysis.catalog.id(entity) == "Vault")
    }) {
        bench.press("j");
    }
    bench.press("<space>");
    assert!(bench.shows("1. ● P1 Ana"), "{}", bench.draw());
    assert!(bench.shows("━━ is granted: read in dev"), "{}", bench.draw());
}

#[test]
fn filters_highlight_narrow_and_can_be_taken_back() {
    let mut bench = Bench::new(Some(small()), (120, 40));
    bench.press("/type:agent<enter>");
    assert!(bench.shows("Personas (1)") && bench.shows("filter: type:agent"));
    bench.press("<esc>");
    assert!(bench.shows("Personas (2)"));
    bench.press("/zzz");
    assert!(bench.shows("Nothing matches \"zzz\""));
    bench.press("<esc>");
    assert!(bench.shows("Personas (2)"), "Esc in the filter takes back what was typed");
}

#[test]
fn one_goes_back_to_where_one_was_with_filter_and_cursor() {
    let mut bench = Bench::new(Some(small()), (120, 40));
    bench.press("/ana<enter><enter>jjj<enter>");
    assert!(!bench.shows("filter: ana"), "{}", bench.draw());
    bench.press("<c-o>");
    assert!(bench.shows("filter: ana") && bench.shows("Personas (1)"), "{}", bench.draw());
    bench.press("<right>");
    assert!(!bench.shows("filter: ana"));
}

#[test]
fn next_gap_leads_from_any_screen_and_round() {
    let mut bench = Bench::new(Some(small()), (120, 40));
    bench.press("n");
    assert_eq!(bench.model.screen, Screen::Gaps);
    let count = bench.model.analysis.as_ref().expect("data").findings.len();
    for _ in 0..count {
        bench.press("n");
    }
    assert!(bench.model.toast.is_some() || bench.model.gaps.place().is_some());
}

#[test]
fn help_palette_and_context_lie_over_the_screen_and_own_the_keys() {
    for size in SIZES {
        let mut bench = Bench::new(Some(small()), size);
        bench.press("?");
        assert!(bench.shows("Keys here") || size.1 < 30);
        bench.press("<esc>:copy");
        insta::assert_snapshot!(format!("palette-{}x{}", size.0, size.1), bench.draw());
        bench.press("<esc>c2027-13");
        assert!(bench.shows("2027-13"));
        bench.press("<enter>");
        assert!(bench.shows("Write a day as 2027-03-31"));
        bench.press("<esc>");
        assert!(bench.model.layers.is_empty());
    }
    let mut bench = Bench::new(Some(small()), (120, 40));
    bench.press("c2027-01-31<enter>");
    assert_eq!(bench.effects, [Effect::Load(1, Some(date(2027, 1, 31)))]);
}

#[test]
fn a_paste_is_never_run_as_keys() {
    let mut bench = Bench::new(Some(small()), (120, 40));
    update(&mut bench.model, Message::Paste("q5\nq".to_owned()));
    assert!(!bench.model.leaving);
    assert_eq!(bench.model.screen, Screen::Cards);
    bench.press("/");
    update(&mut bench.model, Message::Paste("ana\nq".to_owned()));
    assert_eq!(bench.model.filter(), "ana");
}

#[test]
fn answers_to_old_questions_are_dropped_and_the_selection_stays() {
    let mut bench = Bench::new(Some(small()), (120, 40));
    bench.press("j");
    assert_eq!(bench.model.cards.view.as_ref().map(|view| view.id.as_str()), Some("P2"));
    let effects = update(&mut bench.model, Message::Changed);
    assert_eq!(effects, [Effect::Load(1, None)]);
    update(&mut bench.model, Message::Loaded(0, analysis_of(&[])));
    assert!(bench.shows("Personas (2)"), "an answer to an older question");
    let more = format!("kind: Persona\nid: P0\nname: New\nsection: Build\n---\n{SMALL}");
    update(&mut bench.model, Message::Loaded(1, analysis_of(&[("a.yaml", &more)])));
    assert!(bench.shows("Personas (3)"));
    assert_eq!(bench.model.cards.view.as_ref().map(|view| view.id.as_str()), Some("P2"));
}

#[test]
fn the_mouse_selects_opens_and_switches() {
    let mut bench = Bench::new(Some(small()), (120, 40));
    bench.click(12, 0, 0);
    assert_eq!(bench.model.screen, Screen::Graph);
    bench.click(3, 0, 1_000);
    assert_eq!(bench.model.screen, Screen::Cards);
    bench.click(10, 5, 2_000);
    assert_eq!(bench.model.cards.view.as_ref().map(|view| view.id.as_str()), Some("P2"));
    bench.click(10, 5, 2_100);
    assert!(bench.model.pane == persona_workbench::tui::model::Pane::Detail);
}

#[test]
fn what_cannot_be_done_here_says_where_and_is_not_cut() {
    let mut bench = Bench::new(Some(small()), (80, 24));
    bench.press("5w");
    assert!(bench.shows("accept the gap (waive it) until a day: only in a review"), "{}", bench.draw());
}

#[test]
fn the_editor_is_asked_for_at_the_line() {
    let mut bench = Bench::new(Some(small()), (120, 40));
    bench.press("<enter>jjjE");
    assert_eq!(bench.effects, [Effect::Edit("a.yaml".to_owned(), 13)]);
}

#[test]
fn waiting_failing_empty_and_broken_say_what_to_do() {
    for size in SIZES {
        let bench = Bench::new(None, size);
        assert!(bench.shows("reading the catalog"));
        let mut bench = Bench::new(None, size);
        update(&mut bench.model, Message::Failed(0, "there is no folder x".to_owned()));
        assert!(bench.shows("There is no catalog to show."));
        let bench = Bench::new(Some(analysis_of(&[])), size);
        assert!(bench.shows("There are no personas yet."), "{}", bench.draw());
        let mut bench = Bench::new(Some(analysis_of(&[("a.yaml", "kind: Persona\nname: [\n")])), size);
        assert_eq!(bench.model.screen, Screen::Problems);
        assert!(bench.shows("a.yaml:") && bench.shows("this is not YAML"), "{}", bench.draw());
        bench.press("<enter>");
        assert!(matches!(bench.effects.as_slice(), [Effect::Edit(file, _)] if file == "a.yaml"));
    }
}

#[test]
fn every_theme_draws_the_same_text_and_ascii_is_ascii() {
    let plain = Bench::new(Some(small()), (120, 40)).draw();
    for name in THEMES {
        for depth in [Depth::Sixteen, Depth::Cube, Depth::True] {
            let bench = Bench::with_theme(Some(small()), (120, 40), Theme::new(name, depth, false));
            assert_eq!(bench.draw(), plain, "{name}");
        }
    }
    for keys in ["", "<enter>", "2", "2vv", "5", "?", ":", "c"] {
        let mut bench = Bench::with_theme(Some(small()), (120, 40), Theme::new("none", Depth::None, true));
        bench.press(keys);
        let drawn = bench.draw();
        let foreign: String = drawn.chars().filter(|c| !c.is_ascii()).collect();
        assert!(foreign.is_empty() || foreign.chars().all(|c| c == '·'), "{keys}: {foreign:?}");
    }
}

#[test]
fn any_size_and_any_keys_draw_something() {
    let analysis = example();
    for (width, height) in
        [(1, 1), (20, 5), (39, 9), (40, 10), (60, 15), (99, 30), (100, 30), (159, 45), (160, 45), (300, 100)]
    {
        let mut bench = Bench::new(Some(analysis.clone()), (120, 40));
        for keys in [
            "", "<enter>", "jjjj", "<esc>2", "hl", "v", "]]", "v", "<space>", "5", "s", "s", "s", "!", "?",
            "<esc>", ":", "<esc>", "z",
        ] {
            bench.press(keys);
            update(&mut bench.model, Message::Resize(width, height));
            let _ = bench.draw();
        }
    }
}

#[test]
fn no_escape_sequence_of_a_card_reaches_the_screen() {
    let evil = "kind: Persona\nid: \"a\\e[31m\"\nname: \"b\\u202e\\n\\a\"\ndescription: \"\\e]0;x\\a\"\nprimary_interaction: \"\\e[2J\"\n";
    let mut bench = Bench::new(Some(analysis_of(&[("e\u{1b}.yaml", evil)])), (120, 40));
    for keys in ["", "<enter>", "2", "v", "5", "?"] {
        bench.press(keys);
        let drawn = bench.draw();
        assert!(!drawn.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{keys}");
    }
}

#[test]
fn a_thousand_personas_scroll() {
    let items: String = (0..1_000)
        .map(|n| format!("  - {{id: P{n:04}, name: Persona {n}, section: S{}}}\n", n % 7))
        .collect();
    let text = format!("kind: PersonaList\nitems:\n{items}");
    let mut bench = Bench::new(Some(analysis_of(&[("a.yaml", &text)])), (120, 40));
    bench.press("G");
    assert!(bench.shows("P0993"), "{}", bench.draw());
    bench.press("gg");
    assert!(bench.shows("P0000"));
    bench.press("/0500<enter>");
    assert!(bench.shows("P0500"));
}

#[test]
fn ctrl_c_leaves_and_q_unwinds_first() {
    let mut bench = Bench::new(Some(small()), (80, 24));
    bench.press("<enter>q");
    assert!(!bench.model.leaving, "q closes the card first");
    bench.press("q");
    assert!(bench.model.leaving);
    let mut bench = Bench::new(Some(small()), (80, 24));
    bench.press(":<c-c>");
    assert!(bench.model.leaving);
}

#[test]
fn a_context_shows_what_holds_in_it() {
    let mut bench = Bench::new(Some(example()), (120, 60));
    bench.press("/P011<enter>2");
    assert!(bench.shows("is granted (5)"), "{}", bench.draw());
    // Its grants hold up to medium risk; at high risk none does, and what it needs is missing.
    bench.press("c<down><down><next><next><next><enter>");
    assert!(bench.shows("at high risk"), "{}", bench.draw());
    assert!(!bench.shows("is granted"), "{}", bench.draw());
    assert!(bench.shows("needs (4)"), "{}", bench.draw());
    // Nor is anything of it in production.
    let mut bench = Bench::new(Some(example()), (120, 60));
    bench.press("/P011<enter>2c<next><next><next><enter>");
    assert!(
        bench.shows("in prod") && !bench.shows("is granted") && !bench.shows("needs"),
        "{}",
        bench.draw()
    );
    assert_eq!(bench.model.gaps.filter, "env:prod");
}
