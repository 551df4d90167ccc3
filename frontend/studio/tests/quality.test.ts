import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { check, type Limits } from "../checks";
import { measure } from "../measure";

const quality = path.resolve(__dirname, "../../../src/plainview/domains/subtitles/quality");
interface Vectors {
  readonly measure: { why: string; text: string; language: string; units: number; lines: number[] }[];
  readonly check: { why: string; language: string; lines: [number, number, string][]; found: unknown[] }[];
}
const vectors = JSON.parse(readFileSync(path.join(quality, "vectors.json"), "utf8")) as Vectors;
const table = readFileSync(path.join(quality, "limits.csv"), "utf8").trim().split("\n");
const columns = table[0]?.split(",") ?? [];

/** The house's limits for a language, read from the very table that the server reads. */
function limitsOf(language: string): Limits {
  const rows = table.slice(1).map((row) => Object.fromEntries(row.split(",").map((cell, at) => [columns[at], cell])));
  const found = (tag: string) => rows.find((row) => row.profile === "house" && row.language === tag);
  const row = found(language) ?? found(language.split("-")[0] ?? "") ?? found("default");
  const numbers = Object.fromEntries(Object.entries(row ?? {}).map(([name, cell]) => [name, Number(cell)]));
  return { ...numbers, italics: row?.italics === "yes", dialogue: row?.dialogue, screen: row?.screen } as unknown as Limits;
}

describe("measure", () => {
  it.each(vectors.measure)("$why", ({ text, language, units, lines }) => {
    expect(measure(text, language)).toEqual({ units, lines });
  });
});

describe("check", () => {
  it.each(vectors.check)("$why", ({ language, lines, found }) => {
    const said = lines.flatMap(([start, end, text], at) =>
      check({ start, end, text }, lines[at + 1]?.[0], language, limitsOf(language)).map(
        ({ code, weight, value }) => [at, code, weight, value],
      ),
    );
    expect(said).toEqual(found);
  });
});
