//! `persona agent-card` and `persona policy` as a user types them.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn run(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("persona")
        .expect("the program")
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(home)
        .args(arguments)
        .args(["--at", "2026-11-23"])
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(arguments: &[&str]) -> (Value, String) {
    let (code, out, err) = run(home(), arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    (serde_json::from_str(&out).expect("JSON"), err)
}

#[test]
fn an_agent_card_says_who_answers_and_leaves_open_what_is_not_known() {
    let schema =
        std::fs::read_to_string(home().join("assets/schema/agent-governance-1.json")).expect("a schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    for agent in ["P008", "P009", "P010", "P011", "P012"] {
        for version in ["0.3", "1.0"] {
            let (code, out, err) = run(home(), &["agent-card", agent, "--version", version]);
            if code != 0 {
                assert!(err.contains("human persona") || err.contains("nothing"), "{agent}: {err}");
                continue;
            }
            let card: Value = serde_json::from_str(&out).expect("JSON");
            let extension = &card["capabilities"]["extensions"][0];
            let errors: Vec<String> =
                validator.iter_errors(&extension["params"]).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{agent}: {errors:#?}");
            assert_eq!(extension["uri"], schema["$id"]);
            assert!(err.contains("left open: url:"), "{err}");
        }
    }
    let (card, err) = json(&["agent-card", "P010"]);
    let params = &card["capabilities"]["extensions"][0]["params"];
    assert_eq!((&params["accountable"][0], &params["override"]["by"][0]), (&"P007".into(), &"P007".into()));
    assert_eq!(params["component_access"][0]["max_risk"], "medium");
    assert_eq!(card["supportedInterfaces"], Value::Array(Vec::new()));
    assert!(!err.contains("owner:"), "{err}");
    let (_, err) = json(&["agent-card", "P012"]);
    assert!(err.contains("left open: owner: no human answers for it"), "{err}");
    let (card, err) = json(&[
        "agent-card",
        "P010",
        "--version",
        "0.3",
        "--url",
        "https://r.example",
        "--binding",
        "JSONRPC",
        "--release",
        "2",
    ]);
    assert_eq!(
        (&card["url"], &card["preferredTransport"], &card["version"]),
        (&"https://r.example".into(), &"JSONRPC".into(), &"2".into())
    );
    assert!(!err.contains("url:") && !err.contains("version:"), "{err}");
    let (code, _, err) = run(home(), &["agent-card", "P007"]);
    assert!(code == 2 && err.contains("P007") && err.contains("human persona"), "{err}");
}

#[test]
fn importing_an_agent_card_gives_the_agent_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("agent-card.json");
    let path = file.to_str().expect("a path");
    let (code, _, _) = run(home(), &["agent-card", "P011", "-o", path]);
    assert_eq!(code, 0);
    // Into an empty catalog: the same card again. Into its own: nothing is to be written.
    let output = Command::cargo_bin("persona")
        .expect("the program")
        .current_dir(folder.path())
        .args(["import", "a2a", "agent-card.json", "--into", "cards", "--apply"])
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (code, out, err) = run(folder.path(), &["agent-card", "P011", "--in", "cards"]);
    assert_eq!(code, 0, "{err}");
    let mut again: Value = serde_json::from_str(&out).expect("JSON");
    let mut before: Value =
        serde_json::from_str(&std::fs::read_to_string(&file).expect("the card")).expect("JSON");
    for card in [&mut again, &mut before] {
        // Who answers follows from cards that the other catalog does not have.
        card["capabilities"]["extensions"][0]["params"]["answers"] = Value::Null;
    }
    assert_eq!(again, before);
}

#[test]
fn tools_of_servers_are_those_that_are_granted() {
    let (policy, err) = json(&["policy", "P011", "--format", "mcp"]);
    assert_eq!(policy["mcpServers"]["MCP Server Tools"]["tools"], serde_json::json!(["*"]));
    assert!(
        err.contains("cannot tell the environment, the phase, the risk, whether it was activated"),
        "{err}"
    );
    let (_, err) =
        json(&["policy", "P011", "--format", "mcp", "-e", "dev", "--phase", "test", "--risk", "low"]);
    assert!(err.contains("cannot tell whether it was activated, which"), "{err}");
    let (policy, err) = json(&["policy", "P011", "--format", "mcp", "--risk", "high"]);
    assert_eq!(policy["mcpServers"], serde_json::json!({}));
    assert!(err.contains("no server is allowed"), "{err}");
    let folder = tempfile::tempdir().expect("a folder");
    let catalog = "kind: Persona\nname: A\ncomponent_access: [{component: M, level: read, tools: ['*']}, {component: N, tools: [b, a]}, {component: O, level: read, expires: 2026-01-01}]\n---\nkind: ComponentList\nitems: [{name: M, tools: {See: read, drop: write}}, {name: N, tools: {A: read, b: admin}}, {name: O, tools: {x: read}}]\n";
    std::fs::write(folder.path().join("a.yaml"), catalog).expect("a file");
    let (code, out, err) = run(folder.path(), &["policy", "A", "--format", "mcp", "--in", "."]);
    assert_eq!(code, 0, "{err}");
    let policy: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        policy["mcpServers"],
        serde_json::json!({"M": {"tools": ["See"]}, "N": {"tools": ["b", "A"]}})
    );
    assert!(err.contains("is not in force on 2026-11-23"), "{err}");
}

#[test]
fn drafts_for_azure_say_what_they_leave_open() {
    let (draft, err) = json(&["policy", "P009", "--format", "azure-role", "-e", "prod"]);
    let assignments = draft["roleAssignments"].as_array().expect("assignments");
    let of = |component: &str| {
        assignments
            .iter()
            .find(|one| one["scope"] == format!("{{{component} in prod}}"))
            .expect("an assignment")
    };
    let machine_learning = of("Azure Machine Learning");
    assert_eq!(machine_learning["roleDefinitionName"], "Contributor");
    assert_eq!(machine_learning["approvers"][0], "P004");
    assert_eq!(machine_learning["maximumActivationDuration"], "PT2H");
    assert_eq!(machine_learning["assignmentType"], "eligible");
    assert_eq!(of("Azure AI Foundry")["roleDefinitionName"], "P009 Azure AI Foundry write");
    let role = &draft["roleDefinitions"][0];
    assert_eq!(role["Actions"][0], "Microsoft.CognitiveServices/*");
    assert_eq!(role["NotActions"][1], "Microsoft.Authorization/*/Write");
    assert!(err.contains("GitHub is not on Azure") && err.contains("is no object id"), "{err}");
    assert!(
        err.contains("Azure activates roles for people only") && err.contains("Azure cannot tell phases"),
        "{err}"
    );
    let (code, _, err) = run(home(), &["policy", "P009", "--format", "azure"]);
    assert!(code == 64 && err.contains("[possible values: azure-role, cedar, mcp]"), "{err}");
    let (code, _, err) = run(home(), &["policy", "skill:Python", "--format", "mcp"]);
    assert!(code == 2 && err.contains("no persona"), "{err}");
}
