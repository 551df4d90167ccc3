// Answers the small forms (banner, "why") without leaving the page, so that a film goes on. Without
// script they are ordinary forms that lead back here.

/** Takes the forms marked `data-answers`; what can't be answered in place is sent as ever. */
export function enhanceAnswers(page: Document): void {
  page.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const { submitter } = event;
    if (!form.matches("[data-answers]") || !(submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    void answer(form, submitter).then((kept) => (kept ? settle(page, form) : send(form, submitter)));
  });
}

/** Whether the answer was kept: the service then leads back, and says anything else as a page. */
async function answer(form: HTMLFormElement, submitter: HTMLButtonElement): Promise<boolean> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) body.append(name, String(value));
  try {
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    return response.type === "opaqueredirect";
  } catch {
    return false;
  }
}

async function settle(page: Document, form: HTMLFormElement): Promise<void> {
  const banner = page.querySelector<HTMLElement>("[data-consent]");
  if (banner) {
    // It keeps its place until the next page: nothing moves.
    banner.dataset.answered = "";
    if (banner.contains(form)) page.querySelector("main")?.focus({ preventScroll: true });
  }
  const fresh = await renew(page);
  page.dispatchEvent(new CustomEvent("plainview:answered", { detail: fresh }));
}

/** Puts what the answer changed (`data-renew`, by id) in its new words; returns the page as it is now. */
async function renew(page: Document): Promise<Document | undefined> {
  const old = page.querySelectorAll("[data-renew]:not([data-renew] [data-renew])");
  if (!old.length) return undefined;
  const response = await fetch(location.href).catch(() => undefined);
  if (!response?.ok) return undefined;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const focused = page.activeElement?.closest("details");
  const open = [...page.querySelectorAll("details[open][id]")];
  for (const element of old) {
    const next = fresh.getElementById(element.id);
    if (next) element.replaceWith(page.importNode(next, true));
  }
  for (const { id } of open) {
    const again = page.getElementById(id);
    if (again instanceof HTMLDetailsElement) again.open = true;
  }
  if (focused?.id) page.getElementById(focused.id)?.querySelector("summary")?.focus({ preventScroll: true });
  return fresh;
}

function send(form: HTMLFormElement, { name, value }: HTMLButtonElement): void {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
  form.submit();
}
