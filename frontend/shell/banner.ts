// The banner answers without leaving the page, so that a film goes on; without script it is a form.

/** Takes the answers of the banner's form; where that goes wrong, the form is sent as ever. */
export function enhanceBanner(banner: HTMLElement): void {
  const form = banner.querySelector("form");
  form?.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (!(submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    void answer(form, submitter).then((kept) => {
      if (kept) {
        banner.remove();
        document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
        document.dispatchEvent(new CustomEvent("plainview:answered"));
      } else {
        form.append(hidden(submitter));
        form.submit();
      }
    });
  });
}

async function answer(form: HTMLFormElement, submitter: HTMLButtonElement): Promise<boolean> {
  const body = new URLSearchParams(new FormData(form, submitter) as unknown as Record<string, string>);
  try {
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    return response.type === "opaqueredirect";
  } catch {
    return false;
  }
}

function hidden({ name, value }: HTMLButtonElement): HTMLInputElement {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}
