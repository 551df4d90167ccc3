// The style sheet that wavesurfer.js puts into its shadow root, as the policy of content must know it.

/** Height of the waveform in pixels: it stands in the sheet, and so in the hash. */
export const WAVE_HEIGHT = 96;

/** The sheet out of the source of wavesurfer's renderer; throws when it looks otherwise. */
export function waveSheet(source) {
  const found = /shadow\.innerHTML = `\s*<style\$\{[^`]*?`[^`]*`[^`]*?\}>([\s\S]*?)<\/style>/.exec(source);
  const css = found?.[1]?.replace(/\$\{this\.getHeight\([^}]*\)\}/, String(WAVE_HEIGHT));
  if (!css || css.includes("${")) throw new Error("wavesurfer.js has another sheet: look at wave-sheet.js");
  return css;
}
