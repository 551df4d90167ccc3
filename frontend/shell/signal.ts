// Some browsers tell only scripts of Global Privacy Control. The service then hears it from here, before
// anything that can be refused is asked for; where the request said so, the page has no `data-hear`.
import { ask, leave } from "./choosing.js";
import { tell } from "./hearing.js";
import { renew } from "./renewing.js";

interface Signalling extends Navigator {
  globalPrivacyControl?: boolean;
}

/** Sends the signal that the page's request did not carry, and puts what it changes in its new words. */
export async function passSignalOn(page: Document): Promise<void> {
  const { hear } = page.documentElement.dataset;
  if (hear === undefined || (navigator as Signalling).globalPrivacyControl !== true) return;
  const heard = await ask(page, "signal", { signal: "gpc" });
  await leave(heard);
  if (!heard?.ok) return;
  delete page.documentElement.dataset.hear;
  const fresh = await renew(page);
  const banner = fresh?.getElementById("consent");
  if (banner) page.getElementById("consent")?.replaceWith(page.importNode(banner, true));
  tell(page);
}
