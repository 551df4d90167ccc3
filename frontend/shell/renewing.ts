// Puts what an answer changed into its new words, and ends what it no longer permits.
import { forget } from "./forgetting.js";

let newest: Promise<Document | undefined> | undefined;

/** Makes the page say what it would say now. Without an answer from the service everything that needs
 *  a permission is closed. Returns the page as it is now. Of several on their way the one that was asked
 *  for last counts: on a slow line an older one may come after it, and would open what was closed. */
export function renew(page: Document): Promise<Document | undefined> {
  const mine: Promise<Document | undefined> = load().then((fresh) => (mine === newest ? show(page, fresh) : newest));
  newest = mine;
  return mine;
}

function show(page: Document, fresh: Document | undefined): Document | undefined {
  const { dataset } = page.documentElement;
  if (fresh) {
    const now = fresh.documentElement.dataset;
    for (const name of ["state", "forget", "hear"]) {
      if (now[name] === undefined) delete dataset[name];
      else dataset[name] = now[name];
    }
    replace(page, fresh);
    const banner = page.querySelector<HTMLElement>("[data-consent]");
    if (banner && !fresh.getElementById("consent")) banner.dataset.answered = "";
  } else {
    for (const gate of page.querySelectorAll("consent-gate")) gate.replaceChildren();
  }
  forget(page);
  page.dispatchEvent(new CustomEvent("plainview:answered", { detail: fresh }));
  return fresh;
}

async function load(): Promise<Document | undefined> {
  try {
    const response = await fetch(location.href);
    if (!response.ok) return undefined;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return undefined;
  }
}

/** Every element marked `data-renew` gives way to the one of its id; one that is unchanged stays. */
function replace(page: Document, fresh: Document): void {
  const old = page.querySelectorAll("[data-renew]:not([data-renew] [data-renew])");
  const focused = page.activeElement?.closest("details");
  const open = [...page.querySelectorAll("details[open][id]")];
  for (const element of old) {
    const next = fresh.getElementById(element.id);
    if (!next) element.replaceChildren();
    else if (element.innerHTML !== next.innerHTML) element.replaceWith(page.importNode(next, true));
  }
  for (const { id } of open) {
    const again = page.getElementById(id);
    if (again instanceof HTMLDetailsElement) again.open = true;
  }
  if (focused?.id) page.getElementById(focused.id)?.querySelector("summary")?.focus({ preventScroll: true });
}
