//! A persona's access over time, risk and phases, as steps that rise and fall; where one is stands out.
//!
//! It is drawn from the steps that the analysis gives. Moving along it is for [`crate::tui::update`].

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::analysis::strip::{Axis, Direction, Position, Step, Strip};
use crate::catalog::Settings;
use crate::tui::text::{cut, safe};
use crate::tui::theme::Theme;

/// Whether there is anything to see: some step is wider or narrower than the one before.
#[must_use]
pub fn changes(strip: &Strip) -> bool {
    strip.steps.iter().any(|step| step.direction() != Direction::Stays)
}

/// A strip in one line; `chosen` where keys move along it.
#[must_use]
pub fn line(strip: &Strip, settings: &Settings, theme: Theme, width: usize, chosen: bool) -> Line<'static> {
    let name = match strip.axis {
        Axis::Phase => "phase",
        Axis::Risk => "risk",
        Axis::Time => "time",
    };
    let sign = match (chosen, theme.ascii) {
        (false, _) => " ",
        (true, false) => "▌",
        (true, true) => ">",
    };
    let mut spans = vec![
        Span::styled(sign, theme.accent()),
        Span::styled(format!("{name:<6}"), if chosen { theme.accent() } else { theme.faint() }),
    ];
    let most = strip.steps.iter().map(held).max().unwrap_or(0).max(1);
    let cells: Vec<String> = strip.steps.iter().map(|step| cell(step, settings, theme, most)).collect();
    let room = width.saturating_sub(7);
    // The step that one is in is never what a narrow screen cuts.
    let here = strip.here.unwrap_or(0);
    let (mut first, mut last) = (here, here);
    let total = |first: usize, last: usize| -> usize {
        cells.iter().skip(first).take(last + 1 - first).map(|cell| cell.width() + 1).sum()
    };
    loop {
        let marks = 2 * (usize::from(first > 0) + usize::from(last + 1 < cells.len()));
        if last + 1 < cells.len() && total(first, last + 1) + marks <= room {
            last += 1;
        } else if first > 0 && total(first - 1, last) + marks <= room {
            first -= 1;
        } else {
            break;
        }
    }
    if first > 0 {
        spans.push(Span::styled(format!("{} ", theme.ellipsis()), theme.faint()));
    }
    for (place, text) in cells.iter().enumerate().skip(first).take(last + 1 - first) {
        let style = if strip.here == Some(place) { theme.selected(true) } else { theme.base() };
        let style = match strip.steps[place].direction() {
            Direction::Widens | Direction::Shifts => {
                style.patch(theme.severity(crate::analysis::Severity::Medium))
            }
            Direction::Narrows => style.patch(theme.good()),
            Direction::Stays => style,
        };
        spans.push(Span::styled(cut(text, room, theme.ellipsis()), style));
        spans.push(Span::styled(theme.line(), theme.faint()));
    }
    if last + 1 < cells.len() {
        spans.push(Span::styled(theme.ellipsis(), theme.faint()));
    }
    Line::from(spans)
}

/// How many grants hold in a step, at once or once activated.
fn held(step: &Step) -> usize {
    step.access.at_once.len() + step.access.activated.len()
}

/// "▾▅ medium 5+1": which way it goes, how high it is, where it is, and how many grants hold at once and
/// once activated.
fn cell(step: &Step, settings: &Settings, theme: Theme, most: usize) -> String {
    let way = match (step.direction(), theme.ascii) {
        (Direction::Widens, false) => "▴",
        (Direction::Narrows, false) => "▾",
        (Direction::Shifts, false) => "◆",
        (Direction::Widens, true) => "+",
        (Direction::Narrows, true) => "-",
        (Direction::Shifts, true) => "~",
        (Direction::Stays, _) => " ",
    };
    let bars = if theme.ascii { [" ", ".", ":", "|", "#"] } else { [" ", "▂", "▄", "▆", "█"] };
    let height = if held(step) == 0 { 0 } else { (held(step) * 4).div_ceil(most).clamp(1, 4) };
    let at = match &step.at {
        Position::Days { first: Some(first), .. } => format!("from {first}"),
        Position::Days { first: None, last: Some(last) } => format!("to {last}"),
        Position::Days { first: None, last: None } => "always".to_owned(),
        Position::Phase(Some(phase)) => phase.written().to_owned(),
        Position::Phase(None) => "other".to_owned(),
        Position::Risk(risk) => settings.risk(*risk).to_owned(),
    };
    let at = cut(&safe(&at), 18, theme.ellipsis());
    let count = match (step.access.at_once.len(), step.access.activated.len()) {
        (at_once, 0) => at_once.to_string(),
        (at_once, activated) => format!("{at_once}+{activated}"),
    };
    format!("{way}{} {at} {count} ", bars[height])
}
