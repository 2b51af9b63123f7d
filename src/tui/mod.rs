//! The workbench: a message changes the model, the model is drawn.
//!
//! [`run`] alone reads, writes and asks the time. [`update`] and [`render`] are pure, so that tests
//! drive them without a terminal.

pub mod actions;
pub mod filter;
pub mod form;
pub mod layers;
pub mod layout;
pub mod message;
pub mod model;
pub mod render;
pub mod run;
pub mod screens;
pub mod text;
pub mod theme;
pub mod update;
pub mod widgets;

pub use run::{follow, start};
pub use theme::THEMES;

use crate::session::meeting::Scope;
use crate::store::Root;

/// How to open the workbench.
#[derive(Clone, Debug)]
pub struct Options {
    /// The catalog.
    pub root: Root,
    /// The day that counts, if not today.
    pub day: Option<jiff::civil::Date>,
    /// The look, if one is asked for.
    pub theme: Option<String>,
    /// With colours.
    pub color: bool,
    /// With ASCII signs only.
    pub ascii: bool,
    /// With the mouse.
    pub mouse: bool,
    /// Without edits.
    pub readonly: bool,
    /// Audit logs to open; no paths: those of the last session.
    pub logs: screens::audit::Logs,
    /// Begin where the agenda of a review is chosen, with this chosen already.
    pub review: Option<Scope>,
}
