// The player's pictures: one 24-unit grid, round ends, drawn here so that all buttons match.

const SVG = "http://www.w3.org/2000/svg";

/** Filled outlines carry `fill`, lines `line`. */
const SHAPES = {
  play: { fill: "M8 5.6v12.8c0 .9 1 1.4 1.7.9l9.3-6.4c.6-.4.6-1.4 0-1.8L9.7 4.7C9 4.2 8 4.7 8 5.6z" },
  pause: { fill: "M7.5 5h2a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-2a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM14.5 5h2a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-2a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z" },
  volume: { fill: "M4 9.5h3.2L12 5.5v13l-4.8-4H4z", line: "M15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11M4 9.5h3.2L12 5.5v13l-4.8-4H4z" },
  volumeLow: { fill: "M4 9.5h3.2L12 5.5v13l-4.8-4H4z", line: "M15.5 9a4 4 0 0 1 0 6M4 9.5h3.2L12 5.5v13l-4.8-4H4z" },
  muted: { fill: "M4 9.5h3.2L12 5.5v13l-4.8-4H4z", line: "M16 9.7l4.6 4.6M20.6 9.7L16 14.3M4 9.5h3.2L12 5.5v13l-4.8-4H4z" },
  captions: { line: "M5.5 5h13A2.5 2.5 0 0 1 21 7.5v9a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16.5v-9A2.5 2.5 0 0 1 5.5 5zM7 12h3M13 12h4M7 15.5h6M16 15.5h1" },
  settings: { line: "M4 7h9M18.5 7H20M4 12h1.5M11 12h9M4 17h7M16.5 17H20M15.7 4.7a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6zM8.2 9.7a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6zM13.7 14.7a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6z" },
  pip: { line: "M20.5 10V7a2 2 0 0 0-2-2h-13a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2H10", fill: "M14.5 13h5a1.5 1.5 0 0 1 1.5 1.5v3a1.5 1.5 0 0 1-1.5 1.5h-5a1.5 1.5 0 0 1-1.5-1.5v-3a1.5 1.5 0 0 1 1.5-1.5z" },
  enterFullscreen: { line: "M4 9V6a2 2 0 0 1 2-2h3M15 4h3a2 2 0 0 1 2 2v3M20 15v3a2 2 0 0 1-2 2h-3M9 20H6a2 2 0 0 1-2-2v-3" },
  exitFullscreen: { line: "M9 4v3a2 2 0 0 1-2 2H4M20 9h-3a2 2 0 0 1-2-2V4M15 20v-3a2 2 0 0 1 2-2h3M4 15h3a2 2 0 0 1 2 2v3" },
  check: { line: "M5.5 12.5l4.3 4.3 8.7-9.3" },
  onward: { line: "M9.5 6l6 6-6 6" },
  back: { line: "M14.5 6l-6 6 6 6" },
  lines: { line: "M4 6h16M4 10.5h10M4 15h16M4 19.5h8" },
  close: { line: "M6.5 6.5l11 11M17.5 6.5l-11 11" },
  rewind: { fill: "M11.5 7v10L4.5 12zM19.5 7v10l-7-5z" },
  forward: { fill: "M12.5 7v10l7-5zM4.5 7v10l7-5z" },
  loading: { line: "M20.5 12A8.5 8.5 0 0 0 12 3.5" },
  next: { fill: "M6 6.2v11.6c0 .8.9 1.3 1.6.8l8.2-5.8c.5-.4.5-1.2 0-1.6L7.6 5.4c-.7-.5-1.6 0-1.6.8z", line: "M18.5 6v12" },
} as const satisfies Record<string, { fill?: string; line?: string }>;

export type IconName = keyof typeof SHAPES;

function path(outline: string, kind: "fill" | "line"): SVGPathElement {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("d", outline);
  element.setAttribute("class", `pv-icon-${kind}`);
  return element;
}

/** A picture that screen readers skip; `slot` places it in a custom element. */
export function icon(name: IconName, slot?: string): SVGSVGElement {
  const shape: { fill?: string; line?: string } = SHAPES[name];
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `pv-icon pv-icon-${name}`);
  if (slot) svg.setAttribute("slot", slot);
  if (shape.fill) svg.append(path(shape.fill, "fill"));
  if (shape.line) svg.append(path(shape.line, "line"));
  return svg;
}
