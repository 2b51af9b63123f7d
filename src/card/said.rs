//! Which words a file says at all: a quick no before it is read again to find out who names whom.
//!
//! It knows words alone, no fields and no meaning; a yes is not yet a mention.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::node::{Node, documents};
use super::words::fold;

/// Hashes of the words of a file, in order. Two words may share one: a yes may be wrong, a no never is.
#[derive(Clone, Debug, Default)]
pub struct Said(Box<[u64]>);

impl Said {
    /// The words of a text: its values, and the names of its fields, which may name something too.
    pub(super) fn of(text: &str) -> Self {
        let mut hashes = Vec::new();
        for document in documents(text).0 {
            collect(&document, &mut hashes);
        }
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes.into())
    }

    /// Whether one of some words, folded, may be among them.
    pub fn any<'w>(&self, mut folded: impl Iterator<Item = &'w str>) -> bool {
        folded.any(|word| self.0.binary_search(&hash(word)).is_ok())
    }
}

fn hash(folded: &str) -> u64 {
    FixedState::default().hash_one(folded)
}

fn collect(node: &Node, hashes: &mut Vec<u64>) {
    match node {
        Node::Text(word) => say(word, hashes),
        Node::List(items) => items.iter().for_each(|item| collect(item, hashes)),
        Node::Map(entries) => {
            for (key, value) in entries {
                say(key, hashes);
                collect(value, hashes);
            }
        }
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) => {}
    }
}

fn say(word: &str, hashes: &mut Vec<u64>) {
    hashes.push(hash(&fold(word)));
    // `persona/P1` and `persona:P1` name P1.
    if let Some((_, word)) = word.split_once([':', '/']) {
        hashes.push(hash(&fold(word)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_folded_and_behind_its_kind() {
        let said = Said::of("a: [Azure  Storage, {B C: read}]\n---\nsubject: persona/P1\n");
        let any = |word: &str| said.any(std::iter::once(word));
        for word in ["azure storage", "b c", "read", "p1", "persona/p1", "subject"] {
            assert!(any(word), "{word}");
        }
        assert!(!any("azure") && !any("p2"));
    }
}
