// How long a subtitle is: the same words as the server's quality/measuring.py, held to the same table
// of vectors (quality/vectors.json).

interface Measure {
  /** Graphemes; a half-width one counts 0.5 where the language says so. */
  readonly units: number;
  readonly lines: readonly number[];
}

const TAG = /<\/?(?:v|ruby|rt|b|i|u|c|lang)\b[^<>]*>|\{\\[^{}]*\}/g;
const GLOSS = /<rt>[\s\S]*?(?:<\/rt>|(?=<\/ruby>)|$)/g;
const ENTITY = /&(amp|lt|gt|nbsp|lrm|rlm);/g;
const CHARACTERS: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", nbsp: "\u00a0", lrm: "", rlm: "" };
/** Format and control characters but the joiner, which holds an emoji together, and line ends. */
const UNSEEN = /(?![\n\u200d])[\p{Cf}\p{Cc}]/gu;
const HALVES = new Set(["ja", "ko"]);
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe6f\uff01-\uff60\uffe0-\uffe6]/;
/** Neither wide nor narrow: as wide as its neighbours, so a whole one (UAX 11, Ambiguous). */
const AMBIGUOUS = /[¡¤§¨ª\u00ad®°-´¶-º¼-¿×ß÷\u2010\u2013-\u2016\u2018\u2019\u201c\u201d\u2020-\u2022\u2024-\u2027\u2030\u2032\u2033\u203b\u2190-\u2199\u2460-\u24e9\u2500-\u25ff\u2605\u2606\u266a\u266c\u266d]/;
const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** Cue text as it is seen: NFC, without tags, glosses of ruby and marks that show nothing. */
export function visible(text: string): string {
  return text
    .replace(GLOSS, "")
    .replace(TAG, "")
    .replace(ENTITY, (_, name: string) => CHARACTERS[name] ?? "")
    .normalize("NFC")
    .replace(UNSEEN, "");
}

/** How long cue text is in a language (BCP 47). */
export function measure(text: string, language: string): Measure {
  const halves = HALVES.has(language.split("-")[0]?.toLowerCase() ?? "");
  const lines = visible(text)
    .split("\n")
    .map((line) => unitsOf(line, halves));
  const nothing = lines.length === 1 && lines[0] === 0;
  return { units: lines.reduce((sum, line) => sum + line, 0), lines: nothing ? [] : lines };
}

function unitsOf(line: string, halves: boolean): number {
  let units = 0;
  for (const { segment } of segmenter.segment(line)) units += halves && isHalf(segment) ? 0.5 : 1;
  return units;
}

function isHalf(grapheme: string): boolean {
  return [...grapheme].length === 1 && grapheme.length === 1 && !WIDE.test(grapheme) && !AMBIGUOUS.test(grapheme);
}
