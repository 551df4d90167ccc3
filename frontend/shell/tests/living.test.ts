// An open page shows what others make meanwhile, asks without cookies, and only while somebody looks.
import { parseHTML } from "linkedom";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { live } from "../living.js";

const LINK = '<a href="/studio/k/ko/">한국어</a>';
let page: Document;
let answer: () => Response;
let asked: [string, RequestInit][];
let sight: { visibilityState: string };

beforeEach(() => {
  vi.useFakeTimers();
  page = parseHTML(`<html><body><div data-live="/titles/t/languages/?lang=en">${LINK} 40 %</div></body></html>`).document as unknown as Document;
  sight = { visibilityState: "visible" };
  Object.defineProperty(page, "visibilityState", { get: () => sight.visibilityState });
  asked = [];
  answer = () => new Response(`${LINK} 41 %\n`);
  const fetcher = ((url: string, init: RequestInit) => {
    asked.push([url, init]);
    return Promise.resolve(answer());
  }) as unknown as typeof fetch;
  live(page, fetcher);
});
afterEach(() => void vi.useRealTimers());

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 1000);
const shown = (): string => page.querySelector("[data-live]")?.textContent?.trim() ?? "";

test("it counts up by itself, and asks as nobody", async () => {
  await seconds(5);
  expect(shown()).toBe("한국어 41 %");
  expect(asked).toEqual([["/titles/t/languages/?lang=en", { credentials: "omit", cache: "no-cache" }]]);
});

test("what stayed the same is left alone", async () => {
  await seconds(5);
  const link = page.querySelector("a");
  await seconds(10);
  expect(asked.length).toBeGreaterThan(2);
  expect(page.querySelector("a")).toBe(link);
});

test("nobody who looks away is asked for, and coming back asks at once", async () => {
  sight.visibilityState = "hidden";
  page.dispatchEvent(new (page.defaultView as unknown as typeof globalThis).Event("visibilitychange"));
  await seconds(60);
  expect(asked).toHaveLength(0);
  sight.visibilityState = "visible";
  page.dispatchEvent(new (page.defaultView as unknown as typeof globalThis).Event("visibilitychange"));
  await seconds(0);
  expect(shown()).toBe("한국어 41 %");
});

test("a service that is away is asked ever more seldom, and a title that is gone no more", async () => {
  answer = () => new Response("", { status: 503 });
  await seconds(120);
  expect(asked.length).toBeLessThan(7);
  expect(shown()).toBe("한국어 40 %");
  answer = () => new Response("", { status: 404 });
  await seconds(120);
  const before = asked.length;
  await seconds(300);
  expect(asked).toHaveLength(before);
});

test("on a slow line one question is asked at a time, so that no older answer comes after a newer one", async () => {
  let count = 0;
  const slow = ((): Promise<Response> => {
    count += 1;
    return new Promise((done) => setTimeout(() => done(answer()), 30_000));
  }) as unknown as typeof fetch;
  const other = parseHTML(`<html><body><div data-live="/t/"></div></body></html>`);
  Object.defineProperty(other.document, "visibilityState", { get: () => "visible" });
  live(other.document as unknown as Document, slow);
  await seconds(5);
  for (let turn = 0; turn < 3; turn += 1) other.document.dispatchEvent(new other.Event("visibilitychange"));
  await seconds(20);
  expect(count).toBe(1);
  await seconds(20);
  expect(other.document.querySelector("[data-live]")?.textContent).toContain("41 %");
});
