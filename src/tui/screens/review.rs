//! Screen 6, Review: a meeting, from its agenda to its minutes, one gap filling the screen.
//!
//! What a meeting is, is for [`crate::session::meeting`]; here is what is on the screen of it. Who looks on
//! from a second terminal sees the same pages, and has no agenda to choose.

pub mod choose;
pub mod end;
pub mod page;

use std::sync::Arc;

use ratatui::Frame;

use crate::analysis::Finding;
use crate::analysis::fixes::Proven;
use crate::session::meeting::{Act, Meeting};
use crate::tui::layout::Areas;
use crate::tui::model::Model;

/// The ways out of the gap on the screen.
#[derive(Debug)]
pub struct Ways {
    /// The gap's key.
    pub key: String,
    /// They, once they were tried.
    pub found: Option<Arc<Vec<Proven>>>,
}

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    /// The meeting; none while its agenda is chosen.
    pub meeting: Option<Meeting>,
    /// The one before: to be taken up again, or to know what is new since.
    pub last: Option<Meeting>,
    /// How the agenda is chosen.
    pub choose: choose::State,
    /// The ways out of the gap on the screen.
    pub ways: Option<Ways>,
    /// The number of the last question to a worker; answers to earlier ones are dropped.
    pub asked: u64,
    /// The first line of what can be scrolled.
    pub offset: usize,
    /// What is to be decided once what was decided before is taken back.
    pub again: Option<Act>,
    /// Whether the meeting ends as soon as the cards are saved.
    pub ending: bool,
    /// Whether somebody looks on, and decides nothing.
    pub following: bool,
}

impl State {
    /// The finding on the screen.
    #[must_use]
    pub fn finding<'a>(&self, analysis: &'a crate::analysis::Analysis) -> Option<&'a Finding> {
        let place = self.meeting.as_ref()?.place()?;
        analysis.findings.get(place).map(|finding| &**finding)
    }

    /// The ways out of the gap on the screen, once they were tried.
    #[must_use]
    pub fn found(&self) -> Option<&Arc<Vec<Proven>>> {
        let key = &self.meeting.as_ref()?.item()?.key;
        self.ways.as_ref().filter(|ways| ways.key == *key)?.found.as_ref()
    }

    /// Whether a gap is on the screen about which something can be decided.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        self.meeting.as_ref().is_some_and(|meeting| meeting.item().is_some())
    }
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let (Some(analysis), Some(body)) = (model.analysis.as_deref(), areas.list) else { return };
    match &model.review.meeting {
        Some(meeting) => match meeting.item() {
            Some(item) => page::render(model, analysis, meeting, item, body, frame),
            None => end::render(model, meeting, body, frame),
        },
        None if model.review.following => choose::render_waiting(model, analysis, body, frame),
        None => choose::render(model, analysis, body, frame),
    }
}
