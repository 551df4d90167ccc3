// hls.js without what our films never use, by its own switches (the `define`s of its build) and by
// leaving out demuxers and controllers that only such streams need: packages are fMP4 in the clear,
// subtitles are <track>s of ours. An export of theirs that we miss fails the build by name.
import { createRequire } from "node:module";
import path from "node:path";

const source = path.join(path.dirname(createRequire(import.meta.url).resolve("hls.js")), "../src");
const { version } = createRequire(import.meta.url)("hls.js/package.json");

/** The switches of hls.js's own build. */
export const switches = {
  __VERSION__: JSON.stringify(version),
  __USE_ALT_AUDIO__: "true",
  __USE_EME_DRM__: "false",
  __USE_SUBTITLES__: "false",
  __USE_CMCD__: "false",
  __USE_CONTENT_STEERING__: "false",
  __USE_VARIABLE_SUBSTITUTION__: "false",
  __USE_M2TS_ADVANCED_CODECS__: "false",
  __USE_MEDIA_CAPABILITIES__: "false",
  __USE_INTERSTITIALS__: "false",
  __USE_IFRAMES__: "false",
};

/** Modules of hls.js that are left out, by the end of their name. */
const ABSENT =
  /\/(?:tsdemuxer|aacdemuxer|mp3demuxer|ac3-demuxer|mp4-remuxer|eme-controller|cmcd-controller|interstitials-controller|content-steering-controller|timeline-controller|subtitle-stream-controller|subtitle-track-controller|cues)$/;

/** A demuxer that knows no stream, and nothing else. */
const NOTHING = `
export default class { static probe() { return false; } }
export const AC3Demuxer = undefined, TimelineController = undefined, SubtitleStreamController = undefined;
export const toCmcdHeaders = undefined;
export const flushTextTrackMetadataCueSamples = () => undefined;
export const flushTextTrackUserdataCueSamples = () => undefined;
`;
const FACE = `
export { default } from ${JSON.stringify(path.join(source, "hls.ts"))};
export { ErrorDetails, ErrorTypes } from ${JSON.stringify(path.join(source, "errors.ts"))};
`;

/** Elements that media-chrome defines for keys, which are ours here, and never makes without them. */
const UNUSED = /\/media-keyboard-shortcuts-dialog\.js$/;

/** The Vite plugin: `hls.js` means this build of it. */
export const leanHls = {
  name: "lean-hls",
  enforce: "pre",
  resolveId(id, importer) {
    if (id === "hls.js") return "\0hls";
    if (id === "@svta/cml-cmcd") return "\0nothing";
    if (importer?.includes("media-chrome") && UNUSED.test(id)) return "\0unused";
    return importer?.startsWith(source) && ABSENT.test(id) ? "\0nothing" : undefined;
  },
  load(id) {
    return { "\0hls": FACE, "\0nothing": NOTHING, "\0unused": "export const getHotkeyToken = () => undefined;" }[id];
  },
};
