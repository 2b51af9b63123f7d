//! Which part of the screen belongs to what, by its size. Used for drawing and for the mouse.

use ratatui::layout::Rect;

use super::actions::{ACTIONS, Action};
use super::model::{Model, Pane, Screen};

/// The parts of the screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Areas {
    /// The line of tabs.
    pub tabs: Rect,
    /// The list, where it is shown.
    pub list: Option<Rect>,
    /// The selected thing, where it is shown.
    pub detail: Option<Rect>,
    /// What there is to say of it, where there is room.
    pub inspector: Option<Rect>,
    /// The status line.
    pub status: Rect,
    /// The keys.
    pub footer: Rect,
}

/// Below this the screen shows the selected thing only.
#[must_use]
pub fn is_tiny(size: (u16, u16)) -> bool {
    size.0 < 40 || size.1 < 10
}

/// Parts for one pane, two, or three, by width.
#[must_use]
pub fn areas(model: &Model) -> Areas {
    let (width, height) = model.size;
    let tabs = Rect::new(0, 0, width, 1);
    let status = Rect::new(0, height.saturating_sub(2), width, 1);
    let footer = Rect::new(0, height.saturating_sub(1), width, 1);
    let body = Rect::new(0, 2, width, height.saturating_sub(4));
    let mut areas = Areas { tabs, status, footer, ..Areas::default() };
    if matches!(model.screen, Screen::Graph | Screen::Maps | Screen::Matrix | Screen::Problems) {
        areas.list = Some(body);
        if model.screen != Screen::Problems && width >= 160 && !model.zoom {
            areas.list = Some(Rect { width: width - 54, ..body });
            areas.inspector = Some(Rect { x: width - 52, width: 52, ..body });
        }
        return areas;
    }
    if width < 100 || model.zoom {
        match model.pane {
            Pane::List => areas.list = Some(body),
            Pane::Detail => {
                areas.detail = Some(Rect { x: 1.min(width), width: width.saturating_sub(2), ..body })
            }
        }
        return areas;
    }
    let share = if model.screen == Screen::Gaps { 46 } else { 36 };
    let list = (width * share / 100).clamp(38, if model.screen == Screen::Gaps { 76 } else { 56 });
    areas.list = Some(Rect { width: list, ..body });
    let rest = width - list - 2;
    if width >= 160 && model.screen == Screen::Cards {
        let inspector = (rest * 38 / 100).clamp(44, 64);
        areas.detail = Some(Rect { x: list + 2, width: rest - inspector - 2, ..body });
        areas.inspector = Some(Rect { x: width - inspector, width: inspector, ..body });
    } else {
        areas.detail = Some(Rect { x: list + 2, width: rest - 1, ..body });
    }
    areas
}

/// The tabs with where they stand: screen, text, first column.
#[must_use]
pub fn tabs(model: &Model) -> Vec<(Screen, String, u16)> {
    let mut x = 1;
    let mut out = Vec::new();
    for screen in Screen::ALL {
        if screen == Screen::Problems && problem_count(model) == 0 && model.screen != Screen::Problems {
            continue;
        }
        let key = model.keys.shown(screen.action());
        let text = match screen {
            Screen::Problems => format!(" {key} {} {} ", screen.title(), problem_count(model)),
            Screen::Cards | Screen::Graph | Screen::Matrix | Screen::Maps | Screen::Gaps => {
                format!(" {key} {} ", screen.title())
            }
        };
        let width = u16::try_from(text.chars().count()).unwrap_or(0);
        out.push((screen, text, x));
        x += width + 1;
    }
    out
}

/// How many problems the files have.
#[must_use]
pub fn problem_count(model: &Model) -> usize {
    model
        .analysis
        .as_ref()
        .map_or(0, |analysis| analysis.catalog.real_problems().count() + analysis.problems.len())
}

/// The keys of the footer with where they stand: action, key, word, first column.
#[must_use]
pub fn footer(model: &Model) -> Vec<(Action, String, &'static str, u16)> {
    const ORDER: [Action; 20] = [
        Action::Open,
        Action::EditValue,
        Action::ApplyFix,
        Action::NextView,
        Action::Filter,
        Action::NextGap,
        Action::FocusGraph,
        Action::Mark,
        Action::Follow,
        Action::Overlay,
        Action::NextPane,
        Action::Sort,
        Action::Cluster,
        Action::Transpose,
        Action::Empty,
        Action::EditFile,
        Action::Context,
        Action::Help,
        Action::Palette,
        Action::Close,
    ];
    // Help and the palette lead to all else, and must not be what a narrow screen cuts.
    let always = [Action::Help, Action::Palette, Action::Close];
    let width = |key: &str, word: &str| key.chars().count() + word.chars().count() + 3;
    let shown: Vec<(Action, String, &'static str)> = ORDER
        .into_iter()
        .filter(|action| model.unavailable(*action).is_none())
        .filter_map(|action| {
            let entry = ACTIONS.iter().find(|entry| entry.action == action)?;
            let key = model.keys.shown(action);
            (!entry.short.is_empty() && !key.is_empty()).then(|| (action, key.to_owned(), entry.short))
        })
        .collect();
    let kept: usize = shown
        .iter()
        .filter(|(action, _, _)| always.contains(action))
        .map(|(_, key, word)| width(key, word))
        .sum();
    let mut room = usize::from(model.size.0).saturating_sub(kept + 2);
    let mut out = Vec::new();
    let mut x = 1;
    for (action, key, word) in shown {
        let wide = width(&key, word);
        if !always.contains(&action) {
            if wide > room {
                continue;
            }
            room -= wide;
        }
        if x + wide > usize::from(model.size.0) + 2 {
            break;
        }
        out.push((action, key, word, u16::try_from(x).unwrap_or(u16::MAX)));
        x += wide;
    }
    out
}
