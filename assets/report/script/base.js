// What all parts stand on: the data, elements, names and links. Text is only ever set as text.
const byId = (id) => document.getElementById(id);
const main = byId("main");
let D = null;

// What was packed is unpacked here; nothing is fetched.
async function readData() {
  const holder = byId("data");
  if (holder.type === "application/json") return JSON.parse(holder.textContent);
  if (typeof DecompressionStream === "undefined") throw new Error("This browser cannot unpack the data of a large catalog. Take a newer one.");
  const bytes = Uint8Array.from(atob(holder.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name === "style") for (const [property, text] of Object.entries(value)) node.style.setProperty(property, text);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(4)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const plural = (count, one, many) => `${count} ${count === 1 ? one : many || one + "s"}`;
const percent = (share) => `${Math.round(share * 100)} %`;
const plurals = { persona: "personas", process: "processes", step: "steps", component: "components", skill: "skills", team: "teams", person: "people", scenario: "scenarios" };
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// Words are the same as in the program: composed, case folded, trimmed, white space collapsed.
const fold = (text) => text.normalize("NFC").toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ").trim().replace(/\s+/g, " ");

const isOpen = (finding) => finding.decision === undefined;
const part = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => "%" + letter.charCodeAt(0).toString(16).toUpperCase());
const route = (parts, query) => {
  const words = Object.entries(query || {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return "#/" + parts.map(part).join("/") + (words.length ? "?" + words.map(([key, value]) => `${key}=${part(String(value))}`).join("&") : "");
};
const href = (place) => route([D.entities[place].kind, D.entities[place].id]);
const gapHref = (place) => route(["gap", D.findings[place].key]);

// A link to an entity where it has a page, else its name.
function link(place, text) {
  const entity = D.entities[place];
  const words = text === undefined ? entity.label : text;
  return entity.card ? el("a", { href: href(place) }, words) : el("span", {}, words);
}

function badge(severity, decided) {
  const [sign, word] = D.severities[severity];
  return el("span", { class: `badge s${severity}`, title: word, role: "img", "aria-label": decided ? `${word}, decided` : word }, sign);
}

function worst(findings) {
  const open = findings.filter((place) => isOpen(D.findings[place]));
  return open.length ? Math.min(...open.map((place) => D.findings[place].severity)) : null;
}

function flag(entity) {
  if (!entity.flag) return el("span", { class: "flag none" }, entity.kind);
  return el("span", { class: entity.flag[1] ? "flag" : "flag dark", style: { "--flag": entity.flag[0] } }, entity.id);
}

function title(text, ...under) {
  document.title = text === D.name ? text : `${text} - ${D.name}`;
  return el("div", {}, el("h1", { tabindex: "-1" }, text), under);
}

const empty = (text, ...more) => el("div", { class: "empty" }, el("p", {}, text), more);

let saidTimer = 0;
function say(text) {
  clearTimeout(saidTimer);
  saidTimer = setTimeout(() => { byId("live").textContent = text; }, 150);
}

// Long lists are drawn as one comes to them; printing draws them whole.
let drawAll = [];
function lazily(container, items, make, chunk) {
  let drawn = 0;
  const more = el("button", { type: "button", click: () => draw() });
  const holder = el("div", { class: "more no-print" }, more);
  const watcher = "IntersectionObserver" in window ? new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) draw(); }, { rootMargin: "1200px" }) : null;
  function draw(all) {
    const until = all ? items.length : Math.min(items.length, drawn + (chunk || 40));
    for (; drawn < until; drawn += 1) container.append(make(items[drawn], drawn));
    more.textContent = `Show more: ${drawn} of ${items.length} are shown`;
    if (drawn >= items.length) {
      holder.remove();
      if (watcher) watcher.disconnect();
    } else if (watcher) {
      watcher.unobserve(holder);
      watcher.observe(holder);
    }
  }
  draw();
  if (drawn < items.length) drawAll.push(() => draw(true));
  return drawn < items.length ? [container, holder] : [container];
}
