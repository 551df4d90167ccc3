// Segments that a machine proposes: shown on the waveform, taken up, changed or turned down by people.
import { make } from "../player/element";
import { fill } from "../player/labels";
import type { Labels } from "./labels";
import type { Steps, Values } from "./steps";
import type { Told } from "./sync";
import type { Span } from "./timing";

interface ProposalsOptions {
  readonly labels: Labels;
  readonly steps: Steps;
  readonly now: () => number;
  readonly act: (values: Values) => Promise<Told>;
  readonly changed: () => void;
  readonly focus: (id: number) => void;
  readonly say: (words: string) => void;
}

export class Proposals {
  readonly element = make("div", { class: "studio-proposals" });
  private open: Span[] = [];
  /** Those that an act on its way settles: a second press means the next one. */
  private readonly asked = new Set<number>();
  private readonly said = make("p", { role: "status" });
  private readonly ask: HTMLElement;
  private readonly some: HTMLElement;

  constructor(private readonly options: ProposalsOptions) {
    const { labels } = options;
    this.ask = this.button(labels.propose, () => void this.propose());
    this.some = make(
      "div",
      { class: "studio-acts" },
      this.button(labels.takeUp, () => void this.takeUp()),
      this.button(labels.turnDown, () => void this.turnDown()),
      this.button(labels.takeAll, () => void this.run("take-up", this.open)),
      this.button(labels.turnAllDown, () => void this.run("turn-down", this.open)),
    );
    this.element.append(this.ask, this.said, this.some);
    this.show();
  }

  /** Those that nobody settled, in the order of time. */
  get spans(): readonly Span[] {
    return this.open;
  }

  take(open: readonly Span[]): void {
    this.open = [...open].sort((one, other) => one.start - other.start);
    this.show();
  }

  /** Asks for proposals where somebody speaks and nobody cut anything. */
  async propose(): Promise<void> {
    const told = await this.act({ act: "propose" });
    if (told && !told.proposals?.length) this.said.textContent = this.options.labels.noneProposed;
  }

  /** Makes a segment of the next one from the playhead on, or of one whose times somebody changed. */
  async takeUp(changed?: Span): Promise<void> {
    const next = changed ?? this.next();
    if (next) await this.run("take-up", [next], changed ? { start: changed.start, end: changed.end } : {});
  }

  async turnDown(): Promise<void> {
    const next = this.next();
    if (next) await this.run("turn-down", [next]);
  }

  private next(): Span | undefined {
    const now = this.options.now();
    const open = this.open.filter(({ id }) => !this.asked.has(id));
    return open.find(({ end }) => end > now) ?? open[0];
  }

  private async run(act: string, spans: readonly Span[], times: Values = {}): Promise<void> {
    const { steps, focus, labels, say } = this.options;
    const ids = spans.map(({ id }) => id).filter((id) => !this.asked.has(id));
    if (!ids.length) return;
    const proposals = JSON.stringify(ids);
    for (const id of ids) this.asked.add(id);
    const told = await this.act({ act, proposals, ...times });
    for (const id of ids) this.asked.delete(id);
    if (!told) return;
    this.take(this.open.filter(({ id }) => !ids.includes(id)));
    const made = told.rows?.[0]?.id ?? 0;
    steps.add({ kind: "act", id: made, undo: { act: "put-back", proposals }, redo: { act, proposals, ...times } });
    if (told.late) say(fill(labels.proposedLate, { count: told.late }));
    if (made) focus(made);
  }

  private async act(values: Values): Promise<Told | undefined> {
    try {
      return await this.options.act(values);
    } catch (problem) {
      this.options.say((problem as Error).message);
      return undefined;
    }
  }

  /** What an act of any kind said of proposals: open again, or settled. */
  hear({ proposals, settled }: Told): void {
    if (!proposals && !settled) return;
    const known = new Map(this.open.map((each) => [each.id, each]));
    for (const each of proposals ?? []) known.set(each.id, each);
    for (const id of settled ?? []) known.delete(id);
    this.take([...known.values()]);
  }

  private show(): void {
    const { length } = this.open;
    this.ask.hidden = length > 0;
    this.some.hidden = length === 0;
    // Whoever pressed a button that goes finds the one that came in its place.
    const { activeElement: held } = document;
    if (held?.closest("[hidden]") && this.element.contains(held)) (length > 0 ? this.some.querySelector("button") : this.ask)?.focus();
    this.said.textContent = length ? fill(this.options.labels.proposed, { count: length }) : "";
    this.options.changed();
  }

  private button(words: string, onClick: () => void): HTMLElement {
    const button = make("button", { type: "button", class: "button button-quiet button-small" }, words);
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", onClick);
    return button;
  }
}
