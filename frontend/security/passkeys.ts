// The browser's part of a passkey: asks the person, and sends what the key says with the form.
// A form says which part by data-passkey: `create` and `use` carry their options, `login` fetches.

import { said, toMake, toProve } from "./wire";

type Options = { publicKey: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON };

async function options(form: HTMLFormElement): Promise<Options> {
  const carried = form.querySelector("[data-passkey-options]")?.textContent;
  if (carried) return JSON.parse(carried) as Options;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`no options: ${answer.status}`);
  return ((await answer.json()) as { request_options: Options }).request_options;
}

async function create(form: HTMLFormElement, { publicKey }: Options): Promise<Credential | null> {
  const alone = form.querySelector<HTMLInputElement>("[name=passwordless]")?.checked ?? false;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  };
  return navigator.credentials.create({ publicKey: toMake(publicKey) });
}

const use = async ({ publicKey }: Options): Promise<Credential | null> =>
  navigator.credentials.get({ publicKey: toProve(publicKey) });

/** Says what went wrong: the browser has no passkeys, the device has one already, or else. */
function tell(form: HTMLFormElement, fault: unknown): void {
  const twice = fault instanceof DOMException && fault.name === "InvalidStateError";
  const why = !("PublicKeyCredential" in window) ? "none" : twice ? "twice" : "unused";
  for (const problem of problems(form)) problem.hidden = problem.dataset.passkeyProblem !== why;
}

const problems = (form: HTMLFormElement): NodeListOf<HTMLElement> =>
  form.querySelectorAll<HTMLElement>("[data-passkey-problem]");

/** Asks one question at a time: a second would take the challenge of the first from it, whose answer then fails. */
async function ask(form: HTMLFormElement): Promise<void> {
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  const free = (): void => void (form.ariaBusy = null);
  addEventListener("pagehide", free, { once: true });
  for (const problem of problems(form)) problem.hidden = true;
  try {
    const asked = await options(form);
    const key = await (form.dataset.passkey === "create" ? create(form, asked) : use(asked));
    const field = form.querySelector<HTMLInputElement>("[name=credential]");
    if (!field || !(key instanceof PublicKeyCredential)) throw new Error("no key");
    field.value = JSON.stringify(said(key));
    const shared = document.querySelector<HTMLInputElement>("input[type=checkbox][name=shared]");
    if (shared?.checked) form.append(shared.cloneNode());
    form.submit();
  } catch (fault) {
    tell(form, fault);
    free();
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask(form);
  });
}
