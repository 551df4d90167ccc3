// A title that stands on a page twice is put aside and taken back by one press at a time.
import { parseHTML } from "linkedom";
import { expect, test, vi } from "vitest";
import { enhanceKeeping } from "../keeping.js";

test("the other button of a title waits for the answer to the first, so that no older press comes last", async () => {
  const button = '<button data-keep name="put" value="later walk"><span data-word>Later</span></button>';
  const dom = parseHTML(`<html><body><form action="/keep/">${button}${button}</form></body></html>`);
  const page = dom.document as unknown as Document;
  const [one, other] = [...page.querySelectorAll("button")] as [HTMLButtonElement, HTMLButtonElement];
  for (const each of [one, other]) Object.defineProperty(each, "form", { get: () => page.querySelector("form") });
  const answers: ((response: Response) => void)[] = [];
  vi.stubGlobal("fetch", () => new Promise((done) => answers.push(done)));
  enhanceKeeping(page);
  one.dispatchEvent(new dom.Event("click", { bubbles: true, cancelable: true }) as unknown as Event);
  other.dispatchEvent(new dom.Event("click", { bubbles: true, cancelable: true }) as unknown as Event);
  expect(answers).toHaveLength(1);
  answers[0]?.(Response.json({ on: true }));
  await vi.waitFor(() => expect(other.ariaBusy).toBeNull());
  other.dispatchEvent(new dom.Event("click", { bubbles: true, cancelable: true }) as unknown as Event);
  expect(answers).toHaveLength(2);
});
