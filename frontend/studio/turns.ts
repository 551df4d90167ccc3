// Acts of one person in the order in which they asked for them, and what they typed meanwhile.
import type { Given, Row } from "./model";

/** One act after another: each begins once the one before was answered. */
export class Turns {
  private last: Promise<void> | undefined;

  /** Does an act at once, or behind those that are on their way. */
  take(act: () => void | Promise<void>): void {
    const doing = this.last ? this.last.then(act) : act();
    if (!doing) return;
    const last: Promise<void> = doing
      .catch(() => undefined)
      .then(() => {
        if (this.last === last) this.last = undefined;
      });
    this.last = last;
  }
}

/** What a page writes, and what it reads beside: an answer from before a write says nothing of now. */
export class Writes {
  private readonly under = new Set<Promise<unknown>>();
  private count = 0;

  /** Writes; what is read meanwhile is asked for again. */
  async write<T>(act: () => Promise<T>): Promise<T> {
    const doing = act();
    this.count += 1;
    this.under.add(doing);
    try {
      return await doing;
    } finally {
      this.under.delete(doing);
    }
  }

  /** Asks until nothing was written between question and answer; not for ever, where somebody
   * writes on. Throws what the question throws. */
  async read<T>(ask: () => Promise<T>): Promise<T> {
    for (let left = 5; ; left -= 1) {
      while (this.under.size > 0) await Promise.allSettled(this.under);
      const before = this.count;
      const answer = await ask();
      if (before === this.count || left === 0) return answer;
    }
  }
}

export interface Typed {
  /** The row in which it was typed. */
  readonly of: number;
  /** The row in which its words are now, with it; undefined if they are gone, and it is all there is. */
  readonly id: number | undefined;
  readonly text: string;
  /** Where in `text` the typing ended. */
  readonly cursor: number;
}

/** What was typed in rows while the server made others of them: it stands where its words went. */
export function carried(before: readonly Row[], given: readonly Given[]): Typed[] {
  const known = new Set(before.map(({ id }) => id));
  const fresh = given.find(({ id }) => !known.has(id));
  const texts = new Map(given.map(({ id, text }) => [id, text]));
  return before.flatMap(({ id, text, saved, theirs, refused }): Typed[] => {
    if (text === saved || theirs || refused) return [];
    const { at, gone, put } = change(saved, text);
    const own = given.find((each) => each.id === id);
    const stays = own && (!fresh || own.text === saved || at < own.text.length);
    const home = stays ? own : own ? fresh : given.find((each) => each.text.endsWith(saved));
    if (!home) return [{ of: id, id: undefined, text: put, cursor: put.length }];
    const stands = texts.get(home.id) ?? home.text;
    const from = stays ? at : Math.max(0, stands.length - saved.length + at);
    const now = stands.slice(0, from) + put + stands.slice(from + gone);
    texts.set(home.id, now);
    return [{ of: id, id: home.id, text: now, cursor: Math.min(from, stands.length) + put.length }];
  });
}

/** What makes one text of another: so much goes at a place, and something is put there. */
function change(from: string, to: string): { at: number; gone: number; put: string } {
  const most = Math.min(from.length, to.length);
  let at = 0;
  while (at < most && from[at] === to[at]) at += 1;
  let end = 0;
  while (end < most - at && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1;
  return { at, gone: from.length - at - end, put: to.slice(at, to.length - end) };
}
