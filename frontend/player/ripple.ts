// What a double tap shows: a half round at the side, with the seconds it went.
import { make } from "./element";
import { icon } from "./icons";
import { fill, type Labels } from "./labels";

const STAY = 650;

export class Ripple {
  readonly element = make("div", { class: "pv-ripple", "aria-hidden": "true", hidden: true, slot: "middle-chrome", noautohide: true });
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly labels: Labels) {}

  show(way: -1 | 1, seconds: number): void {
    const { element } = this;
    clearTimeout(this.timer);
    element.replaceChildren(icon(way < 0 ? "rewind" : "forward"), make("span", {}, fill(this.labels.saidStep, { seconds })));
    element.dataset.way = way < 0 ? "back" : "on";
    element.hidden = false;
    this.timer = setTimeout(() => (element.hidden = true), STAY);
  }
}
