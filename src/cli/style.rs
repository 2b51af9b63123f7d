//! Colours, signs and widths of what commands print.

use std::io::IsTerminal;

use unicode_width::UnicodeWidthStr;

use super::{ColorChoice, Common};
use crate::analysis::view::Mark;
use crate::analysis::{Finding, Severity};
use crate::card::visible::visible;

/// How to print.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// With ASCII only.
    pub ascii: bool,
    /// Columns of the terminal; 100 where there is none.
    pub width: usize,
}

impl Style {
    /// By options, environment and terminal.
    #[must_use]
    pub fn new(common: &Common) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let allowed = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let color = match common.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && allowed && !common.plain,
        };
        let width = crossterm::terminal::size().ok().filter(|_| terminal);
        let width = width.map_or(100, |(columns, _)| usize::from(columns).clamp(40, 140));
        Self { color, ascii: common.ascii || !crate::cli::style::unicode_locale(), width }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Emphasised.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Of less weight.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// A line that comes.
    #[must_use]
    pub fn added(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// A line that goes.
    #[must_use]
    pub fn removed(self, text: &str) -> String {
        self.paint("31", text)
    }

    /// In the colour of a severity.
    #[must_use]
    pub fn severity(self, severity: Severity, text: &str) -> String {
        self.paint(severity_code(severity), text)
    }

    /// In the colour of a mark.
    #[must_use]
    pub fn mark(self, mark: Mark, text: &str) -> String {
        match mark {
            Mark::Needed => self.paint("32", text),
            Mark::Unneeded | Mark::TooWide => self.paint("1;31", text),
            Mark::Missing => self.paint("1;33", text),
            Mark::Unsure | Mark::Unknown | Mark::Undeclared | Mark::Flawed => self.paint("33", text),
            Mark::Plain => text.to_owned(),
        }
    }

    /// The sign of a severity: a shape and a letter.
    #[must_use]
    pub fn badge(self, severity: Severity) -> String {
        let shape = match (severity, self.ascii) {
            (Severity::Critical, false) => "◆",
            (Severity::High, false) => "▲",
            (Severity::Medium, false) => "●",
            (Severity::Low, false) => "○",
            (Severity::Info, false) => "·",
            (Severity::Critical, true) => "#",
            (Severity::High, true) => "^",
            (Severity::Medium, true) => "*",
            (Severity::Low, true) => "o",
            (Severity::Info, true) => ".",
        };
        self.severity(severity, &format!("{shape}{}", severity.letter()))
    }

    /// The sign of a finding, with what was decided.
    #[must_use]
    pub fn finding(self, finding: &Finding) -> String {
        let badge = self.badge(finding.severity);
        if finding.is_open() { badge } else { format!("{badge} (decided)") }
    }

    /// An arrow.
    #[must_use]
    pub fn arrow(self) -> &'static str {
        if self.ascii { "->" } else { "→" }
    }
}

/// The escape code of a severity's colour.
#[must_use]
pub fn severity_code(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "1;35",
        Severity::High => "1;31",
        Severity::Medium => "33",
        Severity::Low => "36",
        Severity::Info => "2",
    }
}

/// Whether the locale says that the terminal takes more than ASCII.
#[must_use]
pub fn unicode_locale() -> bool {
    let value = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(std::env::var_os)
        .find(|value| !value.is_empty());
    value.is_none_or(|value| {
        let value = value.to_string_lossy().to_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}

/// Text of a card, safe to print.
#[must_use]
pub fn safe(text: &str) -> String {
    visible(text).into_owned()
}

/// The same, line by line: for sentences of our own that have lines.
#[must_use]
pub fn lines(text: &str) -> String {
    text.split('\n').map(safe).collect::<Vec<_>>().join("\n")
}

/// A table with aligned columns, two blanks between.
#[must_use]
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Text in lines of at most `width` columns, each after `indent`.
#[must_use]
pub fn wrap(text: &str, width: usize, indent: &str) -> String {
    let room = width.saturating_sub(indent.width()).max(20);
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.width() + 1 + word.width() > room {
            out.push_str(&format!("{indent}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        out.push_str(&format!("{indent}{line}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_what_is_seen() {
        let rows = vec![vec!["日本".to_owned(), "x".to_owned()], vec!["a".to_owned(), "y".to_owned()]];
        assert_eq!(table(&rows), "日本  x\na     y\n");
    }

    #[test]
    fn long_text_is_wrapped_between_words() {
        assert_eq!(wrap("aaaa bbbb cccc dddd eeee", 20, "  "), "  aaaa bbbb cccc dddd\n  eeee\n");
    }
}
