// Where the files of a film are just now. Their addresses hold half an hour: before one ends, whoever
// wants a file waits for the next, so that the picture does not stand still.
import type { Admission } from "./admission";

/** Milliseconds before its end from which an address is renewed. */
const EARLY = 60_000;
/** After nobody answered, the old address is used for so long before it is asked again. */
const PAUSE = 20_000;

export class Address {
  private readonly folders = new Set<string>();
  private folder = "";
  private endsAt: number;
  private asking: Promise<void> | undefined;

  /** `left` is how many milliseconds the address `src` still holds; `fresh` asks for the next. */
  constructor(
    src: string,
    left: number | null,
    private readonly fresh: () => Promise<Admission>,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.endsAt = left === null ? Number.POSITIVE_INFINITY : clock() + left;
    this.move(src);
  }

  /** What a page says of it: `src`, and `until` by a clock that may differ from this one. */
  static onPage({ src = "", until = "" }: DOMStringMap, fresh: () => Promise<Admission>): Address {
    const end = Date.parse(until);
    return new Address(src, Number.isNaN(end) ? null : end - Date.now(), fresh);
  }

  /** The address of a file as it is now: under the folder that was told last. */
  now(url: string): string {
    const { href } = new URL(url, document.baseURI);
    for (const folder of this.folders) {
      if (href.startsWith(folder)) return this.folder + href.slice(folder.length);
    }
    return href;
  }

  /** The same, once the folder is good for a while yet. Never rejects: a file may be refused, too. */
  async of(url: string): Promise<string> {
    if (this.clock() > this.endsAt - EARLY) await (this.asking ??= this.renew());
    return this.now(url);
  }

  /** Takes a new address, which holds for `left` milliseconds. */
  take(src: string, left: number | null): void {
    this.endsAt = left === null ? Number.POSITIVE_INFINITY : this.clock() + Math.max(left, EARLY + PAUSE);
    this.move(src);
  }

  private async renew(): Promise<void> {
    const said = await this.fresh();
    if (said.kind === "open") this.take(said.src, said.left);
    else this.endsAt = this.clock() + EARLY + PAUSE;
    this.asking = undefined;
  }

  private move(src: string): void {
    this.folder = new URL(".", new URL(src, document.baseURI)).href;
    this.folders.add(this.folder);
  }
}
