//! `persona path`: how one entity is connected to another.

use clap::Args;

use super::show::find;
use super::style::{Style, safe};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::view::line_of;
use crate::analysis::{Analysis, Finding};
use crate::catalog::Entity;
use crate::graph::{Hop, Relation};

/// Show every shortest path between two entities
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona path P010 \"Azure Container Registry\"
  persona path P007 component:GitHub
  persona path \"AI Data Engineer\" Python --most 20")]
pub struct Arguments {
    /// From this entity.
    from: String,
    /// To this one.
    to: String,
    /// How many paths at most.
    #[arg(long, default_value_t = 10, value_name = "N")]
    most: usize,
    #[command(flatten)]
    catalog: PathArgument,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let catalog = &analysis.catalog;
    let (from, to) = (find(catalog, &arguments.from)?, find(catalog, &arguments.to)?);
    let paths = analysis.graph.shortest_paths(from, to, arguments.most, |_| true);
    let (start, end) = (safe(&catalog.label(from)), safe(&catalog.label(to)));
    if paths.is_empty() {
        print(&format!("Nothing leads from {start} to {end}.\n"))?;
        return Ok(OK);
    }
    let mut out = String::new();
    for (number, path) in paths.iter().enumerate() {
        out.push_str(&format!("{}\n", style.strong(&format!("{}. {start}", number + 1))));
        for hop in &path.hops {
            out.push_str(&format!(
                "     {} {} {}  {}\n",
                style.faint(hop.verb()),
                style.arrow(),
                safe(&catalog.label(hop.to())),
                style.faint(&safe(&line_of(&analysis, hop.link.place)))
            ));
            for finding in against(&analysis, hop) {
                out.push_str(&format!("       {} {}\n", style.finding(finding), safe(&finding.message)));
            }
        }
    }
    if paths.len() == arguments.most {
        out.push_str(&format!("There may be more than these {}; --most shows them.\n", paths.len()));
    }
    print(&out)?;
    Ok(OK)
}

/// The findings against a grant or a need that a path crosses.
pub fn against<'a>(analysis: &'a Analysis, hop: &Hop) -> Vec<&'a Finding> {
    let link = hop.link;
    let rules: fn(&str) -> bool = match link.relation {
        Relation::IsGranted => |rule| rule != "missing-access",
        Relation::Needs => |rule| rule == "missing-access",
        Relation::Requires => |rule| rule == "missing-skill",
        _ => return Vec::new(),
    };
    analysis
        .about(link.from)
        .map(|(_, finding)| finding)
        .filter(|finding| finding.subject == link.from && finding.object == Some(link.to))
        .filter(|finding| matches!(finding.subject, Entity::Persona(_)) && rules(finding.rule.id))
        .collect()
}
