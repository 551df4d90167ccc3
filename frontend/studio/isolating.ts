// Tags in a field that is written from right to left. Letters of a tag run the other way, so that
// `<i>` would fall apart among them: each tag stands between isolates (U+2066, U+2069), which are seen
// by nobody and are no part of the line.

const [OPEN, CLOSE] = ["\u2066", "\u2069"];
const TAG = /<\/?(?:v|lang|c|ruby|rt|b|i|u)\b[^<>]*>/g;
/** A tag, or what editing left of one. */
const HELD = /\u2066(<[^\u2066\u2069]*|[^\u2066\u2069]*>)\u2069/g;
const SHUT = /\u2066(<\/?[A-Za-z][^<>]*>)\u2069/g;

/** Words as such a field shows them. */
export const isolated = (words: string): string => words.replace(TAG, `${OPEN}$&${CLOSE}`);

/** Words as they are, of what such a field holds; halves of isolates that editing left go too. */
export function bare(shown: string): string {
  let open = 0;
  let kept = "";
  for (const character of shown.replace(HELD, "$1")) {
    if (character === OPEN) open += 1;
    else if (character === CLOSE && open === 0) continue;
    else if (character === CLOSE) open -= 1;
    kept += character;
  }
  for (; open > 0; open -= 1) kept = kept.replace(new RegExp(`${OPEN}(?=[^${OPEN}]*$)`), "");
  return kept;
}

/** Where in the words a place of the field is, and the other way round. */
export const within = (shown: string, at: number): number => bare(shown.slice(0, at)).length;

export function outside(words: string, at: number): number {
  let place = at;
  for (const tag of words.matchAll(TAG)) {
    if (tag.index + tag[0].length <= at) place += 2;
    else if (tag.index < at) place += 1;
  }
  return place;
}

/** The span of the tag that one key would delete a half of; undefined where it deletes a letter. */
export function markAt(shown: string, at: number, back: boolean): readonly [number, number] | undefined {
  for (const tag of shown.matchAll(SHUT)) {
    const [from, to] = [tag.index, tag.index + tag[0].length];
    if (back ? at === to : at === from) return [from, to];
  }
  return undefined;
}
