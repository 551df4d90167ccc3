// A remote's four arrows, its OK and its Back inside the player. On the picture, left and right go back
// and on and OK plays or pauses; down leads to the time line and the buttons, where the arrows move
// from one to the next; Back closes what is open. The page around it has its own way with arrows
// (shell/remote.ts), which begins where this one ends.
import type { Action } from "./keyboard";

/** Names that televisions give their Back key, and its numbers on Tizen and webOS. */
const BACK = new Set(["GoBack", "BrowserBack", "XF86Back"]);
const BACK_CODES = new Set([10009, 461]);

interface RemoteActs {
  readonly perform: (action: Action) => void;
  /** Closes what is open over the picture; returns whether something was. */
  readonly closeTop: () => boolean;
  /** Shows the bar for a while. */
  readonly wake: () => void;
  readonly menuIsOpen: () => boolean;
}

const picture = (container: HTMLElement): HTMLElement | null => container.querySelector("media-controller");
const shown = (element: HTMLElement): boolean => element.checkVisibility() && element.getClientRects().length > 0;

/** The rows that arrows lead through, from the top: what is offered, the time line, the buttons. */
function rowsOf(container: HTMLElement): HTMLElement[][] {
  const all = (query: string): HTMLElement[] => [...container.querySelectorAll<HTMLElement>(query)].filter(shown);
  return [
    all(".pv-resume button, .pv-peek button, .pv-failure button, .pv-failure a, .pv-offers button"),
    all("media-time-range"),
    all(".pv-row > :is(button, media-play-button, media-fullscreen-button), .pv-sound > media-mute-button"),
  ].filter((row) => row.length > 0);
}

/** Focuses an element; the time line by the slider inside it. */
function go(element: HTMLElement | undefined): void {
  const inner = element?.shadowRoot?.querySelector<HTMLElement>("input");
  (inner ?? element)?.focus();
}

/** Listens to a remote; to be called on televisions alone. */
export function listenToRemote(container: HTMLElement, acts: RemoteActs): void {
  container.dataset.remote = "";
  // Whoever opens a film wants the picture under the arrows, unless there is something to answer first.
  if (document.activeElement === document.body && !document.querySelector("[data-consent]")) picture(container)?.focus();
  container.addEventListener(
    "keydown",
    (event) => {
      acts.wake();
      if (acts.menuIsOpen() || (event.target as Element).closest(".pv-lines, dialog")) return;
      if (steer(event, container, acts)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    { capture: true },
  );
  // Before the menu, which keeps every key that it does not know from the player.
  const goBack = (event: KeyboardEvent): void => {
    const back = BACK.has(event.key) || BACK_CODES.has(event.keyCode);
    if (back && acts.closeTop()) event.preventDefault();
  };
  document.addEventListener("keydown", goBack, { capture: true });
}

/** Moves the focus as a key asks; returns whether it was one of these keys. */
function steer(event: KeyboardEvent, container: HTMLElement, acts: RemoteActs): boolean {
  const target = event.target as HTMLElement;
  const rows = rowsOf(container);
  const row = rows.findIndex((each) => each.includes(target));
  const onPicture = row < 0;
  switch (event.key) {
    case "Enter":
      if (onPicture) acts.perform({ do: "toggle" });
      return onPicture;
    case "ArrowLeft":
    case "ArrowRight": {
      const way = event.key === "ArrowLeft" ? -1 : 1;
      if (onPicture || target.matches("media-time-range")) acts.perform({ do: "step", seconds: way * 10 });
      else go(rows[row]?.[(rows[row]?.indexOf(target) ?? 0) + way]);
      return true;
    }
    case "ArrowDown": {
      const next = onPicture ? rows.find((each) => each[0]?.matches("media-time-range")) ?? rows[0] : rows[row + 1];
      go(next?.[0]);
      return next !== undefined;
    }
    case "ArrowUp": {
      if (onPicture) return false;
      const above = rows[row - 1];
      if (above) go(above[0]);
      else picture(container)?.focus();
      return true;
    }
    default:
      return false;
  }
}
