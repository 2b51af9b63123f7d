//! Azure Activity Log: as diagnostic settings export it (storage, event hubs), as the REST interface
//! lists it, and as rows of the table `AzureActivity`.
//!
//! It shows no approval, phase or risk. What an operation does follows from its last part. The start
//! and the end of an operation are two events, as in the log. Environments are not in it: subscription
//! and resource group can stand for one in a mapping file.

use serde_json::Value;
use smallvec::SmallVec;

use super::{Reader, Sink, any, at, each, services, text};
use crate::audit::event::{Candidates, Effect, Event, Text};

/// The reader.
pub static READER: Reader = Reader {
    name: "azure-activity",
    summary: "Azure Activity Log: exported JSON, the REST list, or rows of AzureActivity",
    sniff: |value| {
        let has = |key: &str| at(value, &[key]).is_some();
        (has("operationName") && (has("resourceId") || has("eventDataId") || has("caller")))
            || has("OperationNameValue")
    },
    read: |bytes, sink| each(bytes, |record| read(record, sink)),
};

const OBJECT: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";

fn read(record: &Value, sink: Sink<'_>) -> Result<(), String> {
    let operation = any(
        record,
        &[
            &["operationName", "value"],
            &["operationName"],
            &["OperationNameValue"],
            &["authorization", "action"],
        ],
    );
    if operation.is_empty() {
        return Err("it is no record of an Azure Activity Log: it names no operation".to_owned());
    }
    let resource = any(record, &[&["resourceId"], &["resourceUri"], &["_ResourceId"], &["ResourceId"]]);
    // Rows of the table hold the claims as text.
    let inner: Value = at(record, &["Claims"])
        .and_then(Value::as_str)
        .and_then(|claims| serde_json::from_str(claims).ok())
        .unwrap_or(Value::Null);
    let mut agents: Candidates<'_> = SmallVec::new();
    for claims in
        [at(record, &["identity", "claims"]), at(record, &["claims"]), Some(&inner)].into_iter().flatten()
    {
        agents.extend([OBJECT, "oid", "appid", UPN, "name"].iter().map(|key| text(claims, &[key])));
    }
    agents.push(text(record, &["identity", "authorization", "evidence", "principalId"]));
    agents.push(any(record, &[&["caller"], &["Caller"]]));
    agents.retain(|agent| !agent.is_empty());
    let parts: Vec<&str> = resource.get().split('/').collect();
    let after = |word: &str| {
        let place = parts.iter().rposition(|part| part.eq_ignore_ascii_case(word))?;
        parts.get(place + 1).copied().filter(|part| !part.is_empty())
    };
    let mut components: Candidates<'_> = SmallVec::new();
    let provider = after("providers").or_else(|| operation.get().split('/').next()).unwrap_or("");
    let name = parts.last().copied().unwrap_or("");
    components.push(Text::from(resource.get()));
    components.push(Text::from(name));
    if let Some(kind) =
        parts.iter().rposition(|part| *part == provider).and_then(|place| parts.get(place + 1))
    {
        components.push(format!("{provider}/{kind}").into());
    }
    components.push(Text::from(provider));
    components.extend(services::azure(provider).iter().map(|name| Text::from(*name)));
    components.retain(|component| !component.is_empty());
    // Nobody looks for a whole resource id where nothing is known: say the provider.
    let provider_first = components.iter().position(|component| component.get() == provider);
    if let Some(place) = provider_first.filter(|place| *place > 0) {
        components.swap(0, place);
    }
    let places = [after("resourceGroups"), after("subscriptions")];
    let signature = any(
        record,
        &[
            &["resultSignature"],
            &["subStatus", "value"],
            &["properties", "statusCode"],
            &["ActivitySubstatusValue"],
            &["httpRequest", "statusCode"],
        ],
    );
    let outcome = any(record, &[&["resultType"], &["status", "value"], &["ActivityStatusValue"]]);
    let refused = signature.get().to_lowercase().contains("forbidden") || signature.get() == "403";
    let event = Event {
        time: any(record, &[&["time"], &["eventTimestamp"], &["TimeGenerated"]]),
        event: any(record, &[&["eventDataId"], &["EventDataId"], &["properties", "eventDataId"]]),
        agents,
        components,
        effect: effect(operation.get(), provider),
        outcome: if refused { Text::from("denied") } else { outcome },
        places: places.into_iter().flatten().map(Text::from).collect(),
        trace: any(record, &[&["correlationId"], &["CorrelationId"]]),
        action: operation.clone(),
        ..Event::default()
    };
    sink(&event);
    Ok(())
}

fn effect(operation: &str, provider: &str) -> Option<Effect> {
    let last = operation.trim_end_matches('/').rsplit('/').next()?.to_ascii_lowercase();
    match last.as_str() {
        "read" => Some(Effect::Read),
        "write" | "delete" | "action" if provider.eq_ignore_ascii_case("microsoft.authorization") => {
            Some(Effect::Administer)
        }
        "write" | "delete" | "action" => Some(Effect::Change),
        _ => None,
    }
}
