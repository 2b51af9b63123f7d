//! Load, analysis, key press and frame at 10, 1,000 and 10,000 personas, beside a baseline: parsing
//! the same files with `serde_yaml` on all cores. Run by hand: `cargo bench`.
#![allow(clippy::disallowed_methods)]

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::{Bencher, black_box};
use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::card::CardFile;
use persona_workbench::catalog::{Catalog, FileChange, Input, build};
use persona_workbench::cli::formats::Shown;
use persona_workbench::cli::report::Report;
use persona_workbench::store;
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::Message;
use persona_workbench::tui::model::Model;
use persona_workbench::tui::render::render;
use persona_workbench::tui::theme::{Depth, Theme};
use persona_workbench::tui::update::update;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use rayon::prelude::*;

const SIZES: [usize; 3] = [10, 1_000, 10_000];

/// What reads all cards is also measured with ten times as many, to see that it is linear.
const MORE: [usize; 4] = [10, 1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

/// A generated catalog of a size, made once a run.
fn folder(personas: usize) -> PathBuf {
    static MADE: OnceLock<Mutex<HashMap<usize, PathBuf>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().expect("the folders");
    made.entry(personas)
        .or_insert_with(|| {
            let folder = tempfile::tempdir().expect("a folder").keep().join("catalog");
            let program = env!("CARGO_BIN_EXE_persona");
            let count = personas.to_string();
            let done = std::process::Command::new(program)
                .args(["generate", "--seed", "1", "--personas", &count])
                .arg(&folder)
                .stdout(std::process::Stdio::null())
                .status()
                .expect("the generator");
            assert!(done.success());
            folder
        })
        .clone()
}

fn texts(personas: usize) -> Vec<String> {
    loaded(personas).files.iter().map(|file| file.text.to_string()).collect()
}

fn loaded(personas: usize) -> store::Loaded {
    let folder = folder(personas);
    let root = store::find(Some(&folder), &folder).expect("a root");
    store::load(&root).expect("files")
}

fn catalog(loaded: store::Loaded) -> Catalog {
    build(Input {
        folder: loaded.folder,
        path: String::new(),
        files: loaded.files,
        problems: loaded.problems,
    })
}

fn analysis(personas: usize) -> Arc<Analysis> {
    Arc::new(Analysis::of(Arc::new(catalog(loaded(personas))), date(2026, 11, 23)))
}

fn model(personas: usize) -> Model {
    let (keys, _) = KeyMap::new(&[]);
    let mut model = Model::new(Theme::new("dark", Depth::True, false), keys, None, (120, 40));
    update(&mut model, Message::Loaded(0, analysis(personas)));
    model
}

/// The baseline: the same files, read from memory and parsed with `serde_yaml` on all cores.
#[divan::bench(args = MORE)]
fn baseline_parse(bencher: Bencher<'_, '_>, personas: usize) {
    use serde::Deserialize;
    let texts = texts(personas);
    bencher.bench_local(|| {
        texts
            .par_iter()
            .map(|text| {
                serde_yaml::Deserializer::from_str(text)
                    .filter_map(|document| serde_yaml::Value::deserialize(document).ok())
                    .count()
            })
            .sum::<usize>()
    });
}

#[divan::bench(args = SIZES)]
fn load(bencher: Bencher<'_, '_>, personas: usize) {
    folder(personas);
    bencher.bench_local(|| black_box(catalog(loaded(personas))));
}

#[divan::bench(args = SIZES)]
fn analyse(bencher: Bencher<'_, '_>, personas: usize) {
    let catalog = Arc::new(catalog(loaded(personas)));
    bencher.bench_local(|| black_box(Analysis::of(catalog.clone(), date(2026, 11, 23))));
}

/// A level set in one card, until its findings are there: the file is parsed, the snapshot and its
/// analysis follow from those before.
#[divan::bench(args = SIZES)]
fn edit_to_findings(bencher: Bencher<'_, '_>, personas: usize) {
    let mut now = analysis(personas);
    let of_one = |file: &&Arc<CardFile>| file.path.starts_with("cards/") && file.text.contains("level: ");
    let path = now.catalog.files().find(of_one).expect("a card with a grant").path.clone();
    bencher.bench_local(|| {
        let file = now.catalog.files().find(|file| file.path == path).expect("the card");
        let (old, new) = match file.text.contains("level: write") {
            true => ("level: write", "level: admin"),
            false => ("level: admin", "level: write"),
        };
        let text: Arc<str> = file.text.replacen(old, new, 1).into();
        let change = FileChange { path: path.clone(), before: Some(file.text.clone()), after: Some(text) };
        let after = now.after(Arc::new(now.catalog.with(&[change])), now.day);
        now = Arc::new(after);
        now.findings.len()
    });
}

/// Everything that `persona check --format json` does, but for printing.
#[divan::bench(args = MORE)]
fn check_json(bencher: Bencher<'_, '_>, personas: usize) {
    folder(personas);
    bencher.bench_local(|| {
        let analysis = Analysis::of(Arc::new(catalog(loaded(personas))), date(2026, 11, 23));
        black_box(serde_json::to_string(&Report::of(&Shown::all(&analysis))).expect("JSON")).len()
    });
}

/// A key press and the frame that follows it.
#[divan::bench(args = SIZES)]
fn key_press_and_frame(bencher: Bencher<'_, '_>, personas: usize) {
    let mut model = model(personas);
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a screen");
    let key = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::NONE);
    bencher.bench_local(|| {
        update(&mut model, Message::Key(key));
        terminal.draw(|frame| render(&model, frame)).expect("drawn");
    });
}

/// A letter typed into the filter, and the frame that follows it.
#[divan::bench(args = SIZES)]
fn filter_and_frame(bencher: Bencher<'_, '_>, personas: usize) {
    let mut model = model(personas);
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a screen");
    let press = |model: &mut Model, code| {
        update(model, Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    };
    press(&mut model, KeyCode::Char('/'));
    bencher.bench_local(|| {
        press(&mut model, KeyCode::Char('7'));
        terminal.draw(|frame| render(&model, frame)).expect("drawn");
        press(&mut model, KeyCode::Backspace);
    });
}

/// The screen of matrices, at the middle of persona x component.
fn matrix(personas: usize) -> Model {
    let mut model = model(personas);
    update(&mut model, Message::Key(KeyEvent::new(KeyCode::Char('3'), KeyModifiers::NONE)));
    model
}

/// A step to the right and down in a matrix, and the frame that follows each.
#[divan::bench(args = SIZES)]
fn matrix_key_and_frame(bencher: Bencher<'_, '_>, personas: usize) {
    let mut model = matrix(personas);
    let mut terminal = Terminal::new(TestBackend::new(200, 60)).expect("a screen");
    update(&mut model, Message::Resize(200, 60));
    let mut right = false;
    bencher.bench_local(|| {
        right = !right;
        let key = KeyEvent::new(KeyCode::Char(if right { 'l' } else { 'j' }), KeyModifiers::NONE);
        update(&mut model, Message::Key(key));
        terminal.draw(|frame| render(&model, frame)).expect("drawn");
    });
}

/// Like by like, or in order again, and the frame that follows.
#[divan::bench(args = SIZES)]
fn matrix_cluster_and_frame(bencher: Bencher<'_, '_>, personas: usize) {
    let mut model = matrix(personas);
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a screen");
    let key = KeyEvent::new(KeyCode::Char('C'), KeyModifiers::NONE);
    bencher.bench_local(|| {
        update(&mut model, Message::Key(key));
        terminal.draw(|frame| render(&model, frame)).expect("drawn");
    });
}

/// The next matrix of the five, and the frame that follows.
#[divan::bench(args = SIZES)]
fn matrix_kind_and_frame(bencher: Bencher<'_, '_>, personas: usize) {
    let mut model = matrix(personas);
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a screen");
    let key = KeyEvent::new(KeyCode::Char('v'), KeyModifiers::NONE);
    bencher.bench_local(|| {
        update(&mut model, Message::Key(key));
        terminal.draw(|frame| render(&model, frame)).expect("drawn");
    });
}
