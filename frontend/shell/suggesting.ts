// What a search box may mean, while one types: a combobox with a list (ARIA APG). Nothing is asked
// while an input method composes; a newer question ends the one before. Enter searches, as ever.
import { composes } from "./composing.js";

interface Suggestion {
  text: string;
  language: string;
  kind: string;
  href: string;
}

const DELAY = 150;
const SHORTEST = 2;
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]/;

/** Whether a text is long enough to mean something: one character of a script without spaces is. */
export const says = (text: string): boolean => text.length >= SHORTEST || UNSPACED.test(text);

export class Suggestions {
  private readonly list = document.createElement("ul");
  private asked: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private active = -1;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly address: string,
    private readonly fetcher: typeof fetch = (...asked) => fetch(...asked),
  ) {
    this.list.id = `${input.id || "search"}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.getAttribute("aria-label") ?? "");
    this.list.hidden = true;
    input.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", (event) => {
      if (!(event as InputEvent).isComposing) this.later();
    });
    input.addEventListener("compositionend", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // The list keeps the focus in the box, so that a press on a row is not a blur.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  private later(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
    const query = this.input.value.trim();
    if (!says(query)) return this.close();
    this.timer = setTimeout(() => void this.ask(query), DELAY);
  }

  private async ask(query: string): Promise<void> {
    const asked = (this.asked = new AbortController());
    try {
      const response = await this.fetcher(`${this.address}?${new URLSearchParams({ q: query })}`, {
        signal: asked.signal,
        headers: { Accept: "application/json" },
      });
      if (!response.ok) return this.close();
      const found = (await response.json()) as { suggestions: Suggestion[]; searched?: Suggestion[] };
      // Own searches come last, so that the programme stands in everybody's order.
      if (!asked.signal.aborted) this.show([...found.suggestions, ...(found.searched ?? [])]);
    } catch {
      if (!asked.signal.aborted) this.close();
    }
  }

  private show(found: Suggestion[]): void {
    this.active = -1;
    this.list.replaceChildren(
      ...found.map((each, place) => {
        const row = document.createElement("li");
        row.id = `${this.list.id}-${place}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        const link = document.createElement("a");
        link.href = each.href;
        link.tabIndex = -1;
        const name = document.createElement("span");
        name.textContent = each.text;
        name.lang = each.language;
        name.dir = "auto";
        const kind = document.createElement("span");
        kind.className = "soft small";
        kind.textContent = each.kind;
        link.append(name, kind);
        row.append(link);
        return row;
      }),
    );
    const open = found.length > 0 && document.activeElement === this.input;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.input.removeAttribute("aria-activedescendant");
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.show([]);
  }

  private key(event: KeyboardEvent): void {
    if (composes(event)) return;
    const rows = [...this.list.children] as HTMLElement[];
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !this.list.hidden) {
      event.preventDefault();
      // Before the first row and after the last lies the box itself.
      const places = rows.length + 1;
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = ((this.active + 1 + step + places) % places) - 1;
      rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === this.active)));
      const row = rows[this.active];
      if (row) {
        this.input.setAttribute("aria-activedescendant", row.id);
        row.scrollIntoView({ block: "nearest" });
      } else this.input.removeAttribute("aria-activedescendant");
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      rows[this.active]?.querySelector("a")?.click();
    }
  }
}

export function suggest(root: ParentNode): void {
  for (const input of root.querySelectorAll<HTMLInputElement>("input[data-suggest]")) {
    new Suggestions(input, input.dataset.suggest ?? "");
  }
}
