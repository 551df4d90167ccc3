import { describe, expect, it, vi } from "vitest";
import { ask } from "../admission";
import { LOOKS, paints, readLook } from "../caption-look";
import { offsetName } from "../caption-menu";
import type { Labels } from "../labels";
import { otherTrack } from "../peek";
import { platformOf } from "../platform";
import { doubled } from "../pointer";
import { flat, readPreferences } from "../preferences";
import { type Heard, Repeating } from "../repeating";
import { SleepTimer } from "../sleep";

describe("preferences", () => {
  it("come back as they were told", () => {
    const likes = { ...readPreferences(null), lang: "ar", second: "ko", playNext: false, look: readLook({ font: "mono", colour: "yellow" }) };
    expect(readPreferences(JSON.stringify(flat(likes)))).toEqual(likes);
  });

  it.each(["", "{", "[]", '"x"', '{"size": "72px", "lang": 3, "playNext": "yes"}', "null"])("are as at first for %s", (json) => {
    expect(readPreferences(json)).toEqual({ lang: "", second: "", look: readLook(), playNext: undefined, dataSaver: undefined });
  });

  it("keep what an older version of the page kept", () => {
    expect(readPreferences('{"lang":"es","size":"huge","background":"none"}')).toMatchObject({
      lang: "es",
      look: { size: "huge", background: "none" },
    });
  });
});

describe("the look of subtitles", () => {
  it("begins with white on a shade, and mixes colours with their opacity", () => {
    expect(paints(readLook())).toMatchObject({ ink: "#ffffff", window: expect.stringContaining(" 0%") });
    expect(paints(readLook({ background: "solid", opacity: "50" })).ink).toContain("50%");
  });

  it("has for each part a choice that is legible", () => {
    for (const [part, values] of Object.entries(LOOKS)) expect(new Set(values).size, part).toBe(values.length);
  });
});

describe("an offset in words", () => {
  it.each([
    [0, "As made"],
    [0.04, "As made"],
    [1.5, "1.5 s later"],
    [-0.1, "0.1 s sooner"],
  ])("%d", (seconds, text) => {
    vi.stubGlobal("document", { documentElement: { lang: "en" } });
    const words = { offsetNone: "As made", offsetLater: "{seconds} s later", offsetSooner: "{seconds} s sooner" };
    expect(offsetName(seconds, words as Labels)).toBe(text);
    vi.unstubAllGlobals();
  });
});

describe("the platform", () => {
  const at = { framed: false, touch: false };
  it.each([
    ["Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) TV Safari", at, "tv"],
    ["Mozilla/5.0 (Web0S; Linux/SmartTV) Chrome/94", at, "tv"],
    ["Mozilla/5.0 (Linux; Android 9; AFTT) Silk", at, "tv"],
    ["Mozilla/5.0 (Linux; Android 14; Pixel 8) Mobile Safari", { ...at, touch: true }, "phone"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)", { ...at, touch: true }, "phone"],
    ["Mozilla/5.0 (X11; Linux x86_64) Chrome/142", at, "web"],
    ["Mozilla/5.0 (Windows NT 10.0) Chrome/142", { ...at, touch: true }, "web"],
    ["Mozilla/5.0 (SMART-TV; Tizen)", { ...at, framed: true }, "embed"],
  ])("of %s", (agent, where, found) => {
    expect(platformOf(agent, where)).toBe(found);
  });
});

describe("a second tap", () => {
  const first = { x: 50, y: 80, at: 1000 };
  it("goes back, on, or neither, by its side", () => {
    expect(doubled(first, { x: 60, y: 80, at: 1200 }, 400)).toBe(-1);
    expect(doubled({ ...first, x: 380 }, { x: 370, y: 90, at: 1200 }, 400)).toBe(1);
    expect(doubled({ ...first, x: 200 }, { x: 205, y: 80, at: 1200 }, 400)).toBe(0);
  });

  it("is a first one when it comes late or elsewhere", () => {
    expect(doubled(null, first, 400)).toBeNull();
    expect(doubled(first, { x: 60, y: 80, at: 1400 }, 400)).toBeNull();
    expect(doubled(first, { x: 390, y: 80, at: 1100 }, 400)).toBeNull();
  });
});

describe("the other language", () => {
  const tracks = [{ lang: "es" }, { lang: "en-GB" }, { lang: "ko" }];
  it("is the second track, else the page's, else any", () => {
    expect(otherTrack(tracks, 0, 2, "en")).toBe(2);
    expect(otherTrack(tracks, 0, -1, "en")).toBe(1);
    expect(otherTrack(tracks, 1, -1, "en")).toBe(0);
    expect(otherTrack([{ lang: "es" }], 0, -1, "en")).toBe(-1);
  });
});

describe("the sleep timer", () => {
  it("sleeps after its minutes, and can be given more", () => {
    vi.useFakeTimers();
    const asleep = vi.fn();
    const timer = new SleepTimer(asleep);
    timer.set(15);
    vi.advanceTimersByTime(14 * 60_000);
    expect(timer.left).toBe(1);
    timer.add(15);
    vi.advanceTimersByTime(15 * 60_000);
    expect(asleep).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(asleep).toHaveBeenCalledOnce();
    expect(timer.choice).toBeNull();
    vi.useRealTimers();
  });

  it("makes one film the last, once", () => {
    const timer = new SleepTimer(() => undefined);
    timer.set("end");
    expect([timer.ended(), timer.ended()]).toEqual([true, false]);
  });
});

describe("hearing a line again", () => {
  class Film extends EventTarget {
    currentTime = 5;
    playbackRate = 1.25;
    play = async (): Promise<void> => undefined;
    at(seconds: number): void {
      this.currentTime = seconds;
      this.dispatchEvent(new Event("timeupdate"));
    }
  }
  const lines = [{ start: 4, end: 6, text: "a" }];

  it("goes back, then slower, and ends with the usual speed", () => {
    const film = new Film();
    const repeating = new Repeating(film as unknown as Heard);
    expect(repeating.repeat(lines)).toBe(false);
    expect([film.currentTime, film.playbackRate]).toEqual([3.85, 1.25]);
    film.at(5);
    expect(repeating.repeat(lines)).toBe(true);
    expect(film.playbackRate).toBeCloseTo(0.7);
    film.at(6.4);
    expect(film.playbackRate).toBe(1.25);
    expect(repeating.repeat([])).toBeNull();
  });
});

describe("asking whether it may be played", () => {
  const answers = (status: number, body: unknown) => (async () => Response.json(body, { status })) as unknown as typeof fetch;
  it("tells a new address from a no, and a no from no answer", async () => {
    expect(await ask("/a", answers(200, { playlist: "/s", until: null }))).toEqual({ kind: "open", src: "/s", left: null, until: null });
    expect(await ask("/a", answers(403, { text: "Until May." }))).toEqual({ kind: "closed", said: "Until May." });
    expect(await ask("/a", answers(500, {}))).toEqual({ kind: "unknown" });
    expect(await ask("/a", (() => Promise.reject(new Error("off"))) as typeof fetch)).toEqual({ kind: "unknown" });
  });
});
