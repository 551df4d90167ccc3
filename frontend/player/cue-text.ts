// The text of a WebVTT cue: parsed into a small tree and shown through text nodes only, so that
// nothing a subtitle says can become markup.

/** Elements a cue may contain, by WebVTT tag. */
const ELEMENTS = { b: "b", i: "i", u: "u", c: "span", v: "span", lang: "span", ruby: "ruby", rt: "rt" };
type Tag = keyof typeof ELEMENTS;

export type CueNode = string | CueElement;

interface CueElement {
  readonly tag: Tag;
  /** Speaker of a `v`, language of a `lang`; else empty. */
  readonly annotation: string;
  readonly children: CueNode[];
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
  ["lrm", "\u200e"],
  ["rlm", "\u200f"],
]);
/** A tag begins with a letter or digit right after its bracket; any other bracket is text. */
const TOKEN = /<(\/?)((?:[a-z\d][^<>]*)?)>|[^<]+|</gi;
const isTag = (name: string): name is Tag => Object.hasOwn(ELEMENTS, name);

function decode(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return NAMED.get(name.toLowerCase()) ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function openTag(inner: string): CueElement | null {
  const [, name = "", annotation = ""] = /^([a-z]+)(?:\.[^\s]*)?(?:\s+([\s\S]*))?$/i.exec(inner) ?? [];
  const tag = name.toLowerCase();
  if (!isTag(tag)) return null;
  return { tag, annotation: decode(annotation.trim()), children: [] };
}

/** The tree of a cue's text. Unknown tags and timestamps are dropped, their contents kept. */
export function parseCueText(text: string): CueNode[] {
  const root: CueNode[] = [];
  const open: CueElement[] = [];
  for (const [token, slash, inner] of text.matchAll(TOKEN)) {
    const siblings = open.at(-1)?.children ?? root;
    if (inner === undefined) {
      siblings.push(decode(token));
    } else if (slash) {
      const depth = open.findLastIndex((element) => element.tag === inner.trim().toLowerCase());
      if (depth >= 0) open.length = depth;
    } else {
      const element = openTag(inner);
      if (!element) continue;
      siblings.push(element);
      open.push(element);
    }
  }
  return root;
}

/** In columns, a short number or two marks stand upright beside each other (tate-chu-yoko). */
const UPRIGHT = /(?<![\w.,:])(\d{1,2}|[!?]{2})(?![\w.,:])/;

/** DOM nodes of a parsed cue, made only of the elements listed above and of text; `down` for one that is
 * written in columns. */
export function cueFragment(nodes: readonly CueNode[], document: Document, down = false): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const node of nodes) {
    if (typeof node === "string") {
      for (const [at, piece] of (down ? node.split(UPRIGHT) : [node]).entries()) {
        if (at % 2 === 0) {
          if (piece) fragment.append(document.createTextNode(piece));
          continue;
        }
        const upright = document.createElement("span");
        upright.className = "pv-upright";
        upright.append(document.createTextNode(piece));
        fragment.append(upright);
      }
      continue;
    }
    const element = document.createElement(ELEMENTS[node.tag]);
    if (node.tag === "v" && node.annotation) element.title = node.annotation;
    if (node.tag === "lang" && node.annotation) element.lang = node.annotation;
    element.append(cueFragment(node.children, document, down));
    fragment.append(element);
  }
  return fragment;
}
