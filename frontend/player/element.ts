// A short way to make elements without markup in strings.

type Attributes = Readonly<Record<string, string | boolean | undefined>>;
type Child = Node | string | null;

/** A new element with these attributes (`true` is present and empty, `false` absent) and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes?: Attributes,
  ...children: Child[]
): HTMLElementTagNameMap[K];
export function make(tag: string, attributes?: Attributes, ...children: Child[]): HTMLElement;
export function make(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}
