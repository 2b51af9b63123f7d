//! Kusto: Azure Data Explorer, Log Analytics, Sentinel, Fabric.
//!
//! Its own language: tables are `datatable`s, joins are `lookup`s, and text is never null.

use super::{CONDITIONS, Dialect, FIELDS, KEYS, Kind, Table, Tables, Value};

/// The engine.
pub static DIALECT: Dialect =
    Dialect { name: "kql", summary: "Kusto: Azure Data Explorer, Log Analytics, Sentinel, Fabric", emit };

fn emit(tables: &Tables) -> String {
    let mut out = format!(
        "// The boundary of the catalog {}, and the verdict on every event.
// Put your table in the place of AuditEvents, with our own fields as strings: project-rename what is
// called otherwise. Ask for more by adding to the end, as | summarize count() by verdict, reason
",
        tables.catalog
    );
    tables.tables.iter().for_each(|table| out.push_str(&datatable(table)));
    out.push_str(&query());
    out
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\t', "\\t"))
}

fn datatable(table: &Table) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|(name, kind)| format!("{name}:{}", if *kind == Kind::Number { "long" } else { "string" }))
        .collect();
    let value = |value: &Value, kind: Kind| match (value, kind) {
        (Value::Null, Kind::Number) => "long(null)".to_owned(),
        (Value::Null, Kind::Text) => "''".to_owned(),
        (Value::Number(number), _) => number.to_string(),
        (Value::Text(text), _) => literal(text),
    };
    let rows: Vec<String> = table
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<String> =
                row.iter().zip(&table.columns).map(|(cell, (_, kind))| value(cell, *kind)).collect();
            format!("  {},\n", cells.join(", "))
        })
        .collect();
    format!("let {} = datatable({}) [\n{}];\n", table.name, columns.join(", "), rows.concat())
}

fn query() -> String {
    let fold = |column: &str| format!("tolower(trim(' ', replace_regex(tostring({column}), @'\\s+', ' ')))");
    let keyed: Vec<String> = KEYS.iter().map(|key| format!("k_{key} = {}", fold(key))).collect();
    let keys: Vec<String> = KEYS.iter().map(|key| format!("k_{key}")).chain(["k_day".to_owned()]).collect();
    let keys = keys.join(", ");
    let bits: Vec<String> =
        CONDITIONS.iter().map(|(name, bit)| format!("x_{name} * {}", (128 + bit) * 1_000_000_000)).collect();
    let reasons: Vec<String> = CONDITIONS
        .iter()
        .filter(|(name, _)| *name != "approval")
        .map(|(name, bit)| format!("nearest % 128000000000 >= {}, '{name}'", bit * 1_000_000_000))
        .collect();
    let names = |from: &str, word: &str, to: &str, key: &str| {
        format!("| lookup kind=leftouter ({from} | project {key} = {word}, {to}) on {key}")
    };
    format!(
        "let keyed = AuditEvents
| extend {keyed}
| extend day_text = substring(trim(' ', tostring(time)), 0, 10)
| extend k_day = iff(day_text matches regex @'^\\d{{4}}-\\d{{2}}-\\d{{2}}$' and isnotnull(todatetime(day_text)), day_text, '');
let known = keyed
| distinct {keys}
{actor}
{component}
{tool}
| extend component = iff(isnull(component_stated) and k_component == '', component_of_tool, component_stated)
{environment}
{level}
{risk}
{approver}
| lookup kind=leftouter (persona_tool | project component, k_tool = tool, level_of_tool = access_level) on component, k_tool
| extend access_level = iff(k_level == '', level_of_tool, level_stated);
let nearest = known
| join kind=leftouter (persona_boundary
  | project actor, component, row_number, b_environment = environment, b_level = access_level, tools, phases, max_risk, starts, expires, approvers) on actor, component
| extend x_environment = tolong(k_environment != '' and isnotnull(b_environment) and (isnull(environment) or environment != b_environment)),
  x_level = tolong(isnotnull(access_level) and isnotnull(b_level) and access_level > b_level),
  x_tool = tolong(k_tool != '' and tools != '' and not(tools contains_cs strcat('\\t', k_tool, '\\t'))),
  x_phase = tolong(k_phase != '' and phases != '' and not(phases contains_cs strcat('\\t', k_phase, '\\t'))),
  x_risk = tolong(isnotnull(risk_level) and isnotnull(max_risk) and risk_level > max_risk),
  x_window = tolong(k_day != '' and ((starts != '' and strcmp(k_day, starts) < 0) or (expires != '' and strcmp(k_day, expires) > 0))),
  x_approval = tolong(approvers != '' and (isnull(approver) or not(approvers contains_cs strcat('\\t', tostring(approver), '\\t'))))
| summarize nearest = min(iff(isnull(row_number), long(null), {bits} + row_number)) by {keys}, actor, component
| extend row_number = nearest % 1000000000
| extend verdict = case(isnull(actor), 'beyond', isnull(component) and k_component == '', 'unjudged',
    isnotnull(nearest) and nearest < 1000000000, 'allowed', 'beyond')
| extend reason = case(isnull(actor), 'unknown-actor', verdict != 'beyond', '', isnull(component), 'unknown-component',
    isnull(nearest), 'no-grant',
    {reasons},
    k_approval == '', 'approval-missing', 'approval-wrong');
keyed
| lookup kind=leftouter nearest on {keys}
| lookup kind=leftouter (persona_actor | project actor, actor_id = id, answered, answers, chain) on actor
| lookup kind=leftouter (persona_component | project component, granted_on = name) on component
| lookup kind=leftouter (persona_boundary | project actor, row_number, grant_line) on actor, row_number
| project {fields}, actor_id, granted_on, verdict, reason, grant_line, answered = coalesce(answered, 0), answers, chain
",
        keyed = keyed.join(",\n  "),
        actor = names("persona_actor_word", "word", "actor", "k_agent"),
        component = names("persona_component_word", "word", "component_stated = component", "k_component"),
        tool = names("persona_tool_component", "word", "component_of_tool = component", "k_tool"),
        environment = names("persona_environment_word", "word", "environment", "k_environment"),
        level = names("persona_level_word", "word", "level_stated = access_level", "k_level"),
        risk = names("persona_risk_word", "word", "risk_level", "k_risk"),
        approver = names("persona_actor_word", "word", "approver = actor", "k_approval"),
        bits = bits.join(" + "),
        reasons = reasons.join(",\n    "),
        fields = FIELDS.join(", "),
    )
}
