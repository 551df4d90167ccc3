// Learns, at build time, which inline <style> sheets media-chrome and wavesurfer.js put into their
// shadow roots, and hashes them for the style-src of the Content-Security-Policy. The elements render
// their templates as plain strings, so no browser is needed and the strings are those in the bundle.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { waveSheet } from "../studio/wave-sheet.js";
import * as elements from "./media-elements.js";

const SHEET = /<style[^>]*>([\s\S]*?)<\/style>/g;
const ELEMENT = /<(media-[a-z-]+)/g;

/** The contents of every <style> in these templates and in those of the elements they contain. */
export async function inlineSheets(classes) {
  const sheets = new Set();
  const seen = new Set();
  const waiting = classes.map((element) => element.getTemplateHTML({}, {}));
  for (let html = waiting.pop(); html !== undefined; html = waiting.pop()) {
    for (const [, css] of html.matchAll(SHEET)) sheets.add(css);
    for (const [, name] of html.matchAll(ELEMENT)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const { default: nested } = await import(`media-chrome/dist/${name}.js`);
      waiting.push(nested.getTemplateHTML({}, {}));
    }
  }
  return [...sheets];
}

/** CSP source expressions ('sha256-…', quoted) for every inline sheet of player and studio, sorted. */
export async function inlineSheetHashes() {
  const sheets = await inlineSheets(Object.values(elements));
  if (sheets.length === 0) throw new Error("media-chrome has no inline sheets any more");
  const wave = new URL("../node_modules/wavesurfer.js/dist/renderer.js", import.meta.url);
  sheets.push(waveSheet(await readFile(wave, "utf8")));
  return sheets.map((css) => `'sha256-${createHash("sha256").update(css).digest("base64")}'`).sort();
}
