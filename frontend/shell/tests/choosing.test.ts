// The pages' client of the API: where it asks, in which language, and what it makes of the answer.
import { expect, test, vi } from "vitest";
import { ask, unchanged } from "../choosing.js";

const page = { documentElement: { dataset: { api: "/api/v1/", state: "a1b2" }, lang: "ar" } } as unknown as Document;

function answering(status: number): ReturnType<typeof vi.fn> {
  const body = [204, 304].includes(status) ? null : "{}";
  const fetched = vi.fn(() => Promise.resolve(new Response(body, { status })));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

test("an answer goes to the API as JSON, in the page's language", async () => {
  const fetched = answering(200);
  await ask(page, "choices", { form: "banner", answer: "reject" });
  const [address, sent] = fetched.mock.calls[0] as [string, RequestInit];
  expect(address).toBe("/api/v1/choices?lang=ar");
  expect(sent).toMatchObject({ method: "POST", body: '{"form":"banner","answer":"reject"}' });
  expect(sent.headers).toEqual({ "Content-Type": "application/json" });
});

test("an answer is sent even if its page is left at once", async () => {
  const fetched = answering(200);
  await ask(page, "choices", { form: "banner", answer: "reject" });
  expect((fetched.mock.calls[0] as [string, RequestInit])[1].keepalive).toBe(true);
});

test("the page's own state is what it asks about", async () => {
  const fetched = answering(304);
  expect(await unchanged(page)).toBe(true);
  const [, sent] = fetched.mock.calls[0] as [string, RequestInit];
  expect(sent.headers).toEqual({ "If-None-Match": 'W/"a1b2.ar"' });
  expect(sent.method).toBeUndefined();
});

test.each([
  [200, false],
  [500, undefined],
  [401, undefined],
])("%i says %j", async (status, said) => {
  answering(status);
  expect(await unchanged(page)).toBe(said);
});

test("off the network nobody knows, and nothing is thrown", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  expect(await ask(page, "choices", {})).toBeUndefined();
  expect(await unchanged(page)).toBeUndefined();
});

test("what nobody reads is let go of", async () => {
  const cancelled = vi.fn();
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(new ReadableStream({ cancel: cancelled }))));
  await unchanged(page);
  expect(cancelled).toHaveBeenCalledOnce();
});
