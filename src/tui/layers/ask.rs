//! One line of questions, such as who and why: a strip at the foot of the screen, so that what is asked
//! about stays in sight.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::analysis::Severity;
use crate::session::meeting::Act;
use crate::tui::model::Model;
use crate::tui::text::{cut, safe};
use crate::tui::theme::Theme;
use crate::tui::widgets::{popup, rows};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What is decided about the gap on the screen.
    Verdict(Act),
    /// A commit since which gaps are new.
    Commit,
    /// Where the minutes are written.
    Minutes,
}

/// Something to be typed.
#[derive(Clone, Debug)]
pub struct Field {
    /// What it is.
    pub name: &'static str,
    /// What is typed.
    pub text: String,
    /// Whether it may be empty.
    pub optional: bool,
    /// What it may be, to be completed.
    pub known: Vec<String>,
}

impl Field {
    /// One that must be filled.
    #[must_use]
    pub fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, text: text.into(), optional: false, known: Vec::new() }
    }

    /// What the known words would add to what is typed.
    fn rest(&self) -> Option<&str> {
        if self.text.is_empty() {
            return None;
        }
        self.known.iter().find_map(|known| {
            let end = known.char_indices().nth(self.text.chars().count())?.0;
            let (start, rest) = known.split_at(end);
            (start.to_lowercase() == self.text.to_lowercase()).then_some(rest)
        })
    }
}

/// The questions.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What for.
    pub about: About,
    /// What stands above them.
    pub title: String,
    /// What is to be typed.
    pub fields: Vec<Field>,
    /// The field that has the keys.
    pub at: usize,
    /// Why the answers cannot be used.
    pub error: Option<String>,
}

/// What became of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It goes on.
    Stays,
    /// Nothing is wanted any more.
    Leaves,
    /// All is answered.
    Done,
}

impl Ask {
    /// Questions; the first empty field has the keys, else the last.
    #[must_use]
    pub fn new(about: About, title: impl Into<String>, fields: Vec<Field>) -> Self {
        let empty = fields.iter().position(|field| field.text.is_empty());
        let at = empty.unwrap_or(fields.len().saturating_sub(1));
        Self { about, title: title.into(), fields, at, error: None }
    }

    /// The text of a field, without blanks around it.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|field| field.name == name).map_or("", |field| field.text.trim())
    }

    /// A key.
    pub fn press(&mut self, event: KeyEvent) -> Answer {
        self.error = None;
        let count = self.fields.len().max(1);
        match event.code {
            KeyCode::Esc => return Answer::Leaves,
            KeyCode::Tab | KeyCode::Down => self.at = (self.at + 1) % count,
            KeyCode::BackTab | KeyCode::Up => self.at = (self.at + count - 1) % count,
            KeyCode::Right => {
                if let Some(field) = self.fields.get_mut(self.at)
                    && let Some(rest) = field.rest().map(str::to_owned)
                {
                    field.text.push_str(&rest);
                }
            }
            KeyCode::Enter => {
                // Enter goes through the fields that are still empty, then it is the answer.
                let empty = |field: &Field| field.text.trim().is_empty() && !field.optional;
                let Some(missing) = self.fields.iter().position(empty) else { return Answer::Done };
                if missing == self.at {
                    self.error = Some(format!("{} is not said yet", self.fields[missing].name));
                }
                self.at = missing;
            }
            KeyCode::Char('w') if event.modifiers.contains(KeyModifiers::CONTROL) => {
                if let Some(field) = self.fields.get_mut(self.at) {
                    let kept = field.text.trim_end().rfind(' ').map_or(0, |place| place + 1);
                    field.text.truncate(kept);
                }
            }
            _ => {
                if let Some(field) = self.fields.get_mut(self.at) {
                    field.text = crate::tui::update::typed(&field.text, event);
                }
            }
        }
        Answer::Stays
    }

    /// Pasted text goes into the field that has the keys.
    pub fn paste(&mut self, line: &str) {
        if let Some(field) = self.fields.get_mut(self.at) {
            field.text.push_str(line);
        }
    }
}

/// Where the strip lies.
fn area(screen: Rect) -> Rect {
    let height = 5.min(screen.height);
    Rect { x: screen.x, y: screen.y + screen.height - height, width: screen.width, height }
}

/// Draws them.
pub fn render(model: &Model, state: &Ask, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let inner = popup(frame, area(frame.area()), &safe(&state.title), theme);
    let width = usize::from(inner.width);
    let mut lines = vec![line(state, theme, width), Line::default()];
    let wrong = state.error.as_deref();
    let hint = match (wrong, state.at, state.fields.get(state.at)) {
        (Some(error), ..) => {
            Line::from(Span::styled(cut(error, width, theme.ellipsis()), theme.severity(Severity::Medium)))
        }
        (None, _, field) => {
            let more = match field.map(|field| field.name) {
                Some("until") => "a day, as 2027-03-01, or a length, as 90d or 3 months   ",
                _ if field.is_some_and(|field| field.rest().is_some()) => "right: the rest of the name   ",
                _ => "",
            };
            let hint = format!("{more}enter: done   tab: next field   ctrl-u: empty it   esc: leave");
            Line::from(Span::styled(cut(&hint, width, theme.ellipsis()), theme.faint()))
        }
    };
    lines.push(hint);
    rows(frame, inner, &lines, 0);
}

/// All fields in one line: short ones first, the last has what is left.
fn line(state: &Ask, theme: Theme, width: usize) -> Line<'static> {
    let count = state.fields.len();
    let names: usize = state.fields.iter().map(|field| field.name.len() + 3).sum();
    let room = width.saturating_sub(names);
    let small = if count > 1 { (room / (count + 1)).clamp(6, 24) } else { 0 };
    let mut spans = Vec::new();
    for (place, field) in state.fields.iter().enumerate() {
        let here = place == state.at;
        let last = place + 1 == count;
        let own = if last { room.saturating_sub(small * (count - 1)) } else { small };
        let style = if here { theme.accent() } else { theme.faint() };
        spans.push(Span::styled(format!("{} ", field.name), style));
        let text = safe(&field.text);
        // What is typed is at the end; that is what stays in sight.
        let shown = end(&text, own.saturating_sub(2));
        let mut used = shown.width();
        spans.push(Span::styled(shown, if here { theme.strong() } else { theme.base() }));
        if here {
            spans.push(Span::styled(if theme.ascii { "_" } else { "▏" }, theme.accent()));
            used += 1;
            if let Some(rest) = field.rest() {
                let rest = cut(rest, own.saturating_sub(used), theme.ellipsis());
                used += rest.width();
                spans.push(Span::styled(rest, theme.faint()));
            }
        }
        if !last {
            spans.push(Span::raw(" ".repeat(own.saturating_sub(used) + 2)));
        }
    }
    Line::from(spans)
}

/// The end of a text that fits.
fn end(text: &str, width: usize) -> String {
    let mut out = text;
    while out.width() > width {
        let mut letters = out.chars();
        if letters.next().is_none() {
            break;
        }
        out = letters.as_str();
    }
    out.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::from(code)
    }

    #[test]
    fn enter_goes_to_what_is_not_said_and_ends_when_all_is() {
        let mut who = Field::new("by", "");
        who.known = vec!["Ana".into(), "Bo".into()];
        let mut ask = Ask::new(
            About::Verdict(Act::Accept),
            "Accept",
            vec![Field::new("until", "3 months"), who, Field::new("because", "")],
        );
        assert_eq!(ask.at, 1);
        assert_eq!(ask.press(key(KeyCode::Enter)), Answer::Stays);
        assert_eq!(ask.error.as_deref(), Some("by is not said yet"));
        ask.press(key(KeyCode::Char('a')));
        ask.press(key(KeyCode::Right));
        assert_eq!(ask.text("by"), "ana");
        assert_eq!(ask.press(key(KeyCode::Enter)), Answer::Stays);
        assert_eq!(ask.at, 2);
        ask.paste("it moves");
        assert_eq!(ask.press(key(KeyCode::Enter)), Answer::Done);
        assert_eq!(ask.press(key(KeyCode::Esc)), Answer::Leaves);
    }

    #[test]
    fn the_end_of_what_is_typed_stays_in_sight() {
        assert_eq!(end("abcdef", 3), "def");
        assert_eq!(end("日本語", 4), "本語");
    }
}
