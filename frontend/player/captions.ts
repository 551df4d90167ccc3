// Subtitles drawn by ourselves: the browser reads the cues (tracks stay `hidden`), we place them, so
// that size, ground and direction are the viewer's to choose.
import { cueFragment, parseCueText } from "./cue-text";
import { type CuePlace, placeCue } from "./cue-layout";
import { make } from "./element";

export interface CaptionTrack {
  /** The track's own name for itself, e.g. `العربية`. */
  readonly label: string;
  readonly lang: string;
}

const isSubtitle = (track: TextTrack): boolean =>
  track.kind === "subtitles" || track.kind === "captions";

/** The subtitles of one video, at most one track of them on, drawn into `overlay`. */
export class Captions {
  /** Index of the track that is on, or -1. */
  current = -1;
  /** The track to come back to when subtitles are switched on again. */
  private last = 0;
  private readonly textTracks: TextTrack[];

  constructor(
    video: HTMLVideoElement,
    private readonly overlay: HTMLElement,
    private readonly listener: { onChange: () => void; onFailure: () => void },
  ) {
    const elements = [...video.querySelectorAll("track")].filter(({ track }) => isSubtitle(track));
    this.textTracks = elements.map(({ track }) => track);
    elements.forEach((element, index) => {
      element.track.mode = "disabled";
      element.track.addEventListener("cuechange", () => this.draw());
      element.addEventListener("error", () => {
        if (index !== this.current) return;
        this.select(-1);
        listener.onFailure();
      });
    });
    new ResizeObserver(() => this.fit()).observe(overlay);
    // An iPhone plays full screen in a player of its own, where only the browser's captions show.
    video.addEventListener("webkitbeginfullscreen", () => this.handOver("showing"));
    video.addEventListener("webkitendfullscreen", () => this.handOver("hidden"));
  }

  get tracks(): readonly CaptionTrack[] {
    return this.textTracks.map(({ label, language }) => ({ label, lang: language }));
  }

  /** Switches to the track of that index, or off with -1. */
  select(index: number): void {
    this.textTracks.forEach((track, at) => {
      track.mode = at === index ? "hidden" : "disabled";
    });
    this.current = this.textTracks[index] ? index : -1;
    if (this.current >= 0) this.last = this.current;
    this.overlay.lang = this.textTracks[index]?.language ?? "";
    this.draw();
    this.listener.onChange();
  }

  /** Off when on; else on, with the track used last. */
  toggle(): void {
    this.select(this.current >= 0 ? -1 : this.last);
  }

  private handOver(mode: TextTrackMode): void {
    const track = this.textTracks[this.current];
    if (track) track.mode = mode;
  }

  private draw(): void {
    const cues = [...(this.textTracks[this.current]?.activeCues ?? [])] as VTTCue[];
    this.overlay.replaceChildren(...drawCues(cues));
    this.fit();
  }

  private fit(): void {
    for (const text of this.overlay.querySelectorAll<HTMLElement>(".pv-cue-text")) fitBox(text);
  }
}

/** Cues in the same place stack in one block, in the order given. */
function drawCues(cues: readonly VTTCue[]): HTMLElement[] {
  const blocks = new Map<string, HTMLElement>();
  for (const cue of cues) {
    const place = placeCue(cue as Parameters<typeof placeCue>[0]);
    const key = JSON.stringify(place);
    const block = blocks.get(key) ?? makeBlock(place);
    blocks.set(key, block);
    const text = make("span", { class: "pv-cue-text" }, cueFragment(parseCueText(cue.text), document));
    block.append(make("p", { class: "pv-cue", dir: "auto" }, text));
  }
  return [...blocks.values()];
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

/** Narrows a cue's box to its longest line: a box whose lines are balanced keeps its full width. */
function fitBox(text: HTMLElement): void {
  if (text.closest("[data-writing]")) return;
  text.style.width = "";
  const range = document.createRange();
  range.selectNodeContents(text);
  const lines = [...range.getClientRects()];
  if (lines.length === 0) return;
  const left = Math.min(...lines.map((line) => line.left));
  const right = Math.max(...lines.map((line) => line.right));
  const { paddingLeft, paddingRight } = getComputedStyle(text);
  const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
  text.style.width = `${Math.ceil(right - left + padding) + 1}px`;
}
