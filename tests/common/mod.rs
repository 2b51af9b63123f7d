//! What tests of screens share: catalogs as they are analysed, and a screen as text.
//!
//! Which keys are pressed, and what workers would have answered, is for each test.
#![allow(dead_code, reason = "each test takes what it needs of this")]

use std::path::Path;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::card::parse_text;
use persona_workbench::catalog::{Input, build};
use persona_workbench::store;
use persona_workbench::tui::model::Model;
use persona_workbench::tui::render::render;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use unicode_width::UnicodeWidthStr;

/// Files of a catalog, each with its path, analysed on the day of the tests.
pub fn analysis_of(texts: &[(&str, &str)]) -> Arc<Analysis> {
    let files = texts.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    let input = Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() };
    Arc::new(Analysis::of(Arc::new(build(input)), date(2026, 11, 23)))
}

/// A catalog of one file, analysed.
pub fn analysis_of_text(text: &str) -> Arc<Analysis> {
    analysis_of(&[("a.yaml", text)])
}

/// The example catalog, analysed.
pub fn example() -> Arc<Analysis> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("personas");
    let root = store::find(Some(&folder), &folder).expect("the example");
    let loaded = store::load(&root).expect("its files");
    let input = Input {
        folder: loaded.folder,
        path: "personas".into(),
        files: loaded.files,
        problems: loaded.problems,
    };
    Arc::new(Analysis::of(Arc::new(build(input)), date(2026, 11, 23)))
}

/// Keys as tests write them: letters stand for themselves, `<enter>`, `<c-s>`, `<a-u>` and so on by name,
/// and `<less>` is `<`.
pub fn keys_of(text: &str) -> Vec<KeyEvent> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let (key, length) = match named {
            Some((name, _)) if !name.is_empty() => (key_of(name), name.len() + 2),
            _ => (KeyEvent::new(KeyCode::Char(first), KeyModifiers::NONE), first.len_utf8()),
        };
        keys.push(key);
        rest = &rest[length..];
    }
    keys
}

fn key_of(name: &str) -> KeyEvent {
    let (modifiers, bare) = match name.split_once('-') {
        Some(("c", bare)) => (KeyModifiers::CONTROL, bare),
        Some(("a", bare)) => (KeyModifiers::ALT, bare),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match bare {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "down" => KeyCode::Down,
        "up" => KeyCode::Up,
        "right" => KeyCode::Right,
        "tab" => KeyCode::Tab,
        "back-tab" => KeyCode::BackTab,
        "back" => KeyCode::Backspace,
        "pgdn" => KeyCode::PageDown,
        "less" => KeyCode::Char('<'),
        letter if letter.len() == 1 && !modifiers.is_empty() => {
            KeyCode::Char(letter.chars().next().expect("a letter"))
        }
        other => panic!("no key {other}"),
    };
    KeyEvent::new(code, modifiers)
}

/// The screen as text, without blanks at the ends of lines.
pub fn drawn(model: &Model) -> String {
    let (width, height) = model.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a screen");
    terminal.draw(|frame| render(model, frame)).expect("drawn");
    let buffer = terminal.backend().buffer();
    let mut out = String::new();
    for y in 0..height {
        let mut line = String::new();
        let mut x = 0;
        while x < width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            // Behind a wide letter stands a cell that is not seen.
            x += u16::try_from(symbol.width()).unwrap_or(1).max(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
