//! Rows, one an event, written as they come.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;

use super::drive::{Reading, read};
use crate::audit::collect::Totals;
use crate::audit::engine::Engine;
use crate::audit::rows::Rows;

/// Reads logs and writes a row an event, to a file or to standard output.
///
/// # Errors
/// Where the logs are not there, or the rows cannot be written.
pub fn write_rows(
    engine: &Engine,
    reading: &Reading<'_>,
    rows: Rows,
    output: Option<&Path>,
) -> anyhow::Result<Totals> {
    let mut out: Box<dyn Write + Send> = match output {
        None => Box::new(std::io::BufWriter::with_capacity(1 << 16, std::io::stdout())),
        Some(path) => {
            let file = std::fs::File::create(path)
                .with_context(|| format!("{} could not be written", path.display()))?;
            Box::new(std::io::BufWriter::with_capacity(1 << 16, file))
        }
    };
    let mut failed = out.write_all(rows.head().as_bytes()).err();
    let mut write = |bytes: &[u8]| {
        if failed.is_none() {
            failed = out.write_all(bytes).err();
        }
    };
    let totals = read(engine, reading, Some(&mut write))?;
    match failed.or_else(|| out.flush().err()) {
        Some(error) => Err(anyhow::Error::new(error).context("the rows could not be written")),
        None => Ok(totals),
    }
}
