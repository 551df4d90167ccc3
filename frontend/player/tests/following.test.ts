import { expect, it, vi } from "vitest";
import { askWhatFollows } from "../following";

const said = {
  number: 2,
  name: { text: "On the pier", language: "en" },
  still: "https://films.example/stream/x/poster.webp",
  here: { available: true },
};

it("asks the API in the page's language and reads what follows", async () => {
  const get = vi.fn(async () => Response.json(said));
  const found = await askWhatFollows("/api/v1/videos/x", "?lang=ko", get);
  expect(get).toHaveBeenCalledWith("/api/v1/videos/x?lang=ko");
  expect(found).toEqual({ name: "2. On the pier", language: "en", still: "/stream/x/poster.webp", open: true });
});

it("leaves the language to the browser where the page's address names none", async () => {
  const get = vi.fn(async () => Response.json({ ...said, number: null, still: "", here: { available: false } }));
  expect(await askWhatFollows("/api/v1/videos/x", "?t=3", get)).toMatchObject({ name: "On the pier", still: "", open: false });
  expect(get).toHaveBeenCalledWith("/api/v1/videos/x");
});

it.each([
  ["a refusal", async () => new Response("{}", { status: 404 })],
  ["another text", async () => new Response("<h1>no</h1>")],
  ["no connection", () => Promise.reject(new TypeError("offline"))],
])("knows nothing after %s", async (_what, get) => {
  expect(await askWhatFollows("/api/v1/videos/x", "", get as typeof fetch)).toBeNull();
});
