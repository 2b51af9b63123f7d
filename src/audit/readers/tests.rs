//! Each reader on logs as they look.

use super::csv::Columns;
use super::*;
use crate::audit::event::Effect;
use crate::audit::mapping::Mapping;

/// The events of a log as lines: what a reader makes of it, after it was told by its beginning.
fn events(text: &str, wanted: &str) -> Vec<String> {
    let (reader, framing) = sniff(text.as_bytes());
    assert_eq!(reader.name, wanted);
    let mut out = Vec::new();
    let records: Vec<&str> = if framing == Framing::Document { vec![text] } else { text.lines().collect() };
    for record in records {
        (reader.read)(record.as_bytes(), &mut |event| out.push(line(event))).expect("a record");
    }
    out
}

fn line(event: &Event<'_>) -> String {
    let list = |texts: &crate::audit::event::Candidates<'_>| {
        texts.iter().map(Text::get).collect::<Vec<_>>().join("|")
    };
    let effect = event.effect.map_or("-", |effect| match effect {
        Effect::Read => "read",
        Effect::Change => "change",
        Effect::Administer => "administer",
    });
    let mut words = vec![
        format!("{} {}", event.time.get(), event.event.get()),
        list(&event.agents),
        list(&event.components),
        format!("{} {effect}", event.action.get()),
    ];
    for (name, text) in [
        ("tool", &event.tool),
        ("env", &event.environment),
        ("phase", &event.phase),
        ("outcome", &event.outcome),
        ("approval", &event.approval),
        ("parent", &event.parent),
        ("trace", &event.trace),
    ] {
        if !text.is_empty() {
            words.push(format!("{name}={}", text.get()));
        }
    }
    words.extend((!event.places.is_empty()).then(|| format!("places={}", list(&event.places))));
    words.join(" / ")
}

#[test]
fn azure_activity_as_exported_and_as_listed() {
    insta::assert_snapshot!(
        "azure-export",
        events(include_str!("../../../tests/audit/azure-export.jsonl"), "azure-activity").join("\n")
    );
    insta::assert_snapshot!(
        "azure-rest",
        events(include_str!("../../../tests/audit/azure-rest.json"), "azure-activity").join("\n")
    );
    let row = r#"{"TimeGenerated":"2026-10-01T00:00:00Z","Caller":"x","OperationNameValue":"MICROSOFT.STORAGE/STORAGEACCOUNTS/READ","_ResourceId":"/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/a","ActivityStatusValue":"Success","Claims":"{\"appid\":\"app-1\"}"}"#;
    let found = events(row, "azure-activity");
    assert!(
        found[0].contains("app-1|x") && found[0].contains("Azure Storage") && found[0].contains(" read /"),
        "{found:?}"
    );
}

#[test]
fn cloudtrail_files() {
    insta::assert_snapshot!(
        "cloudtrail",
        events(include_str!("../../../tests/audit/cloudtrail.json"), "cloudtrail").join("\n")
    );
}

#[test]
fn cloudevents_with_our_fields_and_without() {
    insta::assert_snapshot!(
        "cloudevents",
        events(include_str!("../../../tests/audit/cloudevents.jsonl"), "cloudevents").join("\n")
    );
}

#[test]
fn mcp_messages_in_envelopes_and_flat() {
    insta::assert_snapshot!("mcp", events(include_str!("../../../tests/audit/mcp.jsonl"), "mcp").join("\n"));
}

#[test]
fn otel_spans_a_line_and_a_document() {
    let text = include_str!("../../../tests/audit/otel.jsonl");
    insta::assert_snapshot!("otel", events(text, "otel").join("\n"));
    let first: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    let document = serde_json::to_string_pretty(&first).expect("JSON");
    assert_eq!(events(&document, "otel"), events(text.lines().next().expect("a line"), "otel"));
}

#[test]
fn tables_by_guess_and_by_mapping() {
    let text = include_str!("../../../tests/audit/table.csv");
    let (reader, framing) = sniff(text.as_bytes());
    assert_eq!((reader.name, framing), ("csv", Framing::Table));
    let read = |head: &str, mapping: &Mapping, record: &str| {
        let mut out = Vec::new();
        Columns::of(head.as_bytes(), mapping)
            .read(record.as_bytes(), &mut |event| out.push(line(event)))
            .expect("a record");
        out
    };
    let head = text.lines().next().expect("a head");
    let record = "2026-10-06T07:00:00Z;P010;GitHub;read;dev;P007;\"two\nlines; and more\"";
    assert_eq!(
        read(head, &Mapping::default(), record),
        ["2026-10-06T07:00:00Z  / P010 / GitHub /  - / env=dev / approval=P007"]
    );
    let mapping =
        crate::audit::mapping::read("columns: {agent: Konto, component: Ziel, time: Wann}", "m.yaml")
            .expect("a map");
    assert_eq!(read("Wann,Konto,Ziel", &mapping, "x,P1,S"), ["x  / P1 / S /  -"]);
}

#[test]
fn our_own_events_are_borrowed_and_mistakes_are_told() {
    let read = |text: &str| {
        let mut out = Vec::new();
        let result = (super::events::READER.read)(text.as_bytes(), &mut |event| out.push(line(event)));
        (out, result.err())
    };
    let (found, wrong) =
        read(r#"{"agent":"P1","component":"a\"b","time":3,"unknown":{"x":[1]},"tool":null}"#);
    assert_eq!((found.len(), wrong), (1, None));
    assert!(found[0].contains("a\"b"), "{found:?}");
    assert_eq!(read("{\"agent\":\"a\",\"agent\":\"b\"}").1.as_deref(), Some("duplicate field `agent`"));
    assert!(read("{\"agent\":[\"a\"]}").1.is_some_and(|what| what.contains("expected text")));
    assert_eq!(read("{\"agent\":\"a\"").1.as_deref(), Some("it ends in the middle of a record"));
    assert_eq!(read("{agent}").1.as_deref(), Some("it is not JSON"));
    assert_eq!(read("[\"a\",\"b\"]").1.as_deref(), Some("it is JSON, but no object"));
    assert_eq!(read("[{\"agent\":\"a\"},{\"agent\":\"b\"}]").0.len(), 2);
}

#[test]
fn a_broken_first_line_does_not_hide_what_a_log_is() {
    let text = "not json at all\n{\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"x\"}\n";
    assert_eq!(sniff(text.as_bytes()).0.name, "cloudtrail");
    assert_eq!(sniff(b"").0.name, "events");
    assert_eq!(sniff(b"\xff\xfe\x00\x01").0.name, "events");
    assert_eq!(sniff(b"{\"Records\": [\n").1, Framing::Document);
}
