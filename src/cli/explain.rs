//! `persona explain`: the page of help of a rule, or the list of rules.

use clap::Args;

use super::style::{Style, table, wrap};
use super::{OK, print};
use crate::analysis::outside::OUTSIDE;
use crate::analysis::{Category, RULES, rules};
use crate::card::words::nearest;

/// Explain a rule, or list the rules
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona explain
  persona explain excess-level
  persona explain audit       what an audit of logs compares, and what wins")]
pub struct Arguments {
    /// The rule [default: list them].
    rule: Option<String>,
}

pub fn run(arguments: &Arguments, style: Style) -> anyhow::Result<u8> {
    let Some(name) = &arguments.rule else {
        print(&list(style))?;
        return Ok(OK);
    };
    if name == "audit" {
        print(&page(include_str!("../../assets/audit.md"), style))?;
        return Ok(OK);
    }
    let outside = OUTSIDE.iter().copied().find(|rule| rule.id == crate::card::words::fold(name));
    let Some(rule) = rules::find(name).or(outside) else {
        let near = nearest(name, RULES.iter().chain(OUTSIDE).map(|rule| rule.id));
        let guess = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        anyhow::bail!("there is no rule {name}{guess}\n  persona explain   lists the rules");
    };
    print(&page(rule.help, style))?;
    Ok(OK)
}

fn list(style: Style) -> String {
    let mut out = String::new();
    for category in Category::ALL {
        out.push_str(&format!("{}\n", style.strong(category.word())));
        let rows: Vec<Vec<String>> = RULES
            .iter()
            .chain(OUTSIDE)
            .filter(|rule| rule.category == category)
            .map(|rule| vec![format!("  {}", rule.id), rule.summary.to_owned()])
            .collect();
        out.push_str(&table(&rows));
        out.push('\n');
    }
    out
}

/// Markdown as a terminal shows it: headings strong, paragraphs wrapped, code as it is.
pub fn page(markdown: &str, style: Style) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut code = false;
    let flush = |paragraph: &mut String, out: &mut String| {
        if !paragraph.is_empty() {
            let (indent, text) = match paragraph.strip_prefix("- ") {
                Some(rest) => ("  ", rest.to_owned()),
                None => ("", paragraph.clone()),
            };
            let wrapped = wrap(&text.replace('`', ""), style.width.min(90), indent);
            if indent.is_empty() {
                out.push_str(&wrapped);
            } else {
                out.push_str(&format!("- {}", wrapped.trim_start()));
            }
            paragraph.clear();
        }
    };
    for line in markdown.lines() {
        if line.starts_with("```") {
            flush(&mut paragraph, &mut out);
            code = !code;
        } else if code {
            out.push_str(&format!("    {}\n", style.faint(line)));
        } else if let Some(title) = line.strip_prefix('#') {
            flush(&mut paragraph, &mut out);
            out.push_str(&format!("{}\n", style.strong(title.trim_start_matches('#').trim())));
        } else if line.trim().is_empty() {
            flush(&mut paragraph, &mut out);
            if !out.ends_with("\n\n") {
                out.push('\n');
            }
        } else {
            if line.starts_with("- ") {
                flush(&mut paragraph, &mut out);
            }
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim());
        }
    }
    flush(&mut paragraph, &mut out);
    out
}
