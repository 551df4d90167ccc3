// The button that turns messages on in this browser. The browser asks its own question only once it is
// pressed; what it answers goes to the service by the form around the button.
import { begin, endMessages, takesMessages } from "./browser.js";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-push]")) {
  const button = form.querySelector("button");
  if (!takesMessages()) say(form, "unable");
  else if (Notification.permission === "denied") say(form, "denied");
  else if (button) button.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button) button.disabled = true;
    void turnOn(form).finally(() => button && (button.disabled = false));
  });
}

async function turnOn(form: HTMLFormElement): Promise<void> {
  say(form, "asking");
  if ((await Notification.requestPermission()) !== "granted") {
    say(form, Notification.permission === "denied" ? "denied" : "undecided");
    return;
  }
  try {
    const { endpoint, keys } = (await begin(form.dataset.push ?? "")).toJSON();
    for (const [name, value] of Object.entries({ endpoint, ...keys })) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value ?? "";
    }
    form.submit();
  } catch {
    await endMessages();
    say(form, "failed");
  }
}

/** Shows the one line of the form that says how it stands. */
function say(form: HTMLFormElement, which: string): void {
  for (const line of form.querySelectorAll<HTMLElement>("[data-push-said]")) line.hidden = line.dataset.pushSaid !== which;
}
