// Moments are served in UTC, the same for everybody; with script whoever reads has them by their own clock, and
// the service is told nothing. Evidence (the log, receipts) has no `data-moment`: UTC is what was signed.

const HERE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Tells the moments of the page, and of each part of it that a script renews. */
export function keepTelling(page: Document, zone = HERE, Observer: typeof MutationObserver = MutationObserver): void {
  tellMoments(page, zone);
  new Observer(() => tellMoments(page, zone)).observe(page.body, { childList: true, subtree: true });
}

/** Writes each `data-moment` by the reader's clock, in the page's language; what was served stays in its title. */
export function tellMoments(page: Document, zone = HERE): void {
  if (zone === "UTC" || zone === "Etc/UTC") return;
  const lang = page.documentElement.lang || "en";
  const written = (moment: Date, asked: Intl.DateTimeFormatOptions): Intl.DateTimeFormatPart[] =>
    new Intl.DateTimeFormat(lang, { ...asked, numberingSystem: "latn", timeZone: zone }).formatToParts(moment);
  for (const each of page.querySelectorAll<HTMLTimeElement>("time[data-moment]:not([title])")) {
    const moment = new Date(each.getAttribute("datetime") ?? "");
    if (Number.isNaN(moment.getTime())) continue;
    const dateStyle = each.dataset.moment === "hour" ? undefined : lang === "en" ? "medium" : "long";
    const said = written(moment, { dateStyle, timeStyle: "short" }).map((part) => part.value).join("");
    const name = written(moment, { timeZoneName: "short" }).find((part) => part.type === "timeZoneName")?.value;
    each.title = each.textContent ?? "";
    each.textContent = `${said} (${name ?? zone})`;
  }
}
