// The API of the choices as the site's own pages use it: the cookies say who asks, and the browser says
// that a page of ours does (`Origin`, `Sec-Fetch-Site`), which no page of others can.

/** What the service said to an answer: `confirm` is what it asks a second time. */
export interface Recorded {
  confirm: object | null;
  receipt: { page: string } | null;
}

/** Sends `body` to a path of the API, or asks it without; nothing if the service can't be reached. */
export async function ask(page: Document, path: string, body?: object, headers: HeadersInit = {}): Promise<Response | undefined> {
  const { dataset, lang } = page.documentElement;
  // An answer arrives also when its page is left at once.
  const sent = body && { method: "POST", body: JSON.stringify(body), keepalive: true };
  try {
    return await fetch(`${dataset.api ?? ""}${path}?lang=${lang}`, {
      ...sent,
      headers: { ...headers, ...(body && { "Content-Type": "application/json" }) },
    });
  } catch {
    return undefined;
  }
}

/** Whether what holds now is still what the page was made for; nothing if nobody knows. */
export async function unchanged(page: Document): Promise<boolean | undefined> {
  const { dataset, lang } = page.documentElement;
  const response = await ask(page, "choices", undefined, { "If-None-Match": `W/"${dataset.state ?? ""}.${lang}"` });
  await leave(response);
  return response?.status === 304 || (response?.ok ? false : undefined);
}

/** Lets go of an answer that nobody reads: unread, it would hold its connection, and the page out of the
 *  back/forward cache. */
export async function leave(response: Response | undefined): Promise<void> {
  await response?.body?.cancel();
}
