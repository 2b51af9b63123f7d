//! The tables and the query for engines that speak SQL, but for the words that they do not share.

use super::{CONDITIONS, FIELDS, KEYS, Kind, TAB, Table, Tables, Value};

/// What engines say differently.
pub(super) struct Words {
    /// What to do with the file, a line each, without the comment sign.
    pub head: &'static str,
    /// Before a table's select.
    pub create_table: fn(&str) -> String,
    /// Before the query's select.
    pub create_view: &'static str,
    /// Text as a literal.
    pub literal: fn(&str) -> String,
    /// The type of text.
    pub text: &'static str,
    /// A column's text folded: composed, small letters, single blanks, none at the ends; empty for null.
    pub fold: fn(&str) -> String,
    /// Whether text stands in other text: the other, then it.
    pub contains: fn(&str, &str) -> String,
    /// The date that a column begins with, as text; empty where it is none.
    pub day: fn(&str) -> String,
}

/// The rows that are written in one list of values; engines have limits.
const AT_ONCE: usize = 1_000;

/// All of it.
pub(super) fn emit(tables: &Tables, words: &Words) -> String {
    let mut out = String::new();
    let catalog = format!("The boundary of the catalog {}, and the verdict on every event.", tables.catalog);
    for line in std::iter::once(catalog.as_str()).chain(words.head.lines()) {
        out.push_str(format!("-- {line}").trim_end());
        out.push('\n');
    }
    for table in &tables.tables {
        out.push('\n');
        out.push_str(&create(table, words));
    }
    out.push('\n');
    out.push_str(&query(words));
    out
}

fn create(table: &Table, words: &Words) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let kinds = table.columns.iter().map(|(name, kind)| {
        let kind = if *kind == Kind::Number { "BIGINT" } else { words.text };
        format!("CAST({name} AS {kind}) AS {name}")
    });
    let kinds: Vec<String> = kinds.collect();
    let value = |value: &Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => (words.literal)(text),
    };
    let rows: Vec<String> = if table.rows.is_empty() {
        // A row of nothing joins with nothing.
        vec![format!("({})", vec!["NULL"; names.len()].join(", "))]
    } else {
        table
            .rows
            .iter()
            .map(|row| format!("({})", row.iter().map(value).collect::<Vec<_>>().join(", ")))
            .collect()
    };
    let selects: Vec<String> = rows
        .chunks(AT_ONCE)
        .map(|rows| {
            format!(
                "SELECT {} FROM (VALUES\n  {}\n) AS v({})",
                kinds.join(", "),
                rows.join(",\n  "),
                names.join(", ")
            )
        })
        .collect();
    format!("{}\n{};\n", (words.create_table)(table.name), selects.join("\nUNION ALL\n"))
}

fn query(words: &Words) -> String {
    let keyed: Vec<String> =
        KEYS.iter().map(|key| format!("{} AS k_{key}", (words.fold)(&format!("e.{key}")))).collect();
    let keys: Vec<String> = KEYS.iter().map(|key| format!("k_{key}")).chain(["k_day".to_owned()]).collect();
    let of = |alias: &str| keys.iter().map(|key| format!("{alias}.{key}")).collect::<Vec<_>>().join(", ");
    let join: Vec<String> = keys.iter().map(|key| format!("n.{key} = e.{key}")).collect();
    let fields: Vec<String> = FIELDS.iter().map(|field| format!("e.{field}")).collect();
    let tab = (words.literal)(&TAB.to_string());
    let missing = |list: &str, word: &str| {
        format!("NOT ({})", (words.contains)(list, &format!("concat({tab}, {word}, {tab})")))
    };
    let bits: Vec<String> =
        CONDITIONS.iter().map(|(name, bit)| format!("x_{name} * {}", (128 + bit) * 1_000_000_000)).collect();
    let reasons: Vec<String> = CONDITIONS
        .iter()
        .filter(|(name, _)| *name != "approval")
        .map(|(name, bit)| format!("WHEN n.nearest % 128000000000 >= {} THEN '{name}'", bit * 1_000_000_000))
        .collect();
    format!(
        "{view}
WITH keyed AS (
  SELECT e.*,
    {keyed},
    {day} AS k_day
  FROM audit_events e
),
asked AS (
  SELECT DISTINCT {asked} FROM keyed a
),
known AS (
  SELECT a.*, w.actor, coalesce(c.component, t.component) AS component, v.environment, r.risk_level,
    CASE WHEN a.k_level = '' THEN u.access_level ELSE l.access_level END AS access_level, p.actor AS approver
  FROM asked a
  LEFT JOIN persona_actor_word w ON w.word = a.k_agent
  LEFT JOIN persona_component_word c ON c.word = a.k_component
  LEFT JOIN persona_tool_component t ON t.word = a.k_tool AND a.k_component = ''
  LEFT JOIN persona_environment_word v ON v.word = a.k_environment
  LEFT JOIN persona_level_word l ON l.word = a.k_level
  LEFT JOIN persona_risk_word r ON r.word = a.k_risk
  LEFT JOIN persona_actor_word p ON p.word = a.k_approval
  LEFT JOIN persona_tool u ON u.tool = a.k_tool AND u.component = coalesce(c.component, t.component)
),
compared AS (
  SELECT k.*, b.row_number,
    CASE WHEN k.k_environment <> '' AND b.environment IS NOT NULL
      AND (k.environment IS NULL OR k.environment <> b.environment) THEN 1 ELSE 0 END AS x_environment,
    CASE WHEN k.access_level > b.access_level THEN 1 ELSE 0 END AS x_level,
    CASE WHEN k.k_tool <> '' AND b.tools IS NOT NULL AND {tool} THEN 1 ELSE 0 END AS x_tool,
    CASE WHEN k.k_phase <> '' AND b.phases IS NOT NULL AND {phase} THEN 1 ELSE 0 END AS x_phase,
    CASE WHEN k.risk_level > b.max_risk THEN 1 ELSE 0 END AS x_risk,
    CASE WHEN k.k_day <> '' AND (k.k_day < b.starts OR k.k_day > b.expires) THEN 1 ELSE 0 END AS x_window,
    CASE WHEN b.approvers IS NOT NULL AND (k.approver IS NULL OR {approver}) THEN 1 ELSE 0 END AS x_approval
  FROM known k
  LEFT JOIN persona_boundary b ON b.actor = k.actor AND b.component = k.component
),
nearest AS (
  SELECT {compared}, m.actor, m.component,
    min({bits} + m.row_number) AS nearest
  FROM compared m
  GROUP BY {compared}, m.actor, m.component
)
SELECT {fields},
  i.id AS actor, o.name AS granted_on,
  CASE
    WHEN n.actor IS NULL THEN 'beyond'
    WHEN n.component IS NULL AND n.k_component = '' THEN 'unjudged'
    WHEN n.nearest < 1000000000 THEN 'allowed'
    ELSE 'beyond'
  END AS verdict,
  CASE
    WHEN n.actor IS NULL THEN 'unknown-actor'
    WHEN n.component IS NULL AND n.k_component = '' THEN NULL
    WHEN n.component IS NULL THEN 'unknown-component'
    WHEN n.nearest IS NULL THEN 'no-grant'
    WHEN n.nearest < 1000000000 THEN NULL
    {reasons}
    WHEN n.k_approval = '' THEN 'approval-missing'
    ELSE 'approval-wrong'
  END AS reason,
  g.grant_line, coalesce(i.answered, 0) AS answered, i.answers, i.chain
FROM keyed e
JOIN nearest n ON {join}
LEFT JOIN persona_actor i ON i.actor = n.actor
LEFT JOIN persona_component o ON o.component = n.component
LEFT JOIN persona_boundary g ON g.actor = n.actor AND g.row_number = n.nearest % 1000000000;
",
        view = words.create_view,
        keyed = keyed.join(",\n    "),
        day = (words.day)("e.time"),
        asked = of("a"),
        compared = of("m"),
        tool = missing("b.tools", "k.k_tool"),
        phase = missing("b.phases", "k.k_phase"),
        approver = missing("b.approvers", &format!("CAST(k.approver AS {})", words.text)),
        bits = bits.iter().map(|bit| format!("m.{bit}")).collect::<Vec<_>>().join(" + "),
        fields = fields.join(", "),
        reasons = reasons.join("\n    "),
        join = join.join(" AND "),
    )
}

/// Text between single quotes, which are doubled: as the standard says.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
