// The tools under the film: the times of the segment in hand, and a button for every act.
import { make } from "../player/element";
import type { Act } from "./keys";
import type { Labels } from "./labels";
import type { Row } from "./model";
import { PlaceTools } from "./place-tools";
import type { Settings } from "./placing";
import { clock, parseClock } from "./time";

interface Does {
  act(act: Act): void;
  place(place: number): void;
  settings(settings: Settings): void;
  /** The cursor goes back to the line in hand. */
  back(): void;
  retime(start: number, end: number): void;
}

export class Tools {
  readonly element = make("div", { class: "studio-tools" });
  private readonly start = make("input", { inputmode: "decimal", dir: "ltr", size: "11" });
  private readonly end = make("input", { inputmode: "decimal", dir: "ltr", size: "11" });
  private readonly places: PlaceTools;
  private readonly claim: HTMLElement;

  constructor(
    private readonly labels: Labels,
    may: { readonly writes: boolean; readonly times: boolean },
    private readonly does: Does,
    /** The key of an act in words, for its button's title. */
    private readonly keyOf: (act: Act) => string,
  ) {
    const acts = (...names: readonly (readonly [Act, string])[]): HTMLElement =>
      make("div", { class: "studio-acts" }, ...names.map(([name, words]) => this.button(name, words)));
    this.places = new PlaceTools(labels, does, keyOf);
    this.claim = this.button("claim", labels.claim);
    const first = acts(["play", labels.play], ["empty", labels.next], ["jump", labels.jump], ["history", labels.history], ["keys", labels.keys]);
    this.element.append(first);
    if (may.writes) {
      first.append(this.claim, this.button("undo", labels.undo), this.button("redo", labels.redo));
      this.element.append(
        acts(
          ["italic", labels.doItalic],
          ["ruby", labels.doRuby],
          ["song", labels.doSong],
          ["speakers", labels.doSpeakers],
          ["screen", labels.doScreen],
          ["top", labels.doTop],
          ["find", labels.find],
        ),
        this.places.element,
      );
    }
    if (may.times) this.element.append(this.timing(acts));
  }

  /** Shows the times of the segment in hand. */
  show(row: Row): void {
    if (document.activeElement !== this.start) this.start.value = clock(row.start);
    if (document.activeElement !== this.end) this.end.value = clock(row.end);
    this.places.show(row.text);
  }

  /** Opens the fields of a free place, and goes there. */
  free(): void {
    this.places.open();
  }

  /** Whether the segment in hand is one's own: then the button lets it go. */
  claimed(mine: boolean): void {
    this.claim.textContent = mine ? this.labels.letGo : this.labels.claim;
  }

  private timing(acts: (...names: readonly (readonly [Act, string])[]) => HTMLElement): HTMLElement {
    const { labels } = this;
    for (const input of [this.start, this.end]) input.addEventListener("change", () => this.change());
    const times = make(
      "div",
      { class: "studio-times" },
      make("label", {}, labels.start, this.start),
      make("label", {}, labels.end, this.end),
      this.button("setStart", labels.setStart),
      this.button("setEnd", labels.setEnd),
    );
    const cutting = acts(
      ["add", labels.add],
      ["split", labels.split],
      ["merge", labels.merge],
      ["remove", labels.remove],
      ["shift", labels.shift],
      ["stretch", labels.stretch],
      ["chain", labels.chain],
      ["clear", labels.clear],
    );
    const all = make("div", { class: "studio-timing" }, times, cutting);
    return make("details", { class: "studio-cutting", open: true }, make("summary", {}, labels.timing), all);
  }

  private change(): void {
    const [start, end] = [parseClock(this.start.value), parseClock(this.end.value)];
    const sensible = start !== undefined && end !== undefined && start < end;
    for (const input of [this.start, this.end]) input.setAttribute("aria-invalid", String(!sensible));
    if (sensible) this.does.retime(start, end);
  }

  private button(act: Act, words: string): HTMLElement {
    // The key alone: a title is heard after the words of the button, which it would say again.
    const button = make("button", { type: "button", class: "button button-quiet button-small", title: this.keyOf(act) || undefined }, words);
    // The line keeps the cursor: a press of a tool is about where one writes.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => this.does.act(act));
    return button;
  }
}
