import { beforeAll, expect, it, vi } from "vitest";
import { Address } from "../address";
import { ask, type Admission } from "../admission";

beforeAll(() => {
  vi.stubGlobal("document", { baseURI: "https://films.example/watch/x/" });
});

const HALF_HOUR = 1_800_000;
const open = (src: string, left: number | null = HALF_HOUR): Admission => ({ kind: "open", src, until: null, left });
const at = (token: string, name: string): string => `https://films.example/stream/${token}/x/${name}`;

it("leaves addresses alone while they hold", async () => {
  const fresh = vi.fn();
  const address = new Address("/stream/one/x/master.m3u8", HALF_HOUR, fresh, () => 0);
  expect(await address.of(at("one", "v270.mp4"))).toBe(at("one", "v270.mp4"));
  expect(fresh).not.toHaveBeenCalled();
});

it("asks once for all that wait, and moves every file to the folder that it is told", async () => {
  let now = 0;
  const fresh = vi.fn(async () => open("/stream/two/x/master.m3u8"));
  const address = new Address("/stream/one/x/master.m3u8", HALF_HOUR, fresh, () => now);
  now = HALF_HOUR - 30_000;
  const found = await Promise.all(["v270.mp4", "a1.mp4"].map((name) => address.of(at("one", name))));
  expect(found).toEqual([at("two", "v270.mp4"), at("two", "a1.mp4")]);
  now += HALF_HOUR;
  fresh.mockResolvedValue(open("/stream/three/x/master.m3u8"));
  expect(await address.of(at("one", "v270.mp4"))).toBe(at("three", "v270.mp4"));
  expect(address.now(at("two", "thumbnails-1.jpg"))).toBe(at("three", "thumbnails-1.jpg"));
  expect(address.now("/stream/one/x/master.m3u8")).toBe(at("three", "master.m3u8"));
  expect(address.now("https://elsewhere.example/a.mp4")).toBe("https://elsewhere.example/a.mp4");
  expect(fresh).toHaveBeenCalledTimes(2);
});

it.each<Admission>([{ kind: "unknown" }, { kind: "closed", said: "" }])("keeps the old address for a while after $kind", async (said) => {
  const fresh = vi.fn(async () => said);
  const address = new Address("/stream/one/x/master.m3u8", 0, fresh, () => 0);
  expect(await address.of(at("one", "v270.mp4"))).toBe(at("one", "v270.mp4"));
  await address.of(at("one", "v270.mp4"));
  expect(fresh).toHaveBeenCalledOnce();
});

it("asks a service whose clock differs no more often than one whose clock is the same", async () => {
  const headers = { date: "Thu, 26 Nov 2026 08:00:00 GMT" };
  const get = async () => Response.json({ playlist: "/p.m3u8", until: "2026-11-26T08:45:00+00:00" }, { headers });
  expect(await ask("/playing/", get)).toMatchObject({ kind: "open", left: 45 * 60_000 });
  const undated = async () => Response.json({ playlist: "/p.m3u8", until: null });
  expect(await ask("/playing/", undated)).toMatchObject({ kind: "open", left: null, until: null });
});
