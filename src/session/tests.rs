//! Steps back and forth, what others write meanwhile, and what is kept between two runs.

use super::*;
use crate::card::edit::Change;
use crate::card::node::Node;
use crate::card::parse_text;
use crate::card::path::FieldPath;
use crate::catalog::{Input, build};

const CARD: &str = "kind: Persona\nname: Bot\nteam: AI Team\n# why\nskills:\n  - Python\n  - RAG\n";

fn catalog(texts: &[(&str, &str)]) -> Catalog {
    let files = texts.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    build(Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() })
}

fn set(catalog: &Catalog, field: &'static str, value: &str) -> Vec<CardEdit> {
    let place = catalog.personas[0].place.with(FieldPath::CARD.key(field));
    vec![CardEdit::at(place, Change::Set(Node::Text(value.into())))]
}

fn text(text: &str) -> Text {
    Some(Arc::from(text))
}

#[test]
fn any_steps_undone_give_the_first_bytes_and_redone_the_last() {
    let mut now = catalog(&[("a.yaml", CARD)]);
    let mut session = Session::default();
    let mut texts = vec![text(CARD)];
    for (field, value) in [("team", "Ops"), ("section", "Run"), ("team", "AI Team")] {
        let edits = set(&now, field, value);
        let changes = session.apply(&now, field, "12:00", &edits).expect("an edit");
        texts.push(changes[0].after.clone());
        now = now.with(&changes);
    }
    for expected in texts.iter().rev().skip(1) {
        let turned = session.undo(&now).expect("a step back");
        now = now.with(&turned.changes);
        assert_eq!(now.files().next().map(|file| file.text.clone()), *expected);
    }
    assert!(session.undo(&now).is_err());
    assert_eq!(session.unsaved().count(), 0, "what is as on disk is not unsaved");
    for expected in texts.iter().skip(1) {
        let turned = session.redo(&now).expect("a step again");
        now = now.with(&turned.changes);
        assert_eq!(now.files().next().map(|file| file.text.clone()), *expected);
    }
    assert!(session.redo(&now).is_err());
}

#[test]
fn a_new_step_after_an_undo_ends_what_could_be_redone() {
    let now = catalog(&[("a.yaml", CARD)]);
    let mut session = Session::default();
    session.apply(&now, "one", "", &set(&now, "team", "One")).expect("an edit");
    let after = now.with(&session.to_save(None));
    session.undo(&after).expect("a step back");
    session.apply(&now, "two", "", &set(&now, "team", "Two")).expect("an edit");
    assert!(session.redo(&now).is_err());
    assert_eq!(session.history().0.len(), 1);
}

#[test]
fn what_others_write_elsewhere_in_the_file_is_merged() {
    let now = catalog(&[("a.yaml", CARD)]);
    let mut session = Session::default();
    session.apply(&now, "team", "", &set(&now, "team", "Ops")).expect("an edit");
    let theirs = CARD.replace("  - RAG\n", "  - RAG\n  - SQL\n");
    let merged = session.disk(|_| text(&theirs));
    assert_eq!(merged.len(), 1);
    let expected = theirs.replace("AI Team", "Ops");
    assert_eq!(session.to_save(None)[0].after, text(&expected));
    assert_eq!(session.to_save(None)[0].before, text(&theirs));
    // Undone, what they wrote stays.
    let shown = catalog(&[("a.yaml", &expected)]);
    session.undo(&shown).expect("a step back");
    assert_eq!(session.unsaved().count(), 0);
}

#[test]
fn two_edits_of_one_value_are_a_conflict_and_neither_is_lost() {
    let now = catalog(&[("a.yaml", CARD)]);
    let mut session = Session::default();
    session.apply(&now, "team", "", &set(&now, "team", "Ops")).expect("an edit");
    let theirs = CARD.replace("AI Team", "Platform");
    assert!(session.disk(|_| text(&theirs)).is_empty());
    let [conflict] = session.conflicts() else { panic!("one conflict") };
    let conflict = conflict.clone();
    assert_eq!(conflict.resolved(&[Side::Theirs]), theirs);
    assert_eq!(conflict.resolved(&[Side::Mine]), CARD.replace("AI Team", "Ops"));
    assert_eq!(session.to_save(None)[0].before, text(CARD), "it cannot be saved over theirs");
    let mut kept = session.clone();
    kept.settle("a.yaml", conflict.mine.clone(), "");
    assert_eq!(kept.to_save(None)[0].before, text(&theirs));
    session.settle("a.yaml", conflict.theirs.clone(), "");
    assert_eq!(session.unsaved().count(), 0);
    assert!(session.conflicts().is_empty());
}

#[test]
fn a_file_that_goes_on_disk_while_it_is_edited_is_a_conflict() {
    let now = catalog(&[("a.yaml", CARD)]);
    let mut session = Session::default();
    session.apply(&now, "team", "", &set(&now, "team", "Ops")).expect("an edit");
    session.disk(|_| None);
    assert_eq!(session.conflicts().len(), 1);
    session.settle("a.yaml", text("kind: Persona\nname: Bot\n"), "");
    assert_eq!(session.to_save(None)[0].before, None);
}

#[test]
fn what_is_undone_while_it_is_being_written_is_unsaved_once_it_is() {
    let now = catalog(&[("a.yaml", CARD)]);
    let saved = CARD.replace("AI Team", "Ops");
    // Whether the disk is looked at before, while, or not at all before the answer comes.
    for looked in [None, Some(CARD), Some(saved.as_str())] {
        let mut session = Session::default();
        session.apply(&now, "team", "", &set(&now, "team", "Ops")).expect("an edit");
        let writes = session.to_save(None);
        session.begin_saving(&writes);
        session.undo(&now.with(&writes)).expect("a step back");
        if let Some(disk) = looked {
            assert!(session.disk(|_| text(disk)).is_empty());
            assert!(session.conflicts().is_empty());
        }
        session.saved(&writes);
        let again = session.to_save(None);
        assert_eq!(again.len(), 1, "{looked:?}");
        assert_eq!((&again[0].before, &again[0].after), (&text(&saved), &text(CARD)));
        session.begin_saving(&again);
        session.saved(&again);
        assert_eq!(session.unsaved().count(), 0);
    }
    // What could not be written is unsaved as it was.
    let mut session = Session::default();
    session.apply(&now, "team", "", &set(&now, "team", "Ops")).expect("an edit");
    session.begin_saving(&session.to_save(None));
    session.not_saved();
    assert_eq!(session.unsaved().count(), 1);
    session.undo(&now.with(&session.to_save(None))).expect("a step back");
    assert_eq!(session.unsaved().count(), 0);
}

#[test]
fn a_merge_that_would_break_the_file_is_none() {
    let base = "kind: Persona\nname: A\nskills: [x]\n";
    let mine = "kind: Persona\nname: A\nteam: T\nskills: [x]\n";
    let theirs = "kind: Persona\nname: A\nskills: [x]\nteam: U\n";
    // Both are good; together the field stands twice.
    assert_eq!(merge("a.yaml", &text(base), &text(mine), &text(theirs)), None);
}

#[test]
fn what_is_kept_comes_back_and_garbage_does_not() {
    let now = catalog(&[("a.yaml", CARD)]);
    let mut session = Session::default();
    session.apply(&now, "team", "12:00", &set(&now, "team", "Ops")).expect("an edit");
    let journal = Journal::of(&session, "12:01");
    assert_eq!(journal.unsaved().collect::<Vec<_>>(), ["a.yaml"]);
    let written = serde_json::to_string(&journal).expect("JSON");
    let read: Journal = serde_json::from_str(&written).expect("a journal");
    let mut back = read.clone().session(true).expect("a session");
    assert_eq!(back.to_save(None), session.to_save(None));
    let shown = now.with(&back.to_save(None));
    back.undo(&shown).expect("a step back");
    assert_eq!(back.unsaved().count(), 0);
    let other: Journal =
        serde_json::from_str(&written.replace("\"form\":1", "\"form\":99")).expect("a journal");
    assert!(other.session(true).is_none());
    assert_eq!(read.session(false).expect("a session").unsaved().count(), 0);
}
