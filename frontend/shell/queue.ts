// The officer's queue by keys: j and k go from row to row, Enter opens as on any link, x ticks, and ?
// opens the legend. Without script the page has the same links and boxes, in the same order.

const ROWS = "[data-queue] tbody tr";

export function enhanceQueue(page: Document): void {
  const legend = page.querySelector<HTMLDetailsElement>("[data-queue-keys]");
  if (!page.querySelector(ROWS) || !legend) return;
  legend.hidden = false;
  page.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || writes(event.target)) return;
    const act = ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act(page, legend);
  });
}

const ACTS: Record<string, (page: Document, legend: HTMLDetailsElement) => void> = {
  j: (page) => step(page, 1),
  k: (page) => step(page, -1),
  x: (page) => here(page)?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click(),
  "?": (_page, legend) => {
    legend.open = !legend.open;
  },
};

function here(page: Document): Element | null {
  return page.activeElement?.closest(ROWS) ?? null;
}

/** To the link of the row that lies so many rows on; from nowhere to the first, or the last. */
function step(page: Document, by: 1 | -1): void {
  const rows = [...page.querySelectorAll(ROWS)];
  const at = rows.indexOf(here(page) as Element);
  const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[to]?.querySelector<HTMLAnchorElement>("a[href]")?.focus();
}

/** Whether keys are letters there: in a field, a list, or whatever is edited. */
function writes(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.matches) return false;
  return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}

if (typeof document !== "undefined") enhanceQueue(document);
