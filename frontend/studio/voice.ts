// What the studio says: how saving stands, in sight, and where an act left one, for who hears the page.
import { make } from "../player/element";
import { fill } from "../player/labels";
import type { Labels } from "./labels";
import type { Model } from "./model";
import { clock } from "./time";

export class Voice {
  private readonly place: HTMLElement | null;
  private readonly heard = make("p", { class: "visually-hidden", role: "status" });
  private said = "";

  constructor(
    root: HTMLElement,
    private readonly model: Model,
    private readonly labels: Labels,
    /** Where one signs in and comes back from. */
    private readonly signIn: string,
  ) {
    this.place = root.querySelector(".studio-state");
    root.append(this.heard);
    const narrow = matchMedia("(width < 44rem)");
    this.stand(root, narrow.matches);
    narrow.addEventListener("change", () => this.stand(root, narrow.matches));
  }

  /** How saving stands is said at the head; on a telephone that scrolls away, so under the film. */
  private stand(root: HTMLElement, narrow: boolean): void {
    if (this.place) root.querySelector(narrow ? ".studio-film" : ".studio-facts")?.append(this.place);
  }

  /** Words at the head of the studio; to who was signed out, the way back in beside them. */
  say(words: string, kind: string): void {
    const { place } = this;
    if (!place || this.said === words) return;
    this.said = words;
    place.textContent = words;
    place.dataset.kind = kind;
    if (kind === "signedOut") place.append(" ", make("a", { class: "link", href: this.signIn }, this.labels.signIn));
  }

  /** What is to be heard and not seen: remarks on the line in hand stand beside it. */
  whisper(words: string): void {
    this.heard.textContent = words;
  }

  /** Which line one stands in now, and from when to when it lasts. */
  tell(id: number): void {
    const row = this.model.get(id);
    if (!row) return;
    const line = fill(this.labels.line, { number: this.model.at(id) + 1, total: this.model.rows.length });
    this.whisper(`${line}, ${clock(row.start)} – ${clock(row.end)}`);
  }
}
