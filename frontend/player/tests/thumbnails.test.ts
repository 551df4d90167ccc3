import { describe, expect, it } from "vitest";
import { parseThumbnails, thumbnailAt } from "../thumbnails";

const BASE = "http://film.test/stream/k/thumbnails.vtt";
const VTT = `WEBVTT

NOTE made by hand

00:00:00.000 --> 00:00:04.000
sprite-1.jpg#xywh=0,0,160,90

two
00:04.000 --> 00:08.500 align:start
sprite-1.jpg?v=2#xywh=160,0,160,90

01:00:00,000 --> 01:00:04,000
/other/sprite.jpg#xywh=pixel:0,90,160,90
`;

describe("parseThumbnails", () => {
  it("reads times with and without hours, identifiers, settings and comments", () => {
    const found = parseThumbnails(VTT, BASE);
    expect(found.map(({ start, end }) => [start, end])).toEqual([[0, 4], [4, 8.5], [3600, 3604]]);
    expect(found[1]?.box).toEqual([160, 0, 160, 90]);
    expect(found[2]?.box).toEqual([0, 90, 160, 90]);
  });

  it("resolves addresses against the file's own and keeps the query", () => {
    expect(parseThumbnails(VTT, BASE).map(({ url }) => url)).toEqual([
      "http://film.test/stream/k/sprite-1.jpg",
      "http://film.test/stream/k/sprite-1.jpg?v=2",
      "http://film.test/other/sprite.jpg",
    ]);
  });

  it("copes with a byte order mark and Windows line ends", () => {
    expect(parseThumbnails(`\uFEFF${VTT.replaceAll("\n", "\r\n")}`, BASE)).toHaveLength(3);
  });

  it("skips cues without a usable rectangle", () => {
    const cue = (target: string) => `WEBVTT\n\n00:00.000 --> 00:04.000\n${target}`;
    for (const target of ["a.jpg", "a.jpg#xywh=1,2,3", "a.jpg#xywh=a,b,c,d", "a.jpg#xywh=0,0,0,90", ""]) {
      expect(parseThumbnails(cue(target), BASE)).toEqual([]);
    }
  });
});

describe("thumbnailAt", () => {
  const pictures = parseThumbnails(VTT, BASE);

  it("gives the last picture that has begun", () => {
    expect(thumbnailAt(pictures, 3.99)?.start).toBe(0);
    expect(thumbnailAt(pictures, 4)?.start).toBe(4);
    expect(thumbnailAt(pictures, 100)?.start).toBe(4);
    expect(thumbnailAt(pictures, 9999)?.start).toBe(3600);
  });

  it("gives nothing when there is nothing", () => {
    expect(thumbnailAt([], 1)).toBeUndefined();
  });
});
