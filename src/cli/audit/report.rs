//! What an audit shows, in whatever format: names, places and numbers as people read them.

use std::sync::Arc;

use crate::audit::collect::Totals;
use crate::audit::engine::Engine;
use crate::audit::event::written;
use crate::audit::judge::Known;
use crate::audit::summary::{AgentLine, Crossing, Summary, name};
use crate::audit::usage::{GrantUse, Usage};
use crate::audit::versions::Versions;
use crate::audit::words::remarks;
pub use crate::audit::words::{events, number, percent};
use crate::card::visible::visible;

/// What an audit shows.
pub struct Shown<'a> {
    /// What it was judged with.
    pub engine: &'a Engine,
    /// All that was read.
    pub totals: &'a Totals,
    /// Summed up.
    pub summary: &'a Summary,
    /// What it says of grants; none where a filter left something out.
    pub usage: Option<&'a Usage>,
    /// Whether each event was judged by the catalog of its time.
    pub history: bool,
}

impl Shown<'_> {
    /// The versions of the catalog.
    pub fn versions(&self) -> &Versions {
        &self.engine.versions
    }

    /// Who acted.
    pub fn actor(&self, known: &Known) -> Arc<str> {
        name(self.versions(), known, true)
    }

    /// On what.
    pub fn component(&self, known: &Known) -> Arc<str> {
        name(self.versions(), known, false)
    }

    /// The word of an environment.
    pub fn environment(&self, environment: Option<usize>) -> Option<&str> {
        let settings = &self.versions().now().analysis.catalog.settings;
        environment.map(|environment| settings.environment(environment))
    }

    /// Where the grant nearest to a crossing stands.
    pub fn place(&self, crossing: &Crossing) -> Option<String> {
        let (version, row) = crossing.row?;
        self.versions().version(version as usize).line(row)
    }

    /// The chain from one who acted to a human; none where it ends at none.
    pub fn chain(&self, line: &AgentLine) -> Option<Arc<str>> {
        let acting = line.actor.number().and_then(|number| self.versions().acting(number))?;
        acting.answered.then(|| acting.chain.clone())
    }

    /// Who set somebody to work: `P010 (parent, 12)`.
    pub fn set_by(&self, line: &AgentLine) -> Vec<String> {
        let id =
            |number: u32| self.versions().directory.actors.get(number as usize).map_or("?", |(_, id)| &**id);
        line.set_by
            .iter()
            .map(|(number, how, count)| format!("{} ({}, {count})", id(*number), how.word()))
            .collect()
    }

    /// A grant: whose, on what, and where it stands.
    pub fn grant(&self, one: &GrantUse) -> (String, String, String) {
        let catalog = &self.versions().now().analysis.catalog;
        let grant = &catalog.personas[one.persona.index()].grants[one.grant];
        let location = catalog.locate(grant.place);
        (
            catalog.label(one.persona.into()),
            catalog.label(one.component.into()),
            format!("{}:{}", location.file, location.position.line),
        )
    }

    /// The creep score of each persona with grants of which the logs can tell, the highest first.
    pub fn creeps(&self) -> Vec<(String, f64)> {
        let Some(usage) = self.usage else { return Vec::new() };
        let catalog = &self.versions().now().analysis.catalog;
        let groups = usage.grants.chunk_by(|left, right| left.persona == right.persona);
        let mut out: Vec<(String, f64)> = groups
            .filter_map(|group| Some((catalog.label(group.first()?.persona.into()), Usage::creep(group)?)))
            .collect();
        out.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        out
    }

    /// From when to when, as days.
    pub fn span(&self) -> Option<(String, String)> {
        let (first, last) = self.summary.when.first.zip(self.summary.when.last)?;
        let day = |moment: i64| written(moment).chars().take(10).collect::<String>();
        Some((day(first), day(last)))
    }

    /// What was noticed on the way, a sentence each.
    pub fn remarks(&self) -> Vec<String> {
        remarks(self.versions(), self.totals, self.summary)
    }

    /// Lines that could not be read, and logs: what, and how often.
    pub fn wrong(&self) -> Vec<String> {
        let mut out: Vec<String> = self
            .totals
            .unreadable
            .iter()
            .map(|(log, why)| visible(&format!("{log} cannot be read: {why}")).into_owned())
            .collect();
        let count: u64 = self.totals.wrong.values().sum();
        if count > 0 {
            out.push(format!(
                "{} {} no event:",
                number(count),
                if count == 1 { "line is" } else { "lines are" }
            ));
            out.extend(
                self.totals
                    .wrong
                    .iter()
                    .map(|(what, count)| format!("  {} times: {}", number(*count), visible(what))),
            );
            let told = self.totals.bad.iter();
            out.extend(
                told.map(|bad| visible(&format!("  {}:{}: {}", bad.source, bad.line, bad.what)).into_owned()),
            );
        }
        out
    }
}
