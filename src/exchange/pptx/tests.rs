//! The deck as it is packed: parts that fit together, and text that fits its box.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

use quick_xml::events::Event;

use super::shapes::{HIGH, Paragraph, Piece, Spot, TEXT, WIDE, fitted};
use super::*;
use crate::analysis::testing::analysis;

/// The files of a deck.
fn files(text: &str) -> BTreeMap<String, String> {
    let bytes = pptx(&analysis(text)).expect("a deck");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).expect("a file");
            let mut text = String::new();
            file.read_to_string(&mut text).expect("text");
            let name = file.name().expect("a name").into_owned();
            (name, text)
        })
        .collect()
}

/// The name of an element, and its attributes.
type Element = (String, BTreeMap<String, String>);

/// The elements of a file with their attributes, and its text; it must be well-formed.
fn read(xml: &str) -> (Vec<Element>, String) {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut elements, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.expect("a sound attribute");
                    (attribute.key.as_ref().to_owned(), attribute.value.to_string())
                });
                elements.push((tag.name().as_ref().to_owned(), attributes.collect()));
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::GeneralRef(_) => text.push('&'),
            Event::Eof => return (elements, text),
            _ => {}
        }
    }
}

const TWO: &str = "kind: PersonaList
items:
  - {id: P1, name: Ana, color: '#123456', team: AI Team, component_access: [Store], skills: [SQL], processes: [Build]}
  - {id: P2, name: Bot, type: agent, invokes: [P1]}
---
kind: Process
name: Build
steps:
  - {id: a, name: First, environments: [dev], uses: [{Store: read}], performers: [P1], next: [b]}
  - {id: b, name: Second, environments: [prod], uses: [{Store: write}], performers: [P1]}
";

#[test]
fn every_part_is_there_is_xml_and_is_named_once() {
    let files = files(TWO);
    let slides = files.keys().filter(|path| path.starts_with("ppt/slides/slide")).count();
    assert_eq!(slides, 6, "title, overview, two cards, two maps");
    for (path, text) in &files {
        let (elements, _) = read(text);
        if path.ends_with(".rels") {
            let folder = path.split("_rels/").next().expect("a folder");
            for (_, attributes) in elements.iter().filter(|(name, _)| name == "Relationship") {
                let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
                for part in attributes["Target"].split('/') {
                    if part == ".." {
                        parts.pop();
                    } else {
                        parts.push(part);
                    }
                }
                assert!(files.contains_key(&parts.join("/")), "{path} leads to {}", parts.join("/"));
            }
        }
        let ids: Vec<&String> =
            elements.iter().filter(|(name, _)| name == "p:cNvPr").map(|(_, all)| &all["id"]).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path} has an id twice");
    }
    let types = &files["[Content_Types].xml"];
    for path in files.keys().filter(|path| !path.ends_with(".rels") && *path != "[Content_Types].xml") {
        assert!(types.contains(&format!("\"/{path}\"")), "{path} has no type");
    }
}

#[test]
fn a_slide_has_its_title_and_says_what_the_card_says() {
    let files = files(TWO);
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("ppt/slides/slide")) {
        assert_eq!(text.matches("<p:ph type=\"title\"/>").count(), 1, "{path}");
    }
    let (_, ana) = read(&files["ppt/slides/slide3.xml"]);
    for said in [
        "P1",
        "Ana",
        "Team: ",
        "AI Team",
        "Component access: ",
        "Store",
        "Skills: ",
        "SQL",
        "Processes: ",
        "open gap",
    ] {
        assert!(ana.contains(said), "{said} in {ana}");
    }
    assert!(files["ppt/slides/slide3.xml"].contains("123456"), "the flag has its colour");
    let map = &files["ppt/slides/slide5.xml"];
    assert!(map.contains("<a:tailEnd") && map.contains("First"), "the map has its arrows and steps");
}

#[test]
fn shapes_stay_on_the_slide() {
    let many: String = (0..60).map(|at| format!("'Component number {at} of a long name', ")).collect();
    let text = format!(
        "kind: Persona\nid: P1\nname: {}\nteam: T\ncomponent_access: [{many}]\nskills: [{many}]\n",
        "Very long ".repeat(40)
    );
    for text in [TWO, text.as_str(), "kind: Catalog\n"] {
        for (path, text) in files(text).iter().filter(|(path, _)| path.starts_with("ppt/slides/slide")) {
            let (elements, _) = read(text);
            let mut at = (0, 0);
            for (name, attributes) in &elements {
                let number = |key: &str| attributes[key].parse::<i64>().expect("a number");
                match name.as_str() {
                    "a:off" => at = (number("x"), number("y")),
                    "a:ext" => {
                        assert!(at.0 >= 0 && at.1 >= 0, "{path} begins at {at:?}");
                        let (right, bottom) = (at.0 + number("cx"), at.1 + number("cy"));
                        let (wide, high) = (super::shapes::emu(WIDE), super::shapes::emu(HIGH));
                        assert!(right <= wide + 1 && bottom <= high + 1, "{path} reaches {right} {bottom}");
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn what_is_too_long_goes_on_and_nothing_is_lost() {
    let many: String = (0..300).map(|at| format!("'A component of quite a long name {at:03}', ")).collect();
    let files = files(&format!("kind: Persona\nid: P1\nname: Ana\ncomponent_access: [{many}]\n"));
    let slides: String = files
        .iter()
        .filter(|(path, _)| path.starts_with("ppt/slides/slide"))
        .map(|(_, text)| text.as_str())
        .collect();
    assert!(slides.contains("Ana (1 of ") && slides.contains("Ana (2 of "));
    for at in 0..300 {
        assert!(slides.contains(&format!("long name {at:03}")), "{at} is lost");
    }
}

#[test]
fn text_becomes_smaller_before_it_goes_on() {
    let of = |words: usize| vec![Paragraph::new(16.0, vec![Piece::new("word ".repeat(words), TEXT)])];
    let spot = Spot::new(0.0, 0.0, 200.0, 100.0);
    let size = |words| fitted(&of(words), spot, &[16.0, 12.0, 8.0]).map(|text| text[0].size);
    assert_eq!((size(5), size(25), size(60), size(500)), (Some(16.0), Some(12.0), Some(8.0), None));
    assert_eq!(of(1)[0].lines(200.0), 1);
    let long = Paragraph::new(10.0, vec![Piece::new("x".repeat(1000), TEXT)]);
    assert!(long.lines(100.0) > 40, "a word that is longer than a line is broken");
}

#[test]
fn hostile_names_are_text() {
    let files = files(
        "kind: Catalog\nname: '</a:t><x/> & \"co\"'\n---\nkind: Persona\nid: '\"><evil>'\nname: \"a]]>\\e[31m\\uFFFE\"\nteam: '<!-- '\ncolor: 'red\" onload=\"x'\ncomponent_access: ['<?xml?>', '&lol;']\n",
    );
    let slides: Vec<_> = files.iter().filter(|(path, _)| path.starts_with("ppt/slides/slide")).collect();
    for (path, text) in &slides {
        let (elements, _) = read(text);
        assert!(elements.iter().all(|(name, _)| name.starts_with("a:") || name.starts_with("p:")), "{path}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{fffe}') && !text.contains("<!--"), "{path}");
    }
    assert!(slides.iter().any(|(_, text)| text.contains("&amp;lol;")));
}
