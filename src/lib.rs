//! The personas of an AI workload team: what each may touch, what each must know, who answers for it.
//!
//! # The law of the layers
//!
//! Modules stand here in reading order. An arrow reads "may import"; below what a module imports,
//! it may import everything that those import. `tests/architecture.rs` fails on any other edge.
//!
//! ```text
//! catalog  -> card
//! graph    -> catalog
//! analysis -> graph
//! layout   -> graph, analysis
//! exchange -> analysis, layout
//! audit    -> analysis
//! session  -> analysis
//! store    -> card
//! cli, tui -> all of these; cli -> tui only to start it
//! ```
//!
//! `card`, `catalog`, `graph`, `analysis`, `layout`, `exchange`, `session` and `audit` are the core: values in,
//! values out, no IO, no clock.

pub mod analysis;
pub mod audit;
pub mod card;
pub mod catalog;
pub mod cli;
pub mod exchange;
pub mod graph;
pub mod layout;
pub mod session;
pub mod store;
pub mod tui;
