import { parseHTML } from "linkedom";
import { describe, expect, test, vi } from "vitest";
import { addressIn, begun, enhanceUpload, type Arrival } from "../form.js";

const ARRIVAL: Arrival = { address: "a-b", url: "/x/a-b/", name: "film.mkv", size: 3, modified: 7 };
const file = (name: string, text: string, lastModified: number): File =>
  new File([text], name, { lastModified });

describe("what was begun", () => {
  test("is gone on with when the very same file is chosen", () => {
    expect(begun([ARRIVAL], file("film.mkv", "abc", 7))).toBe(ARRIVAL);
  });
  test.each([
    ["another name", file("films.mkv", "abc", 7)],
    ["another length", file("film.mkv", "abcd", 7)],
    ["changed since", file("film.mkv", "abc", 8)],
  ])("is left alone: %s", (_why, chosen) => {
    expect(begun([ARRIVAL], chosen)).toBeUndefined();
  });
});

test("the address of an arrival is the last part of its place", () => {
  expect(addressIn("https://films.example/desk/upload/parts/abc-DEF/")).toBe("abc-DEF");
  expect(addressIn(null)).toBe("");
});

test.each([
  [200, true],
  [500, false],
])("after an answer of %i the button stays shut: %s", (status, shut) => {
  const dom = parseHTML('<html><body><form action="/desk/upload/"><button>Send</button></form></body></html>');
  const page = new EventTarget();
  const went: string[] = [];
  let answered = (): void => undefined;
  vi.stubGlobal("window", page);
  vi.stubGlobal("location", { assign: (address: string) => went.push(address) });
  vi.stubGlobal("FormData", class {});
  vi.stubGlobal("XMLHttpRequest", class {
    status = status;
    responseURL = "/desk/ingests/1/";
    responseXML = null;
    open = (): void => undefined;
    send = (): void => undefined;
    addEventListener = (name: string, hears: () => void): void => void (name === "load" && (answered = hears));
  });
  const form = dom.document.querySelector("form") as unknown as HTMLFormElement;
  enhanceUpload(form, []);
  form.dispatchEvent(new dom.Event("submit", { cancelable: true }) as unknown as Event);
  answered();
  expect(form.querySelector("button")?.disabled).toBe(shut);
  expect(went).toEqual(shut ? ["/desk/ingests/1/"] : []);
  page.dispatchEvent(new Event("pagehide"));
  expect(form.querySelector("button")?.disabled).toBe(false);
});
