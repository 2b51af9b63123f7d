//! What is done to the whole catalog on the screen, driven by keys: from the sheet to the cards, and back.
#![allow(clippy::disallowed_methods)]

#[path = "common/bench.rs"]
mod bench;
mod common;

use std::sync::Arc;

use persona_workbench::analysis::Analysis;
use persona_workbench::tui::model::{Layer, Screen};

use bench::Bench;
use common::{analysis_of, example};

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
processes: [Work, Rest]
accountable: P2
";

const ANA: &str = "\
kind: Persona\r
id: P2\r
name: Ana\r
team: Run\r
processes: [Work]\r
primary_interaction: [Bot]";

const WORK: &str = "\
kind: Process
name: Work
steps:
  - name: do
    environments: [prod]
    performers: [P1]
    uses: [{Store: read}]
---
kind: Process
name: Rest
uses: [{component: Vault, level: read, environments: [dev]}]
---
kind: ComponentList
items:
  - Store   # of all
  - Vault
---
kind: SkillList
items: [Python, SQL]
";

fn catalog() -> Arc<Analysis> {
    analysis_of(&[("cards/P1-bot.yaml", BOT), ("cards/P2-ana.yaml", ANA), ("work.yaml", WORK)])
}

fn open(size: (u16, u16)) -> Bench {
    Bench::of(catalog(), size)
}

/// Whatever was done is one step, and undone every byte is as it was.
fn is_one_step(bench: &mut Bench, before: &[(String, String)]) {
    while bench.model.layers.pop().is_some() {}
    let after = bench.files();
    assert_ne!(after, before);
    assert_eq!(bench.model.session.history().1, 1, "{:?}", bench.model.session.history().0);
    bench.press("u");
    assert_eq!(bench.files(), before);
    bench.press("U");
    assert_eq!(bench.files(), after);
    bench.press("u");
    assert_eq!(bench.model.session.unsaved().count(), 0);
}

#[test]
fn a_new_card_says_where_it_goes_and_opens_in_its_form() {
    let mut bench = open((120, 40));
    let before = bench.files();
    bench.press("iLoad Test Agent");
    let text = bench.text();
    assert!(text.contains("cards/P3-load-test-agent.yaml"), "{text}");
    bench.press("<enter>");
    let text = bench.text();
    assert!(matches!(bench.model.layers.last(), Some(Layer::Form(_))), "{text}");
    assert!(text.contains("Load Test Agent (P3)"), "{text}");
    let card = bench.file("cards/P3-load-test-agent.yaml");
    assert!(card.contains("id: P3\nname: Load Test Agent\n") && card.contains("# section:"), "{card}");
    // Fields are filled in at once, in the file that is not there yet.
    bench.press("jjj");
    is_one_step(&mut bench, &before);
}

#[test]
fn a_new_skill_joins_the_list_of_skills_unless_one_says_otherwise() {
    let mut bench = open((120, 40));
    bench.press("vvvi");
    let text = bench.text();
    assert!(text.contains("New skill") && text.contains("work.yaml"), "{text}");
    bench.press("Go<enter>");
    assert!(
        bench.file("work.yaml").contains("items: [Python, SQL, {name: Go}]"),
        "{}",
        bench.file("work.yaml")
    );
    bench.press("<esc><esc>u");
    bench.press("iGo<tab>own<enter>");
    assert!(bench.file("go.yaml").contains("kind: Skill\nname: Go\n"), "{:?}", bench.files());
}

#[test]
fn what_cannot_be_is_said_in_the_sheet_and_not_done() {
    let mut bench = open((120, 40));
    bench.press("i");
    assert!(bench.text().contains("Write a name for it."), "{}", bench.text());
    bench.press("ana");
    assert!(bench.text().contains("there is a persona called ana already"), "{}", bench.text());
    bench.press("<enter>");
    assert!(matches!(bench.model.layers.last(), Some(Layer::Deed(_))));
    bench.press("<esc>");
    assert!(bench.model.layers.is_empty() && bench.model.session.history().0.is_empty());
}

#[test]
fn a_rename_follows_in_all_files_and_the_card_stays_selected() {
    for (which, from, to) in [("", "Bot", "Robot"), ("<down>", "P1", "A7")] {
        let mut bench = open((120, 40));
        let before = bench.files();
        bench.press("R").press(which).press("<tab><c-u>").press(to).press("<enter>");
        let all: String = bench.files().into_iter().map(|(_, text)| text).collect();
        assert!(all.contains(to), "{all}");
        assert!(!all.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == from), "{all}");
        assert!(bench.text().contains(to), "{}", bench.text());
        is_one_step(&mut bench, &before);
    }
}

#[test]
fn a_card_goes_with_what_names_it_or_with_another_in_its_place() {
    let mut bench = open((120, 40));
    let before = bench.files();
    bench.press("jD");
    let text = bench.text();
    assert!(text.contains("Delete Ana (P2)") && text.contains("1 place names it:"), "{text}");
    bench.press("<enter>");
    assert_eq!(bench.file("cards/P2-ana.yaml"), "");
    assert!(!bench.file("cards/P1-bot.yaml").contains("accountable"), "{}", bench.file("cards/P1-bot.yaml"));
    is_one_step(&mut bench, &before);
    let mut bench = open((120, 40));
    bench.press("jDleave<enter>");
    assert!(bench.file("cards/P1-bot.yaml").contains("accountable: P2"));
    // Of components, another takes the place.
    let mut bench = open((120, 40));
    bench.press("vv");
    bench.press("Dname another<tab>Vault<enter>");
    assert!(!bench.file("work.yaml").contains("Store"), "{}", bench.file("work.yaml"));
    assert!(
        bench.file("cards/P1-bot.yaml").contains("  # for the nightly run\n"),
        "{}",
        bench.file("cards/P1-bot.yaml")
    );
    is_one_step(&mut bench, &before);
}

#[test]
fn a_copy_opens_in_its_form() {
    let mut bench = open((120, 40));
    let before = bench.files();
    bench.command("duplicate the card").press("<tab><c-u>Second Bot<enter>");
    assert!(matches!(bench.model.layers.last(), Some(Layer::Form(_))), "{}", bench.text());
    let copy = bench.file("cards/P3-second-bot.yaml");
    assert_eq!(copy, BOT.replace("id: P1", "id: P3").replace("name: Bot", "name: Second Bot"));
    is_one_step(&mut bench, &before);
}

#[test]
fn personas_are_merged_and_split_as_one_step_each() {
    let mut bench = open((120, 40));
    let before = bench.files();
    bench.press("  ").command("merge personas into one");
    assert!(bench.text().contains("Merge 2 personas"), "{}", bench.text());
    bench.press("<enter>");
    let catalog = bench.model.analysis.as_ref().expect("an analysis").catalog.clone();
    assert_eq!(catalog.personas.len(), 1);
    is_one_step(&mut bench, &before);
    let mut bench = open((120, 40));
    bench.command("split a persona");
    assert!(bench.text().contains("✓ "), "something is chosen already: {}", bench.text());
    bench.press("<enter>");
    let catalog = bench.model.analysis.as_ref().expect("an analysis").catalog.clone();
    assert_eq!(catalog.personas.len(), 3);
    is_one_step(&mut bench, &before);
}

#[test]
fn marked_cards_are_changed_alike() {
    let mut bench = open((120, 40));
    let before = bench.files();
    bench.press("  ");
    assert!(bench.text().contains("2 marked"), "{}", bench.text());
    bench.press("B<tab><tab>SQL<enter>");
    assert!(
        bench.file("cards/P1-bot.yaml").contains("skills: [Python, SQL]"),
        "{}",
        bench.file("cards/P1-bot.yaml")
    );
    assert!(bench.file("cards/P2-ana.yaml").contains("SQL"), "{}", bench.file("cards/P2-ana.yaml"));
    is_one_step(&mut bench, &before);
    // Taken from the one that has it; the other stays as it is.
    let mut bench = open((120, 40));
    bench.press("  Btake from<tab><tab>");
    let text = bench.text();
    assert!(text.contains("1 card stays as it is."), "{text}");
    bench.press("<enter>");
    assert_eq!(bench.file("cards/P1-bot.yaml"), BOT.replace("skills: [Python]\n", ""));
    let mut bench = open((120, 40));
    bench.press("  Bset<tab>team<tab>Blue<enter>");
    assert_eq!(bench.file("cards/P1-bot.yaml"), BOT.replace("team: Run", "team: Blue"));
    assert_eq!(bench.file("cards/P2-ana.yaml"), ANA.replace("team: Run", "team: Blue"));
    let mut bench = open((120, 40));
    bench.press("  Bnarrow<tab>Vault<tab>as it is<tab>prod <enter>");
    assert!(!bench.file("cards/P1-bot.yaml").contains("Vault"), "{}", bench.file("cards/P1-bot.yaml"));
    is_one_step(&mut bench, &before);
    let mut bench = open((120, 40));
    bench.press("  Bset a field of<tab><tab><tab>jit<enter>");
    assert_eq!(
        bench.file("cards/P1-bot.yaml").matches("mode: jit").count(),
        2,
        "{}",
        bench.file("cards/P1-bot.yaml")
    );
    is_one_step(&mut bench, &before);
    let mut bench = open((120, 40));
    bench.press("  ");
    // Esc takes the marks before it goes anywhere.
    bench.press("<esc>");
    assert!(bench.model.cards.marked.is_empty() && bench.model.screen == Screen::Cards);
}

#[test]
fn a_cell_of_access_goes_up_and_down_in_the_environment_that_is_shown() {
    let mut bench = open((120, 40));
    let before = bench.files();
    // Where all are looked at together the cell is about one of them, and that one it is.
    bench.press("3>");
    assert!(bench.text().contains("give P1 admin on Store in prod"), "{}", bench.text());
    bench.press("u");
    // dev, stage, prod; there the grant without environments holds too.
    bench.press("ooo");
    bench.press(">");
    let text = bench.text();
    assert!(text.contains("give P1 admin on Store in prod") && text.contains("opens"), "{text}");
    bench.press("<less>");
    let card = bench.file("cards/P1-bot.yaml");
    assert!(card.contains("# for the nightly run"), "{card}");
    bench.press("uu");
    assert_eq!(bench.files(), before);
    // All the way down, and no further.
    bench.press("<less><less><less>");
    assert!(bench.text().contains("there is no access to take"), "{}", bench.text());
    assert!(!bench.file("cards/P1-bot.yaml").contains("prod"), "{}", bench.file("cards/P1-bot.yaml"));
}

#[test]
fn the_sheet_of_a_cell_asks_where_and_how_far() {
    let mut bench = open((120, 40));
    let before = bench.files();
    bench.press("3e");
    let text = bench.text();
    assert!(text.contains("Bot (P1): Store") && text.contains("write"), "{text}");
    // The cell is about prod; another environment is one line above.
    bench.press("<back-tab>dev<tab>admin");
    bench.press("<back-tab><c-u>prod<tab><c-u>read<enter>");
    assert!(bench.text().contains("give P1 read on Store in prod: closes"), "{}", bench.text());
    is_one_step(&mut bench, &before);
}

#[test]
fn skills_and_processes_are_toggled_and_said_how() {
    let mut bench = open((120, 40));
    bench.press("3vv");
    bench.press("<less>");
    assert_eq!(bench.file("cards/P1-bot.yaml"), BOT.replace("skills: [Python]\n", ""));
    bench.press(">");
    assert!(
        bench.file("cards/P1-bot.yaml").contains("- Python\n")
            || bench.file("cards/P1-bot.yaml").contains("[Python]")
    );
    bench.press("uueexpert<enter>");
    assert_eq!(bench.file("cards/P1-bot.yaml"), BOT.replace("[Python]", "[{skill: Python, level: 4}]"));
    bench.press("u");
    let mut bench = open((120, 40));
    bench.press("3v");
    bench.press("eaccountable<enter>");
    assert!(
        bench.file("cards/P1-bot.yaml").contains("responsibility: accountable"),
        "{}",
        bench.file("cards/P1-bot.yaml")
    );
}

#[test]
fn what_has_no_card_is_given_one_or_another_name() {
    let bot = BOT.replace("- component: Vault", "- component: Event Hub");
    let files = [("cards/P1-bot.yaml", bot.as_str()), ("cards/P2-ana.yaml", ANA), ("work.yaml", WORK)];
    let mut bench = Bench::of(analysis_of(&files), (120, 40));
    let before = bench.files();
    let at_hub = |bench: &mut Bench| {
        bench.press("<enter>");
        for _ in 0..12 {
            if bench.model.cards.value().is_some_and(|value| value.text.contains("Event Hub")) {
                break;
            }
            bench.press("j");
        }
        bench.press("e");
    };
    at_hub(&mut bench);
    let text = bench.text();
    assert!(text.contains("Event Hub has no card") && text.contains("create its card"), "{text}");
    bench.press("<enter>");
    assert!(
        bench.file("event-hub.yaml").contains("kind: Component\nname: Event Hub\n"),
        "{:?}",
        bench.files()
    );
    assert!(matches!(bench.model.layers.last(), Some(Layer::Form(_))), "{}", bench.text());
    is_one_step(&mut bench, &before);
    let mut bench = Bench::of(analysis_of(&files), (120, 40));
    at_hub(&mut bench);
    bench.press("another<tab>Vault<enter>");
    assert_eq!(bench.file("cards/P1-bot.yaml"), BOT);
    let mut bench = Bench::of(analysis_of(&files), (120, 40));
    at_hub(&mut bench);
    bench.press("edit what<enter>");
    assert!(matches!(bench.model.layers.last(), Some(Layer::Form(_))), "{}", bench.text());
    assert_eq!(bench.files(), before);
}

#[test]
fn marked_gaps_are_closed_as_one_step() {
    let mut bench = open((120, 40));
    let before = bench.files();
    bench.press("5/persona:P1 severity:medium<enter>");
    bench.press("  ");
    assert!(bench.text().contains("2 marked"), "{}", bench.text());
    bench.press("a");
    let text = bench.text();
    assert!(text.contains("Ways out of 2 gaps") && text.contains("→"), "{text}");
    bench.press("<enter>");
    assert!(bench.model.layers.is_empty(), "{}", bench.text());
    is_one_step(&mut bench, &before);
}

#[test]
fn a_gap_is_closed_from_every_screen() {
    for screen in ["1", "1<enter>", "2", "3", "5"] {
        let mut bench = open((120, 40));
        bench.press(screen).press("a");
        assert!(matches!(bench.model.layers.last(), Some(Layer::Fixes(_))), "{screen}: {}", bench.text());
        let before = bench.text();
        bench.press("n");
        assert!(screen == "5" || before != bench.text() || !before.contains("gap 1 of"), "{screen}");
    }
}

#[test]
fn each_step_is_saved_where_that_is_wished_for() {
    let mut bench = open((120, 40));
    bench.model.autosave = true;
    bench.press("R<tab><c-u>Robot<enter>");
    assert_eq!(bench.model.session.unsaved().count(), 0);
    assert_eq!(bench.saved.len(), 2, "{:?}", bench.saved);
    assert!(bench.text().contains("undoes it"), "what was done is said, not that it is saved");
    bench.press("u");
    assert_eq!(bench.saved.len(), 4);
    assert_eq!(bench.saved[2], ("cards/P1-bot.yaml".to_owned(), Some(BOT.to_owned())));
    assert_eq!(bench.saved[3], ("cards/P2-ana.yaml".to_owned(), Some(ANA.to_owned())));
}

#[test]
fn the_difference_comes_first_where_that_is_wished_for() {
    let mut bench = open((120, 40));
    bench.model.diff_first = true;
    bench.press("R<tab><c-u>Robot<enter><c-s>");
    let text = bench.text();
    assert!(text.contains("Save 1 file") && text.contains("+ name: Robot"), "{text}");
    assert!(bench.saved.is_empty());
    bench.press("<enter>");
    assert_eq!(bench.saved.len(), 1);
    bench.command("what is not saved");
    assert!(bench.text().contains("Save 1 file"), "{}", bench.text());
    bench.press("<esc>");
    assert!(bench.model.layers.is_empty());
}

#[test]
fn choices_and_rows_are_clicked_and_pasted_text_stays_text() {
    let mut bench = open((120, 40));
    bench.press("D");
    bench.click("leave them");
    bench.click("leave them");
    assert!(bench.text().contains("leave them"), "{}", bench.text());
    bench.press("<enter>");
    assert_eq!(bench.file("cards/P1-bot.yaml"), "");
    bench.press("u");
    bench.press("i").paste("Two\r\nLines\n");
    assert!(bench.text().contains("Two Lines"), "{}", bench.text());
    bench.press("<esc>");
    // In the form: a row, then a choice of the list below it.
    bench.press("ke").click("type").press("<enter>").click("service");
    assert_eq!(bench.file("cards/P1-bot.yaml"), BOT.replace("type: agent", "type: service"));
    bench.click("description").press("<enter>").paste("one\ntwo");
    bench.press("<c-s>");
    assert!(
        bench.file("cards/P1-bot.yaml").contains("  one\n  two\n"),
        "{}",
        bench.file("cards/P1-bot.yaml")
    );
}

#[test]
fn sheets_are_drawn_at_every_size() {
    let analysis = example();
    let open = |size| Bench::of(analysis.clone(), size);
    for size in [(80, 24), (120, 40), (200, 60)] {
        let show = |name: &str, keys: &str, command: &str| {
            let mut bench = open(size);
            bench.press(keys);
            if !command.is_empty() {
                bench.command(command);
            }
            insta::assert_snapshot!(format!("deed-{name}-{}x{}", size.0, size.1), bench.text());
        };
        show("new", "iLoad Test Agent", "");
        show("delete", "jjjjD", "");
        show("rename", "jjR<tab><c-u>GenAI Scientist", "");
        show("merge", "  ", "merge personas into one");
        show("split", "jjjjj", "split a persona");
        show("bulk", "   B", "");
        show("cell", "3jjje", "");
        show("gaps", "5   a", "");
        show("duplicate", "", "duplicate the card");
    }
}
