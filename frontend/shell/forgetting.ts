// What a refused purpose left in this browser goes before anything reads it. The page lists it as
// `data-forget`: kind and name of each declared key that is not permitted now. Cookies that script
// can't see are the server's to remove.
import { endMessages } from "../push/browser.js";

/** Removes the keys that the page names. */
export function forget(page: Document): void {
  for (const each of (page.documentElement.dataset.forget ?? "").split(" ")) {
    const [kind, name] = split(each);
    if (name) remove(kind, name);
  }
}

function split(key: string): [string, string] {
  const at = key.indexOf(":");
  return [key.slice(0, at), decodeURIComponent(key.slice(at + 1))];
}

function remove(kind: string, name: string): void {
  try {
    if (kind === "localStorage") localStorage.removeItem(name);
    else if (kind === "sessionStorage") sessionStorage.removeItem(name);
    else if (kind === "database") indexedDB.deleteDatabase(name);
    else if (kind === "worker") void endMessages();
    else if (kind === "cookie") document.cookie = `${encodeURIComponent(name)}=; Max-Age=0; Path=/`;
  } catch {
    // storage is off: then nothing lies there
  }
}
