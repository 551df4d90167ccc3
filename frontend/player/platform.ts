// On what the film is watched, in four words: figures and layouts tell them apart, nothing else does.

type Platform = "web" | "phone" | "tv" | "embed";

const TELEVISION =
  /\b(?:Smart-?TV|SMART-TV|Tizen|Web0S|HbbTV|BRAVIA|AFT[A-Z]+|GoogleTV|Android TV|NetCast|VIDAA|CrKey)\b/i;

/** The platform of a browser that says `agent` of itself. A frame on another page is its own. */
export function platformOf(agent: string, { framed, touch }: { framed: boolean; touch: boolean }): Platform {
  if (framed) return "embed";
  if (TELEVISION.test(agent)) return "tv";
  return touch && /\b(?:Mobi|Android|iPhone|iPad|iPod)/i.test(agent) ? "phone" : "web";
}

/** The platform of this page. */
export function platform(): Platform {
  const touch = matchMedia("(hover: none) and (pointer: coarse)").matches;
  return platformOf(navigator.userAgent, { framed: document.documentElement.dataset.framed !== undefined, touch });
}
