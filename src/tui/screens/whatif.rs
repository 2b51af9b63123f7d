//! Screen 7, What if: suppositions that add up on a scratch copy, and what each makes appear, vanish and change.
//!
//! Nothing is changed before it is kept. What is computed is for [`crate::analysis::supposed`].

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::analysis::supposed::{Step, Sums, Supposed, Told};
use crate::analysis::whatif::Supposition;
use crate::analysis::{Analysis, Severity};
use crate::tui::actions::Action;
use crate::tui::layout::Areas;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, pad, safe, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, rule, scroll_hint};

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    /// What is supposed, in the order in which it is.
    pub suppositions: Vec<Supposition>,
    /// Which of them; behind the last: another one.
    pub cursor: Cursor,
    /// What they come to, once that is known.
    pub found: Option<Result<Arc<Supposed>, (usize, String)>>,
    /// The number of the last question to a worker; answers to earlier ones are dropped.
    pub asked: u64,
    /// Whether that question is answered or on its way.
    pub is_asked: bool,
    /// The first line of the differences that is shown.
    pub offset: usize,
}

impl State {
    /// What they come to, where that is known.
    #[must_use]
    pub fn supposed(&self) -> Option<&Arc<Supposed>> {
        self.found.as_ref()?.as_ref().ok()
    }

    /// Whether something is supposed that cards can say: a day cannot be kept.
    #[must_use]
    pub fn can_be_kept(&self) -> bool {
        self.supposed().is_some_and(|supposed| !supposed.outcome.changes.is_empty())
    }
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let (Some(analysis), Some(body)) = (model.analysis.as_deref(), areas.list) else { return };
    let (left, right) = split(model, analysis, body);
    let list = list(model, analysis, usize::from(left.width));
    rows(frame, left, &list, 0);
    if left.height == body.height {
        frame.render_widget(rule(model.theme), Rect { x: right.x - 2, width: 1, ..body });
    }
    let (lines, _) = differences(model, analysis, usize::from(right.width));
    let height = usize::from(right.height);
    let offset = model.whatif.offset.min(lines.len().saturating_sub(height));
    rows(frame, right, &lines, offset);
    scroll_hint(frame, Rect { width: right.width + 1, ..right }, model.theme, offset, lines.len(), height);
}

/// Where the suppositions stand, and where the differences.
fn split(model: &Model, analysis: &Analysis, body: Rect) -> (Rect, Rect) {
    let area = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
    if body.width >= 100 {
        let share = (area.width * 40 / 100).min(66);
        let left = Rect { width: share.saturating_sub(2), ..area };
        return (left, Rect { x: area.x + share + 1, width: area.width - share - 1, ..area });
    }
    let wanted = list(model, analysis, usize::from(area.width)).len() + 1;
    let above = u16::try_from(wanted).unwrap_or(area.height).min(area.height * 2 / 3);
    let below = Rect { y: area.y + above, height: area.height - above, ..area };
    (Rect { height: above, ..area }, below)
}

/// Where the differences of a supposition begin, and how far they can be scrolled.
#[must_use]
pub fn places(model: &Model, body: Rect) -> (Vec<usize>, usize) {
    let Some(analysis) = model.analysis.as_deref() else { return (Vec::new(), 0) };
    let (_, right) = split(model, analysis, body);
    let (lines, starts) = differences(model, analysis, usize::from(right.width));
    (starts, lines.len().saturating_sub(usize::from(right.height)))
}

/// The suppositions, and what all come to.
fn list(model: &Model, analysis: &Analysis, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let state = &model.whatif;
    let mut lines = vec![Line::from(Span::styled("Suppose that", theme.accent()))];
    let wrong = match &state.found {
        Some(Err((place, _))) => Some(*place),
        _ => None,
    };
    for (place, supposition) in state.suppositions.iter().enumerate() {
        let style = if place == state.cursor.row { theme.selected(true) } else { theme.base() };
        let step = state.supposed().and_then(|supposed| supposed.steps.get(place));
        let told = step.map_or(String::new(), |step| format!("+{} -{} ", step.new.len(), step.gone.len()));
        let sign = if wrong == Some(place) { "!" } else { " " };
        let room = width.saturating_sub(told.len() + 6);
        lines.push(Line::from(vec![
            Span::styled(format!("{sign}{:>2}  ", place + 1), style.patch(theme.accent())),
            Span::styled(
                pad(&named(analysis, supposition), room, theme.ellipsis()),
                style.patch(theme.strong()),
            ),
            Span::styled(format!(" {told}"), style.patch(theme.faint())),
        ]));
    }
    let style =
        if state.cursor.row >= state.suppositions.len() { theme.selected(true) } else { theme.base() };
    let more =
        if state.suppositions.is_empty() { "something: enter says what" } else { "and something more" };
    lines.push(Line::from(vec![
        Span::styled("  +  ", style.patch(theme.accent())),
        Span::styled(pad(more, width.saturating_sub(5), theme.ellipsis()), style.patch(theme.faint())),
    ]));
    if !model.context.is_open() {
        let text = format!("     and look {}", model.context.phrase(&analysis.catalog));
        lines.push(Line::from(Span::styled(cut(&text, width, theme.ellipsis()), theme.accent())));
    }
    lines.push(Line::default());
    let (before, after) = match state.supposed() {
        Some(supposed) => (supposed.before, supposed.after),
        None => (Sums::of(analysis), Sums::of(analysis)),
    };
    lines.extend(sums(before, after, theme));
    lines
}

/// A supposition with names beside ids.
fn named(analysis: &Analysis, supposition: &Supposition) -> String {
    let catalog = &analysis.catalog;
    let label = |word: &str| match catalog.find(word).as_slice() {
        [one] => safe(&catalog.label(*one)),
        _ => safe(word),
    };
    match supposition {
        Supposition::RemovePersona(word) => format!("{} is no more", label(word)),
        Supposition::Disable(word) => format!("{} does not run", label(word)),
        other => safe(&other.to_string()),
    }
}

fn sums(before: Sums, after: Sums, theme: Theme) -> Vec<Line<'static>> {
    let score = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.1}"));
    let share = |value: f64| format!("{:.0} %", value * 100.0);
    let table = [
        ("score", score(before.score), score(after.score), Some((after.score, before.score, true))),
        ("open gaps", before.open.to_string(), after.open.to_string(), None),
        ("too wide access", before.too_wide.to_string(), after.too_wide.to_string(), None),
        ("coverage", share(before.coverage), share(after.coverage), None),
    ];
    let fewer = [None, Some(after.open.cmp(&before.open)), Some(after.too_wide.cmp(&before.too_wide)), None];
    let mut lines =
        vec![Line::from(Span::styled(format!("{:<18}{:>8}{:>8}", "", "now", "then"), theme.faint()))];
    for ((name, now, then, compared), fewer) in table.into_iter().zip(fewer) {
        let better = match (compared, fewer) {
            (Some((after, before, _)), _) => after.partial_cmp(&before),
            (None, Some(order)) => Some(order.reverse()),
            (None, None) => Some(std::cmp::Ordering::Equal),
        };
        let style = match better {
            Some(std::cmp::Ordering::Greater) => theme.good(),
            Some(std::cmp::Ordering::Less) => theme.severity(Severity::High),
            _ => theme.base(),
        };
        lines.push(Line::from(vec![
            Span::styled(format!("{name:<18}"), theme.base()),
            Span::styled(format!("{now:>8}"), theme.faint()),
            Span::styled(format!("{then:>8}"), style.patch(theme.strong())),
        ]));
    }
    lines
}

/// What appears, vanishes and changes, below what makes it so; and where each begins.
fn differences(model: &Model, analysis: &Analysis, width: usize) -> (Vec<Line<'static>>, Vec<usize>) {
    let theme = model.theme;
    let state = &model.whatif;
    let said = |text: &str| -> Vec<Line<'static>> {
        wrap(text, width.min(100))
            .into_iter()
            .map(|line| Line::from(Span::styled(line, theme.faint())))
            .collect()
    };
    let mut starts = Vec::new();
    if state.suppositions.is_empty() && model.context.is_open() {
        let key = |action| model.keys.shown(action).to_owned();
        let text = format!(
            "Who leaves or comes, which agent does not run, which personas become one, what is granted: enter \
             asks, and what would appear and vanish stands here. {} sets a phase, a risk, an environment. {} on a \
             persona or a person anywhere supposes something of it. Nothing changes before {} keeps it, as one \
             step that can be undone.",
            key(Action::Context),
            key(Action::Suppose),
            key(Action::ApplyFix)
        );
        return (said(&text), starts);
    }
    let supposed = match &state.found {
        None => return (said(&format!("analysing{}", theme.ellipsis())), starts),
        Some(Err((place, why))) => {
            let text = format!("{} cannot be supposed: {why}", place + 1);
            let key = model.keys.shown(Action::DropSupposed);
            let mut lines: Vec<Line<'static>> = wrap(&text, width)
                .into_iter()
                .map(|line| Line::from(Span::styled(line, theme.severity(Severity::Medium))))
                .collect();
            lines.extend(said(&format!("{key} takes it back.")));
            return (lines, starts);
        }
        Some(Ok(supposed)) => supposed,
    };
    let mut lines = Vec::new();
    for (place, (step, supposition)) in supposed.steps.iter().zip(&state.suppositions).enumerate() {
        starts.push(lines.len());
        let title = format!("{}  {}", place + 1, named(analysis, supposition));
        lines.push(Line::from(Span::styled(cut(&title, width, theme.ellipsis()), theme.strong())));
        lines.extend(of_step(step, theme, width));
        lines.push(Line::default());
    }
    if !model.context.is_open() {
        starts.push(lines.len());
        let title = format!("Then, {}", model.context.phrase(&analysis.catalog));
        lines.push(Line::from(Span::styled(cut(&title, width, theme.ellipsis()), theme.strong())));
        for text in &supposed.refused {
            push(&mut lines, "-", theme.severity(Severity::Medium), text, width);
        }
        if supposed.refused.is_empty() {
            lines.extend(said("   all that is granted holds"));
        }
    }
    (lines, starts)
}

fn of_step(step: &Step, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut told = |sign: &str, told: &Told| {
        let was = told.was.map_or(String::new(), |was| format!(" (was {})", was.word()));
        let text = format!("{} {}{was}", theme.badge(told.severity), told.message);
        let style = if sign == "+" || told.was.is_some_and(|was| told.severity < was) {
            theme.severity(told.severity)
        } else {
            theme.good()
        };
        push(&mut lines, sign, style, &text, width);
    };
    step.new.iter().for_each(|one| told("+", one));
    step.changed.iter().for_each(|one| told("~", one));
    step.gone.iter().for_each(|one| told("-", one));
    if lines.is_empty() {
        lines.push(Line::from(Span::styled("   no gap appears, vanishes or changes", theme.faint())));
    }
    lines
}

fn push(lines: &mut Vec<Line<'static>>, sign: &str, style: ratatui::style::Style, text: &str, width: usize) {
    for (place, line) in wrap(text, width.saturating_sub(5)).into_iter().enumerate() {
        let start = if place == 0 { format!("   {sign} ") } else { "     ".to_owned() };
        lines.push(Line::from(vec![Span::styled(start, style), Span::styled(line, style)]));
    }
}
