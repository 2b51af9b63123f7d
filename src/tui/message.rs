//! Everything that can happen to the workbench, and everything that it can ask for.

use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::civil::Date;

use crate::analysis::Analysis;
use crate::layout::graph::Drawing;

use super::screens::graph::canvas::Job;

/// Something that happened.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse did something, at a time in milliseconds.
    Mouse(MouseEvent, u64),
    /// Text was pasted; it is never run as keys.
    Paste(String),
    /// The terminal has another size: columns and rows.
    Resize(u16, u16),
    /// Data came, for the request of this number.
    Loaded(u64, Arc<Analysis>),
    /// No data came, for the request of this number.
    Failed(u64, String),
    /// The graph was drawn, for the request of this number.
    Drawn(u64, Arc<Drawing>),
    /// Files changed on disk.
    Changed,
    /// Something to say in passing; whether it is bad news.
    Say(String, bool),
}

/// Something to do that is not pure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read and analyse the catalog for a day (none: today), and answer with this number.
    Load(u64, Option<Date>),
    /// Draw the graph, and answer with the number of this.
    Draw(Box<Job>),
    /// Open a file of the catalog in the user's editor at a line.
    Edit(String, u32),
    /// Put text into the clipboard.
    Copy(String),
    /// Suspend to the shell.
    Suspend,
}
