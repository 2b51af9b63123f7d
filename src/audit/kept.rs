//! Events beyond the boundary that are kept to be looked at one by one, in bounded memory.
//!
//! Counts are of all events; of the events themselves so many are kept that each crossing of the
//! boundary has some, however many there are of another.

use std::sync::Arc;

use super::event::Event;

/// How many events are kept in all.
pub const KEPT: usize = 5_000;
/// How many events are kept about which the same is said.
pub const KEPT_ALIKE: u32 = 100;

/// An event, and where it stands.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The log.
    pub source: Arc<str>,
    /// The line, from 1.
    pub line: u64,
    /// When, in microseconds.
    pub time: Option<i64>,
    /// What the log says.
    pub event: Event<'static>,
}
