//! The commands that answer a team's questions (who may, what to learn, whom to meet, what to do, how
//! well it stands), as a user types them.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// Names as somebody might write them who means harm.
const HOSTILE: &str = "kind: PersonaList
items:
  - id: \"=cmd()\"
    name: \"<img src=x onerror=alert(1)>\\e[31m|**b**\\u202e\"
    type: agent
    team: \"@team\"
    invokes: [H]
    work_items: [{id: \"+1\", type: feature, title: \"=HYPERLINK(1)\"}]
    component_access: [{component: \"<b>S|\\e]0;x\\a\", level: write, environments: [prod]}]
    processes: [P]
  - {id: H, name: \"-Human`\", processes: [P], skills: []}
---
kind: Process
name: P
steps: [{name: \"<s>\", environments: [prod], uses: [{component: \"<b>S|\\e]0;x\\a\", level: admin}], skills: [\"=S\"]}]
---
kind: PersonList
items: [{name: \"@<i>Ana\", personas: [H]}]
";

fn run(catalog: Option<&str>, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    // The path is the same for each call, since it is part of what is printed.
    let (home, path) = match catalog {
        Some(text) => {
            std::fs::create_dir(folder.path().join("catalog")).expect("a folder");
            std::fs::write(folder.path().join("catalog/a.yaml"), text).expect("a file");
            (folder.path(), "catalog")
        }
        None => (Path::new(env!("CARGO_MANIFEST_DIR")), "personas"),
    };
    let output = Command::cargo_bin("persona")
        .expect("the program")
        .env_remove("NO_COLOR")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(home)
        .args(arguments)
        .args(["--in", path, "--at", "2026-11-23"])
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn out(catalog: Option<&str>, arguments: &[&str]) -> String {
    let (code, out, err) = run(catalog, arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    out
}

/// The JSON of a command for the example, a hostile and an empty catalog, held against its schema.
fn json(name: &str, cases: &[(Option<&str>, &[&str])]) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/schema/{name}-1.json"));
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(file).expect("a schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let mut first = Value::Null;
    for (catalog, arguments) in cases {
        let text = out(*catalog, &[*arguments, &["--format", "json"]].concat());
        assert_eq!(text, out(*catalog, &[*arguments, &["--format", "json"]].concat()), "the same twice");
        let report: Value = serde_json::from_str(&text).expect("JSON");
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{arguments:?}: {errors:#?}");
        if first.is_null() {
            first = report;
        }
    }
    first
}

/// No control character but line ends and no direction mark gets through.
fn is_harmless(text: &str) -> bool {
    !text
        .chars()
        .any(|letter| (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter))
}

const EMPTY: &str = "kind: Catalog\nname: Nothing\n";

#[test]
fn access_says_what_holds_what_it_takes_and_what_is_refused() {
    let report = json(
        "access",
        &[
            (None, &["access", "P009", "--environment", "prod"]),
            (None, &["access", "Data scientist B"]),
            (None, &["access", "P011", "--phase", "deploy", "--risk", "high"]),
            (Some(HOSTILE), &["access", "H", "-e", "prod"]),
        ],
    );
    let own = &report["personas"][0];
    assert_eq!(own["at_once"][0]["component"]["id"], "Azure DevOps");
    assert_eq!(own["activated"][1]["approval"][0]["entity"]["id"], "P004");
    assert_eq!(own["activated"][1]["max_duration"], "PT2H");
    let text = out(None, &["access", "P011", "-e", "prod", "--risk", "high"]);
    assert!(
        text.contains("Refused here (5)")
            && text.contains("risk: it holds up to medium only, and here it is high"),
        "{text}"
    );
    assert!(text.contains("environment: it holds in dev only"), "{text}");
    let text = out(None, &["access", "P009"]);
    assert!(
        text.contains("as Contributor, by workload-identity")
            && text.contains("only in phase deploy; P004 approves"),
        "{text}"
    );
    let text = out(None, &["access", "P007"]);
    assert!(text.contains("Needed, and covered by nothing (7)"), "{text}");
    assert!(text.contains("read (capped) in stage, for Deploy endpoint, smoke testing"), "{text}");
    let (code, _, err) = run(None, &["access", "P011", "--phase", "tset"]);
    assert!(code == 2 && err.contains("there is no phase tset; did you mean test?"), "{err}");
    let (code, _, err) = run(None, &["access", "P011", "--risk", "hihg"]);
    assert!(code == 2 && err.contains("did you mean high?") && err.contains("low, medium, high"), "{err}");
    let (code, _, err) = run(None, &["access", "skill:Python"]);
    assert!(code == 2 && err.contains("personas have access"), "{err}");
    assert!(is_harmless(&out(Some(HOSTILE), &["access", "=cmd()"])));
    assert!(is_harmless(&out(Some(HOSTILE), &["access", "H", "--plain", "-e", "prod"])));
}

#[test]
fn access_over_an_axis_says_what_each_step_gives_and_takes() {
    let report = json(
        "access-over",
        &[
            (None, &["access", "P011", "--over", "risk", "--risk", "HIGH"]),
            (None, &["access", "P009", "--over", "time"]),
            (None, &["access", "Data scientist B", "--over", "phase", "--phase", "deploy"]),
            (Some(HOSTILE), &["access", "H", "--over", "phase"]),
            (Some(EMPTY_AND_ONE), &["access", "A", "--over", "time", "-e", "prod"]),
        ],
    );
    let own = &report["personas"][0];
    assert_eq!((own["here"].as_u64(), own["steps"].as_array().map(Vec::len)), (Some(2), Some(3)));
    assert_eq!(own["steps"][2]["direction"], "narrows");
    let went = &own["steps"][2]["changes"][0]["went"][0];
    assert_eq!((&went["max_risk"], &went["refused_by"][0]), (&"medium".into(), &"risk".into()));
    let text = out(None, &["access", "P011", "--over", "risk"]);
    assert!(text.contains("high risk: it narrows") && text.contains("risk: it holds up to medium"), "{text}");
    assert!(!text.contains("asked for"), "{text}");
    let text = out(Some(EMPTY_AND_ONE), &["access", "A", "--over", "time", "--plain"]);
    assert!(
        text.contains("until 2026-11-30, the day: dev (write), stage -, prod -; 0 at once, 1 activated")
            && text.contains(
                "from 2026-12-01: narrows: S: (write) to - in dev; goes: write in dev, jit (a.yaml:3)"
            ),
        "{text}"
    );
    let (code, _, err) = run(None, &["access", "P011", "--over", "tiem"]);
    assert!(code == 64 && err.contains("[possible values: phase, risk, time]"), "{err}");
}

const EMPTY_AND_ONE: &str = "kind: Persona
name: A
component_access: [{component: S, level: write, environments: [dev], mode: jit, expires: 2026-11-30}]
";

#[test]
fn who_may_who_needs_and_who_stands_behind_them() {
    let report = json(
        "who",
        &[
            (None, &["who", "Azure Key Vault"]),
            (None, &["who", "Azure Machine Learning", "-e", "prod", "-l", "write"]),
            (Some(HOSTILE), &["who", "<b>S|\u{1b}]0;x\u{7}"]),
        ],
    );
    let p006 =
        report["personas"].as_array().expect("a list").iter().find(|one| one["persona"]["id"] == "P006");
    assert_eq!(p006.expect("P006")["too_wide"][0]["rule"], "unneeded-access");
    let text = out(None, &["who", "Azure Machine Learning"]);
    assert!(text.contains("2 may, 3 need it; 0 have more than they need, 1 lack something"), "{text}");
    assert!(
        text.contains("answers: Discriminative AI Data Scientist (P004): Data scientist A, Data scientist B"),
        "{text}"
    );
    let (code, _, err) = run(None, &["who", "Azure Machine Lerning"]);
    assert!(code == 2 && err.contains("did you mean Azure Machine Learning?"), "{err}");
    let (code, _, err) = run(None, &["who", "Azure Key Vault", "-l", "wirte"]);
    assert!(code == 2 && err.contains("did you mean write?"), "{err}");
    assert!(is_harmless(&out(Some(HOSTILE), &["who", "<b>S|\u{1b}]0;x\u{7}"])));
}

#[test]
fn a_score_is_taken_apart_into_items_and_what_spoils_them() {
    let report = json(
        "score",
        &[
            (None, &["score"]),
            (None, &["score", "P006"]),
            (Some(HOSTILE), &["score"]),
            (Some(EMPTY), &["score"]),
        ],
    );
    assert_eq!(report["score"]["value"], 71.7);
    for persona in report["personas"].as_array().expect("a list") {
        let items = persona["items"].as_array().expect("items");
        let clean = items.iter().filter(|item| item["clean"] == true).count();
        assert_eq!(persona["clean"], clean);
        assert!(
            items
                .iter()
                .all(|item| item["clean"] == item["spoilt_by"].as_array().expect("a list").is_empty())
        );
    }
    let text = out(None, &["score", "P006"]);
    assert!(
        text.contains("7 of 10 items are clean") && text.contains("unneeded-environment; cards/P006"),
        "{text}"
    );
    let text = out(Some(HOSTILE), &["score", "=cmd()"]);
    assert!(text.contains("its override by a human") && is_harmless(&text), "{text}");
    assert!(out(Some(EMPTY), &["score"]).contains("There is no persona yet"));
    assert!(run(None, &["score", "P06"]).2.contains("did you mean P006?"));
}

#[test]
fn a_plan_of_lessons_says_who_what_by_which_course_and_what_it_comes_to() {
    let report = json(
        "train",
        &[
            (None, &["train"]),
            (None, &["train", "--budget", "1"]),
            (Some(HOSTILE), &["train"]),
            (Some(EMPTY), &["train"]),
        ],
    );
    assert_eq!(report["lessons"][0]["person"]["id"], "App developer A");
    assert_eq!(report["lessons"][0]["courses"][0]["fit"], "own");
    assert_eq!((&report["before"]["open"], &report["after"]["open"]), (&Value::from(40), &Value::from(37)));
    let text = out(None, &["train", "--budget", "1"]);
    assert!(text.contains("1 lesson\n") && text.contains("1 lesson more is beyond the budget"), "{text}");
    assert!(text.contains("Open gaps 40 -> 38, score 71.7 (C)"), "{text}");
    let text = out(None, &["train", "--person", "BI analyst A"]);
    assert_eq!(text, "BI analyst A lacks nothing that the work asks for.\n");
    let text = out(None, &["train", "--coverage"]);
    assert!(text.contains("App developer A alone") && text.contains("no person knows it (4)"), "{text}");
    assert!(out(Some(EMPTY), &["train"]).contains("The catalog names no people"));
    assert!(out(Some(EMPTY), &["train", "--coverage"]).contains("No work asks for a skill"));
    let text = out(Some(HOSTILE), &["train"]);
    assert!(is_harmless(&text) && text.contains("no course is stated for it"), "{text}");
    let (code, _, err) = run(None, &["train", "--person", "AI enginer A"]);
    assert!(code == 2 && err.contains("did you mean AI engineer A?"), "{err}");
}

#[test]
fn meetings_cover_every_pair_and_say_why() {
    let report = json(
        "meetings",
        &[(None, &["meetings"]), (Some(HOSTILE), &["meetings"]), (Some(EMPTY), &["meetings"])],
    );
    let first = &report["meetings"][0];
    assert_eq!(
        (&first["topic"], &first["cadence"]),
        (&Value::from("GenAIOps and MLOps"), &Value::from("weekly"))
    );
    assert_eq!(first["participants"].as_array().map(Vec::len), Some(3));
    assert_eq!(report["unrepresented"][0]["id"], "P012");
    let text = out(None, &["meetings"]);
    assert!(text.contains("3 meetings in which the 6 pairs that need each other all meet"), "{text}");
    assert!(
        text.contains("P006 hands over to P007: GenAIOps / dev-refine to GenAIOps / dev-deploy"),
        "{text}"
    );
    assert!(text.contains("Nobody speaks for Production Monitoring Agent (P012)"), "{text}");
    let page = out(None, &["meetings", "--format", "markdown"]);
    assert!(page.contains("## 1. GenAIOps and MLOps") && page.contains("- [ ] high: "), "{page}");
    let two = "kind: PersonaList\nitems: [{id: A, name: \"<b>|\\e[1m\", primary_interaction: [{with: B, cadence: daily}]}, {id: B, name: Ben}]\n";
    let page = out(Some(two), &["meetings", "--format", "markdown"]);
    assert!(
        page.contains("daily, as a card states") && page.contains("&lt;b&gt;\\|") && is_harmless(&page),
        "{page}"
    );
    assert!(out(Some(EMPTY), &["meetings"]).contains("There is no persona yet"));
}

#[test]
fn a_backlog_is_a_tree_for_people_and_rows_for_trackers() {
    let report = json(
        "backlog",
        &[
            (None, &["backlog"]),
            (None, &["backlog", "P006"]),
            (Some(HOSTILE), &["backlog"]),
            (Some(EMPTY), &["backlog"]),
        ],
    );
    assert_eq!(report["proposals"].as_array().map(Vec::len), Some(40));
    assert_eq!(report["items"][0]["id"], "AB#112");
    let text = out(None, &["backlog", "P007"]);
    assert!(text.starts_with("feature AB#112: Chat with the knowledge base\n"), "{text}");
    assert!(text.contains("8 items are proposed, marked +; 8 personas list no work item"), "{text}");
    let page = out(None, &["backlog", "--format", "markdown", "P007"]);
    assert!(page.contains("- **feature AB#<!-- -->112: Chat") && page.contains("Done when"), "{page}");

    let sheet = out(Some(HOSTILE), &["backlog", "--format", "csv", "--type", "=Bug"]);
    let mut rows = csv::Reader::from_reader(sheet.as_bytes());
    let heads = rows.headers().expect("heads").clone();
    assert_eq!((&heads[0], &heads[1], &heads[6]), ("Work Item Type", "Title", "Parent"));
    let mut count = 0;
    let mut parents = Vec::new();
    for row in rows.records() {
        let row = row.expect("a row");
        for cell in &row {
            assert!(!cell.starts_with(['=', '+', '-', '@']) && is_harmless(cell), "{cell:?}");
        }
        parents.push(row[6].to_owned());
        count += 1;
    }
    assert!(count > 5 && parents.contains(&"'+1".to_owned()), "{count} {parents:?}");
    assert!(out(Some(EMPTY), &["backlog"]).contains("there is no persona yet"));
    assert!(out(Some(EMPTY), &["backlog", "category:agents"]).contains("The backlog is empty"));
    let (code, _, err) = run(None, &["backlog", "rule:excess-levl"]);
    assert!(code == 2 && err.contains("excess-level"), "{err}");
}

#[test]
fn an_assessment_answers_with_evidence_and_tells_what_it_cannot_tell() {
    let report =
        json("assess", &[(None, &["assess"]), (Some(HOSTILE), &["assess"]), (Some(EMPTY), &["assess"])]);
    let answers = report["answers"].as_array().expect("answers");
    let answer = |id: &str| answers.iter().find(|one| one["id"] == id).expect("the question");
    assert_eq!(answer("override")["answer"], "yes");
    assert_eq!(answer("answerable")["answer"], "partly");
    assert_eq!(answer("skills")["answer"], "no");
    // Nobody states who is accountable for a process, so that is neither good nor bad.
    assert_eq!(
        (&answer("owners")["answer"], &answer("owners")["score"]),
        (&Value::from("cannot tell"), &Value::Null)
    );
    for one in answers.iter().filter(|one| one["answer"] == "yes") {
        assert!(one["bad"] == 0 && one["unknown"] == 0 && one["good"] != 0, "{one}");
    }
    for one in answers.iter().filter(|one| one["answer"] != "yes") {
        let lists = ["against", "doubts"].map(|list| one[list].as_array().map_or(0, Vec::len));
        assert!(lists[0] + lists[1] > 0, "no evidence: {one}");
    }
    let text = out(None, &["assess"]);
    assert!(text.contains("9 personas; 5 to 10 are a good balance") && text.contains("grade B"), "{text}");
    let text = out(Some(EMPTY), &["assess"]);
    assert!(text.contains("No total") && text.contains("too little for a grade"), "{text}");
    assert!(text.contains("0 yes, 0 partly, 0 no; of 33") && text.contains(" 0 % of all weight"), "{text}");
}

#[test]
fn a_page_of_an_assessment_runs_nothing_and_loads_nothing() {
    let page = out(Some(HOSTILE), &["assess", "--format", "html"]);
    assert!(page.contains("default-src 'none'") && page.contains("prefers-color-scheme: dark"));
    assert!(
        page.contains("&lt;img src=x onerror=alert(1)&gt;")
            && !page.contains("<img")
            && !page.contains("<script")
    );
    assert!(!page.contains("<b>S") && !page.contains("<s>") && is_harmless(&page));
    assert!(!page.contains("http://") && !page.contains("https://"));
    let page = out(Some(HOSTILE), &["assess", "--format", "markdown"]);
    assert!(
        !page.contains("<img")
            && page.contains("&lt;img")
            && page.contains("\\*\\*b\\*\\*")
            && is_harmless(&page)
    );
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.html");
    let printed = out(None, &["assess", "--format", "html", "--output", file.to_str().expect("a path")]);
    assert_eq!(printed, "");
    assert!(std::fs::read_to_string(file).expect("the page").ends_with("</html>\n"));
}

#[test]
fn each_command_keeps_to_letters_of_ascii_and_to_plain_lines_when_asked_to() {
    for arguments in [
        &["access", "P009"][..],
        &["access", "P009", "-e", "prod"],
        &["access", "P009", "--over", "phase"],
        &["access", "P009", "--over", "time"],
        &["assess"],
        &["backlog"],
        &["meetings"],
        &["score"],
        &["score", "P006"],
        &["train"],
        &["train", "--coverage"],
        &["who", "Azure DevOps"],
    ] {
        assert!(out(None, &[arguments, &["--ascii"]].concat()).is_ascii(), "{arguments:?}");
        let plain = out(None, &[arguments, &["--plain"]].concat());
        assert!(!plain.is_empty() && !plain.contains('\u{1b}'), "{arguments:?}");
        let hostile =
            arguments.iter().map(|word| if *word == "Azure DevOps" { "<b>S|\u{1b}]0;x\u{7}" } else { word });
        let hostile = hostile.map(|word| if word.starts_with("P00") { "=cmd()" } else { word });
        let hostile: Vec<&str> = hostile.collect();
        for format in [&[][..], &["--plain"], &["--color", "never"]] {
            let text = out(Some(HOSTILE), &[&hostile, format].concat());
            assert!(is_harmless(&text), "{hostile:?}: {text}");
        }
    }
}
