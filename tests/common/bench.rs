//! The workbench without a terminal: keys in, and what workers would do done at once.
#![allow(dead_code, reason = "each test takes what it needs of this")]

use std::sync::Arc;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::{Effect, Message};
use persona_workbench::tui::model::Model;
use persona_workbench::tui::theme::{Depth, Theme};
use persona_workbench::tui::update::update;

use crate::common::{drawn, keys_of};

/// A workbench, and what it saved.
pub struct Bench {
    pub model: Model,
    pub saved: Vec<(String, Option<String>)>,
}

impl Bench {
    pub fn of(analysis: Arc<Analysis>, size: (u16, u16)) -> Self {
        let (keys, _) = KeyMap::new(&[]);
        let mut model =
            Model::new(Theme::new("none", Depth::None, false), keys, Some(date(2026, 11, 23)), size);
        update(&mut model, Message::Loaded(0, analysis));
        Self { model, saved: Vec::new() }
    }

    /// What a worker would do, done at once.
    pub fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let before = self.model.analysis.clone().expect("an analysis");
            let message = match effect {
                Effect::Analyse(revision, changes) => {
                    let after = before.after(Arc::new(before.catalog.with(&changes)), before.day);
                    Message::Loaded(revision, Arc::new(after))
                }
                Effect::Fixes(asked, place) => Message::Fixes(asked, place, Arc::new(before.fixes(place))),
                Effect::Together(asked, wanted) => {
                    Message::Together(asked, Ok(Arc::new(before.together(&wanted))))
                }
                Effect::Try(asked, wish) => Message::Tried(asked, wish.tried(&before).map(Arc::new)),
                Effect::Save(changes) => {
                    let text = |text: &Option<Arc<str>>| text.as_ref().map(|text| text.to_string());
                    self.saved.extend(changes.iter().map(|file| (file.path.to_string(), text(&file.after))));
                    Message::Saved(changes)
                }
                _ => continue,
            };
            let effects = update(&mut self.model, message);
            self.carry_out(effects);
        }
    }

    pub fn send(&mut self, message: Message) -> &mut Self {
        let effects = update(&mut self.model, message);
        self.carry_out(effects);
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Message::Paste(text.to_owned()))
    }

    /// A click on the first place of the screen where a text stands.
    pub fn click(&mut self, text: &str) -> &mut Self {
        let screen = self.text();
        let (row, line) = screen
            .lines()
            .enumerate()
            .find(|(_, line)| line.contains(text))
            .unwrap_or_else(|| panic!("{text} is not on the screen:\n{screen}"));
        let column = line.find(text).map_or(0, |at| line[..at].chars().count());
        let small = |value: usize| u16::try_from(value).expect("on the screen");
        let event = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: small(column),
            row: small(row),
            modifiers: KeyModifiers::NONE,
        };
        self.send(Message::Mouse(event, 0))
    }

    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys_of(keys) {
            self.send(Message::Key(key));
        }
        self
    }

    /// An action by its title in the palette.
    pub fn command(&mut self, title: &str) -> &mut Self {
        self.press(":").press(title).press("<enter>")
    }

    pub fn text(&self) -> String {
        drawn(&self.model)
    }

    /// The text of a file as it is now; nothing where there is none.
    pub fn file(&self, path: &str) -> String {
        let analysis = self.model.analysis.as_ref().expect("an analysis");
        let file = analysis.catalog.files().find(|file| &*file.path == path);
        file.map_or_else(String::new, |file| file.text.to_string())
    }

    /// All files as they are now.
    pub fn files(&self) -> Vec<(String, String)> {
        let analysis = self.model.analysis.as_ref().expect("an analysis");
        analysis.catalog.files().map(|file| (file.path.to_string(), file.text.to_string())).collect()
    }
}
