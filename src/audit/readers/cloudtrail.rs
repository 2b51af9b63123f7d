//! AWS CloudTrail: files with `Records`, or a record a line.
//!
//! It shows no approval, phase or risk. Whether a call looks or changes is in the record; changes of
//! identities and policies are administration. Accounts and regions can stand for an environment in a
//! mapping file.

use serde_json::Value;
use smallvec::SmallVec;

use super::{Reader, Sink, any, at, each, services, text};
use crate::audit::event::{Candidates, Effect, Event, Text};

/// The reader.
pub static READER: Reader = Reader {
    name: "cloudtrail",
    summary: "AWS CloudTrail: files with Records, or a record a line",
    sniff: |value| at(value, &["eventSource"]).is_some() && at(value, &["eventName"]).is_some(),
    read: |bytes, sink| each(bytes, |record| read(record, sink)),
};

fn read(record: &Value, sink: Sink<'_>) -> Result<(), String> {
    let (source, name) = (text(record, &["eventSource"]), text(record, &["eventName"]));
    if source.is_empty() || name.is_empty() {
        return Err("it is no record of CloudTrail: it names no eventSource or eventName".to_owned());
    }
    let issuer = ["userIdentity", "sessionContext", "sessionIssuer"];
    let under = |key: &'static str| [issuer[0], issuer[1], issuer[2], key];
    let arn = text(record, &["userIdentity", "arn"]);
    let mut agents: Candidates<'_> = SmallVec::new();
    agents.push(text(record, &under("arn")));
    agents.push(text(record, &under("userName")));
    agents.push(text(record, &under("principalId")));
    agents.push(arn.clone());
    // The name of a session stands last in the ARN of an assumed role.
    agents.push(arn.get().rsplit('/').next().unwrap_or("").to_owned().into());
    agents.push(text(record, &["userIdentity", "userName"]));
    agents.push(text(record, &["userIdentity", "principalId"]));
    agents.push(text(record, &["userIdentity", "invokedBy"]));
    agents.retain(|agent| !agent.is_empty());
    let service = source.get().split('.').next().unwrap_or("").to_owned();
    let mut components: Candidates<'_> = SmallVec::new();
    components.push(Text::from(source.get()));
    let resources = at(record, &["resources"]).and_then(Value::as_array);
    components.extend(resources.into_iter().flatten().map(|resource| any(resource, &[&["ARN"], &["arn"]])));
    components.extend(services::aws(&service).iter().map(|name| Text::from(*name)));
    components.push(service.clone().into());
    components.retain(|component| !component.is_empty());
    let reads = at(record, &["readOnly"]).and_then(|value| match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.parse().ok(),
        _ => None,
    });
    let effect = match (reads, service.as_str()) {
        (Some(true), _) => Some(Effect::Read),
        (Some(false), "iam" | "organizations" | "sso" | "identitystore") => Some(Effect::Administer),
        (Some(false), _) => Some(Effect::Change),
        (None, _) => None,
    };
    let error = text(record, &["errorCode"]);
    let refused =
        ["AccessDenied", "UnauthorizedOperation", "Forbidden"].iter().any(|word| error.get().contains(word));
    let outcome = match (refused, error.is_empty()) {
        (true, _) => Text::from("denied"),
        (false, true) => Text::from("success"),
        (false, false) => error,
    };
    let event = Event {
        time: text(record, &["eventTime"]),
        event: text(record, &["eventID"]),
        agents,
        components,
        action: name,
        effect,
        outcome,
        places: [&["recipientAccountId"][..], &["awsRegion"]].iter().map(|path| text(record, path)).collect(),
        on_behalf_of: text(record, &["userIdentity", "onBehalfOf", "userId"]),
        trace: text(record, &["requestID"]),
        ..Event::default()
    };
    sink(&event);
    Ok(())
}
