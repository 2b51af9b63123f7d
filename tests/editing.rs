//! Editing on the screen, driven by keys, without a terminal: forms, pickers, fixes, undo, conflicts.
#![allow(clippy::disallowed_methods)]

#[path = "common/bench.rs"]
mod bench;
mod common;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use persona_workbench::analysis::Analysis;
use persona_workbench::session::{Journal, Session};
use persona_workbench::tui::message::{Effect, Message, Read};
use persona_workbench::tui::update::{load, offer, update};

use bench::Bench;
use common::analysis_of;

const BOT: &str = "\
kind: Persona
id: P1
name: Bot
type: agent
team: Run
component_access:
  # for the nightly run
  - Store: write   # wide
  - component: Vault
    level: read
    environments: [dev]
skills: [Python]
processes: [Work]
accountable: P2
";

const REST: &str = "\
kind: Persona
id: P2
name: Ana
team: Run
processes: [Work]
---
kind: Process
name: Work
steps:
  - name: do
    environments: [prod]
    performers: [P1]
    uses: [{Store: read}]
---
kind: Component
name: Store
---
kind: Component
name: Vault
";

fn open(size: (u16, u16)) -> Bench {
    Bench::of(analysis(BOT), size)
}

fn analysis(bot: &str) -> Arc<Analysis> {
    analysis_of(&[("bot.yaml", bot), ("rest.yaml", REST)])
}

#[test]
fn a_level_is_chosen_and_only_its_word_changes() {
    let mut bench = open((120, 40));
    // Into the card, to the first grant, and its form.
    bench.press("<enter>je");
    assert!(bench.text().contains("component access"), "{}", bench.text());
    bench.press("<enter>jj<enter>");
    assert!(bench.text().contains("admin"), "{}", bench.text());
    bench.press("read<enter>");
    assert_eq!(bench.file("bot.yaml"), BOT.replace("Store: write", "Store: read"));
    assert!(bench.text().contains("undoes it"), "{}", bench.text());
    bench.press("u");
    assert_eq!(bench.file("bot.yaml"), BOT);
    bench.press("U");
    assert_eq!(bench.file("bot.yaml"), BOT.replace("Store: write", "Store: read"));
}

#[test]
fn what_is_typed_wrongly_is_said_and_not_kept() {
    let mut bench = open((120, 40));
    bench.press("<enter>je<enter>");
    // Expires is a day.
    for _ in 0..10 {
        bench.press("j");
    }
    bench.press("<enter>soon");
    assert!(bench.text().contains("This should be a day"), "{}", bench.text());
    bench.press("<enter>");
    assert_eq!(bench.file("bot.yaml"), BOT);
    // Left, it is a draft; opened again, it is still there.
    bench.press("<esc>");
    assert!(bench.text().contains("draft"), "{}", bench.text());
    bench.press("<enter><c-u>2027-03-31<enter>");
    assert!(bench.file("bot.yaml").contains("expires: 2027-03-31"), "{}", bench.file("bot.yaml"));
}

#[test]
fn lists_grow_shrink_and_change_their_order() {
    let mut bench = open((120, 40));
    bench.press("<enter>je");
    bench.press("J");
    assert!(
        bench
            .file("bot.yaml")
            .contains("environments: [dev]\n  # for the nightly run\n  - Store: write   # wide\n"),
        "{}",
        bench.file("bot.yaml")
    );
    bench.press("K");
    assert_eq!(bench.file("bot.yaml"), BOT);
    bench.press("jD");
    assert!(!bench.file("bot.yaml").contains("Vault"), "{}", bench.file("bot.yaml"));
    bench.press("u");
    assert_eq!(bench.file("bot.yaml"), BOT);
    bench.press("iVault<enter>");
    assert!(bench.file("bot.yaml").contains("  - Vault\n"), "{}", bench.file("bot.yaml"));
}

#[test]
fn a_name_that_names_nothing_can_be_created_at_once() {
    let mut bench = open((120, 40));
    bench.press("<enter>jeiEvent Hub");
    let text = bench.text();
    assert!(text.contains("create the component Event Hub"), "{text}");
    bench.press("<down><enter>");
    assert!(bench.file("bot.yaml").contains("  - Event Hub\n"), "{}", bench.file("bot.yaml"));
    let catalog = &bench.model.analysis.as_ref().expect("an analysis").catalog;
    let made =
        catalog.components.iter().find(|component| component.name.is("event hub")).expect("a component");
    assert!(made.declared);
    // One step, whatever the number of files.
    bench.press("u");
    assert_eq!(bench.file("bot.yaml"), BOT);
    assert_eq!(bench.model.session.unsaved().count(), 0);
}

#[test]
fn several_words_are_ticked_and_kept_as_a_list() {
    let mut bench = open((120, 40));
    bench.press("<enter>jej<enter>");
    // The environments of the second grant.
    bench.press("jjj<enter>");
    assert!(bench.text().contains("✓ dev"), "{}", bench.text());
    bench.press("stage<tab><enter>");
    assert!(bench.file("bot.yaml").contains("environments: [dev, stage]"), "{}", bench.file("bot.yaml"));
}

#[test]
fn saving_writes_what_the_screen_shows_and_clears_the_mark() {
    let mut bench = open((120, 40));
    bench.press("<enter>je<enter>jj<enter>read<enter><esc><esc>");
    let seen = bench.press("<down>").text();
    assert!(seen.contains("1 unsaved"), "{seen}");
    bench.press("<c-s>");
    assert_eq!(bench.saved, [("bot.yaml".to_owned(), Some(BOT.replace("Store: write", "Store: read")))]);
    assert!(!bench.press("<down>").text().contains("unsaved"));
}

#[test]
fn a_fix_is_shown_with_its_difference_and_applied() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let mut bench = open(size);
        bench.press("5/rule:unneeded-access<enter>a");
        let text = bench.text();
        assert!(text.contains("Closes 3 gaps, opens 1 gap"), "{text}");
        insta::assert_snapshot!(format!("fixes-{}x{}", size.0, size.1), text);
        bench.press("<enter>");
        assert!(!bench.file("bot.yaml").contains("Vault"), "{}", bench.file("bot.yaml"));
        bench.press("u");
        assert_eq!(bench.file("bot.yaml"), BOT);
    }
}

#[test]
fn forms_are_drawn_at_every_size() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let mut bench = open(size);
        bench.press("<enter>je");
        insta::assert_snapshot!(format!("form-{}x{}", size.0, size.1), bench.text());
        bench.press("<enter>jj<enter>");
        insta::assert_snapshot!(format!("form-pick-{}x{}", size.0, size.1), bench.text());
    }
}

#[test]
fn what_was_done_is_listed_and_gone_back_to() {
    let mut bench = open((120, 40));
    bench.press("<enter>jejDkD<esc>");
    assert!(!bench.file("bot.yaml").contains("Store"), "{}", bench.file("bot.yaml"));
    bench.press("<a-u>");
    let text = bench.text();
    assert!(text.contains("as it was at first") && text.contains("without Vault"), "{text}");
    bench.press("g<enter><esc>");
    assert_eq!(bench.file("bot.yaml"), BOT);
}

#[test]
fn a_conflict_shows_both_and_nothing_is_written_over() {
    let mut bench = open((120, 40));
    bench.press("<enter>je<enter>jj<enter>read<enter><esc><esc>");
    // Somebody else writes the same line.
    let theirs = BOT.replace("Store: write", "Store: admin");
    let mut session: Session = bench.model.session.clone();
    session.disk(|path| (path == "bot.yaml").then(|| Arc::from(theirs.as_str())));
    let revision = bench.model.revision;
    let read = Read { analysis: analysis(&bench.file("bot.yaml")), session, merged: Vec::new() };
    update(&mut bench.model, Message::Read(revision, Box::new(read)));
    bench.press("<c-s>");
    let text = bench.text();
    assert!(text.contains("Store: read") && text.contains("Store: admin"), "{text}");
    insta::assert_snapshot!("conflict-120x40", text);
    assert!(bench.saved.is_empty());
    bench.press("t<c-s>");
    assert_eq!(bench.file("bot.yaml"), theirs);
    assert!(bench.saved.is_empty(), "what is on disk already is not written");
}

#[test]
fn a_read_only_workbench_refuses_with_a_sentence() {
    let mut bench = open((120, 40));
    bench.model.readonly = true;
    bench.press("e");
    assert!(bench.text().contains("read-only"), "{}", bench.text());
    assert!(bench.model.layers.is_empty());
}

#[test]
fn keys_that_come_before_the_cards_are_there_wait_for_them() {
    let mut bench = open((120, 40));
    bench.press("<enter>je");
    let key = |letter: char| Message::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE));
    // Moved down, then up again: the second key is pressed before the first is analysed.
    let first = update(&mut bench.model, key('J'));
    assert!(update(&mut bench.model, key('K')).is_empty());
    bench.carry_out(first);
    assert_eq!(bench.file("bot.yaml"), BOT);
}

#[test]
fn what_was_typed_and_not_kept_waits_for_the_form_to_open_again() {
    let mut bench = open((120, 40));
    // Left in the middle of a day, and the form closed.
    bench.press("<enter>je<enter>jjjjjjjjjj<enter>2027-0<esc><esc><esc>");
    assert!(bench.model.layers.is_empty());
    assert_eq!(bench.file("bot.yaml"), BOT);
    bench.press("e<enter>jjjjjjjjjj");
    assert!(bench.text().contains("draft"), "{}", bench.text());
    bench.press("<enter>3-31<enter>");
    assert!(bench.file("bot.yaml").contains("expires: 2027-03-31"), "{}", bench.file("bot.yaml"));
}

#[test]
fn an_offer_that_is_answered_while_files_are_read_is_not_forgotten() {
    for (answer, unsaved) in [("r", 1), ("d", 0)] {
        let mut earlier = open((120, 40));
        earlier.press("<enter>je<enter>jj<enter>read<enter>");
        let journal = Journal::of(&earlier.model.session, "12:00");

        let mut bench = open((120, 40));
        offer(&mut bench.model, journal);
        let asked = load(&mut bench.model, "reading");
        let [Effect::Load(first, _)] = asked.as_slice() else { panic!("files are read") };
        let answered = update(
            &mut bench.model,
            Message::Key(KeyEvent::from(KeyCode::Char(answer.chars().next().expect("a key")))),
        );
        let again = answered.iter().find_map(|effect| match effect {
            Effect::Load(revision, _) => Some(*revision),
            _ => None,
        });
        // The files that were asked for first come with a session that knows nothing of the offer.
        let blank = Read { analysis: analysis(BOT), session: Session::default(), merged: Vec::new() };
        update(&mut bench.model, Message::Read(*first, Box::new(blank)));
        let session = bench.model.session.clone();
        assert_eq!(session.unsaved().count(), unsaved, "{answer}");
        assert_eq!(session.history().0.len(), earlier.model.session.history().0.len() + 1 - unsaved);
        let shown: Vec<_> = session.to_save(None);
        let text = shown.first().and_then(|change| change.after.as_deref()).unwrap_or(BOT);
        let read = Read { analysis: analysis(text), session, merged: Vec::new() };
        update(&mut bench.model, Message::Read(again.expect("they are read again"), Box::new(read)));
        // Left, they can still be brought back.
        bench.press(if answer == "d" { "u" } else { "" });
        assert_eq!(bench.file("bot.yaml"), BOT.replace("Store: write", "Store: read"));
    }
}
