// On a slow line answers overtake each other: what was said and asked for last is what counts.
import { parseHTML } from "linkedom";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

interface Sent {
  url: string;
  body: string;
  reply: (status: number, body?: string) => void;
}

const BODY = '<form data-answers="choices"><input type="hidden" name="via" value="banner"><button name="answer" value="accept">a</button><button name="answer" value="reject">r</button></form>';
const drawn = (state: string): string => `<html lang="en" data-api="/api/v1/" data-state="${state}"><body>${BODY}<p id="said" data-renew>${state}</p></body></html>`;
let page: Document;
let sent: Sent[];
let dom: ReturnType<typeof parseHTML>;

beforeEach(() => {
  vi.resetModules();
  sent = [];
  dom = parseHTML(drawn("first"));
  page = dom.document as unknown as Document;
  Object.assign(page, { importNode: (node: Node, deep: boolean) => node.cloneNode(deep) });
  vi.stubGlobal("document", page);
  vi.stubGlobal("location", { href: "https://films.example/", assign: vi.fn() });
  vi.stubGlobal("HTMLButtonElement", dom.HTMLButtonElement);
  vi.stubGlobal("HTMLDetailsElement", class {});
  vi.stubGlobal("CustomEvent", dom.CustomEvent);
  vi.stubGlobal("DOMParser", class {
    parseFromString = (text: string): unknown => parseHTML(text).document;
  });
  vi.stubGlobal("FormData", class {
    constructor(_form: HTMLFormElement, private readonly button: HTMLButtonElement) {}
    *[Symbol.iterator](): Generator<[string, string]> {
      yield ["via", "banner"];
      yield ["answer", this.button.getAttribute("value") ?? ""];
    }
  });
  vi.stubGlobal("fetch", (url: string, init?: RequestInit) => new Promise<Response>((done) => {
    const reply = (status: number, body = ""): void => done(new Response(status === 304 ? null : body, { status }));
    sent.push({ url, body: String(init?.body ?? ""), reply });
  }));
});
afterEach(() => void vi.unstubAllGlobals());

const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 5));
const said = (): string => page.getElementById("said")?.textContent ?? "";
const KEPT = '{"confirm":null,"receipt":null}';

function press(answer: string): void {
  const submitter = page.querySelector(`button[value=${answer}]`);
  const event = Object.assign(new dom.Event("submit", { bubbles: true, cancelable: true }), { submitter });
  page.querySelector("form")?.dispatchEvent(event as unknown as Event);
}

test("an older page that comes after the newer one changes nothing", async () => {
  const { renew } = await import("../renewing.js");
  const [older, newer] = [renew(page), renew(page)];
  sent[1]?.reply(200, drawn("no"));
  await soon();
  sent[0]?.reply(200, drawn("yes"));
  expect((await older)?.documentElement.dataset.state).toBe("no");
  expect(await newer).toBe(await older);
  expect([said(), page.documentElement.dataset.state]).toEqual(["no", "no"]);
});

test("P2.11a: a no that is given while a yes is on its way arrives after it", async () => {
  const { enhanceAnswers } = await import("../answers.js");
  enhanceAnswers(page);
  press("accept");
  press("reject");
  press("reject");
  await soon();
  expect(sent.map(({ body }) => JSON.parse(body).answer)).toEqual(["accept"]);
  sent[0]?.reply(200, KEPT);
  await soon();
  expect(sent.filter(({ body }) => body).map(({ body }) => JSON.parse(body).answer)).toEqual(["accept", "reject"]);
  sent.find(({ body }) => body.includes("reject"))?.reply(200, KEPT);
  await soon();
  const pages = sent.filter(({ body }) => !body);
  expect([pages.length, sent.length]).toEqual([2, 4]);
  pages[1]?.reply(200, drawn("no"));
  await soon();
  pages[0]?.reply(200, drawn("yes"));
  await soon();
  expect(said()).toBe("no");
});

test("an answer that breaks off holds up none after it", async () => {
  const { enhanceAnswers } = await import("../answers.js");
  const form = page.querySelector("form") as HTMLFormElement;
  form.submit = vi.fn();
  enhanceAnswers(page);
  press("accept");
  press("reject");
  await soon();
  sent[0]?.reply(200, "no JSON");
  await soon();
  expect(form.submit).toHaveBeenCalledOnce();
  expect(JSON.parse(sent[1]?.body ?? "{}").answer).toBe("reject");
});

test("what another tab tells while one asks is asked about once more", async () => {
  const heard: ((event: { data: string }) => void)[] = [];
  vi.stubGlobal("window", Object.assign(new EventTarget(), { BroadcastChannel: true }));
  vi.stubGlobal("BroadcastChannel", class {
    addEventListener = (_: string, hears: (event: { data: string }) => void): void => void heard.push(hears);
    postMessage = (): void => undefined;
  });
  const { hear } = await import("../hearing.js");
  hear(page);
  heard[0]?.({ data: "second" });
  heard[0]?.({ data: "third" });
  await soon();
  expect(sent).toHaveLength(1);
  sent[0]?.reply(304);
  await soon();
  sent[1]?.reply(200, "{}");
  await soon();
  sent[2]?.reply(200, drawn("third"));
  await soon();
  expect(said()).toBe("third");
  expect(sent).toHaveLength(3);
});
