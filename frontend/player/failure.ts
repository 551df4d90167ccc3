// What is shown when the film can't go on: a sentence that says what to do, and one thing to press.
import { make } from "./element";
import type { LabelKey, Labels } from "./labels";
import type { Problem } from "./stream";

const SENTENCES = {
  network: "errorNetwork",
  stalled: "errorStalled",
  missing: "errorMissing",
  closed: "errorClosed",
  media: "errorMedia",
  unsupported: "errorUnsupported",
} as const satisfies Record<Problem, LabelKey>;

/** A lost connection or a slow one matters only once what is buffered has been played. */
const PASSING = new Set<Problem>(["network", "stalled"]);

export class Failure {
  readonly element: HTMLElement;
  private readonly sentence = make("p", {});
  private readonly retryButton: HTMLElement;
  private readonly reloadLink: HTMLAnchorElement;
  private problem: Problem | null = null;
  private said = "";

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly labels: Labels,
    retry: () => void,
  ) {
    this.retryButton = make("button", { type: "button", class: "pv-retry" }, labels.retry);
    this.retryButton.addEventListener("click", retry);
    this.reloadLink = make("a", { class: "pv-retry", href: location.href }, labels.reload);
    this.reloadLink.addEventListener("click", (event) => {
      event.preventDefault();
      location.reload();
    });
    this.element = make(
      "div",
      { class: "pv-failure", role: "alert", slot: "centered-chrome", noautohide: true, hidden: true },
      this.sentence,
      this.retryButton,
      this.reloadLink,
    );
    this.element.dir = document.documentElement.dir || "ltr";
    for (const event of ["waiting", "stalled", "playing", "canplay", "emptied", "pause"]) {
      video.addEventListener(event, () => this.update());
    }
    for (const event of ["online", "offline"]) window.addEventListener(event, () => this.update());
  }

  /** Is the film standing still because of a problem? */
  get shown(): boolean {
    return !this.element.hidden;
  }

  /** Shows a problem, in the service's own words if it has some; null when it is over. */
  show(problem: Problem | null, said = ""): void {
    this.problem = problem;
    this.said = said;
    this.update();
  }

  private update(): void {
    const { problem, labels } = this;
    const stands = problem !== null && !(PASSING.has(problem) && this.video.readyState >= 3);
    if (stands) {
      const offline = problem === "network" && !navigator.onLine;
      this.sentence.textContent = this.said || (offline ? labels.errorOffline : labels[SENTENCES[problem]]);
      const elsewhere = problem === "closed" || problem === "missing";
      this.retryButton.hidden = elsewhere;
      this.reloadLink.hidden = !elsewhere;
    }
    this.element.hidden = !stands;
  }
}
