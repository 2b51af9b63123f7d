// Cards: a coloured flag with the id, the name, and the fields, each value with its mark.
function valueSign(mark) {
  const [glyph, word, kind] = D.marks[mark];
  return el("span", { class: `glyph ${kind}`, role: "img", "aria-label": word || "stated", title: word }, glyph);
}

function valueText(value) {
  const [text, detail, place, mark] = value;
  const [, word, kind] = D.marks[mark];
  const url = place === null && /^https?:\/\/[^\s]+$/i.test(detail) ? detail : null;
  const name = url ? el("a", { href: url, rel: "noopener noreferrer external" }, text) : place === null ? text : link(place, text);
  const severity = worst(value[4]);
  return el("span", { class: `value ${kind}` }, valueSign(mark), el("span", {}, name, word && kind !== "good" ? el("span", { class: "detail" }, ` ${word}`) : null),
    severity === null ? null : badge(severity));
}

function scoreOf(entity) {
  return entity.score ? `score ${Math.round((100 * entity.score[0]) / entity.score[1])}` : "nothing to judge";
}

// A card of the list: names only.
function card(place) {
  const entity = D.entities[place];
  const severity = worst(entity.findings || []);
  const open = (entity.findings || []).filter((one) => isOpen(D.findings[one])).length;
  const style = entity.flag ? { "--flag": entity.flag[0] } : {};
  return el("article", { class: "card", style, "aria-label": entity.label },
    el("header", {}, flag(entity), el("div", {}, el("h3", {}, el("a", { href: href(place), "data-item": true }, entity.name)), el("div", { class: "sub" }, `${entity.sign} ${entity.subtitle}`))),
    el("dl", { class: "fields compact" }, (entity.fields || []).filter(([name]) => name !== "Work items").map(([name, values]) => {
      const shown = values.slice(0, 14);
      return [el("dt", {}, name), el("dd", {}, shown.map(valueText), values.length > shown.length ? el("span", { class: "detail" }, `and ${values.length - shown.length} more`) : null)];
    })),
    el("footer", {}, severity === null ? el("span", {}, "no open gap") : [badge(severity), el("a", { href: route(["gaps"], { q: `"${entity.id}"` }) }, plural(open, "gap"))],
      entity.kind === "persona" ? el("span", {}, scoreOf(entity)) : null));
}

function value(one) {
  const [, detail, , , findings, why, line] = one;
  const head = [valueText(one), el("span", { class: "detail" }, /^https?:/i.test(detail) ? "" : detail)];
  if (!why.length && !line && !findings.length) return el("li", {}, el("div", { class: "bare" }, head));
  return el("li", {}, el("details", {}, el("summary", { "data-item": true }, head),
    el("div", { class: "why" }, why.map((text) => el("p", {}, text)), findings.map((place) => el("p", {}, badge(D.findings[place].severity, !isOpen(D.findings[place])), " ", el("a", { href: gapHref(place) }, "why this is a gap, and what closes it"))),
      line ? el("p", { class: "mono faint" }, line) : null)));
}

// A whole card, with where each value comes from.
function wholeCard(place, level) {
  const entity = D.entities[place];
  const style = entity.flag ? { "--flag": entity.flag[0] } : {};
  return el("article", { class: "card whole", style, "aria-label": entity.label },
    el("header", {}, flag(entity), el("div", {}, el(level || "h1", { tabindex: "-1" }, entity.name), el("div", { class: "sub" }, `${entity.sign} ${entity.subtitle}`, entity.section ? `, ${entity.section}` : "", entity.score ? `, ${scoreOf(entity)} (${entity.score[0]} of ${entity.score[1]} clean)` : ""))),
    entity.description ? el("p", {}, entity.description) : null,
    entity.aliases ? el("p", { class: "small faint" }, `Also: ${entity.aliases.join(", ")}`) : null,
    el("dl", { class: "fields" }, (entity.fields || []).map(([name, values]) => {
      const list = el("ul", { class: "values" });
      return [el("dt", {}, name, values.length > 9 ? ` (${values.length})` : ""), el("dd", {}, lazily(list, values, value, 60))];
    })),
    entity.fields ? null : el("p", { class: "faint" }, "The card says nothing yet."),
    entity.place ? el("footer", { class: "mono" }, entity.place) : null);
}

const cardKinds = ["persona", "process", "component", "skill", "team", "person", "scenario"];

function cardsPage(kind, query) {
  const filter = words(query.q);
  const all = D.entities.map((entity, place) => place).filter((place) => D.entities[place].card && D.entities[place].kind === kind);
  const shown = all.filter((place) => passes(D.entities[place], filter));
  const head = title(capital(plurals[kind]), el("p", { class: "faint" }, filter.empty ? plural(all.length, kind, plurals[kind]) : `${shown.length} of ${plural(all.length, kind, plurals[kind])}`));
  const tabs = el("div", { class: "tabs" }, cardKinds.filter((one) => one === kind || D.entities.some((entity) => entity.card && entity.kind === one))
    .map((one) => el("a", { href: route(one === "persona" ? ["cards"] : ["cards", plurals[one]], { q: query.q }), "aria-current": one === kind ? "page" : null }, capital(plurals[one]))));
  const by = kind !== "persona" ? null : query.by === "team" || !all.some((place) => D.entities[place].section) ? "team" : "section";
  const groups = new Map();
  for (const place of shown) {
    const entity = D.entities[place];
    const name = by === null ? "" : by === "team" ? (entity.team === undefined ? "No team" : D.entities[entity.team].name) : entity.section || "No section";
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(place);
  }
  const order = by ? el("label", {}, "Grouped by ", el("select", { change: (event) => { location.hash = route(["cards"], { q: query.q, by: event.target.value }); } },
    ["section", "team"].map((one) => el("option", { value: one, selected: one === by }, one)))) : null;
  const body = [...groups].map(([name, places]) => el("section", {}, name ? el("h2", {}, name, el("span", { class: "faint" }, ` ${places.length}`)) : null,
    lazily(el("div", { class: "cards" }), places, (place) => card(place), 24)));
  say(`${plural(shown.length, kind, plurals[kind])} shown`);
  return [head, el("div", { class: "bar" }, tabs, order), shown.length ? body : all.length ? nothing(query) : empty(`There is no ${kind} in this catalog.`, el("p", {}, "Write a card: ", el("code", {}, `persona new ${kind} NAME`)))];
}

const nothing = (query) => empty(`Nothing matches ${query.q}.`, el("p", {}, "Filter words: ", D.keys.map(([key]) => `${key}:`).join(" ")), el("p", {}, el("a", { href: "#", click: (event) => { event.preventDefault(); setFilter(""); } }, "Clear the filter")));

function entityPage(place) {
  const entity = D.entities[place];
  const findings = (entity.findings || []).slice();
  document.title = `${entity.label} - ${D.name}`;
  const list = el("ul", { class: "gaps" });
  return [el("div", { class: "split" }, wholeCard(place),
    el("div", {},
      el("section", { class: "panel" }, el("h2", { class: "first" }, "Gaps"), findings.length ? lazily(list, findings, gapItem, 30) : el("p", { class: "faint" }, "No finding is about it.")),
      el("section", { class: "panel around-panel" }, el("h2", {}, "Around it"), el("p", {}, el("a", { class: "button", href: route(["graph", entity.kind, entity.id]), "aria-keyshortcuts": "." }, "In the graph")), neighbours(place, 7))))];
}
