//! `persona simulate` as a user types it, and `persona audit` of what it writes.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const SCENARIO: &str = "CI/CD change routing";

fn run(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("persona")
        .expect("the program")
        .env_remove("NO_COLOR")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(home)
        .args(arguments)
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn out(arguments: &[&str]) -> String {
    let (code, out, err) = run(Path::new(env!("CARGO_MANIFEST_DIR")), arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    out
}

fn validator(name: &str) -> jsonschema::Validator {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/schema/{name}-1.json"));
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(file).expect("a schema")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a valid schema")
}

/// A catalog with agents that come and go, hostile names, and a route that goes nowhere.
const TEAM: &str = "kind: PersonaList
items:
  - {id: R, name: \"<b>R|\\e]0;x\\a\", type: agent, accountable: H}
  - {id: A, name: \"=cmd()\", type: agent, processes: [W], component_access: [{component: \"S\\u202e*x*\", level: write, mode: jit, approval: H}]}
  - {id: B, name: Second, type: agent}
  - {id: H, name: Human}
---
kind: Process
name: W
steps: [{name: s, environments: [dev], uses: [{component: \"S\\u202e*x*\", level: write}]}]
---
kind: Scenario
name: \"<i>Case|\\e[31m\"
router: R
triggers:
  - {change: \"x|y\\e[0m\", route: [A, B], joins: [B], leaves: [A]}
  - {change: lost, phase: test, route: [\"`Nobody`\\n\"]}
";

fn is_harmless(text: &str) -> bool {
    !text
        .chars()
        .any(|letter| (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter))
}

#[test]
fn the_same_seed_writes_the_same_trail_and_an_audit_agrees_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let trail = folder.path().join("trail.jsonl");
    let file = trail.to_str().expect("a path");
    let text = out(&["simulate", SCENARIO, "--seed", "7", "--events", "500"]);
    let told = out(&["simulate", SCENARIO, "--seed", "7", "--events", "500", "--out", file, "--plain"]);
    assert_eq!(text, std::fs::read_to_string(&trail).expect("the trail"));
    assert!(
        told.contains("events: 500, 2026-11-23T09:00:00Z to ")
            && told.contains("stuck: load profile at Load Test Agent: no-card"),
        "{told}"
    );
    assert_ne!(text, out(&["simulate", SCENARIO, "--seed", "8", "--events", "500"]));
    assert_eq!(text.lines().count(), 500);
    let validator = validator("audit-event");
    let mut denied = 0;
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).expect("JSON");
        assert!(validator.is_valid(&event), "{line}");
        denied += u64::from(event["decision"] == "deny" && !event["component"].is_null());
    }
    let (code, report, _) = run(
        Path::new(env!("CARGO_MANIFEST_DIR")),
        &["audit", file, "--format", "json", "--at", "2026-11-23"],
    );
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(code, 1);
    let counts = &report;
    assert_eq!(counts["events"], 500);
    assert_eq!(
        (counts["beyond"].as_u64(), counts["refused"].as_u64()),
        (Some(denied), Some(denied)),
        "{counts}"
    );
    assert_eq!(counts["unattributed"], 0);
}

#[test]
fn the_missing_load_test_agent_is_a_dead_end() {
    let text = out(&["simulate", SCENARIO, "--exhaustive", "--at", "2026-11-23"]);
    assert!(
        text.contains("2 routes, on 2026-11-23")
            && text.contains("1 through in every order; 1 stuck in every order"),
        "{text}"
    );
    assert!(
        text.contains("Load Test Agent has no card") && text.contains("read on Azure Monitor in dev"),
        "{text}"
    );
    let report: Value =
        serde_json::from_str(&out(&["simulate", "--exhaustive", "--format", "json", "--at", "2026-11-23"]))
            .expect("JSON");
    let errors: Vec<String> =
        validator("simulate").iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(report["routes"][1]["outcomes"][0]["stuck"]["why"], "no-card");
    assert_eq!(report["routes"][1]["hops"][1]["would_do"][0]["id"], "DevOps / load-tests");
    assert_eq!(report["routes"][0]["hops"][1]["asks"][0]["grant"]["mode"], "jit");
    let text = out(&["simulate", "--exhaustive", "--plain", "--at", "2026-11-23"]);
    assert!(
        text.lines().all(|line| line.starts_with("CI/CD")
            || line.starts_with("1: unit code")
            || line.starts_with("2: load profile")),
        "{text}"
    );
    let page = out(&["simulate", "--exhaustive", "--format", "markdown", "--at", "2026-11-23"]);
    assert!(page.contains("| Load Test Agent | | **no card** | |"), "{page}");
}

#[test]
fn hostile_names_do_no_harm_and_every_order_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.yaml"), TEAM).expect("a file");
    let at = folder.path().to_str().expect("a path");
    for arguments in [
        &["simulate", "--exhaustive"][..],
        &["simulate", "--exhaustive", "--ascii"],
        &["simulate", "--exhaustive", "--plain"],
        &["simulate", "--exhaustive", "--format", "markdown"],
        &["simulate", "--exhaustive", "--format", "json"],
        &["simulate", "--events", "300", "--format", "terminal"],
        &["simulate", "--events", "300", "--plain"],
    ] {
        let text = out(&[arguments, &["--in", at, "--at", "2026-11-23"]].concat());
        let text = if arguments.contains(&"json") {
            let report: Value = serde_json::from_str(&text).expect("JSON");
            assert!(validator("simulate").is_valid(&report));
            let orders = |route: &Value| {
                let all = route["outcomes"].as_array().expect("outcomes").iter();
                all.map(|one| one["orders"].as_u64().expect("a number")).sum::<u64>()
            };
            assert_eq!(
                report["routes"].as_array().expect("routes").iter().map(orders).collect::<Vec<_>>(),
                [20, 20, 1]
            );
            String::new()
        } else {
            text
        };
        assert!(is_harmless(&text), "{arguments:?}: {text}");
        assert!(!text.contains("<b>") || !arguments.contains(&"markdown"), "{text}");
    }
    let text = out(&["simulate", "--exhaustive", "--in", at, "--at", "2026-11-23", "--ascii"]);
    assert!(text.contains("for instance:") && text.contains("^H stuck in"), "{text}");
}

#[test]
fn what_cannot_be_played_is_said() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (code, _, err) = run(home, &["simulate", "CI/CD chnge routing"]);
    assert!(code == 2 && err.contains("did you mean CI/CD change routing?"), "{err}");
    let (code, _, err) = run(home, &["simulate", "--exhaustive", "--seed", "3"]);
    assert!(code == 64 && err.contains("cannot be used with"), "{err}");
    let (code, _, err) = run(home, &["simulate", "--format", "json"]);
    assert!(code == 64 && err.contains("json and markdown are for --exhaustive"), "{err}");
    let (code, _, err) = run(home, &["simulate", "--exhaustive", "--format", "jsonl"]);
    assert!(code == 64 && err.contains("draws no events"), "{err}");
    let (code, _, err) = run(home, &["simulate", "--start", "soon"]);
    assert!(code == 64 && err.contains("write a day"), "{err}");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("catalog.yaml"), "kind: Catalog\nname: E\n").expect("a file");
    let (code, _, err) = run(folder.path(), &["simulate"]);
    assert!(code == 2 && err.contains("the catalog has no scenario"), "{err}");
    std::fs::write(
        folder.path().join("s.yaml"),
        "kind: Scenario\nname: S\nrouter: X\ntriggers: [{route: [Y]}]\n",
    )
    .expect("a file");
    let (code, _, err) = run(folder.path(), &["simulate"]);
    assert!(code == 2 && err.contains("no router of the scenario S has a card"), "{err}");
    assert!(
        run(folder.path(), &["simulate", "--exhaustive"]).1.contains("X has no card"),
        "a dead end at once"
    );
}

#[test]
fn the_day_of_at_is_the_day_of_the_first_event() {
    let first = |arguments: &[&str]| {
        let text = out(&[&["simulate", "--events", "1"], arguments].concat());
        let event: Value = serde_json::from_str(&text).expect("JSON");
        event["time"].as_str().expect("a time").to_owned()
    };
    assert_eq!(first(&[]), "2026-11-23T09:00:00Z");
    assert_eq!(first(&["--at", "2026-03-01"]), "2026-03-01T09:00:00Z");
    assert_eq!(
        first(&["--at", "2026-03-01", "--start", "2026-04-01T10:00:00+02:00"]),
        "2026-04-01T08:00:00Z"
    );
    assert_eq!(out(&["simulate", "--events", "0"]), "");
}
