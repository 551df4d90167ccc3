// Rows of a list dragged to their place. Each row has a button that moves it; a drop presses it.
// `data-order` is how many rows stand on the pages before.

for (const list of document.querySelectorAll<HTMLOListElement>("[data-order]")) {
  let dragged: HTMLElement | null = null;
  const rows = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[data-key]")];
  const rowAt = (event: Event): HTMLElement | null =>
    event.target instanceof Element ? event.target.closest<HTMLElement>("[data-key]") : null;

  list.addEventListener("dragstart", (event) => {
    dragged = rowAt(event);
    dragged?.toggleAttribute("data-dragged", true);
    event.dataTransfer?.setData("text/plain", dragged?.dataset.key ?? "");
  });
  list.addEventListener("dragover", (event) => {
    const over = rowAt(event);
    if (!dragged || !over) return;
    event.preventDefault();
    const after = rows().indexOf(over) > rows().indexOf(dragged);
    if (over !== dragged) over[after ? "after" : "before"](dragged);
  });
  list.addEventListener("drop", (event) => {
    event.preventDefault();
    const form = dragged?.querySelector("form");
    const button = form?.querySelector<HTMLButtonElement>("button[name=move]");
    if (!dragged || !form || !button) return;
    button.value = String(Number(list.dataset.order) + rows().indexOf(dragged));
    form.requestSubmit(button);
  });
  list.addEventListener("dragend", () => {
    dragged?.removeAttribute("data-dragged");
    dragged = null;
  });
}
export {};
