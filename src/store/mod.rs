//! Files only: finding a catalog, loading its files, making new ones, reading old ones from git, watching,
//! remembering.
//!
//! The store knows what a card file is; it does not know what the cards mean together. All else in
//! the library gets texts and values from here and never touches the file system itself.
#![allow(clippy::disallowed_methods)]

mod create;
mod drafts;
mod find;
mod folder;
mod git;
mod load;
mod logs;
mod meeting;
mod save;
mod state;
mod watch;

pub use crate::card::words::slug;
pub use create::{CreateError, SCHEMA_FILE, create_file, has_schema, write_file, write_schema};
pub use drafts::{
    Presence, be_present, plainly, put_drafts_aside, read_drafts, write_drafts, write_elsewhere,
};
pub use find::{Root, StoreError, find, prefix};
pub use folder::{EXPORT_LIST, Exported, FolderError, write_folder};
pub use git::{GitError, commits, is_commit, load_at};
pub use load::{Loaded, load, load_again, read_file};
pub use logs::{Cut, LogPiece, Logs, log_files, size_of};
pub use meeting::{read_meeting, watch_meeting, write_meeting, write_minutes};
pub use save::{SaveError, recover, save};
pub use state::{Config, Session, config, save_report, save_session, session};
pub use watch::{Watch, watch};
