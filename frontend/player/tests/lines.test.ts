import { describe, expect, it } from "vitest";
import { answering, finding, folded, lineAt, linesOf, words } from "../lines";

const line = (start: number, end: number, text: string) => ({ start, end, text });
const cue = (startTime: number, endTime: number, text: string) => ({ startTime, endTime, text });
const lines = [line(1, 3, "Good evening"), line(4, 6, "from the harbour"), line(10, 12, "Bonne année, Zoë")];

describe("the lines of a film", () => {
  it("are in the order of time, without markup, ruby or nothing at all", () => {
    const cues = [cue(5, 6, "<i>two</i>"), cue(1, 2, "<ruby>漢<rt>かん</rt></ruby> &amp; one"), cue(3, 4, "<b> </b>")];
    expect(linesOf(cues).map(({ text }) => text)).toEqual(["漢 & one", "two"]);
  });

  it.each([
    [0, -1],
    [1, 0],
    [3.5, 0],
    [4, 1],
    [99, 2],
  ])("at second %d the line is %d", (time, index) => {
    expect(lineAt(lines, time)).toBe(index);
  });

  it("are found by all words, whatever their case, accents or vowel signs", () => {
    expect(finding(lines, "ANNEE zoe")).toEqual([2]);
    expect(finding(lines, "harbour evening")).toEqual([]);
    expect(finding(lines, "  ")).toEqual([0, 1, 2]);
    expect(folded("مَسَاءُ الخَيْرِ")).toBe(folded("مساء الخير"));
    expect(folded("إلى")).toBe(folded("الي"));
    expect(folded("Ｈａｒｂｏｕｒ")).toBe("harbour");
  });

  it("are answered by what is said at the same time in another language", () => {
    const others = [line(1.2, 3.1, "저녁"), line(3.05, 3.9, "later"), line(4, 9, "long")];
    expect(answering(lines[0] as never, others).map(({ text }) => text)).toEqual(["저녁"]);
    expect(answering(lines[1] as never, others).map(({ text }) => text)).toEqual(["long"]);
    expect(answering(lines[2] as never, others)).toEqual([]);
  });

  it("are cut into words, also where no spaces are written", () => {
    const japanese = words("灯台が光る。", "ja").filter(({ word }) => word).map(({ text }) => text);
    expect(japanese.length).toBeGreaterThan(1);
    expect(japanese.join("")).toBe("灯台が光る");
    expect(words("It's dark.", "en").filter(({ word }) => word).map(({ text }) => text)).toEqual(["It's", "dark"]);
    expect(words("a b", "no such tag").map(({ text }) => text).join("")).toBe("a b");
  });
});
