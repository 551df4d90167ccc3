// Where an open menu stands: over the picture by its button when there is room, else at the foot of
// the screen like a sheet (that is the style sheet's own doing).

/** Narrowest and lowest picture, in CSS pixels, that a floating panel fits over. */
const WIDTH = 560;
const HEIGHT = 300;
/** Distance to the picture's edge and to the button. */
const MARGIN = 12;

/** Places `panel` within `picture`, above `button`. To be called each time it opens. */
export function placeMenu(panel: HTMLElement, button: HTMLElement, picture: HTMLElement): void {
  const frame = picture.getBoundingClientRect();
  const floating = frame.width >= WIDTH && frame.height >= HEIGHT;
  panel.toggleAttribute("data-floating", floating);
  if (!floating) return;
  // The time line lies between the button and the panel.
  const top = button.getBoundingClientRect().top - 28;
  const bottom = Math.min(top, innerHeight) - MARGIN / 2;
  panel.style.setProperty("--pv-right", `${document.documentElement.clientWidth - frame.right + MARGIN}px`);
  panel.style.setProperty("--pv-bottom", `${innerHeight - bottom}px`);
  panel.style.setProperty("--pv-height", `${bottom - Math.max(0, frame.top) - MARGIN}px`);
}
