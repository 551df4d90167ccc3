// Answers the small forms (banner, "why", gates) without leaving the page, so that a film goes on.
// Without script they are ordinary forms that lead back here.
import { ask, type Recorded } from "./choosing.js";
import { tell } from "./hearing.js";
import { renew } from "./renewing.js";

let last: Promise<void> = Promise.resolve();
let pressed: HTMLButtonElement | undefined;

/** Takes the forms marked `data-answers`; what can't be answered in place is sent as ever. */
export function enhanceAnswers(page: Document): void {
  page.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const { submitter } = event;
    if (!form.matches("[data-answers]") || !(submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    if (submitter === pressed) return;
    pressed = submitter;
    // In the order in which they were given: a no may not be overtaken by the yes before it.
    last = last
      .then(() => answer(form, submitter))
      .catch(() => false)
      .then((kept) => {
        if (pressed === submitter) pressed = undefined;
        if (kept) void settle(page, form);
        else send(form, submitter);
      });
  });
}

/** Whether the answer was kept. Where words have changed, or a yes takes a second step, the page of
 *  choices says so. */
async function answer(form: HTMLFormElement, submitter: HTMLButtonElement): Promise<boolean> {
  const { via, next: _, ...said } = Object.fromEntries(new FormData(form, submitter));
  const response = await ask(form.ownerDocument, form.dataset.answers ?? "", { form: via, ...said });
  if (!response?.ok) return false;
  const { confirm, receipt } = (await response.json()) as Recorded;
  if (receipt) leadTo(receipt.page, form.ownerDocument);
  return !confirm;
}

/** Says in the place of the banner, until the next page, where the receipt is. */
function leadTo(receipt: string, page: Document): void {
  const saved = page.querySelector<HTMLElement>("[data-saved]");
  saved?.querySelector("a")?.setAttribute("href", receipt);
  saved?.removeAttribute("hidden");
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
  if (!form.isConnected) form.ownerDocument.body.append(form); // the page was renewed meanwhile
  form.submit();
}
