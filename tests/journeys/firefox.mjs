// Drives a Firefox by its own protocol (WebDriver BiDi), which needs no driver beside it: node
// --experimental-websocket firefox.mjs FIREFOX URL PREFERENCES. Prints what it saw as JSON.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const [firefox, url, preferences] = process.argv.slice(2);
const profile = mkdtempSync(path.join(tmpdir(), "firefox-"));
const settings = { "remote.active-protocols": 1, ...JSON.parse(preferences) };
const lines = Object.entries(settings).map((pair) => `user_pref(${pair.map((each) => JSON.stringify(each)).join(", ")});`);
writeFileSync(path.join(profile, "user.js"), lines.join("\n"));
const running = spawn(firefox, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], {
  env: { ...process.env, HOME: profile },
});
const end = (code) => {
  running.once("exit", () => {
    rmSync(profile, { recursive: true, force: true });
    process.exit(code);
  });
  running.kill();
};
const address = await new Promise((found, failed) => {
  let said = "";
  running.stderr.on("data", (data) => {
    said += data;
    const match = said.match(/ws:\/\/\S+/);
    if (match) found(match[0]);
  });
  setTimeout(() => failed(new Error(said)), 60000).unref();
}).catch((error) => (console.error(error), end(1)));

const socket = new WebSocket(`${address}/session`);
await new Promise((open) => (socket.onopen = open));
let count = 0;
const waiting = new Map();
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  waiting.get(message.id)?.(message);
};
const send = (method, params = {}) =>
  new Promise((done, failed) => {
    count += 1;
    waiting.set(count, (answer) => (answer.type === "error" ? failed(new Error(answer.message)) : done(answer.result)));
    socket.send(JSON.stringify({ id: count, method, params }));
  });
const go = (context, page) => send("browsingContext.navigate", { context, url: url + page, wait: "complete" });
const ask = async (context, expression) => {
  const answer = await send("script.evaluate", { expression, target: { context }, awaitPromise: true });
  return JSON.parse(answer.result.value);
};
const until = async (context, expression) => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await ask(context, `JSON.stringify(Boolean(${expression}))`)) return true;
    await new Promise((later) => setTimeout(later, 100));
  }
  return false;
};

await send("session.new", { capabilities: {} });
const first = (await send("browsingContext.getTree")).contexts[0].context;
const second = (await send("browsingContext.create", { type: "tab" })).context;
await send("browsingContext.setViewport", { context: first, viewport: { width: 320, height: 640 } });
await go(first, "/help/?lang=en");
await go(second, "/help/?lang=en");
const GONE = "document.querySelector('[data-consent]').dataset.answered === ''";
const WORKER = "navigator.serviceWorker.register('/static/build/site.js').then(() => 'kept', (error) => error.name)";
const seen = {
  sizes: await ask(first, `JSON.stringify([...document.querySelectorAll(".consent .button")].map((each) => {
    const { width, height } = each.getBoundingClientRect();
    return [Math.round(width), Math.round(height)]; }))`),
  fits: await ask(first, "JSON.stringify(document.documentElement.scrollWidth <= innerWidth)"),
  heard: await ask(first, `JSON.stringify(document.querySelector(".consent").innerText.includes("so we don't"))`),
  cookies: (await send("storage.getCookies")).cookies.map(({ name }) => name),
};
await send("browsingContext.activate", { context: first });
const tab = [{ type: "keyDown", value: "\uE004" }, { type: "keyUp", value: "\uE004" }];
await send("input.performActions", { context: first, actions: [{ type: "key", id: "keys", actions: tab }] });
seen.reached = await ask(first, "JSON.stringify(document.activeElement.value ?? '')");
await ask(first, "document.activeElement.click(), JSON.stringify(true)");
seen.answered = await until(first, GONE);
seen.heardElsewhere = await until(second, GONE);
await go(first, "/privacy/choices/?lang=ar");
seen.refused = await ask(first, `JSON.stringify(document.querySelectorAll("input[value=no]:checked").length > 0
  && !document.querySelector("input[value=yes]:checked"))`);
seen.reads = await ask(first, "JSON.stringify(document.dir)");
seen.worker = await ask(first, `${WORKER}.then(JSON.stringify)`);
console.log(JSON.stringify(seen));
await send("browser.close").catch(() => {});
end(0);
