//! Every rule fires on the example of its page, and is silent on the starter catalog. Below that,
//! the corners of single rules, each as a small catalog and the findings that follow.

use super::{Category, RULES};
use crate::analysis::testing::{analysis, found};

/// The first block of YAML of a page.
fn example(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("```yaml\n")?;
    rest.split_once("```").map(|(block, _)| block)
}

#[test]
fn the_table_is_sorted_and_every_page_is_whole() {
    assert!(RULES.is_sorted_by_key(|rule| rule.id));
    assert_eq!(RULES.len(), 51);
    for rule in RULES {
        for title in [
            "# ",
            "## What it finds",
            "## Severity",
            "## Why it matters",
            "## Example",
            "## How to fix it",
            "## Source",
        ] {
            assert!(rule.help.contains(title), "{} has no {title}", rule.id);
        }
        assert!(rule.help.starts_with(&format!("# {}\n", rule.id)), "{}", rule.id);
    }
    assert!(Category::ALL.iter().all(|category| RULES.iter().any(|rule| rule.category == *category)));
}

#[test]
fn every_rule_fires_on_the_example_of_its_page_and_not_when_it_is_off() {
    for rule in RULES {
        let text = example(rule.help).unwrap_or_else(|| panic!("{} has an example", rule.id));
        assert!(!found(rule.id, text).is_empty(), "{} is silent on its example", rule.id);
        let settings = analysis(text).catalog.settings.place.is_some();
        if !settings {
            let off = format!(
                "kind: Catalog\nrules: {{{}: off}}\n---\n{}",
                rule.id,
                text.trim_start_matches("---\n")
            );
            assert_eq!(found(rule.id, &off), Vec::<String>::new(), "{} fires though it is off", rule.id);
        }
    }
}

#[test]
fn no_rule_of_weight_fires_on_the_starter_catalog() {
    let files = ["catalog", "components", "personas", "processes", "skills", "team"];
    let text: Vec<String> = files
        .iter()
        .map(|name| match *name {
            "catalog" => include_str!("../../../assets/starter/catalog.yaml"),
            "components" => include_str!("../../../assets/starter/components.yaml"),
            "personas" => include_str!("../../../assets/starter/personas.yaml"),
            "processes" => include_str!("../../../assets/starter/processes.yaml"),
            "skills" => include_str!("../../../assets/starter/skills.yaml"),
            _ => include_str!("../../../assets/starter/team.yaml"),
        })
        .map(str::to_owned)
        .collect();
    let analysis = analysis(&text.join("---\n"));
    assert!(analysis.catalog.problems.is_empty(), "{:?}", analysis.catalog.problems);
    let messages: Vec<_> = analysis.findings.iter().map(|finding| &finding.message).collect();
    assert!(messages.is_empty(), "{messages:?}");
}

/// A persona that needs read in dev and prod through one step, with the grants given.
fn with_grants(grants: &str) -> String {
    format!(
        "kind: Persona\nid: P1\nname: Ana\nprocesses: Work\ncomponent_access:\n{grants}
---
kind: Process
name: Work
steps:
  - name: do
    environments: [dev, prod]
    uses:
      - Store: read
---
kind: Component
name: Store
roles:
  - {{name: Operator, level: admin, environments: [dev]}}
  - {{name: Operator, level: read}}
  - {{name: Deployer, level: write, environments: [prod]}}
"
    )
}

#[test]
fn levels_follow_roles_environment_by_environment() {
    // In dev an Operator is admin; the entry without environments holds in prod.
    let text = with_grants("  - {component: Store, role: Operator, environments: [dev, prod], mode: jit}");
    assert_eq!(found("excess-level", &text), ["high | P1 | Store | dev"]);
    // Without an environment the entries that state none count.
    let text = with_grants("  - {component: Store, role: Operator, mode: jit}");
    assert_eq!(found("excess-level", &text), Vec::<String>::new());
    // Where every entry states one, all of them count.
    let text = with_grants("  - {component: Store, role: Deployer, mode: jit}");
    assert_eq!(found("excess-level", &text), ["medium | P1 | Store | -"]);
    // A role of the catalog holds where the component has none of that name.
    let text = with_grants("  - {component: Store, role: contributor, environments: [prod], mode: jit}");
    assert_eq!(found("excess-level", &text), ["high | P1 | Store | prod"]);
    let text = with_grants("  - Store: Nobody");
    assert_eq!(found("unknown-role", &text), ["medium | P1 | Store | -"]);
}

#[test]
fn missing_access_counts_each_environment_and_the_level_there() {
    let text = with_grants("  - {component: Store, level: read, environments: [dev]}");
    assert_eq!(found("missing-access", &text), ["medium | P1 | Store | prod"]);
    let text = with_grants("  - Store");
    assert_eq!(found("missing-access", &text), Vec::<String>::new());
    // A role that means nothing in prod gives no level there, and compares as none.
    let text = with_grants("  - {component: Store, role: Deployer, environments: [dev, prod]}");
    assert_eq!(found("missing-access", &text), Vec::<String>::new());
    let text = with_grants("  - {component: Store, expires: 2026-11-22}");
    assert_eq!(found("missing-access", &text), ["medium | P1 | Store | dev", "medium | P1 | Store | prod"]);
    assert_eq!(found("expired-grant", &text), ["low | P1 | Store | -"]);
    let text = with_grants("  - {component: Store, expires: 2026-11-23}");
    assert_eq!(found("expired-grant", &text), Vec::<String>::new());
}

#[test]
fn what_is_not_described_makes_unsure() {
    let text = "kind: Persona\nid: P1\nname: Ana\nprocesses: Talk\ncomponent_access:\n  - {component: Store, level: admin, environments: [prod]}\n---\nkind: Process\nname: Talk\n";
    assert_eq!(found("unneeded-access", text), ["low? | P1 | Store | -"]);
    assert_eq!(found("undescribed-process", text), ["info | Talk | - | -"]);
    // A part is described by the steps of its whole.
    let text = "kind: Persona\nid: P1\nname: Ana\nprocesses: Part\ncomponent_access:\n  - {component: Store, level: admin, environments: [prod]}\n---\nkind: Process\nname: Part\npart_of: Whole\n---\nkind: Process\nname: Whole\nsteps: [{name: do, uses: Other, performers: P1}]\n";
    assert_eq!(found("unneeded-access", text), ["high | P1 | Store | -"]);
    assert_eq!(found("performer-without-process", text), Vec::<String>::new());
}

#[test]
fn a_cap_lowers_what_a_performer_needs() {
    let text = "kind: Persona\nid: P1\nname: Ana\nprocesses: Work\ncomponent_access:\n  - {component: Store, level: write, environments: [dev]}
---
kind: Process
name: Work
steps:
  - name: do
    environments: [dev]
    uses:
      - Store: write
    performers:
      - {persona: P1, level: read}
---
kind: Component
name: Store
skills:
  - {skill: Deep, from: write}
  - Shallow
";
    assert_eq!(found("excess-level", text), ["medium | P1 | Store | dev"]);
    assert_eq!(found("missing-skill", text), ["medium | P1 | Shallow | -"]);
}

#[test]
fn skills_are_implied_and_missing_ones_weigh_more_in_production() {
    let text = "kind: Persona\nid: P1\nname: Ana\nprocesses: Work\nskills: [{skill: PySpark, level: 1}]
---
kind: Process
name: Work
steps:
  - {name: do, environments: prod, skills: [python, Rust, {skill: PySpark, level: expert}]}
---
kind: SkillList
items:
  - {name: PySpark, implies: Python}
  - Python
";
    assert_eq!(found("missing-skill", text), ["high | P1 | Rust | -"]);
    assert_eq!(found("skill-level-too-low", text), ["medium | P1 | PySpark | -"]);
    assert_eq!(found("uncovered-skill", text), ["high | Rust | - | -"]);
}

#[test]
fn a_grant_is_redundant_when_another_gives_all_of_it_on_no_harder_terms() {
    let twice = "  - {component: Store, level: read, environments: [dev], mode: jit}\n  - {component: Store, level: write, environments: [dev, prod]}";
    assert_eq!(found("redundant-grant", &with_grants(twice)), ["low | P1 | Store | -"]);
    let harder = "  - {component: Store, level: read, environments: [dev], mode: standing}\n  - {component: Store, level: write, environments: [dev, prod], mode: jit}";
    assert_eq!(found("redundant-grant", &with_grants(harder)), Vec::<String>::new());
    let approved = "  - {component: Store, level: read, environments: [dev]}\n  - {component: Store, level: read, environments: [dev], approval: P1}";
    assert_eq!(found("redundant-grant", &with_grants(approved)), ["low | P1 | Store | -"]);
    let unlike =
        "  - {component: Store, level: read, environments: [dev]}\n  - {component: Store, level: read}";
    assert_eq!(found("redundant-grant", &with_grants(unlike)), Vec::<String>::new());
}

#[test]
fn accountability_ends_at_humans_who_are_there() {
    let agents = "kind: Persona\nname: Bot\ntype: agent\naccountable: Router\n---\nkind: Persona\nname: Router\ntype: agent\naccountable: [Bot, Lead]\n---\nkind: Persona\nname: Lead\n";
    assert_eq!(found("unaccountable-agent", agents), Vec::<String>::new());
    let away = format!("{agents}---\nkind: Person\nname: X\nactive: false\npersonas: Lead\n");
    assert_eq!(found("unaccountable-agent", &away), ["critical | Bot | - | -", "critical | Router | - | -"]);
    let there = format!("{agents}---\nkind: Person\nname: X\npersonas: Lead\n");
    assert_eq!(found("unaccountable-agent", &there), Vec::<String>::new());
    let circle = "kind: Persona\nname: A\ntype: agent\naccountable: B\n---\nkind: Persona\nname: B\ntype: service\naccountable: A\n";
    assert_eq!(found("unaccountable-agent", circle), ["critical | A | - | -", "high | B | - | -"]);
}

#[test]
fn standing_access_weighs_by_what_the_card_says() {
    let agent =
        |grant: &str| format!("kind: Persona\nname: Bot\ntype: agent\ncomponent_access:\n  - {grant}\n");
    let says = |grant: &str| found("standing-agent-access", &agent(grant));
    assert_eq!(says("{component: S, environments: [prod]}"), ["low | Bot | S | -"]);
    assert_eq!(says("{component: S, mode: standing, environments: [dev]}"), ["medium | Bot | S | -"]);
    assert_eq!(says("{component: S, mode: standing, environments: [prod]}"), ["high | Bot | S | -"]);
    assert_eq!(says("{component: S, mode: eligible, environments: [prod]}"), Vec::<String>::new());
}

#[test]
fn handing_work_on_widens_reach_through_several_agents() {
    let text = "kind: Scenario\nname: S\nrouter: A\ntriggers: [{change: x, route: [B, C]}]
---
kind: PersonaList
items:
  - {name: A, type: agent}
  - {name: B, type: agent, component_access: [{component: Store, mode: jit}]}
  - {name: C, type: agent, component_access: [{component: Store, level: write}, {component: Queue, approval: A}]}
";
    assert_eq!(found("delegation-widening", text), ["medium | A | Store | -"]);
}

#[test]
fn crossing_to_another_platform_needs_authentication() {
    let text = "kind: Persona\nname: Bot\ntype: agent\nidentity: {provider: Entra, id: x}\ncomponent_access: [A, B, C, D, {component: E, auth: oauth2}]
---
kind: ComponentList
items:
  - {name: A, platform: azure}
  - {name: B, platform: aws}
  - {name: C, platform: saas, auth: oauth2}
  - {name: D, platform: MCP}
  - {name: E, platform: gcp}
";
    assert_eq!(found("missing-auth", text), ["medium | Bot | B | -", "medium | Bot | D | -"]);
}

#[test]
fn similar_names_and_duplicates() {
    let text = "kind: Persona\nname: Ana\ncomponent_access: [azure-storage, Azure Storage 2, Azur Storag, Blob]\n---\nkind: ComponentList\nitems: [Azure Storage, Azure Storage 1]\n";
    assert_eq!(
        found("similar-name", text),
        ["medium | Azur Storag | Azure Storage | -", "medium | azure-storage | Azure Storage | -"]
    );
    let text = "kind: SkillList\nitems:\n  - {name: Python, aliases: [py]}\n  - {name: PY}\n";
    assert_eq!(found("duplicate-name", text), ["high | PY | Python | -"]);
}

#[test]
fn interactions_name_personas_else_teams() {
    let text = "kind: PersonaList
items:
  - {id: P1, name: Ana, team: Blue, primary_interaction: [P2, Red, Nobody]}
  - {id: P2, name: Bo, team: Red, primary_interaction: [Blue]}
  - {id: P3, name: Cy, primary_interaction: [P1]}
";
    assert_eq!(found("unknown-interaction", text), ["medium | P1 | Nobody | -"]);
    assert_eq!(found("one-way-interaction", text), ["info | P3 | P1 | -"]);
}

#[test]
fn duties_meet_through_the_agents_that_a_person_answers_for() {
    let text = "kind: Catalog
separation_of_duties:
  - {name: build and approve, duties: [{process: Build}, {component: Registry, level: write}]}
---
kind: PersonaList
items:
  - {id: P1, name: Ana, processes: [Build]}
  - {id: P2, name: Bot, type: agent, accountable: P1, component_access: [Registry: write]}
  - {id: P3, name: Both, processes: [Build], component_access: [Registry: read]}
---
kind: Person
name: X
personas: P1
";
    assert_eq!(found("separation-of-duties", text), ["high | X | build and approve | -"]);
}

#[test]
fn decisions_and_ignores_mark_findings_and_go_stale() {
    let catalog = "kind: Persona\nid: P1\nname: Ana\nprocesses: Talk\ncomponent_access:\n  - Store # persona: ignore[unneeded-access] asked for by audit\n  - Queue # persona: ignore[unneeded-access]\n---\nkind: Process\nname: Talk\nuses: Other\n";
    assert_eq!(
        found("unneeded-access", catalog),
        ["medium | P1 | Queue | -", "medium | P1 | Store | - decided"]
    );
    assert_eq!(found("stale-decision", catalog), ["low | a.yaml:7 | - | -"]);
    let decided = |until: &str| {
        format!(
            "{catalog}---\nkind: Decision\nfinding: {{rule: unneeded-access, subject: p1, object: Queue}}\naction: accept\ndecided: 2026-11-01\nuntil: {until}\n"
        )
    };
    assert_eq!(
        found("unneeded-access", &decided("2026-11-23")).first().map(String::as_str),
        Some("medium | P1 | Queue | - decided")
    );
    let late = decided("2026-11-22");
    assert!(found("unneeded-access", &late).contains(&"medium | P1 | Queue | -".to_owned()));
    assert_eq!(found("stale-decision", &late).len(), 2);
}

#[test]
fn the_score_counts_clean_items_and_says_what_it_rests_on() {
    let analysis =
        analysis(&with_grants("  - {component: Store, level: write, environments: [dev, prod], mode: jit}"));
    // One component, too wide; nothing else to judge.
    assert_eq!(analysis.score.value, Some(0.0));
    assert_eq!(analysis.score.grade(), Some('F'));
    assert!((analysis.score.coverage - 1.0).abs() < 1e-9);
    let vague = crate::analysis::testing::analysis(&with_grants("  - Store"));
    assert_eq!(vague.score.value, Some(100.0));
    assert_eq!(vague.score.grade(), None);
    assert!(vague.score.why_no_grade().is_some());
}
