// A long upload shows how far it is, and a refusal keeps everything typed and chosen.

/** Sends `form` by script instead of by the browser, with its progress in the page. */
export function enhanceUpload(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

function send(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
  const request = new XMLHttpRequest();
  const over = (): void => {
    if (button) button.disabled = false;
    window.removeEventListener("beforeunload", warn);
  };
  request.open("POST", form.action);
  request.responseType = "document";
  request.upload.addEventListener("progress", (event) => showProgress(form, event));
  request.addEventListener("load", () => {
    over();
    if (request.status === 200) location.assign(request.responseURL);
    else if (request.status === 422 && request.responseXML) showRefusal(form, request.responseXML);
    else showProblem(form, request.responseXML?.querySelector("h1")?.textContent);
  });
  request.addEventListener("error", () => {
    over();
    showProblem(form);
  });
  if (button) button.disabled = true;
  form.querySelector<HTMLElement>("[data-upload-problem]")?.setAttribute("hidden", "");
  window.addEventListener("beforeunload", warn);
  request.send(new FormData(form));
}

function warn(event: Event): void {
  event.preventDefault();
}

function showProgress(form: HTMLFormElement, event: ProgressEvent): void {
  const place = form.querySelector<HTMLElement>("[data-upload-progress]");
  const bar = place?.querySelector("progress");
  if (!place || !bar || !event.lengthComputable) return;
  const share = event.loaded / event.total;
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
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const control = field.querySelector<HTMLElement>("input, select, textarea");
    field.querySelector("[id$=_error]")?.remove();
    control?.removeAttribute("aria-invalid");
    const told = answer.querySelector(`[data-field="${field.dataset.field}"] [id$=_error]`);
    if (!told) continue;
    field.append(document.importNode(told, true));
    control?.setAttribute("aria-invalid", "true");
    control?.setAttribute("aria-describedby", told.id);
  }
  form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}

function showProblem(form: HTMLFormElement, words?: string | null): void {
  form.querySelector<HTMLElement>("[data-upload-progress]")?.setAttribute("hidden", "");
  const place = form.querySelector<HTMLElement>("[data-upload-problem]");
  const text = place?.querySelector("p");
  if (!place || !text) return;
  text.textContent = words || form.dataset.uploadLost || "";
  place.hidden = false;
}
