// A part of the page that scrolls by itself is a stop for the keyboard while there is more of it than is seen.

/** Makes each `data-scrolls` a stop as long as it scrolls: large letters make it so, and not every browser stops there. */
export function stopAtScrolls(page: Document, Observer: typeof ResizeObserver = ResizeObserver): void {
  const observer = new Observer((seen) => {
    for (const { target } of seen) {
      if (target.scrollHeight > target.clientHeight) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const part of page.querySelectorAll("[data-scrolls]")) observer.observe(part);
}
