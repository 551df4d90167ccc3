// What the studio asks in a dialog: by how much to shift, where the last line ends, which key an act has.
import { make } from "../player/element";
import { fill } from "../player/labels";
import { ACTS, type Act, chordOf, type Keymap, LISTED, named } from "./keys";
import type { Labels } from "./labels";

/** Asks for one value; the answer is undefined where it was closed or makes no sense. */
export async function ask<T>(
  root: HTMLElement,
  labels: Labels,
  words: { readonly question: string; readonly does: string; readonly value: string; readonly wrong: string },
  understand: (text: string) => T | undefined,
): Promise<T | undefined> {
  const field = make("input", { dir: "ltr", id: "studio-asked", value: words.value, autocomplete: "off" });
  const wrong = make("p", { class: "studio-wrong", role: "alert" });
  const close = make("button", { type: "button", class: "button button-quiet" }, labels.close);
  const form = make(
    "form",
    { method: "dialog", class: "stack" },
    make("label", { for: "studio-asked" }, words.question),
    field,
    wrong,
    make("div", { class: "row" }, make("button", { class: "button" }, words.does), close),
  );
  const dialog = make("dialog", { class: "studio-keys" }, form);
  root.append(dialog);
  dialog.showModal();
  field.select();
  return new Promise((resolve) => {
    let answer: T | undefined;
    form.addEventListener("submit", (event) => {
      answer = understand(field.value.trim());
      if (answer !== undefined) return;
      event.preventDefault();
      wrong.textContent = words.wrong;
      field.setAttribute("aria-invalid", "true");
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
  });
}

/** The list of keys: each can be put elsewhere, a clash is told before anything moves. */
export class KeysDialog {
  readonly element: HTMLDialogElement;
  private readonly list = make("dl");
  private readonly said = make("p", { class: "studio-wrong", role: "status" });
  private waiting: Act | undefined;
  private clash: { act: Act; chord: string } | undefined;

  constructor(
    private readonly labels: Labels,
    private readonly keymap: Keymap,
    private readonly onChange: () => void,
  ) {
    const close = make("button", { class: "button" }, labels.close);
    const reset = make("button", { type: "button", class: "button button-quiet" }, labels.keysReset);
    reset.addEventListener("click", () => {
      keymap.reset();
      this.changed(labels.keysWereReset);
    });
    const form = make("form", { method: "dialog", class: "row" }, close, reset);
    const help = make("a", { class: "link", href: "/studio/help/", target: "_blank" }, labels.keysHelp);
    this.element = make(
      "dialog",
      { class: "studio-keys", "aria-label": labels.keys },
      make("h2", {}, labels.keys),
      make("p", { class: "soft" }, labels.keysAbout),
      this.said,
      this.list,
      make("p", {}, help),
      form,
    );
    this.element.addEventListener("keydown", (event) => this.pressed(event));
    this.draw();
  }

  open(): void {
    this.stop();
    this.element.showModal();
  }

  private draw(): void {
    const rows = LISTED.map((act) => {
      const chords = this.keymap.of(act).map((each) => named(each)).join(" · ") || this.labels.keysNone;
      const words = this.waiting === act ? this.labels.keysPress : chords;
      const label = fill(this.labels.keysMove, { what: this.labels[ACTS[act][0]], key: chords });
      const button = make("button", { type: "button", class: "studio-key", dir: "ltr", "aria-label": label }, words);
      button.dataset.act = act;
      button.addEventListener("click", () => this.begin(act));
      return make("div", {}, make("dt", {}, button), make("dd", {}, this.labels[ACTS[act][0]]));
    });
    const own = make("div", {}, make("dt", { dir: "ltr" }, named("Shift+Enter")), make("dd", {}, this.labels.doBreak));
    this.list.replaceChildren(own, ...rows);
  }

  private begin(act: Act): void {
    this.waiting = act;
    this.clash = undefined;
    this.said.textContent = "";
    this.draw();
    this.list.querySelector<HTMLElement>(`[data-act=${act}]`)?.focus();
  }

  private stop(): void {
    this.waiting = undefined;
    this.clash = undefined;
    this.said.textContent = "";
    this.draw();
  }

  private pressed(event: KeyboardEvent): void {
    const { waiting: act } = this;
    if (!act) return;
    const chord = chordOf(event);
    if (!chord || chord === "Tab" || chord === "Shift+Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (chord === "Escape") return this.stop();
    const had = this.keymap.at(chord);
    const key = named(chord);
    if (had === act) return this.stop();
    if (this.keymap.isTaken(chord)) {
      this.said.textContent = fill(this.labels.keysTaken, { key });
    } else if (had && this.clash?.chord !== chord) {
      this.clash = { act, chord };
      this.said.textContent = fill(this.labels.keysClash, { key, what: this.labels[ACTS[had][0]] });
    } else {
      this.keymap.put(act, chord);
      this.changed(fill(this.labels.keysMoved, { key, what: this.labels[ACTS[act][0]] }), act);
    }
  }

  private changed(words: string, act?: Act): void {
    this.stop();
    this.said.textContent = words;
    if (act) this.list.querySelector<HTMLElement>(`[data-act=${act}]`)?.focus();
    this.onChange();
  }
}
