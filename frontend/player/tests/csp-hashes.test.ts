import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inlineSheetHashes, inlineSheets } from "../csp-hashes.js";

const element = (html: string) => ({ getTemplateHTML: () => html });

describe("inlineSheets", () => {
  it("finds every sheet once, with or without attributes", async () => {
    const one = element("<style>a{}</style><style media='print'>b{}</style>");
    expect(new Set(await inlineSheets([one, element("<style>a{}</style>")]))).toEqual(new Set(["a{}", "b{}"]));
  });

  it("follows elements within templates", async () => {
    const sheets: string[] = await inlineSheets([element("<media-preview-thumbnail></media-preview-thumbnail>")]);
    expect(sheets).toHaveLength(1);
    const source = readFileSync("node_modules/media-chrome/dist/media-preview-thumbnail.js", "utf8");
    expect(source).toContain(sheets[0]);
  });
});

describe("inlineSheetHashes", () => {
  it("gives quoted source expressions that fit the sheets", async () => {
    const hashes: string[] = await inlineSheetHashes();
    const { default: button } = await import("media-chrome/dist/media-play-button.js");
    const template = (button as unknown as { getTemplateHTML(a: object): string }).getTemplateHTML({});
    const css = /<style>([\s\S]*?)<\/style>/.exec(template)?.[1] ?? "";
    expect(hashes).toContain(`'sha256-${createHash("sha256").update(css).digest("base64")}'`);
    expect(hashes.every((hash) => /^'sha256-[\w+/]{43}='$/.test(hash))).toBe(true);
  });
});
