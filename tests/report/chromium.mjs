// A headless Chromium, driven over its own pipe: no package, no port, no network.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function chromium(program) {
  const folder = mkdtempSync(join(tmpdir(), "persona-browser-"));
  const options = ["--headless=new", "--remote-debugging-pipe", `--user-data-dir=${folder}`, "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-default-browser-check", "--window-size=1280,900"];
  if (process.getuid && process.getuid() === 0) options.push("--no-sandbox");
  const child = spawn(program, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const waiting = new Map();
  const listeners = new Set();
  let number = 0, rest = Buffer.alloc(0);
  const died = new Promise((_, fail) => child.on("exit", (code) => fail(new Error(`the browser ended (${code})`))));
  died.catch(() => {});
  child.stdio[4].on("data", (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
      const message = JSON.parse(rest.subarray(0, end).toString());
      if (message.id === undefined) listeners.forEach((listener) => listener(message));
      else {
        const { done, fail } = waiting.get(message.id);
        waiting.delete(message.id);
        message.error ? fail(new Error(message.error.message)) : done(message.result);
      }
    }
  });
  const send = (method, params = {}, sessionId) => Promise.race([died, new Promise((done, fail) => {
    waiting.set(++number, { done, fail });
    child.stdio[3].write(JSON.stringify({ id: number, method, params, sessionId }) + "\0");
  })]);
  return {
    page: () => newPage(send, listeners),
    close: async () => {
      await send("Browser.close").catch(() => {});
      await new Promise((done) => (child.exitCode === null ? child.on("exit", done) : done()));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function newPage(send, listeners) {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const ask = (method, params) => send(method, params, sessionId);
  const page = { errors: [], requests: [], ask };
  const loads = [];
  listeners.add((message) => {
    if (message.sessionId !== sessionId) return;
    const { method, params } = message;
    if (method === "Runtime.exceptionThrown") page.errors.push(params.exceptionDetails.exception?.description || params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) page.errors.push(params.args.map((one) => one.value || one.description).join(" "));
    if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) page.errors.push(`${params.entry.text} ${params.entry.url || ""}`);
    if (method === "Network.requestWillBeSent") page.requests.push(params.request.url);
    if (method === "Page.javascriptDialogOpening") { page.errors.push(`a dialog opened: ${params.message}`); ask("Page.handleJavaScriptDialog", { accept: true }); }
    if (method === "Page.loadEventFired") loads.splice(0).forEach((done) => done());
  });
  for (const domain of ["Runtime", "Log", "Network", "Page"]) await ask(`${domain}.enable`);
  const loaded = () => new Promise((done) => loads.push(done));
  page.evaluate = async (expression) => {
    const { result, exceptionDetails } = await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
    return result.value;
  };
  // Waits for what is said to become so; there is nothing to sleep for.
  page.until = async (expression, what = expression) => {
    const end = Date.now() + 30000;
    // While a page loads itself anew there is none to ask.
    const ask = (text) => page.evaluate(text).catch((error) => { if (!/navigated|context|attached/i.test(error.message)) throw error; return false; });
    while (!(await ask(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`it never came to this: ${what}\n${await ask("location.href + '\\n' + document.body.innerText.slice(0, 600)")}`);
      await ask("new Promise((done) => setTimeout(done, 30))");
    }
  };
  // Always from scratch: of two addresses that differ in the fragment only the second loads nothing.
  page.open = async (url) => {
    for (const next of ["about:blank", url]) {
      const done = loaded();
      await ask("Page.navigate", { url: next });
      await done;
    }
    await page.until("document.querySelector('main h1')");
  };
  page.reloaded = loaded;
  page.size = (width, height) => ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  page.media = (features) => ask("Emulation.setEmulatedMedia", { features: Object.entries(features).map(([name, value]) => ({ name, value })) });
  // A real click, with the mouse, in the middle of what is meant.
  page.click = async (find) => {
    const at = await page.evaluate(`(() => { const node = ${find}; if (!node) return null; node.scrollIntoView({ block: "center" }); const box = (node.getClientRects()[0] || node.getBoundingClientRect()); return [box.x + box.width / 2, box.y + box.height / 2]; })()`);
    if (!at) throw new Error(`there is nothing to click: ${find}`);
    for (const type of ["mousePressed", "mouseReleased"]) await ask("Input.dispatchMouseEvent", { type, x: at[0], y: at[1], button: "left", clickCount: 1 });
  };
  page.press = async (key, modifiers = 0) => {
    const text = key.length === 1 ? key : key === "Enter" ? "\r" : undefined;
    const codes = { Enter: 13, Escape: 27, Tab: 9, ArrowDown: 40, ArrowUp: 38, ArrowLeft: 37, ArrowRight: 39, End: 35 };
    const common = { key, modifiers, windowsVirtualKeyCode: codes[key] || (key.length === 1 ? key.toUpperCase().charCodeAt(0) : 0) };
    await ask("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...common });
    await ask("Input.dispatchKeyEvent", { type: "keyUp", ...common });
  };
  page.type = async (text) => { for (const letter of text) await page.press(letter); };
  page.shot = async (full) => Buffer.from((await ask("Page.captureScreenshot", { format: "png", captureBeyondViewport: Boolean(full) })).data, "base64");
  page.pdf = async () => Buffer.from((await ask("Page.printToPDF", { printBackground: true, preferCSSPageSize: true })).data, "base64");
  return page;
}
