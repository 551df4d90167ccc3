// A television's remote has four arrows and one key to press. Inside the questions the arrows lead from
// answer to answer as the eye would; on a device without a pointer they do so on the whole page.

const TELEVISION = /\b(?:Smart-?TV|Tizen|Web0S|HbbTV|BRAVIA|AFT[A-Z]+|GoogleTV|Android TV|NetCast|VIDAA|CrKey)\b/i;
const STOPS = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, textarea, summary";
const STUCK = "[data-consent], .choice-save";
const ASIDE = 3; // how much a step to the side counts against one ahead

/** Whether the page is moved through by arrows alone. */
export function isRemote(): boolean {
  return TELEVISION.test(navigator.userAgent) || matchMedia("(any-pointer: none)").matches;
}

export function enhanceRemote(page: Document): void {
  const remote = isRemote();
  if (remote) page.documentElement.dataset.remote = "";
  page.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const from = page.activeElement as HTMLElement | null;
    const asked = from?.closest<HTMLElement>("[data-consent]");
    if (!remote && !asked) return;
    if (event.key === "Enter" && from instanceof HTMLInputElement && from.matches("[type=radio], [type=checkbox]")) {
      event.preventDefault();
      from.click();
      return;
    }
    const way = WAYS[event.key];
    if (!way || takesArrows(from)) return;
    const to = next(page, from, way, remote ? page : (asked ?? page));
    if (!to && !remote) return;
    event.preventDefault();
    to?.focus();
  });
}

const WAYS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Text fields, lists and the player's own controls keep their arrows; on a television the player lets
 *  those pass that it has no use for. */
function takesArrows(element: HTMLElement | null): boolean {
  return Boolean(element?.matches("textarea, select, input:not([type=radio], [type=checkbox])") || element?.closest("[data-player]:not([data-remote])"));
}

/** The nearest stop that lies that way; from nowhere, the first of the questions. */
export function next(
  page: Document,
  from: HTMLElement | null,
  [x, y]: readonly [number, number],
  within: ParentNode,
): HTMLElement | undefined {
  const stops = [...within.querySelectorAll<HTMLElement>(STOPS)].filter((each) => each !== from && visible(each));
  if (!from || from === page.body || from.id === "main") {
    const first = (where: string): HTMLElement | undefined => stops.find((each) => each.matches(where));
    return first("[data-consent] *") ?? first(`main *:not(${STUCK} *)`) ?? stops[0];
  }
  const here = place(from, from);
  let best: HTMLElement | undefined;
  let least = Infinity;
  for (const each of stops) {
    const there = place(each, from);
    const ahead = (there.x - here.x) * x + (there.y - here.y) * y;
    const aside = y ? apart(here.x, here.w, there.x, there.w) : apart(here.y, here.h, there.y, there.h);
    if (ahead < 4) continue;
    const far = ahead + ASIDE * aside;
    if (far < least) [best, least] = [each, far];
  }
  return best;
}

function visible(element: HTMLElement): boolean {
  return element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
}

/** Where an element is. What sticks to the window's foot lies, for one who comes from elsewhere, where it
 *  stands in the page: after all that it is about. */
function place(element: HTMLElement, from: HTMLElement): { x: number; y: number; w: number; h: number } {
  const { left, width, top, height } = element.getBoundingClientRect();
  const stuck = element.closest(STUCK);
  const end = stuck && !stuck.contains(from) ? stuck.parentElement?.getBoundingClientRect().bottom : undefined;
  return { x: left + width / 2, y: end ?? top + height / 2, w: width, h: height };
}

/** How far two stretches are from touching, by their middles and lengths. */
function apart(one: number, length: number, other: number, its: number): number {
  return Math.max(0, Math.abs(one - other) - (length + its) / 2);
}
