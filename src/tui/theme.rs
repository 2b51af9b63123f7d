//! Colours and signs. Colour is never the only sign: each state has a glyph and a letter too.
//!
//! A theme is plain data; what is drawn with it is for the screens.

use ratatui::style::{Color, Modifier, Style};

use crate::analysis::Severity;
use crate::analysis::lens::persona_sign;
use crate::analysis::view::Mark;
use crate::card::kinds::PersonaType;
use crate::layout::picture::{Tone, flag_color};

/// The names of the themes.
pub const THEMES: [&str; 6] = ["dark", "light", "high-contrast", "colour-blind", "16-colour", "none"];

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None at all.
    None,
    /// The sixteen of every terminal.
    Sixteen,
    /// The 256 of the cube.
    Cube,
    /// All.
    True,
}

/// A theme.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// Its name.
    pub name: &'static str,
    /// Signs of ASCII only.
    pub ascii: bool,
    depth: Depth,
    palette: Palette,
}

#[derive(Clone, Copy, Debug)]
struct Palette {
    text: Option<Color>,
    faint: Color,
    accent: Color,
    selected: Color,
    critical: Color,
    high: Color,
    medium: Color,
    low: Color,
    good: Color,
    background: Option<Color>,
}

const fn rgb(value: u32) -> Color {
    Color::Rgb((value >> 16) as u8, (value >> 8 & 0xff) as u8, (value & 0xff) as u8)
}

const DARK: Palette = Palette {
    text: Some(rgb(0x00cd_d6f4)),
    faint: rgb(0x0093_99b2),
    accent: rgb(0x0089_b4fa),
    selected: rgb(0x0031_3a55),
    critical: rgb(0x00f5_79d1),
    high: rgb(0x00ff_7b93),
    medium: rgb(0x00f9_c66b),
    low: rgb(0x0089_dceb),
    good: rgb(0x00a6_e3a1),
    background: None,
};

const LIGHT: Palette = Palette {
    text: Some(rgb(0x001f_2430)),
    faint: rgb(0x0060_6779),
    accent: rgb(0x001e_56c4),
    selected: rgb(0x00d3_dff5),
    critical: rgb(0x009b_1b7a),
    high: rgb(0x00b8_1430),
    medium: rgb(0x0094_5b00),
    low: rgb(0x0006_6a86),
    good: rgb(0x0024_6b20),
    background: None,
};

const HIGH_CONTRAST: Palette = Palette {
    text: Some(rgb(0x00ff_ffff)),
    faint: rgb(0x00d0_d0d0),
    accent: rgb(0x0000_e5ff),
    selected: rgb(0x0000_3d99),
    critical: rgb(0x00ff_66ff),
    high: rgb(0x00ff_5555),
    medium: rgb(0x00ff_ff55),
    low: rgb(0x0055_ffff),
    good: rgb(0x0055_ff55),
    background: Some(rgb(0)),
};

/// Blue and orange in place of green and red (after Okabe and Ito).
const COLOUR_BLIND: Palette = Palette {
    text: Some(rgb(0x00e6_e6e6)),
    faint: rgb(0x00a6_a6a6),
    accent: rgb(0x0056_b4e9),
    selected: rgb(0x0024_3b53),
    critical: rgb(0x00cc_79a7),
    high: rgb(0x00ff_8c42),
    medium: rgb(0x00f0_e442),
    low: rgb(0x0056_b4e9),
    good: rgb(0x0000_9e73),
    background: None,
};

const SIXTEEN: Palette = Palette {
    text: None,
    faint: Color::DarkGray,
    accent: Color::LightBlue,
    selected: Color::Blue,
    critical: Color::LightMagenta,
    high: Color::LightRed,
    medium: Color::LightYellow,
    low: Color::LightCyan,
    good: Color::LightGreen,
    background: None,
};

impl Theme {
    /// A theme by name, for a terminal of some depth.
    #[must_use]
    pub fn new(name: &str, depth: Depth, ascii: bool) -> Self {
        let name = THEMES.into_iter().find(|known| *known == name).unwrap_or("dark");
        let depth = if name == "none" { Depth::None } else { depth };
        let palette = match (name, depth) {
            (_, Depth::Sixteen) | ("16-colour", _) => SIXTEEN,
            ("light", _) => LIGHT,
            ("high-contrast", _) => HIGH_CONTRAST,
            ("colour-blind", _) => COLOUR_BLIND,
            _ => DARK,
        };
        Self { name, ascii, depth, palette }
    }

    /// The sign of what is marked, and of what is not: one column.
    #[must_use]
    pub fn mark_sign(self, marked: bool) -> &'static str {
        match (marked, self.ascii) {
            (false, _) => " ",
            (true, false) => "◆",
            (true, true) => "*",
        }
    }

    /// The next theme of the list.
    #[must_use]
    pub fn next(self) -> Self {
        let place = THEMES.iter().position(|name| *name == self.name).unwrap_or(0);
        let depth = if self.depth == Depth::None { Depth::True } else { self.depth };
        Self::new(THEMES[(place + 1) % THEMES.len()], depth, self.ascii)
    }

    fn color(self, color: Color) -> Color {
        match (self.depth, color) {
            (Depth::Cube, Color::Rgb(red, green, blue)) => {
                let step = |value: u8| {
                    if value < 48 {
                        0
                    } else if value < 115 {
                        1
                    } else {
                        (value - 35) / 40
                    }
                };
                Color::Indexed(16 + 36 * step(red) + 6 * step(green) + step(blue))
            }
            (_, color) => color,
        }
    }

    fn fg(self, color: Color) -> Style {
        if self.depth == Depth::None { Style::new() } else { Style::new().fg(self.color(color)) }
    }

    /// The ground that all stands on.
    #[must_use]
    pub fn base(self) -> Style {
        if self.depth == Depth::None {
            return Style::new();
        }
        let mut style = Style::new();
        if let Some(text) = self.palette.text {
            style = style.fg(self.color(text));
        }
        if let Some(background) = self.palette.background {
            style = style.bg(self.color(background));
        }
        style
    }

    /// Of less weight.
    #[must_use]
    pub fn faint(self) -> Style {
        if self.depth == Depth::None {
            Style::new().add_modifier(Modifier::DIM)
        } else {
            self.fg(self.palette.faint)
        }
    }

    /// Emphasised.
    #[must_use]
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Headings, keys, the focused pane.
    #[must_use]
    pub fn accent(self) -> Style {
        self.fg(self.palette.accent).add_modifier(Modifier::BOLD)
    }

    /// Letters that a filter matched.
    #[must_use]
    pub fn hit(self) -> Style {
        self.fg(self.palette.accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// The selected row, in a pane that has the focus or not.
    #[must_use]
    pub fn selected(self, focused: bool) -> Style {
        // Sixteen colours are the terminal's own: only reversing them is sure to be readable.
        let plain = self.depth == Depth::Sixteen || self.name == "16-colour";
        match (if plain { Depth::None } else { self.depth }, focused) {
            (Depth::None, true) => Style::new().add_modifier(Modifier::REVERSED),
            (Depth::None, false) => Style::new().add_modifier(Modifier::UNDERLINED),
            (_, true) => Style::new().bg(self.color(self.palette.selected)).add_modifier(Modifier::BOLD),
            (_, false) => Style::new().bg(self.color(self.palette.selected)),
        }
    }

    /// Of a severity.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Style {
        let color = match severity {
            Severity::Critical => self.palette.critical,
            Severity::High => self.palette.high,
            Severity::Medium => self.palette.medium,
            Severity::Low => self.palette.low,
            Severity::Info => self.palette.faint,
        };
        let style = self.fg(color);
        if severity.at_least(Severity::High) { style.add_modifier(Modifier::BOLD) } else { style }
    }

    /// The sign of a severity: shape and letter.
    #[must_use]
    pub fn badge(self, severity: Severity) -> &'static str {
        severity.badge(self.ascii)
    }

    /// Of a mark.
    #[must_use]
    pub fn mark(self, mark: Mark) -> Style {
        match mark {
            Mark::Needed => self.fg(self.palette.good),
            Mark::Unneeded | Mark::TooWide => self.fg(self.palette.high).add_modifier(Modifier::BOLD),
            Mark::Missing => self.fg(self.palette.medium).add_modifier(Modifier::ITALIC),
            Mark::Unsure | Mark::Unknown | Mark::Undeclared | Mark::Flawed => self.fg(self.palette.medium),
            Mark::Plain => self.faint(),
        }
    }

    /// Of a tone of a picture.
    #[must_use]
    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => self.base(),
            Tone::Faint => self.faint(),
            Tone::Strong => self.base().patch(self.strong()),
            Tone::Marked(mark) => self.mark(mark),
            Tone::Gap(severity) => self.severity(severity),
            Tone::Flag(red, green, blue) => self.flag_of((red, green, blue)),
        }
    }

    /// What is right.
    #[must_use]
    pub fn good(self) -> Style {
        self.fg(self.palette.good)
    }

    /// The sign of a type of persona.
    #[must_use]
    pub fn persona(self, persona: PersonaType) -> &'static str {
        persona_sign(persona, self.ascii)
    }

    /// The flag of a persona's card: ink on its colour. Without colours it is reversed.
    #[must_use]
    pub fn flag(self, stated: Option<&str>, id: &str) -> Style {
        self.flag_of(flag_color(stated, id))
    }

    fn flag_of(self, (red, green, blue): (u8, u8, u8)) -> Style {
        if matches!(self.depth, Depth::None) {
            return Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD);
        }
        if self.depth == Depth::Sixteen {
            return Style::new().fg(Color::Black).bg(Color::Gray).add_modifier(Modifier::BOLD);
        }
        let light = u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114 > 140_000;
        let ink = if light { Color::Rgb(16, 16, 16) } else { Color::Rgb(250, 250, 250) };
        let ground = self.color(Color::Rgb(red, green, blue));
        Style::new().fg(self.color(ink)).bg(ground).add_modifier(Modifier::BOLD)
    }

    /// An arrow to the right.
    #[must_use]
    pub fn arrow(self) -> &'static str {
        if self.ascii { "->" } else { "→" }
    }

    /// A vertical line between panes.
    #[must_use]
    pub fn line(self) -> &'static str {
        if self.ascii { "|" } else { "│" }
    }

    /// The ellipsis of what is cut.
    #[must_use]
    pub fn ellipsis(self) -> &'static str {
        if self.ascii { "~" } else { "…" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_nothing_is_coloured() {
        let theme = Theme::new("none", Depth::True, true);
        for severity in Severity::ALL {
            assert_eq!(theme.severity(severity).fg, None);
            assert!(theme.badge(severity).is_ascii());
        }
        assert_eq!(theme.flag(Some("#ff0000"), "x").bg, None);
    }

    #[test]
    fn colours_fall_back() {
        let theme = Theme::new("dark", Depth::Cube, false);
        assert!(matches!(theme.severity(Severity::High).fg, Some(Color::Indexed(_))));
    }
}
