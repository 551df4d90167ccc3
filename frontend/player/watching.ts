// What the watch page keeps of a sitting, for those who permit it: how far one has come, how one likes
// the player, that it stood still. Loaded before the player, whose events it hears; without it the
// player keeps nothing.
import { platform } from "./platform";
import { Sitting } from "./sitting";

const LIKES = "plainview-captions";
const PRIVATE = "plainview-private";
type Likes = Readonly<Record<string, string | boolean>>;

/** Sends values so that they arrive also when the page goes; says when they did, if it is `awaited`. */
async function send(address: string, values: Record<string, string>, awaited = false): Promise<void> {
  const body = new URLSearchParams(values);
  if (!awaited && navigator.sendBeacon(address, body)) return;
  await fetch(address, { method: "POST", body, keepalive: true }).catch(() => undefined);
}

/** A device remembers by itself how the player is liked, and only once somebody chose (a chosen setting). */
function recall({ dataset }: HTMLElement): void {
  if (dataset.kept !== "device") return;
  try {
    const kept = localStorage.getItem(LIKES);
    if (kept) dataset.preferences = kept;
  } catch {
    dataset.kept = "page"; // storage is off: then it is not remembered, and the menu says so
  }
}

let telling = false;
let newest: Record<string, string> | undefined;

/** Tells the account the newest likes once those before are there: of two on their way at once, the older could
 *  be kept last. */
async function tellAccount(address: string): Promise<void> {
  if (telling) return;
  telling = true;
  while (newest) {
    const now = newest;
    newest = undefined;
    await send(address, now, true);
  }
  telling = false;
}

function keep({ dataset }: HTMLElement, likes: Likes, hidden: boolean): void {
  if (hidden) return;
  if (dataset.kept === "account" && dataset.keep) {
    newest = Object.fromEntries(Object.entries(likes).map(([name, value]) => [name, String(value)]));
    void tellAccount(dataset.keep);
    return;
  }
  try {
    localStorage.setItem(LIKES, JSON.stringify(likes));
  } catch {
    // storage is full or off: then it is not remembered
  }
}

/** Tells that playing began and how it stood still, of those who permit either. */
function report(container: HTMLElement, video: HTMLVideoElement, hidden: () => boolean): void {
  const told = new Set<string>();
  const tell = (purpose: string, what: string): void => {
    const { report: address, reports = "" } = container.dataset;
    if (!address || hidden() || told.has(what) || !reports.split(" ").includes(purpose)) return;
    told.add(what);
    void send(address, { platform: platform(), what });
  };
  video.addEventListener("playing", () => tell("began", "began"));
  container.addEventListener("plainview:fault", (event) => {
    const { kind } = (event as CustomEvent<{ kind: string }>).detail;
    if (kind !== "closed") tell("faults", kind); // that a licence ended is nobody's fault
  });
}

function watch(container: HTMLElement): void {
  recall(container);
  const video = container.querySelector("video");
  const { dataset } = container;
  if (!video) return;
  const sitting = new Sitting(video, async (values, awaited) => {
    if (dataset.signal) await send(dataset.signal, values, awaited);
  });
  sitting.offset = Number(dataset.captionOffset ?? 0);
  const { kept = "page" } = dataset;
  let privately = false;
  const goPrivate = (hidden: boolean): void => {
    privately = hidden;
    dataset.kept = hidden ? "page" : kept; // the menu says where a choice is kept
  };
  const begin = (): void => {
    goPrivate(Boolean(dataset.signal) && sessionStorage.getItem(PRIVATE) === "1");
    if (!dataset.signal) sitting.hidden = true; // not permitted, so nothing is told
    else sitting.hide(privately);
    if (dataset.signal) enhanceSwitch(sitting, goPrivate);
  };
  begin();
  // An answer given on this page counts from here on.
  document.addEventListener("plainview:answered", (event) => {
    const fresh = (event as CustomEvent<Document | undefined>).detail;
    const now = fresh?.querySelector<HTMLElement>("[data-player]")?.dataset;
    for (const name of ["signal", "report", "reports"] as const) {
      if (now?.[name]) dataset[name] = now[name];
      else delete dataset[name];
    }
    begin();
  });
  container.addEventListener("plainview:preferences", (event) => {
    keep(container, (event as CustomEvent<Likes>).detail, privately);
  });
  window.addEventListener("pagehide", () => {
    if (newest && dataset.keep) void send(dataset.keep, newest);
    newest = undefined;
  });
  container.addEventListener("plainview:offset", (event) => {
    sitting.offset = (event as CustomEvent<{ milliseconds: number }>).detail.milliseconds;
  });
  report(container, video, () => privately);
}

function enhanceSwitch(sitting: Sitting, onChange: (hidden: boolean) => void): void {
  const box = document.querySelector<HTMLElement>("[data-saving]");
  const button = box?.querySelector<HTMLButtonElement>("[data-private]");
  const said = box?.querySelector("[data-said]");
  const words = box?.querySelector<HTMLTemplateElement>("[data-said-private]")?.content.textContent ?? "";
  if (!button || !said) return;
  const usual = said.textContent ?? "";
  const show = (): void => {
    button.setAttribute("aria-pressed", String(sitting.hidden));
    said.textContent = sitting.hidden ? words : usual;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    sitting.hide(!sitting.hidden);
    onChange(sitting.hidden);
    if (sitting.hidden) sessionStorage.setItem(PRIVATE, "1");
    else sessionStorage.removeItem(PRIVATE);
    show();
  });
  show();
}

for (const container of document.querySelectorAll<HTMLElement>("[data-player]")) watch(container);
