// What follows a film, as the public API says it to whoever asks: nothing here is this page's alone.

/** What follows, in words; `open` is whether it may be watched from here now. */
interface Following {
  readonly name: string;
  readonly language: string;
  readonly still: string;
  readonly open: boolean;
}

interface Answer {
  readonly number: number | null;
  readonly name: { readonly text: string; readonly language: string };
  readonly still: string;
  readonly here: { readonly available: boolean };
}

/** Asks the API's `address`, in the language of a page whose own address has one; null if nobody answers. */
export async function askWhatFollows(address: string, search = "", get: typeof fetch = fetch): Promise<Following | null> {
  const lang = new URLSearchParams(search).get("lang");
  try {
    const answer = await get(lang ? `${address}?lang=${encodeURIComponent(lang)}` : address);
    if (!answer.ok) return null;
    const { number, name, still, here } = (await answer.json()) as Answer;
    return {
      name: number === null ? name.text : `${number}. ${name.text}`,
      language: name.language,
      still: still && new URL(still).pathname,
      open: here.available,
    };
  } catch {
    return null; // no connection, or no answer of the API's
  }
}
