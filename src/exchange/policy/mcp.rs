//! The `tools` of MCP servers for a client's configuration: the allow-list of each server.
//!
//! How a server is reached is no matter of a persona and is left open. A client knows no environment, phase
//! or risk: which of them counts is chosen when this is written, and what it cannot enforce is said.

use serde_json::{Map, Value, json};

use super::{Policy, Written, environments, grants, level_of};
use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::view::line_of;
use crate::card::words::Name;
use crate::catalog::{Catalog, ComponentId, Grant, Level, PersonaId};

/// See the module.
pub static POLICY: Policy =
    Policy { name: "mcp", summary: "the tools of each MCP server, for a client's mcpServers", write };

fn write(analysis: &Analysis, persona: PersonaId, context: &Context) -> Written {
    let catalog = &analysis.catalog;
    let mut servers: Map<String, Value> = Map::new();
    let mut remarks = Vec::new();
    for (_, grant) in grants(analysis, persona, context) {
        let component = &catalog.components[grant.component.index()];
        let is_server = !component.tools.is_empty()
            || !grant.tools.is_empty()
            || component.platform.as_ref().is_some_and(|platform| platform.is("mcp"));
        if !is_server {
            continue;
        }
        if !grant.is_active(analysis.day) {
            remarks.push(format!(
                "the grant at {} is not in force on {}, and is left out",
                line_of(analysis, grant.place),
                analysis.day
            ));
            continue;
        }
        let allowed = allowed(catalog, grant, context);
        let name = component.name.written().to_owned();
        let server = servers.entry(name.clone()).or_insert_with(|| json!({"tools": []}));
        if let Some(Value::Array(tools)) = server.get_mut("tools") {
            for tool in allowed {
                let tool = json!(tool);
                if !tools.contains(&tool) {
                    tools.push(tool);
                }
            }
            if tools.contains(&json!("*")) {
                tools.retain(|tool| tool == "*");
            }
        }
        if let Some(unseen) = unseen(analysis, grant, context) {
            remarks.push(format!(
                "a client of {name} cannot tell {unseen}, which the grant at {} asks for",
                line_of(analysis, grant.place)
            ));
        }
    }
    if servers.is_empty() {
        remarks.push("no grant here is on a component with tools, so no server is allowed".to_owned());
    } else {
        remarks.push("how each server is reached (command, or url) is left open".to_owned());
    }
    let text = serde_json::to_string_pretty(&json!({"mcpServers": servers})).unwrap_or_default() + "\n";
    Written { text, remarks }
}

/// The tools that a grant allows: those it lists, or all; of all, where it states a level or the server's
/// tools do, those up to it.
fn allowed(catalog: &Catalog, grant: &Grant, context: &Context) -> Vec<String> {
    let component = &catalog.components[grant.component.index()];
    // In an environment where nothing says a level, any is allowed.
    let levels: Option<Vec<Level>> =
        environments(grant, context).into_iter().map(|environment| level_of(grant, environment)).collect();
    let most = levels.and_then(|levels| levels.into_iter().max());
    let within = |tool: &Name| {
        let own = component.tools.iter().find(|(name, _)| name == tool).and_then(|(_, level)| *level);
        own.is_none_or(|own| most.is_none_or(|most| own <= most))
    };
    if !grant.tools.is_empty() && !grant.has_every_tool() {
        return grant
            .tools
            .iter()
            .filter(|tool| within(tool))
            .map(|tool| spelling(catalog, grant.component, tool))
            .collect();
    }
    if component.tools.is_empty() || component.tools.iter().all(|(tool, _)| within(tool)) {
        return vec!["*".to_owned()];
    }
    let tools = component.tools.iter().filter(|(tool, _)| within(tool));
    tools.map(|(tool, _)| tool.written().to_owned()).collect()
}

fn spelling(catalog: &Catalog, component: ComponentId, tool: &Name) -> String {
    let known = catalog.components[component.index()].tools.iter().map(|(name, _)| name);
    known.into_iter().find(|name| *name == tool).unwrap_or(tool).written().to_owned()
}

/// The conditions that a client cannot enforce: "the environment, the risk".
fn unseen(analysis: &Analysis, grant: &Grant, context: &Context) -> Option<String> {
    let count = analysis.catalog.settings.environments.len();
    let everywhere = grant.environments.is_empty() || grant.environments.iter().count() == count;
    let all = [
        (!everywhere && context.environment.is_none(), "the environment"),
        (!grant.phases.is_empty() && context.phase.is_none(), "the phase"),
        (grant.max_risk.is_some() && context.risk.is_none(), "the risk"),
        (grant.starts.is_some() || grant.expires.is_some(), "the day"),
        (!grant.is_standing(), "whether it was activated"),
        (!grant.approval.is_empty(), "who approved"),
    ];
    let words: Vec<&str> = all.iter().filter(|(fails, _)| *fails).map(|(_, word)| *word).collect();
    (!words.is_empty()).then(|| words.join(", "))
}
