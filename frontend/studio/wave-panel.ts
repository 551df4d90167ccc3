// The waveform's place on the page: it waits for the outline, and holds zoom, following and sticking.
import { make } from "../player/element";
import type { Desk } from "./desk";
import type { Labels } from "./labels";
import type { Model } from "./model";
import { fetchOutline } from "./outline";
import { type Outline, rateOf, type Sticks } from "./snapping";
import { Wave, type WaveOptions, ZOOMS } from "./wave";

interface PanelOptions extends Omit<WaveOptions, "sticks" | "follows" | "times"> {
  readonly setup: { readonly outline: string; readonly outlined: boolean; readonly fps: string; readonly times: boolean };
  /** Whether the outline is made by now. */
  readonly outlined: () => Promise<boolean>;
  readonly desk: () => Desk;
  readonly onDesk: (changed: Partial<Desk>) => void;
  readonly now: () => number;
  /** What else stands under the waveform. */
  readonly below: HTMLElement | null;
}

export class WavePanel {
  /** Cuts and speech; empty until they are known, the rate of frames never. */
  outline: Outline;
  private wave: Wave | undefined;
  private pen: HTMLElement | undefined;
  private readonly place: HTMLElement | null;

  constructor(
    root: HTMLElement,
    private readonly labels: Labels,
    private readonly model: Model,
    private readonly options: PanelOptions,
  ) {
    this.place = root.querySelector("[data-wave]");
    this.outline = { fps: rateOf(options.setup.fps), shots: [], speech: [] };
  }

  /** Shows the waveform as soon as there is one. */
  async begin(): Promise<void> {
    const { place, labels, options } = this;
    if (!place || !options.setup.outline) return;
    const said = make("p", { class: "soft studio-wave-said", role: "status" });
    place.append(said);
    try {
      const [outline, waveform] = await fetchOutline(options.setup.outline, options.setup.outlined, options.outlined, () => {
        said.textContent = labels.waveWaits;
      });
      this.outline = outline;
      const picture = make("div", { class: "studio-wave-picture", dir: "ltr", role: "group", "aria-label": labels.wave });
      place.replaceChildren(...[picture, this.controls(), options.below].filter((each) => each !== null));
      this.wave = new Wave(picture, this.model, outline, waveform, options.desk().zoom, {
        ...options,
        times: options.setup.times,
        sticks: () => options.desk().sticks,
        follows: () => options.desk().follows,
        onCut: (start, end) => {
          if (this.pen) this.draw(false);
          options.onCut(start, end);
        },
      });
      this.wave.show(this.model.get(options.current())?.start ?? options.now(), true);
    } catch {
      said.textContent = labels.noWave;
    }
  }

  changed(): void {
    this.wave?.soon();
  }

  playhead(ms: number, playing: boolean): void {
    this.wave?.playhead(ms, playing);
  }

  show(ms: number): void {
    this.wave?.show(ms);
    this.wave?.soon();
  }

  /** One step nearer (1) or farther (-1). */
  zoom(by: 1 | -1): void {
    if (!this.wave) return;
    const at = ZOOMS.findIndex((each) => each >= (this.wave?.zoom ?? 0));
    const zoom = ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + by))] ?? 100;
    this.wave.setZoom(zoom, this.options.now());
    this.options.onDesk({ zoom });
  }

  private controls(): HTMLElement {
    const { labels, options } = this;
    const nearer = this.button("+", labels.zoomIn, () => this.zoom(1));
    const farther = this.button("−", labels.zoomOut, () => this.zoom(-1));
    const follow = this.box(labels.follow, options.desk().follows, (follows) => options.onDesk({ follows }));
    const sticks = (["shots", "speech", "neighbours"] as const satisfies readonly (keyof Sticks)[]).map((name) =>
      this.box(labels[`stick.${name}`], options.desk().sticks[name], (on) =>
        options.onDesk({ sticks: { ...options.desk().sticks, [name]: on } }),
      ),
    );
    const stick = make("fieldset", { class: "studio-sticks" }, make("legend", {}, labels.stick), ...sticks);
    const times = options.setup.times ? [...this.drawing(), stick] : [];
    return make("div", { class: "studio-wave-tools" }, farther, nearer, follow, ...times);
  }

  /** Where a finger points: it scrolls, until the button says that it draws one segment. */
  private drawing(): HTMLElement[] {
    if (matchMedia("(pointer: fine)").matches) return [];
    const { labels } = this;
    const button = this.button(labels.draw, labels.draw, () => this.draw(button.ariaPressed !== "true"));
    button.ariaPressed = "false";
    this.pen = button;
    return [button];
  }

  private draw(on: boolean): void {
    if (this.pen) this.pen.ariaPressed = String(on);
    this.wave?.draws(on);
  }

  private button(sign: string, words: string, onClick: () => void): HTMLElement {
    const attributes = { type: "button", class: "button button-quiet button-small", "aria-label": words, title: words };
    const button = make("button", attributes, sign);
    button.addEventListener("click", onClick);
    return button;
  }

  private box(words: string, on: boolean, onChange: (on: boolean) => void): HTMLElement {
    const box = make("input", { type: "checkbox" });
    box.checked = on;
    box.addEventListener("change", () => onChange(box.checked));
    return make("label", { class: "studio-box" }, box, words);
  }
}
