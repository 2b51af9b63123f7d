//! An assessment in Markdown. What cards say is escaped.

use super::{evidence, made_of, of_section, total};
use crate::analysis::Analysis;
use crate::analysis::assess::{Assessment, Section, Verdict};
use crate::cli::formats::markdown::escaped;

/// The report.
pub fn text(analysis: &Analysis, found: &Assessment) -> String {
    let mut out = format!(
        "# Assessment of {}\n\n**{}** on {}. {}\n",
        escaped(&analysis.catalog.name),
        total(found),
        analysis.day,
        made_of(found)
    );
    for section in Section::ALL {
        let value = of_section(found, section).map_or(String::new(), |value| format!(" ({value:.0})"));
        out.push_str(&format!("\n## {}{value}\n\n", section.title()));
        out.push_str("| Answer | Question | Of what | Score | Weight |\n| --- | --- | --- | ---: | ---: |\n");
        for answer in found.of(section) {
            out.push_str(&format!(
                "| **{}** | {} | {} | {} | {} |\n",
                answer.verdict.word(),
                escaped(answer.question.text),
                escaped(&answer.basis()),
                answer.score.map_or("-".to_owned(), |score| format!("{score:.0}")),
                answer.question.weight
            ));
        }
        for answer in found.of(section).filter(|answer| answer.verdict != Verdict::Yes) {
            out.push_str(&format!("\n**{}** {}\n\n", escaped(answer.question.text), answer.verdict.word()));
            let (shown, more) = evidence(answer);
            for sentence in shown {
                out.push_str(&format!("- {}\n", escaped(sentence)));
            }
            if more > 0 {
                out.push_str(&format!("- and {more} more\n"));
            }
            out.push_str(&format!("- **Next:** {}\n", answer.question.next));
        }
    }
    out
}
