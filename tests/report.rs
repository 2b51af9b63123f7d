//! The report and the deck as a user asks for them. What a reader sees of it, `tests/report/browser.sh` tries in a browser.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use assert_cmd::Command;

fn persona(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("persona").expect("the program");
    let out = command
        .env("LC_ALL", "C.UTF-8")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (out.status.code().expect("a code"), text(out.stdout), text(out.stderr))
}

#[test]
fn the_report_is_one_file_and_the_same_each_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |name: &str| {
        let file = folder.path().join(name);
        let (code, out, said) =
            persona(&["export", "html", "--out", file.to_str().expect("a path"), "--at", "2026-11-23"]);
        assert_eq!((code, out.as_str()), (0, ""), "{said}");
        std::fs::read_to_string(file).expect("the report")
    };
    let (one, other) = (read("a.html"), read("b.htm"));
    assert!(one == other, "two reports of one catalog on one day differ");
    assert!(one.starts_with("<!doctype html>") && one.contains("GenAI Data Scientist"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 2, "and nothing beside it");
}

#[test]
fn it_is_printed_where_no_file_is_named() {
    let (code, out, _) = persona(&["export", "html", "--at", "2026-11-23"]);
    assert_eq!(code, 0);
    assert!(out.ends_with("</html>\n"));
}

#[test]
fn what_means_nothing_to_it_is_refused() {
    let (code, _, said) = persona(&["export", "html", "P006"]);
    assert_eq!(code, 2);
    assert!(said.contains("ENTITY means nothing to html"), "{said}");
    let (code, _, said) = persona(&["export", "html", "-o", "report.pdf"]);
    assert_eq!(code, 2);
    assert!(said.contains("the ending of report.pdf says no format of html"), "{said}");
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("report.pdf").exists());
}

/// How many pages LibreOffice makes of a deck, and what stands on them; nothing where there is no LibreOffice.
fn converted(deck: &Path, folder: &Path) -> Option<(usize, String)> {
    let home = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let out = std::process::Command::new("soffice")
        .args([&home, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder)
        .arg(deck)
        .output()
        .ok()?;
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let pdf = deck.with_extension("pdf");
    let bytes = std::fs::read(&pdf).expect("LibreOffice wrote a file");
    let text = String::from_utf8_lossy(&bytes);
    let pages = text.matches("/Type/Page/").count() + text.matches("/Type/Page\n").count();
    let words = std::process::Command::new("pdftotext").arg(&pdf).arg("-").output();
    Some((pages, words.map(|out| String::from_utf8_lossy(&out.stdout).into_owned()).unwrap_or_default()))
}

#[test]
fn libreoffice_opens_the_deck() {
    let folder = tempfile::tempdir().expect("a folder");
    let hostile = folder.path().join("hostile");
    std::fs::create_dir(&hostile).expect("a folder");
    let card = "kind: Persona\nid: '\"><x'\nname: 'a]]> & </a:t>'\nteam: \"\\e[31m\u{65e5}\u{672c}\"\ncomponent_access: ['<?xml?>']\n";
    std::fs::write(hostile.join("a.yaml"), card).expect("written");
    let hostile = hostile.to_str().expect("a path").to_owned();
    for (name, catalog, slides, words) in
        [("example", "personas", 14, "GenAI Data Scientist"), ("hostile", &hostile, 4, "]]> & </a:t>")]
    {
        let deck = folder.path().join(format!("{name}.pptx"));
        let file = deck.to_str().expect("a path");
        let (code, _, said) =
            persona(&["export", "pptx", "--in", catalog, "--out", file, "--at", "2026-11-23"]);
        assert_eq!(code, 0, "{said}");
        let Some((pages, text)) = converted(&deck, folder.path()) else {
            eprintln!("SKIPPED: LibreOffice is not on this machine: whether it opens the deck is not known");
            return;
        };
        assert_eq!(pages, slides, "{name}");
        assert!(text.is_empty() || text.contains(words), "{name}: {text}");
    }
}
