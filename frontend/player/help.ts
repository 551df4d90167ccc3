// The list of keyboard shortcuts, as a dialog.
import { make } from "./element";
import { SHORTCUTS } from "./keyboard";
import type { LabelKey, Labels } from "./labels";

const keyName = (key: string, labels: Labels): string =>
  key.startsWith("{") ? labels[key.slice(1, -1) as LabelKey] : key;

/** The dialog, closed; `showModal()` opens it. */
export function buildHelp(labels: Labels): HTMLDialogElement {
  const rows = SHORTCUTS.map(({ keys, does }) =>
    make(
      "div",
      {},
      make("dt", {}, ...keys.map((key) => make("kbd", {}, keyName(key, labels)))),
      make("dd", {}, labels[does]),
    ),
  );
  const close = make("button", { type: "button", class: "pv-help-close" }, labels.close);
  const title = make("h2", { id: "pv-help-title" }, labels.shortcuts);
  const dialog = make(
    "dialog",
    { class: "pv-help", "aria-labelledby": title.id },
    title,
    make("p", {}, labels.shortcutsNote),
    make("dl", {}, ...rows),
    close,
  );
  dialog.dir = document.documentElement.dir || "ltr";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  return dialog;
}
