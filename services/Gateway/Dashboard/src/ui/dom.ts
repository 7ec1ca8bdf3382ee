// Elements by function. Text goes in as text: nothing here, and nothing that uses it, parses HTML.

export type Child = Node | string | number | null | undefined | false | readonly Child[];
type Handlers = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

export interface Props {
  class?: string | undefined;
  id?: string;
  title?: string | undefined;
  href?: string;
  type?: string;
  value?: string;
  disabled?: boolean;
  hidden?: boolean;
  tabindex?: number;
  role?: string;
  for?: string;
  data?: Record<string, string>;
  aria?: Record<string, string | undefined>;
  attrs?: Record<string, string>;
  /** Set through the CSSOM, which the Content-Security-Policy allows. */
  style?: Record<string, string>;
  on?: Handlers;
}

/** A new element. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props?: Props | null, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props) apply(element, props);
  append(element, children);
  return element;
}

function apply(element: HTMLElement, props: Props): void {
  const { class: name, data, aria, attrs, style, on, disabled, hidden, ...plain } = props;
  if (name) element.className = name;
  for (const [key, value] of Object.entries(plain)) if (value !== undefined) element.setAttribute(key, String(value));
  if (disabled) element.setAttribute('disabled', '');
  if (hidden) element.hidden = true;
  for (const [key, value] of Object.entries(data ?? {})) element.dataset[key] = value;
  for (const [key, value] of Object.entries(aria ?? {})) if (value !== undefined) element.setAttribute(`aria-${key}`, value);
  for (const [key, value] of Object.entries(attrs ?? {})) element.setAttribute(key, value);
  for (const [key, value] of Object.entries(style ?? {})) element.style.setProperty(key, value);
  for (const [event, handler] of Object.entries(on ?? {})) element.addEventListener(event, handler as EventListener);
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child as readonly Child[]);
    else parent.append(child instanceof Node ? child : String(child));
  }
}

const Svg = 'http://www.w3.org/2000/svg';

/** A new SVG element. */
export function s(tag: string, attrs?: Record<string, string | number> | null, ...children: (Node | string)[]): SVGElement {
  const element = document.createElementNS(Svg, tag);
  for (const [key, value] of Object.entries(attrs ?? {})) element.setAttribute(key, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  element.append(...children);
  return element;
}

/** Replaces what is in `parent`; the focus stays with the element of the same data-key, and scrolled parts stay scrolled. */
export function fill(parent: HTMLElement, ...children: Child[]): void {
  const active = document.activeElement instanceof HTMLElement && parent.contains(document.activeElement) ? document.activeElement.dataset['key'] : undefined;
  const scrolled = [...parent.querySelectorAll<HTMLElement>('[data-scroll]')].map((e) => [e.dataset['scroll'], e.scrollLeft, e.scrollTop] as const);
  parent.replaceChildren();
  append(parent, children);
  for (const [key, left, top] of scrolled) parent.querySelector(`[data-scroll="${CSS.escape(key ?? '')}"]`)?.scrollTo(left, top);
  if (active) parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(active)}"]`)?.focus({ preventScroll: true });
}

/** Sets the text where it is another one. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A part of a page that is drawn again only when what it shows has changed. */
export class Part<T> {
  readonly element: HTMLElement;
  private shown = '';
  constructor(private readonly draw: (data: T) => Child, props?: Props, tag: 'div' | 'section' = 'div') {
    this.element = h(tag, props);
  }
  show(data: T): void {
    const text = JSON.stringify(data);
    if (text === this.shown) return;
    this.shown = text;
    fill(this.element, this.draw(data));
  }
  clear(): void { this.shown = ''; }
}
