//! Edits of a catalog's cards: what becomes of the files, and the snapshot that follows.
//!
//! Pure: texts in, texts out. Files are written by [`crate::store`], undone by the session. All edits
//! of one call are made or none is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::card::edit::{self, Change, Edit, Refusal, Route};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::slug;
use crate::card::{CardFile, FileChange, Spot, parse_text};

use super::{CardId, Catalog, Input, Place, build};

/// One edit of a catalog.
#[derive(Clone, Debug, PartialEq)]
pub enum CardEdit {
    /// Change a value of a card.
    Change {
        /// The card.
        card: CardId,
        /// The way to the value.
        route: Route,
        /// What to do there.
        change: Change,
    },
    /// Add a card where cards of its kind stand.
    Add {
        /// Its kind.
        kind: Kind,
        /// Its fields, without `kind`.
        fields: Vec<(Box<str>, Node)>,
    },
    /// Remove a card, and its file where it is the only one.
    Remove(CardId),
    /// Write a whole file; it is the last that is done to it.
    Write(FileChange),
    /// Remove the comment that ignores a rule.
    RemoveIgnore {
        /// The file.
        file: Arc<str>,
        /// The line, from 1.
        line: u32,
    },
}

impl CardEdit {
    /// A change of what stands at a place.
    #[must_use]
    pub fn at(place: Place, change: Change) -> Self {
        Self::Change { card: place.card, route: place.path.into(), change }
    }
}

impl Catalog {
    /// What edits make of the files: each file once, in file order.
    ///
    /// # Errors
    /// Why one of the edits cannot be made; then none is.
    pub fn changes(&self, edits: &[CardEdit]) -> Result<Vec<FileChange>, Refusal> {
        let mut files: Vec<FileChange> = Vec::new();
        let mut changes: Vec<(CardId, &Route, &Change)> = Vec::new();
        let mut removed: Vec<CardId> = Vec::new();
        for edit in edits {
            match edit {
                CardEdit::Change { card, route, change } => {
                    let new = (*card, route, change);
                    // Two fixes may ask for the same.
                    if !changes.contains(&new) {
                        changes.push(new);
                    }
                }
                CardEdit::Remove(card) => {
                    if !removed.contains(card) {
                        removed.push(*card);
                    }
                }
                CardEdit::Add { .. } | CardEdit::RemoveIgnore { .. } | CardEdit::Write(_) => {}
            }
        }
        changes.retain(|(card, _, _)| !removed.contains(card));
        // What is removed moves what stands behind it, so removals come last, and from the end.
        let (mut gone, stay): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|(_, _, change)| matches!(change, Change::Remove));
        gone.sort_by(|left, right| (right.0, right.1).cmp(&(left.0, left.1)));
        for (card, route, change) in stay.into_iter().chain(gone) {
            let spot = self.spot_of(card);
            let text = self.text_for(card, &mut files)?;
            let edit = Edit { spot, route: route.clone(), change: change.clone() };
            *text = edit::apply(text, &[edit])?.into();
        }
        let comments = edits.iter().filter_map(|edit| match edit {
            CardEdit::RemoveIgnore { file, line } => Some((file, *line)),
            _ => None,
        });
        for (file, line) in comments {
            let text = self.text_of_file(file, &mut files)?;
            *text = edit::remove_comment(text, line, "persona:")?.into();
        }
        removed.sort_unstable_by(|left, right| right.cmp(left));
        for card in removed {
            let spot = self.spot_of(card);
            let file = self.file_of(card).path.clone();
            let text = self.text_for(card, &mut files)?;
            match edit::remove_card(text, spot)? {
                Some(rest) => *text = rest.into(),
                None => files.iter_mut().filter(|own| own.path == file).for_each(|own| own.after = None),
            }
        }
        for edit in edits {
            if let CardEdit::Add { kind, fields } = edit {
                self.add(*kind, fields, &mut files)?;
            }
        }
        for edit in edits {
            if let CardEdit::Write(change) = edit {
                files.retain(|file| file.path != change.path);
                files.push(change.clone());
            }
        }
        files.retain(|file| file.before != file.after);
        files.sort_by(|left, right| left.path.split('/').cmp(right.path.split('/')));
        Ok(files)
    }

    /// The snapshot after edits, without touching a file.
    ///
    /// # Errors
    /// Why one of the edits cannot be made.
    pub fn after(&self, edits: &[CardEdit]) -> Result<Self, Refusal> {
        Ok(self.with(&self.changes(edits)?))
    }

    /// The snapshot with other texts in some of its files.
    #[must_use]
    pub fn with(&self, changes: &[FileChange]) -> Self {
        let mut files: Vec<Arc<CardFile>> = self.files().cloned().collect();
        for change in changes {
            let known = files.iter().position(|file| file.path == change.path);
            let new = change.after.as_ref().map(|text| Arc::new(parse_text(&change.path, text)));
            match (known, new) {
                (Some(place), Some(new)) => files[place] = new,
                (Some(place), None) => drop(files.remove(place)),
                (None, Some(new)) => {
                    let place = files.partition_point(|file| file.path.split('/').lt(new.path.split('/')));
                    files.insert(place, new);
                }
                (None, None) => {}
            }
        }
        self.followed_by(Input {
            folder: self.origin.folder.clone(),
            path: self.path.clone(),
            files,
            problems: self.origin.problems.clone(),
        })
    }

    /// The snapshot of other files. It equals what [`build`] makes of them, and shares with this
    /// one what is the same.
    #[must_use]
    pub fn followed_by(&self, input: Input) -> Self {
        build::again(self, &input).unwrap_or_else(|| build(input))
    }

    /// What is different between two snapshots, file by file.
    #[must_use]
    pub fn changes_to(&self, after: &Self) -> Vec<FileChange> {
        let texts = |catalog: &Self| -> BTreeMap<Arc<str>, Arc<str>> {
            catalog.files().map(|file| (file.path.clone(), file.text.clone())).collect()
        };
        let (old, new) = (texts(self), texts(after));
        let paths: BTreeSet<&Arc<str>> = old.keys().chain(new.keys()).collect();
        let mut changes: Vec<FileChange> = paths
            .into_iter()
            .map(|path| FileChange {
                path: path.clone(),
                before: old.get(path).cloned(),
                after: new.get(path).cloned(),
            })
            .filter(|change| change.before != change.after)
            .collect();
        changes.sort_by(|left, right| left.path.split('/').cmp(right.path.split('/')));
        changes
    }

    /// The edits that write the texts of another snapshot.
    #[must_use]
    pub fn rewritten(&self, after: &Self) -> Vec<CardEdit> {
        self.changes_to(after).into_iter().map(CardEdit::Write).collect()
    }

    /// Where in its file a card stands.
    #[must_use]
    pub fn spot_of(&self, card: CardId) -> Spot {
        self.cards[card.index()].spot
    }

    /// The card that stands at a place of a file.
    #[must_use]
    pub fn card_at(&self, file: &str, spot: Spot) -> Option<CardId> {
        let file = self.sources.iter().position(|source| *source.file.path == *file)?;
        let own = |info: &super::CardInfo| info.file as usize == file && info.spot == spot;
        self.cards.iter().position(own).map(CardId::from_index)
    }

    /// The value at a place of a card, as its file has it.
    #[must_use]
    pub fn value_at(&self, place: Place) -> Option<Node> {
        let file = self.file_of(place.card);
        edit::value_at(&file.text, self.spot_of(place.card), &place.path.into())
    }

    fn text_for<'f>(
        &self,
        card: CardId,
        files: &'f mut Vec<FileChange>,
    ) -> Result<&'f mut Arc<str>, Refusal> {
        let file = self.file_of(card).path.clone();
        self.text_of_file(&file, files)
    }

    fn text_of_file<'f>(
        &self,
        path: &Arc<str>,
        files: &'f mut Vec<FileChange>,
    ) -> Result<&'f mut Arc<str>, Refusal> {
        let place = match files.iter().position(|own| own.path == *path) {
            Some(place) => place,
            None => {
                let known = self.files().find(|file| file.path == *path);
                if known.is_none_or(|file| file.is_kept() || file.is_unreadable()) {
                    return Err(Refusal {
                        reason: format!("{path} cannot be read as it is now, so nothing in it is changed."),
                        hint: "Mend the file in an editor first.".to_owned(),
                    });
                }
                let text = known.map(|file| file.text.clone());
                files.push(FileChange { path: path.clone(), before: text.clone(), after: text });
                files.len() - 1
            }
        };
        let gone = || Refusal {
            reason: format!("{path} goes with its only card, so nothing in it can be changed."),
            hint: "Do one of the two.".to_owned(),
        };
        files[place].after.as_mut().ok_or_else(gone)
    }

    /// Puts a card where cards of its kind stand: in their last list, in their folder, or in a file
    /// named after them beside the catalog's card.
    fn add(
        &self,
        kind: Kind,
        fields: &[(Box<str>, Node)],
        files: &mut Vec<FileChange>,
    ) -> Result<(), Refusal> {
        let of_kind = |file: &CardFile| file.cards.iter().any(|placed| placed.card.kind() == kind);
        let usable = |file: &&Arc<CardFile>| {
            of_kind(file)
                && !file.is_kept()
                && !files.iter().any(|change| change.path == file.path && change.after.is_none())
        };
        let listed = self.files().filter(usable).find(|file| {
            file.cards.last().is_some_and(|last| last.spot.item.is_some() && last.card.kind() == kind)
        });
        let word = kind.word();
        if let Some(file) = listed {
            let path = file.path.clone();
            let text = self.text_of_file(&path, files)?;
            *text = edit::append_card(text, word, fields)?.into();
            return Ok(());
        }
        let single = self.files().filter(usable).filter(|file| file.cards.len() == 1).last();
        let folder = single.and_then(|file| file.path.rsplit_once('/')).map(|(folder, _)| folder.to_owned());
        let text_of = |name: &str| match fields.iter().find(|(key, _)| &**key == name) {
            Some((_, Node::Text(text))) => text.to_lowercase(),
            _ => String::new(),
        };
        let (stem, as_list) = match &single {
            Some(_) => {
                let id = fields.iter().find_map(|(key, node)| match node {
                    Node::Text(text) if &**key == "id" => Some(&**text),
                    _ => None,
                });
                (slug(format!("{} {}", id.unwrap_or_default(), text_of("name")).trim()), false)
            }
            None if matches!(kind, Kind::Persona | Kind::Process | Kind::Scenario) => {
                (slug(&text_of("name")), false)
            }
            None => (plural(kind).to_owned(), true),
        };
        let path_of = |number: usize| {
            let number = if number == 1 { String::new() } else { format!("-{number}") };
            match &folder {
                Some(folder) => format!("{folder}/{stem}{number}.yaml"),
                None => format!("{stem}{number}.yaml"),
            }
        };
        let taken = |path: &str, files: &[FileChange]| {
            self.files().any(|file| *file.path == *path) || files.iter().any(|file| *file.path == *path)
        };
        // Two new cards of one step share the new list.
        if as_list
            && let Some(own) =
                files.iter_mut().find(|file| file.before.is_none() && *file.path == *path_of(1))
        {
            let text = own.after.clone().unwrap_or_default();
            own.after = Some(edit::append_card(&text, word, fields)?.into());
            return Ok(());
        }
        let Some(path) = (1..10_000).map(path_of).find(|path| !taken(path, files)) else {
            return Err(Refusal {
                reason: format!("There is no free file name for {stem}.yaml."),
                hint: "Give the card another name.".to_owned(),
            });
        };
        let text = if as_list {
            edit::card_text(
                &format!("{word}List"),
                &[("items".into(), Node::List(vec![Node::Map(fields.to_vec())]))],
            )
        } else {
            edit::card_text(word, fields)
        };
        files.push(FileChange { path: path.into(), before: None, after: Some(text.into()) });
        Ok(())
    }
}

/// The file that cards of a kind are kept in where there is none yet.
fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Catalog => "catalog",
        Kind::Persona => "personas",
        Kind::Process => "processes",
        Kind::Component => "components",
        Kind::Skill => "skills",
        Kind::Team => "teams",
        Kind::Person => "people",
        Kind::Scenario => "scenarios",
        Kind::Decision => "decisions",
    }
}
