// The line in the other language: a small sheet over the picture, for whoever presses a word or the key.
import type { Captions, Pressed } from "./captions";
import { make } from "./element";
import { icon } from "./icons";
import { fill, type Labels } from "./labels";
import { answering, linesOf, type Line } from "./lines";

/** The track that answers `from`: the second if it is shown, else the page's language, else any other. */
export function otherTrack(
  tracks: readonly { readonly lang: string }[],
  from: number,
  second: number,
  page: string,
): number {
  if (second >= 0 && second !== from) return second;
  const base = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";
  const own = tracks.findIndex(({ lang }, index) => index !== from && base(lang) === base(page));
  return own >= 0 ? own : tracks.findIndex((_, index) => index !== from);
}

export class Peek {
  readonly element: HTMLElement;
  private readonly asked = make("p", { class: "pv-peek-asked", dir: "auto" });
  private readonly answer = make("p", { class: "pv-peek-answer", dir: "auto" });
  private readonly name = make("p", { class: "pv-peek-name" });
  private wasPlaying = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly captions: Captions,
    private readonly labels: Labels,
    private readonly say: (text: string) => void,
  ) {
    const close = make("button", { type: "button", class: "pv-button", "aria-label": labels.close }, icon("close"));
    this.element = make(
      "div",
      { class: "pv-peek", role: "status", hidden: true, slot: "middle-chrome", noautohide: true },
      make("div", { class: "pv-peek-words" }, this.asked, this.name, this.answer),
      close,
    );
    close.addEventListener("click", () => this.close());
    video.addEventListener("play", () => this.hide());
    video.addEventListener("seeking", () => this.hide());
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  /** The line that stands now, or the last one. */
  async now(): Promise<void> {
    const { captions, video } = this;
    const from = captions.current >= 0 ? captions.current : captions.second;
    if (from < 0) return this.say(this.labels.linesWaiting);
    const lines = linesOf(await captions.cuesOf(from));
    const line = lines.findLast(({ start }) => start <= video.currentTime + 0.05);
    if (line) await this.show(line, "", captions.tracks[from]?.lang ?? "");
  }

  /** The line in which a word was pressed. */
  async of({ word, lang, cue }: Pressed): Promise<void> {
    await this.show(cue, word, lang);
  }

  /** Closes it, and goes on if the film was playing. */
  close(): void {
    this.hide();
    if (this.wasPlaying) this.video.play().catch(() => undefined);
  }

  private hide(): void {
    this.element.hidden = true;
  }

  private async show(line: Line, word: string, lang: string): Promise<void> {
    const { captions, labels } = this;
    const from = captions.tracks.findIndex((track) => track.lang === lang);
    const other = otherTrack(captions.tracks, from, captions.second === from ? captions.current : captions.second, document.documentElement.lang);
    const track = captions.tracks[other];
    if (!track) return this.say(labels.otherMissing);
    this.wasPlaying = !this.video.paused;
    this.video.pause();
    let found: Line[];
    try {
      found = answering(line, linesOf(await captions.cuesOf(other)));
    } catch {
      return this.say(labels.saidCaptionsFailed);
    }
    this.asked.lang = lang;
    this.asked.replaceChildren(...marked(line.text, word));
    this.name.textContent = track.label;
    this.name.lang = track.lang;
    this.answer.lang = found.length ? track.lang : document.documentElement.lang;
    this.answer.textContent = found.map(({ text }) => text).join("\n") || fill(labels.otherNone, { language: track.label });
    this.element.hidden = false;
  }
}

/** The text with its first `word` marked. */
function marked(text: string, word: string): (string | HTMLElement)[] {
  const at = word ? text.indexOf(word) : -1;
  if (at < 0) return [text];
  return [text.slice(0, at), make("mark", {}, word), text.slice(at + word.length)];
}
