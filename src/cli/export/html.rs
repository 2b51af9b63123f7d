//! The report: one self-contained page of HTML with all that the catalog holds and the analysis says.

use super::{Export, Exporter};
use crate::exchange::report::{Options, report};

/// See the module.
pub static EXPORTER: Exporter = Exporter { name: "html", formats: &["html"], options: &[], make };

fn make(export: &Export<'_>) -> anyhow::Result<Vec<u8>> {
    Ok(report(export.analysis, Options::default()).html.into_bytes())
}
