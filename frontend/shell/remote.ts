// A television's remote has four arrows and one key to press. Inside the questions the arrows lead from
// answer to answer as the eye would; on a device without a pointer they do so on the whole page.

const TELEVISION = /\b(?:Smart-?TV|Tizen|Web0S|HbbTV|BRAVIA|AFT[A-Z]+|GoogleTV|Android TV|NetCast|VIDAA|CrKey)\b/i;
const STOPS = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, textarea, summary";
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

/** Text fields, lists and the player's own controls keep their arrows. */
function takesArrows(element: HTMLElement | null): boolean {
  return Boolean(element?.matches("textarea, select, input:not([type=radio], [type=checkbox])") || element?.closest("[data-player]"));
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
    return stops.find((each) => each.closest("[data-consent]")) ?? stops.find((each) => each.closest("main")) ?? stops[0];
  }
  const here = middle(from);
  let best: HTMLElement | undefined;
  let least = Infinity;
  for (const each of stops) {
    const there = middle(each);
    const ahead = (there.x - here.x) * x + (there.y - here.y) * y;
    const aside = Math.abs((there.x - here.x) * y) + Math.abs((there.y - here.y) * x);
    if (ahead < 4) continue;
    const far = ahead + ASIDE * aside;
    if (far < least) [best, least] = [each, far];
  }
  return best;
}

function visible(element: HTMLElement): boolean {
  return element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
}

/** Where an element is; what sticks to the window's foot counts as lying there. */
function middle(element: HTMLElement): { x: number; y: number } {
  const { left, width, top, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
