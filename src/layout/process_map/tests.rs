//! The map of the example, of hostile names and of odd catalogs.

use super::*;
use crate::analysis::testing::{analysis, analysis_of};
use crate::layout::grid::tests::holds;
use crate::layout::raster::Raster;

/// The example of the repository, as its tests see it.
pub(in crate::layout) fn example() -> Analysis {
    let read = |path: &str| {
        #[allow(clippy::disallowed_methods)]
        std::fs::read_to_string(format!("{}/personas/{path}", env!("CARGO_MANIFEST_DIR"))).expect("a file")
    };
    let names = [
        "cards/P001-ai-data-engineer.yaml",
        "cards/P003-bi-analyst.yaml",
        "cards/P004-discriminative-ai-data-scientist.yaml",
        "cards/P006-genai-data-scientist.yaml",
        "cards/P007-genai-chat-developer.yaml",
        "cards/P009-build-agent-mlops.yaml",
        "cards/P010-dev-router-agent.yaml",
        "cards/P011-dev-unit-test-agent.yaml",
        "cards/P012-production-monitoring-agent.yaml",
        "catalog.yaml",
        "components/data-and-ml.yaml",
        "components/generative-ai.yaml",
        "components/governance.yaml",
        "processes/dataops.yaml",
        "processes/devops.yaml",
        "processes/genaiops.yaml",
        "processes/mlops.yaml",
        "processes/operations.yaml",
    ];
    let texts: Vec<(&str, String)> = names.iter().map(|name| (*name, read(name))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    analysis_of(&files)
}

/// `DataOps / ingest @prod`, in words that are easily compared.
fn name(analysis: &Analysis, spot: &Spot) -> String {
    let environment = spot.environment.map_or("-", |place| analysis.catalog.settings.environment(place));
    format!("{} @{environment}", analysis.catalog.id(spot.step.into()))
}

fn wires(analysis: &Analysis, map: &ProcessMap) -> Vec<String> {
    let name = |place: usize| name(analysis, &map.spots[place]);
    let label = |wire: &crate::layout::picture::Wire| {
        wire.label.as_ref().map_or(String::new(), |(_, run)| format!(" ({})", run.text.trim()))
    };
    map.picture
        .wires
        .iter()
        .map(|wire| format!("{} > {}{}", name(wire.from), name(wire.to), label(wire)))
        .collect()
}

#[test]
fn the_example_is_the_picture_of_its_source() {
    let analysis = example();
    let map = draw(&analysis, &Request { ascii: true, ..Request::default() });
    holds(&map.picture);
    let wires = wires(&analysis, &map);
    for (process, first, last) in
        [("MLOps", "dev-data", "dev-deploy"), ("GenAIOps", "dev-data", "dev-evaluate")]
    {
        for wire in [
            format!("DataOps / ingest @prod > {process} / {first} @dev"),
            format!("{process} / {last} @dev > {process} / {first} @dev (inner loop)"),
            format!("{process} / dev-evaluate @dev > {process} / stage-fetch @stage"),
            format!("{process} / stage-fetch @stage > {process} / stage-deploy @stage"),
            format!("{process} / stage-deploy @stage > {process} / stage-monitor @stage"),
            format!("{process} / stage-deploy @stage > {process} / prod-fetch @prod"),
            format!("{process} / prod-deploy @prod > {process} / prod-monitor @prod"),
            format!("{process} / prod-monitor @prod > {process} / {first} @dev (outer loop)"),
        ] {
            assert!(wires.contains(&wire), "{wire} is not in {wires:#?}");
        }
    }
    let badges = |wanted: &str| {
        let spot = map.spots.iter().find(|spot| name(&analysis, spot) == wanted);
        spot.map_or_else(Vec::new, |spot| {
            spot.badges.iter().map(|badge| format!("{} {}", badge.name, badge.level)).collect()
        })
    };
    for (spot, who) in [
        ("DataOps / ingest @prod", vec!["P001 W"]),
        ("MLOps / dev-data @dev", vec!["P004 W"]),
        ("MLOps / stage-fetch @stage", vec!["P009 R"]),
        ("MLOps / prod-deploy @prod", vec!["P009 W", "P007 R"]),
        ("MLOps / prod-monitor @prod", vec!["P004 R"]),
        ("GenAIOps / dev-deploy @dev", vec!["P006 W", "P007 R"]),
        ("GenAIOps / stage-deploy @stage", vec!["P009 W", "P007 R"]),
        ("GenAIOps / prod-monitor @prod", vec!["P006 R"]),
    ] {
        assert_eq!(badges(spot), who, "{spot}");
    }
    // Environments from left to right, and what feeds the loops above them.
    let lanes: Vec<&str> =
        map.picture.regions.iter().take(3).map(|region| region.title.text.trim()).collect();
    assert_eq!(lanes, ["dev", "stage", "prod"]);
    let day: Vec<String> = analysis
        .catalog
        .find_persona(&crate::card::words::Name::new("P009"))
        .map_or_else(Vec::new, |persona| day_of(&map, persona))
        .into_iter()
        .map(|place| name(&analysis, &map.spots[place]))
        .collect();
    let expected = ["stage-fetch @stage", "stage-deploy @stage", "prod-fetch @prod", "prod-deploy @prod"];
    let expected: Vec<String> =
        ["GenAIOps", "MLOps"].iter().flat_map(|of| expected.map(|step| format!("{of} / {step}"))).collect();
    assert_eq!(day, expected);
}

#[test]
fn a_badge_says_what_is_too_much_too_little_and_needed_elsewhere() {
    let text = "\
kind: Persona
name: A
component_access:
  - {component: S, level: write, environments: [dev, prod]}
processes: [P]
---
kind: Process
name: P
steps:
  - {id: look, environments: [dev], uses: [S: read], next: work}
  - {id: work, environments: [dev], uses: [S: write]}
  - {id: watch, environments: [prod], uses: [S: read]}
  - {id: test, environments: [stage], uses: [S: read]}
  - {id: any, uses: [S: read], performers: [Nobody]}
---
kind: Process
name: Q
steps: [lonely]
";
    let analysis = analysis(text);
    let map = draw(&analysis, &Request { ascii: true, ..Request::default() });
    holds(&map.picture);
    let of: Vec<String> = map
        .spots
        .iter()
        .map(|spot| {
            let badges: Vec<String> = spot.badges.iter().map(|badge| badge.text(true)).collect();
            format!("{}: {}", name(&analysis, spot), badges.join(" "))
        })
        .collect();
    assert_eq!(
        of,
        [
            "P / look @dev: A R'",
            "P / work @dev: A W",
            "P / test @stage: A Ro",
            "P / watch @prod: A R^",
            "P / any @-: ? Nobody",
            "Q / lonely @-: ",
        ]
    );
    let drawn = Raster::whole(&map.picture, true).text();
    assert!(drawn.is_ascii() && drawn.contains("? nobody"), "{drawn}");
}

#[test]
fn a_context_shows_one_environment_and_a_choice_only_what_is_chosen() {
    let analysis = example();
    let context = Context { environment: Some(1), ..Context::default() };
    let map = draw(&analysis, &Request { context, ..Request::default() });
    assert!(!map.spots.is_empty() && map.spots.iter().all(|spot| spot.environment == Some(1)));
    let process = analysis.catalog.find_process(&crate::card::words::Name::new("MLOps"));
    let map = draw(&analysis, &Request { processes: process.map(|one| vec![one]), ..Request::default() });
    assert_eq!(map.spots.len(), 10);
    holds(&map.picture);
}

#[test]
fn hostile_names_loops_and_long_chains_stay_in_their_boxes() {
    let mut text = "kind: Process\nname: \"\\e[31mRed\\n日本\"\nsteps:\n".to_owned();
    for step in 0..40 {
        let next = (step * 7 + 3) % 40;
        text.push_str(&format!(
            "  - {{id: s{step}, name: \"日本語👩‍💻 {step} \\u202e\", environments: [{}], next: [s{}, s{next}, s{step}]}}\n",
            ["dev", "stage", "prod"][step / 7 % 3],
            (step + 1) % 40
        ));
    }
    let analysis = analysis(&text);
    for zoom in Zoom::ALL {
        let map = draw(&analysis, &Request { zoom, ..Request::default() });
        assert_eq!(map.spots.len(), 40);
        holds(&map.picture);
        let drawn = Raster::whole(&map.picture, false).text();
        assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{202e}'));
    }
    assert!(draw(&analysis_of(&[]), &Request::default()).spots.is_empty());
}
