//! The state of the workbench: plain data that [`super::update`] changes and [`super::render`] shows.
//!
//! Nothing here reads a file, a clock or a terminal.

use std::sync::Arc;

use jiff::civil::Date;

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::catalog::{Entity, EntityKind};
use crate::session::Session;

use super::actions::{Action, Key, KeyMap};
use super::form::{Form, Left};
use super::layers::deed::Then;
use super::layers::suppose::Suppose;
use super::layers::{Ask, Conflicts, Fixes, History, Recovered, Saving, Several, Sheet};
use super::screens::{audit, cards, gaps, graph, maps, matrix, problems, review, whatif};
use super::theme::Theme;

/// The screens. Their numbers are those of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// Cards of everything.
    Cards,
    /// The graph.
    Graph,
    /// Who against what.
    Matrix,
    /// Steps by environment, and components in layers.
    Maps,
    /// What is wrong with the team.
    Gaps,
    /// A meeting about what is wrong.
    Review,
    /// Suppositions, on a scratch copy.
    WhatIf,
    /// What agents did, against what they may do.
    Audit,
    /// What is wrong with the files.
    Problems,
}

impl Screen {
    /// Every screen, in the order of the tabs.
    pub const ALL: [Self; 9] = [
        Self::Cards,
        Self::Graph,
        Self::Matrix,
        Self::Maps,
        Self::Gaps,
        Self::Review,
        Self::WhatIf,
        Self::Audit,
        Self::Problems,
    ];

    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Cards => "Cards",
            Self::Graph => "Graph",
            Self::Matrix => "Matrix",
            Self::Maps => "Maps",
            Self::Gaps => "Gaps",
            Self::Review => "Review",
            Self::WhatIf => "What if",
            Self::Audit => "Audit",
            Self::Problems => "Problems",
        }
    }

    /// Its key.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::Cards => Action::Cards,
            Self::Graph => Action::Graph,
            Self::Matrix => Action::Matrix,
            Self::Maps => Action::Maps,
            Self::Gaps => Action::Gaps,
            Self::Review => Action::Review,
            Self::WhatIf => Action::WhatIf,
            Self::Audit => Action::Audit,
            Self::Problems => Action::Problems,
        }
    }
}

/// A pane of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The list.
    List,
    /// What is selected in it.
    Detail,
}

/// Where a list stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The selected row.
    pub row: usize,
    /// The first row that is shown.
    pub offset: usize,
}

impl Cursor {
    /// Moves to a row of `count`, of which `height` are shown.
    pub fn to(&mut self, row: usize, count: usize, height: usize) {
        self.row = row.min(count.saturating_sub(1));
        let height = height.max(1);
        // Some rows stay visible beyond the cursor, so that one sees where one goes.
        let margin = 3.min(height.saturating_sub(1) / 2);
        if self.row < self.offset + margin {
            self.offset = self.row.saturating_sub(margin);
        }
        if self.row + margin >= self.offset + height {
            self.offset = self.row + margin + 1 - height;
        }
        self.offset = self.offset.min(count.saturating_sub(height));
    }

    /// Moves by some rows.
    pub fn by(&mut self, delta: isize, count: usize, height: usize) {
        self.to(self.row.saturating_add_signed(delta), count, height);
    }
}

/// A place in the workbench, to come back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The screen.
    pub screen: Screen,
    /// The kind of the list of cards.
    pub kind: EntityKind,
    /// What was selected, by kind and id: numbers change when files do.
    pub entity: Option<(EntityKind, String)>,
    /// The filter.
    pub filter: String,
    /// The row of the list.
    pub row: usize,
}

/// What lies over the screen; the topmost owns the keys.
#[derive(Clone, Debug)]
pub enum Layer {
    /// Help for where one is.
    Help {
        /// The first line shown.
        offset: usize,
    },
    /// The command palette.
    Palette(PaletteState),
    /// Something is supposed.
    Suppose(Box<Suppose>),
    /// Questions in one line at the foot.
    Ask(Box<Ask>),
    /// A cell of a matrix, explained.
    Cell {
        /// Which of the lines that lead somewhere.
        chosen: usize,
        /// The first line shown.
        offset: usize,
    },
    /// A file that changed on disk and here.
    Conflicts(Conflicts),
    /// Something to be done to the catalog as a whole.
    Deed(Box<Sheet>),
    /// The ways out of a gap.
    Fixes(Fixes),
    /// A card that is edited.
    Form(Box<Form>),
    /// What was done.
    History(History),
    /// Where audit logs are to be opened.
    Logs {
        /// The path as typed.
        input: String,
    },
    /// Unsaved edits of an earlier run.
    Recovered(Recovered),
    /// What is about to be saved.
    Saving(Saving),
    /// The ways out of several gaps.
    Several(Box<Several>),
    /// The filter's line.
    Filter {
        /// What was there before, for Esc.
        before: String,
    },
    /// Environment, phase, risk and day.
    Context {
        /// Which of the four.
        row: usize,
        /// The day as typed.
        day: String,
        /// Why it is none.
        error: Option<String>,
    },
}

/// The command palette.
#[derive(Clone, Debug, Default)]
pub struct PaletteState {
    /// What is typed.
    pub input: String,
    /// What it leads to.
    pub choices: Vec<Choice>,
    /// The selected one.
    pub cursor: Cursor,
}

/// What a palette's line does.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it says.
    pub title: String,
    /// The characters that matched.
    pub places: Vec<usize>,
    /// What it does.
    pub does: Does,
    /// Why it cannot be done now.
    pub unavailable: Option<&'static str>,
}

/// What choosing a line of the palette does.
#[derive(Clone, Copy, Debug)]
pub enum Does {
    /// An action of the table.
    Act(Action),
    /// Opens a card.
    Go(Entity),
}

/// Something that happened, said in passing.
#[derive(Clone, Debug)]
pub struct Toast {
    /// What.
    pub text: String,
    /// Whether it is bad news.
    pub bad: bool,
    /// The revision of the screen that it came with; it goes with the next key.
    pub fresh: bool,
}

/// Who asked for what is being saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saver {
    /// Somebody did.
    Somebody,
    /// The workbench, which saves each step where that is wished for.
    Itself,
}

/// What the workbench shows.
#[derive(Debug)]
pub struct Model {
    /// The analysed catalog, once it is there, with what open logs prove among its findings.
    pub analysis: Option<Arc<Analysis>>,
    /// The same without what logs prove: what edits are measured by.
    pub bare: Option<Arc<Analysis>>,
    /// What is being done in the background.
    pub working: Option<String>,
    /// Why there is no catalog.
    pub failure: Option<String>,
    /// The last request for data; answers to earlier ones are dropped.
    pub revision: u64,
    /// Whether files are being read: an answer that knows nothing of an edit made meanwhile.
    pub reading: bool,
    /// What is edited and not written.
    pub session: Session,
    /// Whether an edit is on its way to the screen; keys wait for it.
    pub applying: bool,
    /// Keys that wait.
    pub held: Vec<crossterm::event::KeyEvent>,
    /// What was typed into forms and not kept.
    pub left: Vec<Left>,
    /// The last question to a worker; answers to earlier ones are dropped.
    pub asked: u64,
    /// The number of the question to a worker whose answer is carried out at once.
    pub direct: Option<u64>,
    /// Where one is to be once what was done is there.
    pub then: Option<Then>,
    /// Whether edits are refused.
    pub readonly: bool,
    /// Whether a step is saved when it is made.
    pub autosave: bool,
    /// Whether the difference is shown before anything is saved.
    pub diff_first: bool,
    /// Whether something is being saved, and who asked for it.
    pub saving: Option<Saver>,
    /// The time of day as it was when the last message came; written beside steps.
    pub clock: String,
    /// The day, if not today.
    pub day: Option<Date>,
    /// The environment, phase and risk that are looked at.
    pub context: Context,
    /// Columns and rows.
    pub size: (u16, u16),
    /// The screen.
    pub screen: Screen,
    /// The pane that has the keys.
    pub pane: Pane,
    /// Whether that pane is all there is.
    pub zoom: bool,
    /// Screen 1.
    pub cards: cards::State,
    /// Screen 2.
    pub graph: graph::State,
    /// Screen 3.
    pub matrix: matrix::State,
    /// Screen 4.
    pub maps: maps::State,
    /// Screen 5.
    pub gaps: gaps::State,
    /// Screen 6.
    pub review: review::State,
    /// Screen 7.
    pub whatif: whatif::State,
    /// Screen 8.
    pub audit: audit::State,
    /// The problems.
    pub problems: problems::State,
    /// What lies over the screen.
    pub layers: Vec<Layer>,
    /// What happened.
    pub toast: Option<Toast>,
    /// Where one was, and whence one came back.
    pub back: Vec<Spot>,
    /// See `back`.
    pub forward: Vec<Spot>,
    /// A place to come back to when data is there: of the last session.
    pub restore: Option<Spot>,
    /// The look.
    pub theme: Theme,
    /// Which keys do what.
    pub keys: KeyMap,
    /// Keys of a sequence that has only begun.
    pub pending: Vec<Key>,
    /// The last click: where, and when in milliseconds.
    pub clicked: Option<(u16, u16, u64)>,
    /// Whether to end.
    pub leaving: bool,
}

impl Model {
    /// A workbench that has no data yet.
    #[must_use]
    pub fn new(theme: Theme, keys: KeyMap, day: Option<Date>, size: (u16, u16)) -> Self {
        Self {
            analysis: None,
            bare: None,
            working: Some("reading the catalog".to_owned()),
            failure: None,
            revision: 0,
            reading: false,
            session: Session::default(),
            applying: false,
            held: Vec::new(),
            left: Vec::new(),
            asked: 0,
            direct: None,
            then: None,
            readonly: false,
            autosave: false,
            diff_first: false,
            saving: None,
            clock: String::new(),
            day,
            context: Context::default(),
            size,
            screen: Screen::Cards,
            pane: Pane::List,
            zoom: false,
            cards: cards::State::default(),
            graph: graph::State::default(),
            matrix: matrix::State::default(),
            maps: maps::State::default(),
            gaps: gaps::State::default(),
            audit: audit::State::default(),
            review: review::State::default(),
            whatif: whatif::State::default(),
            problems: problems::State::default(),
            layers: Vec::new(),
            toast: None,
            back: Vec::new(),
            forward: Vec::new(),
            restore: None,
            theme,
            keys,
            pending: Vec::new(),
            clicked: None,
            leaving: false,
        }
    }

    /// What is selected, wherever one is.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        let analysis = self.analysis.as_deref()?;
        match self.screen {
            Screen::Cards => match self.pane {
                Pane::Detail => self.cards.value().and_then(|value| value.entity).or(self.cards.entity()),
                Pane::List => self.cards.entity(),
            },
            Screen::Graph => self.graph.selected(),
            Screen::Matrix => self.matrix.pair().map(|(row, _)| row),
            Screen::Maps => self.maps.selected(),
            Screen::Gaps => self.gaps.finding(analysis).map(|finding| finding.subject),
            Screen::Audit => self.audit.entities(analysis).0,
            Screen::Review => self.review.finding(analysis).map(|finding| finding.subject),
            Screen::WhatIf | Screen::Problems => None,
        }
    }

    /// The filter of the screen.
    #[must_use]
    pub fn filter(&self) -> &str {
        match self.screen {
            Screen::Cards => &self.cards.filter,
            Screen::Gaps => &self.gaps.filter,
            Screen::Audit => &self.audit.filter,
            Screen::Matrix => &self.matrix.options.filter,
            Screen::Maps => &self.maps.filter,
            Screen::Review if self.review.meeting.is_none() => &self.review.choose.scope.words,
            Screen::Graph if self.graph.projection == graph::Projection::Canvas => &self.graph.canvas.search,
            Screen::Graph | Screen::Review | Screen::WhatIf | Screen::Problems => "",
        }
    }

    /// Why an action cannot be done now.
    #[must_use]
    pub fn unavailable(&self, action: Action) -> Option<&'static str> {
        let entry = super::actions::entry_of(action);
        if !entry.screens.is_empty() && !entry.screens.contains(&self.screen) {
            return Some(match entry.screens {
                [Screen::Review] => "only in a review",
                _ => "not on this screen",
            });
        }
        let no_data = self.analysis.is_none();
        match action {
            // Opening a box that stands for several shows them.
            Action::Open if self.screen == Screen::Graph && self.graph.canvas.item().is_some() => None,
            // Enter begins, goes on or ends, or asks what is supposed, whatever is selected.
            Action::Open if matches!(self.screen, Screen::Review | Screen::WhatIf) => None,
            Action::ApplyFix if self.screen == Screen::WhatIf && !self.whatif.can_be_kept() => {
                Some("nothing is supposed that cards could say")
            }
            Action::ApplyFix if self.screen == Screen::WhatIf && !self.readonly => None,
            Action::DropSupposed | Action::DropAllSupposed if self.whatif.suppositions.is_empty() => {
                Some("nothing is supposed")
            }
            Action::Suppose if no_data => Some("no catalog is open"),
            Action::Filter if self.screen == Screen::WhatIf => Some("not on this screen"),
            Action::NextGap | Action::PreviousGap if self.screen == Screen::Review => {
                self.review.meeting.is_none().then_some("no meeting runs")
            }
            Action::EndMeeting | Action::PreviousItem if self.review.meeting.is_none() => {
                Some("no meeting runs")
            }
            Action::AcceptGap
            | Action::DeferGap
            | Action::RejectGap
            | Action::TrackGap
            | Action::ApplyFix
                if self.screen == Screen::Review && !self.review.has_gap() =>
            {
                Some("no gap is on the screen")
            }
            Action::AcceptGap | Action::DeferGap | Action::RejectGap | Action::TrackGap if self.readonly => {
                Some("this workbench is read-only")
            }
            Action::Filter if self.screen == Screen::Review && self.review.meeting.is_some() => {
                Some("the agenda is made; it can be filtered before it begins")
            }
            Action::Open | Action::Copy | Action::FocusGraph
                if self.selected().is_none()
                    && self.screen != Screen::Problems
                    && !(self.screen == Screen::Audit && self.audit.row().is_some()) =>
            {
                Some("nothing is selected")
            }
            Action::More | Action::Fewer | Action::Overlay
                if self.screen == Screen::Cards && self.cards.strip().is_none() =>
            {
                Some("this card's access is the same over time, risk and phases")
            }
            Action::CloseLogs if self.audit.logs.paths.is_empty() => Some("no logs are open"),
            Action::ApplyFix
            | Action::NextView
            | Action::Sort
            | Action::Overlay
            | Action::More
            | Action::Fewer
            | Action::PageLeft
            | Action::PageRight
            | Action::Filter
                if self.screen == Screen::Audit && self.audit.opened.is_none() =>
            {
                Some("no logs are open")
            }
            Action::ClearContext if self.context.is_open() && self.day.is_none() => Some("no context is set"),
            Action::PageLeft | Action::PageRight | Action::Sort | Action::ZoomIn | Action::ZoomOut
                if self.screen == Screen::Graph && self.graph.projection != graph::Projection::Canvas =>
            {
                Some("only on the canvas")
            }
            Action::NextGap | Action::PreviousGap
                if self.analysis.as_ref().is_none_or(|analysis| analysis.findings.is_empty()) =>
            {
                Some("there are no gaps")
            }
            Action::ApplyFix
            | Action::BulkEdit
            | Action::DeleteCard
            | Action::Duplicate
            | Action::EditValue
            | Action::Lower
            | Action::Merge
            | Action::NewCard
            | Action::Raise
            | Action::Redo
            | Action::Rename
            | Action::Save
            | Action::SaveAll
            | Action::Split
            | Action::Undo
                if self.readonly =>
            {
                Some("this workbench is read-only")
            }
            Action::EditValue if self.selected().is_none() => Some("nothing is selected"),
            Action::NewCard if no_data => Some("no catalog is open"),
            Action::BulkEdit
            | Action::DeleteCard
            | Action::Duplicate
            | Action::Merge
            | Action::Rename
            | Action::Split => self.deed_unavailable(action),
            Action::Unmark if !self.has_marks() => Some("nothing is marked"),
            Action::ShowUnsaved if self.session.unsaved().next().is_none() => Some("everything is saved"),
            Action::ApplyFix
                if self.analysis.as_ref().is_none_or(|analysis| analysis.findings.is_empty()) =>
            {
                Some("there are no gaps")
            }
            Action::HistoryBack if self.back.is_empty() => Some("you were nowhere before"),
            Action::HistoryForward if self.forward.is_empty() => Some("nothing to go forward to"),
            Action::Filter if self.screen == Screen::Graph => {
                (self.graph.projection != graph::Projection::Canvas).then_some("only on the canvas")
            }
            Action::Filter if self.screen == Screen::Problems => Some("not on this screen"),
            Action::Context | Action::Sort | Action::NextView | Action::EditFile if no_data => {
                Some("no catalog is open")
            }
            _ => None,
        }
    }

    /// Whether something is marked on this screen.
    #[must_use]
    pub fn has_marks(&self) -> bool {
        match self.screen {
            Screen::Cards => !self.cards.marked.is_empty(),
            Screen::Gaps => !self.gaps.marked.is_empty(),
            Screen::Graph => !self.graph.marks.is_empty(),
            _ => false,
        }
    }

    /// Why a deed on whole cards cannot be done now.
    fn deed_unavailable(&self, action: Action) -> Option<&'static str> {
        let Some(analysis) = self.analysis.as_deref() else { return Some("no catalog is open") };
        let catalog = &analysis.catalog;
        let entity = match self.screen {
            Screen::Cards => self.cards.entity(),
            _ => self.selected(),
        };
        let marked = self.screen == Screen::Cards
            && matches!(action, Action::BulkEdit | Action::DeleteCard | Action::Merge)
            && self.cards.marked.iter().any(|(kind, _)| *kind == self.cards.kind);
        let Some(entity) = entity else { return (!marked).then_some("nothing is selected") };
        let of_persona = matches!(entity, Entity::Persona(_));
        match action {
            Action::Merge if !of_persona => Some("only personas are merged"),
            Action::Split if !of_persona => Some("only personas are split"),
            Action::Split => match entity {
                Entity::Persona(id) if catalog.personas[id.index()].processes.len() < 2 => {
                    Some("it has fewer than two processes")
                }
                _ => None,
            },
            Action::BulkEdit | Action::DeleteCard | Action::Duplicate
                if super::layers::deed::card_kind(catalog.kind(entity)).is_none() =>
            {
                Some("it has no card of its own")
            }
            Action::BulkEdit | Action::DeleteCard | Action::Duplicate
                if !marked && !catalog.is_declared(entity) =>
            {
                Some("it has no card")
            }
            Action::Rename
                if matches!(
                    entity,
                    Entity::Catalog
                        | Entity::Decision(_)
                        | Entity::Ignore(_)
                        | Entity::DutySet(_)
                        | Entity::Duplicate(_)
                ) =>
            {
                Some("it has no name that others use")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_stays_in_its_list_and_in_sight() {
        let mut cursor = Cursor::default();
        cursor.by(50, 20, 10);
        assert_eq!(cursor, Cursor { row: 19, offset: 10 });
        cursor.by(-10, 20, 10);
        assert_eq!(cursor.row, 9);
        assert!(cursor.offset <= 9 && 9 < cursor.offset + 10);
        cursor.to(0, 0, 10);
        assert_eq!(cursor, Cursor { row: 0, offset: 0 });
    }
}
