// Elements whose words have no room: hidden by their box, or sticking out of it. What scrolls, what
// only a screen reader says and what ends in three dots on purpose is left out.
() => {
  const found = [];
  for (const each of document.querySelectorAll("main *, header *, footer *, form *")) {
    if (each.ownerSVGElement) continue;
    if (each.scrollWidth <= each.clientWidth + 1 || each.clientWidth < 2) continue;
    const words = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!words || each.matches("input, textarea, select")) continue;
    const style = getComputedStyle(each);
    if (["auto", "scroll"].includes(style.overflowX) || style.textOverflow === "ellipsis") continue;
    if (style.display === "inline" || each.closest(".visually-hidden")) continue;
    found.push(`${each.tagName.toLowerCase()}.${each.className} “${each.innerText.slice(0, 40)}”`);
  }
  return found.slice(0, 5);
}
