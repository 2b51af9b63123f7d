//! Cells against small catalogs: each state once, and the near miss beside it.

use super::*;
use crate::analysis::testing::analysis;

const WORK: &str = "kind: Process
name: Work
steps:
  - name: build
    environments: [dev]
    uses: [{Store: write}, {Vault: read}, {Queue: read}, {Board: read}]
    skills: [Rust, {skill: SQL, level: 3}, Ops]
  - name: run
    environments: [prod]
    uses: [{Store: read}, {Bus: write}]
";

const TEAM: &str = "kind: PersonaList
items:
  - id: A
    processes: [Work, {process: Talk, responsibility: informed}]
    skills: [{skill: SQL, level: 2}, Cooking, Everything]
    component_access:
      - {component: Store, level: write, environments: [dev]}
      - {component: Store, level: admin, environments: [prod]}
      - {component: Vault, level: read, environments: [dev, prod], mode: jit}
      - {component: Queue, level: read}
      - {component: Board, level: admin}
      - {component: Bus, level: read, environments: [prod]}
      - {component: Extra, level: read, environments: [dev]}
      - {component: Old, level: read, environments: [dev], expires: 2020-01-01}
  - id: B
    component_access: [{component: Extra, level: read, environments: [dev]}]
---
kind: SkillList
items: [{name: Everything, implies: [Ops]}]
---
";

fn states(kind: Kind, environment: Option<usize>, text: &str) -> Vec<String> {
    let analysis = analysis(text);
    let context = Context { environment, ..Context::default() };
    let matrix = Matrix::of(&analysis, kind, &context);
    let letters = signs::Letters::of(&analysis.catalog.settings);
    matrix
        .cells()
        .iter()
        .map(|cell| {
            let catalog = &analysis.catalog;
            format!(
                "{} {}: {} {}",
                catalog.id(matrix.rows[cell.row as usize]),
                catalog.id(matrix.columns[cell.column as usize]),
                letters.text(cell, kind, true).trim_end(),
                cell.state.word()
            )
        })
        .collect()
}

fn has(found: &[String], wanted: &[&str]) {
    for wanted in wanted {
        assert!(found.iter().any(|line| line == wanted), "{wanted} is not among {found:#?}");
    }
}

#[test]
fn access_in_an_environment_and_in_all() {
    let text = format!("{TEAM}{WORK}");
    let dev = states(Kind::Components, Some(0), &text);
    has(
        &dev,
        &[
            "A Store: W+W right",
            "A Vault: R%R conditional",
            "A Queue: R+R right",
            "A Board: A^R too-high",
            "A Extra: Rx unneeded",
            "A Old: R/ inactive",
            "B Extra: R? unsure",
        ],
    );
    assert!(!dev.iter().any(|line| line.starts_with("A Bus")), "{dev:#?}");
    let prod = states(Kind::Components, Some(2), &text);
    has(
        &prod,
        &["A Store: A^R too-high", "A Vault: Rx % unneeded", "A Queue: R~ unplaced", "A Bus: RvW too-low"],
    );
    assert!(!prod.iter().any(|line| line.starts_with("B ")), "{prod:#?}");
    let all = states(Kind::Components, None, &text);
    has(&all, &["A Store: A^R too-high", "A Vault: Rx % unneeded", "A Queue: R+R right"]);
    let missing =
        states(Kind::Components, None, &format!("kind: Persona\nid: C\nprocesses: Work\n---\n{WORK}"));
    has(&missing, &["C Store:  oW missing", "C Vault:  oR missing", "C Bus:  oW missing"]);
}

#[test]
fn what_was_decided_on_is_accepted_and_other_gaps_are_flaws() {
    let text = format!(
        "{TEAM}{WORK}---\nkind: Decision\nfinding: {{rule: unneeded-access, subject: A, object: Extra}}\naction: accept\nreason: x\nby: y\ndecided: 2026-11-01\nuntil: 2027-01-01\n"
    );
    has(&states(Kind::Components, None, &text), &["A Extra: R= accepted"]);
    let flawed = format!(
        "kind: Persona\nid: D\nprocesses: Work\ncomponent_access: [{{component: Bus, level: write, environments: [prod], auth: password}}]\n---\n{WORK}"
    );
    has(&states(Kind::Components, Some(2), &flawed), &["D Bus: W!W flawed"]);
}

#[test]
fn a_context_puts_grants_out_of_force() {
    let text = format!(
        "kind: Persona\nid: E\ntype: agent\nprocesses: Work\ncomponent_access: [{{component: Vault, level: read, environments: [dev], max_risk: low}}]\n---\n{WORK}"
    );
    let analysis = analysis(&text);
    let context = Context { risk: Some(Level(2)), ..Context::default() };
    let matrix = Matrix::of(&analysis, Kind::Components, &context);
    let vault =
        matrix.columns.iter().position(|column| analysis.catalog.id(*column) == "Vault").expect("Vault");
    let cell = matrix.cell(0, vault).expect("a cell");
    assert_eq!((cell.state, cell.left), (State::Missing, Amount::Nothing));
}

#[test]
fn processes_by_responsibility_and_access() {
    let text = format!(
        "{TEAM}{WORK}---\nkind: Process\nname: Talk\n---\nkind: Process\nname: Part\npart_of: Work\n"
    );
    has(
        &states(Kind::Processes, None, &text),
        &["A Work:  +w right", "A Talk: I- plain", "A Part:  \" implied"],
    );
    has(&states(Kind::Processes, Some(2), &text), &["A Work:  +w right"]);
    has(&states(Kind::Processes, Some(1), &text), &["A Work:  - plain"]);
    let unlisted = "kind: Persona\nid: F\n---\nkind: Process\nname: Q\nsteps: [{name: s, uses: [X: read], performers: [F]}]\n";
    has(&states(Kind::Processes, None, unlisted), &["F Q:  or missing"]);
    let bare = "kind: Persona\nid: G\nprocesses: [{process: Nowhere, responsibility: accountable}]\n";
    has(&states(Kind::Processes, None, bare), &["G Nowhere: A? unsure"]);
}

#[test]
fn skills_of_personas_and_of_people() {
    let people = "---
kind: PersonList
items:
  - {name: Ana, personas: [A], skills: [Rust, {skill: SQL, level: 4}, Chess]}
  - {name: Bo, personas: [A], skills: [Everything, SQL], active: false}
";
    let text = format!("{TEAM}{WORK}{people}");
    has(
        &states(Kind::Skills, None, &text),
        &["A Rust:  o missing", "A SQL: 2v3 too-low", "A Ops:  \" implied", "A Cooking:  - plain"],
    );
    let found = states(Kind::People, None, &text);
    has(
        &found,
        &[
            "Ana Rust:  ! flawed",
            "Ana SQL: 4!3 flawed",
            "Ana Ops:  o missing",
            "Ana Chess:  - plain",
            "Bo SQL:  /3 inactive",
        ],
    );
    assert!(!found.iter().any(|line| line.starts_with("Bo Rust")), "who is away lacks nothing: {found:#?}");
}

#[test]
fn interactions_both_ways_one_way_through_teams_and_to_nobody() {
    let text = "kind: PersonaList
items:
  - {id: A, team: Red, primary_interaction: [B, C, Ghost, {with: Blue, protocol: mail}]}
  - {id: B, team: Blue, primary_interaction: [Red]}
  - {id: C, team: Red}
  - {id: D, type: agent, team: Blue, primary_interaction: [E], invokes: [E], accountable: A}
  - {id: E, type: agent, primary_interaction: [D]}
";
    let found = states(Kind::Interactions, None, text);
    has(
        &found,
        &[
            "A B:  +p right",
            "A C:  > one-way",
            "C A:  < one-way-back",
            "A Ghost:  # unknown",
            "D E: I! flawed",
            "D A: A<p one-way-back",
        ],
    );
}

#[test]
fn a_view_filters_sorts_turns_and_counts() {
    let text = format!("{TEAM}{WORK}");
    let analysis = analysis(&text);
    let matrix = Matrix::of(&analysis, Kind::Components, &Context::default());
    let names = |entities: &[Entity]| -> Vec<String> {
        entities.iter().map(|entity| analysis.catalog.id(*entity).into_owned()).collect()
    };
    let view = |options: Options| View::of(&analysis, &matrix, &options);
    let options = |filter: &str| Options { filter: filter.to_owned(), ..Options::default() };

    let all = view(Options::default());
    assert_eq!(names(&all.rows), ["A", "B"]);
    assert_eq!(all.columns.len(), analysis.catalog.components.len());
    assert_eq!((all.empty_rows, all.empty_columns), (0, 0));
    assert_eq!(all.total.cells, matrix.cells().len());
    assert_eq!(all.row_totals.iter().map(|total| total.cells).sum::<usize>(), all.total.cells);
    assert_eq!(all.column_totals.iter().map(|total| total.wrong).sum::<usize>(), all.total.wrong);

    let narrowed = view(options("component:ext"));
    assert_eq!(
        (names(&narrowed.rows), names(&narrowed.columns)),
        (vec!["A".into(), "B".into()], vec!["Extra".into()])
    );
    assert_eq!(names(&view(options("persona:b")).columns), ["Extra"]);
    assert_eq!(names(&view(options("queue")).columns), ["Queue"], "a text that is no row's is a column's");
    let wrong = view(options("state:too-high"));
    assert_eq!(names(&wrong.rows), ["A"]);
    assert!(names(&wrong.columns).contains(&"Board".to_owned()));
    assert!(view(options("state:implied")).rows.is_empty());

    let turned = view(Options { transpose: true, ..Options::default() });
    assert_eq!(names(&turned.columns), ["A", "B"]);
    assert_eq!(turned.row_totals, all.column_totals);
    let place = turned.rows.iter().position(|row| analysis.catalog.id(*row) == "Extra").expect("Extra");
    assert_eq!(turned.cell(&matrix, place, 0), matrix.cell(0, place).copied());
    assert_eq!(turned.pair(place, 1), Some((turned.columns[1], turned.rows[place])));

    let by_name = view(Options { sort: Sort::Name, ..Options::default() });
    assert!(names(&by_name.columns).is_sorted());
    let by_gaps = view(Options { sort: Sort::Gaps, ..Options::default() });
    assert!(by_gaps.column_totals.is_sorted_by_key(|total| std::cmp::Reverse(total.wrong)));
    let extra = matrix.columns[place];
    let by = view(Options { sort: Sort::By(extra), ..Options::default() });
    assert_eq!(names(&by.rows), ["A", "B"], "what is not needed is worse than what is not sure");
}

#[test]
fn an_explanation_names_what_is_there_what_asks_and_the_lines() {
    let text = format!("{TEAM}{WORK}");
    let analysis = analysis(&text);
    let context = Context { environment: Some(2), ..Context::default() };
    let matrix = Matrix::of(&analysis, Kind::Components, &context);
    let store = matrix.columns.iter().find(|column| analysis.catalog.id(**column) == "Store").expect("Store");
    let why = explain(&analysis, &matrix, matrix.rows[0], *store);
    assert_eq!(why.title(&analysis, &matrix, "x"), "A x Store, in prod");
    assert_eq!(why.verdict, "granted too high: granted admin, needed read");
    let lines: Vec<String> = why
        .facts
        .iter()
        .map(|fact| {
            format!("{} {} {}", fact.title, fact.text, Explanation::line(&analysis, fact).unwrap_or_default())
        })
        .collect();
    assert_eq!(
        lines,
        [
            "granted write in dev (not in this context) a.yaml:7",
            "granted admin in prod a.yaml:8",
            "needed write in dev, by build (Work / build) (not in this environment) a.yaml:26",
            "needed read in prod, by run (Work / run) a.yaml:30",
        ]
    );
    let rules: Vec<&str> = why.findings.iter().map(|place| analysis.findings[*place].rule.id).collect();
    assert!(rules.contains(&"excess-level") && rules.contains(&"human-write-in-prod"), "{rules:?}");
    let nothing = explain(&analysis, &matrix, matrix.rows[1], *store);
    assert!(nothing.verdict.starts_with("nothing here") && nothing.findings.is_empty());
}

#[test]
fn what_is_empty_is_left_out_and_counted_unless_asked_for() {
    let analysis = analysis(
        "kind: PersonaList\nitems: [{name: A, component_access: [X: read]}, {name: B}]\n---\nkind: ComponentList\nitems: [X, Y, Z]\n",
    );
    let matrix = Matrix::of(&analysis, Kind::Components, &Context::default());
    let view = View::of(&analysis, &matrix, &Options::default());
    assert_eq!((view.rows.len(), view.columns.len()), (1, 1));
    assert_eq!((view.empty_rows, view.empty_columns), (1, 2));
    let turned = View::of(&analysis, &matrix, &Options { transpose: true, ..Options::default() });
    assert_eq!((turned.empty_rows, turned.empty_columns), (2, 1));
    let all = View::of(&analysis, &matrix, &Options { empty: true, ..Options::default() });
    assert_eq!((all.rows.len(), all.columns.len(), all.empty_rows), (2, 3, 0));
}

#[test]
fn arrows_point_at_who_is_named_also_when_turned() {
    let analysis = analysis("kind: PersonaList\nitems: [{name: A, primary_interaction: B}, {name: B}]\n");
    let matrix = Matrix::of(&analysis, Kind::Interactions, &Context::default());
    for transpose in [false, true] {
        let view = View::of(&analysis, &matrix, &Options { transpose, ..Options::default() });
        assert_eq!(view.cell(&matrix, 0, 1).map(|cell| cell.state), Some(State::OneWay), "{transpose}");
        assert_eq!(view.cell(&matrix, 1, 0).map(|cell| cell.state), Some(State::OneWayBack), "{transpose}");
    }
}

#[test]
fn an_empty_catalog_has_empty_matrices() {
    let analysis = analysis("");
    for kind in Kind::ALL {
        let matrix = Matrix::of(&analysis, kind, &Context::default());
        for cluster in [false, true] {
            let view = View::of(&analysis, &matrix, &Options { cluster, ..Options::default() });
            assert!(view.rows.is_empty() && view.total == Total::default());
        }
    }
}
