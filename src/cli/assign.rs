//! What the commands that edit cards have in common: what a deed comes to, shown, then written.
//!
//! It is shared by `set`, `grant`, `revoke`, `rename`, `remove` and `duplicate`; each says only what to do.

use std::path::Path;

use anyhow::{anyhow, bail};
use clap::Args;

use super::changes::{counted, patch, write};
use super::fix::summary;
use super::style::{Style, safe, wrap};
use super::{OK, print};
use crate::analysis::{Analysis, Finding};
use crate::card::problem::Level;
use crate::session::deeds::{Deed, new_problems};

/// Options of every command that edits cards.
#[derive(Debug, Args)]
pub struct EditOptions {
    /// Show the difference, and write nothing.
    #[arg(long, short = 'n')]
    pub dry_run: bool,
}

/// What is renamed: the word as it was, and as it is.
pub type Renamed<'w> = Option<(&'w str, &'w str)>;

/// Shows what a deed comes to, and writes it unless it is a trial: all files or none.
///
/// # Errors
/// Where it cannot be made, or would leave an error in a card; then nothing is written.
pub fn carry_out(
    analysis: &Analysis,
    deed: Result<Deed, String>,
    path: Option<&Path>,
    options: &EditOptions,
    style: Style,
) -> anyhow::Result<u8> {
    carry_out_renaming(analysis, deed, None, path, options, style)
}

/// The same, of a deed that renames: a finding that is only called otherwise is neither gone nor new.
///
/// # Errors
/// As of [`carry_out`].
pub fn carry_out_renaming(
    analysis: &Analysis,
    deed: Result<Deed, String>,
    renamed: Renamed<'_>,
    path: Option<&Path>,
    options: &EditOptions,
    style: Style,
) -> anyhow::Result<u8> {
    let deed = deed.map_err(|why| anyhow!("{}", safe(&why)))?;
    let outcome =
        analysis.outcome(&deed.edits).map_err(|refusal| anyhow!("{}", safe(&refusal.to_string())))?;
    if outcome.changes.is_empty() {
        print("It is so already; nothing was written.\n")?;
        return Ok(OK);
    }
    let problems = new_problems(&analysis.catalog, &outcome.after.catalog);
    if let Some(error) = problems.iter().find(|problem| problem.level == Level::Error) {
        bail!("{}; nothing was written. {}", safe(&error.message), safe(&error.hint));
    }
    let mut out = patch(&outcome.changes, style);
    out.push('\n');
    for problem in problems {
        out.push_str(&wrap(
            &format!("note: {}. {}", safe(&problem.message), safe(&problem.hint)),
            style.width,
            "",
        ));
    }
    let mut gone: Vec<&Finding> = outcome.gone.iter().map(|&place| &*analysis.findings[place]).collect();
    let mut new: Vec<&Finding> = outcome.new_findings().collect();
    if let Some((from, to)) = renamed {
        new.retain(|finding| {
            let same = |old: &&Finding| {
                old.rule.id == finding.rule.id
                    && old.severity == finding.severity
                    && old.message.replace(from, to) == finding.message.replace(from, to)
            };
            let known = gone.iter().position(same);
            known.map(|place| gone.remove(place)).is_none()
        });
    }
    for (word, sign, messages) in [("closes", "-", gone), ("opens", "+", new)] {
        for finding in messages.iter().take(MOST) {
            let line = format!("{sign} {word} {}: {}", finding.rule.id, safe(&finding.message));
            out.push_str(&wrap(&line, style.width, ""));
        }
        if messages.len() > MOST {
            out.push_str(&format!("{sign} {word} {} more\n", messages.len() - MOST));
        }
    }
    out.push_str(&format!("{}\n", summary(analysis, &outcome.after)));
    if options.dry_run {
        out.push_str("Nothing was written.\n");
    } else {
        write(path, &outcome.changes)?;
        out.push_str(&format!("Wrote {}.\n", counted(&outcome.changes)));
    }
    print(&out)?;
    Ok(OK)
}

/// More findings than this are counted, not listed.
const MOST: usize = 12;
