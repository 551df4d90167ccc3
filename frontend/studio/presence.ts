// Who is here and where, and what they do, as it happens; without the channel, one asks as before.
import { make } from "../player/element";
import { fill } from "../player/labels";
import type { Labels } from "./labels";
import type { Claim, News, Sync } from "./sync";

interface Person {
  /** The segment in which their cursor is. */
  readonly at: number;
  readonly who: string;
  readonly by: string;
}

interface Told extends Omit<News, "claims"> {
  readonly claims?: (Omit<Claim, "mine"> & { by: string })[];
  readonly present?: readonly Person[];
  readonly others?: readonly { language: string; label: string; state: string }[];
}

const MOVES = 2000;
const BEAT = 15_000;
const STATES: Readonly<Record<string, "nowDraft" | "nowReview" | "nowReleased" | "nowLocked">> = {
  draft: "nowDraft",
  review: "nowReview",
  released: "nowReleased",
  locked: "nowLocked",
};

/** The others in the room: their names at the lines they are in, and above the list. */
export class Presence {
  private people: readonly Person[] = [];
  private readonly bar = make("p", { class: "studio-present", role: "status" });
  /** Whether a name stands in some row. */
  private flags = false;
  private readonly states = new Map<string, string>();
  private state = "";
  private source: EventSource | undefined;
  private segment = 0;
  private told = 0;
  private timer = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly list: HTMLElement,
    private readonly sync: Sync,
    private readonly at: { live: string; act: string; me: string },
    private readonly labels: Labels,
    private readonly say: (words: string) => void,
  ) {}

  begin(): void {
    this.root.querySelector(".studio-facts")?.append(this.bar);
    this.list.addEventListener("focusin", (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-id]");
      if (row) this.move(Number(row.dataset.id));
    });
    new MutationObserver(() => this.flags && this.mark()).observe(this.list, {
      attributeFilter: ["data-id"],
      subtree: true,
    });
    setInterval(() => document.hidden || this.tell(), BEAT);
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.open()));
    // A stream that was cut off may not know it yet: what was missed comes with a new one.
    addEventListener("online", () => {
      this.close();
      this.open();
    });
    this.open();
  }

  private open(): void {
    if (this.source && this.source.readyState !== EventSource.CLOSED) return;
    const source = new EventSource(`${this.at.live}?since=${this.sync.known}`);
    this.source = source;
    source.addEventListener("open", () => {
      this.sync.live = true;
      this.tell();
    });
    source.addEventListener("error", () => {
      this.sync.live = false;
      this.show([]);
      // Refused for good (signed out, or too many listen): ask as before, and try again later.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => document.hidden || this.open(), 2 * BEAT);
    });
    source.addEventListener("message", (event: MessageEvent<string>) => this.heard(JSON.parse(event.data) as Told));
  }

  private close(): void {
    this.source?.close();
    this.sync.live = false;
  }

  private heard(told: Told): void {
    const { claims: held, ...news } = told;
    const claims = held?.map(({ by, who, ...rest }) => ({
      ...rest,
      who: who || this.labels.someone,
      mine: by === this.at.me,
    }));
    void this.sync.take(claims ? { ...news, claims } : news);
    if (told.present) this.show(told.present.filter(({ by }) => by !== this.at.me));
    this.announce(told);
  }

  /** Says what was handed on, in the moment in which it was. */
  private announce({ state = this.state, others = [] }: Told): void {
    const words = STATES[state];
    if (this.state && this.state !== state && words) this.say(this.labels[words]);
    this.state = state;
    for (const { language, label, state: now } of others) {
      const before = this.states.get(language);
      if (before !== undefined && before !== now && now === "released") {
        this.say(fill(this.labels.handedOn, { language: label }));
      }
      this.states.set(language, now);
    }
  }

  private show(people: readonly Person[]): void {
    this.people = people;
    const who = [...new Set(people.map((each) => each.who || this.labels.someone))].join(", ");
    const words = who ? fill(this.labels.here, { who }) : "";
    if (this.bar.textContent !== words) this.bar.textContent = words;
    this.mark();
  }

  /** Puts the names of the others into the rows of theirs that are in the page. */
  private mark(): void {
    if (!this.flags && this.people.length === 0) return;
    this.flags = this.people.length > 0;
    const wanted = new Map<string, string>();
    for (const { at, who } of this.people) {
      const name = who || this.labels.someone;
      const before = wanted.get(String(at));
      wanted.set(String(at), before ? `${before}, ${name}` : name);
    }
    for (const row of this.list.querySelectorAll<HTMLElement>(".studio-row[data-id]")) {
      const name = wanted.get(row.dataset.id ?? "");
      const flag = row.querySelector(":scope > .studio-cursor");
      if (!name) flag?.remove();
      else if (!flag) row.append(make("span", { class: "studio-cursor", dir: "auto" }, name));
      else if (flag.textContent !== name) flag.textContent = name;
    }
  }

  private move(segment: number): void {
    if (segment === this.segment) return;
    this.segment = segment;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.tell(), Math.max(0, this.told + MOVES - Date.now()));
  }

  private tell(): void {
    this.told = Date.now();
    void this.post({ act: "here", segment: String(this.segment) });
  }

  private leave(): void {
    this.close();
    void this.post({ act: "go" });
  }

  private async post(values: Record<string, string>): Promise<void> {
    try {
      await fetch(this.at.act, { method: "POST", body: new URLSearchParams(values), keepalive: true });
    } catch {
      // Without a connection nobody sees where one is.
    }
  }
}
