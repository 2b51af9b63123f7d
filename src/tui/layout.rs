//! Which part of the screen belongs to what, by its size. Used for drawing and for the mouse.

use ratatui::layout::Rect;

use crate::session::meeting::Course;

use super::actions::{ACTIONS, Action};
use super::model::{Model, Pane, Screen};

/// The parts of the screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Areas {
    /// The line of tabs.
    pub tabs: Rect,
    /// What stands above the list, on a screen that has that.
    pub above: Option<Rect>,
    /// The list, where it is shown.
    pub list: Option<Rect>,
    /// The selected thing, where it is shown.
    pub detail: Option<Rect>,
    /// How its access widens and narrows, where there is room.
    pub strip: Option<Rect>,
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
    let mut areas = panes(model);
    if let (Screen::Cards, Some(detail)) = (model.screen, areas.detail) {
        let below = super::screens::cards::strip_height(model, detail.height);
        if below > 0 {
            let height = detail.height - below;
            areas.detail = Some(Rect { height, ..detail });
            areas.strip = Some(Rect { y: detail.y + height, height: below, ..detail });
        }
    }
    areas
}

fn panes(model: &Model) -> Areas {
    let (width, height) = model.size;
    let tabs = Rect::new(0, 0, width, 1);
    let status = Rect::new(0, height.saturating_sub(2), width, 1);
    let footer = Rect::new(0, height.saturating_sub(1), width, 1);
    let mut body = Rect::new(0, 2, width, height.saturating_sub(4));
    let mut areas = Areas { tabs, status, footer, ..Areas::default() };
    if matches!(model.screen, Screen::Review | Screen::WhatIf) {
        areas.list = Some(body);
        return areas;
    }
    if model.screen == Screen::Audit {
        if model.audit.opened.is_none() {
            areas.list = Some(body);
            return areas;
        }
        // It moves up to the tabs: its first line is its heading.
        let above = super::screens::audit::top_height(model).min(body.height.saturating_sub(4));
        areas.above = Some(Rect { height: above, ..body });
        body = Rect { y: body.y + above, height: body.height - above, ..body };
    }
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
    let wide = matches!(model.screen, Screen::Audit | Screen::Gaps);
    let share = if wide { 46 } else { 36 };
    let list = (width * share / 100).clamp(38, if wide { 76 } else { 56 });
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

/// The tabs with where they stand: screen, text, first column. The narrower the screen, the less each says.
#[must_use]
pub fn tabs(model: &Model) -> Vec<(Screen, String, u16)> {
    let problems = problem_count(model);
    let labels: Vec<Label<'_>> = Screen::ALL
        .into_iter()
        .filter(|screen| !model.review.following || *screen == Screen::Review)
        .filter(|screen| *screen != Screen::Problems || problems > 0 || model.screen == Screen::Problems)
        .map(|screen| Label {
            screen,
            key: model.keys.shown(screen.action()),
            title: screen.title(),
            count: (screen == Screen::Problems).then_some(problems),
        })
        .collect();
    let name = model.analysis.as_deref().map_or(0, |analysis| analysis.catalog.name.chars().count());
    let room = usize::from(model.size.0);
    let folds = [Fold::Apart, Fold::Close, Fold::Counts, Fold::Keys];
    let laid = folds.into_iter().map(|fold| lay_tabs(&labels, model.screen, fold)).find(|(fold, _, end)| {
        // The name of the catalog stands to the right of tabs that have the room to stand apart.
        end + if *fold == Fold::Apart { name.min(12) + 3 } else { 0 } <= room
    });
    laid.unwrap_or_else(|| lay_tabs(&labels, model.screen, Fold::Keys)).1
}

/// What a tab can say.
struct Label<'a> {
    screen: Screen,
    key: &'a str,
    title: &'static str,
    /// How many there are of what the screen lists, where that is why one goes there.
    count: Option<usize>,
}

/// How much the tabs say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    /// Key and name, with a blank between tabs.
    Apart,
    /// Key and name.
    Close,
    /// The same; what is counted has its key and the count.
    Counts,
    /// The key alone, but for the screen that one is on.
    Keys,
}

type Tabs = Vec<(Screen, String, u16)>;

fn lay_tabs(labels: &[Label<'_>], here: Screen, fold: Fold) -> (Fold, Tabs, usize) {
    let gap = usize::from(fold == Fold::Apart);
    let mut x = gap;
    let mut out = Vec::new();
    for label in labels {
        let named = label.screen == here
            || match fold {
                Fold::Apart | Fold::Close => true,
                Fold::Counts => label.count.is_none(),
                Fold::Keys => false,
            };
        let count = label.count.map(|count| count.to_string());
        let words = [label.key, if named { label.title } else { "" }, count.as_deref().unwrap_or("")];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let text = format!(" {} ", if words.is_empty() { label.title.to_owned() } else { words.join(" ") });
        let width = text.chars().count();
        out.push((label.screen, text, u16::try_from(x).unwrap_or(u16::MAX)));
        x += width + gap;
    }
    (fold, out, x - gap.min(x))
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
    const ORDER: [Action; 21] = [
        Action::Open,
        Action::EditValue,
        Action::ApplyFix,
        Action::BulkEdit,
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
    // In a meeting what decides comes first; what it passes over is in the help.
    const MEETING: [Action; 15] = [
        Action::Open,
        Action::ApplyFix,
        Action::AcceptGap,
        Action::DeferGap,
        Action::RejectGap,
        Action::TrackGap,
        Action::NextGap,
        Action::PreviousItem,
        Action::EndMeeting,
        Action::Undo,
        Action::FocusGraph,
        Action::EditFile,
        Action::Context,
        Action::Help,
        Action::Close,
    ];
    const CHOOSING: [Action; 5] =
        [Action::Open, Action::Filter, Action::Help, Action::Palette, Action::Close];
    const SUPPOSING: [Action; 9] = [
        Action::Open,
        Action::ApplyFix,
        Action::DropSupposed,
        Action::Context,
        Action::Undo,
        Action::DropAllSupposed,
        Action::Help,
        Action::Palette,
        Action::Close,
    ];
    const FOLLOWING: [Action; 2] = [Action::Theme, Action::Close];
    let order: &[Action] = match (model.screen, &model.review.meeting) {
        (Screen::Review, _) if model.review.following => &FOLLOWING,
        (Screen::Review, Some(_)) => &MEETING,
        (Screen::Review, None) => &CHOOSING,
        (Screen::WhatIf, _) => &SUPPOSING,
        _ => &ORDER,
    };
    // Whether the meeting that runs, if one does, has a gap before it, or is at its end.
    let meets = model.screen == Screen::Review && model.review.meeting.is_some();
    let in_hand = meets.then(|| model.review.has_gap());
    let is_over = model.review.meeting.as_ref().is_some_and(|meeting| meeting.course == Course::Over);
    // Help and the palette lead to all else, and must not be what a narrow screen cuts.
    let always = [Action::Help, Action::Palette, Action::Close];
    let width = |key: &str, word: &str| key.chars().count() + word.chars().count() + 3;
    let shown: Vec<(Action, String, &'static str)> = order
        .iter()
        .copied()
        .filter(|action| model.unavailable(*action).is_none())
        // Enter only ends a meeting in so many words; else it goes on, as the key beside it does.
        .filter(|action| match action {
            Action::Open => in_hand != Some(true),
            Action::NextGap => in_hand != Some(false),
            _ => true,
        })
        // One card is changed with e; several that are marked are changed alike.
        .filter(|action| *action != Action::BulkEdit || model.screen == Screen::Cards && model.has_marks())
        .filter_map(|action| {
            let entry = ACTIONS.iter().find(|entry| entry.action == action)?;
            let key = model.keys.shown(action);
            // What is applied there is no fix.
            let short = match (action, model.screen) {
                (Action::ApplyFix, Screen::WhatIf) => "keep",
                (Action::Open, Screen::WhatIf) => "suppose",
                (Action::Open, Screen::Review) if is_over => "new agenda",
                (Action::Open, Screen::Review) if in_hand.is_some() => "end",
                _ => entry.short,
            };
            (!short.is_empty() && !key.is_empty()).then(|| (action, key.to_owned(), short))
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

#[cfg(test)]
mod tests {
    use super::*;

    const EIGHT: [&str; 8] = ["Cards", "Graph", "Matrix", "Maps", "Gaps", "Review", "What if", "Audit"];

    fn bar(fold: Fold, here: usize, problems: Option<usize>) -> String {
        // Which screens they are does not matter here, only that one of them is where one is.
        let screen = |place: usize| if place == here { Screen::Cards } else { Screen::Gaps };
        let keys: Vec<String> = (1..=8).map(|number| number.to_string()).collect();
        let mut labels: Vec<Label<'_>> = EIGHT
            .into_iter()
            .zip(&keys)
            .enumerate()
            .map(|(place, (title, key))| Label { screen: screen(place), key, title, count: None })
            .collect();
        if problems.is_some() {
            labels.push(Label { screen: Screen::Problems, key: "!", title: "Problems", count: problems });
        }
        let (_, tabs, end) = lay_tabs(&labels, Screen::Cards, fold);
        let mut line = String::new();
        for (_, text, x) in tabs {
            line.push_str(&" ".repeat(usize::from(x) - line.len()));
            line.push_str(&text);
        }
        assert_eq!(line.len(), end);
        line
    }

    #[test]
    fn eight_tabs_fit_eighty_columns_with_their_names() {
        assert!(bar(Fold::Apart, 0, None).len() > 80);
        assert_eq!(
            bar(Fold::Close, 0, None),
            " 1 Cards  2 Graph  3 Matrix  4 Maps  5 Gaps  6 Review  7 What if  8 Audit "
        );
        let counted = bar(Fold::Counts, 0, Some(12));
        assert!(counted.ends_with(" 8 Audit  ! 12 ") && counted.len() <= 80, "{counted}");
    }

    #[test]
    fn the_narrowest_bar_names_where_one_is() {
        assert_eq!(bar(Fold::Keys, 6, Some(3)), " 1  2  3  4  5  6  7 What if  8  ! 3 ");
        assert!((0..8).all(|here| bar(Fold::Keys, here, Some(3)).len() <= 40));
    }
}
