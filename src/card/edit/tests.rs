//! Edits, one by one: what comes, what goes, and what stays.

use super::*;

fn text(word: &str) -> Node {
    Node::Text(word.into())
}

fn route(steps: &[Step]) -> Route {
    Route(steps.to_vec())
}

macro_rules! way {
    ($($step:expr),*) => { route(&[$(Step::from($step)),*]) };
}

fn card(route: Route, change: Change) -> Edit {
    Edit::new(Spot::default(), route, change)
}

const CARD: &str = "\
# Who she is
kind: Persona
name: \"Ana\"   # her name
team: AI Team
component_access:
  # the store
  - Azure Storage: read   # persona: ignore[x] y
  - GitHub

  - component: Foundry
    level: write
    environments: [dev, prod]
skills: [Python, 'RAG']
processes:
- DataOps # daily
note_like: |
  some text

  more
";

fn edited(edit: Edit) -> String {
    apply(CARD, &[edit]).unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn lines_changed(after: &str) -> Vec<String> {
    let before: Vec<_> = CARD.lines().collect();
    let after: Vec<_> = after.lines().collect();
    let mut out: Vec<String> =
        before.iter().filter(|line| !after.contains(line)).map(|line| format!("-{line}")).collect();
    out.extend(after.iter().filter(|line| !before.contains(line)).map(|line| format!("+{line}")));
    out
}

#[test]
fn one_value_is_replaced_in_its_own_style() {
    let after = edited(card(way!["name"], Change::Set(text("Bea"))));
    assert_eq!(lines_changed(&after), ["-name: \"Ana\"   # her name", "+name: \"Bea\"   # her name"]);
    let after = edited(card(way!["skills", 1], Change::Set(text("it's"))));
    assert_eq!(lines_changed(&after), ["-skills: [Python, 'RAG']", "+skills: [Python, 'it''s']"]);
    let after = edited(card(way!["component_access", 0, "Azure Storage"], Change::Set(text("admin"))));
    assert_eq!(
        lines_changed(&after),
        [
            "-  - Azure Storage: read   # persona: ignore[x] y",
            "+  - Azure Storage: admin   # persona: ignore[x] y"
        ]
    );
}

#[test]
fn items_come_and_go_as_lines() {
    let after = edited(card(way!["component_access", 1], Change::Remove));
    assert_eq!(lines_changed(&after), ["-  - GitHub"]);
    let after = edited(card(way!["component_access"], Change::Insert(9, text("Jira"))));
    assert_eq!(lines_changed(&after), ["+  - Jira"]);
    assert!(after.contains("prod]\n  - Jira\nskills"));
    let after = edited(card(way!["processes"], Change::Insert(0, text("MLOps"))));
    assert!(after.contains("processes:\n- MLOps\n- DataOps # daily\n"));
    let after = edited(card(way!["processes", 0], Change::Remove));
    assert_eq!(lines_changed(&after), ["-processes:", "-- DataOps # daily", "+processes: []"]);
    let after = edited(card(way!["skills"], Change::Insert(2, text("SQL"))));
    assert!(after.contains("skills: [Python, 'RAG', SQL]\n"));
    let after = edited(card(way!["skills", 0], Change::Remove));
    assert!(after.contains("skills: ['RAG']\n"));
    let after = edited(card(way!["skills", 1], Change::Remove));
    assert!(after.contains("skills: [Python]\n"));
    let after = edited(card(way!["component_access", 2, "environments", 1], Change::Remove));
    assert!(after.contains("    environments: [dev]\n"));
}

#[test]
fn fields_come_where_cards_state_them() {
    let after = edited(card(way!["component_access", 2, "mode"], Change::Set(text("jit"))));
    assert!(after.contains("    environments: [dev, prod]\n    mode: jit\nskills"));
    let after = edited(card(way!["accountable"], Change::Set(text("P007"))));
    assert!(after.ends_with(
        "processes:\n- DataOps # daily\naccountable: P007\nnote_like: |\n  some text\n\n  more\n"
    ));
    let after = edited(card(way!["aliases"], Change::Insert(0, text("A"))));
    assert!(after.contains("# her name\naliases:\n  - A\nteam"));
    let after = edited(card(way!["note_like"], Change::Remove));
    assert!(after.ends_with("- DataOps # daily\n"));
}

#[test]
fn a_bare_item_becomes_a_mapping_beside_its_comment() {
    let grant = Node::Map(vec![("component".into(), text("GitHub")), ("level".into(), text("read"))]);
    let after = edited(card(way!["component_access", 1], Change::Set(grant)));
    assert!(after.contains("  - component: GitHub\n    level: read\n\n"), "{after}");
    let daily =
        Node::Map(vec![("process".into(), text("DataOps")), ("responsibility".into(), text("informed"))]);
    let after = edited(card(way!["processes", 0], Change::Set(daily)));
    assert!(after.contains("- process: DataOps # daily\n  responsibility: informed\n"), "{after}");
    let fields = Node::Map(vec![("level".into(), text("read")), ("mode".into(), text("jit"))]);
    let after = edited(card(way!["component_access", 0, "Azure Storage"], Change::Set(fields)));
    assert!(
        after.contains("  - Azure Storage:   # persona: ignore[x] y\n      level: read\n      mode: jit\n"),
        "{after}"
    );
}

#[test]
fn line_endings_marks_and_missing_ends_stay() {
    let text_in = "\u{feff}kind: Team\r\nname: Ä b\r\nx-list:\r\n  - 1";
    let after = apply(text_in, &[card(way!["x-list"], Change::Insert(1, Node::Int(2)))]);
    assert_eq!(after.as_deref(), Ok("\u{feff}kind: Team\r\nname: Ä b\r\nx-list:\r\n  - 1\r\n  - 2"));
    let after = apply(text_in, &[card(way!["name"], Change::Set(text("😀")))]);
    assert_eq!(after.as_deref(), Ok("\u{feff}kind: Team\r\nname: 😀\r\nx-list:\r\n  - 1"));
    let after = apply(text_in, &[card(way!["x-list"], Change::Remove)]);
    assert_eq!(after.as_deref(), Ok("\u{feff}kind: Team\r\nname: Ä b"));
}

#[test]
fn a_value_behind_an_anchor_is_refused_with_the_reason() {
    let shared = "kind: Persona\nname: A\nskills: &s\n  - Python\nx-more: *s\n";
    let refused = apply(shared, &[card(way!["skills", 0], Change::Set(text("SQL")))]);
    assert!(refused.is_err_and(|refusal| refusal.reason.contains("line 3")));
    let refused = apply(shared, &[card(way!["x-more", 0], Change::Set(text("SQL")))]);
    assert!(refused.is_err_and(|refusal| refusal.reason.contains("anchor that line 5")));
    // Writing it out is the way out.
    let out = apply(shared, &[card(way!["x-more"], Change::Set(Node::List(vec![text("SQL")])))]);
    assert!(out.is_ok_and(|text| text.contains("skills: &s\n  - Python\nx-more:\n  - SQL\n")));
}

#[test]
fn what_is_not_yaml_or_not_there_is_refused() {
    assert!(apply("a: [", &[card(way!["a"], Change::Remove)]).is_err());
    assert!(apply(CARD, &[card(way!["skills", 7], Change::Remove)]).is_err());
    assert!(apply(CARD, &[card(way!["nothing"], Change::Remove)]).is_err());
}

#[test]
fn cards_of_lists_and_of_several_documents_are_found() {
    let lists = "kind: SkillList\nitems:\n  - Python # snake\n  - name: RAG\n---\nkind: Team\nname: T\n";
    let spot = |place| Spot { document: 0, item: Some(Item::At(place)) };
    let implies = |place| Edit::new(spot(place), way!["implies"], Change::Insert(0, text("SQL")));
    let after = apply(lists, &[implies(1), implies(0)]);
    assert_eq!(
        after.as_deref(),
        Ok(
            "kind: SkillList\nitems:\n  - name: Python # snake\n    implies:\n      - SQL\n  - name: RAG\n    implies:\n      - SQL\n---\nkind: Team\nname: T\n"
        )
    );
    assert_eq!(
        remove_card(lists, spot(0)),
        Ok(Some("kind: SkillList\nitems:\n  - name: RAG\n---\nkind: Team\nname: T\n".into()))
    );
    let team = Spot { document: 1, item: None };
    assert_eq!(
        remove_card(lists, team),
        Ok(Some("kind: SkillList\nitems:\n  - Python # snake\n  - name: RAG\n".into()))
    );
    assert_eq!(remove_card(lists, Spot::default()), Ok(Some("kind: Team\nname: T\n".into())));
    assert_eq!(remove_card(CARD, Spot::default()), Ok(None));
    let skill = [("name".into(), text("SQL"))];
    let after = append_card("kind: SkillList\nitems:\n  - Python\n", "Skill", &skill);
    assert_eq!(after.as_deref(), Ok("kind: SkillList\nitems:\n  - Python\n  - name: SQL\n"));
    let after = append_card("kind: Team\nname: T", "Skill", &skill);
    assert_eq!(after.as_deref(), Ok("kind: Team\nname: T\n---\nkind: Skill\nname: SQL\n"));
}

#[test]
fn an_item_changes_places_with_its_neighbour_and_its_comments_go_along() {
    let text =
        "kind: Persona\nname: A\nskills:\n  # first\n  - SQL # s\n\n  # second\n  - 'RAG'\n  - {skill: Go}\n";
    let move_to = |from: usize, to: usize| apply(text, &[card(way!["skills", from], Change::Move(to))]);
    assert_eq!(
        move_to(0, 1).expect("a move"),
        "kind: Persona\nname: A\nskills:\n  # second\n  - 'RAG'\n\n  # first\n  - SQL # s\n  - {skill: Go}\n"
    );
    assert_eq!(move_to(1, 0), move_to(0, 1));
    assert_eq!(
        move_to(2, 1).expect("a move"),
        text.replace("# second\n  - 'RAG'\n  - {skill: Go}\n", "- {skill: Go}\n  # second\n  - 'RAG'\n")
    );
    let flow = "kind: Persona\nname: A\nskills: [SQL, \"RAG\", Go]\n";
    let moved = apply(flow, &[card(way!["skills", 1_usize], Change::Move(2))]).expect("a move");
    assert_eq!(moved, "kind: Persona\nname: A\nskills: [SQL, Go, \"RAG\"]\n");
}

#[test]
fn what_looks_like_a_comment_within_a_text_is_none() {
    let text = "\
a: |
  Write # persona: ignore[x] so
b:
  - \"Go # persona: ignore[y] in a text\"
  - Rust # persona: ignore[z] learns it
# persona: ignore[w] all of it
";
    let found = super::comments(text, "persona:");
    let lines: Vec<u32> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [5, 6]);
    assert_eq!(found[0].1, "# persona: ignore[z] learns it");
    let only = "a: b # persona: ignore[x] y\n";
    assert_eq!(super::comments(only, "persona:").len(), 1);
}
