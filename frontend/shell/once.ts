// A form that is on its way isn't sent again by a second press: a double click writes one letter, not two.

// Milliseconds until it can be sent again: a slow server does not answer sooner for being asked twice, and whoever
// stopped waiting may try anew. What is answered by a file leaves its page as it was.
const PATIENCE = 60_000;
const FILE_PATIENCE = 5000;

/** A page that refused a form came by being sent; the way back to it asks for it anew, instead of sending again. */
function askForAgain(): void {
  const [came] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (came?.responseStatus === 422) history.replaceState(history.state, "", location.href);
}

/** Begins after all that answer a form in place: what they took is none of a page's. */
export function sendOnce(page: Document): void {
  page.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.ariaBusy) return event.preventDefault();
    form.ariaBusy = "true";
    askForAgain();
    const free = (): void => void (form.ariaBusy = null);
    setTimeout(free, "file" in form.dataset ? FILE_PATIENCE : PATIENCE);
    addEventListener("pagehide", free, { once: true });
  });
}
