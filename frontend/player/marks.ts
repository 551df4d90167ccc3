// What is known of a film beside its picture: chapters, intro, recap, credits, and what follows it.
import { record } from "./labels";

export interface Chapter {
  /** Seconds. */
  readonly start: number;
  readonly title: string;
}

const MARK_KINDS = ["intro", "recap", "credits"] as const;

export interface Mark {
  readonly kind: (typeof MARK_KINDS)[number];
  readonly start: number;
  readonly end: number;
}

/** What follows: where it plays, and the address in the API that says what it is (`following.ts`). */
interface NextFilm {
  readonly url: string;
  readonly about: string;
}

export interface Film {
  readonly chapters: readonly Chapter[];
  readonly marks: readonly Mark[];
  readonly next: NextFilm | null;
  /** Who shows it, and a picture of it, for the system's own controls. */
  readonly by: string;
  readonly artwork: string;
  /** When its licence ends, in milliseconds of the clock; null for never. */
  readonly until: number | null;
}

type Given = Readonly<Record<string, unknown>>;
const rows = (value: unknown): Given[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];
const word = (value: unknown): string => (typeof value === "string" ? value : "");
const second = (value: unknown): number => (typeof value === "number" && value >= 0 ? value : Number.NaN);

/** The film described by a JSON text; what makes no sense in it is left out. */
export function readFilm(json: string | null | undefined): Film {
  const given = record(json);
  const chapters = rows(given.chapters)
    .map(({ start, title }) => ({ start: second(start), title: word(title) }))
    .filter(({ start }) => !Number.isNaN(start))
    .sort((one, other) => one.start - other.start);
  const marks = rows(given.marks).flatMap(({ kind, start, end }) => {
    const known = MARK_KINDS.find((each) => each === kind);
    const [from, to] = [second(start), second(end)];
    return known && to > from ? [{ kind: known, start: from, end: to }] : [];
  });
  const [next] = rows([given.next]);
  const until = Date.parse(word(given.until));
  return {
    chapters,
    marks,
    next: next && word(next.url) ? { url: word(next.url), about: word(next.about) } : null,
    by: word(given.by),
    artwork: word(given.artwork),
    until: Number.isNaN(until) ? null : until,
  };
}

/** The mark that stands at `time`; not one with less than a second to go. */
export function markAt(marks: readonly Mark[], time: number): Mark | null {
  return marks.find(({ start, end }) => start <= time && time < end - 1) ?? null;
}

/** Index of the chapter that `time` lies in, or -1. */
export function chapterAt(chapters: readonly Chapter[], time: number): number {
  return chapters.findLastIndex(({ start }) => start <= time + 0.001);
}

/** When the end of the film begins, as what follows is offered then: the credits, or its last second. */
export function endingAt(marks: readonly Mark[], duration: number): number {
  const credits = marks.findLast(({ kind, end }) => kind === "credits" && end >= duration - 15);
  return credits?.start ?? duration;
}
