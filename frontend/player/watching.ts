// What the watch page keeps of a sitting, for those who permit it: how far one has come, and how one
// likes subtitles. Loaded before the player, whose events it hears; without it the player keeps nothing.
import { Sitting } from "./sitting";

const CAPTIONS = "plainview-captions";
const PRIVATE = "plainview-private";

interface CaptionDetail {
  readonly lang: string;
  readonly size: string;
  readonly background: string;
}

function send(address: string, values: Record<string, string>): void {
  const body = new URLSearchParams(values);
  if (!navigator.sendBeacon(address, body)) void fetch(address, { method: "POST", body, keepalive: true });
}

/** A device remembers its subtitles by itself, and only once somebody chose them (a chosen setting). */
function recallCaptions({ dataset }: HTMLElement): void {
  if (dataset.keep) return;
  try {
    const kept = JSON.parse(localStorage.getItem(CAPTIONS) ?? "{}") as Partial<CaptionDetail>;
    if (kept.lang) dataset.captionLang = kept.lang;
    if (kept.size) dataset.captionSize = kept.size;
    if (kept.background) dataset.captionBackground = kept.background;
  } catch {
    // nothing kept, or nothing to be read
  }
}

function keepCaptions({ dataset }: HTMLElement, detail: CaptionDetail, hidden: boolean): void {
  if (hidden) return;
  if (dataset.keep) {
    send(dataset.keep, { language: detail.lang, size: detail.size, ground: detail.background });
    return;
  }
  try {
    localStorage.setItem(CAPTIONS, JSON.stringify(detail));
  } catch {
    // storage is off: then it is not remembered
  }
}

function watch(container: HTMLElement): void {
  recallCaptions(container);
  const video = container.querySelector("video");
  const { dataset } = container;
  const sitting =
    video && new Sitting(video, (values) => dataset.signal && send(dataset.signal, values));
  const begin = (): void => {
    if (!sitting) return;
    if (!dataset.signal) sitting.hidden = true; // not permitted, so nothing is told
    else sitting.hide(sessionStorage.getItem(PRIVATE) === "1");
    if (dataset.signal) enhanceSwitch(sitting);
  };
  begin();
  // An answer given on this page counts from here on.
  document.addEventListener("plainview:answered", (event) => {
    const fresh = (event as CustomEvent<Document | undefined>).detail;
    const told = fresh?.querySelector<HTMLElement>("[data-player]")?.dataset.signal;
    if (told) dataset.signal = told;
    else delete dataset.signal;
    begin();
  });
  container.addEventListener("plainview:caption-style", (event) => {
    keepCaptions(container, (event as CustomEvent<CaptionDetail>).detail, Boolean(dataset.signal && sitting?.hidden));
  });
}

function enhanceSwitch(sitting: Sitting): void {
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
    if (sitting.hidden) sessionStorage.setItem(PRIVATE, "1");
    else sessionStorage.removeItem(PRIVATE);
    show();
  });
  show();
}

for (const container of document.querySelectorAll<HTMLElement>("[data-player]")) watch(container);
