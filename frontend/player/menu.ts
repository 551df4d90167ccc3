// A menu that opens over the player: pages of choices in one panel, worked by mouse, touch and keys.
// The panel is a popover, so the browser closes it on Escape and on a tap elsewhere.
import { make } from "./element";
import { icon } from "./icons";
import { placeMenu } from "./menu-place";

export type MenuRow =
  | { kind: "choice"; label: string; lang?: string; checked: boolean; choose: () => void }
  | { kind: "page"; label: string; value?: string; open: () => MenuPage }
  | { kind: "action"; label: string; run: () => void }
  | { kind: "toggle"; label: string; checked: boolean; choose: () => void }
  | { kind: "stay"; label: string; run: () => void }
  | { kind: "note"; label: string }
  | { kind: "group"; label: string; rows: readonly MenuRow[] };

export interface MenuPage {
  readonly title: string;
  readonly rows: readonly MenuRow[];
}

const ROWS = "[role^=menuitem]";

export class Menu {
  readonly panel: HTMLElement;
  private trail: (() => MenuPage)[] = [];
  /** At which row each page but the root was opened, where keys go on after it. */
  private came: number[] = [];

  /**
   * Joins a button to a panel that shows the page `root` gives. Pages are asked anew at each drawing,
   * so they show what is true now. `onToggle` hears of opening (true) and closing.
   */
  constructor(
    private readonly button: HTMLButtonElement,
    private readonly root: () => MenuPage,
    private readonly words: { back: string },
    onToggle: (open: boolean) => void,
  ) {
    this.panel = make("div", { class: "pv-menu", role: "menu", popover: "auto", tabindex: "0" });
    this.panel.dir = document.documentElement.dir || "ltr";
    button.popoverTargetElement = this.panel;
    button.setAttribute("aria-haspopup", "menu");
    this.panel.addEventListener("beforetoggle", (event) => {
      if (event.newState !== "open") return;
      this.trail = [this.root];
      this.came = [];
      placeMenu(this.panel, this.button, this.panel.parentElement ?? this.panel);
      this.draw();
    });
    this.panel.addEventListener("toggle", (event) => {
      const open = event.newState === "open";
      button.setAttribute("aria-expanded", String(open));
      onToggle(open);
      if (open) this.focusRow();
    });
    this.panel.addEventListener("keydown", (event) => this.onKey(event));
  }

  get open(): boolean {
    return this.panel.matches(":popover-open");
  }

  /** Draws the open page again, keeping the row that has the focus. */
  refresh(): void {
    if (!this.open) return;
    const at = this.rows().indexOf(document.activeElement as HTMLElement);
    this.draw();
    if (at >= 0) this.rows()[Math.min(at, this.rows().length - 1)]?.focus();
  }

  private rows(): HTMLElement[] {
    return [...this.panel.querySelectorAll<HTMLElement>(ROWS)];
  }

  private focusRow(): void {
    const checked = this.panel.querySelector<HTMLElement>("[aria-checked=true]");
    const first = this.trail.length > 1 ? this.rows()[1] : this.rows()[0];
    (checked ?? first ?? this.panel).focus();
  }

  private draw(): void {
    const page = this.trail.at(-1)?.();
    if (!page) return;
    this.panel.setAttribute("aria-label", page.title);
    const rows = page.rows.map((row) => this.makeRow(row));
    const deep = this.trail.length > 1;
    const head = deep ? this.makeBack(page.title) : make("p", { class: "pv-menu-title" }, page.title);
    head.classList.add("pv-menu-head");
    if (!deep) head.setAttribute("aria-hidden", "true");
    this.panel.replaceChildren(head, ...rows);
  }

  private makeBack(title: string): HTMLElement {
    const row = make(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", "aria-label": `${this.words.back}: ${title}` },
      icon("back"),
      make("span", { class: "pv-menu-label" }, title),
    );
    row.addEventListener("click", () => this.goBack());
    return row;
  }

  private makeRow(row: MenuRow): HTMLElement {
    if (row.kind === "group") {
      const heading = make("p", { class: "pv-menu-heading", "aria-hidden": "true" }, row.label);
      const rows = row.rows.map((inner) => this.makeRow(inner));
      return make("div", { role: "group", "aria-label": row.label }, heading, ...rows);
    }
    if (row.kind === "note") return make("p", { class: "pv-menu-note" }, row.label);
    const choice = row.kind === "choice" || row.kind === "toggle";
    const element = make(
      "button",
      {
        type: "button",
        class: "pv-menu-row",
        role: row.kind === "choice" ? "menuitemradio" : choice ? "menuitemcheckbox" : "menuitem",
        tabindex: "-1",
        "aria-checked": choice ? String(row.checked) : undefined,
        "aria-haspopup": row.kind === "page" ? "menu" : undefined,
      },
      choice ? icon("check") : null,
      make("span", { class: "pv-menu-label", ...(row.kind === "choice" && row.lang && { lang: row.lang }) }, row.label),
      row.kind === "page" && row.value ? make("span", { class: "pv-menu-value" }, row.value) : null,
      row.kind === "page" ? icon("onward") : null,
    );
    element.addEventListener("click", () => this.pick(row));
    return element;
  }

  private pick(row: Exclude<MenuRow, { kind: "group" | "note" }>): void {
    if (row.kind === "page") {
      this.came.push(this.rows().indexOf(document.activeElement as HTMLElement));
      this.trail.push(row.open);
      this.draw();
      this.focusRow();
    } else if (row.kind === "choice" || row.kind === "toggle") {
      row.choose();
      this.refresh();
    } else if (row.kind === "stay") {
      row.run();
      this.refresh();
    } else {
      this.panel.hidePopover();
      row.run();
    }
  }

  private goBack(): void {
    this.trail.pop();
    this.draw();
    const opened = this.rows()[this.came.pop() ?? -1];
    if (opened) opened.focus();
    else this.focusRow();
  }

  private onKey(event: KeyboardEvent): void {
    const rows = this.rows();
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const backwards = this.panel.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    const onwards = this.panel.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "ArrowDown") rows[(at + 1) % rows.length]?.focus();
    else if (event.key === "ArrowUp") rows[(at - 1 + rows.length) % rows.length]?.focus();
    else if (event.key === "Home") rows[0]?.focus();
    else if (event.key === "End") rows.at(-1)?.focus();
    else if (event.key === backwards && this.trail.length > 1) this.goBack();
    else if (event.key === onwards && rows[at]?.ariaHasPopup === "menu") rows[at].click();
    else if (event.key === "Tab") {
      this.panel.hidePopover();
      this.button.focus();
    } else {
      // Escape is the browser's; letters must not reach the player's shortcuts.
      event.stopPropagation();
      return;
    }
    event.stopPropagation();
    event.preventDefault();
  }
}
