//! The report as data and as a page: nothing hostile gets out of its place.

use super::*;
use crate::analysis::testing::analysis;

/// Markup, a script's end, a link that runs, an escape sequence and a direction override, in every field.
const HOSTILE: &str = r#"kind: Persona
id: "</script><script>boom()</script>"
name: "<img src=x onerror=boom()> \e[31m \u202e"
team: "<svg onload=boom()>"
color: "red;background:url(//evil.example)"
description: "--></style><!--<script>boom()"
primary_interaction: ["javascript:boom()"]
component_access: ["<b>Store</b>&amp;\u2028", "</title>"]
processes: ["{{data}}", "{{script}}"]
skills: ["'\"><script>"]
"#;

fn page(text: &str) -> Report {
    report(&analysis(text), Options::default())
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map_or("", |(inside, _)| inside)
}

#[test]
fn nothing_of_a_card_is_markup() {
    let html = page(HOSTILE).html;
    let count = |what: &str| html.matches(what).count();
    assert_eq!((count("<script"), count("</script>"), count("<style"), count("</style>")), (2, 2, 1, 1));
    let data = between(&html, "id=\"data\">", "</script>");
    assert!(data.len() > 1000 && !data.contains(['<', '>', '&', '\u{1b}', '\u{202e}', '\u{2028}']), "{data}");
    let read: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(read["entities"][0]["id"], "</script><script>boom()</script>", "and it is all there");
    assert_eq!(read["entities"][0]["name"], "<img src=x onerror=boom()> ␛[31m \u{fffd}");
    assert!(data.contains("{{data}}"), "what a card says is not a place of the template");
}

#[test]
fn a_name_of_the_catalog_is_text_in_the_head() {
    let html = page("kind: Catalog\nname: '</title><script>boom()</script> & co'\n").html;
    assert!(html.matches("boom()").count() > 3, "title, brand and data");
    assert_eq!(html.matches("<script>boom").count(), 0);
    assert!(html.contains("<title>&lt;/title&gt;&lt;script&gt;"));
}

#[test]
fn the_page_forbids_itself_all_that_it_does_not_need() {
    let Report { html, policy } = page(HOSTILE);
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("connect-src"), "{policy}");
    assert!(html.contains(&format!("content=\"{}\"", escaped(&policy))));
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let script =
        html.rsplit_once("<script>").and_then(|(_, rest)| rest.split_once("</script>")).expect("one").0;
    assert!(
        policy.contains(&digest(script)) && policy.contains(&digest(between(&html, "<style>", "</style>")))
    );
    let live = report(&analysis(HOSTILE), Options { live: Some(7) });
    assert!(
        live.policy.ends_with("connect-src 'self'")
            && live.html.contains("<html lang=\"en\" data-live=\"7\">")
    );
}

#[test]
fn nothing_leads_outside() {
    let html = page("kind: Catalog\n").html;
    for outside in [
        "src=",
        "url(",
        "@import",
        "fetch(",
        "XMLHttpRequest",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
    ] {
        assert!(!html.contains(outside), "{outside}");
    }
    // The name space of SVG is an address that nobody asks.
    let addresses: Vec<_> = html.match_indices("http://").chain(html.match_indices("https://")).collect();
    assert_eq!(addresses.len(), 1, "{addresses:?}");
}

#[test]
fn fragments_hold_ids_and_keys_that_survive() {
    let one = "kind: Persona\nid: P1\nname: Ana\ncomponent_access: [Store]\n";
    let two = format!("kind: Persona\nid: P0\nname: Before\ncomponent_access: [Key Vault]\n---\n{one}");
    let keys = |text: &str| -> Vec<String> {
        let html = page(text).html;
        let data: serde_json::Value =
            serde_json::from_str(between(&html, "id=\"data\">", "</script>")).expect("JSON");
        let findings = data["findings"].as_array().expect("findings").iter();
        findings.map(|finding| finding["key"].as_str().expect("a key").to_owned()).collect()
    };
    let (before, after) = (keys(one), keys(&two));
    let of_ana: Vec<_> = before.iter().filter(|key| key.starts_with("unneeded-access")).collect();
    assert!(!of_ana.is_empty() && of_ana.iter().all(|key| after.contains(key)), "{before:?} {after:?}");
}

#[test]
fn a_large_catalog_is_packed() {
    use std::io::Read as _;
    let mut text = String::from("kind: PersonaList\nitems:\n");
    for number in 0..400 {
        let word = "much ".repeat(600);
        text.push_str(&format!("  - {{id: P{number}, name: Persona {number}, description: {word}}}\n"));
    }
    let html = page(&text).html;
    assert!(html.contains("type=\"application/gzip;base64\""));
    let data = STANDARD.decode(between(&html, "id=\"data\">", "</script>")).expect("base64");
    let mut json = String::new();
    flate2::read::GzDecoder::new(data.as_slice()).read_to_string(&mut json).expect("gzip");
    let data: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(data["entities"].as_array().expect("entities").len() >= 400 && json.len() > 5 * html.len());
}
