// A choice made in one tab counts in all of them: a page compares what it was made for with what holds
// now, when another tab says that something changed, and whenever it comes back into sight (from the
// back/forward cache too). Nothing is written down for that.
import { unchanged } from "./choosing.js";
import { renew } from "./renewing.js";

const CHANNEL = "plainview-choices";
let channel: BroadcastChannel | undefined;
let asking = false;
let again = false;

/** Tells the other tabs what this page was made for. */
export function tell(page: Document): void {
  channel?.postMessage(page.documentElement.dataset.state);
}

/** Listens to other tabs and to coming back. */
export function hear(page: Document): void {
  const { dataset } = page.documentElement;
  if (!dataset.api) return;
  listen(page);
  // An open channel keeps a page from the back/forward cache, and a message drops it from there.
  window.addEventListener("pagehide", () => {
    channel?.close();
    channel = undefined;
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    listen(page);
    void compare(page);
  });
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState === "visible") void compare(page);
  });
  tell(page);
}

function listen(page: Document): void {
  if (!("BroadcastChannel" in window)) return;
  channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }) => data !== page.documentElement.dataset.state && void compare(page));
}

/** Asks what holds now, one question at a time, and renews the page if it is something else; once more if
 *  something was told meanwhile, which the answer may not know. Off the network nothing goes out either,
 *  so that nothing needs to be closed. */
async function compare(page: Document): Promise<void> {
  again = asking;
  if (asking) return;
  asking = true;
  try {
    do {
      again = false;
      if ((await unchanged(page)) === false) await renew(page);
    } while (again);
  } finally {
    asking = false;
  }
}
