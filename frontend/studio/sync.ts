// Saves by itself, keeps what can't be sent on the device, and hears what others did.
import { type KeptLine, readKept, writeKept } from "./kept";
import type { Given, Model, Row, Timed } from "./model";
import type { Values } from "./steps";
import type { Span } from "./timing";
import { type Typed, Writes } from "./turns";

export interface Claim {
  readonly from: number;
  readonly until: number;
  readonly who: string;
  readonly mine: boolean;
}

/** What others did; of what is not among it, nothing changed. */
export interface News {
  readonly rows: { id: number; version: number; text: string }[];
  readonly changes: number;
  readonly times?: number;
  readonly state?: string;
  readonly claims?: Claim[];
  readonly notes?: Readonly<Record<string, number>>;
}

/** An act that did not reach the service, or was not done there for want of anything that its author did. */
export class Undone extends Error {}

export type Condition = "saved" | "saving" | "held" | "kept" | "signedOut";
/** Why an act was not done, where the server has no words for it. */
type Why = "offline" | "signedOut" | "overtaken" | "failed";

const PAUSE = 1500;
const LISTEN = 4000;

/** What an act answers: rows as they stand now, and segments that went. */
export interface Told {
  readonly rows?: Given[];
  readonly gone?: number[];
  readonly segment?: number;
  readonly proposals?: Span[];
  /** Proposals that were turned down, and how many could not be taken up. */
  readonly settled?: number[];
  readonly late?: number;
}

export class Sync {
  claims: readonly Claim[] = [];
  /** Whether news come by themselves (`presence.ts`), so that nobody has to ask. */
  live = false;
  private changes = 0;
  /** The state and the claims as they were heard last. */
  private stood: readonly (string | undefined)[] = [];
  /** The server's clock when times were last loaded. */
  private loaded = 0;
  private timing: Promise<void> | undefined;
  private moving: Promise<void> | undefined;
  private condition: Condition = "saved";
  private readonly sending = new Map<number, Promise<void>>();
  private readonly writes = new Writes();
  /** The act that is on its way: until it is answered nothing else is sent or heard. */
  private acting: Promise<unknown> | undefined;
  private timer = 0;
  private retryIn = 2000;
  private retry = 0;
  /** Lines that this tab keeps on the device; others of the same person may be another tab's. */
  private mine = new Set<string>();

  constructor(
    private readonly model: Model,
    private readonly at: { lines: string; changes: string; act: string; me: string; source: string },
    private readonly tell: {
      condition: (now: Condition) => void;
      rows: () => void;
      claims: () => void;
      /** Somebody else set times that were being set here: theirs stand. */
      overtaken: () => void;
      refused: (words: string) => void;
      undone: (why: Why) => string;
      proposals: (told: Told) => void;
      /** What was typed during an act belongs somewhere else now. */
      typed: (typed: Typed) => void;
    },
  ) {
    addEventListener("online", () => void this.flush());
    addEventListener("pagehide", () => void this.flush());
    document.addEventListener("visibilitychange", () => void this.flush());
  }

  /** Loads every row, lays over them what this device kept, and begins to listen. */
  async begin(): Promise<void> {
    await this.load();
    this.restore();
    void this.flush();
    setInterval(() => void this.listen(), LISTEN);
  }

  /** A line changed: keep it here at once, send it after a pause. */
  changed(): void {
    this.keep();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), PAUSE);
    this.show(this.waits ? "saving" : "saved");
  }

  private get waits(): boolean {
    return this.model.unsaved.length > 0 || this.model.untimed.length > 0;
  }

  private get ready(): Row[] {
    return this.model.unsaved.filter(({ id, theirs, refused }) => !theirs && !refused && !this.sending.has(id));
  }

  /** Sends every line that is not saved and that no clash holds up; over once all is answered. */
  async flush(): Promise<void> {
    if (!this.acting) await this.sendAll();
  }

  private async sendAll(): Promise<void> {
    clearTimeout(this.timer);
    for (const row of this.ready) this.sending.set(row.id, this.send(row));
    await Promise.all([this.sendTimes(), ...this.sending.values()]);
  }

  /** Sends all times that wait, one batch after another, so that each knows the version before. */
  private sendTimes(): Promise<void> {
    this.timing ??= this.pump().finally(() => {
      this.timing = undefined;
      this.rest();
    });
    return this.timing;
  }

  private async pump(): Promise<void> {
    for (let rows = this.model.untimed; rows.length > 0; rows = this.model.untimed) {
      const changes = JSON.stringify(rows.map(({ id, timing, start, end }) => [id, timing, start, end]));
      this.show("saving");
      const came = await this.post<{ times?: Timed[]; message?: string }>({ act: "times", changes });
      if (!came?.told) {
        this.show("kept");
        return this.tryAgain();
      }
      const { answer, told } = came;
      if (answer.status === 401) return this.show("signedOut");
      if (answer.ok) {
        this.model.wereTimed(rows.map(({ id, start, end, timing }) => ({ id, start, end, timing })));
        this.model.wereTimed(told.times ?? []);
      } else {
        this.model.retreat();
        await this.load().catch(() => undefined);
        if (answer.status === 409) this.tell.overtaken();
        else this.tell.refused(told.message ?? answer.statusText);
      }
    }
    this.keep();
  }

  /** Says how things stand once words and times were both answered, whichever was last. */
  private rest(): void {
    if (this.condition !== "saving" || this.sending.size > 0 || this.timing) return;
    this.show(this.waits ? "held" : "saved");
  }

  /** Does an act after all that waits was sent, one at a time, and takes the rows it answers with.
   * `values` are asked for once it is its turn; none, and nothing is done. `then` hears the answer
   * before what was typed meanwhile is typed anew. Throws with the server's words if it refuses. */
  async act(values: () => Values | undefined, then: (told: Told) => void = () => undefined): Promise<Told> {
    while (this.acting) await this.acting;
    const doing = this.do(values, then);
    this.acting = doing.catch(() => undefined);
    try {
      return await doing;
    } finally {
      this.acting = undefined;
      if (this.waits) this.changed();
      else this.keep();
    }
  }

  private async do(values: () => Values | undefined, then: (told: Told) => void): Promise<Told> {
    // What is typed while it is sent is sent as well; not for ever, where somebody types on.
    for (let round = 0; round < 3 && (round === 0 || this.ready.length > 0); round += 1) await this.sendAll();
    const given = values();
    if (!given) return {};
    const since = this.model.steps.mark();
    const came = await this.post<Told & { message?: string }>({ ...given, source: this.at.source });
    if (!came) throw new Undone(this.tell.undone("offline"));
    const { answer, told = {} } = came;
    if (answer.status === 401) {
      this.show("signedOut");
      throw new Undone(this.tell.undone("signedOut"));
    }
    if (!answer.ok) {
      const overtaken = answer.status === 409 || answer.status === 410;
      if (overtaken) await this.load().catch(() => undefined);
      if (answer.status >= 500) throw new Undone(this.tell.undone("failed"));
      throw new Error(told.message ?? this.tell.undone(overtaken ? "overtaken" : "failed"));
    }
    const typed = told.rows || told.gone ? this.model.made(told.rows ?? [], told.gone ?? [], since) : [];
    this.tell.proposals(told);
    then(told);
    for (const each of typed) this.tell.typed(each);
    return told;
  }

  /** Whether the outline of the film is made by now. */
  async outlined(): Promise<boolean> {
    const answer = await fetch(`${this.at.changes}?since=${this.changes}&outlined=1`);
    return answer.ok && !answer.redirected && ((await answer.json()) as { outlined: boolean }).outlined;
  }

  /** Asks what others did, unless it comes by itself. */
  async listen(): Promise<void> {
    if (document.hidden || this.live) return;
    try {
      const answer = await fetch(`${this.at.changes}?since=${this.changes}`);
      if (!answer.ok || answer.redirected) return;
      await this.take((await answer.json()) as News);
    } catch {
      if (this.waits) this.show("kept");
    }
  }

  private async load(): Promise<void> {
    const given = await this.fetched(this.at.lines);
    if (!given) return;
    this.model.take(given.rows);
    this.hear(given);
    this.tell.rows();
  }

  /** Somebody set times: what came, went or moved since the last look; all of it, if that does not
   * make the same of it as the server has. */
  private async loadMoved(): Promise<void> {
    const mark = this.at.lines.includes("?") ? "&" : "?";
    const given = await this.fetched(`${this.at.lines}${mark}after=${this.loaded}`);
    if (!given) return;
    this.model.apply(given.rows, given.gone);
    this.hear(given);
    if (given.times !== this.model.timings) await this.load();
  }

  private async fetched(address: string): Promise<(News & { rows: Given[]; gone: number[] }) | undefined> {
    type Loaded = News & { rows: Given[]; gone: number[]; proposals?: Span[]; now: number };
    const given = await this.writes.read(async () => {
      const answer = await fetch(address);
      return answer.ok && !answer.redirected ? ((await answer.json()) as Loaded) : undefined;
    });
    if (!given) {
      this.show("signedOut");
      return undefined;
    }
    this.loaded = given.now;
    this.tell.proposals(given);
    return given;
  }

  private async send(row: Row): Promise<void> {
    const { text } = row;
    this.show("saving");
    let again = false;
    const values = { act: "save", segment: row.id, version: row.version, text };
    const came = await this.post<{ version: number; text: string; message?: string }>(values);
    this.sending.delete(row.id);
    if (came?.told) {
      const { answer, told } = came;
      const now = this.model.get(row.id) ?? row; // rows that were loaded meanwhile stand in its place
      if (answer.ok) this.model.wasSaved(now, told.version, text);
      else if (answer.status === 409) this.model.hear(row.id, told.version, told.text);
      else if (answer.status === 401) this.show("signedOut");
      else now.refused = told.message ?? answer.statusText;
      if (answer.status === 410) await this.loadMoved().catch(() => undefined);
      again = answer.ok && this.model.isUnsaved(now);
      this.retryIn = 2000;
      if (answer.status !== 401) this.condition = "saving";
    } else {
      this.show("kept");
      this.tryAgain();
    }
    this.keep();
    if (again) this.changed();
    else this.rest();
    this.tell.claims();
  }

  /** One attempt waits at a time, however many lines do. */
  private tryAgain(): void {
    if (this.retry) return;
    this.retry = window.setTimeout(() => {
      this.retry = 0;
      void this.flush();
    }, this.retryIn);
    this.retryIn = Math.min(this.retryIn * 2, 30_000);
  }

  /** What was refused for who held it, or for how far the edition was, is tried once these change. */
  private retryRefused({ state, claims }: Omit<News, "rows">): void {
    const now = [state ?? this.stood[0], claims ? JSON.stringify(claims) : this.stood[1]] as const;
    const known = this.stood[1] !== undefined;
    const same = now.every((each, at) => each === this.stood[at]);
    this.stood = now;
    if (!known || same) return;
    const refused = this.model.unsaved.filter((row) => row.refused);
    for (const row of refused) row.refused = undefined;
    if (refused.length > 0) void this.flush();
  }

  /** Takes what others did, as it was heard. */
  async take(news: News): Promise<void> {
    while (this.acting) await this.acting;
    for (const { id, version, text } of news.rows) {
      if (!this.sending.has(id)) this.model.hear(id, version, text);
    }
    this.hear(news);
    while (this.moving) await this.moving; // which may bring what these news tell of
    const moved = news.times !== undefined && news.times !== this.model.timings && !this.timing;
    if (moved) {
      this.moving = this.loadMoved()
        .catch(() => undefined) // the next news tell of it again
        .finally(() => (this.moving = undefined));
      await this.moving;
    }
    if (this.condition === "kept") void this.flush();
  }

  private hear(news: Omit<News, "rows">): void {
    this.changes = news.changes;
    if (news.claims) this.claims = news.claims;
    if (news.notes && this.model.noted(news.notes)) this.tell.rows();
    this.retryRefused(news);
    if (this.mine.size > 0) this.keep();
    this.tell.claims();
  }

  /** Whoever wrote what has no segment any more has read it. */
  forgetHomeless(): void {
    this.model.homeless.clear();
    this.keep();
  }

  get known(): number {
    return this.changes;
  }

  /** What the server says to an act, `told` where it is its own word; nothing where it can't be reached. */
  private post<T>(values: Values): Promise<{ answer: Response; told?: T | undefined } | undefined> {
    const body = new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)]));
    return this.writes.write(async () => {
      const keepalive = body.toString().length < 50_000;
      const answer = await fetch(this.at.act, { method: "POST", body, keepalive }).catch(() => undefined);
      return answer && { answer, told: await answer.json().then((told) => told as T).catch(() => undefined) };
    });
  }

  private show(now: Condition): void {
    if (this.condition === "signedOut" && now !== "saved") return;
    this.condition = now;
    this.tell.condition(now);
  }

  private keep(): void {
    const { unsaved, untimed, homeless } = this.model;
    const lines: Record<string, KeptLine> = {};
    for (const [id, text] of homeless) lines[id] = { text, version: 0 };
    for (const { id, text, version } of unsaved) lines[id] = { text, version };
    for (const { id, text, version, start, end, timing } of untimed) {
      lines[id] = { text, version, times: [start, end, timing] };
    }
    const all = readKept();
    const others = Object.entries(all[this.at.me] ?? {}).filter(([id]) => !this.mine.has(id));
    this.mine = new Set(Object.keys(lines));
    const kept = { ...Object.fromEntries(others), ...lines };
    if (Object.keys(kept).length > 0) all[this.at.me] = kept;
    else delete all[this.at.me];
    writeKept(all);
  }

  private restore(): void {
    const kept = readKept()[this.at.me] ?? {};
    this.mine = new Set(Object.keys(kept));
    for (const [id, { text, version, times }] of Object.entries(kept)) {
      const row = this.model.get(Number(id));
      if (!row) {
        this.model.homeless.set(Number(id), text);
        continue;
      }
      if (times && times[2] === row.timing) this.model.time([{ id: row.id, start: times[0], end: times[1] }]);
      else if (times && (times[0] !== row.start || times[1] !== row.end)) this.tell.overtaken();
      if (row.text === text) continue;
      const now = { version: row.version, text: row.text };
      this.model.edit(row.id, text);
      if (now.version !== version) row.theirs = now;
    }
    this.keep();
    this.tell.rows();
  }
}
