// Opens a page in a browser at several widths and prints, as JSON, what is to be seen.
// Talks the DevTools protocol over a pipe: no port, and nothing to install.
//
// node look.mjs BROWSER PROFILE URL WIDTH[:SCREENSHOT]…
//
// PROFILE is an empty folder, for what the browser writes.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

const [browser, profile, url, ...views] = process.argv.slice(2);
const HEIGHT = 760;
const PATIENCE = 60_000;

const flags = [
  "--headless", "--remote-debugging-pipe", `--user-data-dir=${profile}`, "--no-first-run", "--disable-gpu",
  "--hide-scrollbars", "--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb",
  // The browser refuses its own sandbox to root, whom CI often is.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
const child = spawn(browser, [...flags, "about:blank"], { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] });
const [, , errors, into, out] = child.stdio;
let said = "";
errors.on("data", (data) => { said = (said + data).slice(-4000); });

const fail = (message) => {
  console.error(`${message}\n${said}`);
  end(1);
};
const end = (code) => {
  child.removeAllListeners("exit");
  child.kill("SIGKILL");
  process.exit(code);
};
setTimeout(() => fail(`the browser did not answer within ${PATIENCE / 1000} s`), PATIENCE).unref();
child.on("error", (error) => fail(`cannot start ${browser}: ${error.message}`));
child.on("exit", (code) => fail(`${browser} ended with ${code}`));

// Messages are JSON texts, each ended by a zero byte.
const waiting = new Map();
const events = [];
let last = 0;
let buffer = Buffer.alloc(0);
out.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (let at = buffer.indexOf(0); at >= 0; at = buffer.indexOf(0)) {
    const message = JSON.parse(buffer.subarray(0, at).toString());
    buffer = buffer.subarray(at + 1);
    if (message.id) {
      const { resolve, method } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) fail(`${method}: ${message.error.message}`);
      else resolve(message.result);
    } else {
      events.push(message);
    }
  }
});
let sessionId;
const send = (method, params = {}) =>
  new Promise((resolve) => {
    last += 1;
    waiting.set(last, { resolve, method });
    into.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });
const event = async (method) => {
  while (!events.some((message) => message.method === method)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const ask = async (expression) => {
  const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true });
  if (exceptionDetails) fail(`${expression}: ${exceptionDetails.text}`);
  return result.value;
};
const press = async (key, code) => {
  const text = key.length === 1 ? { text: key } : {};
  await send("Input.dispatchKeyEvent", { type: "keyDown", key, windowsVirtualKeyCode: code, ...text });
  await send("Input.dispatchKeyEvent", { type: "keyUp", key, windowsVirtualKeyCode: code });
};
const colour = (selector, property) =>
  ask(`getComputedStyle(document.querySelector(${JSON.stringify(selector)}) ?? document.body).${property}`);
const shownRows = () => ask('[...document.querySelectorAll(".row")].filter((row) => row.checkVisibility()).length');

const look = async (width, screenshot) => {
  events.length = 0;
  await send("Emulation.setDeviceMetricsOverride", { width, height: HEIGHT, deviceScaleFactor: 1, mobile: width < 600 });
  await send("Emulation.setEmulatedMedia", { media: "screen", features: [{ name: "prefers-color-scheme", value: "light" }] });
  await send("Page.navigate", { url });
  await event("Page.loadEventFired");
  const seen = {
    width,
    contentWidth: await ask("document.documentElement.scrollWidth"),
    title: await ask("document.title"),
    rows: await shownRows(),
    links: await ask('document.querySelectorAll(".row a").length'),
    stale: await colour(".badge.stale", "color"),
    attacked: await ask("typeof window.attacked"),
  };
  if (screenshot) {
    const { data } = await send("Page.captureScreenshot", { format: "png" });
    writeFileSync(screenshot, Buffer.from(data, "base64"));
  }
  await press("/", 191);
  seen.focus = await ask("document.activeElement.id");
  await send("Input.insertText", { text: "stale BRF-0001" });
  seen.rowsFound = await shownRows();
  seen.found = await ask('document.getElementById("found").textContent');
  await press("Escape", 27);
  seen.rowsAgain = await shownRows();
  const back = () => colour("body", "backgroundColor");
  seen.light = await back();
  await send("Emulation.setEmulatedMedia", { media: "screen", features: [{ name: "prefers-color-scheme", value: "dark" }] });
  seen.dark = await back();
  await send("Emulation.setEmulatedMedia", { media: "print" });
  seen.printsSearch = await ask('document.getElementById("search").checkVisibility()');
  // Everything that the browser complained about or asked for.
  seen.complaints = events.flatMap(({ method, params }) => {
    if (method === "Runtime.exceptionThrown") return [params.exceptionDetails.exception?.description ?? params.exceptionDetails.text];
    if (method === "Log.entryAdded") return [params.entry.text];
    if (method === "Runtime.consoleAPICalled") return [params.args.map((argument) => argument.value).join(" ")];
    return [];
  });
  seen.requests = events
    .filter(({ method }) => method === "Network.requestWillBeSent")
    .map(({ params }) => params.request.url)
    .filter((requested) => requested !== url);
  return seen;
};

const { targetId } = await send("Target.createTarget", { url: "about:blank" });
({ sessionId } = await send("Target.attachToTarget", { targetId, flatten: true }));
for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
const seen = [];
for (const view of views) {
  const [width, screenshot] = view.split(/:(.*)/s);
  seen.push(await look(Number(width), screenshot));
}
child.removeAllListeners("exit");
await send("Browser.close");
process.stdout.write(`${JSON.stringify(seen, null, 2)}\n`, () => end(0));
