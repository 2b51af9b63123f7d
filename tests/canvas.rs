//! The canvas of the graph as it is drawn, driven by keys and mouse, without a terminal.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use persona_workbench::analysis::Analysis;
use persona_workbench::layout::graph::gather::Item;
use persona_workbench::layout::picture::Zoom;
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::{Effect, Message};
use persona_workbench::tui::model::{Model, Screen};
use persona_workbench::tui::screens::graph::canvas::Wanted;
use persona_workbench::tui::screens::graph::{Projection, State};
use persona_workbench::tui::theme::{Depth, THEMES, Theme};
use persona_workbench::tui::update::update;
use persona_workbench::tui::widgets::picture::Job;

use common::{analysis_of_text, drawn, example};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Six personas of a team, with more skills than a small picture shows one by one.
fn many_skills() -> Arc<Analysis> {
    let skills: Vec<String> = (0..90).map(|n| format!("Skill {n:02}")).collect();
    analysis_of_text(&format!(
        "kind: Persona\nid: P1\nname: Ana\nteam: Blue\nskills: [{}]\n---\nkind: Persona\nid: P2\nname: Bo\nteam: Blue\n",
        skills.join(", ")
    ))
}

struct Bench {
    model: Model,
    /// Drawings that were asked for and are not made yet.
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
        bench
    }

    /// The canvas around a persona.
    fn around(analysis: Arc<Analysis>, word: &str, size: (u16, u16)) -> Self {
        let mut bench = Self::new(analysis, size);
        bench.press(&format!("/{word}^2v"));
        bench
    }

    /// Lets something happen; what is to be drawn waits.
    fn only(&mut self, message: Message) {
        for effect in update(&mut self.model, message) {
            if let Effect::Draw(job) = effect {
                self.jobs.push(*job);
            }
        }
    }

    /// Makes the drawings that wait.
    fn work(&mut self) {
        for job in std::mem::take(&mut self.jobs) {
            let drawing = Arc::new(job.draw());
            self.only(Message::Drawn(job.number, drawing));
        }
    }

    fn send(&mut self, message: Message) {
        self.only(message);
        self.work();
    }

    /// Presses keys, each followed by what it asks for: `^` is Enter, `$` Esc, `#` Tab.
    fn press(&mut self, keys: &str) -> &mut Self {
        for letter in keys.chars() {
            self.send(Message::Key(key(letter)));
        }
        self
    }

    fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16, at: u64) {
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        self.send(Message::Mouse(event, at));
    }

    fn state(&self) -> &State {
        &self.model.graph
    }

    fn selected(&self) -> String {
        let analysis = self.model.analysis.as_ref().expect("data");
        match self.state().canvas.item().expect("a selected box") {
            Item::One(entity) => analysis.catalog.label(*entity),
            Item::Folded(kind, entities) => format!("+{} {}", entities.len(), kind.plural()),
        }
    }

    fn draw(&self) -> String {
        drawn(&self.model)
    }

    fn shows(&self, text: &str) -> bool {
        self.draw().contains(text)
    }
}

fn key(letter: char) -> KeyEvent {
    let code = match letter {
        '^' => KeyCode::Enter,
        '$' => KeyCode::Esc,
        '#' => KeyCode::Tab,
        other => KeyCode::Char(other),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

#[test]
fn the_canvas_at_every_size() {
    let analysis = example();
    for size in SIZES {
        let mut bench = Bench::around(analysis.clone(), "P010", size);
        insta::assert_snapshot!(format!("canvas-{}x{}", size.0, size.1), bench.draw());
        bench.press("lj");
        insta::assert_snapshot!(format!("canvas-moved-{}x{}", size.0, size.1), bench.draw());
    }
}

#[test]
fn it_is_drawn_elsewhere_and_the_old_picture_stays_until_the_new_is_there() {
    let mut bench = Bench::around(example(), "P010", (160, 50));
    let old = bench.state().canvas.drawing.clone().expect("a drawing");
    bench.only(Message::Key(key(']')));
    bench.only(Message::Key(key(']')));
    assert_eq!(bench.jobs.len(), 2, "nothing is drawn while a key is handled");
    let still = bench.state().canvas.drawing.clone().expect("the old drawing");
    assert!(Arc::ptr_eq(&old, &still));
    assert!(bench.shows("drawing…"), "{}", bench.draw());
    let (last, first) = (bench.jobs.pop().expect("the last"), bench.jobs.pop().expect("the first"));
    let three = last.draw();
    let boxes = three.picture.nodes.len();
    bench.only(Message::Drawn(last.number, Arc::new(three)));
    bench.only(Message::Drawn(first.number, Arc::new(first.draw())));
    let shown = bench.state().canvas.drawing.clone().expect("a drawing");
    assert_eq!(shown.picture.nodes.len(), boxes, "an answer to an older question is dropped");
    assert!(!bench.shows("drawing…"));
    // What is drawn already is not asked for again.
    bench.only(Message::Key(key('j')));
    assert!(bench.jobs.is_empty());
}

#[test]
fn keys_walk_along_lines_and_to_the_next_box() {
    let mut bench = Bench::around(example(), "P010", (200, 60));
    assert_eq!(bench.selected(), "Dev Router Agent (P010)");
    bench.press("l");
    assert_eq!(bench.selected(), "Automated agent routing");
    assert!(bench.shows("takes part in Automated"), "the line one came along is explained: {}", bench.draw());
    bench.press("h");
    assert_eq!(bench.selected(), "Dev Router Agent (P010)");
    bench.press("h");
    assert!(["CI/CD change routing", "Engineering Team"].contains(&bench.selected().as_str()));
    bench.press("lk");
    assert_ne!(bench.selected(), "Dev Router Agent (P010)", "k goes to the box above");
    let before = bench.selected();
    bench.press("#");
    assert_ne!(bench.selected(), before);
    // A full stop makes it the focus, Enter opens its card, and one comes back.
    bench.press(".");
    let analysis = bench.model.analysis.clone().expect("data");
    let focus = bench.state().focus.expect("a focus");
    assert_eq!(analysis.catalog.label(focus), bench.selected());
    bench.press("^");
    assert_eq!(bench.model.screen, Screen::Cards);
    bench.press("2");
    assert_eq!(bench.state().projection, Projection::Canvas);
}

#[test]
fn hops_zoom_layers_overlay_and_context_change_the_picture() {
    let mut bench = Bench::around(example(), "P011", (200, 60));
    let boxes = |bench: &Bench| bench.state().canvas.drawing.as_ref().expect("a drawing").picture.nodes.len();
    let size = |bench: &Bench| {
        let drawing = bench.state().canvas.drawing.clone().expect("a drawing");
        (drawing.picture.width, drawing.picture.height)
    };
    let one = boxes(&bench);
    bench.press("]");
    let two = boxes(&bench);
    assert!(two > one && bench.shows("2 hops"));
    bench.press("]]");
    assert!(bench.shows("everything") && boxes(&bench) >= two);
    bench.press("[[[[");
    assert_eq!(boxes(&bench), one);
    let full = size(&bench);
    bench.press("-");
    assert!(bench.shows("by kind, names") && size(&bench).1 < full.1);
    bench.press("--");
    assert_eq!(bench.state().canvas.zoom, Some(Zoom::Dots));
    assert!(size(&bench).0 * 2 < full.0 && !bench.shows("P010 Dev Router"));
    bench.press("++s");
    assert!(bench.shows("by rank, boxes"));
    assert_eq!(boxes(&bench), one);
    bench.press("so");
    assert!(bench.shows("access, 1 hop") && boxes(&bench) < one, "{}", bench.draw());
    bench.press("ooo");
    assert_eq!(boxes(&bench), one);
    // P011's grants hold up to medium risk: at high risk what it is granted is missing.
    let heavy = |bench: &Bench| bench.shows("more than is needed");
    assert!(heavy(&bench));
    let mut context = bench.model.context.clone();
    context.risk = Some(persona_workbench::catalog::Level(2));
    bench.model.context = context;
    bench.press("j");
    assert!(bench.shows("at high risk"), "{}", bench.draw());
    let drawing = bench.state().canvas.drawing.clone().expect("a drawing");
    let granted = |wire: &persona_workbench::layout::picture::Wire| {
        wire.relations.contains(&persona_workbench::graph::Relation::IsGranted)
            && drawing.picture.nodes[wire.from].entity == bench.state().focus
    };
    assert!(!drawing.picture.wires.iter().any(granted));
}

#[test]
fn more_than_fits_is_folded_and_unfolds() {
    let mut bench = Bench::around(many_skills(), "P1", (200, 60));
    let items = bench.state().canvas.drawing.clone().expect("a drawing").items.clone();
    assert!(items.iter().any(|item| matches!(item, Item::Folded(_, entities) if entities.len() == 67)));
    while !bench.selected().starts_with('+') {
        let before = bench.selected();
        bench.press("#");
        assert_ne!(bench.selected(), before, "the folded skills are never reached");
    }
    assert!(
        bench.shows("+67 skills") && bench.shows("67 skills, which enter shows: Skill"),
        "{}",
        bench.draw()
    );
    bench.press("^");
    assert_eq!(bench.model.screen, Screen::Graph, "it unfolds in place");
    assert!(bench.selected().starts_with("Skill"), "{}", bench.selected());
    let drawing = bench.state().canvas.drawing.clone().expect("a drawing");
    assert_eq!(drawing.items.iter().filter(|item| matches!(item, Item::Folded(..))).count(), 0);
    assert_eq!(drawing.picture.nodes.len(), 92);
}

#[test]
fn new_data_keeps_what_is_selected_and_never_shows_one_thing_as_another() {
    let text = "kind: PersonaList\nitems:\n  - {id: P1, name: Ana, team: Blue, skills: [Rust]}\n  - {id: P2, name: Bo, team: Blue}\n";
    let mut bench = Bench::around(analysis_of_text(text), "P1", (160, 50));
    bench.press("l");
    assert_eq!(bench.selected(), "Rust");
    // Before what was there comes something new, so that all numbers change.
    let more = text.replace("items:\n", "items:\n  - {id: P0, name: New, team: Blue, skills: [Awk, Bash]}\n");
    for effect in update(&mut bench.model, Message::Changed) {
        assert!(matches!(effect, Effect::Load(..)));
    }
    let revision = bench.model.revision;
    bench.only(Message::Loaded(revision, analysis_of_text(&more)));
    assert_eq!(bench.selected(), "Rust", "in the old picture");
    bench.work();
    assert_eq!(bench.selected(), "Rust", "in the new one");
    assert!(!bench.shows("Awk"), "one hop from P1");
}

#[test]
fn the_mouse_selects_scrolls_and_drags() {
    let mut bench = Bench::around(example(), "P010", (120, 40));
    bench.press("]]]");
    let at = |bench: &Bench| bench.state().canvas.at;
    let before = at(&bench);
    bench.mouse(MouseEventKind::ScrollDown, 40, 20, 0);
    assert_eq!(at(&bench).y, before.y + 3);
    bench.mouse(MouseEventKind::Down(MouseButton::Left), 60, 20, 1_000);
    let held = at(&bench);
    bench.mouse(MouseEventKind::Drag(MouseButton::Left), 50, 15, 1_050);
    assert_eq!((at(&bench).x, at(&bench).y), (held.x + 10, held.y + 5));
    bench.mouse(MouseEventKind::Up(MouseButton::Left), 50, 15, 1_100);
    bench.mouse(MouseEventKind::Drag(MouseButton::Left), 40, 10, 1_150);
    assert_eq!((at(&bench).x, at(&bench).y), (held.x + 10, held.y + 5), "what is let go stays");
    // A click on a box selects it, a second one opens its card.
    let mut bench = Bench::around(example(), "P010", (160, 50));
    let drawn = bench.draw();
    let (row, line) =
        drawn.lines().enumerate().find(|(_, line)| line.contains("▤ Engineering Team")).expect("the team");
    let place = line[..line.find("▤ Engineering").expect("its name")].chars().count();
    let (x, y) = (u16::try_from(place).expect("small"), u16::try_from(row).expect("small"));
    bench.mouse(MouseEventKind::Down(MouseButton::Left), x, y, 5_000);
    assert_eq!(bench.selected(), "Engineering Team");
    bench.mouse(MouseEventKind::Down(MouseButton::Left), x, y, 5_100);
    assert_eq!(bench.model.screen, Screen::Cards);
}

#[test]
fn every_theme_draws_the_same_and_ascii_is_ascii() {
    let analysis = example();
    let plain = Bench::around(analysis.clone(), "P010", (120, 40)).draw();
    for name in THEMES {
        for depth in [Depth::Sixteen, Depth::Cube, Depth::True] {
            let mut bench = Bench::with_theme(analysis.clone(), (120, 40), Theme::new(name, depth, false));
            bench.press("/P010^2v");
            assert_eq!(bench.draw(), plain, "{name}");
        }
    }
    for keys in ["", "]", "]]]-", "--", "s", "h"] {
        let mut bench = Bench::with_theme(analysis.clone(), (120, 40), Theme::new("none", Depth::None, true));
        bench.press("/P010^2v").press(keys);
        let drawn = bench.draw();
        assert!(drawn.is_ascii(), "{keys}: {drawn}");
        assert!(drawn.contains("... missing") && drawn.contains("=== more"), "{keys}: {drawn}");
    }
}

#[test]
fn any_size_and_any_keys_draw_something() {
    let (example, many) = (example(), many_skills());
    for (width, height) in
        [(1, 1), (20, 5), (39, 9), (40, 10), (60, 15), (99, 30), (100, 30), (159, 45), (160, 45), (300, 100)]
    {
        for analysis in [&example, &many] {
            let mut bench = Bench::new(analysis.clone(), (120, 40));
            bench.press("2v");
            for keys in
                ["", "hjkl", "]", "+", "-", "-", "s", "o", "z", "G", "LLHH", "v", "vvvv", "[[", "ggG", "$"]
            {
                bench.press(keys);
                bench.send(Message::Resize(width, height));
                let _ = bench.draw();
            }
        }
    }
}

#[test]
fn the_selection_goes_along_from_projection_to_projection() {
    let mut bench = Bench::around(example(), "P010", (160, 50));
    bench.press("l");
    let selected = bench.state().selected();
    bench.press("v");
    assert_eq!((bench.state().projection, bench.state().selected()), (Projection::Tree, selected));
    bench.press("vvv");
    assert_eq!(bench.state().projection, Projection::Neighbours);
    bench.press("jj");
    let selected = bench.state().selected();
    bench.press("v");
    assert_eq!((bench.state().projection, bench.state().selected()), (Projection::Canvas, selected));
}

#[test]
fn a_search_selects_what_it_finds_and_can_be_taken_back() {
    let mut bench = Bench::around(example(), "P010", (200, 60));
    bench.press("]]]/azure");
    assert!(bench.shows("1 of "), "{}", bench.draw());
    assert!(bench.selected().contains("Azure"), "{}", bench.selected());
    let first = bench.selected();
    bench.press("^#");
    assert!(bench.selected().contains("Azure") && bench.selected() != first, "{}", bench.selected());
    bench.press("/ registry");
    assert_eq!(bench.selected(), "Azure Container Registry");
    bench.press(" zzz");
    assert!(bench.shows("nothing is called that here"), "{}", bench.draw());
    bench.press("$");
    assert!(bench.shows("filter: azure"), "Esc takes back what was typed: {}", bench.draw());
    bench.press("$");
    assert!(!bench.shows("filter:") && bench.shows("boxes,"), "{}", bench.draw());
}
