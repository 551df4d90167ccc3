// A search box with suggestions is a combobox: keys move through the list, and a late answer is not shown.
import { parseHTML } from "linkedom";
import { beforeEach, expect, test, vi } from "vitest";
import { says, Suggestions } from "../suggesting.js";

const FOUND = [
  { text: "Harbour Lights", language: "en", kind: "Film", href: "/titles/harbour-lights/" },
  { text: "항구", language: "ko", kind: "Series", href: "/titles/harbour/" },
];

let input: HTMLInputElement;
let list: HTMLElement;
let asked: { url: string; signal: AbortSignal; answer: (found: unknown) => void }[];

beforeEach(() => {
  vi.useFakeTimers();
  const page = parseHTML('<html><body><form><input id="q" aria-label="Search"></form></body></html>');
  vi.stubGlobal("document", page.document);
  (page.window.HTMLElement.prototype as unknown as HTMLElement).scrollIntoView = () => undefined;
  input = page.document.querySelector("input") as unknown as HTMLInputElement;
  Object.defineProperty(page.document, "activeElement", { get: () => input });
  asked = [];
  const fetcher = ((url: string, init: RequestInit) =>
    new Promise((resolve) => {
      const answer = (found: unknown): void => resolve({ ok: true, json: () => Promise.resolve(Array.isArray(found) ? { suggestions: found } : found) });
      asked.push({ url, signal: init.signal as AbortSignal, answer });
    })) as unknown as typeof fetch;
  new Suggestions(input, "/search/suggestions/", fetcher);
  list = input.nextElementSibling as HTMLElement;
  event = (name, more = {}) => {
    const made = Object.assign(new page.window.Event(name, { cancelable: true }), more);
    input.dispatchEvent(made as unknown as Event);
    return made as unknown as Event;
  };
});

let event: (name: string, more?: object) => Event;
const type = async (text: string): Promise<void> => {
  input.value = text;
  event("input");
  await vi.advanceTimersByTimeAsync(200);
};
const key = (name: string): Event => event("keydown", { key: name });
const answer = async (place: number, found: unknown = FOUND): Promise<void> => {
  asked[place]?.answer(found);
  await vi.advanceTimersByTimeAsync(0);
};

test("only what says something is asked, once typing rests", async () => {
  expect(["h", "", "ha", "항", "海", "ก"].map(says)).toEqual([false, false, true, true, true, true]);
  await type("h");
  expect(asked).toHaveLength(0);
  input.value = "ha";
  event("input");
  await type("har b");
  expect(asked.map((each) => each.url)).toEqual(["/search/suggestions/?q=har+b"]);
});

test("nothing is asked while an input method composes", async () => {
  input.value = "항";
  event("input", { isComposing: true });
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toHaveLength(0);
  event("compositionend");
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toHaveLength(1);
});

test("keys are the input method's while it composes, also the one that ends it in Safari", async () => {
  await type("har");
  await answer(0);
  for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
    event("keydown", { key: "ArrowDown", ...composing });
    expect(input.hasAttribute("aria-activedescendant")).toBe(false);
  }
  key("ArrowDown");
  expect(input.hasAttribute("aria-activedescendant")).toBe(true);
});

test("a newer question ends the one before, whose answer is not shown", async () => {
  await type("har");
  await type("harb");
  expect(asked[0]?.signal.aborted).toBe(true);
  await answer(0);
  expect(list.hidden).toBe(true);
  await answer(1, FOUND.slice(0, 1));
  expect(list.children).toHaveLength(1);
});

test("arrows walk through the rows and back to the box; Escape closes", async () => {
  await type("har");
  await answer(0);
  expect(input.getAttribute("aria-expanded")).toBe("true");
  expect(list.hidden).toBe(false);
  expect(key("ArrowDown").defaultPrevented).toBe(true);
  expect(input.getAttribute("aria-activedescendant")).toBe(list.children[0]?.id);
  key("ArrowDown");
  expect(list.children[1]?.getAttribute("aria-selected")).toBe("true");
  key("ArrowDown");
  expect(input.getAttribute("aria-activedescendant")).toBe(null);
  key("ArrowUp");
  expect(input.getAttribute("aria-activedescendant")).toBe(list.children[1]?.id);
  key("Escape");
  expect(list.hidden).toBe(true);
  expect(input.getAttribute("aria-expanded")).toBe("false");
});

test("Enter opens the row that is chosen, and else searches", async () => {
  await type("har");
  await answer(0);
  expect(key("Enter").defaultPrevented).toBe(false);
  key("ArrowDown");
  const opened = vi.fn();
  list.querySelector("a")?.addEventListener("click", opened);
  expect(key("Enter").defaultPrevented).toBe(true);
  expect(opened).toHaveBeenCalledOnce();
});

test("names are text and keep their own direction", async () => {
  await type("har");
  await answer(0, [{ text: "<b>x</b>", language: "ar", kind: "Film", href: "/x/" }]);
  const name = list.querySelector("span");
  expect(list.querySelector("b")).toBe(null);
  expect([name?.textContent, name?.getAttribute("dir"), name?.getAttribute("lang")]).toEqual(["<b>x</b>", "auto", "ar"]);
});

test("P2.1.3a: own searches come after what everybody is offered, in everybody's order", async () => {
  await type("har");
  const own = { text: "harbour 3", language: "", kind: "Earlier search", href: "/search/?q=harbour+3" };
  await answer(0, { suggestions: FOUND, searched: [own] });
  const shown = [...list.querySelectorAll("a")].map((link) => link.getAttribute("href"));
  expect(shown).toEqual([...FOUND.map((each) => each.href), own.href]);
});
