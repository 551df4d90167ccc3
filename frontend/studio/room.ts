// The studio itself: list, film, waveform and tools joined on one edition.
import { fill } from "../player/labels";
import { Cutting } from "./cutting";
import { keepDesk, readDesk } from "./desk";
import { KeysDialog } from "./dialogs";
import { showHomeless } from "./homeless";
import { type Act, ALWAYS, chordOf, Keymap, named, TIMES, WRITES } from "./keys";
import type { Labels } from "./labels";
import { List } from "./list";
import { askRow } from "./jumping";
import { marked } from "./marks";
import { Model, type Row } from "./model";
import { headOf, nextPlace, placed, put, type Settings, top, turned, wordsOf } from "./placing";
import { Preview } from "./preview";
import { Proposals } from "./proposals";
import { byFrames, gapFrames, rateOf } from "./snapping";
import { Presence } from "./presence";
import { Remarks } from "./remarks";
import type { Setup } from "./setup";
import { Sync } from "./sync";
import { Tools } from "./tools";
import { type Typed, Turns } from "./turns";
import { Voice } from "./voice";
import { WavePanel } from "./wave-panel";

const SECOND = 1000;

export class Room {
  private readonly labels;
  private readonly setup: Setup;
  private readonly model: Model;
  private readonly sync: Sync;
  private readonly list: List;
  private readonly preview: Preview;
  private readonly tools: Tools;
  private readonly cutting: Cutting;
  private readonly wave: WavePanel;
  private readonly proposals: Proposals;
  private readonly keys: KeysDialog;
  private readonly keymap: Keymap;
  private readonly voice: Voice;
  private readonly remarks: Remarks;
  private readonly turns = new Turns();
  private desk = readDesk();

  constructor(private readonly root: HTMLElement) {
    const read = (name: string): string => root.querySelector(`script[data-${name}]`)?.textContent ?? "{}";
    this.labels = JSON.parse(read("labels")) as Labels;
    this.setup = JSON.parse(read("setup")) as Setup;
    const { labels, setup } = this;
    const say = (words: string): void => this.say(words, "kept");
    this.keymap = new Keymap(this.desk.keys);
    this.model = new Model(
      (row) => this.changed(row),
      () => this.rowsChanged(),
    );
    this.voice = new Voice(root, this.model, labels, setup.signIn);
    this.sync = new Sync(this.model, setup, {
      condition: (now) => this.say(labels[now], now),
      rows: () => this.rowsChanged(),
      claims: () => this.claimsChanged(),
      overtaken: () => say(labels.overtaken),
      refused: say,
      undone: (why) => labels[why],
      proposals: (told) => this.proposals.hear(told),
      typed: (typed) => this.retype(typed),
    });
    this.proposals = new Proposals({
      labels,
      steps: this.model.steps,
      now: () => this.preview.now,
      act: (values) => this.sync.act(() => values),
      changed: () => this.wave?.changed(),
      focus: (id) => this.list.focus(this.model.at(id)),
      say,
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
    const found = (): string => (this.current ? this.list.remarks(this.current) : "");
    this.remarks = new Remarks(found, (words) => this.voice.whisper(words), labels.mended);
    this.preview = new Preview(root, this.model, (ms, playing) => {
      this.list.mark(this.model.standing(ms));
      this.wave.playhead(ms, playing);
    });
    const gap = gapFrames(setup.limits.min_gap_ms, rateOf(setup.fps));
    this.wave = new WavePanel(root, labels, this.model, {
      setup,
      gap,
      desk: () => this.desk,
      onDesk: (changed) => this.keepDesk(changed),
      outlined: () => this.sync.outlined(),
      current: () => this.list.current,
      now: () => this.preview.now,
      onSelect: (id) => this.list.focus(this.model.at(id)),
      onTime: (id, start, end) => this.retime(id, start, end),
      onCut: (start, end) => this.turns.take(() => this.cutting.add(start, end)),
      onSeek: (ms) => this.preview.go(ms),
      proposals: () => this.proposals.spans,
      onProposal: (span) => void this.proposals.takeUp(span),
      below: setup.times ? this.proposals.element : null,
    });
    this.cutting = new Cutting(this.model, {
      root,
      labels,
      language: setup.language,
      gap,
      outline: () => this.wave.outline,
      act: (values, then) => this.sync.act(values, then),
      current: () => this.list.current,
      timed: () => this.sync.changed(),
      focus: (id) => this.list.focus(this.model.at(id)),
      say,
      tell: (id) => this.voice.tell(id),
    });
    this.keys = new KeysDialog(labels, this.keymap, () => this.keepDesk({ keys: this.keymap.kept }));
    this.tools = new Tools(
      labels,
      setup,
      {
        act: (act) => this.perform(act),
        place: (place) => this.put((typed) => placed(typed, place)),
        settings: (settings: Settings) => this.put((typed) => put(typed, settings)),
        back: () => this.list.cursor(this.list.current),
        retime: (start, end) => this.retime(this.list.current, start, end),
      },
      (act) => named(this.keymap.of(act)[0] ?? ""),
    );
  }

  async begin(): Promise<void> {
    const lines = this.root.querySelector<HTMLElement>("[data-lines]");
    await this.sync.begin();
    this.root.dataset.on = "";
    const bare = lines?.querySelector("[data-empty]");
    if (bare) this.list.element.prepend(bare);
    lines?.replaceChildren(this.list.element);
    this.root.querySelector("[data-tools]")?.append(this.tools.element, this.keys.element);
    document.addEventListener("keydown", (event) => this.pressed(event));
    new Presence(this.root, this.list.element, this.sync, this.setup, this.labels, (words) => this.say(words)).begin();
    this.list.refresh();
    const asked = this.model.at(Number(location.hash.replace("#line-", "")));
    this.list.focus(asked >= 0 ? asked : Math.max(0, this.model.nextEmpty(-1)));
    void this.wave.begin();
  }

  private retime(id: number, start: number, end: number): void {
    this.turns.take(() => {
      const row = this.model.get(id);
      if (row) this.cutting.set(row, start, end);
    });
  }

  /** What was typed during an act stands where its words are now; without any, where one goes on. */
  private retype({ id, text, cursor }: Typed): void {
    const row = id === undefined ? this.current : this.model.get(id);
    if (!row) return;
    this.model.edit(row.id, id === undefined ? row.text + text : text);
    if (row.id === this.list.current) this.list.cursor(row.id, id === undefined ? undefined : cursor);
  }

  private get current(): Row | undefined {
    return this.model.get(this.list.current);
  }

  private changed(row: Row): void {
    this.list.update(row.id);
    const before = this.model.rows[this.model.at(row.id) - 1];
    if (before) this.list.update(before.id);
    this.preview.show(row);
    if (row.id === this.list.current) {
      this.tools.show(row);
      if (this.model.isUnsaved(row)) this.remarks.typed();
    }
    this.wave.changed();
    this.sync.changed();
    this.count();
  }

  private rowsChanged(): void {
    showHomeless(this.root, this.labels, this.model.homeless, () => {
      this.sync.forgetHomeless();
      this.list.cursor(this.list.current);
    });
    this.list.refresh();
    this.preview.showAll();
    this.wave.changed();
    this.count();
    if (!this.current) return;
    this.tools.show(this.current);
    this.remarks.changed();
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
    this.remarks.entered();
    this.wave.show(row.start);
  }

  private claimsChanged(): void {
    this.list.refresh();
    if (!this.current) return;
    this.tools.claimed(this.isMine(this.current));
    this.remarks.changed();
  }

  private isMine({ start }: Row): boolean {
    return this.sync.claims.some(({ mine, from, until }) => mine && from <= start && start < until);
  }

  private readonly say = (words: string, kind = ""): void => this.voice.say(words, kind);

  private keepDesk(changed: Partial<typeof this.desk>): void {
    this.desk = { ...this.desk, ...changed };
    keepDesk(this.desk);
  }

  private pressed(event: KeyboardEvent): void {
    const { target } = event;
    if (!(target instanceof HTMLElement) || target.closest("dialog")) return;
    // Where somebody took the line away that had the cursor, the page has the keys.
    if (target !== document.body && !this.root.contains(target)) return;
    if (target instanceof HTMLSelectElement && /^Arrow/.test(event.code)) return; // which opens it
    const chord = chordOf(event);
    const bare = !/Control|Alt/.test(chord);
    // A bare key is a line's own; fields and buttons keep theirs.
    if (bare && !(target instanceof HTMLTextAreaElement)) return;
    const act = this.keymap.at(chord);
    if (!act || (target instanceof HTMLInputElement && /undo|redo/.test(act))) return;
    event.preventDefault();
    this.perform(act);
  }

  private perform(act: Act): void {
    const changes = TIMES.has(act) || WRITES.has(act);
    const why = this.root.querySelector("[data-why]")?.textContent;
    if (changes && !this.setup.writes && !this.setup.times && why) return this.say(why, "kept");
    if (!this.setup.times && TIMES.has(act)) return this.say(this.labels.noTimes, "kept");
    if (!this.setup.writes && WRITES.has(act)) return;
    const { now } = this.preview;
    const doIt = (): void | Promise<void> => {
      const row = this.current;
      if (ALWAYS.has(act)) return this.performAnywhere(act, row ? this.model.at(row.id) : -1, now);
      return row && this.performOn(row, this.model.at(row.id), act, now);
    };
    if (TIMES.has(act) || act === "undo" || act === "redo") this.turns.take(doIt);
    else void doIt();
  }

  private performAnywhere(act: Act, at: number, now: number): void | Promise<void> {
    const { preview } = this;
    const fps = this.wave.outline.fps;
    switch (act) {
      case "next":
        void this.sync.flush();
        return this.go(Math.min(at + 1, this.model.rows.length - 1), at + 1 < this.model.rows.length);
      case "empty":
        void this.sync.flush();
        return this.go(this.model.nextEmpty(at), true);
      case "undo":
      case "redo":
        return this.step(act === "undo");
      case "keys":
        return this.keys.open();
      case "run":
        return preview.run();
      case "back":
      case "ahead":
        return preview.go(now + (act === "back" ? -SECOND : SECOND));
      case "frameBack":
      case "frameAhead":
        return preview.go(byFrames(now, act === "frameBack" ? -1 : 1, fps));
      case "add":
        return this.cutting.add(now);
      case "takeUp":
      case "turnDown":
        return this.proposals[act]();
      case "zoomIn":
      case "zoomOut":
        return this.wave.zoom(act === "zoomIn" ? 1 : -1);
      case "jump":
        return void this.jump();
      case "find":
        return this.leave(this.setup.find);
    }
  }

  private performOn(row: Row, at: number, act: Act, now: number): void | Promise<void> {
    const { cutting, preview } = this;
    switch (act) {
      case "previous":
        return this.go(Math.max(0, at - 1), false);
      case "play":
        return preview.play(row);
      case "claim":
        return void this.claim(row);
      case "setStart":
        return cutting.set(row, now, Math.max(row.end, now + SECOND));
      case "setEnd":
        return cutting.set(row, row.start, now);
      case "endHere":
        cutting.set(row, row.start, now);
        return this.go(at + 1, false);
      case "earlier":
      case "later":
        return cutting.nudge(row, "start", act === "earlier" ? -1 : 1);
      case "endEarlier":
      case "endLater":
        return cutting.nudge(row, "end", act === "endEarlier" ? -1 : 1);
      case "split":
        return cutting.split(row, ({ id, text }) => this.list.chosen(id)?.from ?? wordsOf(text).length, now);
      case "merge":
      case "remove":
      case "shift":
      case "stretch":
      case "chain":
      case "clear":
        return cutting[act](row);
      case "history":
        return this.leave(this.setup.history.replace(/0\/$/, `${row.id}/`));
      default:
        return this.mark(row, act);
    }
  }

  /** Goes to another page; the way back leads to the line in hand. */
  private leave(address: string): void {
    void this.sync.flush();
    if (this.current) history.replaceState(null, "", `#line-${this.current.id}`);
    location.assign(address);
  }

  private mark(row: Row, act: Act): void {
    const chosen = this.list.chosen(row.id);
    if (!chosen) return;
    if (act === "free") return this.tools.free();
    const places: Partial<Record<Act, (typed: string) => string>> = { top, place: (typed) => placed(typed, nextPlace(typed)), vertical: turned };
    const made = marked(act, chosen, this.setup);
    if (made) this.model.edit(row.id, headOf(row.text) + made.value);
    else if (places[act]) this.put(places[act]);
    this.list.cursor(row.id, made?.cursor);
  }

  /** Puts the line in hand somewhere else. */
  private put(where: (typed: string) => string): void {
    const row = this.current;
    if (row && this.list.chosen(row.id)) this.model.edit(row.id, where(row.text));
  }

  private async claim(row: Row): Promise<void> {
    const mine = this.isMine(row);
    try {
      await this.sync.act(() => (mine ? { act: "let-go" } : { act: "claim", from: row.start }));
      await this.sync.listen();
      this.say(mine ? this.labels.letGoNow : this.labels.yoursNow);
    } catch (problem) {
      this.say((problem as Error).message, "kept");
    }
  }

  private async step(back: boolean): Promise<void> {
    const step = back ? this.model.steps.back() : this.model.steps.again();
    if (!step) return;
    if (step.kind === "act") return this.cutting.again(step, back);
    const row = this.model.run(step, back);
    if (!row) return this.say(this.labels.cantUndo, "kept");
    this.sync.changed();
    this.list.focus(this.model.at(row.id));
    this.voice.tell(row.id);
  }

  private async jump(): Promise<void> {
    const at = this.model.at(this.list.current);
    this.go((await askRow(this.root, this.labels, this.model, at)) ?? at, false);
  }

  private go(at: number, play: boolean): void {
    const row = this.model.rows[at];
    if (!row) return;
    this.list.focus(at);
    if (play && this.preview.video?.paused) this.preview.play(row);
  }
}
