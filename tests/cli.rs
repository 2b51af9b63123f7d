//! The command line as a user types it.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Write;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const DAY: &str = "2026-11-23";

fn persona() -> Command {
    let mut command = Command::cargo_bin("persona").expect("the program");
    command.env_remove("NO_COLOR").env("LC_ALL", "C.UTF-8").current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = persona().args(arguments).output().expect("it runs");
    (
        output.status.code().expect("a code"),
        String::from_utf8(output.stdout).expect("UTF-8"),
        String::from_utf8(output.stderr).expect("UTF-8"),
    )
}

fn catalog(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

fn check_json(folder: &Path) -> (i32, Value) {
    let (code, out, _) = run(&["check", folder.to_str().expect("a path"), "--format", "json", "--at", DAY]);
    (code, serde_json::from_str(&out).expect("JSON"))
}

#[test]
fn the_example_has_the_sources_nine_cards_and_its_gaps() {
    let (code, out, _) = run(&["check", "personas", "--format", "json", "--at", DAY]);
    assert_eq!(code, 1);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["schema"], "persona-workbench/findings/1");
    assert_eq!(report["catalog"]["personas"], 9);
    assert_eq!(report["catalog"]["path"], "personas");
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    let findings = report["findings"].as_array().expect("findings");
    assert!((25..=40).contains(&findings.len()), "{}", findings.len());
    let has = |rule: &str, subject: &str, object: Option<&str>| {
        findings.iter().any(|finding| {
            finding["rule"] == rule
                && finding["subject"]["id"] == subject
                && object.is_none_or(|object| finding["object"]["id"] == object)
        })
    };
    assert!(has("unaccountable-agent", "P012", None));
    assert!(has("unneeded-access", "P010", Some("Azure Container Registry")));
    assert!(has("unneeded-access", "P006", Some("Azure Key Vault")));
    assert!(has("missing-skill", "P007", Some("Azure Machine Learning")));
    assert!(has("unknown-interaction", "P010", Some("Load Test Agent")));
    assert!(has("unknown-interaction", "P001", Some("AI Development Team")));
    assert!(has("missing-persona", "DevOps / load-tests", None));
    let foundry = findings.iter().filter(|finding| {
        finding["rule"] == "unneeded-access" && finding["object"]["id"] == "Azure AI Foundry"
    });
    assert_eq!(foundry.count(), 5);
}

#[test]
fn the_report_is_as_its_schema_says() {
    let schema: Value =
        serde_json::from_str(include_str!("../assets/schema/findings-1.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let broken = catalog(&[("a.yaml", b"kind: Persona\nteam: 3\n"), ("b.yaml", b"kind: Pod\n")]);
    let empty = catalog(&[]);
    for folder in [Path::new("personas"), broken.path(), empty.path()] {
        let (_, report) = check_json(folder);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", folder.display());
    }
}

#[test]
fn exit_statuses_are_as_promised() {
    let clean = catalog(&[("catalog.yaml", b"kind: Catalog\npersona_count: {min: 0}\n")]);
    let path = clean.path().to_str().expect("a path");
    assert_eq!(run(&["check", path]).0, 0);
    assert_eq!(run(&["check", "personas", "--fail-on", "never"]).0, 0);
    assert_eq!(run(&["check", "personas", "--fail-on", "critical"]).0, 1);
    let warned = catalog(&[("a.yaml", b"kind: Persona\nname: Ana\ncolour: red\nprimary_interaction: Ana\n")]);
    let path = warned.path().to_str().expect("a path");
    assert_eq!(run(&["check", path]).0, 0);
    assert_eq!(run(&["check", path, "--strict"]).0, 2);
    let broken = catalog(&[("a.yaml", b"kind: Persona\nname: [1\n")]);
    assert_eq!(run(&["check", broken.path().to_str().expect("a path")]).0, 2);
    assert_eq!(run(&["check", "no/such/folder"]).0, 2);
    assert_eq!(run(&["check", "--format", "nonsense"]).0, 64);
    assert_eq!(run(&["nonsense", "and", "more"]).0, 64);
    assert_eq!(run(&["--help"]).0, 0);
    assert_eq!(run(&["--version"]).0, 0);
}

#[test]
fn bad_input_gets_a_sentence_and_the_rest_still_loads() {
    let good = b"kind: Persona\nid: P1\nname: Good\n";
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let previous = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{previous}]\n"));
    }
    let utf16 = [0xff_u8, 0xfe, b'a', 0, b':', 0];
    for (name, bytes) in [
        ("not YAML", &b"kind: Persona\nname: [1\n"[..]),
        ("wrong type", b"kind: Persona\nname: X\nteam: [a, {b: c}]\n"),
        ("missing name", b"kind: Persona\nteam: X\n"),
        ("misspelt kind", b"kind: Persna\nname: X\n"),
        ("duplicate key", b"kind: Persona\nname: X\nname: Y\n"),
        ("UTF-16", &utf16),
        ("bad UTF-8", b"kind: Persona\nname: \xff\n"),
        ("binary", b"kind\0\0\0"),
        ("deep", deep.as_bytes()),
        ("alias bomb", bomb.as_bytes()),
        ("unknown anchor", b"kind: Persona\nname: *nowhere\n"),
        ("second Catalog", b"kind: Catalog\n---\nkind: Catalog\n"),
    ] {
        let folder = catalog(&[("a.yaml", bytes), ("z.yaml", good)]);
        let (code, report) = check_json(folder.path());
        assert_eq!(code, 2, "{name}");
        let problems = report["problems"].as_array().expect("problems");
        let error = problems.iter().find(|problem| problem["level"] == "error");
        let error = error.unwrap_or_else(|| panic!("{name} is an error"));
        assert_eq!(error["file"], "a.yaml", "{name}");
        assert!(error["line"].as_u64().is_some_and(|line| line > 0), "{name}");
        assert!(error["message"].as_str().is_some_and(|message| message.len() > 10), "{name}");
        assert!(error["hint"].as_str().is_some_and(|hint| hint.len() > 5), "{name}");
        let personas = report["catalog"]["personas"].as_u64().expect("a count");
        assert!(personas >= 1, "{name}: the good card is lost");
    }
}

#[test]
fn what_belongs_to_other_tools_is_passed_over() {
    let folder = catalog(&[
        ("deployment.yaml", b"apiVersion: v1\nkind: Deployment\n"),
        ("list.yaml", b"- a\n- b\n"),
        ("empty.yaml", b""),
        ("comment.yaml", b"# nothing\n"),
        ("values.yaml", b"replicas: 3\n"),
        ("merge.yaml", b"kind: PersonaList\nx-base: &base {team: Blue}\nitems:\n  - {<<: *base, name: Ana}\n  - {<<: *base, name: Bo, team: Red}\n"),
    ]);
    let (code, report) = check_json(folder.path());
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    assert_eq!(report["notes"].as_array().expect("notes").len(), 3);
    assert_eq!(report["catalog"]["personas"], 2);
    let teams: Vec<_> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["rule"] == "undeclared")
        .map(|finding| finding["subject"]["id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(teams, ["Blue", "Red"]);
}

#[test]
fn no_escape_sequence_of_a_card_reaches_the_terminal() {
    let folder = catalog(&[(
        "a.yaml",
        "kind: Persona\nid: \"../../x\"\nname: \"evil\\e[31m\\nname\\u202e\"\nprimary_interaction: \"a\\e]0;title\\a\"\n".as_bytes(),
    )]);
    let path = folder.path().to_str().expect("a path");
    for arguments in [
        vec!["check", path, "--color", "never"],
        vec!["check", path, "--format", "plain"],
        vec!["show", "../../x", "--in", path, "--color", "never"],
        vec!["show", "../../x", "--in", path, "--format", "markdown"],
        vec!["list", "personas", "--in", path],
        vec!["--plain", path],
    ] {
        let (_, out, error) = run(&arguments);
        assert!(out.contains('␛') || out.contains("x"), "{arguments:?}: {out}{error}");
        assert!(
            !out.contains('\u{1b}') && !out.contains('\u{202e}') && !out.contains('\u{7}'),
            "{arguments:?}"
        );
    }
}

#[test]
fn no_escape_sequence_of_a_path_does_either() {
    let (code, _, error) = run(&["check", "/nowhere/\u{1b}[31mred"]);
    assert_eq!(code, 2);
    assert!(error.contains("[31mred") && !error.contains('\u{1b}'), "{error:?}");
}

#[test]
fn colours_come_when_they_are_asked_for() {
    assert!(!run(&["check", "personas", "--at", DAY]).1.contains('\u{1b}'));
    assert!(run(&["check", "personas", "--at", DAY, "--color", "always"]).1.contains('\u{1b}'));
    let ascii = run(&["check", "personas", "--at", DAY, "--ascii"]).1;
    assert!(ascii.is_ascii(), "{}", ascii.chars().filter(|c| !c.is_ascii()).collect::<String>());
}

#[test]
fn cards_are_shown_in_every_form() {
    let (code, out, _) = run(&["show", "P007", "--at", DAY]);
    assert_eq!(code, 0);
    for words in
        ["GenAI Chat Developer (P007)", "human of Engineering Team", "[missing]", "Azure Machine Learning"]
    {
        assert!(out.contains(words), "{words} is not in {out}");
    }
    // A component and a skill share this name: both are shown.
    let (code, out, _) = run(&["show", "azure machine  learning", "--at", DAY]);
    assert_eq!(code, 0);
    assert!(out.contains("Who may and who needs") && out.contains("Who lacks it"));
    let (_, out, _) = run(&["show", "component:Azure Machine Learning", "--at", DAY]);
    assert!(out.contains("Build Agent MLOps (P009): has write in stage, prod as Contributor, jit"));
    let (_, out, _) = run(&["show", "P006", "--format", "yaml"]);
    assert!(out.contains("kind: Persona") && out.contains("# From the source"));
    let (_, out, _) = run(&["show", "P006", "--format", "json"]);
    let card: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(card["entity"]["id"], "P006");
    let (_, out, _) = run(&["show", "P006", "--format", "markdown"]);
    assert!(out.starts_with("## GenAI Data Scientist (P006)"));
    let (code, _, error) = run(&["show", "P06"]);
    assert_eq!(code, 2);
    assert!(error.contains("did you mean P006?"), "{error}");
}

#[test]
fn lists_paths_and_explanations() {
    let (_, out, _) = run(&["list", "personas", "--format", "names"]);
    assert_eq!(out, "P001\nP003\nP004\nP006\nP007\nP009\nP010\nP011\nP012\n");
    let (_, out, _) = run(&["path", "P010", "Azure Container Registry", "--at", DAY]);
    assert!(out.contains("1. Dev Router Agent (P010)") && out.contains("is granted"));
    assert!(out.contains("nothing that it does needs it"));
    let (_, out, _) = run(&["explain"]);
    assert!(out.contains("excess-level") && out.contains("agents"));
    let (_, out, _) = run(&["explain", "excess-level"]);
    assert!(out.contains("Why it matters") && !out.contains("```"));
    let (code, _, error) = run(&["explain", "exces-level"]);
    assert_eq!(code, 2);
    assert!(error.contains("did you mean excess-level?"));
}

#[test]
fn a_catalog_is_begun_and_grows_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("team");
    let path = path.to_str().expect("a path");
    assert_eq!(run(&["init", path]).0, 0);
    let (code, out, _) = run(&["check", path, "--strict"]);
    assert_eq!((code, out.starts_with("No open findings.")), (0, true), "{out}");
    let (code, _, error) = run(&["init", path]);
    assert_eq!(code, 2);
    assert!(error.contains("left as it is"));
    for kind in ["persona", "process", "component", "skill", "team", "person"] {
        let (code, out, error) = run(&["new", kind, "../Odd \"name\": x", "--into", path]);
        assert_eq!(code, 0, "{kind}: {error}");
        assert!(Path::new(out.trim()).starts_with(path), "{out}");
    }
    let (code, _, error) = run(&["new", "persona", "../Odd \"name\": x", "--into", path]);
    assert_eq!(code, 2);
    assert!(error.contains("already"));
    let (_, out, _) = run(&["list", "personas", "--format", "names", "--in", path]);
    assert_eq!(out, "P003\nP001\nP002\n");
    assert_eq!(run(&["check", path, "--strict", "--fail-on", "never"]).0, 0);
}

#[test]
fn the_demo_is_a_copy_of_the_example() {
    let (code, out, _) = run(&["demo", "--path-only"]);
    assert_eq!(code, 0);
    let folder = Path::new(out.trim());
    let (code, report) = check_json(folder);
    assert_eq!(code, 1);
    assert_eq!(report["catalog"]["personas"], 9);
    fs::remove_dir_all(folder.parent().expect("a parent")).expect("gone");
}

#[test]
fn generated_catalogs_are_the_same_for_the_same_seed() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = |name: &str, seed: &str| {
        let path = folder.path().join(name);
        assert_eq!(
            run(&["generate", "--personas", "30", "--seed", seed, path.to_str().expect("a path")]).0,
            0
        );
        fs::read_to_string(path.join("cards/000/P000017.yaml")).expect("a card")
    };
    assert_eq!(text("a", "1"), text("b", "1"));
    assert_ne!(text("c", "2"), text("d", "3"));
}

#[test]
fn completions_and_manual() {
    assert!(run(&["completions", "bash"]).1.contains("_persona"));
    assert!(run(&["man"]).1.contains(".TH persona"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let program = assert_cmd::cargo::cargo_bin("persona");
    let mut child = std::process::Command::new(program)
        .args(["man"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let mut error = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().expect("stderr"), &mut error).expect("text");
    let _ = child.wait().expect("it ends");
    assert_eq!(error, "");
    std::io::stdout().flush().expect("ours is open");
}

#[test]
fn the_workbench_without_a_terminal_is_text() {
    let (code, out, _) = run(&["--plain", "personas", "--at", DAY]);
    assert_eq!(code, 0);
    assert!(out.starts_with("AI workload\npersonas\n"));
    assert!(out.contains("AI Data Engineer (P001)") && out.contains("Gaps and problems"));
}

#[test]
fn the_examples_findings_are_these() {
    let (_, out, _) = run(&["check", "personas", "--format", "plain", "--at", DAY]);
    insta::assert_snapshot!("example", out);
}

#[test]
fn maps_are_exported_in_every_format_and_for_a_persona() {
    let export = |what: &str, more: &[&str]| {
        run(&[&["export", what, "--in", "personas", "--at", DAY][..], more].concat())
    };
    for what in ["process-map", "architecture-map"] {
        let (code, svg, _) = export(what, &[]);
        assert_eq!(code, 0);
        assert!(svg.starts_with("<svg") && svg.contains("P009 W"), "{what}");
        let (_, dot, _) = export(what, &["--format", "dot"]);
        assert!(dot.contains("subgraph cluster0") && dot.contains(" -> "), "{dot}");
        assert_eq!(dot.matches('{').count(), dot.matches('}').count());
        let (_, mermaid, _) = export(what, &["--format", "mermaid"]);
        assert!(mermaid.starts_with("flowchart LR") && mermaid.contains("subgraph r0"), "{mermaid}");
        let (_, text, _) = export(what, &["--format", "text", "--ascii"]);
        assert!(text.is_ascii() && text.contains("P009 W"), "{text}");
        let one = export(what, &["--persona", "P009"]).1;
        assert!(one != svg && one.matches("faint").count() > svg.matches("faint").count());
        assert_ne!(export(what, &["--persona", "Nobody"]).0, 0);
    }
    let (_, text, _) = export("process-map", &["--process", "MLOps", "--format", "text"]);
    assert!(text.contains("MLOps · Inner loop") && !text.contains("GenAIOps"), "{text}");
    let (_, text, _) = export("architecture-map", &["--view", "Frontend", "--format", "text"]);
    assert!(text.contains("Azure Web Apps") && !text.contains("Ingest"), "{text}");
    let (code, _, said) = export("architecture-map", &["--view", "Nowhere"]);
    assert!(code != 0 && said.contains("1 Ingest to Analyse and report, 2 Frontend to Data"), "{said}");
    assert_ne!(export("process-map", &["--view", "1"]).0, 0);
}

#[test]
fn the_graph_is_exported_in_every_format() {
    let export =
        |more: &[&str]| run(&[&["export", "graph", "--in", "personas", "--at", DAY][..], more].concat());
    let (code, svg, _) = export(&["P010"]);
    assert_eq!(code, 0);
    assert!(
        svg.starts_with("<svg ") && svg.contains("<title>Dev Router Agent (P010) interacts with, invokes"),
        "{svg}"
    );
    let (_, dot, _) = export(&["P010", "--format", "dot"]);
    assert!(dot.contains("digraph {") && dot.contains(" -> "));
    let (_, mermaid, _) = export(&["P010", "--format", "mermaid"]);
    assert!(mermaid.starts_with("flowchart LR\n"));
    let (_, text, _) = export(&["P010", "--format", "text", "--ascii"]);
    assert!(text.is_ascii() && text.contains("A P010 Dev Router Agent"), "{text}");
    // More hops show more, an overlay less.
    let boxes = |text: &str| text.matches("class=\"node ").count();
    let two = export(&["P010", "--hops", "2"]).1;
    let access = export(&["P010", "--overlay", "access"]).1;
    let all = export(&["--layers", "rank"]).1;
    assert!(boxes(&access) < boxes(&svg) && boxes(&svg) < boxes(&two) && boxes(&two) <= boxes(&all));

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("p010.svg");
    let (code, out, error) = export(&["P010", "-o", file.to_str().expect("a path")]);
    assert_eq!((code, out.as_str()), (0, ""), "{error}");
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), svg);

    for (wrong, said) in [
        (&["P010", "--format", "png"][..], "graph has no format png; it has svg, dot, mermaid, text"),
        (&["P010", "-o", "/tmp/x.png"], "add --format with one of svg, dot, mermaid, text"),
        (&["--hops", "2"], "say from what"),
        (&["Nobody"], "Nobody"),
    ] {
        let (code, _, error) = export(wrong);
        assert_eq!(code, 2, "{wrong:?}");
        assert!(error.contains(said), "{error}");
    }
    let (code, _, error) = run(&["export", "grph", "--in", "personas"]);
    assert!(code == 2 && error.contains("did you mean graph?"), "{error}");
}
