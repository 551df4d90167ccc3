// The lines of the film beside the picture: they follow the play, are searched, and lead to their place.
import { composes } from "../shell/composing";
import type { Captions } from "./captions";
import { make } from "./element";
import { icon } from "./icons";
import { fill, type Labels } from "./labels";
import { finding, lineAt, linesOf, type Line } from "./lines";
import { formatTime } from "./time";

/** How many lines are in the page at a time; the list is longer than anybody scrolls at once. */
const SHOWN = 400;

export class LinesPanel {
  readonly element: HTMLElement;
  private readonly list = make("ol", { class: "pv-lines-list", role: "list" });
  private readonly found = make("p", { class: "pv-lines-found", role: "status" });
  private readonly search: HTMLInputElement;
  private readonly languages: HTMLSelectElement;
  private readonly heading: HTMLElement;
  private lines: readonly Line[] = [];
  private shown: readonly number[] = [];
  private track = -1;
  private following = true;
  private marked: HTMLElement | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly captions: Captions,
    private readonly labels: Labels,
    private readonly onToggle: (open: boolean) => void,
  ) {
    this.search = make("input", { type: "search", class: "pv-lines-search", placeholder: labels.linesSearch, "aria-label": labels.linesSearch, autocomplete: "off", maxlength: "100" });
    const options = captions.tracks.map(({ label, lang }, index) => make("option", { value: String(index), lang }, label));
    this.languages = make("select", { class: "pv-lines-language", "aria-label": labels.captions }, ...options);
    this.heading = make("h2", { class: "pv-lines-title", tabindex: "-1" }, labels.lines);
    const close = make("button", { type: "button", class: "pv-button", "aria-label": labels.close }, icon("close"));
    this.element = make(
      "aside",
      { class: "pv-lines", hidden: true, "aria-label": labels.lines },
      make("div", { class: "pv-lines-head" }, this.heading, this.languages, close),
      this.search,
      this.found,
      this.list,
    );
    this.element.dir = document.documentElement.dir || "ltr";
    close.addEventListener("click", () => this.toggle());
    this.search.addEventListener("input", () => this.draw());
    this.languages.addEventListener("change", () => void this.load(Number(this.languages.value)));
    this.list.addEventListener("click", (event) => this.pick(event));
    this.list.addEventListener("wheel", () => (this.following = false), { passive: true });
    this.list.addEventListener("touchmove", () => (this.following = false), { passive: true });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    video.addEventListener("timeupdate", () => this.follow());
    video.addEventListener("seeking", () => (this.following = true));
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  toggle(): void {
    const { element } = this;
    element.hidden = !element.hidden;
    this.onToggle(this.open);
    if (!this.open) return;
    this.following = true;
    void this.load(this.captions.current >= 0 ? this.captions.current : this.captions.last);
    this.heading.focus({ preventScroll: true });
  }

  private async load(track: number): Promise<void> {
    this.track = track;
    this.languages.value = String(track);
    this.found.textContent = this.labels.linesEmpty;
    try {
      const lines = linesOf(await this.captions.cuesOf(track));
      if (this.track !== track) return;
      this.lines = lines;
      this.draw();
    } catch {
      if (this.track !== track) return;
      this.found.textContent = this.labels.saidCaptionsFailed;
    }
  }

  private draw(): void {
    const { lines, labels } = this;
    const query = this.search.value.trim();
    this.shown = finding(lines, query);
    const here = this.shown.findIndex((index) => index >= lineAt(lines, this.video.currentTime));
    const first = query ? 0 : Math.max(0, here - SHOWN / 2);
    const lang = this.captions.tracks[this.track]?.lang ?? "";
    this.list.lang = lang;
    this.list.replaceChildren(...this.shown.slice(first, first + SHOWN).map((index) => this.row(index)));
    this.found.textContent = !query ? "" : this.shown.length ? fill(labels.linesFound, { count: this.shown.length }) : labels.linesNone;
    this.marked = undefined;
    this.follow();
  }

  private row(index: number): HTMLElement {
    const { start, text } = this.lines[index] as Line;
    const button = make(
      "button",
      { type: "button", class: "pv-line", "data-line": String(index) },
      make("span", { class: "pv-line-time", dir: "ltr" }, formatTime(start, this.video.duration)),
      make("span", { class: "pv-line-text", dir: "auto" }, text),
    );
    return make("li", {}, button);
  }

  private pick(event: Event): void {
    const row = (event.target as Element).closest<HTMLElement>("[data-line]");
    const line = this.lines[Number(row?.dataset.line ?? -1)];
    if (!line) return;
    this.video.currentTime = line.start + 0.01;
    this.following = true;
    this.follow();
  }

  /** Marks the line being said, and keeps it in sight unless somebody scrolled away. */
  private follow(): void {
    if (!this.open) return;
    const index = lineAt(this.lines, this.video.currentTime);
    if (this.marked?.dataset.line === String(index)) return;
    this.marked?.removeAttribute("aria-current");
    this.marked = this.list.querySelector<HTMLElement>(`[data-line="${index}"]`) ?? undefined;
    if (!this.marked) {
      if (!this.search.value.trim() && this.shown.includes(index)) this.draw();
      return;
    }
    this.marked.setAttribute("aria-current", "true");
    if (!this.following || this.list.contains(document.activeElement)) return;
    const { list, marked } = this;
    list.scrollTop += marked.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
  }

  private onKey(event: KeyboardEvent): void {
    if (composes(event)) return;
    if (event.key === "Escape") this.toggle();
    const rows = [...this.list.querySelectorAll<HTMLElement>("[data-line]")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    if (event.key === "ArrowDown" && (at >= 0 || event.target === this.search)) rows[at + 1]?.focus();
    else if (event.key === "ArrowUp" && at >= 0) (rows[at - 1] ?? this.search).focus();
    else if (event.key === "Enter" && event.target === this.search) rows[0]?.click();
    else if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
  }
}
