// Some browsers tell only scripts of Global Privacy Control. The service then hears it from here, before
// anything that can be refused is asked for; where the request said so, the page has no `data-hear`.

interface Signalling extends Navigator {
  globalPrivacyControl?: boolean;
}

/** Sends the signal that the page's request did not carry, and puts what it changes in its new words. */
export async function passSignalOn(page: Document): Promise<void> {
  const { hear } = page.documentElement.dataset;
  if (!hear || (navigator as Signalling).globalPrivacyControl !== true) return;
  const heard = await fetch(hear, { method: "POST" }).catch(() => undefined);
  if (!heard?.ok) return;
  delete page.documentElement.dataset.hear;
  const response = await fetch(location.href).catch(() => undefined);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ["consent", "foot"]) {
    const next = fresh.getElementById(id);
    if (next) page.getElementById(id)?.replaceWith(page.importNode(next, true));
  }
}
