// Moments are served in UTC, the same for everybody; with script whoever reads has them by their own clock, and
// the service is told nothing. Evidence (the log, receipts) has no `data-moment`: UTC is what was signed.

/** Writes each `data-moment` by the reader's clock, in the page's language; what was served stays in its title. */
export function tellMoments(page: Document, zone = new Intl.DateTimeFormat().resolvedOptions().timeZone): void {
  if (zone === "UTC" || zone === "Etc/UTC") return;
  const lang = page.documentElement.lang || "en";
  const written = (moment: Date, asked: Intl.DateTimeFormatOptions): Intl.DateTimeFormatPart[] =>
    new Intl.DateTimeFormat(lang, { ...asked, numberingSystem: "latn", timeZone: zone }).formatToParts(moment);
  for (const each of page.querySelectorAll<HTMLTimeElement>("time[data-moment]")) {
    const moment = new Date(each.getAttribute("datetime") ?? "");
    if (Number.isNaN(moment.getTime())) continue;
    const dateStyle = each.dataset.moment === "hour" ? undefined : lang === "en" ? "medium" : "long";
    const said = written(moment, { dateStyle, timeStyle: "short" }).map((part) => part.value).join("");
    const name = written(moment, { timeZoneName: "short" }).find((part) => part.type === "timeZoneName")?.value;
    each.title = each.textContent ?? "";
    each.textContent = `${said} (${name ?? zone})`;
  }
}
