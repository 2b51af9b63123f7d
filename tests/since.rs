//! `persona check --since` and `persona diff`, on a real git repository in a folder of its own.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use assert_cmd::Command;
use serde_json::Value;

const DAY: &str = "2026-11-23";
const FORMATS: [&str; 9] =
    ["github", "gitlab", "json", "json-lines", "junit", "markdown", "plain", "sarif", "terminal"];

/// A repository that nothing of this machine's settings reaches.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// The example catalog in `team/personas`, committed on `main`.
    fn example() -> Self {
        let repository = Self { folder: tempfile::tempdir().expect("a folder") };
        repository.git(&["init", "-q", "-b", "main"]);
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("personas"), &repository.path("team/personas"));
        repository.commit();
        repository
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn git(&self, arguments: &[&str]) -> String {
        let done = Process::new("git")
            .current_dir(self.folder.path())
            .args(arguments)
            .env_remove("GIT_DIR")
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
            .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
            .envs([("GIT_AUTHOR_DATE", "2026-01-01T00:00Z"), ("GIT_COMMITTER_DATE", "2026-01-01T00:00Z")])
            .output()
            .expect("git");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("UTF-8")
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
    }

    /// Replaces the first of a text of a card of the example.
    fn edit(&self, card: &str, from: &str, to: &str) {
        let path = self.path("team/personas").join(card);
        let text = fs::read_to_string(&path).expect("a card");
        assert!(text.contains(from), "{from} is not in {card}");
        fs::write(&path, text.replacen(from, to, 1)).expect("a card");
    }

    fn write(&self, card: &str, text: &str) {
        fs::write(self.path("team/personas").join(card), text).expect("a card");
    }

    /// What a change of the example does: one gap worse, one gone, one decided on, some new.
    fn change(&self) {
        self.edit("cards/P006-genai-data-scientist.yaml", "Key Vault Reader", "Key Vault Administrator");
        self.edit(
            "cards/P006-genai-data-scientist.yaml",
            "kind: Persona",
            "# moves every line\nkind: Persona",
        );
        self.edit("cards/P003-bi-analyst.yaml", "mode: standing", "mode: eligible");
        self.edit("processes/mlops.yaml", "Azure Databricks: write", "Odd | Store: write");
        self.write(
            "decisions.yaml",
            "kind: Decision
finding: {rule: uncovered-skill, subject: DevOps pipelines}
action: accept
reason: hire in spring
by: Platform lead
until: 2027-03-31
",
        );
    }

    fn run(&self, folder: &str, arguments: &[&str]) -> (i32, String, String) {
        self.run_with(folder, arguments, &[])
    }

    fn run_with(
        &self,
        folder: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> (i32, String, String) {
        let mut command = Command::cargo_bin("persona").expect("the program");
        command.env_remove("NO_COLOR").env("LC_ALL", "C.UTF-8").current_dir(self.path(folder));
        command.env("HOME", self.folder.path()).env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.envs(variables.iter().copied());
        let output = command.args(["--at", DAY]).args(arguments).output().expect("it runs");
        (
            output.status.code().expect("a code"),
            String::from_utf8(output.stdout).expect("UTF-8"),
            String::from_utf8(output.stderr).expect("UTF-8"),
        )
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (_, out, error) = self.run("team", &[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{error}"))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target)
        } else {
            fs::copy(&path, &target).map(|_| ()).expect("a copy")
        }
    }
}

fn list<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("{name} of {value:#}"))
}

/// `rule object` of what is listed.
fn rules(report: &Value) -> Vec<String> {
    list(report, "findings")
        .iter()
        .map(|finding| {
            let object = finding["object"]["id"].as_str().unwrap_or("-");
            format!(
                "{} {} {object}",
                finding["change"]["kind"].as_str().unwrap_or("?"),
                finding["rule"].as_str().expect("a rule")
            )
        })
        .collect()
}

#[test]
fn golden_files_of_diff() {
    let repository = Repository::example();
    repository.change();
    for format in ["json", "markdown", "plain", "terminal"] {
        let (code, text, error) = repository.run("team", &["diff", "main", "--format", format]);
        assert_eq!((code, error.as_str()), (0, ""));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "goldens" }, {
            insta::assert_snapshot!(format!("diff-{format}-example"), text);
        });
        let (_, text, _) = repository.run("team", &["diff", "personas", "main", "--format", format]);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "goldens" }, {
            insta::assert_snapshot!(format!("diff-{format}-backwards"), text);
        });
    }
}

#[test]
fn since_lists_what_is_new_or_worse_and_counts_the_rest() {
    let repository = Repository::example();
    let before = repository.json(&["check"]);
    repository.change();
    let all = repository.json(&["check"]);
    let some = repository.json(&["check", "--since", "main"]);
    assert_eq!(
        rules(&some),
        [
            "worse unneeded-access Azure Key Vault",
            "new missing-access Odd | Store",
            "new unneeded-access Azure Databricks",
            "new undeclared -"
        ]
    );
    let count = |report: &Value| list(report, "findings").len();
    assert_eq!(some["since"]["old"], count(&all) - 4);
    assert_eq!(some["since"]["gone"], 1);
    assert_eq!(some["since"]["name"], "main");
    assert_eq!(some["since"]["score"], before["score"]);
    assert_eq!(some["score"], all["score"]);
    let cause = &list(&some, "findings")[0]["change"]["causes"][0];
    assert_eq!(cause["link"], "proven");
    assert_eq!(cause["before"]["text"], "role: Key Vault Reader");
    assert_eq!(cause["after"]["text"], "role: Key Vault Administrator");
    assert_eq!(cause["after"]["line"].as_u64(), cause["before"]["line"].as_u64().map(|line| line + 1));
}

#[test]
fn the_reports_are_as_their_schemas_say() {
    let repository = Repository::example();
    repository.change();
    let findings: Value =
        serde_json::from_str(include_str!("../assets/schema/findings-1.json")).expect("a schema");
    let diff: Value = serde_json::from_str(include_str!("../assets/schema/diff-1.json")).expect("a schema");
    // A finding is the same in both.
    for (name, part) in diff["$defs"].as_object().expect("parts") {
        assert!(name == "compared" || *part == findings["$defs"][name], "{name}");
    }
    for (schema, arguments) in [
        (&findings, &["check", "--since", "main", "P006"][..]),
        (&diff, &["diff", "main"]),
        (&diff, &["diff", "personas", "main"]),
        (&diff, &["diff", "main", "main"]),
    ] {
        let validator = jsonschema::validator_for(schema).expect("a valid schema");
        assert!(!validator.is_valid(&serde_json::json!({})), "it would accept anything");
        let report = repository.json(arguments);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{arguments:?}: {errors:?}");
    }
}

#[test]
fn the_exit_status_counts_what_is_new_or_worse() {
    let repository = Repository::example();
    // The example has gaps of its own; they are old.
    assert_eq!(repository.run("team", &["check"]).0, 1);
    let (code, out, _) = repository.run("team", &["check", "--since", "main", "--fail-on", "info"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("No new or worse open findings since main.")
            && out.contains("40 old findings are not shown; 0 gone."),
        "{out}"
    );
    repository.change();
    assert_eq!(repository.run("team", &["check", "--since", "main"]).0, 1);
    assert_eq!(repository.run("team", &["check", "--since", "main", "--fail-on", "critical"]).0, 0);
    assert_eq!(repository.run("team", &["check", "--since", "main", "P004"]).0, 0);
    assert_eq!(repository.run("team", &["check", "--since", "main", "P004", "--fail-on", "medium"]).0, 1);
    assert_eq!(repository.run("team", &["diff", "main"]).0, 0);
    assert_eq!(repository.run("team", &["diff", "main", "--fail-on", "high"]).0, 1);
    assert_eq!(repository.run("team", &["diff", "personas", "main", "--fail-on", "critical"]).0, 0);
    // Backwards a decision is lost, and its finding open again.
    assert_eq!(repository.run("team", &["diff", "personas", "main", "--fail-on", "high"]).0, 1);
    repository.write("broken.yaml", "kind: Persona\nname: [1\n");
    assert_eq!(repository.run("team", &["check", "--since", "main", "--fail-on", "never"]).0, 2);
    assert_eq!(repository.run("team", &["diff", "main"]).0, 2);
    // What was broken and is not any more is said, and no reason to fail.
    repository.commit();
    fs::remove_file(repository.path("team/personas/broken.yaml")).expect("gone");
    let (code, out, _) = repository.run("team", &["check", "--since", "main", "--fail-on", "never"]);
    assert_eq!((code, out.contains("Problems of the files at main: 1.")), (0, true), "{out}");
    let (code, out, _) = repository.run("team", &["diff", "main"]);
    assert_eq!(
        (code, out.contains("main has 1 problems of files, the first broken.yaml:3")),
        (0, true),
        "{out}"
    );
}

#[test]
fn every_format_shows_what_is_new_and_what_was_decided() {
    let repository = Repository::example();
    repository.change();
    // New, and decided on at once.
    repository.write(
        "more.yaml",
        "kind: Decision
finding: {rule: missing-access, subject: P004, object: \"Odd | Store\", environment: dev}
action: defer
reason: comes with the move
until: 2027-03-31
",
    );
    for format in FORMATS {
        let (code, out, error) = repository.run("team", &["check", "--since", "main", "--format", format]);
        assert_eq!((code, error.as_str()), (1, ""), "{format}");
        assert!(out.contains("comes with the move"), "{format}: {out}");
        assert!(!out.contains("can escalate to no human"), "{format}: an old one is shown: {out}");
        // The report of code quality knows no rest.
        assert!(out.contains("main") || format == "gitlab", "{format}: {out}");
    }
    let (_, out, _) = repository.run("team", &["check", "--since", "main", "--format", "sarif"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let states: Vec<&str> = list(&report["runs"][0], "results")
        .iter()
        .map(|result| result["baselineState"].as_str().expect("a state"))
        .collect();
    assert_eq!(states, ["updated", "new", "new", "new"]);
    let mut schema: Value = serde_json::from_str(include_str!("schemas/sarif-2.1.0.json")).expect("a schema");
    // A bracket in it has no other half: the validator refuses the pattern, and we state no language.
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"]["pattern"] = Value::String("^..".to_owned());
    }
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .expect("a valid schema")
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn folders_and_commits_compare_alike_from_wherever_one_stands() {
    let repository = Repository::example();
    repository.git(&["tag", "v1"]);
    copy(&repository.path("team/personas"), &repository.path("old"));
    repository.change();
    repository.commit();
    let changes = |folder: &str, arguments: &[&str]| {
        let arguments = [arguments, &["--format", "json"]].concat();
        let (_, out, error) = repository.run(folder, &arguments);
        let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{arguments:?}: {error}"));
        report["changes"].clone()
    };
    let expected = changes("team", &["diff", "v1"]);
    assert_eq!(expected.as_array().expect("a list").len(), 7);
    for (folder, arguments) in [
        ("team", &["diff", "v1", "HEAD"][..]),
        ("team", &["diff", "HEAD~1", "personas"]),
        ("team/personas/cards", &["diff", "v1"]),
        (".", &["diff", "v1", "--in", "team/personas"]),
        (".", &["diff", "v1", "main", "--in", "team/personas"]),
        (".", &["diff", "v1", "team/personas"]),
        (".", &["diff", "old", "team/personas"]),
        (".", &["diff", "old", "main", "--in", "team/personas"]),
        (".", &["diff", "v1:team/personas", "HEAD:team/personas", "--in", "old"]),
        ("team/personas", &["diff", "v1", "."]),
    ] {
        assert_eq!(changes(folder, arguments), expected, "{arguments:?} in {folder}");
    }
    // Hooks speak of the repository that they run in, by a path that is not true here.
    let hook = [("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/index"), ("GIT_WORK_TREE", ".")];
    let (code, out, _) = repository.run_with("team", &["diff", "v1", "--format", "plain"], &hook);
    assert_eq!((code, out.contains("2 changed")), (0, true), "{out}");
}

#[test]
fn a_branch_is_compared_with_where_it_parted() {
    let repository = Repository::example();
    repository.git(&["checkout", "-q", "-b", "topic"]);
    repository.change();
    repository.commit();
    repository.git(&["checkout", "-q", "main"]);
    // Main goes on, and mends what the topic does not know of.
    repository.edit(
        "cards/P012-production-monitoring-agent.yaml",
        "type: agent",
        "type: agent\naccountable: P004",
    );
    repository.commit();
    repository.git(&["checkout", "-q", "topic"]);
    let tip = rules(&repository.json(&["check", "--since", "main"]));
    let parted = rules(&repository.json(&["check", "--since", "main..."]));
    assert!(tip.contains(&"new unaccountable-agent -".to_owned()), "{tip:?}");
    assert!(!parted.contains(&"new unaccountable-agent -".to_owned()), "{parted:?}");
    assert_eq!(parted.len(), 4);
}

#[test]
fn neither_the_working_tree_nor_the_index_is_touched() {
    let repository = Repository::example();
    repository.change();
    let listed = repository.git(&["status", "--porcelain"]);
    // Asking for the status may write the index: what counts is what our commands do.
    let index = || fs::read(repository.path(".git/index")).expect("an index");
    let before = index();
    repository.run("team", &["check", "--since", "HEAD"]);
    repository.run("team", &["diff", "HEAD", "HEAD"]);
    assert!(index() == before, "the index was written");
    assert_eq!(repository.git(&["status", "--porcelain"]), listed);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let repository = Repository::example();
    let outside = tempfile::tempdir().expect("a folder");
    copy(&repository.path("team/personas"), &outside.path().join("personas"));
    let outside = outside.path().join("personas").to_string_lossy().into_owned();
    fs::create_dir(repository.path("team/young")).expect("a folder");
    fs::write(repository.path("team/young/catalog.yaml"), "kind: Catalog\n").expect("a file");
    let options = repository.path("planted");
    let option = format!("--since=--output={}", options.display());
    for (arguments, code, words) in [
        (&["check", "--since", "nowhere"][..], 2, "git knows no commit nowhere"),
        (&["check", "--since", "main..HEAD"], 2, "git knows no commit main..HEAD"),
        (&["check", "--since="], 2, "it is empty"),
        (&["check", "--since=-x"], 2, "it begins with a hyphen"),
        (&["check", &option], 2, "it begins with a hyphen"),
        (&["check", "--since", "-x"], 64, "unexpected argument"),
        (&["check", "young", "--since", "main"], 2, "there was no catalog at team/young in main"),
        (&["check", "--since", "main:young"], 2, "there was no catalog at young in main:young"),
        (&["check", &outside, "--since", "main"], 2, "is in no git repository"),
        (&["diff", "nowhere"], 2, "there is no folder nowhere, and git knows no commit nowhere"),
        (&["diff", "./nowhere"], 2, "there is no folder ./nowhere"),
        (&["diff", "main", "nowhere", "--in", "personas"], 2, "there is no folder nowhere"),
        (&["diff", "main", &outside], 2, "is in no git repository"),
        (&["diff", "--", "-x"], 2, "it begins with a hyphen"),
        (&["diff"], 64, "required"),
    ] {
        let (found, out, error) = repository.run("team", arguments);
        assert_eq!((found, out.as_str()), (code, ""), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
    assert!(!options.exists());
    let empty = tempfile::tempdir().expect("a folder");
    let nothing = empty.path().to_string_lossy().into_owned();
    let (code, _, error) =
        repository.run_with("team", &["check", "--since", "main"], &[("PATH", nothing.as_str())]);
    assert_eq!(code, 2);
    assert!(error.contains("the program git is not here"), "{error}");
}
