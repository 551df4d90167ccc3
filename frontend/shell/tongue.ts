// Another language is another page, and what was typed into this one would be gone. It is taken along in the
// entry of the browser's history, as browsers keep it themselves on the way back: nothing is stored, nothing sent.

type Typed = readonly (readonly [name: string, at: number, value: string | boolean])[];
type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const CONTROLS = "main form :is(textarea, select, input:not([type=hidden], [type=password], [type=file], [type=search]))[name]";

/** Puts back what came along, and takes along what was typed when the language is changed. */
export function keepTyped(page: Document): void {
  const { typed } = (history.state ?? {}) as { typed?: Typed };
  if (typed) {
    history.replaceState(null, "");
    for (const [name, at, value] of typed) putBack(named(page, name)[at], value);
  }
  page.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const choice = (event.submitter as HTMLButtonElement | null)?.value;
    if (!("tongues" in form.dataset) || !choice || isAnswer(page)) return;
    const changed = typedIn(page);
    if (!changed.length) return;
    event.preventDefault();
    const values = new FormData(form, event.submitter);
    void fetch(form.action, { method: "POST", body: new URLSearchParams(values as never), redirect: "manual" }).then(() =>
      takeAlong(changed, String(values.get("next"))),
    );
  });
  page.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>(".foot-tongues a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || isAnswer(page)) return;
    const changed = typedIn(page);
    if (!changed.length) return;
    event.preventDefault();
    takeAlong(changed, link.href);
  });
}

function takeAlong(typed: Typed, address: string): void {
  history.replaceState({ typed }, "", address);
  location.reload();
}

/** Whether the page is the answer to a form, which a reload would send again. */
function isAnswer(page: Document): boolean {
  return "answer" in page.documentElement.dataset;
}

function typedIn(page: Document): Typed {
  return [...page.querySelectorAll<Control>(CONTROLS)]
    .filter(isChanged)
    .map((each) => [each.name, named(page, each.name).indexOf(each), isTicked(each) ? each.checked : each.value] as const);
}

function named(page: Document, name: string): Control[] {
  return [...page.querySelectorAll<Control>(CONTROLS)].filter((each) => each.name === name);
}

function isTicked(control: Control): control is HTMLInputElement {
  return control.type === "checkbox" || control.type === "radio";
}

function isChanged(control: Control): boolean {
  if (isTicked(control)) return control.checked !== control.defaultChecked;
  if (control instanceof HTMLSelectElement) {
    const first = [...control.options].find((each) => each.defaultSelected) ?? control.options[0];
    return control.selectedOptions[0] !== first;
  }
  return control.value !== control.defaultValue;
}

function putBack(control: Control | undefined, value: string | boolean): void {
  if (!control) return;
  if (typeof value === "boolean") (control as HTMLInputElement).checked = value;
  else control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}
