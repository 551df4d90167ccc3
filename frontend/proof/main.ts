// The page that checks receipts and heads: what is chosen stays in the browser. Without a script, or
// where WebCrypto has no Ed25519, the page explains the command instead.
import { checkGrowth, checkHead, checkReceipt, parsed, trusted, type Json, type Said, Verdict } from "./checking.js";

const words = JSON.parse(document.querySelector("#proof-words")?.textContent ?? "{}") as Record<string, string>;

/** A sentence with its facts in it. */
function sentence(word: string, facts: Record<string, string>): string {
  const found = words[word] ?? words.unreadable ?? word;
  return found.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? "");
}

async function asksForProof(first: number, second: number): Promise<Json> {
  const answer = await fetch(`../consistency.json?first=${first}&second=${second}`);
  if (!answer.ok) throw new Verdict("untold", "no-answer");
  return parsed(await answer.text());
}

/** The log's list of keys, which came with the page: a key that was kept leads to those of now. */
const published = document.querySelector("#proof-keys")?.textContent ?? "";

async function check(texts: string[], keyText: string): Promise<Said[]> {
  const by = await trusted(keyText, published);
  const [one, other] = texts;
  if (one === undefined || texts.length > 2) throw new Verdict("unreadable", "choose");
  if (other !== undefined) return checkGrowth(one, other, by, asksForProof);
  return one.trimStart().startsWith("{") ? checkReceipt(one, by) : checkHead(one, by);
}

function show(where: Element, ending: string, end: string, said: Said[]): void {
  const box = document.createElement("div");
  box.className = `notice notice-${end === "holds" ? "good" : end === "broken" ? "bad" : "warn"}`;
  const head = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = ending;
  head.append(strong);
  const list = document.createElement("ul");
  for (const each of said) {
    const item = document.createElement("li");
    item.textContent = sentence(each.word, each.facts);
    list.append(item);
  }
  box.append(head, ...(said.length ? [list] : []));
  where.replaceChildren(box);
}

/** Whether this browser has Ed25519 in WebCrypto. */
async function able(): Promise<boolean> {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

async function begin(form: HTMLFormElement): Promise<void> {
  if (!(await able())) return;
  form.hidden = false;
  document.querySelector<HTMLElement>("[data-proof-without]")?.toggleAttribute("hidden", true);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const where = form.querySelector("[data-proof-said]");
    const files = [...(form.querySelector<HTMLInputElement>("#files")?.files ?? [])];
    const key = form.querySelector<HTMLTextAreaElement>("#key")?.value ?? "";
    if (!where) return;
    Promise.all(files.map((file) => file.text()))
      .then((texts) => check(texts, key))
      .then((said) => show(where, sentence("holds", {}), "holds", said))
      .catch((error: unknown) => {
        const verdict = error instanceof Verdict ? error : new Verdict("unreadable", "unreadable");
        show(where, sentence(verdict.word, verdict.facts), verdict.end, []);
      });
  });
}

const form = document.querySelector<HTMLFormElement>("form[data-proof]");
if (form) void begin(form);
