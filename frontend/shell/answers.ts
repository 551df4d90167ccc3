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
  await renew(page);
  page.dispatchEvent(new CustomEvent("plainview:answered"));
}

/** Says anew why things are as they are, now that an answer changed them. */
async function renew(page: Document): Promise<void> {
  const old = page.querySelectorAll<HTMLDetailsElement>("[data-why]");
  if (!old.length) return;
  const response = await fetch(location.href).catch(() => undefined);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const element of old) {
    const next = fresh.getElementById(element.id) as HTMLDetailsElement | null;
    if (!next) continue;
    const focused = element.contains(page.activeElement);
    next.open = element.open;
    element.replaceWith(next);
    if (focused) next.querySelector("summary")?.focus({ preventScroll: true });
  }
}

function send(form: HTMLFormElement, { name, value }: HTMLButtonElement): void {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
  form.submit();
}
