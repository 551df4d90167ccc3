import { describe, expect, it } from "vitest";
import type { Labels } from "../labels";
import { AUTO, qualityRows } from "../quality";

const WORDS = { auto: "Auto", autoNow: "Auto ({quality})" } as Labels;
const LADDER = [
  { height: 240, bitrate: 200_000 },
  { height: 720, bitrate: 900_000 },
  { height: 720, bitrate: 1_500_000 },
  { height: 360, bitrate: 400_000 },
];

describe("qualityRows", () => {
  it("lists Auto, then each height once from the largest, at its best bit rate", () => {
    const rows = qualityRows(LADDER, AUTO, undefined, WORDS);
    expect(rows.map(({ label }) => label)).toEqual(["Auto", "720p", "360p", "240p"]);
    expect(rows.map(({ choice }) => choice)).toEqual([AUTO, 2, 3, 0]);
  });

  it("tells what Auto plays now, in the words given", () => {
    expect(qualityRows(LADDER, AUTO, 360, WORDS)[0]).toMatchObject({ label: "Auto (360p)", checked: true });
    const korean = { ...WORDS, autoNow: "자동 ({quality})" };
    expect(qualityRows(LADDER, AUTO, 720, korean)[0]?.label).toBe("자동 (720p)");
  });

  it("checks the chosen height alone, whichever of its renditions was chosen", () => {
    for (const chosen of [1, 2]) {
      const rows = qualityRows(LADDER, chosen, 240, WORDS);
      expect(rows.filter(({ checked }) => checked).map(({ label }) => label)).toEqual(["720p"]);
      expect(rows[0]?.label).toBe("Auto");
    }
  });

  it("falls back to Auto when the choice is no longer offered", () => {
    expect(qualityRows(LADDER, 9, undefined, WORDS)[0]?.checked).toBe(true);
  });
});
