import { describe, expect, it } from "vitest";
import { chapterAt, endingAt, markAt, readFilm } from "../marks";
import { chapterName } from "../chapters";

const json = JSON.stringify({
  marks: [
    { kind: "intro", start: 5, end: 30 },
    { kind: "credits", start: 90, end: 100 },
    { kind: "advert", start: 1, end: 2 },
    { kind: "recap", start: 9, end: 3 },
    null,
  ],
  chapters: [{ start: 50, title: "Two" }, { start: 0, title: "One" }, { title: "nowhere" }],
  next: { url: "/watch/x/", about: "/api/v1/videos/x" },
  until: "2027-01-01T00:00:00+00:00",
});

describe("what is known of a film", () => {
  const film = readFilm(json);

  it("leaves out what makes no sense", () => {
    expect(film.marks.map(({ kind }) => kind)).toEqual(["intro", "credits"]);
    expect(film.chapters.map(({ title }) => title)).toEqual(["One", "Two"]);
    expect(film.next).toEqual({ url: "/watch/x/", about: "/api/v1/videos/x" });
    expect(film.until).toBe(Date.UTC(2027, 0, 1));
  });

  it.each(["", "null", "[]", "{", '{"marks": 3, "chapters": "x", "next": {}}', undefined])("is nothing for %s", (text) => {
    expect(readFilm(text)).toMatchObject({ marks: [], chapters: [], next: null, until: null });
  });

  it("says what stands at a second, until a second before its end", () => {
    expect(markAt(film.marks, 4.9)).toBeNull();
    expect(markAt(film.marks, 5)?.kind).toBe("intro");
    expect(markAt(film.marks, 29.5)).toBeNull();
  });

  it("knows the chapter of a second", () => {
    expect([chapterAt(film.chapters, 0), chapterAt(film.chapters, 49), chapterAt(film.chapters, 50)]).toEqual([0, 0, 1]);
    expect(chapterAt([], 3)).toBe(-1);
    expect(chapterName(film.chapters, 51)).toBe("Two");
  });

  it("offers what follows from the last credits on, else at the end", () => {
    expect(endingAt(film.marks, 100)).toBe(90);
    expect(endingAt(film.marks, 1000)).toBe(1000);
    expect(endingAt([], 60)).toBe(60);
  });
});
