// Matrices: the same cells and letters as on the screen; arrows walk, Enter explains.
const WIDEST = 120;

function matrixPage(kind, query) {
  const matrix = D.matrices.find((one) => one.kind === kind) || D.matrices[0];
  const environment = D.environments.findIndex((name) => name === query.env);
  const view = matrix.views.find((one) => one.environment === (environment < 0 ? null : environment)) || matrix.views[0];
  const filter = words(query.q, ["state"]);
  const states = filter.keyed.filter(([key]) => key === "state").map(([, value]) => value);
  // Words about personas narrow rows; those that name a column's kind narrow columns; text may be either.
  const columnKind = { components: "component", processes: "process", skills: "skill", people: "skill", interactions: null }[matrix.kind];
  const ofColumns = filter.keyed.filter(([key]) => key === columnKind);
  const rowFilter = { keyed: filter.keyed.filter(([key]) => key !== "state" && key !== columnKind) };
  // Rows and columns stay in which a cell is meant; they show all their cells.
  const says = (place) => filter.text.every((word) => folded(D.entities[place]).includes(word));
  const keysPass = (place) => allKeys(rowFilter, (key, value) => entityPasses(D.entities[place], key, value));
  let rowPasses = matrix.rows.map((place) => says(place) && keysPass(place));
  let columnPasses = matrix.columns.map((place) => !ofColumns.length || ofColumns.some(([, value]) => folded(D.entities[place]).includes(value)));
  // A text that is no row's may be a column's.
  if (filter.text.length && !matrix.rows.some(says)) {
    const saying = matrix.columns.map((place, at) => columnPasses[at] && says(place));
    if (saying.includes(true)) [rowPasses, columnPasses] = [matrix.rows.map(keysPass), saying];
  }
  const isMeant = ([row, column, says]) => {
    const [, , , wrong, state] = matrix.says[says];
    return rowPasses[row] && columnPasses[column] && (!states.length || states.some((value) => (value === "wrong" && wrong) || state.startsWith(value.replace(/ /g, "-"))));
  };
  const cells = new Map();
  const [rowsUsed, columnsUsed] = [new Set(), new Set()];
  for (const cell of view.cells) {
    if (!cells.has(cell[0])) cells.set(cell[0], new Map());
    cells.get(cell[0]).set(cell[1], cell);
    if (isMeant(cell)) { rowsUsed.add(cell[0]); columnsUsed.add(cell[1]); }
  }
  const rows = matrix.rows.map((place, at) => at).filter((at) => rowsUsed.has(at));
  const columns = matrix.columns.map((place, at) => at).filter((at) => columnsUsed.has(at));
  if (query.sort === "gaps") {
    const wrong = (at) => [...cells.get(at).values()].filter((cell) => matrix.says[cell[2]][3]).length;
    rows.sort((one, other) => wrong(other) - wrong(one) || one - other);
  }
  const pages = Math.ceil(columns.length / WIDEST);
  const page = Math.min(Math.max(1, Number(query.page) || 1), Math.max(1, pages));
  const shown = columns.slice((page - 1) * WIDEST, page * WIDEST);
  const go = (change) => { location.hash = route(["matrix", matrix.kind], { ...query, ...change }); };
  const tabs = el("div", { class: "tabs" }, D.matrices.map((one) => el("a", { href: route(["matrix", one.kind], { q: query.q, env: query.env }), "aria-current": one === matrix ? "page" : null }, capital(one.title.replace(" x ", " × ")))));
  const tools = [
    matrix.views.length > 1 ? el("label", {}, "Environment ", el("select", { id: "env", change: (event) => go({ env: event.target.value }) }, el("option", { value: "" }, "all, the worst"), D.environments.map((name) => el("option", { value: name, selected: name === query.env }, name)))) : null,
    el("label", {}, "Order ", el("select", { change: (event) => go({ sort: event.target.value }) }, el("option", { value: "" }, "as in the catalog"), el("option", { value: "gaps", selected: query.sort === "gaps" }, "most gaps first"))),
    pages > 1 ? el("label", {}, "Columns ", el("select", { change: (event) => go({ page: event.target.value }) }, Array.from({ length: pages }, (_, at) => el("option", { value: at + 1, selected: at + 1 === page }, `${at * WIDEST + 1} to ${Math.min(columns.length, (at + 1) * WIDEST)} of ${columns.length}`)))) : null];
  const head = title(capital(matrix.title.replace(" x ", " × ")), el("p", { class: "faint" }, `${plural(rows.length, "row")}, ${plural(columns.length, "column")} with something in them. Before the sign ${matrix.sides[0]}, after it ${matrix.sides[1]}.`));
  if (!rows.length || !shown.length) return [head, el("div", { class: "bar" }, tabs, tools), matrix.views[0].cells.length ? nothing(query) : empty("There is nothing in this matrix.")];
  const cellOf = (at, column) => {
    const cell = cells.get(at).get(column);
    if (!cell) return el("td", {});
    const [text, said, mark] = matrix.says[cell[2]];
    const label = `${D.entities[matrix.rows[at]].label}, ${D.entities[matrix.columns[column]].label}: ${said}`;
    return el("td", {}, el("button", { type: "button", tabindex: "-1", class: D.marks[mark][2], title: said, "aria-label": label, click: () => explainCell(matrix, at, column, cell) }, text));
  };
  const body = el("tbody", {});
  const table = el("table", { class: "matrix" }, el("caption", { class: "hidden" }, `${matrix.title}${query.env ? ` in ${query.env}` : ""}`),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, el("span", {}, `${matrix.sides[0]} · sign · ${matrix.sides[1]}`)), shown.map((column) => el("th", { scope: "col", title: D.entities[matrix.columns[column]].label }, link(matrix.columns[column], D.entities[matrix.columns[column]].name))))), body);
  const drawn = lazily(body, rows, (at) => el("tr", {}, el("th", { scope: "row", title: D.entities[matrix.rows[at]].label }, link(matrix.rows[at], D.entities[matrix.rows[at]].kind === "persona" && D.entities[matrix.rows[at]].id !== D.entities[matrix.rows[at]].name ? `${D.entities[matrix.rows[at]].id} ${D.entities[matrix.rows[at]].name}` : D.entities[matrix.rows[at]].name)), shown.map((column) => cellOf(at, column))), 40);
  const frame = el("div", { class: "frame", role: "region", "aria-label": matrix.title, tabindex: "0" }, table, drawn.slice(1));
  const first = table.querySelector("td button");
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", walkMatrix);
  say(`${plural(rows.length, "row")} shown`);
  return [head, el("div", { class: "bar" }, tabs, tools), frame,
    el("ul", { class: "legend", "aria-label": "Signs" }, view.states.map(([glyph, meaning, mark]) => el("li", {}, el("b", { class: D.marks[mark][2] }, glyph), meaning))),
    el("ul", { class: "legend", "aria-label": "Letters" }, matrix.letters.map(([letter, word]) => el("li", {}, el("b", {}, letter), word)))];
}

// One stop for Tab; arrows and h j k l walk from filled cell to filled cell.
function walkMatrix(event) {
  const button = event.target.closest("td button");
  const step = { ArrowRight: [1, 0], l: [1, 0], ArrowLeft: [-1, 0], h: [-1, 0], ArrowDown: [0, 1], j: [0, 1], ArrowUp: [0, -1], k: [0, -1] }[event.key];
  if (!button || !step || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const cell = button.parentElement, row = cell.parentElement;
  let found = null;
  if (step[0]) {
    for (let next = cell; !found && (next = step[0] > 0 ? next.nextElementSibling : next.previousElementSibling); ) found = next.querySelector("button");
  } else {
    for (let next = row; !found && (next = step[1] > 0 ? next.nextElementSibling : next.previousElementSibling); ) found = next.children[cell.cellIndex] && next.children[cell.cellIndex].querySelector("button");
  }
  if (!found) return;
  button.tabIndex = -1;
  found.tabIndex = 0;
  found.focus();
  found.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function explainCell(matrix, at, column, cell) {
  const [row, head] = [matrix.rows[at], matrix.columns[column]];
  const [text, said, mark] = matrix.says[cell[2]];
  const between = (D.entities[row].findings || []).filter((place) => {
    const { subject, object } = D.findings[place];
    return (subject === row && object === head) || (subject === head && object === row);
  });
  // What the row's card says of the column, and why.
  const values = (D.entities[row].fields || []).flatMap(([name, all]) => all.filter((one) => one[2] === head).map((one) => [name, one]));
  const dialog = byId("cell");
  dialog.replaceChildren();
  fill(dialog, {}, [el("h2", { id: "cell-title" }, link(row), " and ", link(head)), el("p", {}, el("b", { class: `mono ${D.marks[mark][2]}` }, text), " ", capital(said), "."),
    values.map(([name, one]) => el("div", {}, el("h3", {}, `${name}: ${one[0]}`), el("p", { class: "faint" }, one[1]), one[5].map((why) => el("p", {}, why)))),
    between.length ? el("ul", { class: "gaps" }, between.map(gapItem)) : null,
    el("p", {}, el("button", { type: "button", click: () => dialog.close() }, "Close"))]);
  dialog.showModal();
}
