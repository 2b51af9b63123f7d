// The other pages: the overview, people, the assessment, and what is printed.
function tile(number, text, to) {
  return el(to ? "a" : "div", { class: "tile", href: to || null, "data-item": to ? true : null }, el("b", {}, number), text);
}

function meter(share, label) {
  return el("div", { class: "meter", role: "img", "aria-label": label }, el("i", { style: { "--share": `${Math.round(100 * (share || 0))}%` } }));
}

function overviewPage() {
  const of = (kind) => D.entities.filter((entity) => entity.card && entity.kind === kind);
  const personas = of("persona");
  const agents = personas.filter((entity) => entity.type === "agent").length;
  const openGaps = D.findings.map((finding, place) => place).filter((place) => isOpen(D.findings[place]));
  const score = D.score.value === null ? "–" : D.score.value.toFixed(1);
  const list = el("ul", { class: "gaps panel" });
  const scored = D.entities.map((entity, place) => place).filter((place) => D.entities[place].score)
    .sort((one, other) => D.entities[one].score[0] / D.entities[one].score[1] - D.entities[other].score[0] / D.entities[other].score[1]);
  return [title(D.name, el("p", { class: "faint" }, `As of ${D.day}. ${plural(personas.length, "persona")}, of which ${plural(agents, "agent")}; ${plural(openGaps.length, "open gap")}.`)),
    D.problems.length ? el("section", {}, el("h2", {}, plural(D.problems.length, "problem"), " in the files"), el("p", { class: "faint" }, "What is broken is missing from this report."),
      lazily(el("ul", { class: "panel values" }), D.problems, (problem) => el("li", {}, el("span", { class: problem.level === "error" ? "bad" : "gap" }, `${problem.level === "error" ? "✗" : "!"} ${problem.level}: `), problem.message, ". ", problem.hint, " ", el("span", { class: "mono faint" }, problem.place)), 20)) : null,
    el("div", { class: "panel hero" }, el("div", { class: "grade", role: "img", "aria-label": D.score.grade ? `grade ${D.score.grade}` : "no grade" }, D.score.grade || "–"),
      el("div", {}, el("p", {}, el("strong", {}, D.score.value === null ? "No score" : `Score ${score} of 100`)), el("p", { class: "faint" }, (D.score.why && `${capital(D.score.why)}.`) || `The mean over personas of how many of their things are clean; the catalog says enough to judge ${percent(D.score.coverage)} of the grants.`), D.score.value === null ? null : meter(D.score.value / 100, `score ${score} of 100`))),
    el("div", { class: "tiles" }, D.severities.map(([sign, word], at) => el("a", { class: "tile", href: route(["gaps"], { q: `severity:${word}` }), "data-item": true }, el("b", { class: `s${at}` }, `${D.counts[at]}`), el("span", { class: `s${at}` }, sign), ` ${word}`))),
    el("div", { class: "tiles" }, cardKinds.map((kind) => [kind, of(kind).length]).filter(([, count]) => count).map(([kind, count]) => tile(count, plurals[kind], route(kind === "persona" ? ["cards"] : ["cards", plurals[kind]])))),
    personas.length ? null : empty("There is no persona in this catalog yet.", el("p", {}, "Write the first card: ", el("code", {}, "persona new persona NAME"))),
    openGaps.length ? el("section", {}, el("h2", {}, "The worst gaps"), openGaps.slice(0, 8).reduce((all, place) => { all.append(gapItem(place)); return all; }, list), openGaps.length > 8 ? el("p", {}, el("a", { href: "#/gaps" }, `All ${openGaps.length}`)) : null) : empty("No open gap."),
    scored.length ? el("section", {}, el("h2", {}, "Personas by score"), scoreTable(scored)) : null];
}

function scoreTable(places) {
  const body = el("tbody", {});
  const drawn = lazily(body, places, (place) => {
    const entity = D.entities[place];
    const share = entity.score[0] / entity.score[1];
    const severity = worst(entity.findings || []);
    return el("tr", {}, el("th", { scope: "row" }, link(place)), el("td", {}, entity.type), el("td", {}, entity.team === undefined ? "" : link(entity.team)), el("td", {}, Math.round(100 * share)), el("td", {}, meter(share, `${entity.score[0]} of ${entity.score[1]} clean`)), el("td", {}, severity === null ? "" : badge(severity)));
  }, 30);
  return el("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "Personas by score" }, el("table", {}, el("thead", {}, el("tr", {}, ["Persona", "Type", "Team", "Score", "Clean", "Worst gap"].map((name) => el("th", { scope: "col" }, name)))), body), drawn.slice(1));
}

function peoplePage(query) {
  const filter = words(query.q);
  const all = D.entities.map((entity, place) => place).filter((place) => D.entities[place].card && D.entities[place].kind === "person");
  const shown = all.filter((place) => passes(D.entities[place], filter));
  const head = title("People", el("p", { class: "faint" }, filter.empty ? plural(all.length, "person", "people") : `${shown.length} of ${plural(all.length, "person", "people")}`));
  if (!all.length) return [head, empty("This catalog names no people.", el("p", {}, "Name them, with the personas that they embody: ", el("code", {}, "persona new person NAME")))];
  if (!shown.length) return [head, nothing(query)];
  const field = (entity, name, only) => ((entity.fields || []).find(([one]) => one === name) || [null, []])[1].filter((one) => !only || D.marks[one[3]][2] === only);
  const body = el("tbody", {});
  const drawn = lazily(body, shown, (place) => {
    const entity = D.entities[place];
    const severity = worst(entity.findings || []);
    const list = (values) => el("span", {}, values.map((one, at) => [at ? ", " : "", one[2] === null ? one[0] : link(one[2], one[0])]));
    return el("tr", {}, el("th", { scope: "row" }, el("a", { href: href(place), "data-item": true }, entity.name)), el("td", {}, entity.away ? "away" : `${Math.round(100 * entity.allocation)} %`), el("td", {}, list(field(entity, "Embodies"))), el("td", {}, list(field(entity, "Skills").filter((one) => D.marks[one[3]][2] !== "missing"))), el("td", { class: "missing" }, list(field(entity, "Skills", "missing"))), el("td", {}, list(field(entity, "Answers for"))), el("td", {}, severity === null ? "" : badge(severity)));
  }, 40);
  say(`${plural(shown.length, "person", "people")} shown`);
  return [head, el("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "People" }, el("table", {}, el("caption", { class: "hidden" }, "People"), el("thead", {}, el("tr", {}, ["Person", "Of a week", "Embodies", "Skills", "Lacks", "Answers for", "Worst gap"].map((name) => el("th", { scope: "col" }, name)))), body), drawn.slice(1))];
}

function assessmentPage() {
  const { value, grade, answered, sections } = D.assessment;
  return [title("Assessment", el("p", { class: "faint" }, "The recommendations for workload teams as questions, answered from the cards.")),
    el("div", { class: "panel hero" }, el("div", { class: "grade", role: "img", "aria-label": grade ? `grade ${grade}` : "no grade" }, grade || "–"), el("div", {}, el("p", {}, el("strong", {}, value === null ? "No question can be answered yet" : `${Math.round(value)} of 100`)), el("p", { class: "faint" }, `${percent(answered)} of the weight of all questions could be answered.`))),
    sections.map(([name, mean, answers]) => el("section", {}, el("h2", {}, name, el("span", { class: "faint" }, mean === null ? "" : ` ${Math.round(mean)} of 100`)), answers.map((answer) => {
      const list = el("ul", {});
      return el("article", { class: "answer" }, el("header", {}, el("h3", {}, answer.text), el("span", { class: `verdict ${answer.class}` }, answer.verdict)),
        el("p", { class: "small faint" }, `${capital(answer.basis)}${answer.score === null ? "" : `; ${Math.round(answer.score)} of 100`}; weight ${answer.weight}`),
        answer.evidence.length ? el("details", { open: answer.evidence.length < 4 }, el("summary", { "data-item": true }, plural(answer.evidence.length, "piece"), " of evidence"), lazily(list, answer.evidence, (text) => el("li", {}, text), 50)) : null,
        answer.verdict === "yes" ? null : el("p", { class: "small" }, el("strong", {}, "Next: "), answer.next));
    })))];
}

// What is printed is chosen here, drawn whole, and printed by the browser.
function printPage(query) {
  const parts = new Set((query.parts || "cards,gaps").split(",").filter(Boolean));
  const choose = (name, text) => el("label", {}, el("input", { type: "checkbox", value: name, checked: parts.has(name), change: (event) => {
    if (event.target.checked) parts.add(name); else parts.delete(name);
    location.replace(route(["print"], { ...query, parts: [...parts].join(",") || "," }));
  } }), ` ${text} `);
  const filter = words(query.q);
  const personas = D.entities.map((entity, place) => place).filter((place) => D.entities[place].card && D.entities[place].kind === "persona" && passes(D.entities[place], filter));
  const gaps = shownGaps(query).filter((place) => isOpen(D.findings[place]));
  const out = [title(D.name, el("p", { class: "faint" }, `As of ${D.day}, ${D.score.value === null ? "without a score" : `score ${D.score.value.toFixed(1)}${D.score.grade ? ` (${D.score.grade})` : ""}`}`)),
    el("div", { class: "bar" }, choose("cards", "Cards"), choose("page", "one card a page"), choose("gaps", "Gaps"), choose("maps", "Maps"), choose("people", "People"), choose("assessment", "Assessment"), el("button", { type: "button", id: "print-now", click: () => { printing = true; print(); } }, "Print"))];
  const single = parts.has("page");
  if (parts.has("cards")) out.push(el("section", {}, el("h2", {}, "Personas"), el("div", { class: single ? "one-a-page" : "cards" }, personas.map((place) => {
    const one = single ? wholeCard(place, "h3") : card(place);
    return one;
  }))));
  if (parts.has("gaps")) out.push(el("section", { class: "new-page" }, el("h2", {}, plural(gaps.length, "open gap")), el("ul", { class: "gaps" }, gaps.map(gapItem))));
  if (parts.has("maps")) for (const map of D.maps.filter((one) => one.kind !== "graph")) out.push(el("section", { class: "new-page" }, el("h2", {}, map.picture.title, map.name.startsWith("All") ? "" : `: ${map.name}`), el("p", {}, map.picture.description), el("div", { class: "frame picture" }, drawPicture(map.picture))));
  if (parts.has("people")) out.push(el("section", { class: "new-page" }, peoplePage(query).slice(1), el("h2", {}, "People")));
  if (parts.has("assessment")) out.push(el("section", { class: "new-page" }, assessmentPage().slice(1)));
  return out;
}
let printing = false;
