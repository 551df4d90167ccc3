// The oldest browsers that all of it works in (docs/viewer.md says it to people): what these know is written as it is.
// Popovers ask for Chrome 114; Intl.Segmenter for Firefox 125; checkVisibility for Safari 17.4.
export const oldest = { chrome: "114", edge: "114", firefox: "125", safari: "17.4", ios: "17.4" };

/** As Vite names them. */
export const target = Object.entries(oldest).map(([name, version]) => `${name}${version}`);
