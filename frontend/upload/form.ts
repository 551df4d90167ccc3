// Sends the upload form: first the film by pieces (tus), then the words with its address. A refusal, a
// lost connection or a restarted server keep everything typed, chosen and sent.
import { Upload, type DetailedError } from "tus-js-client";

/** A film that this person began to send, as the page says. */
export interface Arrival {
  readonly address: string;
  readonly url: string;
  readonly name: string;
  readonly size: number;
  readonly modified: number;
}

const PIECE_BYTES = 8 * 1024 * 1024;
/** Some quarter of an hour: long enough for a server to be restarted. */
const PAUSES = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, ...Array<number>(25).fill(30_000)];
const FINAL = new Set([400, 401, 403, 404, 405, 412, 413, 415, 429, 507]);

/** What was begun of the very same file: by name, length and when it was last changed. */
export function begun(arrivals: readonly Arrival[], file: File): Arrival | undefined {
  return arrivals.find(
    ({ name, size, modified }) =>
      name === file.name && size === file.size && modified === file.lastModified,
  );
}

/** Sends `form` by script instead of by the browser, with its progress in the page. */
export function enhanceUpload(form: HTMLFormElement, arrivals: readonly Arrival[]): void {
  let sending: Upload | undefined;
  let asking = false;
  const known = [...arrivals];
  const pause = form.querySelector<HTMLButtonElement>("[data-upload-pause]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = form.querySelector<HTMLInputElement>("[name=film]")?.files?.[0];
    if (sending || asking) return;
    prepare(form);
    if (!file) return post(form);
    asking = true;
    void ask(form).then((right) => {
      asking = false;
      if (!right) return over(form);
      sending = begin(form, file, known, (address) => {
        sending = undefined;
        if (!address) return over(form);
        post(form, address);
      });
      pause?.removeAttribute("hidden");
    });
  });
  pause?.addEventListener("click", () => {
    const paused = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(paused));
    if (paused) void sending?.abort();
    else sending?.start();
  });
}

/** Asks what the service makes of the words, before hours are spent on sending; whether the film may follow. */
async function ask(form: HTMLFormElement): Promise<boolean> {
  const values = new FormData(form);
  values.delete("film");
  values.set("asks", "");
  const answer = await fetch(form.action, { method: "POST", body: values }).catch(() => null);
  if (answer?.status !== 422) return true;
  showRefusal(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
  return false;
}

function begin(
  form: HTMLFormElement,
  file: File,
  arrivals: Arrival[],
  end: (address: string | null) => void,
): Upload {
  const earlier = begun(arrivals, file);
  const upload = new Upload(file, {
    endpoint: form.dataset.uploadTo ?? "",
    uploadUrl: earlier?.url ?? null,
    chunkSize: PIECE_BYTES,
    retryDelays: PAUSES,
    // The server knows what was begun and tells it to its sender: nothing is kept in the browser.
    storeFingerprintForResuming: false,
    removeFingerprintOnSuccess: false,
    metadata: { filename: file.name, modified: String(file.lastModified) },
    onShouldRetry: (error: DetailedError) => {
      showProblem(form, form.dataset.uploadAgain);
      return !FINAL.has(error.originalResponse?.getStatus() ?? 0);
    },
    onProgress: (loaded, total) => {
      hideProblem(form);
      showProgress(form, loaded / total);
    },
    onError: (error) => {
      const answer = "originalResponse" in error ? error.originalResponse : null;
      const kind = answer?.getHeader("Content-Type") ?? "";
      showProblem(form, kind.startsWith("text/plain") ? answer?.getBody() : form.dataset.uploadLost);
      end(null);
    },
    onSuccess: () => {
      const address = addressIn(upload.url);
      const { name, size, lastModified: modified } = file;
      if (!earlier) arrivals.push({ address, url: upload.url ?? "", name, size, modified });
      end(address);
    },
  });
  upload.start();
  return upload;
}

/** The last part of an arrival's address, which the form sends instead of the film. */
export function addressIn(url: string | null): string {
  return url?.split("/").filter(Boolean).at(-1) ?? "";
}

function prepare(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
  if (button) button.disabled = true;
  hideProblem(form);
  window.addEventListener("beforeunload", warn);
}

function over(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
  if (button) button.disabled = false;
  form.querySelector("[data-upload-pause]")?.setAttribute("hidden", "");
  window.removeEventListener("beforeunload", warn);
}

function post(form: HTMLFormElement, arrived = ""): void {
  const values = new FormData(form);
  if (arrived) {
    values.delete("film");
    values.set("arrived", arrived);
  }
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";
  request.addEventListener("load", () => {
    if (request.status === 200) {
      // The next page may take its time: until it is there, nothing is sent again.
      window.removeEventListener("beforeunload", warn);
      window.addEventListener("pagehide", () => over(form), { once: true });
      return location.assign(request.responseURL);
    }
    over(form);
    if (request.status === 422 && request.responseXML) showRefusal(form, request.responseXML);
    else showProblem(form, request.responseXML?.querySelector("h1")?.textContent);
  });
  request.addEventListener("error", () => {
    over(form);
    showProblem(form);
  });
  request.send(values);
}

function warn(event: Event): void {
  event.preventDefault();
}

function showProgress(form: HTMLFormElement, share: number): void {
  const place = form.querySelector<HTMLElement>("[data-upload-progress]");
  const bar = place?.querySelector("progress");
  if (!place || !bar) return;
  place.hidden = false;
  bar.value = share * 100;
  const figure = place.querySelector("[data-upload-figure]");
  if (figure) {
    figure.textContent = new Intl.NumberFormat(document.documentElement.lang, {
      style: "percent",
    }).format(share);
  }
}

/** Puts the errors of the answered page beside the fields of this one, whose files stay chosen. */
function showRefusal(form: HTMLFormElement, answer: Document): void {
  form.querySelector<HTMLElement>("[data-upload-progress]")?.setAttribute("hidden", "");
  const controls = "input, select, textarea";
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const there = answer.querySelector(`[data-field="${field.dataset.field}"]`);
    field.querySelector("[id$=_error]")?.remove();
    const told = there?.querySelector("[id$=_error]");
    if (told) field.append(document.importNode(told, true));
    for (const name of ["aria-invalid", "aria-describedby"]) {
      const said = there?.querySelector(controls)?.getAttribute(name);
      if (said) field.querySelector(controls)?.setAttribute(name, said);
      else field.querySelector(controls)?.removeAttribute(name);
    }
  }
  form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}

function hideProblem(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>("[data-upload-problem]")?.setAttribute("hidden", "");
}

function showProblem(form: HTMLFormElement, words?: string | null): void {
  const place = form.querySelector<HTMLElement>("[data-upload-problem]");
  const text = place?.querySelector("p");
  if (!place || !text) return;
  text.textContent = words || form.dataset.uploadLost || "";
  place.hidden = false;
}
