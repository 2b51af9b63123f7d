// Findings: the sentence, the path that proves it, and what would close it.
function gapItem(place) {
  const finding = D.findings[place];
  return el("li", { class: isOpen(finding) ? null : "decided" }, el("a", { href: gapHref(place), "data-item": true, "data-gap": place },
    badge(finding.severity, !isOpen(finding)), el("span", { class: "message" }, finding.message, finding.unsure ? el("span", { class: "detail" }, " (not sure)") : null, isOpen(finding) ? null : el("span", { class: "detail" }, ` ${finding.decision}`)), el("span", { class: "rule" }, finding.rule)));
}

const groupings = {
  severity: (finding) => capital(D.severities[finding.severity][1]),
  rule: (finding) => finding.rule,
  category: (finding) => capital(finding.category),
  persona: (finding) => D.entities[finding.subject].label,
  component: (finding) => (finding.object !== undefined && D.entities[finding.object].kind === "component" ? D.entities[finding.object].label : "No component"),
};

function shownGaps(query) {
  const filter = words(query.q);
  return D.findings.map((finding, place) => place).filter((place) => findingWithText(D.findings[place], filter));
}

function gapsPage(query) {
  const by = groupings[query.by] ? query.by : "severity";
  const shown = shownGaps(query);
  const open = shown.filter((place) => isOpen(D.findings[place])).length;
  const groups = new Map();
  for (const place of shown) {
    const name = groupings[by](D.findings[place]);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(place);
  }
  const order = el("label", {}, "Grouped by ", el("select", { id: "by", change: (event) => { location.hash = route(["gaps"], { q: query.q, by: event.target.value }); } },
    Object.keys(groupings).map((one) => el("option", { value: one, selected: one === by }, one))));
  const chips = el("div", { class: "tabs" }, D.severities.map(([sign, word]) => el("a", { href: route(["gaps"], { q: `severity:${word}`, by: query.by }), "aria-current": query.q === `severity:${word}` ? "page" : null }, `${sign} ${word}${word === "critical" ? "" : " and worse"}`)));
  say(`${plural(open, "open gap")} shown`);
  const parts = [...groups].map(([name, places]) => {
    const rule = by === "rule" ? D.rules[name] : null;
    return el("section", {}, el("h2", {}, name, el("span", { class: "faint" }, ` ${places.length}`)), rule ? el("p", { class: "faint" }, rule.summary) : null, lazily(el("ul", { class: "gaps panel" }), places, gapItem, 60));
  });
  // Many small groups are drawn as one comes to them, as long ones are.
  const body = lazily(el("div", {}), parts, (one) => one, 60);
  return [title("Gaps", el("p", { class: "faint" }, `${plural(open, "open gap")}${shown.length > open ? `, ${shown.length - open} decided on` : ""}${words(query.q).empty ? "" : ` of ${D.findings.length} findings match`}`)),
    el("div", { class: "bar" }, chips, order), shown.length ? body : D.findings.length ? nothing(query) : empty("No gap was found in this catalog.")];
}

function diffText(text) {
  return el("pre", { class: "diff", tabindex: "0", "aria-label": "Changes of cards" }, text.split("\n").map((line) =>
    el("span", { class: /^(\+\+\+|---|@@)/.test(line) ? "at" : line.startsWith("+") ? "plus" : line.startsWith("-") ? "minus" : null }, line + "\n")));
}

function gapPage(place) {
  const finding = D.findings[place];
  document.title = `${finding.message} - ${D.name}`;
  const rule = D.rules[finding.rule];
  const open = D.findings.map((one, at) => at).filter((at) => isOpen(D.findings[at]));
  const before = open.filter((at) => at < place).pop(), after = open.find((at) => at > place);
  const chain = finding.evidence.map(([from, relation, to, detail, line]) => el("li", {},
    el("span", { class: "node" }, link(from)), el("span", { class: "edge" }, relation), el("span", { class: "node" }, link(to)), detail ? el("span", {}, detail) : null, el("span", { class: "mono faint" }, line)));
  const fixes = finding.fixes === undefined
    ? el("p", { class: "faint" }, isOpen(finding) ? ["Ways out were tried for the worst gaps only. For this one: ", el("code", {}, `persona fix --list rule:${finding.rule} "${D.entities[finding.subject].id}"`)] : "It was decided on.")
    : finding.fixes.length ? finding.fixes.map((fix) => el("section", { class: "fix" }, el("h3", {}, fix.title, el("span", { class: "way" }, fix.way)), el("p", { class: "small faint" }, fix.effect), fix.diff ? diffText(fix.diff) : null))
      : el("p", { class: "faint" }, "No edit of cards closes it without opening another as bad.");
  return [el("p", { class: "bar no-print" }, el("a", { href: lastGaps }, "All gaps"), before === undefined ? null : el("a", { class: "button", href: gapHref(before), rel: "prev", "aria-keyshortcuts": "Shift+N" }, "Previous"), after === undefined ? null : el("a", { class: "button", href: gapHref(after), rel: "next", "aria-keyshortcuts": "N" }, "Next")),
    el("article", { class: "panel" }, el("p", {}, badge(finding.severity, !isOpen(finding)), " ", el("span", { class: "faint" }, `${D.severities[finding.severity][1]}, ${finding.category}${finding.environment === undefined ? "" : `, in ${D.environments[finding.environment]}`}${finding.unsure ? ", not sure: the catalog says too little" : ""}`)),
      el("h1", { class: "message large", tabindex: "-1" }, finding.message),
      finding.decision ? el("p", { class: "gap" }, finding.decision) : null,
      el("p", {}, "About ", link(finding.subject), finding.object === undefined ? null : [" and ", link(finding.object)], finding.place ? [", at ", el("span", { class: "mono" }, finding.place)] : null, "."),
      el("h2", {}, "Why it is a gap"), el("ol", { class: "chain" }, chain), chain.length ? null : el("p", { class: "faint" }, "It follows from the catalog as a whole."),
      rule ? el("p", {}, rule.why) : null,
      el("p", { class: "small faint" }, `Rule ${finding.rule}: ${rule ? rule.summary : ""}`)),
    el("h2", {}, "What would close it"), fixes];
}
