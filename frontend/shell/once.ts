// A form that is on its way isn't sent again by a second press: a double click writes one letter, not two.

const PATIENCE = 5000; // ms; what downloads a file leaves its page as it was

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
    setTimeout(free, PATIENCE);
    addEventListener("pagehide", free, { once: true });
  });
}
