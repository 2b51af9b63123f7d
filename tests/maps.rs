//! The maps as they are drawn, driven by keys and mouse, without a terminal.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use persona_workbench::analysis::Analysis;
use persona_workbench::catalog::Entity;
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::{Effect, Message};
use persona_workbench::tui::model::{Model, Screen};
use persona_workbench::tui::screens::maps::{Chosen, Wanted};
use persona_workbench::tui::theme::{Depth, THEMES, Theme};
use persona_workbench::tui::update::update;
use persona_workbench::tui::widgets::picture::Job;

use common::{analysis_of_text, drawn, example};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

const HOSTILE: &str = "kind: Persona\nname: \"\\e[31mA\\nB\"\ncomponent_access: [\"日本語 👩‍💻 \\u202e\"]\nprocesses: [P]\n---\nkind: Process\nname: \"P\"\nsteps:\n  - {name: \"\\e[2J日本語の手順 👩‍💻\", environments: [dev], uses: [\"日本語 👩‍💻 \\u202e\"], next: [\"\\e[2J日本語の手順 👩‍💻\", b]}\n  - {id: b, performers: [\"\\e]0;x\\a\"]}\n";

struct Bench {
    model: Model,
    jobs: Vec<Job<Wanted>>,
}

impl Bench {
    fn new(analysis: Arc<Analysis>, size: (u16, u16)) -> Self {
        Self::with_theme(analysis, size, Theme::new("none", Depth::None, false))
    }

    fn with_theme(analysis: Arc<Analysis>, size: (u16, u16), theme: Theme) -> Self {
        let (keys, _) = KeyMap::new(&[]);
        let mut bench = Self { model: Model::new(theme, keys, None, size), jobs: Vec::new() };
        bench.send(Message::Loaded(0, analysis));
        bench.press("4");
        bench
    }

    fn only(&mut self, message: Message) {
        for effect in update(&mut self.model, message) {
            if let Effect::DrawMap(job) = effect {
                self.jobs.push(*job);
            }
        }
    }

    fn send(&mut self, message: Message) {
        self.only(message);
        for job in std::mem::take(&mut self.jobs) {
            let map = Arc::new(job.draw());
            self.only(Message::MapDrawn(job.number, map));
        }
    }

    /// Presses keys: `^` is Enter, `$` Esc, `#` Tab.
    fn press(&mut self, keys: &str) -> &mut Self {
        for letter in keys.chars() {
            let code = match letter {
                '^' => KeyCode::Enter,
                '$' => KeyCode::Esc,
                '#' => KeyCode::Tab,
                other => KeyCode::Char(other),
            };
            self.send(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        self
    }

    fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16, at: u64) {
        self.send(Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }, at));
    }

    fn selected(&self) -> String {
        let analysis = self.model.analysis.as_ref().expect("data");
        self.model.maps.selected().map_or_else(String::new, |entity| analysis.catalog.label(entity))
    }

    fn draw(&self) -> String {
        drawn(&self.model)
    }

    fn shows(&self, text: &str) -> bool {
        self.draw().contains(text)
    }
}

#[test]
fn the_maps_at_every_size() {
    let analysis = example();
    for size in SIZES {
        let name = |what: &str| format!("{what}-{}x{}", size.0, size.1);
        let mut bench = Bench::new(analysis.clone(), size);
        insta::assert_snapshot!(name("process-map"), bench.draw());
        bench.press("/persona:P009^##");
        insta::assert_snapshot!(name("process-map-P009"), bench.draw());
        bench.press("$vl");
        insta::assert_snapshot!(name("architecture-map"), bench.draw());
        insta::assert_snapshot!(name("maps-hostile"), Bench::new(analysis_of_text(HOSTILE), size).draw());
        insta::assert_snapshot!(
            name("maps-empty"),
            Bench::new(analysis_of_text("kind: Catalog\n"), size).draw()
        );
    }
}

#[test]
fn a_map_is_drawn_elsewhere_and_only_the_last_answer_counts() {
    let mut bench = Bench::new(example(), (200, 60));
    bench.only(Message::Key(KeyEvent::new(KeyCode::Char('-'), KeyModifiers::NONE)));
    bench.only(Message::Key(KeyEvent::new(KeyCode::Char('+'), KeyModifiers::NONE)));
    assert_eq!(bench.jobs.len(), 2, "nothing is drawn while a key is handled");
    assert!(bench.shows("drawing…"), "{}", bench.draw());
    let old = bench.model.maps.map.clone().expect("the old map");
    let first = bench.jobs.remove(0);
    bench.only(Message::MapDrawn(first.number, Arc::new(first.draw())));
    let still = bench.model.maps.map.clone().expect("still the old map");
    assert!(Arc::ptr_eq(&old, &still), "an old answer is dropped");
    bench.press("k");
    assert!(!bench.shows("drawing…"));
}

#[test]
fn keys_follow_the_work_and_enter_opens_cards() {
    let mut bench = Bench::new(example(), (200, 60));
    assert_eq!(bench.selected(), "Data ingested, change model? (GenAIOps / dev-data)");
    bench.press("l");
    assert_eq!(bench.selected(), "Fine-tuning / RAG, prompt engineering (GenAIOps / dev-refine)");
    bench.press("l#");
    assert_eq!(bench.selected(), "GenAI Data Scientist (P006)");
    bench.press("#");
    assert_eq!(bench.selected(), "GenAI Chat Developer (P007)");
    bench.press("^");
    assert_eq!(bench.model.screen, Screen::Cards);
    assert!(matches!(bench.model.cards.entity(), Some(Entity::Persona(_))));
    bench.press("4#^");
    assert!(matches!(bench.model.cards.entity(), Some(Entity::Process(_))), "after the last badge the step");
}

#[test]
fn the_day_of_a_persona_is_walked_in_order() {
    let mut bench = Bench::new(example(), (200, 60));
    bench.press("/code from dev^f");
    assert!(bench.shows("the day of Build Agent MLOps (P009)"), "{}", bench.draw());
    bench.press("$");
    let mut steps = vec![bench.selected()];
    for _ in 0..7 {
        bench.press("#");
        steps.push(bench.selected());
    }
    let ids: Vec<&str> = steps
        .iter()
        .map(|step| step.rsplit_once(" (").map_or("", |(_, id)| id.trim_end_matches(')')))
        .collect();
    assert_eq!(
        ids,
        [
            "GenAIOps / stage-fetch",
            "GenAIOps / stage-deploy",
            "GenAIOps / prod-fetch",
            "GenAIOps / prod-deploy",
            "MLOps / stage-fetch",
            "MLOps / stage-deploy",
            "MLOps / prod-fetch",
            "MLOps / prod-deploy",
        ]
    );
    assert!(bench.shows("step 8 of 8") && bench.shows("needs write, may write"), "{}", bench.draw());
    bench.press("$");
    assert!(!bench.shows("the day of"));
}

#[test]
fn views_filters_zoom_and_context_change_the_map() {
    let mut bench = Bench::new(example(), (200, 60));
    let boxes = |bench: &Bench| bench.model.maps.map.as_ref().expect("a map").picture().nodes.len();
    let all = boxes(&bench);
    bench.press("/process:mlops^");
    assert_eq!(boxes(&bench), 10);
    bench.press("$");
    assert_eq!(boxes(&bench), all);
    let mut context = bench.model.context.clone();
    context.environment = Some(2);
    bench.model.context = context;
    bench.press("j");
    assert!(boxes(&bench) < all && !bench.shows("─ stage ─"), "{}", bench.draw());
    bench.model.context.environment = None;
    bench.press("v");
    assert_eq!(bench.model.maps.chosen, Chosen::View(0));
    assert!(bench.shows("Architecture map 1 of 2: Ingest to Analyse and report"), "{}", bench.draw());
    bench.press("v");
    assert!(bench.shows("2 of 2: Frontend to Data"));
    bench.press("v");
    assert_eq!(bench.model.maps.chosen, Chosen::Architecture);
    let wide = bench.model.maps.map.clone().expect("a map").picture().width;
    bench.press("--");
    assert!(bench.shows("badges only"));
    assert_ne!(bench.model.maps.map.clone().expect("a map").picture().width, wide);
    bench.press("v");
    assert_eq!(bench.model.maps.chosen, Chosen::Processes);
    bench.press("o");
    assert!(bench.shows("only what is wrong"));
}

#[test]
fn the_mouse_selects_steps_and_badges_and_drags() {
    let mut bench = Bench::new(example(), (200, 60));
    let drawn = bench.draw();
    let (row, line) =
        drawn.lines().enumerate().find(|(_, line)| line.contains("P006 W P007 R")).expect("two badges");
    let column = line[..line.find("P007 R").expect("the badge")].chars().count();
    let (x, y) = (u16::try_from(column).expect("small"), u16::try_from(row).expect("small"));
    bench.mouse(MouseEventKind::Down(MouseButton::Left), x, y, 1_000);
    assert_eq!(bench.selected(), "GenAI Chat Developer (P007)");
    bench.mouse(MouseEventKind::Down(MouseButton::Left), x, y, 1_100);
    assert_eq!(bench.model.screen, Screen::Cards);
    let mut bench = Bench::new(example(), (80, 24));
    let before = bench.model.maps.at;
    bench.mouse(MouseEventKind::Down(MouseButton::Left), 40, 12, 1_000);
    bench.mouse(MouseEventKind::Drag(MouseButton::Left), 30, 9, 1_050);
    assert_eq!((bench.model.maps.at.x, bench.model.maps.at.y), (before.x + 10, before.y + 3));
}

#[test]
fn every_theme_draws_the_same_and_ascii_is_ascii() {
    let analysis = example();
    let plain = Bench::new(analysis.clone(), (120, 40)).draw();
    for name in THEMES {
        for depth in [Depth::Sixteen, Depth::Cube, Depth::True] {
            let theme = Theme::new(name, depth, false);
            assert_eq!(Bench::with_theme(analysis.clone(), (120, 40), theme).draw(), plain, "{name}");
        }
    }
    for keys in ["", "v", "vv", "f", "-", "--", "o", "##"] {
        let theme = Theme::new("none", Depth::None, true);
        let mut bench = Bench::with_theme(analysis.clone(), (200, 60), theme);
        bench.press(keys);
        let drawn = bench.draw();
        assert!(drawn.is_ascii(), "{keys}: {drawn}");
    }
}

#[test]
fn any_size_and_any_keys_draw_something() {
    let hostile = analysis_of_text(HOSTILE);
    let empty = analysis_of_text("kind: Catalog\n");
    let example = example();
    for (width, height) in [(1, 1), (20, 5), (40, 10), (60, 15), (99, 30), (159, 45), (160, 45), (300, 100)] {
        for analysis in [&example, &hostile, &empty] {
            let mut bench = Bench::new(analysis.clone(), (120, 40));
            for keys in ["", "hjkl", "f#", "+", "--", "o", "v", "GLH", "vv", "gg", "$$", "^4"] {
                bench.press(keys);
                bench.send(Message::Resize(width, height));
                assert!(!bench.draw().contains('\u{1b}'));
            }
        }
    }
}

#[test]
fn new_data_keeps_what_is_selected_and_who_is_followed() {
    let text = "kind: Persona\nname: A\nprocesses: [P]\n---\nkind: Process\nname: P\nsteps: [{id: one, next: two}, {id: two}]\n";
    let mut bench = Bench::new(analysis_of_text(text), (160, 50));
    bench.press("lf");
    assert_eq!(bench.selected(), "two (P / two)");
    let more =
        format!("kind: Persona\nname: Before\n---\nkind: Process\nname: Early\nsteps: [first]\n---\n{text}");
    update(&mut bench.model, Message::Changed);
    let revision = bench.model.revision;
    bench.send(Message::Loaded(revision, analysis_of_text(&more)));
    assert_eq!(bench.selected(), "two (P / two)");
    assert!(bench.shows("the day of A"), "{}", bench.draw());
}
