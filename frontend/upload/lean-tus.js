// tus-js-client without its storage: as it loads it writes into the browser to learn whether it could.
// Nothing of an upload is kept there (the server knows what was begun), so nothing is tried either.
const STORAGE = "\0no-url-storage";

export const leanTus = {
  name: "lean-tus",
  enforce: "pre",
  resolveId: (id, importer) => (/[\\/]tus-js-client[\\/]/.test(importer ?? "") && id === "./urlStorage.js" ? STORAGE : undefined),
  load: (id) => (id === STORAGE ? "export const canStoreURLs = false, WebStorageUrlStorage = undefined;" : undefined),
};
