//! An assessment as a page of its own: nothing is loaded from elsewhere, nothing runs, and what cards say
//! is text. It follows the reader's choice of light or dark.

use super::{made_of, of_section, total};
use crate::analysis::Analysis;
use crate::analysis::assess::{Answer, Assessment, Section, Verdict};
use crate::cli::style::safe;
use crate::exchange::escaped;

const STYLE: &str = "
:root { color-scheme: light dark; --ground: #fbfbfa; --raised: #f0f1f3; --text: #1f2430; --faint: #606779;
  --line: #d5d8de; --no: #b81430; --no-ground: #fbe6ea; --partly: #8a5400; --partly-ground: #fdf1dc;
  --yes: #24662a; --yes-ground: #e6f3e6; --unknown: #3b4a7a; --unknown-ground: #e8ebf7; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161c; --raised: #1e2129; --text: #dfe3ee;
  --faint: #9aa1b4; --line: #343945; --no: #ff8298; --no-ground: #3c1a22; --partly: #f6c66d;
  --partly-ground: #372a12; --yes: #a3e0a0; --yes-ground: #17301a; --unknown: #b4c0f0; --unknown-ground: #1f2540; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 60rem; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; display: flex; justify-content: space-between; }
p { margin: .25rem 0; }
.faint { color: var(--faint); }
.total { display: flex; gap: 1.25rem; align-items: center; margin: 1.25rem 0; padding: 1rem 1.25rem;
  background: var(--raised); border-radius: 8px; }
.grade { font-size: 2.5rem; font-weight: 700; line-height: 1; min-width: 3.5rem; text-align: center; }
article { border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; margin: .6rem 0; }
article header { display: flex; gap: .75rem; align-items: baseline; }
article h3 { font-size: 1rem; margin: 0; flex: 1; }
.answer { border-radius: 4px; padding: 0 .5rem; font-weight: 600; white-space: nowrap; }
.yes { color: var(--yes); background: var(--yes-ground); }
.partly { color: var(--partly); background: var(--partly-ground); }
.no { color: var(--no); background: var(--no-ground); }
.unknown { color: var(--unknown); background: var(--unknown-ground); }
details { margin-top: .35rem; } summary { cursor: pointer; color: var(--faint); }
ul { margin: .35rem 0; padding-left: 1.25rem; } li { overflow-wrap: anywhere; }
.next { border-left: 3px solid var(--line); padding-left: .6rem; margin-top: .5rem; }
@media print { article { break-inside: avoid; } }
";

/// The page.
pub fn text(analysis: &Analysis, found: &Assessment) -> String {
    let name = escaped(&safe(&analysis.catalog.name));
    let grade = found.grade().map_or("-".to_owned(), |grade| grade.to_string());
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Assessment of {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>Assessment of {name}</h1>\n<p class=\"faint\">on {}</p>\n\
         <div class=\"total\"><div class=\"grade\">{grade}</div><div><p><strong>{}</strong></p>\
         <p class=\"faint\">{}</p></div></div>\n",
        analysis.day,
        total(found),
        made_of(found)
    );
    for section in Section::ALL {
        let value = of_section(found, section).map_or("-".to_owned(), |value| format!("{value:.0} of 100"));
        out.push_str(&format!(
            "<section>\n<h2><span>{}</span><span class=\"faint\">{value}</span></h2>\n",
            section.title()
        ));
        found.of(section).for_each(|answer| out.push_str(&article(answer)));
        out.push_str("</section>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn article(answer: &Answer) -> String {
    let class = match answer.verdict {
        Verdict::Yes => "yes",
        Verdict::Partly => "partly",
        Verdict::No => "no",
        Verdict::CannotTell => "unknown",
    };
    let score = answer.score.map_or(String::new(), |score| format!("; {score:.0} of 100"));
    let mut out = format!(
        "<article>\n<header><h3>{}</h3><span class=\"answer {class}\">{}</span></header>\n\
         <p class=\"faint\">{}{score}; weight {}</p>\n",
        escaped(answer.question.text),
        answer.verdict.word(),
        escaped(&safe(&answer.basis())),
        answer.question.weight
    );
    let sentences: Vec<&String> = answer.sample.against.iter().chain(&answer.sample.doubts).collect();
    if !sentences.is_empty() {
        let open = if sentences.len() <= super::SHOWN { " open" } else { "" };
        let evidence =
            if sentences.len() == 1 { "1 piece".to_owned() } else { format!("{} pieces", sentences.len()) };
        out.push_str(&format!("<details{open}><summary>{evidence} of evidence</summary>\n<ul>\n"));
        for sentence in sentences {
            out.push_str(&format!("<li>{}</li>\n", escaped(&safe(sentence))));
        }
        out.push_str("</ul>\n</details>\n");
    }
    if answer.verdict != Verdict::Yes {
        out.push_str(&format!(
            "<p class=\"next\"><strong>Next:</strong> {}</p>\n",
            escaped(answer.question.next)
        ));
    }
    out + "</article>\n"
}
