import { describe, expect, test } from "vitest";
import { addressIn, begun, type Arrival } from "../form.js";

const ARRIVAL: Arrival = { address: "a-b", url: "/x/a-b/", name: "film.mkv", size: 3, modified: 7 };
const file = (name: string, text: string, lastModified: number): File =>
  new File([text], name, { lastModified });

describe("what was begun", () => {
  test("is gone on with when the very same file is chosen", () => {
    expect(begun([ARRIVAL], file("film.mkv", "abc", 7))).toBe(ARRIVAL);
  });
  test.each([
    ["another name", file("films.mkv", "abc", 7)],
    ["another length", file("film.mkv", "abcd", 7)],
    ["changed since", file("film.mkv", "abc", 8)],
  ])("is left alone: %s", (_why, chosen) => {
    expect(begun([ARRIVAL], chosen)).toBeUndefined();
  });
});

test("the address of an arrival is the last part of its place", () => {
  expect(addressIn("https://films.example/desk/upload/parts/abc-DEF/")).toBe("abc-DEF");
  expect(addressIn(null)).toBe("");
});
