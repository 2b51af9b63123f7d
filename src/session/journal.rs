//! A session as it is kept between two runs: what is unsaved, and what can be undone.
//!
//! Plain data that can be written as JSON. Where it is kept is for the store to know.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalog::FileChange;

use super::{Edited, MOST_STEPS, Session, Step};

/// The form of the journal. A journal of another form is not read.
const FORM: u32 = 1;

/// How many bytes of steps are kept at most; the oldest go first.
const MOST_BYTES: usize = 8 << 20;

/// A session, to be kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Journal {
    form: u32,
    /// When it was written, as people read it.
    pub when: String,
    drafts: Vec<Draft>,
    steps: Vec<Kept>,
    done: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Draft {
    path: Arc<str>,
    disk: Option<Arc<str>>,
    now: Option<Arc<str>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    name: String,
    when: String,
    files: Vec<Draft>,
}

impl Journal {
    /// The journal of a session.
    #[must_use]
    pub fn of(session: &Session, when: &str) -> Self {
        let mut steps: Vec<Kept> = session
            .steps
            .iter()
            .map(|step| Kept {
                name: step.name.clone(),
                when: step.when.clone(),
                files: step
                    .changes
                    .iter()
                    .map(|change| Draft {
                        path: change.path.clone(),
                        disk: change.before.clone(),
                        now: change.after.clone(),
                    })
                    .collect(),
            })
            .collect();
        let mut done = session.done;
        let size = |step: &Kept| -> usize {
            let of = |text: &Option<Arc<str>>| text.as_ref().map_or(0, |text| text.len());
            step.files.iter().map(|file| of(&file.disk) + of(&file.now)).sum()
        };
        let mut bytes: usize = steps.iter().map(size).sum();
        while bytes > MOST_BYTES && !steps.is_empty() {
            bytes -= size(&steps.remove(0));
            done = done.saturating_sub(1);
        }
        let drafts = session
            .files
            .iter()
            .filter(|(_, edited)| edited.disk != edited.now)
            .map(|(path, edited)| Draft {
                path: path.clone(),
                disk: edited.disk.clone(),
                now: edited.now.clone(),
            })
            .collect();
        Self { form: FORM, when: when.to_owned(), drafts, steps, done }
    }

    /// Whether there is anything to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty() && self.steps.is_empty()
    }

    /// The files that were not saved.
    pub fn unsaved(&self) -> impl Iterator<Item = &str> {
        self.drafts.iter().map(|draft| &*draft.path)
    }

    /// The session as it was; without its unsaved edits only what can be undone. None of a journal of
    /// another form.
    #[must_use]
    pub fn session(self, with_drafts: bool) -> Option<Session> {
        if self.form != FORM {
            return None;
        }
        let steps: Vec<Step> = self
            .steps
            .into_iter()
            .take(MOST_STEPS)
            .map(|step| Step {
                name: step.name,
                when: step.when,
                changes: step
                    .files
                    .into_iter()
                    .map(|file| FileChange { path: file.path, before: file.disk, after: file.now })
                    .collect(),
            })
            .collect();
        let done = self.done.min(steps.len());
        let files = self
            .drafts
            .into_iter()
            .filter(|_| with_drafts)
            .map(|draft| (draft.path, Edited { disk: draft.disk, now: draft.now }))
            .collect();
        Some(Session { files, steps, done, ..Session::default() })
    }
}
