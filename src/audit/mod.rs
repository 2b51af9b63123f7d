//! What agents did, against what they may do: events of logs, whom they belong to, and a verdict each.
//!
//! Values in, values out: lines of logs come as bytes and findings go as values; files, pipes and
//! progress are elsewhere. What is compared with what, and which reason wins, is fixed in
//! `assets/audit.md`; [`sql`] says the same to the engines that hold larger logs.

pub mod boundary;
pub mod collect;
pub mod engine;
pub mod event;
pub mod filter;
pub mod findings;
pub mod judge;
pub mod kept;
pub mod mapping;
pub mod opened;
pub mod readers;
pub mod rows;
pub mod simulate;
pub mod sql;
pub mod summary;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod usage;
pub mod versions;
pub mod ways;
pub mod words;
