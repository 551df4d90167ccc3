import { beforeEach, describe, expect, it, vi } from "vitest";
import { Sitting } from "../sitting";

class Film extends EventTarget {
  paused = true;
  currentTime = 0;
}

describe("a sitting", () => {
  let film: Film;
  let clock: number;
  let sent: Record<string, string>[];
  let gone: string[];
  let sitting: Sitting;

  const play = (seconds: number): void => {
    film.paused = false;
    film.dispatchEvent(new Event("play"));
    for (let second = 0; second < seconds; second += 1) {
      clock += 1;
      film.currentTime += 1;
      film.dispatchEvent(new Event("timeupdate"));
    }
  };

  beforeEach(() => {
    film = new Film();
    clock = 1000;
    sent = [];
    gone = [];
    globalThis.window = new EventTarget() as Window & typeof globalThis;
    globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" }) as unknown as Document;
    sitting = new Sitting(
      film as unknown as HTMLVideoElement,
      (values) => Promise.resolve(sent.push(values)),
      (address) => gone.push(address),
      () => clock,
    );
  });

  it("is told at most every 30 seconds", () => {
    play(95);
    expect(sent.map(({ position }) => position)).toEqual(["30", "60", "90"]);
    expect(sent.map(({ told }) => told)).toEqual(["1", "2", "3"]);
  });

  it("counts what was watched, not what was skipped or waited", () => {
    play(10);
    film.currentTime += 500;
    film.paused = true;
    film.dispatchEvent(new Event("pause"));
    clock += 600;
    film.dispatchEvent(new Event("timeupdate"));
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ position: "510", seconds: "10" });
  });

  it("is told where it rests, to be gone on with elsewhere", () => {
    vi.useFakeTimers();
    const rest = (seconds: number): void => {
      film.paused = true;
      film.dispatchEvent(new Event("pause"));
      vi.advanceTimersByTime(seconds * 1000);
    };
    play(9);
    rest(2);
    play(1);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([]); // it went on
    rest(6);
    rest(6);
    expect(sent).toEqual([expect.objectContaining({ position: "10", seconds: "10" })]);
    vi.useRealTimers();
  });

  it("is told when the page goes out of sight", () => {
    play(9);
    Object.assign(document, { visibilityState: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
    window.dispatchEvent(new Event("pagehide"));
    expect(sent).toEqual([expect.objectContaining({ position: "9" })]);
  });

  it("says once that the film is over", () => {
    play(5);
    film.dispatchEvent(new Event("ended"));
    expect(sent).toEqual([expect.objectContaining({ ended: "1" })]);
  });

  it("tells nothing in private, and takes back what it told before", () => {
    play(31);
    sitting.hide(true);
    play(120);
    film.dispatchEvent(new Event("ended"));
    const back = { sitting: sent[0]?.sitting, private: "1" };
    expect(sent.slice(1)).toEqual([back]);
    window.dispatchEvent(new Event("pagehide"));
    expect(sent.slice(2)).toEqual([back]); // a signal that was on its way may have come after it
  });

  it("is another sitting once it is private no more", () => {
    play(31);
    sitting.hide(true);
    sitting.hide(false);
    play(31);
    expect(sent.at(-1)?.sitting).not.toBe(sent[0]?.sitting);
    expect(sent.at(-1)).toMatchObject({ told: "1" });
  });

  it("is told before the page that a link leads to is asked for, and not twice", async () => {
    class Pressed {
      closest = () => ({ target: "", hasAttribute: () => false, origin: "o", pathname: "/my/", href: "o/my/" });
    }
    vi.stubGlobal("Element", Pressed);
    vi.stubGlobal("location", { origin: "o", pathname: "/watch/a/" });
    const press = (more: object = {}): Event => {
      const event = Object.assign(new Event("click", { cancelable: true }), { button: 0, ...more });
      Object.defineProperty(event, "target", { value: new Pressed() });
      window.dispatchEvent(event);
      return event;
    };
    play(9);
    expect(press({ ctrlKey: true }).defaultPrevented).toBe(false); // that opens beside it
    expect(sent).toEqual([]);
    expect(press().defaultPrevented).toBe(true);
    expect(gone).toEqual([]);
    await vi.waitFor(() => expect(gone).toEqual(["o/my/"]));
    window.dispatchEvent(new Event("pagehide"));
    expect(sent).toEqual([expect.objectContaining({ position: "9", seconds: "9", told: "1" })]);
    expect(press().defaultPrevented).toBe(false); // nothing is left to tell
    film.currentTime = 600;
    window.dispatchEvent(new Event("pagehide"));
    expect(sent.at(-1)).toMatchObject({ position: "600", seconds: "9", told: "2" });
    vi.unstubAllGlobals();
  });

  it("asks for nothing to be taken back if nothing was told", () => {
    sitting.hide(true);
    expect(sent).toEqual([]);
  });
});
