// Listens for the player's keys. Letters and digits count only while the player has the focus (WCAG
// 2.1.4); Space and the left and right arrows also when nothing on the page has it.
import { type Action, actionFor } from "./keyboard";

const FREE = new Set([" ", "ArrowLeft", "ArrowRight"]);
const PRESSES = new Set([" ", "Enter"]);
const SLIDES = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"]);
const BUTTONS = "button, a, summary, [role=button]";

function takesText(target: HTMLElement): boolean {
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input:not([type=range], [type=checkbox], [type=radio], [type=button])");
}

/** Up and down move the seek bar's own value, as on any slider. */
function onSeekBar(action: Action): Action {
  return action.do === "volume" ? { do: "step", seconds: Math.sign(action.change) * 5 } : action;
}

/** The action a key press on `target` asks of the player in `container`, or null. */
function decide(event: KeyboardEvent, container: HTMLElement): Action | null {
  const { target, key } = event;
  if (!(target instanceof HTMLElement) || event.defaultPrevented || takesText(target)) return null;
  const inside = container.contains(target);
  if (!inside && !(target === document.body && FREE.has(key))) return null;
  if (PRESSES.has(key) && target.matches(BUTTONS)) return null;
  const action = actionFor(event);
  // A remote's up and down lead through the page; a television has louder and quieter of its own.
  if (action?.do === "volume" && container.dataset.remote !== undefined) return null;
  if (action && SLIDES.has(event.key) && target.matches("media-volume-range")) return null;
  return action && target.matches("media-time-range") ? onSeekBar(action) : action;
}

/** Calls `perform` for each key press that is the player's. */
export function listenForKeys(container: HTMLElement, perform: (action: Action) => void): void {
  document.addEventListener("keydown", (event) => {
    const action = decide(event, container);
    if (!action) return;
    event.preventDefault();
    perform(action);
  });
}
