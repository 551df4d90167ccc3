// Answers the small forms (banner, "why", gates) without leaving the page, so that a film goes on.
// Without script they are ordinary forms that lead back here.
import { tell } from "./hearing.js";
import { renew } from "./renewing.js";

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
  // Asked again at once: the browser kept no cookie. The page of choices says so.
  if (banner && fresh?.getElementById("consent")) location.assign(banner.dataset.lost ?? location.href);
  tell(page);
}

function send(form: HTMLFormElement, { name, value }: HTMLButtonElement): void {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
  form.submit();
}
