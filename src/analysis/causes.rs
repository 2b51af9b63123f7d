//! Which changes of lines made a finding come, go or change.
//!
//! It is found by trial: each change of lines is taken back alone, and what is then as it was before
//! needed it; then each is made alone, and what is then as it is now needed no other. Where there are
//! too many changes for that, or it took several together, the lines of the proof and of the cards
//! that it is about are named instead, and [`Link`] says so.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::card::problem::Level;
use crate::card::source::{Position, line_range};
use crate::card::{CardFile, parse_text};
use crate::catalog::{Catalog, Entity, Input};

use super::edits::{Edit, Lines, taken_back};
use super::finding::{Finding, Severity};
use super::key::{Key, keys};
use super::{Analysis, decisions};

/// How sure it is that lines made a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// With only these lines as they were, or only these as they are, the finding would be too.
    Proven,
    /// They are lines of the finding's proof.
    Proof,
    /// They are in a card that the finding is about.
    Card,
}

impl Link {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Proof => "proof",
            Self::Card => "card",
        }
    }
}

/// Lines that made a difference, on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// How sure that is.
    pub link: Link,
    /// Where it was. None where the file did not exist.
    pub before: Option<Side>,
    /// Where it is. None where the file does not exist any more.
    pub after: Option<Side>,
}

/// One side of a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The file, relative to the catalog's root.
    pub file: Arc<str>,
    /// The line, from 1: the most telling one of those that differ.
    pub line: u32,
    /// What stands there. None where the lines are on the other side only; then `line` is where
    /// they would be.
    pub text: Option<String>,
}

/// Trials cost an analysis each: at most this many personas are looked at in all of them together,
/// which takes a second or two.
const MOST_TRIED: usize = 20_000;

/// More lines than this are not listed for one finding.
const MOST_CAUSES: usize = 8;

/// What two snapshots differ in, ready to be asked about.
pub(super) struct Causes<'a> {
    before: &'a Analysis,
    after: &'a Analysis,
    edits: &'a [Edit],
    old_files: HashMap<&'a str, &'a CardFile>,
    new_files: HashMap<&'a str, &'a CardFile>,
    /// Places of the edits, by the file of either side.
    by_old: HashMap<&'a str, Vec<usize>>,
    by_new: HashMap<&'a str, Vec<usize>>,
    /// Places of the edits that alone made the finding of a key differ.
    proven: HashMap<Key, Vec<usize>>,
}

impl<'a> Causes<'a> {
    /// Tries the edits, where they are not too many.
    pub(super) fn new(before: &'a Analysis, after: &'a Analysis, edits: &'a [Edit]) -> Self {
        let mut by_old: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_new: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, edit) in edits.iter().enumerate() {
            for (lines, index) in [(&edit.before, &mut by_old), (&edit.after, &mut by_new)] {
                if let Some(lines) = lines {
                    index.entry(&*lines.file).or_default().push(place);
                }
            }
        }
        let cost = edits.len().saturating_mul(after.catalog.personas.len().max(1));
        let proven = if cost <= MOST_TRIED { proven(before, after, edits) } else { HashMap::new() };
        let files = |analysis: &'a Analysis| -> HashMap<&'a str, &'a CardFile> {
            analysis.catalog.files().map(|file| (&*file.path, &**file)).collect()
        };
        let (old_files, new_files) = (files(before), files(after));
        Self { before, after, edits, old_files, new_files, by_old, by_new, proven }
    }

    /// The causes for a finding of a key, with its places before and after.
    pub(super) fn of(&self, key: Option<&Key>, before: Option<usize>, after: Option<usize>) -> Vec<Cause> {
        let old = before.map(|place| Seen::of(self.before, &self.before.findings[place]));
        let new = after.map(|place| Seen::of(self.after, &self.after.findings[place]));
        let mut of_proof = BTreeSet::new();
        for (seen, index, is_old) in [(&old, &self.by_old, true), (&new, &self.by_new, false)] {
            let spans = seen.as_ref().map_or(&[][..], |seen| &seen.proof);
            of_proof.extend(self.within(spans, index, is_old));
        }
        let proven = key.and_then(|key| self.proven.get(key));
        // Only the best there is: beside a proven cause a guess is noise.
        let (link, mut places) = match proven {
            Some(proven) => (Link::Proven, proven.clone()),
            None if !of_proof.is_empty() => (Link::Proof, of_proof.iter().copied().collect()),
            None => (Link::Card, self.of_cards(new.as_ref().or(old.as_ref()))),
        };
        places.sort_by_key(|place| !of_proof.contains(place));
        places.truncate(MOST_CAUSES);
        let names = new.as_ref().or(old.as_ref()).map_or(&[][..], |seen| &seen.names);
        places
            .into_iter()
            .map(|place| {
                let edit = &self.edits[place];
                let side = |files: &HashMap<&str, &CardFile>, lines: &Option<Lines>, seen: &Option<Seen>| {
                    let lines = lines.as_ref()?;
                    Some(side(files.get(&*lines.file).copied(), lines, seen.as_ref(), names))
                };
                Cause {
                    link,
                    before: side(&self.old_files, &edit.before, &old),
                    after: side(&self.new_files, &edit.after, &new),
                }
            })
            .collect()
    }

    /// The edits in the cards of what a finding is about.
    fn of_cards(&self, seen: Option<&Seen>) -> Vec<usize> {
        let Some(seen) = seen else { return Vec::new() };
        let mut places = BTreeSet::new();
        places.extend(self.within(&cards(self.before, seen), &self.by_old, true));
        places.extend(self.within(&cards(self.after, seen), &self.by_new, false));
        places.into_iter().collect()
    }

    fn within(&self, spans: &[Span], index: &HashMap<&str, Vec<usize>>, is_old: bool) -> Vec<usize> {
        let of_file = |span: &Span| index.get(&*span.file).map_or(&[][..], Vec::as_slice);
        let mut found = Vec::new();
        for span in spans {
            for &place in of_file(span) {
                let edit = &self.edits[place];
                let lines = if is_old { &edit.before } else { &edit.after };
                if lines.as_ref().is_some_and(|lines| lines.touches(&span.file, span.first, span.last)) {
                    found.push(place);
                }
            }
        }
        found
    }
}

/// What counts of a finding when two snapshots are compared.
type State = (Severity, super::Confidence, String);

fn states(analysis: &Analysis) -> HashMap<Key, State> {
    let states = analysis.findings.iter().map(|finding| {
        let decided = finding.decision.as_ref();
        let decided = decided.map_or(String::new(), |decided| decisions::words(&analysis.catalog, decided));
        (finding.severity, finding.confidence, decided)
    });
    keys(analysis).into_iter().zip(states).collect()
}

/// The findings that single edits made differ, and which.
fn proven(before: &Analysis, after: &Analysis, edits: &[Edit]) -> HashMap<Key, Vec<usize>> {
    let (was, is) = (states(before), states(after));
    let mut proven = by_key(&trials(before, after, edits, &was, &is));
    let differ = |key: &Key| was.get(key) != is.get(key);
    let open = was.keys().chain(is.keys()).any(|key| differ(key) && !proven.contains_key(key));
    if open {
        let back = |edit: &Edit| Edit { before: edit.after.clone(), after: edit.before.clone() };
        let made: Vec<Edit> = edits.iter().map(back).collect();
        for (key, places) in by_key(&trials(after, before, &made, &is, &was)) {
            proven.entry(key).or_insert(places);
        }
    }
    proven
}

fn by_key(trials: &[Vec<Key>]) -> HashMap<Key, Vec<usize>> {
    let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
    for (place, keys) in trials.iter().enumerate() {
        for key in keys {
            places.entry(key.clone()).or_default().push(place);
        }
    }
    places
}

/// Per edit, taken back alone: the keys of the findings that are then not as they are, but as they were.
fn trials(
    before: &Analysis,
    after: &Analysis,
    edits: &[Edit],
    was: &HashMap<Key, State>,
    is: &HashMap<Key, State>,
) -> Vec<Vec<Key>> {
    edits
        .par_iter()
        .map(|edit| {
            let Some(files) = files_without(&before.catalog, &after.catalog, edit) else {
                return Vec::new();
            };
            let input = Input {
                folder: after.catalog.name.clone(),
                path: after.catalog.path.clone(),
                files,
                problems: Vec::new(),
            };
            let tried = states(&after.after(Arc::new(after.catalog.followed_by(input)), after.day));
            let different = |key: &&Key| {
                let state = tried.get(*key);
                state != is.get(*key) && state == was.get(*key)
            };
            let gone = was.keys().filter(|key| !is.contains_key(*key));
            is.keys().chain(gone).filter(different).cloned().collect()
        })
        .collect()
}

/// The files after, with one change taken back; none where that leaves no catalog that can be read.
fn files_without(before: &Catalog, after: &Catalog, edit: &Edit) -> Option<Vec<Arc<CardFile>>> {
    let find = |catalog: &Catalog, lines: Option<&Lines>| {
        lines.and_then(|lines| catalog.files().find(|file| file.path == lines.file)).cloned()
    };
    let (old, new) = (find(before, edit.before.as_ref()), find(after, edit.after.as_ref()));
    let instead = match (&old, &new) {
        (Some(old), Some(new)) => {
            let file = parse_text(&new.path, &taken_back(edit, &old.text, &new.text));
            let errors = |file: &CardFile| {
                file.problems.iter().filter(|problem| problem.level == Level::Error).count()
            };
            // Half a change may be no YAML; what follows from that says nothing about the other half.
            if errors(&file) > errors(old).max(errors(new)) {
                return None;
            }
            Some(Arc::new(file))
        }
        (old, _) => old.clone(),
    };
    let others = after.files().filter(|file| new.as_ref().is_none_or(|new| new.path != file.path));
    let mut files: Vec<_> = others.cloned().chain(instead).collect();
    // File order: component by component.
    files.sort_by(|left, right| left.path.split('/').cmp(right.path.split('/')));
    Some(files)
}

/// Lines of one value of a card.
struct Span {
    file: Arc<str>,
    first: u32,
    last: u32,
}

/// Where a finding is seen: the lines of its proof, and the words that its lines may hold.
struct Seen {
    proof: Vec<Span>,
    names: Vec<String>,
    /// Kind and id of subject and object: numbers are good for one snapshot only.
    entities: Vec<String>,
}

impl Seen {
    fn of(analysis: &Analysis, finding: &Finding) -> Self {
        let catalog = &analysis.catalog;
        let places = finding.place.into_iter().chain(finding.evidence.iter().map(|edge| edge.place));
        let mut proof: Vec<Span> = places
            .map(|place| {
                let location = catalog.locate(place);
                // Of a card as a whole only the line counts where it begins.
                let last = if place.path.is_card() {
                    location.position.line
                } else {
                    last_line(&location.position, &catalog.file_of(place.card).text)
                };
                Span { file: location.file.into(), first: location.position.line, last }
            })
            .collect();
        if let Entity::Ignore(id) = finding.subject {
            let ignore = &catalog.ignores[id.index()];
            proof.push(Span { file: ignore.file.clone(), first: ignore.line, last: ignore.line });
        }
        let entities = || finding.object.into_iter().chain([finding.subject]);
        let names = entities().flat_map(|entity| [catalog.name(entity), catalog.id(entity)]);
        Self {
            proof,
            names: names.map(|name| name.to_lowercase()).filter(|name| !name.is_empty()).collect(),
            entities: entities()
                .filter(|entity| !matches!(entity, Entity::Name(_) | Entity::Catalog | Entity::Ignore(_)))
                .map(|entity| format!("{}:{}", catalog.kind(entity).word(), catalog.id(entity)))
                .collect(),
        }
    }
}

/// The last line of a value. A block is said to end where what follows it begins; that is not its own.
fn last_line(position: &Position, text: &str) -> u32 {
    if position.last_line <= position.line {
        return position.line;
    }
    let end = line_range(text, position.last_line).map_or("", |range| &text[range]);
    let before_end = (position.end_column as usize).checked_sub(2).and_then(|place| end.chars().nth(place));
    if matches!(before_end, Some('}' | ']')) { position.last_line } else { position.last_line - 1 }
}

/// The lines of the cards of what a finding is about.
fn cards(analysis: &Analysis, seen: &Seen) -> Vec<Span> {
    let catalog = &analysis.catalog;
    let found = seen.entities.iter().flat_map(|name| catalog.find(name));
    let own = found.filter(|entity| catalog.is_declared(*entity));
    own.filter_map(|entity| {
        let place = catalog.place(entity)?;
        let location = catalog.locate(place);
        let last = last_line(&location.position, &catalog.file_of(place.card).text);
        Some(Span { file: location.file.into(), first: location.position.line, last })
    })
    .collect()
}

fn side(file: Option<&CardFile>, lines: &Lines, seen: Option<&Seen>, names: &[String]) -> Side {
    let text: Vec<(u32, &str)> = file.map_or(Vec::new(), |file| {
        let own = file.text.lines().skip(lines.first.saturating_sub(1) as usize).take(lines.count as usize);
        (lines.first..).zip(own).collect()
    });
    let proven = |line: u32| {
        seen.is_some_and(|seen| seen.proof.iter().any(|span| *span.file == *lines.file && span.first == line))
    };
    let named = |text: &str, name: &String| text.to_lowercase().contains(name);
    let best = text
        .iter()
        .find(|(line, _)| proven(*line))
        .or_else(|| names.iter().find_map(|name| text.iter().find(|(_, text)| named(text, name))))
        .or_else(|| text.iter().find(|(_, text)| says_something(text)))
        .or_else(|| text.first());
    Side {
        file: lines.file.clone(),
        line: best.map_or(lines.first, |(line, _)| *line),
        text: best.map(|(_, text)| text.trim().to_owned()),
    }
}

/// Whether a line is more than a comment or a sign of structure.
fn says_something(line: &str) -> bool {
    let line = line.trim();
    !line.starts_with('#') && line.chars().any(char::is_alphanumeric)
}
