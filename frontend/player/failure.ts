// What is shown when the film can't go on: a sentence, and one thing to do.
import { make } from "./element";
import type { LabelKey, Labels } from "./labels";
import type { Problem } from "./stream";

const SENTENCES = {
  network: "errorNetwork",
  missing: "errorMissing",
  media: "errorMedia",
  unsupported: "errorUnsupported",
} as const satisfies Record<Problem, LabelKey>;

export class Failure {
  readonly element: HTMLElement;
  private readonly sentence = make("p", {});
  private problem: Problem | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly labels: Labels,
    retry: () => void,
  ) {
    const button = make("button", { type: "button", class: "pv-retry" }, labels.retry);
    button.addEventListener("click", retry);
    this.element = make(
      "div",
      { class: "pv-failure", role: "alert", slot: "centered-chrome", noautohide: true, hidden: true },
      this.sentence,
      button,
    );
    this.element.dir = document.documentElement.dir || "ltr";
    for (const event of ["waiting", "stalled", "playing", "canplay", "emptied"]) {
      video.addEventListener(event, () => this.update());
    }
  }

  /** Is the film standing still because of a problem? */
  get shown(): boolean {
    return !this.element.hidden;
  }

  show(problem: Problem | null): void {
    this.problem = problem;
    this.update();
  }

  /** A lost connection matters only once what is buffered has been played. */
  private update(): void {
    const { problem } = this;
    const stands = problem !== null && (problem !== "network" || this.video.readyState < 3);
    if (stands) this.sentence.textContent = this.labels[SENTENCES[problem]];
    this.element.hidden = !stands;
  }
}
