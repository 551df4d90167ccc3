// Subtitles drawn by ourselves: the browser reads the cues (tracks stay `hidden`), we place them, so
// that their look, their timing and a second language are the viewer's to choose.
import { matchLanguage } from "./caption-choice";
import { cueFragment, parseCueText } from "./cue-text";
import { type CuePlace, placeCue } from "./cue-layout";
import { make } from "./element";
import { words } from "./lines";

interface CaptionTrack {
  /** The track's own name for itself, e.g. `العربية`. */
  readonly label: string;
  readonly lang: string;
}

/** So many lines of a track are drawn at once: of more, none can be read, and a page with thousands stands still. */
const MOST_LINES = 100;

const isSubtitle = (track: TextTrack): boolean =>
  track.kind === "subtitles" || track.kind === "captions";

/** What the drawn words are told of a press on one. */
export interface Pressed {
  readonly word: string;
  readonly lang: string;
  readonly cue: { readonly start: number; readonly end: number; readonly text: string };
}

interface CaptionListener {
  onChange: () => void;
  onFailure: () => void;
  /** Somebody pressed a word of a line. */
  onWord: (pressed: Pressed) => void;
}

/** The subtitles of one video, one track of them on and a second beneath it, drawn into `overlay`. */
export class Captions {
  /** Index of the track that is on, or -1, and of the second. */
  current = -1;
  second = -1;
  /** Where the drawn lines stand if they ask for nothing else. */
  place: "foot" | "raised" | "head" = "foot";
  /** The track to come on with: that used last, at first the one of the page's language. */
  last: number;
  private seconds = 0;
  private readonly elements: HTMLTrackElement[];
  private readonly textTracks: TextTrack[];
  /** How far the cues of a track have been moved so far. */
  private readonly moved = new WeakMap<TextTrackCue, number>();

  constructor(
    video: HTMLVideoElement,
    private readonly overlay: HTMLElement,
    private readonly listener: CaptionListener,
  ) {
    this.elements = [...video.querySelectorAll("track")].filter(({ track }) => isSubtitle(track));
    this.textTracks = this.elements.map(({ track }) => track);
    const offered = this.textTracks.map(({ language }) => language);
    this.last = Math.max(0, matchLanguage(document.documentElement.lang, offered));
    this.elements.forEach((element, index) => {
      element.track.mode = "disabled";
      element.track.addEventListener("cuechange", () => this.draw());
      element.addEventListener("load", () => this.move(element.track));
      element.addEventListener("error", () => {
        if (index === this.second) this.selectSecond(-1);
        if (index !== this.current) return;
        this.select(-1);
        listener.onFailure();
      });
    });
    new ResizeObserver(() => this.fit()).observe(overlay);
    overlay.addEventListener("click", (event) => this.press(event));
    // An iPhone plays full screen in a player of its own, where only the browser's captions show.
    video.addEventListener("webkitbeginfullscreen", () => this.handOver("showing"));
    video.addEventListener("webkitendfullscreen", () => this.handOver("hidden"));
  }

  get tracks(): readonly CaptionTrack[] {
    return this.textTracks.map(({ label, language }) => ({ label, lang: language }));
  }

  /** Seconds that the lines come later (or sooner, when negative) than they were made to. */
  get offset(): number {
    return this.seconds;
  }

  /** Switches to the track of that index, or off with -1. */
  select(index: number): void {
    this.current = this.textTracks[index] ? index : -1;
    if (this.current >= 0) this.last = this.current;
    if (this.second === this.current) this.second = -1;
    this.apply();
  }

  /** Shows a second track beneath the first, or none with -1. */
  selectSecond(index: number): void {
    this.second = this.textTracks[index] && index !== this.current ? index : -1;
    this.apply();
  }

  /** Off when on; else on, with the track used last. */
  toggle(): void {
    this.select(this.current >= 0 ? -1 : this.last);
  }

  /** Moves all lines in time, by seconds from how they were made. */
  setOffset(seconds: number): void {
    this.seconds = Math.max(-60, Math.min(60, Math.round(seconds * 10) / 10));
    for (const track of this.textTracks) this.move(track);
    this.draw();
    this.listener.onChange();
  }

  /** The cues of a track, loaded if they are not yet; rejects if they can't be. */
  async cuesOf(index: number): Promise<VTTCue[]> {
    const [track, element] = [this.textTracks[index], this.elements[index]];
    if (!track || !element) return [];
    if (track.mode === "disabled") track.mode = "hidden";
    if (element.readyState < 2) await loaded(element);
    this.move(track);
    return [...(track.cues ?? [])] as VTTCue[];
  }

  /** Draws again what stands now. */
  draw(): void {
    const blocks = new Map<string, HTMLElement>();
    for (const index of [this.current, this.second]) {
      const track = this.textTracks[index];
      const cues = [...(track?.activeCues ?? [])].slice(-MOST_LINES) as VTTCue[];
      if (track && cues.length) this.drawCues(blocks, cues, track.language, index === this.second);
    }
    this.overlay.replaceChildren(...blocks.values());
    this.fit();
  }

  private apply(): void {
    this.textTracks.forEach((track, at) => {
      const on = at === this.current || at === this.second;
      if (on) track.mode = "hidden";
      else if (track.mode !== "disabled" && this.elements[at]?.readyState !== 2) track.mode = "disabled";
    });
    this.draw();
    this.listener.onChange();
  }

  private move(track: TextTrack): void {
    for (const cue of track.cues ?? []) {
      const by = this.seconds - (this.moved.get(cue) ?? 0);
      if (by === 0) continue;
      cue.endTime += by;
      cue.startTime += by;
      this.moved.set(cue, this.seconds);
    }
  }

  private handOver(mode: TextTrackMode): void {
    const track = this.textTracks[this.current];
    if (track) track.mode = mode;
  }

  /** Cues in the same place stack in one block, in the order given. */
  private drawCues(blocks: Map<string, HTMLElement>, cues: readonly VTTCue[], lang: string, second: boolean): void {
    for (const cue of cues) {
      const asked = placeCue(cue as Parameters<typeof placeCue>[0]);
      const place = this.place === "head" && asked.offset === 0 && !("writing" in asked) ? { ...asked, edge: "head" as const } : asked;
      const key = JSON.stringify(place);
      const block = blocks.get(key) ?? makeBlock(place);
      blocks.set(key, block);
      const text = make("span", { class: "pv-cue-text", lang }, cueFragment(parseCueText(cue.text), document, "writing" in place));
      if (this.textTracks.length > 1) splitWords(text, lang);
      const line = make("p", { class: second ? "pv-cue pv-cue-second" : "pv-cue", dir: "auto" }, text);
      this.drawn.set(line, { start: cue.startTime, end: cue.endTime, text: text.textContent ?? "" });
      block.append(line);
    }
  }

  private readonly drawn = new WeakMap<Element, Pressed["cue"]>();

  private press(event: Event): void {
    const word = (event.target as Element).closest<HTMLElement>("[data-word]");
    const line = word?.closest(".pv-cue");
    const cue = line && this.drawn.get(line);
    if (!word || !cue) return;
    event.stopPropagation();
    const lang = word.closest<HTMLElement>("[lang]")?.lang ?? "";
    this.listener.onWord({ word: word.textContent ?? "", lang, cue });
  }

  private fit(): void {
    const texts = [...this.overlay.querySelectorAll<HTMLElement>(".pv-cues:not([data-writing]) .pv-cue-text")];
    for (const text of texts) text.style.width = "";
    const widths = texts.map(fittingWidth); // all measured before one is written: the page is laid out once
    for (const [at, text] of texts.entries()) text.style.width = widths[at] ?? "";
  }
}

function loaded(element: HTMLTrackElement): Promise<void> {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", () => resolve(), { once: true });
    element.addEventListener("error", () => reject(new Error("the lines could not be loaded")), { once: true });
  });
}

/** Makes each word of a drawn cue a thing of its own to press. */
function splitWords(element: HTMLElement, lang: string): void {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const node of texts) {
    const parts = words(node.data, lang).map(({ text, word }) =>
      word ? make("span", { class: "pv-word", "data-word": true }, text) : document.createTextNode(text),
    );
    node.replaceWith(...parts);
  }
}

function makeBlock(place: CuePlace): HTMLElement {
  const { edge, offset, align } = place;
  const writing = "writing" in place ? place.writing : undefined;
  const block = make("div", { class: "pv-cues", "data-edge": edge, "data-writing": writing });
  block.style.setProperty("--pv-offset", `${offset}%`);
  if ("writing" in place) {
    block.style.top = `${place.top}%`;
    block.style.height = `${place.height}%`;
  } else {
    block.style.left = `${place.left}%`;
    block.style.width = `${place.width}%`;
  }
  block.style.textAlign = align;
  return block;
}

/** The width of a cue's box that is as narrow as its longest line: balanced, a box keeps its full width. */
function fittingWidth(text: HTMLElement): string {
  const range = document.createRange();
  range.selectNodeContents(text);
  const lines = [...range.getClientRects()];
  if (lines.length === 0) return "";
  const left = Math.min(...lines.map((line) => line.left));
  const right = Math.max(...lines.map((line) => line.right));
  const { paddingLeft, paddingRight } = getComputedStyle(text);
  const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
  return `${Math.ceil(right - left + padding) + 1}px`;
}
