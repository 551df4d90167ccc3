// Where the line in hand stands: one of nine places by name, or WebVTT's settings one by one.
import { make } from "../player/element";
import type { Act } from "./keys";
import type { Labels } from "./labels";
import { type Name, NAMES, PLACES, placeOf, type Settings, settingsOf, understood } from "./placing";

interface Does {
  place(place: number): void;
  settings(settings: Settings): void;
  back(): void;
}

export class PlaceTools {
  readonly element = make("div", { class: "studio-placing" });
  private readonly named = make("select", {});
  private readonly free = make("details", { class: "studio-free" });
  private readonly fields: Readonly<Record<Name, HTMLSelectElement | HTMLInputElement>>;

  constructor(
    labels: Labels,
    private readonly does: Does,
    keyOf: (act: Act) => string,
  ) {
    const { named } = this;
    for (const each of [...PLACES, 0]) {
      named.append(make("option", { value: String(each), disabled: each === 0 }, labels[`place${each}`] ?? String(each)));
    }
    named.addEventListener("change", () => does.place(Number(named.value)));
    const told = (words: string, act: Act): string => (keyOf(act) ? `${words} (${keyOf(act)})` : words);
    named.title = told(labels.doPlace, "place");
    const value = (): HTMLInputElement =>
      make("input", { class: "input", dir: "ltr", size: "8", maxlength: "20", placeholder: "auto", autocomplete: "off" });
    const { writing, writingAcross, writingRl, writingLr } = labels;
    const { alignStart, alignCenter, alignEnd, alignLeft, alignRight } = labels;
    this.fields = {
      vertical: choice([["", writingAcross], ["rl", writingRl], ["lr", writingLr]]),
      line: value(),
      position: value(),
      size: value(),
      align: choice([
        ["", alignCenter], ["start", alignStart], ["end", alignEnd], ["left", alignLeft], ["right", alignRight],
      ]),
    };
    this.fields.vertical.title = told(labels.doVertical, "vertical");
    const words = {
      vertical: writing,
      line: labels.placeLine,
      position: labels.placePosition,
      size: labels.placeSize,
      align: labels.placeAlign,
    };
    const hint = make("p", { class: "soft small", id: "place-hint" }, labels.placeHint);
    const all = NAMES.map((name) => {
      const field = this.fields[name];
      if (field instanceof HTMLInputElement) field.setAttribute("aria-describedby", "place-hint");
      field.addEventListener("change", () => this.change());
      return make("label", {}, words[name], field);
    });
    this.free.append(
      make("summary", { title: told(labels.doFree, "free") }, labels.doFree),
      make("div", { class: "studio-times" }, ...all),
      hint,
    );
    this.free.addEventListener("keydown", (event) => {
      if (event.key === "Escape") does.back();
    });
    this.element.append(make("label", { class: "row soft small studio-place" }, labels.place, named), this.free);
  }

  /** Shows where a line stands; a field that somebody is in keeps what they wrote. */
  show(typed: string): void {
    this.named.value = String(placeOf(typed));
    const settings = settingsOf(typed);
    for (const name of NAMES) {
      const field = this.fields[name];
      if (document.activeElement === field) continue;
      field.value = name === "align" && settings.align === "center" ? "" : (settings[name] ?? "");
      field.removeAttribute("aria-invalid");
    }
  }

  /** Opens the fields, and puts the cursor into the first. */
  open(): void {
    this.free.open = true;
    this.fields.vertical.focus();
  }

  private change(): void {
    const settings: Settings = {};
    let sensible = true;
    for (const name of NAMES) {
      const value = understood(name, this.fields[name].value);
      this.fields[name].setAttribute("aria-invalid", String(value === undefined));
      if (value === undefined) sensible = false;
      else if (value) settings[name] = value;
    }
    if (sensible) this.does.settings(settings);
  }
}

const choice = (options: readonly (readonly [string, string])[]): HTMLSelectElement =>
  make("select", {}, ...options.map(([value, words]) => make("option", { value }, words)));
