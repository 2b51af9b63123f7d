//! Cards and tables in the dresses in which people write them.

use super::*;
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::exchange::import::draft::Draft;
use crate::exchange::import::words::usual;

fn reading(text: &str) -> Reading {
    read(&Source { path: "team.md", bytes: text.as_bytes() }, &usual())
}

fn cards(reading: &Reading) -> Vec<&Draft> {
    reading.drafts.iter().filter(|draft| draft.kind == Kind::Persona).collect()
}

fn words(draft: &Draft, key: &str) -> Vec<String> {
    match draft.get(key) {
        Some(Node::List(items)) => items.iter().map(said).collect(),
        Some(node) => vec![said(node)],
        None => Vec::new(),
    }
}

fn said(node: &Node) -> String {
    match node {
        Node::Text(text) => text.to_string(),
        Node::List(items) => items.iter().map(said).collect::<Vec<_>>().join("+"),
        Node::Map(entries) => {
            entries.iter().map(|(key, value)| format!("{key}={}", said(value))).collect::<Vec<_>>().join(" ")
        }
        other => format!("{other:?}"),
    }
}

const STYLE: &str = "About

Some words about personas.

Persona template
🔹Persona name: [Name]
🔹Team: [Team responsible]
🔹Skills: [Skills]

Development personas

Data Scientist (P1)
Team: AI Team
🔹 Primary interaction: Data Team, DevOps Team
🔹 Component access: Azure Machine Learning (for training scenarios), Azure Storage
🔹 Skills: model knowledge (LLM, SLM), RAG
Test Agent (P2)
Team: Engineering Team (automated)
🔹 Primary interaction: Data Scientist
🔹 Component access: MCP Server Tools
🔹 DevOps
🔹 Skills: Test automation

Operations personas

Watcher (P3)
Team: Ops
🔹 Processes: Monitoring

Use case: something else

More words.
";

#[test]
fn the_card_style_of_the_source() {
    let reading = reading(STYLE);
    let cards = cards(&reading);
    let names: Vec<_> =
        cards.iter().map(|card| (card.text("id"), card.name(), card.text("section"))).collect();
    assert_eq!(
        names,
        [
            (Some("P1"), "Data Scientist", Some("Development")),
            (Some("P2"), "Test Agent", Some("Development")),
            (Some("P3"), "Watcher", Some("Operations"))
        ]
    );
    assert_eq!(
        words(cards[0], "component_access"),
        ["component=Azure Machine Learning reason=for training scenarios", "Azure Storage"]
    );
    assert_eq!(words(cards[0], "skills"), ["model knowledge (LLM, SLM)", "RAG"]);
    assert_eq!(cards[0].text("type"), None, "nothing says what it is");
    assert_eq!(cards[1].text("type"), Some("agent"));
    assert_eq!(cards[1].text("team"), Some("Engineering Team (automated)"));
    assert_eq!(words(cards[1], "processes"), ["DevOps"]);
    assert!(
        reading.notes.iter().any(|note| note.line == 21 && note.why.contains("no label")),
        "{:?}",
        reading.notes
    );
    assert_eq!(reading.unread.len(), 2, "{:?}", reading.unread);
}

#[test]
fn headings_bold_labels_synonyms_and_lists_below() {
    let reading = reading(
        "# Our team\n\n## Humans\n\n### ML Engineer\n\nKeeps models alive.\n\n- **Area or Team**: Platform\n- **Services & Security Access Needed**:\n  - Azure Storage (read)\n  - GitHub: Contributor\n  - Key Vault\n- **Skills Needed:** Python,\n  Terraform\n\n### Dev Lead\n\n#### Team\nApp Team\n\n#### Skills\n* Go\n* Review\n* Rust: macros\n\n#### Hobbies\n\nChess.\n",
    );
    let cards = cards(&reading);
    assert_eq!(cards.len(), 2, "{cards:?}");
    assert_eq!(
        (cards[0].name(), cards[0].text("section"), cards[0].text("team")),
        ("ML Engineer", Some("Humans"), Some("Platform"))
    );
    assert_eq!(cards[0].text("description"), Some("Keeps models alive."));
    assert_eq!(
        words(cards[0], "component_access"),
        ["component=Azure Storage level=read", "component=GitHub role=Contributor", "Key Vault"]
    );
    assert_eq!(words(cards[0], "skills"), ["Python", "Terraform"]);
    assert_eq!((cards[1].name(), cards[1].text("team")), ("Dev Lead", Some("App Team")));
    assert_eq!(words(cards[1], "skills"), ["Go", "Review", "Rust: macros"]);
    assert!(reading.unread.iter().any(|unread| unread.why.contains("Hobbies")), "{:?}", reading.unread);
}

#[test]
fn a_name_label_begins_a_card() {
    let reading = reading(
        "- Name: A\n- Team: X\n\n- Name: B\n- Team: Y\n\n## P9\n\n**Persona name:** C\n**Skills:** Go\n",
    );
    let cards = cards(&reading);
    let all: Vec<_> = cards.iter().map(|card| (card.text("id"), card.name(), card.text("team"))).collect();
    assert_eq!(all, [(None, "A", Some("X")), (None, "B", Some("Y")), (Some("P9"), "C", None)]);
}

#[test]
fn a_table_of_personas_and_a_table_of_one() {
    let reading = reading(
        "| ID | Persona | Team | Component access | Skills | Budget |\n|---|---|---|---|---|---|\n| P1 | [Analyst](p1.md) | BI | [Power BI](x.md), Storage (read) | SQL<br>DAX | 5 |\n\n## Router Agent\n\n| Field | Value |\n|---|---|\n| Team | Eng |\n| Processes | Routing, DevOps |\n",
    );
    let cards = cards(&reading);
    assert_eq!(cards.len(), 2, "{cards:?}");
    let by = |name: &str| *cards.iter().find(|card| card.name() == name).unwrap();
    assert_eq!(by("Analyst").text("id"), Some("P1"));
    assert_eq!(words(by("Analyst"), "component_access"), ["Power BI", "component=Storage level=read"]);
    assert_eq!(words(by("Analyst"), "skills"), ["SQL", "DAX"]);
    assert_eq!(words(by("Router Agent"), "processes"), ["Routing", "DevOps"]);
    assert_eq!(by("Router Agent").text("type"), Some("agent"));
    assert!(reading.unread.iter().any(|unread| unread.why.contains("Budget")));
}

#[test]
fn every_cell_of_a_matrix_counts() {
    let reading = reading(
        "Key: R = Reader, C = Contributor, KVA = Key Vault Administrator.\n\n**Production Environment**\n\n| Persona | Key Vault | Storage |\n|---|---|---|\n| Lead (Data) | R, KVA | ? |\n| Nobody | | |\n\n**Pre-Production Environment**\n\n| Persona | Key Vault | Storage |\n|---|---|---|\n| Lead (Data) | | C |\n",
    );
    let cards = cards(&reading);
    assert_eq!(cards.len(), 2);
    assert_eq!(
        words(cards[0], "component_access"),
        [
            "component=Key Vault roles=Reader+Key Vault Administrator environments=prod",
            "component=Storage role=Contributor environments=stage"
        ]
    );
    let vault = reading.drafts.iter().find(|draft| draft.kind == Kind::Component).unwrap();
    assert_eq!(
        (vault.name(), words(vault, "roles")),
        ("Key Vault", vec!["Key Vault Administrator".to_owned()])
    );
    assert!(
        reading.unread.iter().any(|unread| unread.line == 7 && unread.why.contains("\"?\"")),
        "{:?}",
        reading.unread
    );
}

#[test]
fn matrices_by_environment_turned_and_of_responsibilities() {
    let reading = reading(
        "## Azure Storage\n\n| Persona | Dev | Stage | Production |\n|---|---|---|---|\n| Analyst (P1) | write | read | - |\n\n# Production\n\n| Component | Analyst | Lead |\n|---|---|---|\n| Monitor | x | Owner |\n\n# RACI\n\n| Persona | DevOps | MLOps |\n|---|---|---|\n| Lead | A/R | I |\n",
    );
    let cards = cards(&reading);
    let by = |name: &str| *cards.iter().find(|card| card.name() == name).unwrap();
    assert_eq!(
        words(by("Analyst"), "component_access"),
        [
            "component=Azure Storage level=write environments=dev",
            "component=Azure Storage level=read environments=stage",
            "component=Monitor environments=prod"
        ]
    );
    assert_eq!(words(by("Lead"), "component_access"), ["component=Monitor role=Owner environments=prod"]);
    assert_eq!(
        words(by("Lead"), "processes"),
        ["process=DevOps responsibility=accountable", "process=MLOps responsibility=informed"]
    );
}

#[test]
fn odd_texts_are_read_without_harm() {
    for text in [
        "",
        "|",
        "||\n--|",
        "- - - a: b",
        "[a](((",
        "**",
        "🔹",
        "Team:",
        "# \n- Team: x",
        "\u{1b}[31mTeam: x\n- a",
        "```\nTeam: x",
    ] {
        let _ = reading(text);
    }
    assert!(reading(&format!("x (\n{}", "(".repeat(100_000))).drafts.is_empty());
}

#[test]
fn what_stands_below_a_component_is_said_of_it() {
    let text = "## QA Agent\n\n- **Access needed:**\n    - GitHub\n        - write in dev\n        - read in prod\n    - Azure\n        - Test Lab (for load tests only)\n";
    let own = reading(text);
    let grants = crate::exchange::import::merge::said(own.drafts[0].get("component_access").unwrap());
    assert_eq!(
        grants,
        "GitHub, level write, environments dev, GitHub, level read, environments prod, Azure, Test Lab, reason for load tests only"
    );
}

#[test]
fn corners_name_rows_and_columns() {
    let text = "Legend: R = Read, W = Write\n\n## Production environment\n\n| Service \\ Role | Data Engineer | ML Engineer |\n| --- | :-: | :-: |\n| **Storage** | R | R, W |\n| Vault | ? | |\n\n## RACI\n\n| Activity | Data Engineer | ML Engineer |\n| --- | --- | --- |\n| Ingest | R/A | C |\n";
    let own = reading(text);
    let said = |name: &str, field: &str| {
        let draft = own.drafts.iter().find(|draft| draft.name() == name).unwrap();
        crate::exchange::import::merge::said(draft.get(field).unwrap())
    };
    assert_eq!(said("ML Engineer", "component_access"), "Storage, level write, environments prod");
    assert_eq!(said("Data Engineer", "processes"), "Ingest, responsibility accountable");
    assert!(own.unread.iter().any(|line| line.why.contains("\"?\"")), "{:?}", own.unread);
}
