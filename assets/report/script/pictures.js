// Pictures: both maps and the graph, from the layouts that the program has, and the surroundings of one thing.
function textAt(run, group) {
  const [x, y, width, text, tone, entity] = run;
  const [color, on] = tone.startsWith("#") ? tone.split(" ") : [null, null];
  const piece = [color ? svg("rect", { x, y, width, height: 16, rx: 2, fill: color }) : group === "over" ? svg("rect", { class: "ground", x, y, width, height: 16 }) : null,
    svg("text", { class: color ? `on-${on}` : tone, x, y: y + 12, textLength: width, lengthAdjust: "spacingAndGlyphs" }, text)];
  return entity === null || !D.entities[entity].card ? piece : svg("a", { href: href(entity), tabindex: "-1" }, piece);
}

function drawPicture(picture, who) {
  const rounds = { round: 8, bare: 0 };
  const isOf = (node) => who === undefined || node[7] === who || node[8].some((run) => run[5] === who);
  const kept = picture.nodes.map(isOf);
  const out = svg("svg", { width: picture.width + 16, height: picture.height + 16, viewBox: `-8 -8 ${picture.width + 16} ${picture.height + 16}`, role: "group", "aria-label": `${picture.title}. ${picture.description}` });
  for (const [x, y, width, height, tone, label] of picture.regions)
    out.append(svg("g", {}, svg("rect", { class: `region ${tone}`, x, y, width, height, rx: 4 }), textAt(label, "over")));
  const order = { dotted: 0, dashed: 1, light: 2, heavy: 3 };
  for (const [tone, weight, path, head, said, label, from, to] of [...picture.wires].sort((one, other) => order[one[1]] - order[other[1]]))
    out.append(svg("g", { class: `wire ${tone}${kept[from] && kept[to] ? "" : " dim"}` }, svg("title", {}, said), svg("path", { class: weight, d: path }), head ? svg("path", { class: "head", d: head }) : null, label ? textAt(label, "over") : null));
  picture.nodes.forEach((node, place) => {
    const [x, y, width, height, frame, tone, said, entity, text] = node;
    const box = svg("rect", { class: `box ${frame}${tone === "strong" ? " strong" : ""}`, x, y, width, height, rx: rounds[frame] === undefined ? 3 : rounds[frame] });
    const inner = [svg("title", {}, said), box, text.map((run) => textAt(run))];
    const leads = entity !== null && D.entities[entity].card;
    // Names within lead on too, with the mouse; links in links do not: the box is drawn first, its text over it.
    const group = svg("g", { class: `${tone}${kept[place] ? "" : " dim"}` });
    if (leads) group.append(svg("a", { href: href(entity), "aria-label": said, "data-item": true }, svg("title", {}, said), box), ...text.flatMap((run) => [textAt(run)].flat(3).filter(Boolean)));
    else fill(group, { role: "img", "aria-label": said }, inner);
    for (const words of group.querySelectorAll(":scope > text, :scope > rect:not(.box)")) words.setAttribute("pointer-events", "none");
    out.append(group);
  });
  for (const run of picture.captions) fill(out, {}, [textAt(run)]);
  return out;
}

function pictureFrame(picture, who) {
  const drawn = drawPicture(picture, who);
  let zoom = 1;
  const frame = el("div", { class: "frame picture", tabindex: "0", role: "region", "aria-label": picture.title }, drawn);
  const scale = (to) => {
    zoom = Math.min(3, Math.max(0.15, to));
    drawn.setAttribute("width", (picture.width + 16) * zoom);
    drawn.setAttribute("height", (picture.height + 16) * zoom);
  };
  const fit = () => scale(Math.min(1, (frame.clientWidth - 4) / (picture.width + 16)));
  const tool = (name, text, click) => el("button", { type: "button", "aria-label": name, title: name, click }, text);
  const controls = [tool("Smaller", "−", () => scale(zoom / 1.25)), tool("Larger", "+", () => scale(zoom * 1.25)), tool("As wide as the page", "Fit", fit), tool("As it is", "1:1", () => scale(1))];
  frame.zoomBy = (by) => scale(zoom * by);
  const list = el("details", {}, el("summary", {}, "As text"));
  list.addEventListener("toggle", () => {
    if (!list.open || list.querySelector("ul")) return;
    list.append(el("ul", {}, picture.nodes.map((node) => el("li", {}, node[7] === null ? node[6] : [link(node[7], node[6])])), picture.wires.map((wire) => el("li", {}, wire[4]))));
  });
  const legend = picture.legend.length ? el("ul", { class: "legend picture" }, picture.legend.map(([tone, weight, text]) => el("li", {}, svg("svg", { width: 46, height: 12, "aria-hidden": "true" }, svg("g", { class: `wire ${tone}` }, svg("path", { class: weight, d: "M2 6h42" }))), ` ${text}`))) : null;
  // On a narrow page it begins as large as it can be read, and is scrolled.
  const begin = () => scale(Math.max(0.5, Math.min(1, (frame.clientWidth - 4) / (picture.width + 16))));
  return { frame, controls, begin, after: [legend, list] };
}

function mapsPage(kind, which, query) {
  const maps = D.maps.filter((map) => map.kind === kind);
  const at = Math.max(0, maps.findIndex((map, place) => String(place + 1) === which));
  const others = [["process", "Process map"], ["architecture", "Architecture map"]];
  const tabs = el("div", { class: "tabs" }, others.map(([one, name]) => el("a", { href: route(["maps", one], { persona: query.persona }), "aria-current": one === kind ? "page" : null }, name)));
  const name = others.find(([one]) => one === kind)[1];
  if (!maps.length) return [title(name), el("div", { class: "bar" }, tabs), empty(kind === "process" ? "No process here has steps." : "No component is declared or used.", el("p", {}, kind === "process" ? "Write them under steps: of a Process." : "Write its card, with layer: and flows_to:."))];
  const picture = maps[at].picture;
  const personas = D.entities.map((entity, place) => place).filter((place) => D.entities[place].card && D.entities[place].kind === "persona");
  const who = personas.find((place) => D.entities[place].id === query.persona);
  const { frame, controls, begin, after } = pictureFrame(picture, who);
  const views = maps.length > 1 ? el("div", { class: "tabs" }, maps.map((map, place) => el("a", { href: route(["maps", kind, String(place + 1)], { persona: query.persona }), "aria-current": place === at ? "page" : null }, map.name))) : null;
  const choose = el("label", {}, "Persona ", el("select", { id: "who", change: (event) => { location.hash = route(["maps", kind, String(at + 1)], { persona: event.target.value }); } },
    el("option", { value: "" }, "all"), personas.map((place) => el("option", { value: D.entities[place].id, selected: place === who }, D.entities[place].label))));
  requestAnimationFrame(begin);
  return [title(name, el("p", { class: "faint" }, picture.description)), el("div", { class: "bar" }, tabs, views, choose, controls), frame, after];
}

let edgesOf = null;
function links(place) {
  if (!edgesOf) {
    edgesOf = D.entities.map(() => [[], []]);
    for (const [from, relation, to, mark] of D.edges) {
      edgesOf[from][1].push([to, relation, mark]);
      if (from !== to) edgesOf[to][0].push([from, relation, mark]);
    }
  }
  return edgesOf[place];
}

// What leads here, the thing, and what it leads to.
function neighbours(place, most, whole) {
  const limit = most || 60, each = whole ? Infinity : most ? 4 : 8;
  const [into, outof] = links(place);
  if (!into.length && !outof.length) return el("p", { class: "faint" }, "Nothing leads here, and it leads to nothing.");
  const row = 34, wide = most ? 206 : 250, gap = most ? 64 : 130;
  const side = (all, incoming) => {
    const sorted = [...all].sort((one, other) => one[1] - other[1]);
    const rows = [];
    let last = null;
    const counts = new Map();
    let drawn = 0;
    for (const one of sorted) {
      const count = (counts.get(one[1]) || 0) + 1;
      counts.set(one[1], count);
      if (drawn >= limit) continue;
      if (one[1] !== last) rows.push({ head: D.relations[one[1]][incoming ? 1 : 0] });
      last = one[1];
      // Of more than fit the rest is counted, and stands in the text below the picture.
      if (count <= each || all.length <= 2 * each) { rows.push({ edge: one }); drawn += 1; }
      else if (count === each + 1) rows.push({ more: one[1] });
    }
    for (const one of rows) if (one.more !== undefined) one.head = `and ${counts.get(one.more) - each} more`;
    if (drawn >= limit && sorted.length > limit) rows.push({ head: `${sorted.length} in all` });
    return rows;
  };
  const [left, right] = [side(into, true), side(outof, false)];
  const height = Math.max(left.length, right.length, 2) * row + 16;
  const width = 3 * wide + 2 * gap + 8;
  const middle = height / 2;
  const fits = most ? 24 : 30;
  const short = (badged, text) => {
    const most = fits - (badged ? 5 : 0);
    return [...text].length > most + 1 ? `${[...text].slice(0, most).join("")}…` : text;
  };
  const out = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `${D.entities[place].label}: what leads here, and what it leads to` });
  const scene = svg("g", { class: "around" });
  const tones = { good: "good", bad: "high", missing: "medium", gap: "medium", plain: "" };
  const box = (at, x, y, focus, mark) => {
    const entity = D.entities[at];
    const severity = worst(entity.findings || []);
    const words = focus ? entity.label : `${entity.label}${mark && D.marks[mark][1] ? `, ${D.marks[mark][1]}` : ""}`;
    const inner = [svg("title", {}, words), svg("rect", { class: `box round${focus ? " strong" : ""}${mark !== undefined && D.marks[mark][2] === "missing" ? " dashed" : ""}`, x, y: y - 13, width: wide, height: 27, rx: 7 }),
      entity.flag ? svg("rect", { x, y: y - 13, width: 7, height: 27, rx: 3, fill: entity.flag[0] }) : null,
      svg("text", { x: x + 14, y: y + 5, class: focus ? "strong" : null }, short(severity !== null, `${entity.sign.trim() ? entity.sign + " " : ""}${entity.kind === "persona" && entity.id !== entity.name ? entity.id + " " : ""}${entity.kind === "step" ? entity.id : entity.name}`)),
      severity === null ? null : svg("text", { x: x + wide - 32, y: y + 5, class: ["critical", "high", "medium", "low", "faint"][severity] }, D.severities[severity][0])];
    return entity.card && !focus ? svg("a", { href: route(["graph", entity.kind, entity.id]), "aria-label": words, "data-item": true }, inner) : svg("g", {}, inner);
  };
  const draw = (rows, x, incoming) => rows.forEach((one, at) => {
    const y = 8 + at * row + row / 2 + (height - 16 - rows.length * row) / 2;
    if (one.head) {
      scene.append(svg("text", { class: "head", x: x + 2, y: y + 8 }, one.head));
      return;
    }
    const [to, relation, mark] = one.edge;
    const kind = D.marks[mark][2];
    const weight = kind === "bad" ? "heavy" : kind === "missing" ? "dashed" : D.marks[mark][1] === "no card" ? "dotted" : "light";
    const [x1, x2] = incoming ? [wide + 4, wide + gap + 4] : [2 * wide + gap + 4, 2 * wide + 2 * gap + 4];
    const [y1, y2] = incoming ? [y, middle] : [middle, y];
    const bend = gap / 2;
    scene.append(svg("g", { class: `wire ${tones[kind] || ""}` }, svg("title", {}, incoming ? `${D.entities[to].label} ${D.relations[relation][0]} ${D.entities[place].label}` : `${D.entities[place].label} ${D.relations[relation][0]} ${D.entities[to].label}`),
      svg("path", { class: weight, d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` })));
    scene.append(box(to, x, y, false, mark));
  });
  draw(left, 4, true);
  draw(right, 2 * wide + 2 * gap + 4, false);
  scene.append(box(place, wide + gap + 4, middle, true));
  out.append(scene);
  const frame = el("div", { class: "frame picture", tabindex: "0", role: "region", "aria-label": "Around it" }, out);
  if (most) requestAnimationFrame(() => {
    const scale = Math.min(1, Math.max(0.6, (frame.clientWidth - 4) / width));
    out.setAttribute("width", width * scale);
    out.setAttribute("height", height * scale);
  });
  else requestAnimationFrame(() => { frame.scrollLeft = Math.max(0, (width - frame.clientWidth) / 2); frame.scrollTop = Math.max(0, (height - frame.clientHeight) / 2); });
  return frame;
}

function graphPage(place, query) {
  const choose = el("label", {}, "About ", el("input", { id: "about", list: "names", placeholder: "a name or an id", value: place === undefined ? "" : D.entities[place].label, change: (event) => {
    const wanted = fold(event.target.value);
    const found = D.entities.findIndex((entity) => entity.card && (folded(entity) === wanted || fold(entity.id) === wanted || fold(entity.name) === wanted));
    if (found >= 0) location.hash = route(["graph", D.entities[found].kind, D.entities[found].id]);
    else say(`Nothing is called ${event.target.value}`);
  } }));
  const names = el("datalist", { id: "names" }, D.entities.filter((entity) => entity.card).slice(0, 3000).map((entity) => el("option", { value: entity.label })));
  const whole = D.maps.find((map) => map.kind === "graph");
  if (place === undefined) {
    if (!whole) return [title("Graph"), empty("There is nothing to draw yet.")];
    const { frame, controls, begin, after } = pictureFrame(whole.picture);
    requestAnimationFrame(begin);
    return [title("Graph", el("p", { class: "faint" }, whole.picture.description, whole.name === "All" ? null : " There is too much to draw all of it: this is what gaps are about. Name something to see what is around it.")), el("div", { class: "bar" }, choose, names, controls), frame, after];
  }
  const [into, outof] = links(place);
  const list = (all, incoming) => el("ul", {}, all.map(([to, relation, mark]) => el("li", {}, D.relations[relation][incoming ? 1 : 0], " ", link(to), D.marks[mark][1] ? ` (${D.marks[mark][1]})` : "")));
  return [title(D.entities[place].label, el("p", { class: "faint" }, D.entities[place].subtitle)),
    el("div", { class: "bar" }, choose, names, el("a", { class: "button", href: href(place) }, "Its card"), query.all === "1" ? null : el("a", { class: "button", href: route(["graph", D.entities[place].kind, D.entities[place].id], { all: "1" }) }, "All around it"), el("a", { class: "button", href: "#/graph" }, "Everything")),
    neighbours(place, 0, query.all === "1"), el("ul", { class: "legend" }, D.marks.filter(([, word]) => word).map(([glyph, word, kind]) => el("li", {}, el("b", { class: kind }, glyph), word))),
    el("details", {}, el("summary", {}, "As text"), el("h2", {}, "What leads here"), list(into, true), el("h2", {}, "What it leads to"), list(outof, false))];
}
