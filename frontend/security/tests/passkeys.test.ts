// A passkey is asked for once, however often its button is pressed on a slow line.
import { parseHTML } from "linkedom";
import { expect, test, vi } from "vitest";

test("a second press asks for no second challenge, and one that failed may be repeated", async () => {
  const dom = parseHTML('<html><body><form data-passkey="login" action="/in/"><p data-passkey-problem="none" hidden></p></form></body></html>');
  const answers: ((response: Response) => void)[] = [];
  vi.stubGlobal("document", dom.document);
  vi.stubGlobal("window", {});
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("fetch", () => new Promise((done) => answers.push(done)));
  await import("../passkeys.js");
  const press = (): boolean => dom.document.querySelector("form")?.dispatchEvent(new dom.Event("submit", { bubbles: true, cancelable: true })) ?? true;
  expect([press(), press(), answers.length]).toEqual([false, false, 1]);
  answers[0]?.(new Response("", { status: 503 }));
  await vi.waitFor(() => expect(dom.document.querySelector("p")?.hidden).toBe(false));
  press();
  expect(answers).toHaveLength(2);
});
