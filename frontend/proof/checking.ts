// The checks of plainview-verify, in the browser: receipts (docs/receipts.md), signed heads and growth
// (docs/proof.md). Pure but for WebCrypto: what is fetched or shown is main.ts's.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/** How a check ends: it holds, something was changed, it can't be read, or it can't be told. */
export type End = "holds" | "broken" | "unreadable" | "untold";

/** A check that did not hold; `word` names the sentence that says why. */
export class Verdict extends Error {
  constructor(
    readonly end: Exclude<End, "holds">,
    readonly word: string,
    readonly facts: Record<string, string> = {},
  ) {
    super(word);
  }
}

/** One thing that holds: the name of its sentence, and what stands in it. */
export interface Said {
  word: string;
  facts: Record<string, string>;
}

export interface Key {
  name: string;
  id: string;
  raw: Uint8Array<ArrayBuffer>;
}

/** The keys by which heads are believed, and how they came to be. */
interface Trusted {
  keys: Key[];
  said: Said[];
}

interface Head {
  origin: string;
  size: number;
  root: Uint8Array<ArrayBuffer>;
  at: Date;
  more: string[];
  text: string;
  signatures: Map<string, Uint8Array<ArrayBuffer>>;
}

const HASH = 32;
const LENIENCE = 10 * 60 * 1000;
const utf8 = new TextEncoder();
type Bytes = Uint8Array<ArrayBuffer>;

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

const hex = (bytes: Uint8Array): string => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
const same = (one: Uint8Array, other: Uint8Array): boolean => hex(one) === hex(other);

/** 32 bytes from 64 hexadecimal digits. */
function fromHex(text: Json | undefined): Bytes {
  if (typeof text !== "string" || !/^[0-9a-f]{64}$/.test(text)) throw new Verdict("unreadable", "unreadable");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function fromBase64(text: string): Bytes {
  try {
    return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  } catch {
    throw new Verdict("unreadable", "unreadable");
  }
}

/** The bytes that are hashed (RFC 8785 of a part of JSON). */
function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value).sort();
    if (keys.some((key) => /[^\x20-\x7e]/.test(key))) throw new Verdict("unreadable", "unreadable");
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  const whole = typeof value === "number" && Number.isSafeInteger(value);
  const text = typeof value === "string" && !/[\ud800-\udfff]/u.test(value);
  if (!whole && !text && typeof value !== "boolean") throw new Verdict("unreadable", "unreadable");
  return JSON.stringify(value);
}

const node = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(Uint8Array.of(1), left, right);
const odd = (number: number): boolean => number % 2 === 1;
const half = (number: number): number => Math.floor(number / 2);

/** The root to which a leaf leads (RFC 9162 section 2.1.3.2). */
async function rootOf(leaf: Bytes, index: number, size: number, path: Bytes[]): Promise<Bytes | undefined> {
  if (!(index >= 0 && index < size)) return undefined;
  let [here, last, found] = [index, size - 1, leaf];
  for (const step of path) {
    if (last === 0) return undefined;
    if (odd(here) || here === last) {
      found = await node(step, found);
      while (!odd(here) && here > 0) [here, last] = [half(here), half(last)];
    } else {
      found = await node(found, step);
    }
    [here, last] = [half(here), half(last)];
  }
  return last === 0 ? found : undefined;
}

/** Whether the second tree only adds to the first (RFC 9162 section 2.1.4.2). */
async function continues(first: Head, second: Head, path: Bytes[]): Promise<boolean> {
  if (first.size === 0 || first.size === second.size) {
    return path.length === 0 && (first.size === 0 || same(first.root, second.root));
  }
  const whole = 2 ** Math.round(Math.log2(first.size)) === first.size;
  const [start, ...steps] = whole ? [first.root, ...path] : path;
  if (!start) return false;
  let [here, last] = [first.size - 1, second.size - 1];
  while (odd(here)) [here, last] = [half(here), half(last)];
  let [old, grown] = [start, start];
  for (const step of steps) {
    if (last === 0) return false;
    if (odd(here) || here === last) {
      [old, grown] = [await node(step, old), await node(step, grown)];
      while (!odd(here) && here > 0) [here, last] = [half(here), half(last)];
    } else {
      grown = await node(grown, step);
    }
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && same(old, first.root) && same(grown, second.root);
}

/** A key as `name+id+base64` (https://c2sp.org/signed-note). */
async function readKey(text: string): Promise<Key> {
  const [name = "", id = "", ...rest] = text.trim().split("+");
  const raw = fromBase64(rest.join("+"));
  const known = hex((await sha256(utf8.encode(`${name}\n`), raw)).slice(0, 4));
  if (raw.length !== HASH + 1 || raw[0] !== 1 || known !== id) throw new Verdict("unreadable", "no-key");
  return { name, id, raw: raw.slice(1) };
}

/** The signed lines of a note, and its signatures by the id of their key. */
function opened(note: Json | undefined): { text: string; signatures: Map<string, Bytes> } {
  if (typeof note !== "string") throw new Verdict("unreadable", "unreadable");
  const plain = note.replaceAll("\r\n", "\n").replace(/^\n+|\n+$/g, "");
  const gap = plain.lastIndexOf("\n\n");
  const signatures = new Map<string, Bytes>();
  for (const line of gap < 0 ? [""] : plain.slice(gap + 2).split("\n")) {
    const both = fromBase64(line.slice(line.lastIndexOf(" ") + 1));
    if (!line.startsWith("\u2014 ") || both.length !== 4 + 64) throw new Verdict("unreadable", "unreadable");
    signatures.set(hex(both.slice(0, 4)), both.slice(4));
  }
  return { text: `${plain.slice(0, gap)}\n`, signatures };
}

/** A head, its signatures unchecked (https://c2sp.org/tlog-checkpoint). */
function readHead(note: Json | undefined): Head {
  const { text, signatures } = opened(note);
  const [origin = "", size = "", root = "", at = "", ...more] = text.split("\n").slice(0, -1);
  const moment = new Date(at.replace(/^at /, ""));
  const raw = fromBase64(root);
  if (!/^\d{1,15}$/.test(size) || raw.length !== HASH || Number.isNaN(moment.getTime())) {
    throw new Verdict("unreadable", "unreadable");
  }
  return { origin, size: Number(size), root: raw, at: moment, more, text, signatures };
}

/** Whether there is a signature of `key`; a false one ends the check. */
async function signed(text: string, signatures: Map<string, Bytes>, key: Key): Promise<boolean> {
  const signature = signatures.get(key.id);
  if (!signature) return false;
  const known = await crypto.subtle.importKey("raw", key.raw, "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", known, signature, utf8.encode(text)))) {
    throw new Verdict("broken", "signature");
  }
  return true;
}

/** The entries of a list of keys as the log publishes it. */
function listed(text: string): Fields[] {
  const { keys } = fields(parsed(text));
  if (!Array.isArray(keys)) throw new Verdict("unreadable", "no-key");
  return keys.map(fields).filter((each) => typeof each.key === "string");
}

/** The keys that were given, as lines or as a list that was kept, and those of the published list to
 *  which they lead: a key leads to the next by a signature. */
export async function trusted(given: string, published = ""): Promise<Trusted> {
  const texts = given.trimStart().startsWith("{")
    ? listed(given).map((each) => String(each.key))
    : given.split("\n").filter((line) => line.trim());
  if (!texts.length) throw new Verdict("unreadable", "no-key");
  const found: Trusted = { keys: await Promise.all(texts.map(readKey)), said: [] };
  for (const each of published ? listed(published) : []) {
    const key = await readKey(String(each.key));
    const known = found.keys.some((other) => other.name === key.name && same(other.raw, key.raw));
    if (known || !each.endorsed) continue;
    const { text, signatures } = opened(each.endorsed);
    if (!text.includes(`\nkey ${String(each.key)}\n`)) continue;
    for (const other of found.keys) {
      if (!(await signed(text, signatures, other))) continue;
      found.keys.push(key);
      found.said.push({ word: "endorsed", facts: { key: `${key.name} ${key.id}` } });
      break;
    }
  }
  return found;
}

const dated = (moment: Date): string => moment.toISOString().slice(0, 19).replace("T", " ");

async function checkSignature(head: Head, by: Trusted, said: Said[]): Promise<void> {
  for (const key of by.keys) {
    if (key.name !== head.origin || !(await signed(head.text, head.signatures, key))) continue;
    said.push({ word: "signed", facts: { size: String(head.size), at: dated(head.at) } });
    return;
  }
  throw new Verdict("untold", "unknown-key");
}

function fields(value: Json | undefined): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Verdict("unreadable", "unreadable");
  return value;
}

/** What the words of every receipt stand for; with another context they would say something else. */
const FORM = {
  "@context": {
    dct: "http://purl.org/dc/terms/",
    dpv: "https://w3id.org/dpv#",
    pd: "https://w3id.org/dpv/pd#",
    pv: "urn:plainview:receipt:1:",
    schema: "https://schema.org/",
  },
  "@type": "dpv:ConsentReceipt",
  "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#receipt",
};
const LEAST = [...Object.keys(FORM), "dpv:hasNotice", "dpv:hasRecordOfActivity", "pv:proof"];

/** Checks a receipt by the six steps of docs/receipts.md; throws a Verdict where it does not hold. */
export async function checkReceipt(text: string, by: Trusted): Promise<Said[]> {
  const said = [...by.said];
  const receipt = fields(parsed(text));
  const members = Object.keys(receipt).filter((each) => each !== "pv:principal");
  if (members.sort().join() !== [...LEAST].sort().join()) throw new Verdict("unreadable", "unreadable");
  for (const [name, said] of Object.entries(FORM)) {
    if (canonical(receipt[name]) !== canonical(said)) throw new Verdict("unreadable", "unreadable");
  }
  const record = fields(receipt["dpv:hasRecordOfActivity"]);
  const notice = await sha256(utf8.encode(canonical(receipt["dpv:hasNotice"])));
  if (record["dpv:hasNotice"] !== `urn:sha256:${hex(notice)}`) throw new Verdict("broken", "notice");
  said.push({ word: "shown", facts: {} });
  if ("pv:principal" in receipt) {
    const whose = fields(receipt["pv:principal"]);
    const named = await sha256(fromHex(whose.salt), utf8.encode(String(whose.number)));
    if (record["dpv:hasDataSubject"] !== `urn:sha256:${hex(named)}`) throw new Verdict("broken", "person");
    said.push({ word: "person-named", facts: { number: String(whose.number) } });
  }
  const proof = fields(receipt["pv:proof"]);
  const head = await checkLeaf(proof, utf8.encode(canonical(record)), by, said);
  const states = Array.isArray(record["dpv:hasConsentStatus"]) ? record["dpv:hasConsentStatus"].map(fields) : [];
  await checkTimes(states.map((each) => each["dpv:isIndicatedAtTime"]), proof, head, by, said);
  if ("pv:said" in record) said.push({ word: "entered", facts: {} });
  if ("pv:corrects" in record) said.push({ word: "corrects", facts: { key: String(record["pv:corrects"]) } });
  for (const each of states) {
    const purposes = Array.isArray(each["dpv:hasPurpose"]) ? each["dpv:hasPurpose"].join(", ") : "";
    said.push({ word: `said-${String(each["pv:answer"])}`, facts: { purposes, at: String(each["dpv:isIndicatedAtTime"]) } });
  }
  return said;
}

async function checkLeaf(proof: Fields, body: Bytes, by: Trusted, said: Said[]): Promise<Head> {
  const members = Object.keys(proof).filter((each) => each !== "before").sort().join();
  const { index, path, salt, type } = proof;
  if (members !== "head,index,path,salt,type" || !Array.isArray(path) || typeof index !== "number") {
    throw new Verdict("unreadable", "unreadable");
  }
  if (type !== "sha256-salt-rfc9162") throw new Verdict("untold", "unknown-kind");
  const head = readHead(proof.head);
  await checkSignature(head, by, said);
  const leaf = await sha256(Uint8Array.of(0), await sha256(fromHex(salt), body));
  const root = await rootOf(leaf, index, head.size, path.map(fromHex));
  if (!root || !same(root, head.root)) throw new Verdict("broken", "leaf");
  said.push({ word: "in-log", facts: { index: String(index) } });
  return head;
}

async function checkTimes(times: (Json | undefined)[], proof: Fields, head: Head, by: Trusted, said: Said[]): Promise<void> {
  const moments = times.map((each) => {
    if (typeof each !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(each)) throw new Verdict("unreadable", "unreadable");
    return new Date(each).getTime();
  });
  if ("before" in proof) {
    const before = readHead(proof.before);
    await checkSignature(before, by, []);
    if (before.size > Number(proof.index)) throw new Verdict("unreadable", "unreadable");
    if (moments.some((each) => each < before.at.getTime() - LENIENCE)) {
      throw new Verdict("broken", "back-dated", { at: dated(before.at) });
    }
    said.push({ word: "dated", facts: {} });
  }
  if (moments.some((each) => each > head.at.getTime() + LENIENCE)) throw new Verdict("broken", "future");
}

/** Checks one head's signature. */
export async function checkHead(note: string, by: Trusted): Promise<Said[]> {
  const said = [...by.said];
  await checkSignature(readHead(note), by, said);
  return said;
}

/** The older head first; of two of one second, as of a clock that was set back, the smaller one. */
function inOrder(a: Head, b: Head): number {
  return a.at.getTime() - b.at.getTime() || (a.origin === b.origin ? a.size - b.size : 0);
}

/** Checks that the log only grew between two heads; `fetched` asks it for the proof. Where it began
 *  anew between them it says why, and what of the first is still there is proved as ever. */
export async function checkGrowth(
  one: string,
  other: string,
  by: Trusted,
  fetched: (first: number, second: number) => Promise<Json>,
): Promise<Said[]> {
  const said = [...by.said];
  const [first, second] = [readHead(one), readHead(other)].sort(inOrder) as [Head, Head];
  const anew = first.origin !== second.origin;
  await checkSignature(first, by, said);
  await checkSignature(second, by, said);
  const facts = { first: String(first.size), second: String(second.size), says: second.more.join(" · ") };
  if (anew) said.push({ word: "anew", facts });
  if (second.size < first.size) throw anew ? new Verdict("untold", "lost", facts) : new Verdict("broken", "removed", facts);
  const asked = first.size > 0 && first.size < second.size;
  const path = asked ? fields(await fetched(first.size, second.size)).path : [];
  if (!Array.isArray(path)) throw new Verdict("unreadable", "unreadable");
  if (!(await continues(first, second, path.map(fromHex)))) {
    throw anew ? new Verdict("untold", "lost", facts) : new Verdict("broken", "rewritten");
  }
  said.push({ word: "grown", facts: { first: String(first.size), more: String(second.size - first.size) } });
  return said;
}

export function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Verdict("unreadable", "unreadable");
  }
}
