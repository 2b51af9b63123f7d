//! The words that narrow what is listed, and the folder among them.

use std::fs;
use std::path::Path;

use super::{check, formatted, json, list, repository};

#[test]
fn words_narrow_what_is_listed_and_the_exit_status_but_not_the_score() {
    let top = repository();
    let all = json(&formatted(top.path(), "personas", "json"));
    for words in [
        &["P006", "category:access"][..],
        &["rule:excess-level"],
        &["severity:critical"],
        &["type:human", "unneeded"],
    ] {
        let mut arguments = vec!["personas", "--format", "json"];
        arguments.extend(words);
        let (_, out, _) = check(top.path(), &arguments);
        let some = json(&out);
        assert_eq!(some["score"], all["score"]);
        assert_eq!(some["filter"], words.join(" "));
        let (found, every) = (list(&some, "findings"), list(&all, "findings"));
        assert!(!found.is_empty() && found.len() < every.len(), "{words:?}");
        assert!(found.iter().all(|finding| every.contains(finding)));
    }
    assert_eq!(check(top.path(), &["personas", "severity:high"]).0, 1);
    assert_eq!(check(top.path(), &["personas", "P006", "rule:unspecified"]).0, 0);
    assert_eq!(check(top.path(), &["personas", "P006", "rule:unneeded-access", "--fail-on", "medium"]).0, 1);
    // Problems of files count whatever the words.
    assert_eq!(check(top.path(), &["team/odd", "severity:info"]).0, 2);
}

#[test]
fn the_help_names_every_key_of_the_filter() {
    let help = check(Path::new("."), &["--help"]).1;
    for (key, _) in persona_workbench::analysis::filter::KEYS {
        let named = help.split_whitespace().any(|word| word.starts_with(&format!("{key}:")));
        assert!(named, "{key} is not in {help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
}

#[test]
fn a_free_word_is_a_folder_where_there_is_one() {
    let top = repository();
    let in_example = top.path().join("personas");
    let (code, out, _) = check(&in_example, &["P012", "severity:critical", "--format", "plain"]);
    assert_eq!(code, 1);
    assert!(
        out.starts_with("cards/P012") && out.contains("1 open finding for P012 severity:critical"),
        "{out}"
    );
    // A folder of that name is meant, unless the catalog is named otherwise.
    fs::create_dir(in_example.join("P012")).expect("a folder");
    assert_eq!(check(&in_example, &["P012"]).0, 0);
    assert_eq!(check(&in_example, &["P012", "--in", "."]).0, 1);
    for (arguments, code, words) in [
        (&["nowhere"][..], 64, "nothing in AI workload is called nowhere"),
        (&["severity:hihg"], 64, "did you mean high?"),
        (&["rule:exces-level"], 64, "did you mean excess-level?"),
        (&["./nowhere"], 2, "there is no folder ./nowhere"),
    ] {
        let (found, _, error) = check(&in_example, arguments);
        assert_eq!(found, code, "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
    // Where a file is broken, what is named may be in it.
    let (code, out, _) = check(&top.path().join("team/odd"), &["P404", "--format", "plain"]);
    assert_eq!(code, 2);
    assert!(out.contains("broken.yaml:3:1: error") && out.contains("No open findings for P404."), "{out}");
    let (code, _, error) = check(tempfile::tempdir().expect("a folder").path(), &["nowhere"]);
    assert_eq!(code, 2);
    assert!(error.contains("there is no folder nowhere"), "{error}");
}
