// A word over the picture for a moment: what a key just did.
import { make } from "./element";

/** Milliseconds a notice stays. */
const STAY = 1200;

export class Notice {
  readonly element = make("p", { class: "pv-notice", role: "status", noautohide: true, slot: "top-chrome" });
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.element.dir = document.documentElement.dir || "ltr";
  }

  /** Shows `text`; a later one takes its place. It stays `stay` milliseconds. */
  say(text: string, stay = STAY): void {
    clearTimeout(this.timer);
    this.element.textContent = text;
    this.element.dataset.shown = "";
    this.timer = setTimeout(() => {
      delete this.element.dataset.shown;
      this.element.textContent = "";
    }, stay);
  }
}
