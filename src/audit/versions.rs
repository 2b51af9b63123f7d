//! The versions of a catalog, each as a boundary that holds from a moment on.
//!
//! Which versions there are is for the caller to say; here an event finds the one of its time.

use std::sync::Arc;

use super::boundary::{Acting, Boundary, Directory, Number};
use super::mapping::Mapping;
use crate::analysis::Analysis;

/// The versions of a catalog, oldest first: each holds from a moment on.
#[derive(Debug)]
pub struct Versions {
    /// From when each holds, in microseconds since 1970, and what it allows. Never empty.
    boundaries: Vec<(i64, Boundary)>,
    /// Whom and what they know.
    pub directory: Directory,
}

impl Versions {
    /// The catalog as it is, for all times.
    #[must_use]
    pub fn only(analysis: Arc<Analysis>, mapping: &Mapping) -> Self {
        let mut directory = Directory::default();
        let boundary = Boundary::of(analysis, mapping, &mut directory);
        Self { boundaries: vec![(i64::MIN, boundary)], directory }
    }

    /// Several versions, oldest first, the last of which is the catalog as it is. What was before the
    /// first is judged by the first.
    #[must_use]
    pub fn of(earlier: Vec<(i64, Arc<Analysis>)>, now: (i64, Arc<Analysis>), mapping: &Mapping) -> Self {
        let mut directory = Directory::default();
        let mut boundaries = Vec::new();
        for (from, analysis) in earlier.into_iter().chain([now]) {
            boundaries.push((from, Boundary::of(analysis, mapping, &mut directory)));
        }
        Self { boundaries, directory }
    }

    /// The number of the version at a moment; of a moment that is not known, the last.
    #[must_use]
    pub fn at(&self, moment: Option<i64>) -> usize {
        let after = moment.map_or(self.boundaries.len(), |moment| {
            self.boundaries.partition_point(|(from, _)| *from <= moment)
        });
        after.saturating_sub(1)
    }

    /// A version.
    #[must_use]
    pub fn version(&self, number: usize) -> &Boundary {
        &self.boundaries[number.min(self.boundaries.len() - 1)].1
    }

    /// The catalog as it is.
    #[must_use]
    pub fn now(&self) -> &Boundary {
        self.version(self.boundaries.len())
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.boundaries.len()
    }

    /// What is known of an actor, in the latest version that knows it.
    #[must_use]
    pub fn acting(&self, number: Number) -> Option<&Acting> {
        self.boundaries.iter().rev().find_map(|(_, boundary)| boundary.acting(number))
    }
}
