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
    const free = (): void => void (button && (button.disabled = false));
    // What is on its way stays so until its page goes: a second press would end the address just sent.
    addEventListener("pagehide", free, { once: true });
    void turnOn(form).then((sent) => sent || free());
  });
}

/** Whether an address is on its way to the service. */
async function turnOn(form: HTMLFormElement): Promise<boolean> {
  say(form, "asking");
  if ((await Notification.requestPermission()) !== "granted") {
    say(form, Notification.permission === "denied" ? "denied" : "undecided");
    return false;
  }
  try {
    const { endpoint, keys } = (await begin(form.dataset.push ?? "")).toJSON();
    for (const [name, value] of Object.entries({ endpoint, ...keys })) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value ?? "";
    }
    form.submit();
    return true;
  } catch {
    await endMessages();
    say(form, "failed");
    return false;
  }
}

/** Shows the one line of the form that says how it stands. */
function say(form: HTMLFormElement, which: string): void {
  for (const line of form.querySelectorAll<HTMLElement>("[data-push-said]")) line.hidden = line.dataset.pushSaid !== which;
}
