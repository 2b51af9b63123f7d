//! The ways out of a gap: what each changes, what it closes and opens, and the score after it.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::analysis::fixes::Proven;
use crate::tui::model::Model;
use crate::tui::text::{cut, pad};
use crate::tui::widgets::{rows, scroll_hint, sheet};

use super::{difference, said};

/// The fixes of a gap.
#[derive(Clone, Debug)]
pub struct Fixes {
    /// The gap, as a place in the analysis.
    pub place: usize,
    /// The fixes, once they are tried.
    pub found: Option<Arc<Vec<Proven>>>,
    /// The selected one.
    pub chosen: usize,
    /// The first line of its difference that is shown.
    pub offset: usize,
}

impl Fixes {
    /// Of a gap, not known yet.
    #[must_use]
    pub fn of(place: usize) -> Self {
        Self { place, found: None, chosen: 0, offset: 0 }
    }

    /// Selects one of `count`.
    pub fn to(&mut self, chosen: usize, count: usize) {
        self.chosen = chosen.min(count.saturating_sub(1));
        self.offset = 0;
    }
}

/// Draws them.
pub fn render(model: &Model, state: &Fixes, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let Some(analysis) = model.analysis.as_deref() else { return };
    let Some(finding) = analysis.findings.get(state.place) else { return };
    let inner = sheet(frame, 120, "Ways out", theme);
    let width = usize::from(inner.width);
    let mut lines = vec![Line::from(Span::styled(
        format!("{} {}", theme.badge(finding.severity), finding.rule.id),
        theme.severity(finding.severity),
    ))];
    lines.extend(said(&finding.message, width, theme.strong()));
    lines.push(Line::default());
    let Some(found) = &state.found else {
        lines.push(Line::from(Span::styled(
            format!("trying each of them{}", theme.ellipsis()),
            theme.faint(),
        )));
        rows(frame, inner, &lines, 0);
        return;
    };
    if found.is_empty() {
        lines.extend(said(
            "No edit of the cards closes this gap without opening another as bad. The page of the rule (?) says \
             what helps.",
            width,
            theme.base(),
        ));
    }
    for (place, proven) in found.iter().enumerate() {
        let style = if place == state.chosen { theme.selected(true) } else { theme.base() };
        let after = match &proven.outcome {
            Some(outcome) => outcome.score().value.map_or(String::new(), |value| format!("score {value:.1}")),
            None => "advice".to_owned(),
        };
        let room = width.saturating_sub(after.len() + 6);
        lines.push(Line::from(vec![
            Span::styled(format!(" {} ", place + 1), style.patch(theme.accent())),
            Span::styled(pad(&cut(&proven.fix.title, room, theme.ellipsis()), room, theme.ellipsis()), style),
            Span::styled(format!("  {after} "), style.patch(theme.faint())),
        ]));
    }
    lines.push(Line::default());
    let above = u16::try_from(lines.len()).unwrap_or(inner.height).min(inner.height);
    rows(frame, Rect { height: above, ..inner }, &lines, 0);
    let below = Rect { y: inner.y + above, height: inner.height.saturating_sub(above + 1), ..inner };
    let detail = detail(model, state, width);
    let height = usize::from(below.height);
    let offset = state.offset.min(detail.len().saturating_sub(height));
    rows(frame, below, &detail, offset);
    scroll_hint(frame, Rect { width: below.width + 1, ..below }, theme, offset, detail.len(), height);
    let foot = Rect { y: inner.y + inner.height.saturating_sub(1), height: 1, ..inner };
    let hint = "j k: which   enter, a: apply   J K: scroll   esc: leave";
    rows(frame, foot, &[Line::from(Span::styled(cut(hint, width, theme.ellipsis()), theme.faint()))], 0);
}

fn detail(model: &Model, state: &Fixes, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let (Some(analysis), Some(proven)) =
        (model.analysis.as_deref(), state.found.as_ref().and_then(|found| found.get(state.chosen)))
    else {
        return Vec::new();
    };
    let mut lines = said(&proven.fix.title, width, theme.strong());
    let Some(outcome) = &proven.outcome else {
        lines.extend(said("Nothing in the cards changes until it is done.", width, theme.faint()));
        return lines;
    };
    let counted = |count: usize| if count == 1 { "1 gap".to_owned() } else { format!("{count} gaps") };
    let mut summary = format!("Closes {}", counted(outcome.gone.len()));
    match outcome.new.len() {
        0 => summary.push_str(", opens none"),
        new => summary.push_str(&format!(", opens {}", counted(new))),
    }
    if let (Some(before), Some(after)) = (analysis.score.value, outcome.score().value) {
        summary.push_str(&format!("; score {before:.1} becomes {after:.1}."));
    }
    lines.extend(said(&summary, width, theme.base()));
    for finding in outcome.new_findings().take(4) {
        lines.extend(said(
            &format!("opens {} {}", theme.badge(finding.severity), finding.message),
            width,
            theme.severity(finding.severity),
        ));
    }
    lines.push(Line::default());
    lines.extend(difference(&outcome.changes, theme, width));
    lines
}
