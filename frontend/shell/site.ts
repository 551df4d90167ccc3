// Progressive enhancement of the page shell; every page works without it.
import { enhanceAnswers } from "./answers.js";
import { composes } from "./composing.js";
import { forget } from "./forgetting.js";
import { defineGate } from "./gate.js";
import { hear } from "./hearing.js";
import { live } from "./living.js";
import { keepTelling } from "./moments.js";
import { enhanceRemote } from "./remote.js";
import { enhanceKeeping } from "./keeping.js";
import { sendOnce } from "./once.js";
import { passSignalOn } from "./signal.js";
import { enhanceShelves } from "./shelves.js";
import { stopAtScrolls } from "./scrolling.js";
import { suggest } from "./suggesting.js";
import { keepTyped } from "./tongue.js";

forget(document);
defineGate();
void passSignalOn(document);
hear(document);
suggest(document);
enhanceRemote(document);
enhanceKeeping(document);
enhanceShelves(document);
live(document);
keepTelling(document);
stopAtScrolls(document);
keepTyped(document);

/** Marks that scripts run, so that styles may show what needs them. */
document.documentElement.dataset.script = "on";

// A menu made of <details data-menu> closes on Escape and on a click elsewhere, like any menu.
const openMenus = (): NodeListOf<HTMLDetailsElement> =>
  document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target as Node)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

enhanceAnswers(document);
sendOnce(document);

// A row of tabs that is wider than the window shows the one that is open.
for (const link of document.querySelectorAll(".desk-nav [aria-current]")) link.scrollIntoView({ block: "nearest", inline: "center" });

// A form that comes back begins at the first field that is to be mended, else at what it says. Where the
// address has a fragment, browsers leave `autofocus` aside and go to the fragment when all is loaded.
const begin = (): void => {
  const places = ["main form [aria-invalid=true]", "main [autofocus]"];
  places.map((each) => document.querySelector<HTMLElement>(each)).find(Boolean)?.focus();
};
begin();
if (location.hash) addEventListener("load", () => setTimeout(begin));

// In a text of several lines Enter begins a line; with Ctrl or ⌘ it sends the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || composes(event)) return;
  if (event.target instanceof HTMLTextAreaElement && "send" in event.target.dataset) {
    event.target.form?.requestSubmit();
  }
});
