// A shelf goes on: when its last poster comes near, the API hands over those that follow.

interface Title {
  slug: string;
  name: { text: string; language: string };
  facts: string[];
  poster: string;
  page: string;
  here: { available: boolean };
}

interface Answer {
  titles: Title[];
  next: string | null;
}

const AT_ONCE = "40";

export function enhanceShelves(page: Document): void {
  if (!("IntersectionObserver" in window)) return;
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        const row = target.closest<HTMLElement>("[data-more]");
        if (row) void goOn(row, near);
      }
    },
    { rootMargin: "0px 300px" },
  );
  for (const row of page.querySelectorAll<HTMLElement>("[data-more]")) {
    if (row.children.length >= 12 && row.lastElementChild) near.observe(row.lastElementChild);
  }
}

async function goOn(row: HTMLElement, near: IntersectionObserver): Promise<void> {
  const address = new URL(row.dataset.more ?? "", location.href);
  delete row.dataset.more;
  if (address.origin !== location.origin) return;
  if (!address.searchParams.has("limit")) address.searchParams.set("limit", AT_ONCE);
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) address.searchParams.set("lang", asked);
  try {
    const response = await fetch(address);
    if (!response.ok) return;
    const { titles, next } = (await response.json()) as Answer;
    const model = row.querySelector("li:has(.card-art picture), li:has(.card-art img)") ?? row.lastElementChild;
    const there = new Set([...row.querySelectorAll("a[href]")].map((each) => new URL((each as HTMLAnchorElement).href).pathname));
    for (const title of titles) {
      if (!title.here.available || !model || there.has(new URL(title.page).pathname)) continue;
      row.append(poster(model, title));
    }
    if (next && row.lastElementChild) {
      row.dataset.more = next;
      near.observe(row.lastElementChild);
    }
  } catch {
    // The row ends where it ends; its heading leads to the whole list.
  }
}

/** A poster like the others of its row, of another title. */
export function poster(model: Element, title: Title): Element {
  const item = model.cloneNode(true) as HTMLElement;
  const link = item.querySelector("a");
  if (link) {
    link.href = new URL(title.page).pathname;
    link.textContent = title.name.text;
    link.lang = title.name.language;
    link.dir = "auto";
  }
  const art = item.querySelector(".card-art");
  if (art && title.poster) {
    const image = item.ownerDocument.createElement("img");
    Object.assign(image, { src: new URL(title.poster).pathname, alt: "", loading: "lazy", decoding: "async" });
    art.replaceChildren(image);
  } else if (art) {
    const name = item.ownerDocument.createElement("p");
    name.textContent = title.name.text;
    name.ariaHidden = "true";
    const made = item.ownerDocument.createElement("div");
    made.className = "poster-made";
    made.append(name);
    art.replaceChildren(made);
  }
  const facts = item.querySelector(".card-facts");
  if (facts) facts.textContent = title.facts.join(" · ");
  const keep = item.querySelector<HTMLButtonElement>(".card-keep");
  if (keep) {
    keep.value = `later ${title.slug}`;
    keep.name = "put";
    const words = keep.querySelector("[data-word]");
    if (words) words.textContent = item.ownerDocument.getElementById("keep")?.dataset.later ?? words.textContent;
    const name = words?.nextSibling;
    if (name) name.textContent = `: ${title.name.text}`;
  }
  return item;
}
