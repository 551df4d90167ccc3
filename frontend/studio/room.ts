// The studio itself: list, film and tools joined on one edition.
import { make } from "../player/element";
import { fill } from "../player/labels";
import type { Limits } from "./checks";
import { type Act, actOf, LISTED } from "./keys";
import { readLabels } from "./labels";
import { List } from "./list";
import { Model, type Row } from "./model";
import { Preview } from "./preview";
import { Presence } from "./presence";
import { Sync } from "./sync";
import { Tools } from "./tools";

interface Setup {
  readonly lines: string;
  readonly changes: string;
  readonly act: string;
  readonly live: string;
  readonly me: string;
  readonly history: string;
  readonly edition: string;
  readonly language: string;
  readonly writes: boolean;
  readonly times: boolean;
  readonly limits: Limits;
}

const NUDGE = 50;

export class Room {
  private readonly labels;
  private readonly setup: Setup;
  private readonly model: Model;
  private readonly sync: Sync;
  private readonly list: List;
  private readonly preview: Preview;
  private readonly tools: Tools;

  constructor(private readonly root: HTMLElement) {
    const read = (name: string): string => root.querySelector(`script[data-${name}]`)?.textContent ?? "{}";
    this.labels = readLabels(read("labels"));
    this.setup = JSON.parse(read("setup")) as Setup;
    const { labels, setup } = this;
    this.model = new Model((row) => this.changed(row));
    this.sync = new Sync(this.model, setup, {
      condition: (now) => this.say(labels[now], now),
      rows: () => this.rowsChanged(),
      claims: () => this.claimsChanged(),
    });
    this.list = new List(this.model, {
      labels,
      limits: setup.limits,
      language: setup.language,
      dir: root.dataset.dir ?? "ltr",
      sourceLanguage: root.dataset.sourceLang ?? "",
      sourceDir: root.dataset.sourceDir ?? "ltr",
      writes: setup.writes,
      claims: () => this.sync.claims,
      onSelect: (row) => this.selected(row),
      onLeave: () => void this.sync.flush(),
    });
    this.preview = new Preview(root, this.model, (at) => this.list.mark(at));
    this.tools = new Tools(labels, setup, {
      act: (act) => this.perform(act),
      retime: (start, end) => this.retime(start, end),
      add: () => this.add(),
      shift: (by) => this.shift(by),
    });
  }

  async begin(): Promise<void> {
    const { labels, setup } = this;
    const lines = this.root.querySelector<HTMLElement>("[data-lines]");
    await this.sync.begin();
    this.root.dataset.on = "";
    lines?.replaceChildren(this.list.element);
    this.root.querySelector("[data-tools]")?.append(this.tools.element, keysDialog(this.labels));
    new Presence(this.root, this.list.element, this.sync, setup, labels, (words) => this.say(words)).begin();
    this.list.element.addEventListener("keydown", (event) => this.pressed(event));
    this.list.refresh();
    const asked = this.model.at(Number(location.hash.replace("#line-", "")));
    const empty = this.model.nextEmpty(-1);
    this.list.focus(asked >= 0 ? asked : Math.max(0, empty));
  }

  private get current(): Row | undefined {
    return this.model.get(this.list.current);
  }

  private changed(row: Row): void {
    this.list.update(row.id);
    const before = this.model.rows[this.model.at(row.id) - 1];
    if (before) this.list.update(before.id);
    this.preview.show(row);
    this.sync.changed();
    this.count();
  }

  private rowsChanged(): void {
    this.list.refresh();
    this.preview.showAll();
    this.count();
    if (this.current) this.tools.show(this.current);
  }

  private count(): void {
    const { filled, rows } = this.model;
    const place = this.root.querySelector("[data-filled]");
    if (place) place.textContent = fill(this.labels.filled, { filled, total: rows.length });
  }

  private selected(row: Row): void {
    this.preview.seek(row);
    this.tools.show(row);
    this.tools.claimed(this.isMine(row));
  }

  private claimsChanged(): void {
    this.list.refresh();
    if (this.current) this.tools.claimed(this.isMine(this.current));
  }

  private isMine({ start }: Row): boolean {
    return this.sync.claims.some(({ mine, from, until }) => mine && from <= start && start < until);
  }

  private say(words: string, kind = ""): void {
    const place = this.root.querySelector<HTMLElement>(".studio-state");
    if (!place || place.textContent === words) return;
    place.textContent = words;
    place.dataset.kind = kind;
  }

  private pressed(event: KeyboardEvent): void {
    const act = actOf(event);
    if (!act || !(event.target instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    this.perform(act);
  }

  private perform(act: Act): void {
    const row = this.current;
    const at = row ? this.model.at(row.id) : -1;
    switch (act) {
      case "next":
        void this.sync.flush();
        return this.go(Math.min(at + 1, this.model.rows.length - 1), at + 1 < this.model.rows.length);
      case "previous":
        return this.go(Math.max(0, at - 1), false);
      case "empty":
        void this.sync.flush();
        return this.go(this.model.nextEmpty(at), true);
      case "undo":
        return this.moved(this.model.undo());
      case "redo":
        return this.moved(this.model.redo());
      case "keys":
        return this.root.querySelector<HTMLDialogElement>("dialog.studio-keys")?.showModal();
    }
    if (row) this.performOn(row, at, act);
  }

  private performOn(row: Row, at: number, act: Act): void {
    switch (act) {
      case "play":
        return this.preview.play(row);
      case "claim":
        return this.doAct(this.isMine(row) ? { act: "let-go" } : { act: "claim", from: row.start }, at);
      case "setStart":
        return this.retime(this.preview.now, row.end);
      case "setEnd":
        return this.retime(row.start, this.preview.now);
      case "earlier":
        return this.retime(Math.max(0, row.start - NUDGE), row.end);
      case "later":
        return this.retime(row.start + NUDGE, row.end);
      case "merge":
        return this.doAct({ act: "merge", segment: row.id }, at);
      case "split":
        return this.split(row, at);
      case "italic":
        return this.italic(row);
      case "history":
        void this.sync.flush();
        return location.assign(this.setup.history.replace(/0\/$/, `${row.id}/`));
    }
  }

  private go(at: number, play: boolean): void {
    const row = this.model.rows[at];
    if (!row) return;
    this.list.focus(at);
    if (play && this.preview.video?.paused) this.preview.play(row);
  }

  private moved(row: Row | undefined): void {
    if (row) this.list.focus(this.model.at(row.id));
  }

  private retime(start: number, end: number): void {
    const row = this.current;
    if (row) {
      const { id, timing } = row;
      this.doAct({ act: "retime", segment: id, timing, start, end }, this.model.at(id));
    }
  }

  private split(row: Row, at: number): void {
    const area = this.list.area(row.id);
    const cut = area?.selectionStart ?? row.text.length;
    const inside = this.preview.now > row.start && this.preview.now < row.end;
    const share = row.text.length > 0 ? cut / row.text.length : 0.5;
    const middle = Math.round(row.start + (row.end - row.start) * Math.min(0.9, Math.max(0.1, share)));
    const [first, second] = [row.text.slice(0, cut).trim(), row.text.slice(cut).trim()];
    const here = inside ? this.preview.now : middle;
    // What is typed goes with the cut: the halves are what is saved.
    row.saved = row.text;
    this.doAct({ act: "split", segment: row.id, at: here, first, second }, at);
  }

  private add(): void {
    const start = this.preview.now;
    const next = this.model.rows.find((row) => row.start > start)?.start ?? start + 2000;
    const end = Math.max(start + 100, Math.min(start + 2000, next - this.setup.limits.min_gap_ms));
    void this.sync
      .act({ act: "add", start, end })
      .then((told) => this.list.focus(this.model.at(Number(told.segment))))
      .catch((problem: Error) => this.say(problem.message, "kept"));
  }

  private shift(by: number): void {
    const row = this.current;
    if (row) this.doAct({ act: "shift", from: row.start, by }, this.model.at(row.id));
  }

  private italic(row: Row): void {
    const area = this.list.area(row.id);
    if (!area) return;
    const { selectionStart, selectionEnd, value } = area;
    const chosen = value.slice(selectionStart, selectionEnd) || value;
    const plain = chosen.replace(/<\/?i>/g, "");
    const marked = plain === chosen ? `<i>${chosen}</i>` : plain;
    this.model.edit(row.id, chosen === value ? marked : value.slice(0, selectionStart) + marked + value.slice(selectionEnd));
  }

  /** An act of the server's, after which the rows are loaded anew; its refusal is said in words. */
  private doAct(values: Record<string, string | number>, at: number): void {
    void this.sync
      .flush()
      .then(() => this.sync.act(values))
      .then(() => this.list.focus(Math.min(at, this.model.rows.length - 1)))
      .catch((problem: Error) => this.say(problem.message, "kept"));
  }
}

function keysDialog(labels: ReturnType<typeof readLabels>): HTMLDialogElement {
  const rows = LISTED.map(([keys, label]) =>
    make("div", {}, make("dt", {}, make("kbd", { dir: "ltr" }, keys)), make("dd", {}, labels[label] ?? "")),
  );
  const close = make("button", { class: "button button-quiet" }, labels.close);
  const form = make("form", { method: "dialog" }, close);
  return make("dialog", { class: "studio-keys", "aria-label": labels.keys }, make("h2", {}, labels.keys), make("dl", {}, ...rows), form);
}
