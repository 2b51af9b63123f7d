// The report in a real browser: node browser.mjs PERSONA CHROMIUM [FOLDER FOR PICTURES]
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "./chromium.mjs";

const [persona, browserPath, pictures] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "persona-report-"));
const run = (...args) => {
  try {
    return execFileSync(resolve(persona), args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
  } catch (error) {
    // Findings are no failure of the command.
    if (error.status === 1) return error.stdout;
    throw error;
  }
};
const AT = ["--at", "2026-11-23"];
const catalog = (name, files) => {
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
};
const report = (folder, name) => {
  const file = join(work, `${name}.html`);
  run("export", "html", "--in", folder, "--out", file, ...AT);
  return pathToFileURL(file).href;
};

const attack = `</script><script>window.boom=1</script><img src=x onerror="window.boom=2">`;
const hostile = `kind: Catalog
name: '${attack}'
---
kind: Persona
id: '${attack}'
name: "javascript:window.boom=3"
team: '${attack}'
section: '${attack}'
color: '#123456;background:url(https://evil.invalid/x)'
description: '${attack}'
type: agent
primary_interaction: ['${attack}', "javascript:window.boom=4"]
component_access: ['<svg onload="window.boom=5">', {component: 'C"; <b>', environments: [dev], level: write, reason: '${attack}'}]
processes: ['{{7*7}}', '__proto__', constructor]
skills: ['toString', '<style>*{display:none}</style>']
work_items: [{id: '<b>', title: '${attack}'}]
---
kind: Process
name: '__proto__'
steps: [{id: '<i>', name: '${attack}', uses: ['C"; <b>'], skills: ['hasOwnProperty'], environments: [dev]}]
---
kind: Skill
name: toString
learn: [{title: '${attack}', url: "javascript:window.boom=6"}, {title: fine, url: "https://example.com/course"}]
---
kind: Person
name: '${attack}'
personas: ['${attack}']
---
kind: Decision
finding: {rule: no-override, subject: '${attack}'}
action: accept
reason: '${attack}'
decided: 2026-11-01
until: 2027-01-01
`;

const tests = [];
const test = (name, body) => tests.push([name, body]);
const texts = (page, selector) => page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.textContent)`);
const heading = (page) => page.evaluate("document.querySelector('main h1').textContent");
const route = (page) => page.evaluate("decodeURIComponent(location.hash)");
const all = (page) => page.evaluate("dispatchEvent(new Event('beforeprint'))");

const example = report("personas", "example");

test("the overview says the score and the counts", async (page) => {
  await page.open(example);
  const check = JSON.parse(run("check", "personas", "--format", "json", ...AT));
  assert.match(await page.evaluate("document.querySelector('.hero').textContent"), new RegExp(`${check.score.grade}.*${check.score.value}`));
  const counts = (await texts(page, ".hero + .tiles .tile b")).map(Number);
  const words = ["critical", "high", "medium", "low", "info"];
  assert.deepEqual(counts, words.map((word) => check.findings.filter((one) => one.severity === word && !one.decision).length));
});

test("clicks lead from card to component to gap, and back", async (page) => {
  await page.open(example);
  await page.click("document.querySelector('nav [data-screen=cards]')");
  await page.until("document.querySelectorAll('.card').length === 9");
  await page.click("[...document.querySelectorAll('.card h3 a')].find((one) => one.textContent === 'AI Data Engineer')");
  await page.until("location.hash === '#/persona/P001' && document.querySelector('h1').textContent === 'AI Data Engineer'");
  await page.click("[...document.querySelectorAll('.fields a')].find((one) => one.textContent === 'Azure SQL Database')");
  await page.until("location.hash.startsWith('#/component/') && document.querySelector('h1').textContent === 'Azure SQL Database'");
  await page.click("document.querySelector('.gaps a')");
  await page.until("location.hash.startsWith('#/gap/') && document.querySelector('h1.message')");
  assert.match(await heading(page), /Azure SQL Database/);
  assert.ok((await texts(page, ".chain li")).length > 0, "it has a path");
  assert.ok((await texts(page, ".fix")).length > 0, "it has ways out");
  await page.evaluate("history.back()");
  await page.until("location.hash.startsWith('#/component/')");
});

test("a fragment opens what it names, and says so where it is gone", async (page) => {
  await page.open(`${example}#/component/Azure%20Key%20Vault`);
  assert.equal(await heading(page), "Azure Key Vault");
  await page.open(`${example}#/gap/excess-level-000000000000`);
  assert.match(await page.evaluate("document.body.innerText"), /not in this catalog, or not any more/);
});

test("words filter as they do in the program", async (page) => {
  await page.open(example);
  for (const words of ["severity:high", "team:ai", "component:sql", "type:agent", "P006", "skill:training", "finding:excess", "env:prod rule:excess", "registry", "category:agents severity:medium", "process:mlops", '"Build Agent MLOps"', "persona:p009 persona:p012"]) {
    const expected = JSON.parse(run("check", "--in", "personas", "--format", "json", ...AT, ...(words.startsWith('"') ? [words.slice(1, -1)] : words.split(" ")))).findings.map((one) => one.message);
    await page.evaluate(`location.hash = "#/gaps?q=" + encodeURIComponent(${JSON.stringify(words)})`);
    await page.until(`document.getElementById("filter").value === ${JSON.stringify(words)}`);
    await all(page);
    const shown = await page.evaluate("[...document.querySelectorAll('[data-gap]')].map((one) => one.querySelector('.message').firstChild.textContent)");
    assert.ok(expected.length > 0, `${words} matches something`);
    assert.deepEqual(shown.sort(), expected.sort(), words);
  }
});

test("a matrix is narrowed by rows, columns and states", async (page) => {
  await page.open(example);
  for (const words of ["state:wrong", "type:agent state:missing", "component:registry", "team:ai", "agent", "registry", "finding:high state:unneeded"]) {
    const expected = JSON.parse(run("matrix", "components", ...words.split(" "), "--in", "personas", "--format", "json", ...AT));
    await page.evaluate(`location.hash = "#/matrix/components?q=" + encodeURIComponent(${JSON.stringify(words)})`);
    await page.until(`document.getElementById("filter").value === ${JSON.stringify(words)} && (document.querySelector(".matrix") || document.querySelector(".empty"))`);
    assert.equal(await page.evaluate("document.querySelectorAll('.matrix td button').length"), expected.cells.length, words);
  }
});

test("typing narrows the cards, and Escape lets all come back", async (page) => {
  await page.open(`${example}#/cards`);
  await page.press("/");
  await page.type("type:agent");
  await page.until("document.querySelectorAll('.card').length === 4");
  assert.equal(await route(page), "#/cards?q=type:agent");
  await page.press("Enter");
  await page.until("document.activeElement.matches('.card a')");
  await page.press("Escape");
  await page.until("document.querySelectorAll('.card').length === 9");
});

test("all can be done with keys", async (page) => {
  await page.open(example);
  for (const [key, start] of [["1", "#/cards"], ["2", "#/graph"], ["3", "#/matrix"], ["4", "#/maps"], ["5", "#/gaps"], ["0", "#/"]]) {
    await page.press(key);
    await page.until(`location.hash.startsWith("${start}")`);
  }
  await page.press("5");
  await page.until("document.getElementById('by')");
  await page.press("j");
  await page.press("j");
  assert.equal(await page.evaluate("document.activeElement.dataset.gap"), "1");
  await page.press("Enter");
  await page.until("document.querySelector('h1.message')");
  const first = await heading(page);
  await page.press("n");
  await page.until(`document.querySelector('main h1').textContent !== ${JSON.stringify(first)}`);
  await page.press("N");
  await page.until(`document.querySelector('main h1').textContent === ${JSON.stringify(first)}`);
  await page.press(".");
  await page.until("location.hash.startsWith('#/graph/')");
  await page.press("?");
  await page.until("document.getElementById('help').open");
  await page.press("Escape");
  await page.until("!document.getElementById('help').open");
  await page.press("3");
  await page.until("document.querySelector('.matrix td button')");
  await page.evaluate("document.querySelector('.matrix td button').focus()");
  const column = () => page.evaluate("document.activeElement.closest('td').cellIndex");
  const from = await column();
  await page.press("ArrowRight");
  assert.ok((await column()) > from);
  await page.press("Enter");
  await page.until("document.getElementById('cell').open && /It is granted/.test(document.getElementById('cell').textContent)");
  assert.doesNotMatch(await page.evaluate("document.getElementById('cell').textContent"), /\[object/);
  await page.press("Escape");
});

test("those who do not see it are told", async (page) => {
  for (const place of ["", "#/cards", "#/graph", "#/graph/persona/P009", "#/matrix", "#/maps/process", "#/maps/architecture", "#/gaps", "#/people", "#/assessment", "#/persona/P009", "#/print"]) {
    await page.open(example + place);
    const wrong = await page.evaluate(`(() => {
      const named = (node) => (node.getAttribute("aria-label") || node.textContent || node.title || "").trim() || (node.labels && [...node.labels].map((one) => one.textContent).join("").trim());
      const out = [];
      for (const node of document.querySelectorAll("button, a[href], input, select, dialog[open], [role=region], svg[role], [role=img]")) if (!named(node)) out.push(node.outerHTML.slice(0, 120));
      const odd = /.*(\\[object|undefined|NaN).*/.exec(document.body.textContent.replace(document.getElementById("data").textContent, "").replace([...document.scripts].pop().textContent, ""));
      if (odd) out.push(odd[0].slice(0, 200));
      if (document.querySelectorAll("main h1").length !== 1) out.push("not one h1");
      for (const cell of document.querySelectorAll("th")) if (!cell.scope) out.push("a header without scope");
      for (const one of ["header", "nav[aria-label]", "main", "footer", "[role=search]", "[aria-live]"]) if (!document.querySelector(one)) out.push("no " + one);
      const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
      if (new Set(ids).size !== ids.length) out.push("an id twice");
      for (const focus of document.querySelectorAll(".frame")) if (focus.tabIndex !== 0) out.push("a part that scrolls cannot be reached");
      return out;
    })()`);
    assert.deepEqual(wrong, [], place);
  }
  await page.open(`${example}#/gaps?q=severity:critical`);
  await page.until("/open gap/.test(document.getElementById('live').textContent)");
});

test("it is light and dark, and keeps contrast", async (page) => {
  const ratio = `(() => {
    const parts = (color) => color.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((one) => one / 255).map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)).reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
    const ground = (node) => { for (; node; node = node.parentElement) { const color = getComputedStyle(node).backgroundColor; if (parts(color)[3] !== 0) return parts(color); } return [255, 255, 255]; };
    let least = [21, ""];
    for (const node of document.querySelectorAll("main *, nav a")) {
      if (![...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim()) || node.namespaceURI.includes("svg") || node.matches(".hidden, .hidden *, .flag")) continue;
      const [one, other] = [light(parts(getComputedStyle(node).color)), light(ground(node))];
      const value = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (value < least[0]) least = [value, node.className + " " + node.textContent.slice(0, 40)];
    }
    return least;
  })()`;
  const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const grounds = new Set();
  for (const [scheme, choice] of [["light", "system"], ["dark", "system"], ["light", "dark"], ["dark", "light"], ["light", "contrast"]]) {
    await page.media({ "prefers-color-scheme": scheme });
    for (const place of ["#/cards", "#/gaps", "#/matrix", "#/persona/P009", "#/assessment"]) {
      await page.open(example + place);
      await page.evaluate(`(() => { const box = document.getElementById("theme"); box.value = "${choice}"; box.dispatchEvent(new Event("change")); })()`);
      const [least, where] = await page.evaluate(ratio);
      assert.ok(least >= 4.5, `${scheme} ${choice} ${place}: contrast ${least.toFixed(2)} of ${where}`);
    }
    grounds.add(`${choice === "system" ? scheme : choice} ${await ground()}`);
  }
  assert.deepEqual(new Set([...grounds].map((one) => one.split(" ")[0])).size, 3);
  assert.equal(grounds.size, 3, "what is chosen wins over the system");
  await page.evaluate("localStorage.clear()");
});

test("nothing is wider than a phone", async (page) => {
  await page.size(390, 844);
  for (const place of ["", "#/cards", "#/gaps", "#/persona/P009", "#/matrix", "#/maps/process", "#/people", "#/assessment", "#/graph/persona/P009"]) {
    await page.open(example + place);
    const [wide, frame] = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    assert.ok(wide <= frame, `${place}: ${wide} wide`);
  }
});

test("it prints, one card a page where that is chosen", async (page) => {
  const sheets = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) || []).length;
  await page.open(`${example}#/print?parts=cards`);
  const dense = await page.pdf();
  await page.click("document.querySelector('input[value=page]')");
  await page.until("document.querySelectorAll('.one-a-page > .card').length === 9");
  const single = await page.pdf();
  if (pictures) { writeFileSync(join(pictures, "dense.pdf"), dense); writeFileSync(join(pictures, "single.pdf"), single); }
  assert.ok(sheets(single) >= 9 && sheets(single) < 20, `${sheets(single)} pages`);
  assert.ok(sheets(dense) < sheets(single), `${sheets(dense)} pages`);
});

test("nothing that a card says runs or is fetched", async (page) => {
  const url = report(catalog("hostile", { "a.yaml": hostile }), "hostile");
  const data = await (async () => { await page.open(url); return page.evaluate("JSON.parse(document.getElementById('data').textContent).entities.filter((one) => one.card).map((one) => [one.kind, one.id])"); })();
  assert.ok(data.length > 8);
  const places = ["", "#/cards", "#/cards?by=team", "#/gaps?by=persona", "#/matrix", "#/matrix/skills", "#/matrix/interactions", "#/matrix/people", "#/maps/process", "#/maps/architecture", "#/graph", "#/people", "#/assessment", "#/print?parts=cards,page,gaps,maps,people,assessment",
    "#/gaps?q=" + encodeURIComponent(attack), "#/" + encodeURIComponent(attack) + "/" + encodeURIComponent(attack), "#/%E0%A4%A", ...data.map(([kind, id]) => `#/${kind}/${encodeURIComponent(id)}`), ...data.map(([kind, id]) => `#/graph/${kind}/${encodeURIComponent(id)}`)];
  for (const place of places) {
    await page.evaluate(`location.hash = ${JSON.stringify(place || "#/")}`);
    await page.until("document.querySelector('main h1')");
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    await page.evaluate("new Promise((done) => requestAnimationFrame(done))");
    const bad = await page.evaluate("[window.boom === undefined ? '' : 'something ran', ...[...document.querySelectorAll('main script, main img, main iframe, main style, main object, main base, main form')].map((one) => one.outerHTML), ...[...document.querySelectorAll('[href]')].map((one) => one.getAttribute('href')).filter((one) => !/^#/.test(one) && one !== 'https://example.com/course'), ...[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes]).filter((one) => one.name.startsWith('on')).map((one) => one.name)].filter(Boolean)");
    assert.deepEqual(bad, [], place);
  }
  await page.evaluate(`location.hash = "#/skill/toString"`);
  await page.until("document.querySelector('a[href^=\"https://example.com\"]')");
});

test("an empty and a broken catalog open, and say what to do", async (page) => {
  const nothing = report(catalog("nothing", { "catalog.yaml": "kind: Catalog\nname: Nothing yet\n" }), "nothing");
  for (const place of ["", "#/cards", "#/graph", "#/matrix", "#/maps/process", "#/maps/architecture", "#/gaps", "#/people", "#/assessment", "#/print"]) {
    await page.open(nothing + place);
  }
  await page.open(`${nothing}#/cards`);
  assert.match(await page.evaluate("document.body.innerText"), /persona new persona NAME/);
  const broken = report(catalog("broken", { "a.yaml": "kind: Persona\nname: [oh\n", "b.yaml": "kind: Persona\nname: Fine\ncomponent_access: [Store]\nteem: x\n" }), "broken");
  await page.open(broken);
  assert.match(await page.evaluate("document.body.innerText"), /2 problems in the files[\s\S]*a\.yaml:/);
});

test("a thousand personas are read, filtered and walked without waiting", async (page) => {
  const folder = join(work, "large");
  run("generate", "--personas", "1000", "--seed", "1", folder);
  const url = report(folder, "large");
  const start = Date.now();
  await page.open(url);
  const opened = Date.now() - start;
  await page.press("1");
  await page.until("document.querySelector('.card')");
  const drawn = await page.evaluate("document.querySelectorAll('.card').length");
  assert.ok(drawn < 1000, `only what is near is drawn, not ${drawn} cards`);
  const filtered = await page.evaluate(`(() => { const box = document.getElementById("filter"); const from = performance.now(); box.value = "persona:p000999"; box.form.requestSubmit(); return [performance.now() - from, document.querySelectorAll(".card").length]; })()`);
  assert.equal(filtered[1], 1);
  await page.evaluate(`location.hash = "#/cards?q=persona%20persona"`);
  await page.until("document.querySelectorAll('.card').length > 1");
  await page.press("G");
  await page.until("document.activeElement.textContent === 'Persona 995' || document.querySelectorAll('.card').length === 1000");
  assert.equal(await page.evaluate("document.querySelectorAll('.card').length"), 1000, "the end of the list is one key away");
  console.log(`    opened in ${opened} ms, filtered in ${Math.round(filtered[0])} ms`);
});

test("served, it follows an edit, keeps its place, and says when the server is gone", async (page) => {
  const folder = catalog("served", { "catalog.yaml": "kind: Catalog\nname: Served\n", "a.yaml": "kind: Persona\nid: P1\nname: Ana\n" });
  const server = spawn(resolve(persona), ["serve", folder], { stdio: ["ignore", "pipe", "ignore"] });
  const address = await new Promise((done) => server.stdout.once("data", (text) => done(/http:\S+/.exec(text)[0])));
  await page.open(`${address}#/persona/P1`);
  await page.until("document.querySelector('h1').textContent === 'Ana'");
  writeFileSync(join(folder, "a.yaml"), "kind: Persona\nid: P1\nname: Berta\n");
  await page.until("document.querySelector('h1')?.textContent === 'Berta'");
  assert.equal(await route(page), "#/persona/P1");
  const outside = page.requests.filter((url) => !url.startsWith(address) && !url.startsWith("about:"));
  assert.deepEqual(outside, []);
  page.requests.length = 0;
  assert.deepEqual(page.errors.filter((text) => !/ERR_INCOMPLETE|Failed to load/.test(text)), []);
  server.kill("SIGINT");
  assert.equal(await new Promise((done) => server.on("exit", done)), 0);
  await page.until("!document.getElementById('banner').hidden");
  page.errors.length = 0;
});

const browser = await chromium(browserPath);
let failed = 0;
for (const [name, body] of tests) {
  const page = await browser.page();
  try {
    await page.size(1280, 900);
    await body(page);
    assert.deepEqual(page.errors, [], "the console is quiet");
    assert.deepEqual(page.requests.filter((url) => !url.startsWith("file:") && !url.startsWith("about:")), [], "no request leaves");
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${error.stack}`);
    if (pictures) writeFileSync(join(pictures, `failed-${failed}.png`), await page.shot().catch(() => ""));
  }
}
await browser.close();
rmSync(work, { recursive: true, force: true });
console.log(`${tests.length - failed} of ${tests.length} hold`);
process.exit(failed ? 1 : 0);
