//! Tests of the layout.

use super::*;

fn formatted(text: &str) -> String {
    let formatted = format(text).expect("YAML");
    let again = format(&formatted.text).expect("YAML");
    assert_eq!(again.text, formatted.text, "twice is once:\n{text}");
    formatted.text
}

#[test]
fn fields_come_in_the_order_of_the_format_page_with_their_comments() {
    let text = "# the card

# yaml
name: Ana's   # beside
skills: [Python, {level: 2, skill: 'RAG'}]   # all of them
# what it touches
component_access:
    - level: write  # high
      # why
      component: \"Azure Storage\"
    - GitHub: {environments: [dev], level: read}
    # - not yet

# the end
    # of all
x-own: 1


kind: Persona
id: \"5\"
";
    assert_eq!(
        formatted(text),
        "# the card

# yaml
kind: Persona
id: \"5\"
name: Ana's   # beside
# what it touches
component_access:
  # why
  - component: Azure Storage
    level: write  # high
  - GitHub:
      level: read
      environments:
        - dev
  # - not yet
skills:   # all of them
  - Python
  - skill: RAG
    level: 2

# the end
# of all
x-own: 1
"
    );
}

#[test]
fn blocks_of_text_move_as_a_whole_and_stay_what_they_are() {
    let text = "kind: Skill
name: x
learn:
- title: |
          one

            two
  url: >-
     a
     b
- title: |+
    keep

- url: |2
      deep
notes: plain
    and more
description: \"quoted
   and more\"
";
    assert_eq!(
        formatted(text),
        "kind: Skill
name: x
description: \"quoted
  and more\"
notes: plain
  and more
learn:
  - title: |
      one

        two
    url: >-
      a
      b
  - title: |+
      keep

  - url: |2
        deep
"
    );
}

#[test]
fn documents_are_laid_out_one_by_one_and_those_of_others_stay() {
    let text = "---   # first
name: A
kind: Team
# below


---
kind:   Deployment
spec: {a: [1,   2]}

---
# second
{kind: SkillList, items: [Python, {aliases: [], name: RAG}]}
";
    assert_eq!(
        formatted(text),
        "---   # first
kind: Team
name: A
# below
---
kind:   Deployment
spec: {a: [1,   2]}

---
# second
kind: SkillList
items:
  - Python
  - name: RAG
    aliases: []
"
    );
}

#[test]
fn line_endings_and_marks_stay() {
    assert_eq!(formatted("\u{feff}name: A\r\nkind: Team\r\n"), "\u{feff}kind: Team\r\nname: A\r\n");
    assert_eq!(formatted("name: A\nkind: Team"), "kind: Team\nname: A\n");
    assert_eq!(formatted("# nothing\n\n\n"), "# nothing\n\n\n");
    assert_eq!(formatted(""), "");
}

#[test]
fn what_is_not_written_anew_is_left_and_said() {
    for (text, why) in [
        ("base: &a {b: 1}\nkind: Team\nname: A\nx: *a\n", "anchors"),
        ("name: !secret A\nkind: Team\n", "tags"),
        ("name: A\nname: B\nkind: Team\n", "twice"),
        ("kind: Team\nname: A\n...\n---\nkind: Team\nname: B\n", "laid out"),
        ("kind: Team\nname: A\n? c\n: d\n", "laid out"),
    ] {
        let done = format(text).expect("YAML");
        assert_eq!(done.text, text);
        assert!(done.left.iter().any(|left| left.reason.contains(why)), "{text}: {:?}", done.left);
    }
    assert!(format("a: [").is_err());
}

#[test]
fn the_line_of_an_ignore_stays_its_line() {
    let text = "kind: Persona
name: A
skills: [Python, SQL]  # persona: ignore[missing-skill] soon
component_access:
  - level: write  # persona: ignore[excess-level] soon
    component: B
  - {level: read, component: C}  # persona: ignore[excess-level] soon
";
    let out = formatted(text);
    assert!(out.contains("skills: [Python, SQL]  # persona"), "{out}");
    assert!(out.contains("  - level: write  # persona"), "{out}");
    assert!(out.contains("  - {level: read, component: C}  # persona"), "{out}");
}
