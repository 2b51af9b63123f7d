//! Everything that can happen to the workbench, and everything that it can ask for.

use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::civil::Date;

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::fixes::{Proven, Together};
use crate::analysis::supposed::Supposed;
use crate::analysis::whatif::Supposition;
use crate::audit::opened::Opened;
use crate::catalog::{CardEdit, FileChange};
use crate::layout::graph::Drawing;
use crate::session::Session;
use crate::session::meeting::{Known, Meeting};

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
    /// What there was at a commit, or why that is not known, for the request of this number.
    Known(u64, Result<Arc<Known>, String>),
    /// Another workbench wrote how a meeting stands; none where there was none.
    Meeting(Option<Box<Meeting>>),
    /// The minutes were written there, or why not.
    Minutes(Result<String, String>),
    /// So many seconds have passed since the last such message, or since the clock was started.
    Passed(u64),
    /// What is supposed comes to this, or which supposition cannot be made and why, for the request of this number.
    Supposed(u64, Result<Arc<Supposed>, (usize, String)>),
    /// The ways out of the gap that a meeting looks at came, for the request of this number.
    Remedies(u64, Arc<Vec<Proven>>),
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
    /// Tell now and then how much time has passed, or no more.
    Clock(bool),
    /// Try the fixes of the gap at a place, and answer with this number.
    Fixes(u64, usize),
    /// Keep what is unsaved, so that a crash does not lose it.
    Keep,
    /// Keep how a meeting stands, for tomorrow and for who looks on.
    KeepMeeting(Box<Meeting>),
    /// Find out which gaps there were at a commit, and answer with this number.
    Known(u64, String),
    /// Write minutes.
    Minutes {
        /// Where, from the catalog's root.
        path: String,
        /// As Markdown.
        markdown: String,
        /// As a page, beside it.
        html: String,
        /// Whether the user has chosen the place.
        chosen: bool,
    },
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
    /// Find out what suppositions come to in a context, and answer with this number.
    Suppose(u64, Vec<Supposition>, Context),
    /// Suspend to the shell.
    Suspend,
    /// Try the ways out of the gap at a place for a meeting, and answer with this number.
    Remedies(u64, usize),
}
