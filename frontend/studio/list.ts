// The list of lines: only the rows in sight are in the page, so that three thousand scroll smoothly.
import { make } from "../player/element";
import { fill } from "../player/labels";
import { check, type Finding, type Limits, speedOf } from "./checks";
import type { Labels } from "./labels";
import type { Model, Row } from "./model";
import { bare, isolated, markAt, outside, within } from "./isolating";
import type { Chosen } from "./marks";
import { hasHead, headOf, signOf, wordsOf } from "./placing";
import type { Claim } from "./sync";
import { clock } from "./time";

/** Rows above and below the window that are ready before they are seen. */
const SPARE = 6;
/** Lines that one frame of scrolling checks anew; the rest when it rests, after so many ms. */
const CHECKED = 2;
const RESTS = 120;

interface ListOptions {
  readonly labels: Labels;
  readonly limits: Limits;
  readonly language: string;
  readonly dir: string;
  readonly sourceLanguage: string;
  readonly sourceDir: string;
  readonly writes: boolean;
  readonly claims: () => readonly Claim[];
  readonly onSelect: (row: Row) => void;
  readonly onLeave: () => void;
}

interface Shown {
  row: Row;
  readonly item: HTMLElement;
  readonly area: HTMLTextAreaElement;
  readonly time: HTMLButtonElement;
  readonly source: HTMLElement;
  readonly meter: HTMLElement;
  readonly clash: HTMLElement;
  at: number;
}

interface Checked {
  readonly key: string;
  readonly found: readonly Finding[];
  readonly speed: string;
}

export class List {
  readonly element = make("div", { class: "studio-list", tabindex: "-1" });
  private readonly canvas = make("div", { class: "studio-canvas", role: "list" });
  private readonly shown = new Map<number, Shown>();
  private readonly checked = new WeakMap<Row, Checked>();
  private height = 0;
  private waiting = false;
  /** Lines that may still be checked in this frame. */
  private checks = Number.POSITIVE_INFINITY;
  private rest = 0;

  constructor(
    private readonly model: Model,
    private readonly options: ListOptions,
  ) {
    this.element.append(this.canvas);
    this.element.addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => this.refresh()).observe(this.element);
  }

  /** The row that is being written in, or was last. */
  current = -1;

  /** Draws again whatever is in sight: rows came, went or moved. */
  refresh(): void {
    const height = Number.parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 112;
    // Rows drawn before the list was in the page, or before a tablet was turned, stand elsewhere now.
    if (height !== this.height) for (const shown of this.shown.values()) shown.at = -1;
    this.height = height;
    if (this.model.rows.length > 0) this.element.querySelector("[data-empty]")?.remove();
    this.canvas.style.height = `${this.model.rows.length * this.height}px`;
    for (const [id, { item }] of this.shown) {
      if (!this.model.get(id)) {
        item.remove();
        this.shown.delete(id);
      }
    }
    this.draw();
    for (const id of this.shown.keys()) this.update(id);
  }

  /** Shows what changed in one row, and in the checks of the one before it. */
  update(id: number): void {
    const row = this.model.get(id);
    const shown = this.shown.get(id);
    if (row && shown) this.show(row, shown);
  }

  /** Brings a row into sight and puts the cursor at its end. */
  focus(at: number): void {
    const row = this.model.rows[at];
    // Where nothing is cut yet the list itself has the keys, so that one may cut the first by them.
    if (this.model.rows.length === 0) this.element.focus({ preventScroll: true });
    if (!row) return;
    const top = at * this.height;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop + this.height || top > scrollTop + clientHeight - 2 * this.height) {
      this.element.scrollTop = top - clientHeight / 3;
    }
    this.draw(at);
    const area = this.shown.get(row.id)?.area;
    area?.focus({ preventScroll: true });
    area?.setSelectionRange(area.value.length, area.value.length);
  }

  /** The text area of a row, if it is in the page. */
  area(id: number): HTMLTextAreaElement | undefined {
    return this.shown.get(id)?.area;
  }

  /** What is written and chosen in a row, without its place; undefined if nobody may write there. */
  chosen(id: number): Chosen | undefined {
    const area = this.area(id);
    if (!area || area.readOnly) return undefined;
    const [from, to] = [area.selectionStart, area.selectionEnd].map((at) => within(area.value, at));
    return { value: bare(area.value), from: from ?? 0, to: to ?? 0 };
  }

  /** Puts the cursor into a row, at a place in its words. */
  cursor(id: number, at?: number): void {
    const area = this.area(id);
    area?.focus({ preventScroll: true });
    if (area && at !== undefined) area.setSelectionRange(this.shift(area, at), this.shift(area, at));
  }

  private shift(area: HTMLTextAreaElement, at: number): number {
    return this.options.dir === "rtl" ? outside(bare(area.value), at) : at;
  }

  /** Shows words in a field; the cursor stays where it was among them. */
  private fillIn(area: HTMLTextAreaElement, words: string): void {
    const shown = this.options.dir === "rtl" ? isolated(words) : words;
    if (area.value === shown) return;
    const at = within(area.value, area.selectionStart);
    const same = bare(area.value) === words;
    area.value = shown;
    if (same) area.setSelectionRange(this.shift(area, at), this.shift(area, at));
  }

  private typed(area: HTMLTextAreaElement, row: Row): void {
    const words = bare(area.value);
    this.model.edit(row.id, hasHead(words) ? words : headOf(row.text) + words);
    this.fillIn(area, wordsOf(row.text));
  }

  /** A tag between isolates goes as a whole: half of one would be neither words nor mark. */
  private takeTag(area: HTMLTextAreaElement, event: InputEvent): void {
    const back = event.inputType === "deleteContentBackward";
    if (!(back || event.inputType === "deleteContentForward") || area.selectionStart !== area.selectionEnd) return;
    const tag = markAt(area.value, area.selectionStart, back);
    if (!tag) return;
    event.preventDefault();
    area.setRangeText("", ...tag, "end");
    area.dispatchEvent(new Event("input"));
  }

  /** Marks the row that stands on the screen of the player. */
  mark(at: number): void {
    for (const shown of this.shown.values()) shown.item.toggleAttribute("data-now", shown.at === at);
  }

  private soon(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.checks = CHECKED;
      this.draw();
      this.checks = Number.POSITIVE_INFINITY;
      clearTimeout(this.rest);
      this.rest = window.setTimeout(() => this.settle(), RESTS);
    });
  }

  /** When scrolling rests: what was left unchecked is checked, and the rows stand in the order in
   * which they are read and reached by keyboard. */
  private settle(): void {
    for (const { row, meter } of this.shown.values()) {
      if (meter.dataset.weight === undefined) this.showChecks(row, meter);
    }
    const inOrder = [...this.shown.values()].sort((one, other) => one.at - other.at);
    const held = inOrder.findIndex(({ item }) => item.contains(document.activeElement));
    // Whoever holds the cursor stays where they are: to be moved would take it from them.
    const [before, after] = held < 0 ? [[], inOrder] : [inOrder.slice(0, held), inOrder.slice(held + 1)];
    const anchor = inOrder[held]?.item ?? null;
    const items = [...before.map(({ item }) => item), ...(anchor ? [anchor] : []), ...after.map(({ item }) => item)];
    if (items.every((item, at) => this.canvas.children[at] === item)) return;
    for (const { item } of before) this.canvas.insertBefore(item, anchor);
    for (const { item } of after) this.canvas.append(item);
  }

  private draw(besides = -1): void {
    const { rows } = this.model;
    const first = Math.max(0, Math.floor(this.element.scrollTop / this.height) - SPARE);
    const last = Math.min(rows.length, first + Math.ceil(this.element.clientHeight / this.height) + 2 * SPARE);
    const wanted = new Map<number, number>();
    for (let at = first; at < last; at += 1) wanted.set(rows[at]?.id ?? -1, at);
    const focused = document.activeElement?.closest<HTMLElement>(".studio-row")?.dataset.id;
    for (const at of [besides, this.model.at(this.current), focused === undefined ? -1 : this.model.at(Number(focused))]) {
      const row = rows[at];
      if (row) wanted.set(row.id, at);
    }
    const spare: Shown[] = [];
    for (const [id, shown] of this.shown) {
      if (wanted.has(id)) continue;
      this.shown.delete(id);
      spare.push(shown);
    }
    for (const [id, at] of wanted) this.place(id, at, spare);
    for (const { item } of spare) item.remove();
    const reached = this.shown.get(this.current) ?? this.shown.get(rows[first]?.id ?? -1);
    for (const each of reached ? [reached.time, reached.area] : []) each.tabIndex = 0;
    if (this.checks === Number.POSITIVE_INFINITY) this.settle();
  }

  /** Puts a row in its place: in elements that went out of sight, where there are any. */
  private place(id: number, at: number, spare: Shown[]): void {
    const row = this.model.get(id);
    if (!row) return;
    let shown = this.shown.get(id);
    if (!shown) {
      shown = spare.pop() ?? this.build(row);
      this.shown.set(id, shown);
      shown.row = row;
      shown.item.id = `line-${id}`;
      shown.source.id = `source-${id}`;
      shown.meter.id = `remarks-${id}`;
      // What is to be translated, then what there is to mend: heard where one writes.
      shown.area.setAttribute("aria-describedby", `${shown.source.id} ${shown.meter.id}`);
      shown.item.dataset.id = String(id);
      this.hold(shown, id === this.current);
      if (!shown.item.isConnected) this.canvas.append(shown.item);
      shown.at = -1;
      this.show(row, shown);
    }
    if (shown.at === at) return;
    shown.at = at;
    shown.item.style.transform = `translateY(${at * this.height}px)`;
  }

  private build(row: Row): Shown {
    const { labels, language, dir, sourceLanguage, sourceDir, writes } = this.options;
    const time = make("button", { type: "button", class: "studio-time", title: labels.play });
    const source = make("p", { class: "studio-source", lang: sourceLanguage, dir: sourceDir });
    const area = make("textarea", { rows: "2", maxlength: "2000", lang: language, dir, readonly: !writes });
    const meter = make("p", { class: "studio-meter" });
    const clash = make("div", { class: "studio-clash", role: "alert", hidden: true });
    const target = make("div", { class: "studio-target" }, area, meter, clash);
    const item = make("div", { class: "studio-row", role: "listitem" }, time, source, target);
    // Tab goes on from the line in hand to the tools: through three thousand lines nobody would.
    for (const each of [time, area]) each.tabIndex = -1;
    const shown: Shown = { row, item, area, time, source, meter, clash, at: -1 };
    time.addEventListener("click", () => {
      this.focus(this.model.at(shown.row.id));
      this.options.onSelect(shown.row);
    });
    const choose = (): void => {
      this.current = shown.row.id;
      for (const each of this.shown.values()) this.hold(each, each.item === item);
      this.options.onSelect(shown.row);
      // On a telephone the film stays above the lines, and may stand over this one.
      if (matchMedia("(pointer: coarse)").matches) item.scrollIntoView({ block: "nearest" });
    };
    area.addEventListener("focus", choose);
    meter.addEventListener("click", choose); // what is cut there is read in full in the row in hand
    area.addEventListener("input", () => this.typed(area, shown.row));
    area.addEventListener("compositionstart", () => void (this.model.composing = shown.row.id));
    area.addEventListener("compositionend", () => void (this.model.composing = -1));
    area.addEventListener("beforeinput", (event) => this.takeTag(area, event));
    area.addEventListener("blur", () => this.options.onLeave());
    return shown;
  }

  private hold({ item, time, area }: Shown, held: boolean): void {
    item.toggleAttribute("data-current", held);
    for (const each of [time, area]) each.tabIndex = held ? 0 : -1;
  }

  private show(row: Row, shown: Shown): void {
    shown.row = row;
    const { labels } = this.options;
    const { item, area, time, source, meter } = shown;
    const { rows } = this.model;
    const at = this.model.at(row.id);
    time.textContent = [clock(row.start), signOf(row.text), row.notes ? `✎${row.notes}` : ""].filter(Boolean).join(" ");
    source.textContent = readable(row.source) || labels.noSource;
    source.toggleAttribute("data-none", !row.source);
    this.fillIn(area, wordsOf(row.text));
    const name = fill(labels.line, { number: at + 1, total: rows.length });
    item.setAttribute("aria-posinset", String(at + 1));
    item.setAttribute("aria-setsize", String(rows.length));
    const notes = row.notes ? fill(labels.openNotes, { count: row.notes }) : "";
    area.setAttribute("aria-label", [name, clock(row.start), notes].filter(Boolean).join(", "));
    item.toggleAttribute("data-unsaved", this.model.isUnsaved(row));
    const claim = this.claimOn(row);
    item.toggleAttribute("data-mine", claim?.mine === true);
    item.toggleAttribute("data-taken", claim !== undefined && !claim.mine);
    area.readOnly = !this.options.writes || (claim !== undefined && !claim.mine);
    const next = rows[at + 1]?.start;
    if (this.checks <= 0 && this.checked.get(row)?.key !== keyOf(row, next)) {
      meter.textContent = "";
      delete meter.dataset.weight;
    } else this.showChecks(row, meter);
    this.showClash(row, shown);
  }

  private showChecks(row: Row, meter: HTMLElement): void {
    const { labels } = this.options;
    const { found, speed } = this.findings(row, this.model.rows[this.model.at(row.id) + 1]?.start);
    const worst = found.find(({ weight }) => weight === "error") ?? found[0];
    const claim = this.claimOn(row);
    const holder = claim && !claim.mine ? fill(labels.claimedBy, { who: claim.who }) : claim ? labels.claimed : "";
    const words = row.refused ?? (this.told(found) || holder);
    meter.textContent = [speed, words].filter(Boolean).join(" · ");
    meter.title = words;
    meter.dataset.weight = row.refused ? "error" : (worst?.weight ?? "");
  }

  /** What there is to mend in a row, in words: why it is refused, or what the checks find. */
  remarks(row: Row): string {
    return row.refused ?? this.told(this.findings(row, this.model.rows[this.model.at(row.id) + 1]?.start).found);
  }

  private told(found: readonly Finding[]): string {
    return found.map((each) => this.words(each)).join(" · ");
  }

  private claimOn({ start }: Row): Claim | undefined {
    return this.options.claims().find(({ from, until }) => from <= start && start < until);
  }

  /** What there is to mend in a row; looked at again only once something of it changed. */
  private findings(row: Row, next: number | undefined): Checked {
    const { language, limits } = this.options;
    const key = keyOf(row, next);
    const known = this.checked.get(row);
    if (known?.key === key) return known;
    this.checks -= 1;
    const line = { start: row.start, end: row.end, text: wordsOf(row.text) };
    const found = check(line, next, language, limits).filter(({ code }) => code !== "empty");
    const speed = line.text.trim() ? speedOf(line, language).toFixed(1) : "";
    const now = { key, found, speed };
    this.checked.set(row, now);
    return now;
  }

  private words({ code, weight, value }: Finding): string {
    const { labels, limits } = this.options;
    const named = code === "fast" && weight !== "error" ? "hurried" : code;
    const allowed: Readonly<Record<string, number>> = {
      fast: limits.cps,
      hurried: limits.cps_warns,
      long: limits.per_line,
      tall: limits.lines,
      short: limits.min_ms,
      lasting: limits.max_ms,
      gap: limits.min_gap_ms,
    };
    return fill(labels[`check.${named}`] ?? code, { value, limit: allowed[named] ?? 0 });
  }

  private showClash(row: Row, { clash, item, area }: Shown): void {
    const came = clash.hidden && row.theirs !== undefined && row.id === this.current;
    clash.hidden = !row.theirs;
    item.toggleAttribute("data-clash", row.theirs !== undefined);
    if (!row.theirs) return;
    const { labels } = this.options;
    const settle = (mine: boolean) => ({ detail }: MouseEvent) => {
      this.model.settle(row, mine);
      if (!detail) area.focus(); // pressed by a key, which goes on from the line
    };
    const keep = make("button", { type: "button", class: "button button-small" }, labels.keepMine);
    const take = make("button", { type: "button", class: "button button-quiet button-small" }, labels.takeTheirs);
    keep.addEventListener("click", settle(true));
    take.addEventListener("click", settle(false));
    const theirs = make("p", { dir: this.options.dir, class: "studio-theirs" }, readable(row.theirs.text) || "–");
    clash.replaceChildren(make("p", {}, labels.conflict), theirs, make("div", { class: "row" }, keep, take));
    if (came) clash.scrollIntoView({ block: "nearest" });
  }
}

/** The words of a typed line for reading: tags stand as typed from right to left too. */
const readable = (typed: string): string => isolated(wordsOf(typed));

function keyOf({ start, end, text }: Row, next: number | undefined): string {
  return `${start} ${end} ${next} ${text}`;
}
