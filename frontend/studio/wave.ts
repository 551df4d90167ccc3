// The waveform: what is heard, where shots begin, where somebody speaks, and the segments as regions
// whose edges are dragged. Only what is in sight is in the page, however long the film.
import WaveSurfer from "wavesurfer.js";
import Regions, { type Region } from "wavesurfer.js/plugins/regions";
import { make } from "../player/element";
import type { Model, Row } from "./model";
import type { Waveform } from "./outline";
import { wordsOf } from "./placing";
import { lowerBound, type Outline, type Side, snap, type Sticks } from "./snapping";
import { clock } from "./time";
import type { Span } from "./timing";
import { WAVE_HEIGHT } from "./wave-sheet.js";

export interface WaveOptions {
  readonly times: boolean;
  readonly gap: number;
  readonly sticks: () => Sticks;
  readonly follows: () => boolean;
  readonly current: () => number;
  readonly onSelect: (id: number) => void;
  readonly onTime: (id: number, start: number, end: number) => void;
  readonly onCut: (start: number, end: number) => void;
  readonly onSeek: (ms: number) => void;
  readonly proposals: () => readonly Span[];
  /** A proposal was pressed, or its times were changed. */
  readonly onProposal: (span: Span) => void;
}

/** Pixels within which an edge sticks. */
const REACH = 10;
/** Seconds beyond the edges of what is in sight that are ready before they are seen. */
const SPARE = 3;
const LEAST_MS = 200;
/** Regions drawn at once, those about the line in hand: each is measured against each other. */
const MOST_REGIONS = 200;
export const ZOOMS = [10, 25, 50, 100, 200, 400] as const;

export class Wave {
  private readonly surfer: WaveSurfer;
  private readonly regions: ReturnType<typeof Regions.create>;
  private readonly shown = new Map<number, Region>();
  private readonly proposed = new Map<number, Region>();
  private readonly marks = make("div");
  private readonly cursor = make("div");
  private readonly guide = make("div");
  private waiting = false;
  private stop: (() => void) | undefined;

  constructor(
    element: HTMLElement,
    private readonly model: Model,
    private readonly outline: Outline,
    private readonly waveform: Waveform,
    zoom: number,
    private readonly options: WaveOptions,
  ) {
    const ink = getComputedStyle(element).color;
    this.regions = Regions.create();
    this.surfer = WaveSurfer.create({
      container: element,
      height: WAVE_HEIGHT,
      peaks: waveform.peaks,
      duration: waveform.duration,
      waveColor: ink,
      progressColor: ink,
      cursorWidth: 0,
      minPxPerSec: zoom,
      normalize: true,
      barHeight: 0.8,
      autoScroll: false,
      autoCenter: false,
      dragToSeek: false,
      plugins: [this.regions],
    });
    Object.assign(this.marks.style, { position: "absolute", inset: "0", pointerEvents: "none" });
    this.line(this.cursor, "var(--accent)", 2);
    this.line(this.guide, "var(--ink)", 1);
    this.guide.hidden = true;
    const wrapper = this.surfer.getWrapper();
    wrapper.parentElement?.setAttribute("tabindex", "0"); // what scrolls is scrolled by keys as well
    wrapper.append(this.marks, this.cursor, this.guide);
    this.surfer.on("scroll", () => this.soon());
    this.surfer.on("redraw", () => this.soon());
    this.surfer.on("click", (share) => this.options.onSeek(Math.round(share * waveform.duration * 1000)));
    this.regions.on("region-update", (region, side) => this.guideTo(region, side));
    this.regions.on("region-updated", (region, side) => this.letGo(region, side));
    this.regions.on("region-clicked", (region, event) => {
      event.stopPropagation();
      const span = this.proposalOf(region);
      if (span) this.options.onProposal(span);
      else this.options.onSelect(Number(region.id));
    });
    this.regions.on("region-created", (region) => this.cut(region));
    this.draws(matchMedia("(pointer: fine)").matches);
  }

  get zoom(): number {
    return this.surfer.options.minPxPerSec;
  }

  /** Nearer or farther, about the playhead. */
  setZoom(zoom: number, ms: number): void {
    this.surfer.zoom(zoom);
    this.show(ms, true);
    this.refresh();
  }

  /** Rows came, went, moved or changed: soon, once. */
  soon(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.refresh();
    });
  }

  /** The playhead moves; the picture goes along where that is wanted. */
  playhead(ms: number, playing: boolean): void {
    const left = (ms / 1000) * this.scale;
    this.cursor.style.transform = `translateX(${left}px)`;
    if (!playing || !this.options.follows()) return;
    const [scroll, width] = [this.surfer.getScroll(), this.surfer.getWidth()];
    if (left < scroll || left > scroll + 0.85 * width) this.surfer.setScroll(Math.max(0, left - 0.15 * width));
  }

  /** Brings a moment into sight, to the middle if it was out of it (or if `always`). */
  show(ms: number, always = false): void {
    const left = (ms / 1000) * this.scale;
    const [scroll, width] = [this.surfer.getScroll(), this.surfer.getWidth()];
    if (always || left < scroll + 20 || left > scroll + width - 80) this.surfer.setScroll(Math.max(0, left - width / 3));
  }

  /** Pixels a second as drawn. */
  private get scale(): number {
    return this.surfer.getWrapper().clientWidth / this.waveform.duration;
  }

  private refresh(): void {
    const { scale } = this;
    if (!scale) return;
    const from = (this.surfer.getScroll() / scale - SPARE) * 1000;
    const until = from + (this.surfer.getWidth() / scale + 2 * SPARE) * 1000;
    this.showRegions(from, until);
    this.showProposals(from, until);
    this.showMarks(from, until, scale);
  }

  private showRegions(from: number, until: number): void {
    const { model } = this;
    const [first, last] = [Math.max(0, model.from(from) - 2), model.from(until)];
    const held = model.at(this.options.current()) - MOST_REGIONS / 2;
    const begin = Math.max(first, Math.min(held, last - MOST_REGIONS));
    const rows = model.rows.slice(begin, Math.min(last, begin + MOST_REGIONS));
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, region] of this.shown) {
      if (wanted.has(id) || region.isDragging) continue;
      this.shown.delete(id);
      region.remove();
    }
    for (const row of rows) this.showRegion(row);
  }

  private showRegion(row: Row): void {
    const { options } = this;
    const current = row.id === options.current();
    const given = { start: row.start / 1000, end: row.end / 1000 };
    const color = current ? "rgb(255 176 97 / 0.34)" : "rgb(255 255 255 / 0.12)";
    const words = wordsOf(row.text).replace(/<rt>[^<]*<\/rt>|<[^>]*>/g, "").trim() || wordsOf(row.source).trim();
    let region = this.shown.get(row.id);
    if (!region) {
      const content = make("span", { dir: "auto" }, words);
      region = this.regions.addRegion({
        id: String(row.id),
        ...given,
        color,
        content,
        drag: this.moves(current),
        resize: this.moves(current),
        minLength: LEAST_MS / 1000,
      });
      this.shown.set(row.id, region);
    } else if (!region.isDragging && !region.updatingSide) {
      const moved = Math.abs(region.start - given.start) + Math.abs(region.end - given.end) > 0.0004;
      if (moved || region.color !== color) {
        region.setOptions({ ...given, color, drag: this.moves(current), resize: this.moves(current) });
      }
      if (region.content && region.content.textContent !== words) region.content.textContent = words;
    }
    if (!region.element) return;
    region.element.toggleAttribute("data-current", current);
    region.element.style.touchAction = current && options.times ? "pan-y" : "";
  }

  /** Whether dragging moves a segment and its edges: with a mouse any, by finger the one in hand, for
   * on the others a finger scrolls. */
  private moves(current: boolean): boolean {
    return this.options.times && (current || matchMedia("(pointer: fine)").matches);
  }

  private showProposals(from: number, until: number): void {
    const wanted = new Map(
      this.options
        .proposals()
        .filter(({ start, end }) => end > from && start < until)
        .map((span) => [span.id, span]),
    );
    for (const [id, region] of this.proposed) {
      if (wanted.delete(id) || region.isDragging) continue;
      this.proposed.delete(id);
      region.remove();
    }
    for (const [id, { start, end }] of wanted) {
      const region = this.regions.addRegion({
        id: `proposal-${id}`,
        start: start / 1000,
        end: end / 1000,
        color: "rgb(140 220 150 / 0.16)",
        drag: false,
        resize: this.options.times,
      });
      if (region.element) region.element.style.outline = "1px dashed rgb(140 220 150 / 0.8)";
      this.proposed.set(id, region);
    }
  }

  private proposalOf(region: Region): Span | undefined {
    const id = Number(region.id.replace("proposal-", ""));
    return region.id.startsWith("proposal-") ? this.options.proposals().find((span) => span.id === id) : undefined;
  }

  private showMarks(from: number, until: number, scale: number): void {
    const { shots, speech } = this.outline;
    const marks: HTMLElement[] = [];
    for (let at = lowerBound(shots.length, (index) => shots[index] ?? 0, from); at < shots.length; at += 1) {
      const shot = shots[at] ?? 0;
      if (shot > until) break;
      const mark = make("div");
      this.line(mark, "rgb(120 200 255 / 0.75)", 1);
      mark.style.left = `${(shot / 1000) * scale}px`;
      marks.push(mark);
    }
    for (let at = lowerBound(speech.length, (index) => speech[index]?.[1] ?? 0, from); at < speech.length; at += 1) {
      const [start, end] = speech[at] ?? [0, 0];
      if (start > until) break;
      const mark = make("div");
      Object.assign(mark.style, {
        position: "absolute",
        bottom: "0",
        height: "4px",
        left: `${(start / 1000) * scale}px`,
        width: `${((end - start) / 1000) * scale}px`,
        background: "rgb(140 220 150 / 0.8)",
      });
      marks.push(mark);
    }
    this.marks.replaceChildren(...marks);
  }

  private line(mark: HTMLElement, color: string, width: number): void {
    Object.assign(mark.style, {
      position: "absolute",
      top: "0",
      left: "0",
      height: "100%",
      width: `${width}px`,
      background: color,
      pointerEvents: "none",
      zIndex: "6",
    });
  }

  /** Where the edge in hand would fall, as a line and in figures. */
  private guideTo(region: Region, side?: Side): void {
    const { ms } = this.fallen(region, side ?? "start");
    this.guide.hidden = false;
    this.guide.style.left = `${(ms / 1000) * this.scale}px`;
    this.guide.title = clock(ms);
  }

  private letGo(region: Region, side?: Side): void {
    this.guide.hidden = true;
    const proposal = this.proposalOf(region);
    if (proposal) {
      const { ms } = this.fallen(region, side ?? "start");
      return this.options.onProposal({ ...proposal, [side ?? "start"]: ms });
    }
    const row = this.model.get(Number(region.id));
    if (!row) return;
    const { ms } = this.fallen(region, side ?? "start");
    const length = row.end - row.start;
    if (side === "end") this.options.onTime(row.id, row.start, ms);
    else this.options.onTime(row.id, ms, side ? row.end : ms + length);
    this.soon();
  }

  private fallen(region: Region, side: Side): ReturnType<typeof snap> {
    const own = this.model.at(Number(region.id));
    const at = own < 0 ? this.model.from(region.start * 1000) : own;
    const [before, after] = [this.model.rows[at - 1]?.end, this.model.rows[own < 0 ? at : at + 1]?.start];
    const near = {
      within: (REACH / this.scale) * 1000,
      gap: this.options.gap,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
    return snap(Math.round(region[side] * 1000), side, this.outline, this.options.sticks(), near);
  }

  /** Whether a drag over an empty place draws a new segment. A finger scrolls where it does not. */
  draws(on: boolean): void {
    this.stop?.();
    this.stop = on && this.options.times
      ? this.regions.enableDragSelection({ id: "new", color: "rgb(255 176 97 / 0.25)" }, 8)
      : undefined;
    this.surfer.getWrapper().style.touchAction = this.stop ? "pan-y" : "pan-x";
  }

  /** What was drawn is cut where its edges fall. */
  private cut(region: Region): void {
    if (region.id !== "new") return;
    const edge = (side: Side): number => this.fallen(region, side).ms;
    const [start, end] = [edge("start"), edge("end")];
    region.remove();
    if (end - start >= LEAST_MS) this.options.onCut(start, end);
  }
}
