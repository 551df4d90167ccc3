import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { italic, ruby, screen, song, speakers } from "../marks";
import { cueOf, nextPlace, placed, placeOf, put, settingsOf, signOf, top, turned, understood, wordsOf } from "../placing";
import { bare, isolated, markAt, outside, within } from "../isolating";
import { check } from "../checks";
import { signedTime } from "../cutting";
import { Keymap, named } from "../keys";
import { readWaveform } from "../outline";
import { byFrames, clearOfShots, frameMs, gapFrames, onFrame, rateOf, snap } from "../snapping";
import { chained, clearedOfShots, shifted, stretched } from "../timing";
import { waveSheet } from "../wave-sheet.js";

const outline = { fps: 25, shots: [2000, 6000], speech: [[1030, 1900], [4100, 5200]] as [number, number][] };
const all = { shots: true, speech: true, neighbours: true };
const span = (id: number, start: number, end: number) => ({ id, start, end });

describe("frames", () => {
  it.each([25, 24, rateOf("24000/1001"), rateOf("30000/1001"), 60])("of %d a second keep their number", (fps) => {
    for (let frame = 0; frame < 260_000; frame += 997) {
      expect(onFrame(frameMs(frame, fps), fps)).toBe(frameMs(frame, fps));
      expect(byFrames(frameMs(frame, fps), 1, fps)).toBe(frameMs(frame + 1, fps));
    }
  });

  it("make the least pause two, or more where the limits say", () => {
    expect(gapFrames(83, 24)).toBe(2);
    expect(gapFrames(83, 25)).toBe(3);
    expect(gapFrames(0, 25)).toBe(2);
  });
});

describe("an edge let go", () => {
  const near = { within: 100, gap: 2 };
  it("falls on the cut, or two frames before it", () => {
    expect(snap(1950, "start", outline, all, near)).toEqual({ ms: 2000, to: "shot" });
    expect(snap(5960, "end", outline, all, near)).toEqual({ ms: 5920, to: "shot" });
  });
  it("falls on the voice, or two frames from the neighbour", () => {
    expect(snap(4130, "start", outline, all, near)).toEqual({ ms: 4120, to: "speech" });
    expect(snap(3500, "end", outline, all, { ...near, after: 3560 })).toEqual({ ms: 3480, to: "neighbour" });
  });
  it("falls on a frame where nothing is near or nothing is wanted", () => {
    expect(snap(3011, "start", outline, all, near)).toEqual({ ms: 3000, to: "frame" });
    const none = { shots: false, speech: false, neighbours: false };
    expect(snap(1955, "start", outline, none, near)).toEqual({ ms: 1960, to: "frame" });
  });
});

describe("the rule of cuts", () => {
  it.each([
    ["begins soon after a cut: on it", 2200, 3000, 2000, 3000],
    ["begins just before a cut: on it", 1800, 3000, 2000, 3000],
    ["begins nearly half a second before: pulled back to half", 1560, 3000, 1520, 3000],
    ["ends about a cut: two frames before", 3000, 6200, 3000, 5920],
    ["ends on a cut: two frames before", 3000, 6000, 3000, 5920],
    ["far from all cuts: as it was", 3000, 4000, 3000, 4000],
  ])("%s", (_why, start, end, first, last) => {
    expect(clearOfShots(start, end, { ...outline, fps: 24.9999 })).toEqual([first, last]);
  });
  it("never makes two lines overlap", () => {
    const rows = [span(1, 800, 1980), span(2, 1990, 2800)];
    for (const { id, start } of clearedOfShots(rows, outline)) if (id === 2) expect(start).toBeGreaterThanOrEqual(1920);
  });
});

describe("many segments at once", () => {
  const rows = [span(1, 1000, 2000), span(2, 2200, 3000), span(3, 5000, 6000)];
  it("are shifted on frames and never before the beginning", () => {
    expect(shifted(rows, -400, 25).map(({ start }) => start)).toEqual([600, 1800, 4600]);
    expect(shifted(rows, -9000, 25).map(({ start }) => start)).toEqual([0, 1200, 4000]);
    expect(shifted(rows, 0, 25)).toEqual([]);
  });
  it("are stretched in proportion", () => {
    expect(stretched(rows, 1000, 11_000, 25)).toEqual([
      span(1, 1000, 3000), span(2, 3400, 5000), span(3, 9000, 11_000),
    ]);
    expect(stretched(rows, 1000, 500, 25)).toEqual([]);
  });
  it("are chained where the gap flickers, but in Japanese", () => {
    expect(chained(rows, 25, 2, "ko")).toEqual([span(1, 1000, 2120)]);
    expect(chained(rows, 25, 2, "ja")).toEqual([]);
  });
});

describe("keys", () => {
  it("are no two acts' at once, and none the browser's", () => {
    const map = new Keymap();
    const chords = (["next", "previous", "undo", "redo", "merge", "keys"] as const).flatMap((act) => map.of(act));
    expect(new Set(chords).size).toBe(chords.length);
    expect(map.isTaken("KeyA")).toBe(true);
    expect(map.isTaken("Control+KeyC")).toBe(true);
    expect(map.isTaken("Alt+KeyQ")).toBe(false);
  });
  it("are moved, taken from another, kept and made as they were", () => {
    const map = new Keymap();
    map.put("merge", "Alt+KeyS");
    expect(map.at("Alt+KeyS")).toBe("merge");
    expect(map.of("split")).toEqual([]);
    expect(new Keymap(JSON.parse(JSON.stringify(map.kept))).at("Alt+KeyS")).toBe("merge");
    map.reset();
    expect(map.at("Alt+KeyS")).toBe("split");
    expect(named("Control+Shift+KeyZ")).toBe("Ctrl Shift Z");
  });
});

describe("marks", () => {
  it("are put on and taken off", () => {
    expect(italic({ value: "a b", from: 2, to: 3 })).toBe("a <i>b</i>");
    expect(italic({ value: "<i>a</i>", from: 0, to: 0 })).toBe("a");
    expect(ruby({ value: "東京へ", from: 0, to: 2 })).toEqual({ value: "<ruby>東京<rt></rt></ruby>へ", cursor: 12 });
    expect(song(song("la la", true), true)).toBe("la la");
    expect(song("la la", false)).toBe("♪ la la ♪");
    const all = (value: string) => ({ value, from: 0, to: 0 });
    expect(screen(all("Pier 4 <i>ı</i>"), "capitals", "tr")).toBe("<c.screen>PİER 4 <i>I</i></c>");
    expect(screen(all("<c.screen>PIER 4</c>"), "capitals", "en")).toBe("PIER 4");
    expect(screen(all("4번 부두"), "[]", "ko")).toBe("<c.screen>[4번 부두]</c>");
    expect(screen(all("<c.screen>[4번 부두]</c>"), "[]", "ko")).toBe("4번 부두");
    // No capitals are asked of a script that has none, whatever the team's limits say.
    expect(screen(all("4번 부두"), "capitals", "ko")).toBe("<c.screen>[4번 부두]</c>");
    expect(screen(all("<c.screen>[4번 부두]</c>"), "capitals", "ko")).toBe("4번 부두");
    expect(screen({ value: "a b", from: 2, to: 3 }, "capitals", "en")).toBe("a <c.screen>B</c>");
    expect(top(top("Pier 4"))).toBe("Pier 4");
    expect(placed("Pier 4", 9)).toBe("{\\an9}Pier 4");
    expect(placed("{\\an9}Pier 4", 2)).toBe("Pier 4");
    expect(placeOf(placed("{\\an9}Pier 4", 4))).toBe(4);
    expect(cueOf("{\\an7}Pier 4").settings).toMatchObject({ line: 5, snapToLines: false, align: "left" });
    let said = "Pier 4";
    const seen = new Set<number>();
    for (let turn = 0; turn < 9; turn += 1) seen.add(placeOf((said = placed(said, nextPlace(said)))));
    expect([seen.size, said]).toEqual([9, "Pier 4"]);
    expect(cueOf(top("Pier 4"))).toMatchObject({ text: "Pier 4", settings: { line: 5, snapToLines: false, align: "center" } });
  });
  it("of a free place are WebVTT's settings before the words", () => {
    const free = put("Pier 4", { position: "20%,line-left", line: "10%", vertical: "rl" });
    expect(free).toBe("{vertical:rl line:10% position:20%,line-left}Pier 4");
    expect([placeOf(free), wordsOf(free), signOf(free)]).toEqual([0, "Pier 4", "↕"]);
    expect(settingsOf(free)).toEqual({ vertical: "rl", line: "10%", position: "20%,line-left" });
    expect(cueOf(free).settings).toMatchObject({ vertical: "rl", line: 10, snapToLines: false, position: 20, size: 100 });
    expect(put(free, { line: "5%", align: "right" })).toBe("{\\an9}Pier 4");
    expect(put(free, {})).toBe("Pier 4");
    expect(turned(turned(turned("{line:40%}Pier 4")))).toBe("{line:40%}Pier 4".replace("{line:40%}", ""));
    expect(cueOf(turned("灯台")).settings).toMatchObject({ vertical: "rl", line: 0, snapToLines: true });
    // What somebody says in braces is no place.
    expect(wordsOf("{line: please}Pier 4")).toBe("{line: please}Pier 4");
    expect(["10", "10%", "-1", "50%,start"].map((said) => understood("line", said))).toEqual(["10", "10%", "-1", "50%,start"]);
    expect(["30", " 100 ", "101%", "", "wide"].map((said) => understood("size", said))).toEqual([
      "30%", "100%", undefined, "", undefined,
    ]);
  });
  it("in a line from right to left stand between isolates that are no part of it", () => {
    const words = "قال <i>سلام</i> ثم";
    const shown = isolated(words);
    expect(shown).toBe("قال \u2066<i>\u2069سلام\u2066</i>\u2069 ثم");
    expect(bare(shown)).toBe(words);
    for (let at = 0; at <= words.length; at += 1) expect(within(shown, outside(words, at))).toBe(at);
    // Half a tag, after a key that deletes: no isolate stays behind.
    expect(bare(shown.replace("<i>\u2069", "<i\u2069"))).toBe("قال <iسلام</i> ثم");
    expect(bare(shown.replace("<i>\u2069", "<i>"))).toBe(words);
    expect(markAt(shown, 9, true)).toEqual([4, 9]);
    expect(markAt(shown, 3, true)).toBeUndefined();
  });
  it("of two speakers follow the language's convention", () => {
    const chosen = { value: "Who? Me.", from: 5, to: 5 };
    expect(speakers(chosen, "hyphen")).toBe("-Who?\n-Me.");
    expect(speakers(chosen, "second-hyphen")).toBe("Who?\n-Me.");
    expect(speakers({ value: "- Who?\n- Me.", from: 0, to: 0 }, "hyphen-space")).toBe("Who?\nMe.");
  });
  it.each([
    ["ja", "誰だ?僕だ", 3, "-誰だ?\n-僕だ", "<i>♪ 誰だ?僕だ ♪</i>", "<c.screen>〈誰だ?僕だ〉</c>"],
    ["en", "Who? Me.", 4, "-Who?\n-Me.", "<i>♪ Who? Me. ♪</i>", "<c.screen>WHO? ME.</c>"],
    ["ko", "누구? 나.", 3, "- 누구?\n- 나.", "♪ 누구? 나. ♪", "<c.screen>[누구? 나.]</c>"],
    ["ar", "من؟ أنا.", 3, "- من؟\n- أنا.", "♪ من؟ أنا. ♪", "<c.screen>[من؟ أنا.]</c>"],
  ])("in %s are those of the house, and no check minds them", (language, value, cut, two, sung, shown) => {
    const table = readFileSync("../src/plainview/domains/subtitles/quality/limits.csv", "utf8").split("\n");
    const cells = table.find((line) => line.startsWith(`house,1,${language},`))?.split(",") ?? [];
    const [italics, dialogue = ""] = [cells[10] === "yes", cells[11]];
    const [cps, cps_warns, per_line, lines, min_ms, max_ms, min_gap_ms] = cells.slice(3, 10).map(Number) as [
      number, number, number, number, number, number, number,
    ];
    const limits = { cps, cps_warns, per_line, lines, min_ms, max_ms, min_gap_ms, italics, dialogue, screen: cells[12] ?? "" };
    expect(speakers({ value, from: cut, to: cut }, dialogue)).toBe(two);
    expect(song(value, italics)).toBe(sung);
    expect(screen({ value, from: 0, to: 0 }, limits.screen, language)).toBe(shown);
    for (const text of [two, sung, shown]) expect(check({ start: 0, end: 6000, text }, undefined, language, limits)).toEqual([]);
  });
});

it("a waveform is laid over the whole film, silence where it has none", () => {
  const file = new ArrayBuffer(20 + 4);
  const view = new DataView(file);
  [1, 1, 8000, 160, 2].forEach((value, at) => view.setInt32(at * 4, value, true));
  new Int8Array(file, 20).set([-64, 64, -128, 127]);
  const { peaks } = readWaveform(file, 0.1);
  expect([...peaks[0]]).toEqual([0.5, 0.9921875, 0, 0, 0]);
  expect([...peaks[1]]).toEqual([-0.5, -1, 0, 0, 0]);
});

it("times are asked with a sign", () => {
  expect([signedTime("-1.5"), signedTime("+0:02.250"), signedTime("soon")]).toEqual([-1500, 2250, undefined]);
});

it("the sheet of wavesurfer is the one that the policy of content allows", () => {
  expect(waveSheet(readFileSync("node_modules/wavesurfer.js/dist/renderer.js", "utf8"))).toContain("min-height: 96px");
});
