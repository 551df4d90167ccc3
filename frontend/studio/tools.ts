// The tools under the film: the times of the segment in hand, and a button for every act.
import { make } from "../player/element";
import type { Act } from "./keys";
import type { Labels } from "./labels";
import type { Row } from "./model";
import { clock, parseClock } from "./time";

interface Does {
  act(act: Act): void;
  retime(start: number, end: number): void;
  add(): void;
  shift(by: number): void;
}

export class Tools {
  readonly element = make("div", { class: "studio-tools" });
  private readonly start = make("input", { inputmode: "decimal", dir: "ltr", size: "11" });
  private readonly end = make("input", { inputmode: "decimal", dir: "ltr", size: "11" });
  private readonly claim: HTMLElement;
  private row: Row | undefined;

  constructor(
    private readonly labels: Labels,
    may: { readonly writes: boolean; readonly times: boolean },
    private readonly does: Does,
  ) {
    const act = (name: Act, words: string): HTMLElement => this.button(words, () => does.act(name));
    const always = [act("play", labels.play), act("empty", labels.next), act("history", labels.history), act("keys", labels.keys)];
    this.claim = act("claim", labels.claim);
    const writing = may.writes ? [this.claim, act("undo", labels.undo), act("redo", labels.redo)] : [];
    this.element.append(make("div", { class: "studio-acts" }, ...always, ...writing));
    if (may.times) this.element.append(this.timing());
  }

  /** Shows the times of the segment in hand. */
  show(row: Row): void {
    this.row = row;
    this.start.value = clock(row.start);
    this.end.value = clock(row.end);
  }

  /** Whether the segment in hand is one's own: then the button lets it go. */
  claimed(mine: boolean): void {
    this.claim.textContent = mine ? this.labels.letGo : this.labels.claim;
  }

  private timing(): HTMLElement {
    const { labels, does } = this;
    const change = (): void => this.change();
    for (const input of [this.start, this.end]) input.addEventListener("change", change);
    const times = make(
      "div",
      { class: "studio-times" },
      make("label", {}, labels.start, this.start),
      make("label", {}, labels.end, this.end),
      this.button(labels.setStart, () => does.act("setStart")),
      this.button(labels.setEnd, () => does.act("setEnd")),
    );
    const cutting = make(
      "div",
      { class: "studio-acts" },
      this.button(labels.add, () => does.add()),
      this.button(labels.split, () => does.act("split")),
      this.button(labels.merge, () => does.act("merge")),
      this.button(labels.shift, () => this.askShift()),
    );
    const all = make("div", { class: "studio-timing" }, times, cutting, this.shiftDialog);
    return make("details", { class: "studio-cutting" }, make("summary", {}, labels.timing), all);
  }

  private change(): void {
    const [start, end] = [parseClock(this.start.value), parseClock(this.end.value)];
    const sensible = start !== undefined && end !== undefined && start < end;
    for (const input of [this.start, this.end]) input.setAttribute("aria-invalid", String(!sensible));
    if (sensible) this.does.retime(start, end);
  }

  private readonly by = make("input", { type: "number", step: "10", value: "0", required: true, id: "studio-by" });
  private readonly shiftDialog = make("dialog", { class: "studio-keys" });

  private askShift(): void {
    const { labels } = this;
    const move = make("button", { class: "button", value: "move" }, labels.shift);
    const close = make("button", { class: "button button-quiet", value: "" , formnovalidate: true }, labels.close);
    const words = make("label", { for: "studio-by" }, labels.shiftBy);
    const form = make("form", { method: "dialog", class: "stack" }, words, this.by, make("div", { class: "row" }, move, close));
    this.shiftDialog.replaceChildren(form);
    this.shiftDialog.onclose = () => {
      const by = Number.parseInt(this.by.value, 10);
      if (this.shiftDialog.returnValue === "move" && by && this.row) this.does.shift(by);
    };
    this.shiftDialog.returnValue = "";
    this.shiftDialog.showModal();
  }

  private button(words: string, onClick: () => void): HTMLElement {
    const button = make("button", { type: "button", class: "button button-quiet button-small" }, words);
    // The line keeps the cursor: a press of a tool is about where one writes.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", onClick);
    return button;
  }
}
