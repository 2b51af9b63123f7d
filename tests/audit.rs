//! Audits: the command as a user types it, logs that are broken or hostile, every verdict against an
//! oracle that knows nothing of how the engine does it, and the reports against their schemas.
#![allow(clippy::disallowed_methods)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assert_cmd::Command;
use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::audit::event::Event;
use persona_workbench::audit::judge::judge;
use persona_workbench::audit::mapping::Mapping;
use persona_workbench::audit::readers;
use persona_workbench::audit::versions::Versions;
use persona_workbench::card::parse_text;
use persona_workbench::card::words::{Name, fold};
use persona_workbench::catalog::{Actor, Catalog, Input, Persona, PersonaId, build};
use proptest::prelude::*;
use serde_json::Value;

const CATALOG: &str = include_str!("audit/catalog.yaml");
const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audit");

fn command(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("persona").expect("the program");
    command.env_remove("NO_COLOR").env("LC_ALL", "C.UTF-8").current_dir(folder);
    command
}

/// Runs `persona audit` in a folder; the catalog is the example's unless the arguments name another.
fn audit(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = command(folder);
    command.arg("audit").args(arguments);
    if !arguments.contains(&"--in") {
        command.args(["--in", concat!(env!("CARGO_MANIFEST_DIR"), "/personas")]);
    }
    let output = command.args(["--at", "2026-11-23"]).write_stdin(input).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, bytes).expect("a file");
    path
}

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn valid(schema: &Value, value: &Value) {
    let validator = jsonschema::validator_for(schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

const LOG: &str = r#"{"time":"2026-10-01T10:00:00Z","event":"1","agent":"P010","component":"GitHub","level":"read","environment":"dev","risk":"low","trace":"t"}
{"time":"2026-10-01T10:00:01Z","event":"2","agent":"entra:dev-unit-test-agent","component":"Azure DevOps","level":"write","environment":"dev","phase":"test","parent":"1","trace":"t"}
{"time":"2026-10-01T10:00:01Z","event":"2","agent":"entra:dev-unit-test-agent","component":"Azure DevOps","level":"write","environment":"dev","phase":"test","parent":"1","trace":"t"}
{"time":"2026-10-01T10:00:05Z","event":"3","agent":"P011","component":"Azure DevOps","level":"write","environment":"prod","phase":"test","trace":"t","outcome":"denied"}
{"time":"2026-10-01T10:00:04Z","event":"4","agent":"P012","component":"Azure Monitor","level":"read","environment":"prod","phase":"monitor"}
{"time":"2026-10-01T10:00:00Z","event":"5","agent":"ghost","component":"GitHub","parent":"3"}
{"time":"2026-10-01T10:00:06Z","event":"6","agent":"P009","component":"GitHub","level":"read","environment":"stage","phase":"deploy","on_behalf_of":"Data scientist A"}
"#;

#[test]
fn what_people_see() {
    let folder = scratch();
    put(folder.path(), "log.jsonl", LOG.as_bytes());
    let (code, out, err) = audit(folder.path(), &["log.jsonl"], b"");
    assert_eq!((code, err.as_str()), (1, ""));
    insta::assert_snapshot!("audit-terminal", out);
    let (_, out, _) = audit(folder.path(), &["log.jsonl", "--plain"], b"");
    insta::assert_snapshot!("audit-plain", out);
    let (_, out, _) = audit(folder.path(), &["log.jsonl", "--format", "markdown"], b"");
    insta::assert_snapshot!("audit-markdown", out);
    let (_, out, _) = audit(folder.path(), &["log.jsonl", "--ascii"], b"");
    assert!(out.is_ascii(), "{out}");
    let (code, out, _) = audit(folder.path(), &["-"], b"");
    assert!(code == 0 && out.contains("There is no event that counts"), "{out}");
}

#[test]
fn reports_are_as_their_schemas_say() {
    let schema: Value = serde_json::from_str(include_str!("../assets/schema/audit-1.json")).expect("JSON");
    let event: Value =
        serde_json::from_str(include_str!("../assets/schema/audit-event-1.json")).expect("JSON");
    let mut row = schema["$defs"]["row"].clone();
    row["$schema"] = schema["$schema"].clone();
    let folder = scratch();
    put(folder.path(), "log.jsonl", &[LOG.as_bytes(), b"nonsense\n"].concat());
    let (_, out, _) = audit(folder.path(), &["log.jsonl", "--format", "json"], b"");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    valid(&schema, &report);
    assert_eq!(
        (&report["events"], &report["unattributed"], &report["unattributed_share"]),
        (&6.into(), &2.into(), &0.3333.into())
    );
    assert_eq!((&report["logs"]["duplicates"], &report["logs"]["bad_lines"]), (&1.into(), &1.into()));
    let (_, out, err) = audit(folder.path(), &["log.jsonl", "--format", "jsonl"], b"");
    assert!(err.contains("log.jsonl:8: it is not JSON"), "{err}");
    let found = rows(&out);
    found.iter().for_each(|one| valid(&row, one));
    assert_eq!(found.len(), 7);
    assert_eq!(found[1]["set_to_work_by"], serde_json::json!({"id": "P010", "how": "parent"}));
    assert_eq!(found[3]["set_to_work_by"], serde_json::json!({"id": "P010", "how": "trace"}));
    assert_eq!(
        found[6]["set_to_work_by"],
        serde_json::json!({"id": "Data scientist A", "how": "on_behalf_of"})
    );
    assert_eq!(
        (&found[2]["duplicate"], &found[3]["reason"], &found[3]["refused"]),
        (&true.into(), &"environment".into(), &true.into())
    );
    assert!(
        found[3]["grant"]
            .as_str()
            .is_some_and(|line| line.starts_with("cards/P011-dev-unit-test-agent.yaml:"))
    );
    LOG.lines().for_each(|line| valid(&event, &serde_json::from_str(line).expect("JSON")));
    let (_, out, _) = audit(folder.path(), &["log.jsonl", "--format", "csv"], b"");
    let mut table = csv::Reader::from_reader(out.as_bytes());
    assert_eq!(table.records().map(|record| record.expect("a record").len()).collect::<Vec<_>>(), [24; 7]);
}

#[test]
fn words_and_days_narrow_what_counts() {
    let folder = scratch();
    put(folder.path(), "log.jsonl", LOG.as_bytes());
    let events = |more: &[&str]| {
        let (_, out, err) = audit(folder.path(), &[&["log.jsonl", "--format", "jsonl"], more].concat(), b"");
        let found: Vec<String> =
            rows(&out).iter().map(|row| row["event"].as_str().expect("an id").to_owned()).collect();
        (found.join(" "), err)
    };
    assert_eq!(events(&["agent:P011"]).0, "2 2 3");
    assert_eq!(events(&["agent:unit test agent", "verdict:beyond"]).0, "3");
    assert_eq!(events(&["reason:unknown-actor", "reason:environment"]).0, "3 5");
    assert_eq!(events(&["agent:gho"]).0, "5");
    assert_eq!(events(&["component:github", "verdict:allowed"]).0, "1 6");
    assert_eq!(events(&["--since", "2026-10-01T10:00:05Z"]).0, "3 6");
    assert_eq!(events(&["--since", "2026-10-01T12:00:05+02:00"]).0, "3 6");
    assert_eq!(events(&["--until", "2026-09-30"]).0, "");
    assert_eq!(events(&["--since", "2026-10-01", "--until", "2026-10-01"]).0, "1 2 2 3 4 5 6");
    for (wrong, say) in
        [("agnt:x", "did you mean agent?"), ("verdict:bad", "known are allowed, beyond, unjudged")]
    {
        let (code, _, err) = audit(folder.path(), &["log.jsonl", wrong], b"");
        assert!(code == 64 && err.contains(say), "{err}");
    }
    assert_eq!(audit(folder.path(), &[], b"").0, 64);
    assert_eq!(audit(folder.path(), &["agent:P011"], b"").0, 64);
    assert_eq!(audit(folder.path(), &["missing.jsonl"], b"").0, 2);
}

#[test]
fn every_format_in_a_folder_packed_or_not() {
    let folder = scratch();
    for name in [
        "azure-export.jsonl",
        "azure-rest.json",
        "cloudevents.jsonl",
        "cloudtrail.json",
        "mcp.jsonl",
        "otel.jsonl",
        "table.csv",
    ] {
        std::fs::copy(Path::new(SAMPLES).join(name), put(folder.path(), &format!("logs/deep/{name}"), b""))
            .expect("a copy");
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(LOG.as_bytes()).expect("packed");
    let one = packed.finish().expect("packed");
    // Two members, one after the other, are one log.
    put(folder.path(), "logs/twice.gz", &[one.clone(), one].concat());
    let frame =
        ruzstd::encoding::compress_to_vec(LOG.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    put(folder.path(), "logs/twice.zst", &[frame.clone(), frame].concat());
    put(folder.path(), "logs/.hidden", b"not read");
    put(
        folder.path(),
        "map.yaml",
        b"agents: {unit-test-agent: P011}\nenvironments: {rg-models-prod: prod, '123456789012': dev}\n",
    );
    let (code, out, err) = audit(folder.path(), &["logs", "--map", "map.yaml", "--format", "jsonl"], b"");
    assert_eq!(code, 1, "{err}");
    let mut of: std::collections::BTreeMap<String, Vec<String>> = Default::default();
    for row in rows(&out) {
        let name = Path::new(row["log"].as_str().expect("a log"))
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let word = |key: &str| row[key].as_str().unwrap_or("-").to_owned();
        of.entry(name).or_default().push(format!(
            "{} {} {} {}",
            word("actor"),
            word("granted_on"),
            word("environment"),
            word("reason")
        ));
    }
    assert_eq!(of["twice.gz"].len(), 14);
    assert_eq!(of["twice.zst"].len(), 14);
    assert_eq!(of["azure-export.jsonl"], ["- Azure Event Hubs - unknown-actor"]);
    assert_eq!(of["azure-rest.json"][0], "P009 Azure Machine Learning prod -");
    assert_eq!(of["cloudtrail.json"], ["P011 - dev unknown-component", "- - dev unknown-actor"]);
    assert_eq!(of["cloudevents.jsonl"], ["P010 GitHub dev -", "P010 GitHub - -"]);
    assert_eq!(of["mcp.jsonl"].len(), 2);
    assert_eq!(of["otel.jsonl"].len(), 3);
    assert_eq!(of["table.csv"], ["P010 GitHub dev -", "- GitHub dev unknown-actor"]);
    // What needs an approval is allowed by a log that cannot show one, and that is told.
    assert!(err.contains("needs an approval, which this log does not show"), "{err}");
    let (_, out, _) = audit(
        folder.path(),
        &["-", "--format", "jsonl"],
        &std::fs::read(folder.path().join("logs/twice.gz")).expect("a log"),
    );
    assert_eq!(rows(&out).len(), 14);
}

#[test]
fn broken_and_hostile_logs_are_told_and_stop_nothing() {
    let folder = scratch();
    let good = br#"{"time":"2026-10-01T10:00:00Z","agent":"P010","component":"GitHub","level":"read"}"#;
    let mut log = Vec::new();
    let deep = [vec![b'['; 200_000], vec![b']'; 200_000]].concat();
    let long = [b"{\"agent\":\"".to_vec(), vec![b'x'; 40 << 20], b"\"}".to_vec()].concat();
    let escape =
        br#"{"agent":"\u001b[2J\u202e<script>","component":"$(rm -rf /)\n| x |","time":"9999-99-99"}"#
            .to_vec();
    let lines: [Vec<u8>; 12] = [
        good.to_vec(),
        b"\xff\xfe\x00 binary \x00".to_vec(),
        b"{\"agent\":\"\xff\"}".to_vec(),
        deep,
        escape,
        b"{\"agent\":\"P010\"".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        br#"{"agent":{"x":1}}"#.to_vec(),
        long,
        b"\r".to_vec(),
        good.to_vec(),
    ];
    for line in lines {
        log.extend(line);
        log.push(b'\n');
    }
    put(folder.path(), "log", &log);
    let (code, out, err) = audit(folder.path(), &["log", "--format", "json"], b"");
    assert_eq!(code, 1, "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let told: Vec<u64> = report["logs"]["bad"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|bad| bad["line"].as_u64().expect("a line"))
        .collect();
    assert_eq!(told, [2, 3, 4, 6, 8, 9, 10], "{out}");
    assert_eq!((&report["allowed"], &report["events"]), (&2.into(), &3.into()));
    for format in ["terminal", "plain", "markdown"] {
        let (_, out, _) = audit(folder.path(), &["log", "--format", format], b"");
        assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{format}: {out}");
        assert!(format != "markdown" || !out.contains("<script>"), "{out}");
    }
    // A torn archive gives what stands before the tear; a folder that is none, and a file of nothing.
    put(folder.path(), "torn.gz", &[0x1f, 0x8b, 8, 0, 0]);
    put(folder.path(), "empty.jsonl", b"");
    put(folder.path(), "blank.csv", b"\n\n\n");
    let (code, out, _) =
        audit(folder.path(), &["torn.gz", "empty.jsonl", "blank.csv", "log", "--plain"], b"");
    assert!(code == 2 && out.contains("not read: torn.gz cannot be read"), "{out}");
    assert!(out.contains("allowed: 2"), "{out}");
}

#[test]
fn any_number_of_unknown_words_takes_bounded_room() {
    let folder = scratch();
    let mut log = String::new();
    for number in 0..60_000 {
        log.push_str(&format!(
            "{{\"agent\":\"stranger {number}\",\"component\":\"place {number}\",\"tool\":\"{number}\"}}\n"
        ));
    }
    put(folder.path(), "log.jsonl", log.as_bytes());
    let (code, out, _) = audit(folder.path(), &["log.jsonl", "--format", "json"], b"");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, &report["beyond"]), (1, &60_000.into()));
    let agents = report["agents"].as_array().expect("agents");
    assert!(agents.len() < 10_010, "{}", agents.len());
    assert_eq!(agents[0]["id"], "(others)");
}

#[test]
fn a_hundred_thousand_events_in_pieces_are_all_counted() {
    let folder = scratch();
    let made = |events: &str, seed: &str, name: &str| {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/personas");
        let mut command = command(folder.path());
        command.args(["generate", "--events", events, "--seed", seed, "--in", example, name]);
        assert!(command.output().expect("it runs").status.success());
        std::fs::read(folder.path().join(name)).expect("a log")
    };
    assert_eq!(made("500", "7", "one"), made("500", "7", "two"));
    assert_ne!(made("500", "7", "one"), made("500", "8", "two"));
    made("100000", "7", "log.jsonl");
    let (_, out, _) = audit(folder.path(), &["log.jsonl", "--format", "json", "--unused-days", "60"], b"");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["events"], 100_000);
    let parts: u64 =
        ["allowed", "beyond", "unjudged"].iter().map(|part| report[part].as_u64().expect("a number")).sum();
    assert_eq!(parts, 100_000);
    assert!(report["usage"]["creep"].is_number() && report["logs"]["bad_lines"] == 0, "{}", report["usage"]);
    let (_, out, _) = audit(folder.path(), &["log.jsonl", "--format", "jsonl"], b"");
    for (number, row) in out.lines().enumerate() {
        let start = format!("{{\"log\":\"log.jsonl\",\"line\":{},", number + 1);
        assert!(row.starts_with(&start), "rows come in the order of the log: {row}");
    }
    let beyond = out.lines().filter(|row| row.contains("\"verdict\":\"beyond\"")).count() as u64;
    assert_eq!((out.lines().count(), &report["beyond"]), (100_000, &beyond.into()));
}

#[test]
fn grants_are_unused_only_where_logs_prove_it() {
    let folder = scratch();
    let catalog = "kind: PersonaList\nitems:\n- {name: A, type: agent, component_access: [{component: S, level: admin, environments: [dev, prod]}, {component: T, level: write}, {component: Unlogged, level: read}, {component: U, level: write, starts: 2026-11-01}]}\n- {name: B, component_access: [{component: U, level: read}]}\n";
    put(folder.path(), "catalog/a.yaml", catalog.as_bytes());
    let event = |day: &str, agent: &str, more: &str| {
        format!("{{\"time\":\"{day}T00:00:00Z\",\"agent\":\"{agent}\",{more}}}\n")
    };
    let log = [
        event("2026-06-01", "A", r#""component":"T","level":"write""#),
        event("2026-06-02", "B", r#""component":"U","level":"read""#),
        event("2026-11-10", "A", r#""component":"S","level":"write","environment":"dev""#),
        event("2026-11-20", "B", r#""component":"U","level":"read""#),
    ];
    put(folder.path(), "log.jsonl", log.concat().as_bytes());
    let usage = |more: &[&str]| {
        let (_, out, _) = audit(
            folder.path(),
            &[&["log.jsonl", "--in", "catalog", "--format", "json"], more].concat(),
            b"",
        );
        let report: Value = serde_json::from_str(&out).expect("JSON");
        report["usage"].clone()
    };
    let found = usage(&["--unused-days", "60"]);
    let of = |key: &str| -> Vec<String> {
        found[key]
            .as_array()
            .expect("grants")
            .iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["persona"].as_str().unwrap_or(""),
                    one["component"].as_str().unwrap_or("")
                )
            })
            .collect()
    };
    assert_eq!(of("unused"), ["A T"], "{found}");
    assert_eq!(of("used_below"), ["A S"], "{found}");
    assert_eq!(
        found["open"],
        serde_json::json!({"the logs never show the component": 1, "the grant has not been in force long enough": 1})
    );
    // Of S 1 of 3 in dev and 3 of 3 in prod, of T 2 of 2, of U 0 of 1: 6 of 9.
    assert_eq!(found["creep"], 66.7);
    let found = usage(&["--unused-days", "400"]);
    assert_eq!((&found["creep"], &found["unused"]), (&Value::Null, &serde_json::json!([])));
    assert_eq!(usage(&["agent:A"]), Value::Null);
}

#[test]
fn with_history_an_event_is_judged_by_the_catalog_of_its_time() {
    let folder = scratch();
    let git = |arguments: &[&str], day: &str| {
        let done = std::process::Command::new("git")
            .args([
                "-c",
                "user.name=n",
                "-c",
                "user.email=e",
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .current_dir(folder.path())
            .env("GIT_AUTHOR_DATE", format!("{day}T00:00:00Z"))
            .env("GIT_COMMITTER_DATE", format!("{day}T00:00:00Z"))
            .output()
            .expect("git");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let card = |level: &str| {
        format!("kind: Persona\nname: A\ntype: agent\ncomponent_access: {{component: S, level: {level}}}\n")
    };
    git(&["init", "-q"], "2026-01-01");
    for (level, day) in [("read", "2026-03-01"), ("write", "2026-05-01"), ("read", "2026-07-01")] {
        put(folder.path(), "catalog/a.yaml", card(level).as_bytes());
        git(&["add", "."], day);
        git(&["commit", "-q", "-m", level], day);
    }
    let event = |day: &str| {
        format!("{{\"time\":\"{day}T00:00:00Z\",\"agent\":\"A\",\"component\":\"S\",\"level\":\"write\"}}\n")
    };
    let log: String =
        ["2026-02-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-08-01"].map(event).concat();
    put(folder.path(), "log.jsonl", log.as_bytes());
    let verdicts = |more: &[&str]| {
        let (_, out, err) = audit(
            folder.path(),
            &[&["log.jsonl", "--in", "catalog", "--format", "jsonl"], more].concat(),
            b"",
        );
        assert_eq!(err, "");
        rows(&out)
            .iter()
            .map(|row| row["verdict"].as_str().expect("a verdict").to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(verdicts(&[]), "beyond beyond beyond beyond beyond");
    assert_eq!(verdicts(&["--history"]), "beyond beyond allowed allowed beyond");
    let beyond = |more: &[&str]| {
        let output = Command::cargo_bin("persona")
            .expect("the program")
            .current_dir(folder.path())
            .args([
                "check",
                "--in",
                "catalog",
                "--audit",
                "log.jsonl",
                "--format",
                "json",
                "--at",
                "2026-11-23",
            ])
            .args(more)
            .output()
            .expect("it runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (report["audit"]["events"].as_u64(), report["audit"]["beyond"].as_u64())
    };
    assert_eq!(beyond(&[]), (Some(5), Some(5)));
    assert_eq!(beyond(&["--history"]), (Some(5), Some(3)));
    assert_eq!(beyond(&["--from", "cloudtrail"]), (Some(0), Some(0)));
    // What is not committed yet is not what held then.
    put(folder.path(), "catalog/a.yaml", card("write").as_bytes());
    assert_eq!(verdicts(&["--history"]), "beyond beyond allowed allowed beyond");
    assert_eq!(verdicts(&[]), "allowed allowed allowed allowed allowed");
}

#[test]
fn the_sql_is_written_for_each_engine() {
    let folder = scratch();
    put(folder.path(), "catalog/catalog.yaml", CATALOG.as_bytes());
    for (engine, says) in [
        ("duckdb", "read_json"),
        ("kql", "datatable"),
        ("spark", "TEMPORARY VIEW"),
        ("trino", "CREATE TABLE"),
    ] {
        let (code, out, err) = audit(folder.path(), &["--emit-sql", engine, "--in", "catalog"], b"");
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(
            out.contains(says) && out.contains("persona_boundary") && out.contains("approval-wrong"),
            "{engine}"
        );
    }
    let (code, _, err) = audit(folder.path(), &["--emit-sql", "mongo"], b"");
    assert!(code == 64 && err.contains("duckdb"), "{err}");
}

fn catalog(text: &str) -> Catalog {
    let files = vec![Arc::new(parse_text("catalog.yaml", text))];
    build(Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() })
}

/// What an event may say; an empty word is left out.
#[derive(Clone, Debug)]
struct Said {
    words: [&'static str; 9],
}

const NAMES: [&str; 9] =
    ["agent", "component", "tool", "level", "environment", "phase", "risk", "approval", "time"];

fn said() -> impl Strategy<Value = Said> {
    let pick = |words: &'static [&'static str]| proptest::sample::select(words);
    (
        pick(&["A1", "router", "1f00-aa", "A2", "A3", "H1", "H2", "Ana", "Ben", "Chris", "who", ""]),
        pick(&["Store", "o'store", "Tools", "More tools", "Bus", "where", ""]),
        pick(&["", "", "run_tests", "read_log", "drop_table", "say \\ it's", "other"]),
        pick(&["", "read", "Write", "admin", "odd"]),
        pick(&["", "dev", "stage", "PROD", "qa"]),
        pick(&["", "test", "build it", "deploy"]),
        pick(&["", "low", "medium", "high", "odd"]),
        pick(&["", "H2", "Ana", "Ben", "Chris", "A2", "nobody"]),
        pick(&["", "2026-08-31", "2026-09-30T10:00:00Z", "2026-10-15", "2026-10-16", "2026-10-20", "soon"]),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i)| Said { words: [a, b, c, d, e, f, g, h, i] })
}

/// The verdict as the page says it, in the plainest way, from the cards.
fn oracle(catalog: &Catalog, said: &Said) -> String {
    let [agent, component, tool, level, environment, phase, risk, approval, time] = said.words;
    let is = |name: &Name, word: &str| name.folded() == fold(word);
    let personas: Vec<&Persona> = {
        let by = |test: &dyn Fn(&Persona) -> bool| {
            catalog.personas.iter().map(|one| &**one).find(|persona| test(persona))
        };
        let named = by(&|persona| is(&persona.id, agent))
            .or_else(|| by(&|persona| is(&persona.name, agent)))
            .or_else(|| by(&|persona| persona.aliases.iter().any(|alias| is(alias, agent))))
            .or_else(|| {
                by(&|persona| {
                    persona.identity.as_ref().and_then(|one| one.id.as_ref()).is_some_and(|id| is(id, agent))
                })
            });
        match named {
            Some(persona) => vec![persona],
            None => match catalog.people.iter().find(|person| is(&person.name, agent)) {
                Some(person) => person
                    .personas
                    .iter()
                    .filter_map(|one| one.persona)
                    .map(|id| &*catalog.personas[id.index()])
                    .collect(),
                None => return "unknown-actor".into(),
            },
        }
    };
    let position = |words: &[Name], word: &str| words.iter().position(|known| is(known, word));
    let place = if component.is_empty() {
        let having: Vec<usize> = (0..catalog.components.len())
            .filter(|&place| catalog.components[place].tools.iter().any(|(name, _)| is(name, tool)))
            .collect();
        match having[..] {
            [only] => only,
            _ => return "unjudged".into(),
        }
    } else {
        let found = catalog
            .components
            .iter()
            .position(|one| is(&one.name, component) || one.aliases.iter().any(|alias| is(alias, component)));
        match found {
            Some(place) => place,
            None => return "unknown-component".into(),
        }
    };
    let asked = if level.is_empty() {
        catalog.components[place]
            .tools
            .iter()
            .find(|(name, _)| is(name, tool))
            .and_then(|(_, level)| level.map(|level| level.index()))
    } else {
        position(&catalog.settings.access_levels, level)
    };
    let risk = position(&catalog.settings.risk_levels, risk);
    let day = time.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let mut best: Option<(usize, Vec<usize>)> = None;
    for grant in
        personas.iter().flat_map(|persona| &persona.grants).filter(|grant| grant.component.index() == place)
    {
        let environments: Vec<Option<usize>> = if grant.environments.is_empty() {
            vec![None]
        } else {
            grant.environments.iter().map(Some).collect()
        };
        for at in environments {
            let granted = at.map_or(grant.level_without_environment(), |at| grant.level_in(at));
            let fails = [
                !environment.is_empty()
                    && at.is_some()
                    && position(&catalog.settings.environments, environment) != at,
                asked.zip(granted).is_some_and(|(asked, granted)| asked > granted.index()),
                !tool.is_empty()
                    && !grant.tools.is_empty()
                    && !grant.tools.iter().any(|one| is(one, "*") || is(one, tool)),
                !phase.is_empty()
                    && !grant.phases.is_empty()
                    && !grant.phases.iter().any(|one| is(one, phase)),
                risk.zip(grant.max_risk).is_some_and(|(risk, most)| risk > most.index()),
                day.is_some_and(|day| !grant.is_active(day)),
                !grant.approval.is_empty()
                    && !grant.approval.iter().any(|named| approves(catalog, named.target, approval)),
            ];
            let failing: Vec<usize> = (0..fails.len()).filter(|&place| fails[place]).collect();
            // Fewest first; of equals the one that fails later in the list, condition by condition.
            let nearer = best.as_ref().is_none_or(|(count, worst)| {
                failing.len() < *count || (failing.len() == *count && failing > *worst)
            });
            if nearer {
                best = Some((failing.len(), failing));
            }
        }
    }
    let words = ["environment", "level", "tool", "phase", "risk", "window"];
    match best.map(|(_, failing)| failing.first().copied()) {
        None => "no-grant".into(),
        Some(None) => "allowed".into(),
        Some(Some(6)) => if approval.is_empty() { "approval-missing" } else { "approval-wrong" }.into(),
        Some(Some(first)) => words[first].into(),
    }
}

fn approves(catalog: &Catalog, target: Option<Actor>, word: &str) -> bool {
    let is = |name: &Name| !word.is_empty() && name.folded() == fold(word);
    let embodies = |id: PersonaId| {
        let mut active = catalog.people.iter().filter(|person| person.active && is(&person.name));
        active.any(|person| person.personas.iter().any(|one| one.persona == Some(id)))
    };
    match target {
        None => false,
        Some(Actor::Person(id)) => is(&catalog.people[id.index()].name),
        Some(Actor::Persona(id)) => {
            let persona = &catalog.personas[id.index()];
            is(&persona.id) || is(&persona.name) || persona.aliases.iter().any(is) || embodies(id)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_verdict_is_that_of_the_oracle(said in said()) {
        thread_local! {
            static VERSIONS: Versions = Versions::only(
                Arc::new(Analysis::of(Arc::new(catalog(CATALOG)), date(2026, 11, 23))),
                &Mapping::default(),
            );
        }
        VERSIONS.with(|versions| {
            let fields: serde_json::Map<String, Value> =
                NAMES.iter().zip(said.words).filter(|(_, word)| !word.is_empty()).map(|(name, word)| ((*name).to_owned(), word.into())).collect();
            let text = Value::Object(fields).to_string();
            let mut found = String::new();
            let mut sink = |event: &Event<'_>| {
                let judgement = judge(versions.now(), 0, versions.now(), event);
                found = judgement.reason.map_or(judgement.verdict.word(), |reason| reason.word()).to_owned();
            };
            (readers::find("events").expect("our own").read)(text.as_bytes(), &mut sink).expect("an event");
            prop_assert_eq!(&found, &oracle(&versions.now().analysis.catalog, &said), "{}", text);
            Ok(())
        })?;
    }
}

#[test]
fn a_check_with_logs_finds_what_they_prove() {
    let schema: Value = serde_json::from_str(include_str!("../assets/schema/findings-1.json")).expect("JSON");
    let folder = scratch();
    put(folder.path(), "log.jsonl", LOG.as_bytes());
    let check = |more: &[&str]| {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/personas");
        let mut command = command(folder.path());
        command.args(["check", "--in", example, "--at", "2026-11-23"]).args(more);
        let output = command.output().expect("it runs");
        (output.status.code().expect("a code"), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let (code, out) = check(&["--audit", "log.jsonl", "--format", "json", "rule:audit"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    valid(&schema, &report);
    let found: Vec<String> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|one| {
            let word = |path: &str| one.pointer(path).and_then(Value::as_str).unwrap_or("-").to_owned();
            [word("/severity"), word("/rule"), word("/subject/id"), word("/object/id"), word("/environment")]
                .join(" | ")
        })
        .collect();
    assert_eq!(
        found,
        [
            "high | audit-beyond-grant | P012 | Azure Monitor | prod",
            "high | audit-unattributed | AI workload | - | -",
            "high | audit-unattributed | P012 | - | -",
            "medium | audit-beyond-grant | P011 | Azure DevOps | prod",
        ]
    );
    assert_eq!((code, &report["audit"]["events"], &report["audit"]["beyond"]), (1, &6.into(), &3.into()));
    for format in ["sarif", "junit", "github", "gitlab", "markdown", "plain", "terminal", "json-lines"] {
        let (code, out) = check(&["--audit", "log.jsonl", "--format", format, "rule:audit-unattributed"]);
        assert!(code == 1 && out.contains("no human answers"), "{format}: {out}");
    }
    // Without logs nothing changes.
    let (_, out) = check(&["--format", "json"]);
    let without: Value = serde_json::from_str(&out).expect("JSON");
    assert!(without.get("audit").is_none() && !out.contains("audit-"), "{out}");
    assert_eq!(without["score"], report["score"], "the score is the catalog's");
    assert_eq!(check(&["--audit", "missing.jsonl"]).0, 2);
    for rule in ["audit-beyond-grant", "audit-unattributed", "audit-unused-grant", "audit"] {
        assert!(command(folder.path()).args(["explain", rule]).output().expect("it runs").status.success());
    }
}
