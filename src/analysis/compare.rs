//! Two snapshots compared: which findings are new, gone or changed, and which lines made it so.
//!
//! Findings are the same where their [keys](super::key) are; that lines moved is no change. What
//! made a difference is for [`super::causes`] to find out.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::catalog::Catalog;

use super::causes::{Cause, Causes};
use super::edits::edits;
use super::finding::{Finding, Severity, order};
use super::key::{Key, keys};
use super::{Analysis, decisions};

/// How a finding differs between two snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// It was not there before.
    New,
    /// It is more severe, or open again.
    Worse,
    /// Its severity, confidence or decision is another, and it is not worse.
    Changed,
    /// It is no more.
    Gone,
}

impl Kind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::New, Self::Worse, Self::Changed, Self::Gone];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

/// A finding that is not as it was.
#[derive(Clone, Debug)]
pub struct Change {
    /// How it differs.
    pub kind: Kind,
    /// Its place among the findings before.
    pub before: Option<usize>,
    /// Its place among the findings after.
    pub after: Option<usize>,
    /// What of it differs; empty for new and gone ones.
    pub differences: Vec<Difference>,
    /// The lines that made it so, the most telling first.
    pub causes: Vec<Cause>,
}

/// One value that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `severity`, `confidence` or `decision`.
    pub what: &'static str,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// What is different between two snapshots.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The snapshot that was.
    pub before: &'a Analysis,
    /// The snapshot that is.
    pub after: &'a Analysis,
    /// The findings that are not as they were: by kind, then as findings are sorted.
    pub changes: Vec<Change>,
    /// How many findings are as they were.
    pub same: usize,
    /// How many runs of lines differ.
    pub edits: usize,
}

impl<'a> Comparison<'a> {
    /// Compares two snapshots, and finds the lines that made the differences.
    #[must_use]
    pub fn of(before: &'a Analysis, after: &'a Analysis) -> Self {
        let (old_keys, new_keys) = (keys(before), keys(after));
        let (mut changes, same) = changes((before, &old_keys), (after, &new_keys));
        let edits = if changes.is_empty() { Vec::new() } else { edits(&before.catalog, &after.catalog) };
        let causes = Causes::new(before, after, &edits);
        changes.par_iter_mut().for_each(|change| {
            let key = match (change.after, change.before) {
                (Some(place), _) => new_keys.get(place),
                (None, place) => place.and_then(|place| old_keys.get(place)),
            };
            change.causes = causes.of(key, change.before, change.after);
        });
        Self { before, after, changes, same, edits: edits.len() }
    }

    /// The changes of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.kind == kind)
    }

    /// The finding of a change: as it is, or as it was where it is gone.
    #[must_use]
    pub fn finding(&self, change: &Change) -> (&'a Analysis, &'a Finding) {
        match (change.after, change.before) {
            (Some(place), _) => (self.after, &self.after.findings[place]),
            (None, place) => (self.before, &self.before.findings[place.unwrap_or_default()]),
        }
    }

    /// Whether an open finding of at least this severity is new or worse.
    #[must_use]
    pub fn adds(&self, limit: Severity) -> bool {
        self.changes.iter().filter(|change| matches!(change.kind, Kind::New | Kind::Worse)).any(|change| {
            let (_, finding) = self.finding(change);
            finding.is_open() && finding.severity.at_least(limit)
        })
    }
}

fn changes(
    (before, old_keys): (&Analysis, &[Key]),
    (after, new_keys): (&Analysis, &[Key]),
) -> (Vec<Change>, usize) {
    let mut old: HashMap<&Key, usize> =
        old_keys.iter().enumerate().map(|(place, key)| (key, place)).collect();
    let mut same = 0;
    let mut changes = Vec::new();
    for (place, key) in new_keys.iter().enumerate() {
        let was = old.remove(key);
        let differences = was.map_or(Vec::new(), |was| {
            differences((&before.catalog, &before.findings[was]), (&after.catalog, &after.findings[place]))
        });
        let kind = match was {
            None => Kind::New,
            Some(_) if differences.is_empty() => {
                same += 1;
                continue;
            }
            Some(was) if is_worse(&before.findings[was], &after.findings[place]) => Kind::Worse,
            Some(_) => Kind::Changed,
        };
        changes.push(Change { kind, before: was, after: Some(place), differences, causes: Vec::new() });
    }
    let gone = old.into_values().map(|place| Change {
        kind: Kind::Gone,
        before: Some(place),
        after: None,
        differences: Vec::new(),
        causes: Vec::new(),
    });
    changes.extend(gone);
    changes.sort_by(|left, right| {
        let finding = |change: &Change| match (change.after, change.before) {
            (Some(place), _) => (&after.catalog, &after.findings[place]),
            (None, place) => (&before.catalog, &before.findings[place.unwrap_or_default()]),
        };
        let by_kind = left.kind.cmp(&right.kind);
        // Of one kind both are of the same side.
        by_kind.then_with(|| order(finding(left).0, finding(left).1, finding(right).1))
    });
    (changes, same)
}

fn differences(
    (old_catalog, old): (&Catalog, &Finding),
    (new_catalog, new): (&Catalog, &Finding),
) -> Vec<Difference> {
    let decided = |catalog: &Catalog, finding: &Finding| {
        finding.decision.as_ref().map_or("open".to_owned(), |decided| decisions::words(catalog, decided))
    };
    let difference =
        |what, before: String, after: String| (before != after).then_some(Difference { what, before, after });
    [
        difference("severity", old.severity.word().to_owned(), new.severity.word().to_owned()),
        difference("confidence", old.confidence.word().to_owned(), new.confidence.word().to_owned()),
        difference("decision", decided(old_catalog, old), decided(new_catalog, new)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn is_worse(old: &Finding, new: &Finding) -> bool {
    new.is_open() && (!old.is_open() || new.severity < old.severity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::causes::{Link, Side};
    use crate::analysis::testing::{analysis, analysis_of};
    use proptest::prelude::*;

    const PROCESS: &str = "kind: Process
name: Build
steps:
  - name: Store
    environments: [dev]
    uses:
      - Storage: read
";
    const ANA: &str = "kind: Persona
id: P1
name: Ana
component_access:
  - component: Storage
    level: read
    environments: [dev]
processes:
  - Build
";

    /// `kind severity rule object differences`, each followed by its causes.
    fn lines(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
        let (before, after) = (analysis_of(before), analysis_of(after));
        let compared = Comparison::of(&before, &after);
        let side = |side: &Option<Side>| match side {
            None => "no file".to_owned(),
            Some(side) => {
                format!("{}:{} {}", side.file, side.line, side.text.as_deref().unwrap_or("nothing"))
            }
        };
        let mut out = Vec::new();
        for change in &compared.changes {
            let (analysis, finding) = compared.finding(change);
            let object = finding.object.map_or("-".into(), |object| analysis.catalog.id(object));
            let differ = change.differences.iter();
            let differ: Vec<_> =
                differ.map(|one| format!("{}: {} > {}", one.what, one.before, one.after)).collect();
            let (kind, severity) = (change.kind.word(), finding.severity.word());
            out.push(
                format!("{kind} {severity} {} {object} {}", finding.rule.id, differ.join(", "))
                    .trim()
                    .to_owned(),
            );
            for cause in &change.causes {
                out.push(format!(
                    "  {}: {} | {}",
                    cause.link.word(),
                    side(&cause.before),
                    side(&cause.after)
                ));
            }
        }
        out
    }

    #[test]
    fn a_wider_grant_is_a_new_finding_of_its_line() {
        let wide = ANA.replace("level: read", "level: admin").replace("id: P1", "# a remark\nid: P1");
        assert_eq!(
            lines(&[("a.yaml", ANA), ("b.yaml", PROCESS)], &[("a.yaml", &wide), ("b.yaml", PROCESS)]),
            ["new high excess-level Storage", "  proven: a.yaml:6 level: read | a.yaml:7 level: admin"]
        );
    }

    #[test]
    fn what_is_lost_far_away_is_found_by_trial() {
        let idle = PROCESS.replace("      - Storage: read", "      - Other: read");
        let found = lines(&[("a.yaml", ANA), ("b.yaml", PROCESS)], &[("a.yaml", ANA), ("b.yaml", &idle)]);
        let place = found.iter().position(|line| line.starts_with("new medium unneeded-access Storage"));
        let place = place.unwrap_or_else(|| panic!("{found:#?}"));
        assert_eq!(found[place + 1], "  proven: b.yaml:7 - Storage: read | b.yaml:7 - Other: read");
    }

    #[test]
    fn of_two_changes_in_a_card_only_the_one_that_did_it_is_named() {
        let agent = "kind: Persona\nid: P2\nname: Bot\ndescription: one\ntype: agent\naccountable: P1\nescalates_to: [P1]\nprimary_interaction: [Ana]\n";
        let mended = agent.replace("one", "two") + "override: P1\n";
        assert_eq!(
            lines(&[("a.yaml", ANA), ("b.yaml", agent)], &[("a.yaml", ANA), ("b.yaml", &mended)]),
            ["gone high no-override -", "  proven: b.yaml:9 nothing | b.yaml:9 override: P1"]
        );
    }

    #[test]
    fn two_changes_that_each_suffice_are_lines_of_the_proof() {
        let wide = ANA.replace("level: read", "level: write").replace("[dev]", "[prod]");
        let found = lines(&[("a.yaml", ANA), ("b.yaml", PROCESS)], &[("a.yaml", &wide), ("b.yaml", PROCESS)]);
        let new = found.iter().position(|line| line.contains("human-write-in-prod")).expect("it is new");
        assert_eq!(found[new + 1], "  proven: a.yaml:6 level: read | a.yaml:6 level: write", "{found:#?}");
    }

    #[test]
    fn what_either_change_alone_had_done_is_proven_by_making_it() {
        let agent =
            |id: &str| format!("kind: Persona\nid: {id}\nname: {id}\ntype: agent\nprocesses: [Build]\n");
        let human = |id: &str| agent(id).replace("agent", "human");
        let b = ("b.yaml", PROCESS);
        let found = lines(
            &[("P1.yaml", &agent("P1")), ("P2.yaml", &agent("P2")), b],
            &[("P1.yaml", &human("P1")), ("P2.yaml", &human("P2")), b],
        );
        let gone = found.iter().position(|line| line.contains("agents-only-process")).expect("it is gone");
        assert_eq!(found[gone], "gone info agents-only-process -");
        assert_eq!(found[gone + 1], "  proven: P1.yaml:4 type: agent | P1.yaml:4 type: human");
        assert_eq!(found[gone + 2], "  proven: P2.yaml:4 type: agent | P2.yaml:4 type: human");
    }

    #[test]
    fn severities_confidences_and_decisions_change() {
        let write = ANA.replace("level: read", "level: write");
        let admin = ANA.replace("level: read", "level: admin");
        let decision = "kind: Decision
finding: {rule: excess-level, subject: P1, object: Storage, environment: dev}
action: accept
reason: spring
by: Ana
until: 2027-01-31
";
        let b = ("b.yaml", PROCESS);
        let top = |cause: &str| format!("  proven: {cause}");
        assert_eq!(
            lines(&[("a.yaml", &write), b], &[("a.yaml", &admin), b]),
            [
                "worse high excess-level Storage severity: medium > high",
                &top("a.yaml:6 level: write | a.yaml:6 level: admin")
            ]
        );
        assert_eq!(
            lines(&[("a.yaml", &admin), b], &[("a.yaml", &write), b]),
            [
                "changed medium excess-level Storage severity: high > medium",
                &top("a.yaml:6 level: admin | a.yaml:6 level: write")
            ]
        );
        let (open, decided) = ([("a.yaml", &*write), b], [("a.yaml", &*write), b, ("c.yaml", decision)]);
        assert_eq!(
            lines(&open, &decided),
            [
                "changed medium excess-level Storage decision: open > accepted until 2027-01-31 by Ana: spring",
                "  proven: no file | c.yaml:2 finding: {rule: excess-level, subject: P1, object: Storage, environment: dev}"
            ]
        );
        let worse = lines(&decided, &open);
        assert!(worse[0].starts_with("worse medium excess-level Storage decision: accepted"), "{worse:?}");
        let unsure = PROCESS.replace("    uses:\n      - Storage: read\n", "");
        let both = "  - Build\n  - Other\n";
        let vague = ANA.replace("  - Build\n", both);
        let changed = lines(
            &[("a.yaml", &ANA.replace("Storage", "Vault")), b],
            &[("a.yaml", &vague.replace("Storage", "Vault")), b],
        );
        assert!(
            changed.iter().any(|line| line
                == "changed low unneeded-access Vault severity: medium > low, confidence: high > low"),
            "{changed:#?} {unsure}"
        );
    }

    #[test]
    fn a_file_that_moved_or_was_renamed_changes_nothing() {
        let wide = ANA.replace("level: read", "level: admin");
        let both = format!("# all in one\n\n{PROCESS}---\n{wide}");
        assert_eq!(
            lines(&[("a.yaml", &wide), ("b.yaml", PROCESS)], &[("x/y.yaml", &both)]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn half_a_change_that_is_no_yaml_is_not_tried() {
        // The line between stays as it is, and either change alone leaves a bracket without its other half.
        let card = |open: &str, level: &str| {
            format!(
                "kind: Persona\nid: P1\nname: Ana\nprocesses: [Build]\ncomponent_access: {open}\n  environments: [dev],\n  level: {level}\n"
            )
        };
        let before = card("{component: Storage,", "read}");
        let after = card("[{component: Storage,", "admin}]");
        assert_eq!(
            lines(&[("a.yaml", &before), ("b.yaml", PROCESS)], &[("a.yaml", &after), ("b.yaml", PROCESS)]),
            [
                "new high excess-level Storage",
                "  proof: a.yaml:5 component_access: {component: Storage, | a.yaml:5 component_access: [{component: Storage,",
                "  proof: a.yaml:7 level: read} | a.yaml:7 level: admin}]"
            ]
        );
    }

    /// A catalog of documents, from numbers: which personas, at which level, where.
    fn documents(choices: &[(u8, u8, bool)]) -> Vec<String> {
        let personas = choices.iter().enumerate().map(|(place, (level, environment, agent))| {
            let level = ["read", "write", "admin"][usize::from(*level) % 3];
            let environment = ["dev", "stage", "prod"][usize::from(*environment) % 3];
            let kind = if *agent { "agent" } else { "human" };
            format!("kind: Persona\nid: P{place}\nname: Persona {place}\ntype: {kind}\ncomponent_access:\n  - component: Storage\n    level: {level}\n    environments: [{environment}]\nprocesses:\n  - Build\n")
        });
        personas.chain([PROCESS.to_owned()]).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_finding_is_counted_once_and_there_and_back_are_opposites(
            before in prop::collection::vec((0..3_u8, 0..3_u8, any::<bool>()), 0..4),
            after in prop::collection::vec((0..3_u8, 0..3_u8, any::<bool>()), 0..4),
        ) {
            let before = analysis(&documents(&before).join("---\n"));
            let after = analysis(&documents(&after).join("---\n"));
            let there = Comparison::of(&before, &after);
            let back = Comparison::of(&after, &before);
            let count = |compared: &Comparison<'_>, kind| compared.of_kind(kind).count();
            let both = count(&there, Kind::Worse) + count(&there, Kind::Changed) + there.same;
            prop_assert_eq!(count(&there, Kind::Gone) + both, before.findings.len());
            prop_assert_eq!(count(&there, Kind::New) + both, after.findings.len());
            prop_assert_eq!(count(&there, Kind::New), count(&back, Kind::Gone));
            prop_assert_eq!(count(&there, Kind::Gone), count(&back, Kind::New));
            prop_assert_eq!(there.same, back.same);
            for change in &there.changes {
                // One change of lines alone did it all.
                let proven = change.causes.iter().all(|cause| cause.link == Link::Proven);
                prop_assert!(there.edits > 1 || (proven && change.causes.len() == 1), "{:?}", change);
                prop_assert_eq!(change.differences.is_empty(), matches!(change.kind, Kind::New | Kind::Gone));
            }
        }

        #[test]
        fn order_remarks_and_files_make_no_difference(
            choices in prop::collection::vec((0..3_u8, 0..3_u8, any::<bool>()), 1..5),
            blanks in 0..4_usize,
        ) {
            let documents = documents(&choices);
            let before = analysis(&documents.join("---\n"));
            let remark = format!("# a remark\n{}", "\n".repeat(blanks));
            let files: Vec<(String, String)> = documents
                .iter()
                .enumerate()
                .map(|(place, text)| (format!("{place}.yaml"), format!("{remark}{text}")))
                .collect();
            let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
            let after = analysis_of(&files);
            let compared = Comparison::of(&before, &after);
            prop_assert_eq!(compared.changes.len(), 0, "{:?}", compared.changes);
            prop_assert_eq!(compared.same, before.findings.len());
        }
    }
}
