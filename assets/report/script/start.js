// What is shown follows from the fragment of the address alone, so that each can be sent to somebody.
const screens = [["", "Overview", "0"], ["cards", "Cards", "1"], ["graph", "Graph", "2"], ["matrix", "Matrix", "3"], ["maps", "Maps", "4"], ["gaps", "Gaps", "5"], ["people", "People", null], ["assessment", "Assessment", null]];
let lastGaps = "#/gaps", current = { screen: "", parts: [], query: {} };
const scrolls = new Map();
let leaving = null, forward = false;

function parse(hash) {
  const [path, search] = hash.replace(/^#\/?/, "").split("?");
  const plain = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const query = {};
  for (const pair of (search || "").split("&").filter(Boolean)) {
    const at = pair.indexOf("=");
    if (at > 0) query[plain(pair.slice(0, at))] = plain(pair.slice(at + 1));
  }
  return { parts: path.split("/").filter(Boolean).map(plain), query };
}

function find(kind, id) {
  const exact = D.entities.findIndex((entity) => entity.card && entity.kind === kind && entity.id === id);
  return exact >= 0 ? exact : D.entities.findIndex((entity) => entity.card && entity.kind === kind && fold(entity.id) === fold(id));
}

const gone = (what) => [title("Not in this catalog"), empty(`${what} is not in this catalog, or not any more.`, el("p", {}, el("a", { href: "#/" }, "Overview")))];

function page({ parts, query }) {
  const [screen, second, third] = parts;
  switch (screen) {
    case undefined: return overviewPage();
    case "cards": return cardsPage(Object.keys(plurals).find((kind) => plurals[kind] === second) || "persona", query);
    case "graph": {
      if (second === undefined) return graphPage();
      const place = find(second, third || "");
      return place < 0 ? gone(`${capital(second)} ${third || ""}`) : graphPage(place, query);
    }
    case "matrix": return matrixPage(second || "components", query);
    case "maps": return mapsPage(second === "architecture" ? "architecture" : "process", third, query);
    case "gaps": return gapsPage(query);
    case "gap": {
      const place = D.findings.findIndex((finding) => finding.key === second);
      return place < 0 ? gone("This gap") : gapPage(place);
    }
    case "people": return peoplePage(query);
    case "assessment": return assessmentPage();
    case "print": return printPage(query);
    default: {
      const place = find(screen, second || "");
      return place < 0 ? gone(parts.join(" ")) : entityPage(place);
    }
  }
}

const home = { gap: "gaps", persona: "cards", process: "cards", step: "cards", component: "cards", skill: "cards", team: "cards", person: "people", scenario: "cards", print: "print" };

function draw(keepFocus) {
  if (location.hash && !location.hash.startsWith("#/")) return;
  const at = parse(location.hash);
  const screen = at.parts[0] === undefined ? "" : home[at.parts[0]] || at.parts[0];
  drawAll = [];
  printing = false;
  current = { screen, parts: at.parts, query: at.query };
  if (at.parts[0] === "gaps") lastGaps = location.hash;
  byId("cell").close();
  main.replaceChildren(...page(at).flat(4).filter(Boolean));
  for (const entry of byId("nav").children) entry.toggleAttribute("aria-current", false);
  const entry = [...byId("nav").children].find((one) => one.dataset.screen === screen);
  if (entry) entry.setAttribute("aria-current", "page");
  const box = byId("filter");
  if (document.activeElement !== box) box.value = at.query.q || "";
  if (!keepFocus) {
    const back = !forward && scrolls.has(location.hash);
    const head = main.querySelector("h1");
    if (head) head.focus({ preventScroll: true });
    scrollTo(0, back ? scrolls.get(location.hash) : 0);
    if (!words(at.query.q).empty) return;
    say(document.title);
  }
}

function setFilter(text) {
  const filterable = ["cards", "gaps", "matrix", "people", "print"];
  const parts = filterable.includes(current.parts[0]) ? current.parts : ["cards"];
  const target = route(parts, { ...(filterable.includes(current.parts[0]) ? current.query : {}), q: text.trim() || undefined, page: undefined });
  if (target === location.hash) return;
  // Typing does not fill the history; leaving a page for the results does.
  if (filterable.includes(current.parts[0])) {
    history.replaceState(null, "", target);
    draw(true);
  } else {
    forward = true;
    typing = true;
    location.hash = target;
  }
}
let typing = false;

function theme(name) {
  if (["light", "dark", "contrast"].includes(name)) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  byId("theme").value = document.documentElement.dataset.theme || "system";
}
// A browser may keep nothing for a file, and say so by an exception.
const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* it is not kept */ } };

function showHelp() {
  const keys = [["0 to 5", "overview, cards, graph, matrix, maps, gaps"], ["/", "filter"], ["j k, arrows in a matrix", "next and previous"], ["g g, G", "first and last"], ["Enter", "open"], ["n N", "next and previous gap"], [".", "what is open, in the graph"], ["v", "the next matrix, map or kind of card"], ["+ -", "larger and smaller picture"], ["Esc", "clear the filter, go up"], ["alt-left", "back"], ["?", "this page"]];
  const dialog = byId("help");
  dialog.replaceChildren(el("h2", { id: "help-title" }, "Keys"), el("dl", { class: "keys" }, keys.map(([key, text]) => [el("dt", {}, key), el("dd", {}, text)])),
    el("h2", {}, "Filter words"), el("p", {}, "Words of one key are alternatives, different keys must all hold; any other word must stand in what is shown. Values with blanks stand in double quotes."), el("dl", { class: "keys" }, D.keys.map(([key, text]) => [el("dt", {}, `${key}:`), el("dd", {}, text)])),
    el("h2", {}, "Marks"), el("dl", { class: "keys" }, D.marks.filter(([, word]) => word).map(([glyph, word, kind]) => [el("dt", { class: kind }, glyph), el("dd", {}, word)])), el("button", { type: "button", click: () => dialog.close() }, "Close"));
  dialog.showModal();
}

function walk(step) {
  const items = [...main.querySelectorAll("[data-item]")].filter((one) => one.getClientRects().length);
  if (!items.length) return;
  const at = items.indexOf(document.activeElement);
  const next = step === Infinity ? items.length - 1 : step === -Infinity ? 0 : at < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, at + step));
  items[next].focus();
  items[next].scrollIntoView({ block: "nearest" });
}

function nextGap(step) {
  const open = D.findings.map((finding, place) => place).filter((place) => isOpen(D.findings[place]));
  if (!open.length) return say("There is no open gap");
  let at = current.parts[0] === "gap" ? open.findIndex((place) => D.findings[place].key === current.parts[1]) : -1;
  at = at < 0 ? (step > 0 ? 0 : open.length - 1) : Math.min(open.length - 1, Math.max(0, at + step));
  location.hash = gapHref(open[at]);
}

function nextView() {
  const tabs = [...main.querySelectorAll(".tabs a")];
  const at = tabs.findIndex((one) => one.hasAttribute("aria-current"));
  if (tabs.length && current.screen !== "gaps") tabs[(at + 1) % tabs.length].click();
}

let before = "";
function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const field = event.target.closest("input, select, textarea");
  if (event.key === "Escape") {
    if (field) return field.blur();
    if (current.query.q) return setFilter(""), (byId("filter").value = "");
    if (current.parts[0] === "gap") location.hash = lastGaps;
    else if (current.parts.length) location.hash = current.parts.length > 1 && current.screen !== current.parts[0] ? route([current.screen]) : "#/";
    return;
  }
  if (field) return;
  const double = before === "g" && event.key === "g";
  before = event.key;
  const screen = screens.find(([, , key]) => key === event.key);
  const subject = () => (current.parts[0] === "gap" ? D.findings.find((finding) => finding.key === current.parts[1])?.subject : find(current.parts[0], current.parts[1] || ""));
  const zoom = (by) => { const frame = main.querySelector(".picture"); if (frame && frame.zoomBy) frame.zoomBy(by); };
  const acts = { "/": () => { byId("filter").focus(); byId("filter").select(); }, "?": showHelp, j: () => walk(1), k: () => walk(-1), G: () => { drawAll.splice(0).forEach((one) => one()); walk(Infinity); }, n: () => nextGap(1), N: () => nextGap(-1), v: nextView, "+": () => zoom(1.25), "-": () => zoom(0.8),
    ".": () => { const place = subject(); if (place !== undefined && place >= 0 && D.entities[place].card) location.hash = route(["graph", D.entities[place].kind, D.entities[place].id]); } };
  if (screen) location.hash = route(screen[0] ? [screen[0]] : []);
  else if (double) walk(-Infinity);
  else if (acts[event.key]) acts[event.key]();
  else return;
  event.preventDefault();
}

// Served, the page asks its own server whether there is a newer one. Opened from a file it asks nobody.
function follow() {
  const number = document.documentElement.dataset.live;
  if (number === undefined) return;
  const banner = byId("banner");
  const source = new EventSource("/events");
  source.addEventListener("state", (event) => {
    banner.hidden = true;
    if (event.data === number) return;
    try { sessionStorage.setItem("scroll", JSON.stringify([location.hash, scrollY])); } catch { /* it starts at the top */ }
    location.reload();
  });
  source.addEventListener("trouble", (event) => { banner.hidden = false; banner.textContent = event.data; });
  source.onerror = () => { banner.hidden = false; banner.textContent = "The server that this page came from does not answer; what you see may be old."; };
}

async function start() {
  try {
    D = await readData();
  } catch (error) {
    return main.replaceChildren(el("h1", {}, "The report cannot be shown"), el("p", {}, String(error.message || error)));
  }
  theme(kept("persona-theme"));
  byId("theme").addEventListener("change", (event) => { theme(event.target.value); keep("persona-theme", event.target.value); });
  byId("nav").append(...screens.map(([screen, name, key]) => el("a", { href: route(screen ? [screen] : []), "data-screen": screen, "aria-keyshortcuts": key }, key ? el("kbd", { "aria-hidden": "true" }, key) : null, name)));
  byId("words").append(...D.keys.map(([key]) => el("option", { value: `${key}:` })), ...D.severities.map(([, word]) => el("option", { value: `finding:${word}` })), ...["human", "agent", "service"].map((word) => el("option", { value: `type:${word}` })));
  byId("bottom").textContent = `${D.name}, as of ${D.day}. Made by persona ${D.version}. Nothing in this page is sent or fetched.`;
  if (document.documentElement.dataset.live !== undefined) byId("bottom").textContent = `${D.name}, as of ${D.day}. Served by persona ${D.version} from this machine; it follows the files.`;
  byId("help-button").addEventListener("click", showHelp);
  byId("skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
  byId("print-link").addEventListener("click", (event) => { event.preventDefault(); location.hash = route(["print"], { q: current.query.q }); });
  let timer = 0;
  const box = byId("filter");
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => setFilter(box.value), D.entities.length > 3000 ? 200 : 60); });
  byId("search").addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); setFilter(box.value); walk(-Infinity); });
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => { if (event.target.closest("a[href^='#/']")) { forward = true; for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close(); } });
  addEventListener("scroll", () => { scrolls.set(leaving, scrollY); }, { passive: true });
  history.scrollRestoration = "manual";
  addEventListener("hashchange", () => {
    if (location.hash && !location.hash.startsWith("#/")) return;
    const keepFocus = typing;
    draw(keepFocus);
    typing = false;
    forward = false;
    leaving = location.hash;
  });
  addEventListener("beforeprint", () => { drawAll.splice(0).forEach((one) => one()); });
  leaving = location.hash;
  draw(true);
  try {
    const [hash, top] = JSON.parse(sessionStorage.getItem("scroll") || "[]");
    sessionStorage.removeItem("scroll");
    if (hash === location.hash) scrollTo(0, top);
  } catch { /* it starts at the top */ }
  follow();
}
start();
