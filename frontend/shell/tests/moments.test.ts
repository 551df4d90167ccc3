// Served in UTC for everybody; read by one's own clock, in the page's language, with UTC kept in the title.
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { keepTelling, tellMoments } from "../moments.js";

const SERVED = "Nov. 26, 2026, 8:05 PM (UTC)";
const AT = 'datetime="2026-11-26T20:05:00+00:00"';

function read(lang: string, zone: string, time = `<time ${AT} data-moment="">${SERVED}</time>`): [string, string] {
  const html = `<html lang="${lang}"><body><p>${time}</p></body></html>`;
  const page = parseHTML(html).document as unknown as Document;
  tellMoments(page, zone);
  const told = page.querySelector("time");
  return [(told?.textContent ?? "").replace(/\s/g, " "), told?.getAttribute("title") ?? ""];
}

test.each([
  ["en", "Asia/Seoul", "Nov 27, 2026, 5:05 AM (GMT+9)"],
  ["ja", "Asia/Tokyo", "2026年11月27日 5:05 (JST)"],
  ["ar", "Africa/Cairo", "26 نوفمبر 2026 في 10:05 م (غرينتش+2)"],
  ["pt-BR", "America/Sao_Paulo", "26 de novembro de 2026 às 17:05 (BRT)"],
])("in %s at %s", (lang, zone, told) => {
  expect(read(lang, zone)).toEqual([told, SERVED]);
});

test("an hour stays an hour", () => {
  expect(read("en", "Asia/Seoul", `<time ${AT} data-moment="hour">8:05 PM (UTC)</time>`)).toEqual(["5:05 AM (GMT+9)", "8:05 PM (UTC)"]);
});

test("evidence stays as it was signed, and so does all for who lives by UTC", () => {
  expect(read("en", "Asia/Seoul", `<time ${AT}>${SERVED}</time>`)).toEqual([SERVED, ""]);
  expect(read("en", "UTC")).toEqual([SERVED, ""]);
});

test("a part that a script renews is told as well, and what is told stays", async () => {
  const { document, MutationObserver } = parseHTML(`<html lang="en"><body><p><time ${AT} data-moment="">${SERVED}</time></p></body></html>`);
  keepTelling(document as unknown as Document, "Asia/Seoul", MutationObserver as unknown as typeof globalThis.MutationObserver);
  const fresh = document.createElement("div");
  fresh.innerHTML = `<time ${AT} data-moment="hour">8:05 PM (UTC)</time>`;
  document.body.append(fresh);
  await new Promise((done) => setTimeout(done));
  const told = [...document.querySelectorAll("time")].map((each) => [(each.textContent ?? "").replace(/\s/g, " "), each.title]);
  expect(told).toEqual([["Nov 27, 2026, 5:05 AM (GMT+9)", SERVED], ["5:05 AM (GMT+9)", "8:05 PM (UTC)"]]);
});
