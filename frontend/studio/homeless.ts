// Words whose segment others merged or took away: they stand above the lines until whoever wrote them has
// seen to them.
import { make } from "../player/element";
import { isolated } from "./isolating";
import type { Labels } from "./labels";
import { wordsOf } from "./placing";

/** Shows what was written in segments that went, or nothing where nothing was. */
export function showHomeless(
  root: HTMLElement,
  labels: Labels,
  homeless: ReadonlyMap<number, string>,
  onSeen: () => void,
): void {
  root.querySelector(".studio-homeless")?.remove();
  if (homeless.size === 0) return;
  const close = make("button", { type: "button", class: "button button-quiet button-small" }, labels.close);
  const dir = root.dataset.dir ?? "ltr";
  const words = [...homeless.values()].map((text) => make("p", { class: "studio-theirs", dir }, isolated(wordsOf(text))));
  const stack = make("div", { class: "stack" }, make("p", {}, labels.homeless), ...words, make("div", {}, close));
  const notice = make("div", { class: "notice notice-bad studio-homeless", role: "alert" }, stack);
  close.addEventListener("click", () => {
    notice.remove();
    onSeen();
  });
  root.querySelector(".studio-room")?.before(notice);
}
