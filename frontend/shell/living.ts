// What others make while a page is open shows on it: an element marked `data-live` goes on asking for its
// inside while somebody looks. It asks without cookies, so for everybody alike.

const EVERY = 4000;
const AWAY = 60_000;

/** Keeps every `data-live` of the page as it is now, until its address is gone. */
export function live(page: Document, ask: typeof fetch = fetch): void {
  for (const element of page.querySelectorAll<HTMLElement>("[data-live]")) follow(page, element, ask);
}

function follow(page: Document, element: HTMLElement, ask: typeof fetch): void {
  let wait = EVERY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false; // one question at a time: on a slow line an older answer may come after a newer one
  const again = (): void => {
    clearTimeout(timer);
    if (page.visibilityState === "visible") timer = setTimeout(() => void look(), wait);
  };
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const response = await ask(element.dataset.live ?? "", { credentials: "omit", cache: "no-cache" });
      if (response.status === 404) return;
      if (!response.ok) throw new Error(String(response.status));
      show(page, element, await response.text());
      wait = EVERY;
    } catch {
      wait = Math.min(2 * wait, AWAY);
    }
    looking = false;
    again();
  };
  page.addEventListener("visibilitychange", () => (page.visibilityState === "visible" ? void look() : again()));
  again();
}

/** Puts what is new in its place; whoever stood on a link stays on it. */
function show(page: Document, element: HTMLElement, html: string): void {
  const fresh = element.cloneNode() as HTMLElement;
  fresh.innerHTML = html;
  if (fresh.innerHTML.trim() === element.innerHTML.trim()) return;
  const held = element.contains(page.activeElement) ? page.activeElement?.getAttribute("href") : undefined;
  element.replaceChildren(...fresh.childNodes);
  const links = [...element.querySelectorAll<HTMLAnchorElement>("a[href]")];
  if (held) links.find((each) => each.getAttribute("href") === held)?.focus({ preventScroll: true });
}
