//! The words along a matrix's edges: short labels, and column heads stacked into narrow columns.
//!
//! Text in, lines out; where they stand and what they look like is for whoever draws them.

use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::card::visible::visible;
use crate::card::words::fold;
use crate::catalog::{Catalog, Entity};

/// The label of a row: `P009 Build Agent MLOps`, `Azure Storage`.
#[must_use]
pub fn row_label(catalog: &Catalog, entity: Entity) -> String {
    let (id, name) = (catalog.id(entity), catalog.name(entity));
    let label = if id == name { name.into_owned() } else { format!("{id} {name}") };
    visible(&label).into_owned()
}

/// The labels of columns: ids of personas that have one, names of all else. A first word that most of
/// them share is left out and stands as an ellipsis.
#[must_use]
pub fn column_labels(catalog: &Catalog, entities: &[Entity], ascii: bool) -> Vec<String> {
    let labels: Vec<String> = entities
        .iter()
        .map(|entity| {
            let label = match entity {
                Entity::Persona(_) => catalog.id(*entity),
                other => catalog.name(*other),
            };
            visible(&label).into_owned()
        })
        .collect();
    without_shared_word(labels, if ascii { "~" } else { "…" })
}

fn without_shared_word(labels: Vec<String>, ellipsis: &str) -> Vec<String> {
    let first = |label: &str| label.split_once(' ').map(|(word, _)| fold(word));
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for word in labels.iter().filter_map(|label| first(label)) {
        *counts.entry(word).or_default() += 1;
    }
    let shared = counts.into_iter().find(|(_, count)| *count >= 3 && count * 2 > labels.len());
    let Some((shared, _)) = shared else { return labels };
    labels
        .into_iter()
        .map(|label| match label.split_once(' ') {
            Some((word, rest)) if fold(word) == shared => format!("{ellipsis}{}", rest.trim_start()),
            _ => label,
        })
        .collect()
}

/// Column heads as lines, all of one height, text at the bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// Columns of text that a head takes at most.
    pub width: usize,
    /// Lines that every head has.
    pub height: usize,
    /// By column: its lines.
    pub lines: Vec<Vec<String>>,
}

impl Heads {
    /// Stacks words into the narrowest width of a range in which most labels stand in at most `most`
    /// lines with their words whole. Longer words are abbreviated, longer labels end in an ellipsis.
    #[must_use]
    pub fn stacked(labels: &[String], widths: RangeInclusive<usize>, most: usize, ascii: bool) -> Self {
        let ellipsis = if ascii { "~" } else { "…" };
        let widest = *widths.end();
        let whole = |label: &str, width: usize| {
            parts(label).all(|(_, part)| part.width() <= width) && stack(label, width).len() <= most
        };
        let width = widths
            .clone()
            .find(|width| {
                let fit = labels.iter().filter(|label| whole(label, *width)).count();
                fit * 4 >= labels.len() * 3
            })
            .unwrap_or(widest);
        let stacked = labels.iter().map(|label| cut(stack(label, width), width, most, ellipsis)).collect();
        Self::of(width, stacked)
    }

    /// Writes each label downwards, a letter a line: for columns of a single sign.
    #[must_use]
    pub fn vertical(labels: &[String], most: usize, ascii: bool) -> Self {
        let ellipsis = if ascii { "~" } else { "…" };
        let lines = labels
            .iter()
            .map(|label| {
                // A letter of two columns would stand in the next head.
                let letters: Vec<String> = label
                    .graphemes(true)
                    .map(|letter| if letter.width() == 1 { letter.to_owned() } else { "?".to_owned() })
                    .collect();
                cut(letters, 1, most, ellipsis)
            })
            .collect();
        Self::of(1, lines)
    }

    fn of(width: usize, mut lines: Vec<Vec<String>>) -> Self {
        let height = lines.iter().map(Vec::len).max().unwrap_or(0);
        for head in &mut lines {
            let missing = height - head.len();
            head.splice(0..0, std::iter::repeat_n(String::new(), missing));
        }
        Self { width, height, lines }
    }
}

/// The words of a label, parted after hyphens too: with whether a blank stands before each.
fn parts(label: &str) -> impl Iterator<Item = (bool, &str)> {
    label.split_whitespace().flat_map(|word| {
        word.split_inclusive(['-', '/', '_']).enumerate().map(|(place, part)| (place == 0, part))
    })
}

/// The words of a label in lines; a word that is too long is abbreviated.
fn stack(label: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (blank, part) in parts(label) {
        if let Some(last) = lines.last_mut()
            && last.width() + usize::from(blank) + part.width() <= width
        {
            last.push_str(if blank { " " } else { "" });
            last.push_str(part);
            continue;
        }
        lines.push(abbreviated(part, width));
    }
    lines
}

fn abbreviated(word: &str, width: usize) -> String {
    if word.width() <= width {
        return word.to_owned();
    }
    let mut out = String::new();
    for letter in word.graphemes(true) {
        if out.width() + letter.width() + 1 > width {
            break;
        }
        out.push_str(letter);
    }
    out.push('.');
    out
}

fn cut(mut lines: Vec<String>, width: usize, most: usize, ellipsis: &str) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most.max(1));
        if let Some(last) = lines.last_mut() {
            while last.width() + ellipsis.width() > width && !last.is_empty() {
                let end = last.grapheme_indices(true).next_back().map_or(0, |(start, _)| start);
                last.truncate(end);
            }
            last.push_str(ellipsis);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn heads_are_as_narrow_as_their_words_allow() {
        let heads = Heads::stacked(&owned(&["Key Vault", "GitHub", "A I"]), 4..=9, 3, false);
        assert_eq!((heads.width, heads.height), (6, 2));
        assert_eq!(heads.lines[0], ["Key", "Vault"]);
        assert_eq!(heads.lines[1], ["", "GitHub"]);
        assert_eq!(heads.lines[2], ["", "A I"]);
    }

    #[test]
    fn what_is_too_long_is_abbreviated_and_then_cut() {
        let heads = Heads::stacked(&owned(&["Configuration data fine-tuning base"]), 4..=8, 3, false);
        assert_eq!(heads.lines[0], ["Configu.", "data", "fine-…"]);
        let heads = Heads::vertical(&owned(&["abcdef", "x", "日本"]), 4, true);
        assert_eq!(
            heads.lines,
            [owned(&["a", "b", "c", "~"]), owned(&["", "", "", "x"]), owned(&["", "", "?", "?"])]
        );
    }

    #[test]
    fn a_word_that_most_share_is_said_once() {
        let labels = owned(&["Azure Storage", "azure Key Vault", "Azure DevOps", "GitHub"]);
        assert_eq!(without_shared_word(labels, "…"), ["…Storage", "…Key Vault", "…DevOps", "GitHub"]);
        let labels = owned(&["Azure Storage", "Azure", "GitHub"]);
        assert_eq!(without_shared_word(labels.clone(), "…"), labels);
    }
}
