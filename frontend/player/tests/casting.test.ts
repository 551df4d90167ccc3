// Another screen, in the two ways that browsers offer one; the browsers are played by hand.
import { expect, it, vi } from "vitest";
import { Casting } from "../casting";
import type { Stream } from "../stream";

function screen(video: object, adaptive = true) {
  const target = Object.assign(new EventTarget(), { setAttribute: vi.fn(), canPlayType: () => "", disableRemotePlayback: false }, video);
  const stream = { adaptive, playNatively: vi.fn(), retry: vi.fn() };
  const said = { none: vi.fn(), changed: vi.fn() };
  const casting = new Casting(target as never, stream as unknown as Stream, said.none, said.changed);
  return { casting, target, stream, said };
}

const available = (availability: string): Event =>
  Object.assign(new Event("webkitplaybacktargetavailabilitychanged"), { availability });

it("offers AirPlay while Safari says that there is a screen, and hands it the stream", async () => {
  const picker = vi.fn();
  const { casting, target, stream, said } = screen({ webkitShowPlaybackTargetPicker: picker });
  expect(casting.offered).toBe(false);
  target.dispatchEvent(available("available"));
  expect(casting.offered).toBe(true);
  await casting.choose();
  expect(stream.playNatively.mock.invocationCallOrder[0]).toBeLessThan(picker.mock.invocationCallOrder[0] ?? 0);
  target.dispatchEvent(available("not-available"));
  expect(casting.offered).toBe(false);
  expect(said.changed).toHaveBeenCalledTimes(2);
});

it("offers AirPlay on a phone whose managed source keeps Safari from saying so, and turns it on again", async () => {
  const seen: boolean[] = [];
  const { casting, target } = screen({ disableRemotePlayback: true });
  Object.assign(target, { webkitShowPlaybackTargetPicker: () => seen.push(target.disableRemotePlayback) });
  expect(new Casting(target as never, {} as Stream, vi.fn(), vi.fn()).offered).toBe(true);
  await casting.choose();
  expect(seen).toEqual([false]);
});

const remote = (prompt: () => Promise<void>): object => ({ remote: { prompt }, canPlayType: () => "maybe" });

it("asks the Remote Playback API where the browser itself can play the stream", async () => {
  const prompt = vi.fn(async () => undefined);
  expect(screen({ remote: { prompt } }).casting.offered).toBe(false);
  const { casting, stream, said } = screen(remote(prompt));
  expect(casting.offered).toBe(true);
  await casting.choose();
  expect(prompt).toHaveBeenCalledOnce();
  expect([stream.retry.mock.calls.length, said.none.mock.calls.length]).toEqual([0, 0]);
});

it.each([
  ["NotFoundError", 1],
  ["NotAllowedError", 0],
])("goes on here after %s, and says that there is no screen only if there is none", async (name, times) => {
  const { casting, stream, said } = screen(remote(() => Promise.reject(new DOMException("", name))));
  await casting.choose();
  expect(stream.retry).toHaveBeenCalledOnce();
  expect(said.none).toHaveBeenCalledTimes(times);
});
