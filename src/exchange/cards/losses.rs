//! What a file of cards holds that its cards do not: said by every export that carries all cards.
//!
//! The card's fields are carried whole, unknown ones too; what is listed here is all that is not.

use std::collections::HashMap;

use super::Written;
use crate::card::kinds::Kind;
use crate::card::problem::Level;
use crate::card::words::Name;
use crate::catalog::Catalog;

/// What an export of all cards does not carry, a sentence each with its place.
#[must_use]
pub fn losses(catalog: &Catalog, cards: &[Written]) -> Vec<String> {
    let mut out = Vec::new();
    for ignore in &catalog.ignores {
        out.push(format!(
            "{}:{}: the comment that ignores a finding there; a Decision card would be carried",
            ignore.file, ignore.line
        ));
    }
    for problem in catalog.problems.iter().filter(|problem| problem.level == Level::Error) {
        out.push(format!("{}:{}: what is in error there: {}", problem.file, problem.line, problem.message));
    }
    let mut known: HashMap<(Kind, String), &Written> = HashMap::new();
    for card in cards.iter().filter(|card| card.kind != Kind::Decision) {
        let words = [card.text("id"), card.text("name")].into_iter().flatten();
        let words: Vec<_> = words.map(|word| (card.kind, Name::new(word).folded().to_owned())).collect();
        if let Some(first) = words.iter().find_map(|word| known.get(word)) {
            out.push(format!(
                "{}:{}: a second {} of the name of {}:{}; an import makes one of the two",
                card.file,
                card.line,
                card.kind.word().to_lowercase(),
                first.file,
                first.line
            ));
        }
        words.into_iter().for_each(|word| {
            known.entry(word).or_insert(card);
        });
    }
    let comments = cards.iter().map(|card| &card.file).collect::<std::collections::BTreeSet<_>>();
    let commented = catalog.files().filter(|file| {
        comments.contains(&file.path)
            && file.text.lines().any(|line| {
                line.trim_start().starts_with('#') && !line.contains("yaml-language-server")
                    || line.contains(" #")
            })
    });
    let commented = commented.count();
    if commented > 0 {
        let files = if commented == 1 { "1 file".to_owned() } else { format!("{commented} files") };
        out.push(format!("comments and the layout of YAML, in {files}"));
    }
    out
}
