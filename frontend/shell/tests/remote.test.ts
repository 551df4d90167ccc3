// Where a remote's arrows lead: as the eye would go, on a page laid out by hand.
import { parseHTML } from "linkedom";
import { expect, test, vi } from "vitest";
import { enhanceRemote, isRemote, next } from "../remote.js";

interface Box {
  left: number;
  top: number;
  width?: number;
  height?: number;
}

/** A page whose elements lie where their ids say; what has no box is not seen. */
function laidOut(html: string, boxes: Record<string, Box>): Document {
  const { document } = parseHTML(`<html><body>${html}</body></html>`);
  for (const element of document.querySelectorAll<HTMLElement>("body, body *")) {
    const whole = { left: 0, top: 0, width: 1000, height: 2000 };
    const { left, top, width = 40, height = 40 } = boxes[element.id] ?? whole;
    const seen = element.id in boxes;
    const box = { left, top, width, height, right: left + width, bottom: top + height };
    Object.assign(element, {
      getBoundingClientRect: () => box,
      getClientRects: () => (seen ? [box] : []),
      checkVisibility: () => seen,
    });
  }
  return document;
}

const BANNER = `<section data-consent id="banner"><button id="no"></button><button id="yes"></button><a id="choose" href="/"></a></section>
  <main><a id="film" href="/film/"></a><a id="other" href="/other/"></a></main>`;
const PLACES: Record<string, Box> = {
  banner: { left: 0, top: 500, width: 400, height: 100 },
  no: { left: 0, top: 520 },
  yes: { left: 100, top: 520 },
  choose: { left: 200, top: 520 },
  film: { left: 0, top: 100 },
  other: { left: 0, top: 200 },
};
const RIGHT = [1, 0] as const;
const LEFT = [-1, 0] as const;
const DOWN = [0, 1] as const;
const UP = [0, -1] as const;

const led = (page: Document, from: string, way: readonly [number, number]): string | undefined =>
  next(page, page.getElementById(from), way, page)?.id;

test("from nowhere the first of the questions is met, and its no before its yes", () => {
  const page = laidOut(BANNER, PLACES);
  expect(next(page, page.body, DOWN, page)?.id).toBe("no");
  expect(next(page, null, RIGHT, page)?.id).toBe("no");
});

test("without a question it is the first thing of the page's own", () => {
  const page = laidOut(`<header><a id="brand" href="/"></a></header><main><a id="film" href="/"></a></main>`, {
    brand: { left: 0, top: 0 },
    film: { left: 0, top: 100 },
  });
  expect(next(page, page.body, DOWN, page)?.id).toBe("film");
});

test("arrows lead to the nearest that lies their way, and back", () => {
  const page = laidOut(BANNER, PLACES);
  expect(led(page, "no", RIGHT)).toBe("yes");
  expect(led(page, "yes", RIGHT)).toBe("choose");
  expect(led(page, "choose", LEFT)).toBe("yes");
  expect(led(page, "film", DOWN)).toBe("other");
  expect(led(page, "other", UP)).toBe("film");
});

test("nothing lies beyond the last", () => {
  const page = laidOut(BANNER, PLACES);
  expect(led(page, "choose", RIGHT)).toBeUndefined();
  expect(led(page, "film", UP)).toBeUndefined();
});

test("a step aside counts more than one ahead", () => {
  const page = laidOut(`<a id="from" href="/"></a><a id="near" href="/"></a><a id="below" href="/"></a>`, {
    from: { left: 0, top: 0 },
    near: { left: 300, top: 60 },
    below: { left: 0, top: 300 },
  });
  expect(led(page, "from", DOWN)).toBe("below");
});

test("what is hidden or turned off is passed over", () => {
  const page = laidOut(`<a id="from" href="/"></a><button id="off" disabled></button><a id="hidden" href="/"></a><a id="to" href="/"></a>`, {
    from: { left: 0, top: 0 },
    off: { left: 0, top: 50 },
    to: { left: 0, top: 150 },
  });
  expect(led(page, "from", DOWN)).toBe("to");
});

test("what sticks to the window's foot is met after all that it is about", () => {
  const page = laidOut(
    `<form id="form"><div class="choice-save" id="bar"><button id="save"></button></div><input type="radio" id="a"><input type="radio" id="b"></form>`,
    {
      form: { left: 0, top: 0, width: 400, height: 2000 },
      bar: { left: 0, top: 90 },
      save: { left: 0, top: 90 },
      a: { left: 0, top: 0 },
      b: { left: 0, top: 400 },
    },
  );
  expect(led(page, "a", DOWN)).toBe("b");
  expect(led(page, "b", DOWN)).toBe("save");
});

function pressed(page: Document, element: HTMLElement | null, key: string): Event {
  const event = new (page.defaultView as unknown as { Event: typeof Event }).Event("keydown", { bubbles: true, cancelable: true });
  Object.assign(event, { key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false });
  Object.defineProperty(page, "activeElement", { value: element, configurable: true });
  page.dispatchEvent(event);
  return event;
}

test("with a pointer arrows move only inside the questions", () => {
  vi.stubGlobal("navigator", { userAgent: "Firefox" });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  expect(isRemote()).toBe(false);
  const page = laidOut(BANNER, PLACES);
  vi.stubGlobal("HTMLInputElement", class {});
  enhanceRemote(page);
  const focused: string[] = [];
  for (const id of ["no", "yes", "film", "other"]) {
    Object.assign(page.getElementById(id) as object, { focus: () => focused.push(id) });
  }
  expect(pressed(page, page.getElementById("no"), "ArrowRight").defaultPrevented).toBe(true);
  expect(pressed(page, page.getElementById("film"), "ArrowDown").defaultPrevented).toBe(false);
  expect(focused).toEqual(["yes"]);
});

test.each(["Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0)", "Mozilla/5.0 (Web0S; Linux/SmartTV)", "Mozilla/5.0 (Linux; Android 9; AFTMM)"])(
  "a television is known: %s",
  (userAgent) => {
    vi.stubGlobal("navigator", { userAgent });
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    expect(isRemote()).toBe(true);
  },
);
