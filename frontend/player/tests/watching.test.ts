// How one likes the player is kept as it was said last, also where a slow line lets requests overtake each other.
import { parseHTML } from "linkedom";
import { expect, test, vi } from "vitest";

test("the account is told of the newest liking after those before it, and at once where the page goes", async () => {
  const dom = parseHTML('<html><body><div data-player data-kept="account" data-keep="/keep/"><video></video></div></body></html>');
  const page = new EventTarget();
  const fetched: string[] = [];
  const beacons: string[] = [];
  const answers: ((response: Response) => void)[] = [];
  vi.stubGlobal("document", dom.document);
  vi.stubGlobal("window", page);
  vi.stubGlobal("sessionStorage", { getItem: () => null });
  vi.stubGlobal("navigator", { sendBeacon: (_: string, body: URLSearchParams) => Boolean(beacons.push(String(body))) });
  vi.stubGlobal("fetch", (_: string, { body }: { body: URLSearchParams }) => {
    fetched.push(String(body));
    return new Promise((done) => answers.push(done));
  });
  await import("../watching");
  const like = (size: string): void => {
    const event = Object.assign(new dom.Event("plainview:preferences"), { detail: { size } });
    dom.document.querySelector("[data-player]")?.dispatchEvent(event);
  };
  for (const size of ["100", "120", "150"]) like(size);
  expect(fetched).toEqual(["size=100"]);
  answers[0]?.(new Response());
  await vi.waitFor(() => expect(fetched).toEqual(["size=100", "size=150"]));
  like("200");
  page.dispatchEvent(new Event("pagehide"));
  expect(beacons).toEqual(["size=200"]);
});
