//! The page as it is now, and what has to be said of it, for all connections.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::analysis::Analysis;
use crate::exchange::report::{Options, Report, report};

/// What is served.
pub struct State {
    now: Mutex<Now>,
    changed: Condvar,
}

/// The newest of it.
#[derive(Clone)]
pub struct Now {
    /// Its number; no two states of one server, nor of one started later, have the same.
    pub number: u64,
    /// The page.
    pub page: Arc<Report>,
    /// Why it may be old, in a sentence.
    pub trouble: Option<String>,
    /// Counts changes of either.
    pub turn: u64,
}

impl State {
    /// The first page.
    pub fn new(analysis: &Analysis) -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let number = u64::try_from(started).unwrap_or_default();
        let page = Arc::new(report(analysis, Options { live: Some(number) }));
        Self { now: Mutex::new(Now { number, page, trouble: None, turn: 0 }), changed: Condvar::new() }
    }

    /// What is to be shown now.
    pub fn now(&self) -> Now {
        self.lock().clone()
    }

    /// The next state after a turn; none where there is none for a while.
    pub fn after(&self, turn: u64, patience: Duration) -> Option<Now> {
        let waited = self.changed.wait_timeout_while(self.lock(), patience, |now| now.turn == turn);
        let (now, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (now.turn != turn).then(|| now.clone())
    }

    /// Another page, if it says anything else.
    pub fn update(&self, analysis: &Analysis) {
        let before = self.now();
        let number = before.number + 1;
        let page = report(analysis, Options { live: Some(number) });
        let mark = |number: u64| format!("data-live=\"{number}\"");
        let same = page.html.replacen(&mark(number), &mark(before.number), 1) == before.page.html;
        if same && before.trouble.is_none() {
            return;
        }
        let mut now = self.lock();
        if !same {
            now.number = number;
            now.page = Arc::new(page);
        }
        now.trouble = None;
        now.turn += 1;
        drop(now);
        self.changed.notify_all();
    }

    /// Says why the page may be old.
    pub fn trouble(&self, sentence: String) {
        let mut now = self.lock();
        now.trouble = Some(sentence);
        now.turn += 1;
        drop(now);
        self.changed.notify_all();
    }

    /// A thread that died while it held the state has left a whole one: each change is one assignment.
    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
