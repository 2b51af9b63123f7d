//! Everything that can happen to the workbench, and everything that it can ask for.

use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::civil::Date;

use crate::analysis::Analysis;
use crate::analysis::fixes::{Proven, Together};
use crate::audit::opened::Opened;
use crate::catalog::{CardEdit, FileChange};
use crate::layout::graph::Drawing;
use crate::session::Session;

use super::form::Preview;
use super::layers::deed::{Tried, Wish};
use super::screens::audit::Logs;
use super::screens::graph::canvas;
use super::screens::maps;
use super::widgets::picture::Job;

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
    /// The fixes of the gap at this place came, for the request of this number.
    Fixes(u64, usize, Arc<Vec<Proven>>),
    /// So many bytes of the logs have been read, for the request of this number.
    LogsProgress(u64, u64),
    /// The logs were read and judged, or why they could not be, for the request of this number.
    LogsRead(u64, Result<Arc<Opened>, String>),
    /// The ways out of a gap that logs prove, for the request of this number: of the gap at a place, with
    /// a sentence each.
    Ways(u64, usize, Arc<Vec<Proven>>, Vec<String>),
    /// Data came, for the request of this number.
    Loaded(u64, Arc<Analysis>),
    /// What edits would come to, for the request of this number.
    Previewed(u64, Preview),
    /// What the ways out of several gaps come to, or why that is not known, for the request of this number.
    Together(u64, Result<Arc<Together>, String>),
    /// What a wish would come to, or why it cannot be, for the request of this number.
    Tried(u64, Result<Arc<Tried>, String>),
    /// The files were read, for the request of this number, and what is unsaved was merged with them.
    Read(u64, Box<Read>),
    /// These were written.
    Saved(Vec<FileChange>),
    /// They could not be written, and why; nothing was.
    Unsaved(String),
    /// No data came, for the request of this number.
    Failed(u64, String),
    /// The graph was drawn, for the request of this number.
    Drawn(u64, Arc<Drawing>),
    /// A map was drawn, for the request of this number.
    MapDrawn(u64, Arc<maps::Map>),
    /// A picture could not be drawn, and why.
    Undrawn(String),
    /// Files changed on disk.
    Changed,
    /// Something to say in passing; whether it is bad news.
    Say(String, bool),
}

/// The files as they were read, with what is unsaved.
#[derive(Debug)]
pub struct Read {
    /// Everything, analysed.
    pub analysis: Arc<Analysis>,
    /// What is unsaved, after it was merged with the files.
    pub session: Session,
    /// The files in which both were merged.
    pub merged: Vec<Arc<str>>,
}

/// Something to do that is not pure.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Analyse the catalog with other texts in some files, and answer with this number.
    Analyse(u64, Vec<FileChange>),
    /// Try the fixes of the gap at a place, and answer with this number.
    Fixes(u64, usize),
    /// Keep what is unsaved, so that a crash does not lose it.
    Keep,
    /// Say what edits would come to, and answer with this number.
    Preview(u64, Vec<CardEdit>),
    /// Say what the ways out of several gaps come to, and answer with this number.
    Together(u64, Vec<(usize, Option<String>)>),
    /// Say what a wish would come to, and answer with this number.
    Try(u64, Box<Wish>),
    /// Write files, all or none.
    Save(Vec<FileChange>),
    /// Write unsaved texts into a folder of their own.
    SaveElsewhere(Vec<FileChange>),
    /// Read and analyse the catalog for a day (none: today), and answer with this number.
    Load(u64, Option<Date>),
    /// Read and judge logs, and answer with this number; a reading that goes on is given up.
    ReadLogs(u64, Logs),
    /// Give up reading logs.
    StopLogs,
    /// Draw the graph, and answer with the number of this.
    Draw(Box<Job<canvas::Wanted>>),
    /// Draw a map, and answer with the number of this.
    DrawMap(Box<Job<maps::Wanted>>),
    /// Open a file of the catalog in the user's editor at a line.
    Edit(String, u32),
    /// Put text into the clipboard.
    Copy(String),
    /// Suspend to the shell.
    Suspend,
}
