export type Child = Node | string | null | false;

export interface Attributes {
  readonly class?: string;
  readonly href?: string;
  readonly type?: string;
  readonly id?: string;
  readonly onClick?: () => void;
  readonly onSubmit?: () => void;
  readonly [attribute: string]: string | (() => void) | undefined;
}

/** An element with its attributes, handlers and children; text is text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (typeof value === 'function') {
      element.addEventListener(name === 'onSubmit' ? 'submit' : 'click', (happened) => {
        happened.preventDefault();
        value();
      });
    } else if (value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children) {
    if (child === null || child === false) continue;
    element.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
  }
  return element;
}

/** Puts these in place of everything in the element. */
export function fill(element: HTMLElement, ...children: readonly Child[]): void {
  while (element.firstChild !== null) element.removeChild(element.firstChild);
  for (const child of children) {
    if (child === null || child === false) continue;
    element.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
  }
}
