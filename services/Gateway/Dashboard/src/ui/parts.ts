// What the pages share: panels, tables, tags, states, dialogs and toasts.
import { fill, h, type Child, type Props } from './dom.ts';
import { messageOf } from '../live/api.ts';

export function panel(title: string, note: Child, ...children: Child[]): HTMLElement {
  const id = `p-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return h('section', { class: 'panel', aria: { labelledby: id } }, h('header', { class: 'panel-head' }, h('h2', { id }, title), note ? h('div', { class: 'panel-note' }, note) : null), ...children);
}

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'plain';
const Signs: Record<Tone, string> = { good: '✓', bad: '✕', warn: '!', info: 'i', plain: '' };

/** A word with a sign and a colour: never the colour alone. */
export function tag(tone: Tone, text: string, title?: string): HTMLElement {
  return h('span', { class: `tag ${tone}`, title }, Signs[tone] ? h('b', { aria: { hidden: 'true' } }, Signs[tone]) : null, text);
}

/** A column. On a narrow screen a row is a card: `minor` is left out there, `grow`, `wide`, `wrap` and `full` have a line of their own. */
export interface Column<T> { name: string; unit?: string; num?: boolean; grow?: boolean; wide?: boolean; wrap?: boolean; full?: boolean; minor?: boolean; title?: string; cell: (row: T) => Child }

/** A plain table of a few rows. Its roles are said outright: as cards the elements are no longer laid out as a table, and would lose them. */
export function table<T>(label: string, columns: Column<T>[], rows: readonly T[], options?: { key?: (row: T) => string; select?: (row: T) => void; selected?: (row: T) => boolean; empty?: string; foot?: Child }): HTMLElement {
  if (rows.length === 0) return empty(options?.empty ?? 'Nothing yet.');
  const shape = (c: Column<T>): string => [c.num ? 'r' : '', c.grow ? 'grow' : '', c.wide ? 'wide' : '', c.wrap ? 'wrap' : '', c.full ? 'full' : '', c.minor ? 'minor' : ''].filter(Boolean).join(' ');
  return h('div', { class: 'table-box', data: { scroll: label } }, h('table', { role: 'table', aria: { label } },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, columns.map((c) => h('th', { class: shape(c), role: 'columnheader', attrs: { scope: 'col' }, title: c.title }, c.name, c.unit ? h('span', { class: 'unit' }, ` ${c.unit}`) : null)))),
    h('tbody', { role: 'rowgroup' }, rows.map((row) => h('tr', { role: 'row', class: options?.selected?.(row) ? 'selected' : undefined, ...(options?.select && { on: { click: () => options.select!(row) } }) },
      columns.map((c, i) => h('td', { class: shape(c), role: 'cell', data: { label: c.unit ? `${c.name}, ${c.unit}` : c.name } },
        i === 0 && options?.select
          ? h('button', { type: 'button', class: 'link', data: { key: options.key?.(row) ?? '' }, aria: { pressed: String(options.selected?.(row) ?? false) }, on: { click: (e) => { e.stopPropagation(); options.select!(row); } } }, c.cell(row))
          : c.cell(row)))))),
    options?.foot));
}

export function facts(rows: readonly (readonly [string, Child])[]): HTMLElement {
  return h('dl', { class: 'facts' }, rows.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

export function empty(text: string, more?: string): HTMLElement { return h('div', { class: 'state' }, h('p', null, text), more ? h('p', { class: 'dim' }, more) : null); }
export function loading(text = 'Loading'): HTMLElement { return h('div', { class: 'state loading', role: 'status' }, h('div', { class: 'bars', aria: { hidden: 'true' } }, h('i'), h('i'), h('i')), h('span', { class: 'sr' }, text)); }
export function failed(error: unknown, again: () => void): HTMLElement {
  return h('div', { class: 'state error', role: 'alert' }, h('p', null, h('b', null, 'This could not be read. '), messageOf(error)), h('button', { type: 'button', on: { click: again } }, 'Try again'));
}

/** A button that says why it cannot be used: it stays reachable by keyboard. */
export function action(text: string, run: () => void, options?: { why?: string | undefined; tone?: 'danger' | 'main'; key?: string }): HTMLElement {
  const id = `why-${text.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  const why = options?.why;
  return h('span', { class: 'action' },
    h('button', { type: 'button', class: options?.tone, data: { key: options?.key ?? text }, title: why, aria: { disabled: why ? 'true' : undefined, describedby: why ? id : undefined }, on: { click: () => { if (!why) run(); } } }, text),
    why ? h('span', { class: 'why', id }, why) : null);
}

const toasts = h('div', { class: 'toasts', role: 'status', aria: { live: 'polite' } });
export function toastHost(): HTMLElement { return toasts; }

/** Tells the result of an action. */
export function toast(tone: Tone, text: string): void {
  const box = h('div', { class: `toast ${tone}` }, tag(tone, ''), h('span', null, text), h('button', { type: 'button', class: 'ghost', aria: { label: 'Dismiss' }, on: { click: () => box.remove() } }, '✕'));
  toasts.append(box);
  if (tone === 'good') setTimeout(() => box.remove(), 8000);
}

/** What became of an action that did not go as asked, in full; the dialog that asked for it says so. */
export class Outcome extends Error {
  constructor(readonly title: string, readonly text: string, readonly confirm: string) { super(`${title} ${text}`); }
}

export interface Question { title: string; text: Child; confirm: string; danger?: boolean; fields: { name: string; label: string; type?: 'text' | 'password'; mustBe?: string; optional?: boolean; hint?: string; maxLength?: number }[] }

/** Asks in a modal dialog; `run` sends it, and what it refuses is said in the dialog. Resolves to true when it was done. */
export function ask(question: Question, run: (values: Record<string, string>) => Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    let done = false;
    const error = h('div', { class: 'form-error', role: 'alert' });
    const title = h('h2', { id: 'ask-title' }, question.title), asked = h('div', { class: 'ask-text' }, question.text), leave = h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel');
    const why = h('p', { class: 'why', id: 'ask-why' });
    const inputs = question.fields.map((f) => h('input', { id: `ask-${f.name}`, type: f.type ?? 'text', attrs: { name: f.name, autocomplete: 'off', spellcheck: 'false', maxlength: String(f.maxLength ?? 200) }, on: { input: () => check() } }));
    const confirm = h('button', { type: 'submit', class: question.danger ? 'danger' : 'main', aria: { describedby: 'ask-why' } }, question.confirm);
    const missing = (): string | undefined => {
      for (const [i, f] of question.fields.entries()) {
        const value = inputs[i]!.value.trim();
        if (f.mustBe !== undefined && value !== f.mustBe) return `Type ${f.mustBe} to confirm.`;
        if (!f.optional && value === '') return `${f.label} is needed.`;
      }
      return undefined;
    };
    const refused = (reason: unknown): void => {
      if (!(reason instanceof Outcome)) { error.textContent = messageOf(reason); return; }
      title.textContent = reason.title;
      confirm.textContent = reason.confirm;
      leave.textContent = 'Close';
      // What was asked before no longer holds. The title is said again to who only hears the alert.
      asked.hidden = true;
      fill(error, h('span', { class: 'sr' }, reason.title), h('p', null, reason.text));
    };
    const check = (): void => { const text = missing(); why.textContent = text ?? ''; confirm.setAttribute('aria-disabled', String(text !== undefined)); };
    const dialog = h('dialog', { class: 'ask', aria: { labelledby: 'ask-title' } }, h('form', {
      attrs: { novalidate: '' },
      on: { submit: (e) => {
        e.preventDefault();
        if (missing()) return;
        const values = Object.fromEntries(question.fields.map((f, i) => [f.name, inputs[i]!.value.trim()]));
        confirm.setAttribute('aria-disabled', 'true');
        error.textContent = '';
        run(values).then(() => { done = true; dialog.close(); }, (reason: unknown) => { refused(reason); check(); });
      } },
    },
      title, asked,
      question.fields.map((f, i) => h('div', { class: 'field' }, h('label', { for: `ask-${f.name}` }, f.label), inputs[i], f.hint ? h('span', { class: 'hint' }, f.hint) : null)),
      error, h('div', { class: 'ask-foot' }, why, leave, confirm)));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(done); });
    document.body.append(dialog);
    check();
    dialog.showModal();
    inputs[0]?.focus();
  });
}

/** A part of a page that reads `load` now and every `every` ms; it keeps what it shows when a later read fails, and says how old it is. */
export class Source<T> {
  data: T | undefined;
  private timer = 0;
  private busy = false;
  private goodAt = 0;
  constructor(private readonly host: HTMLElement, private readonly load: (signal: AbortSignal) => Promise<T>, private readonly show: (data: T, first: boolean) => void, private readonly every: number, private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => clearTimeout(this.timer));
    fill(host, loading());
  }
  async read(): Promise<void> {
    if (this.busy || this.signal.aborted) return;
    this.busy = true;
    clearTimeout(this.timer);
    try {
      const data = await this.load(this.signal);
      if (this.signal.aborted) return;
      const first = this.data === undefined;
      this.data = data;
      this.goodAt = Date.now();
      if (first) this.host.replaceChildren();
      this.host.classList.remove('stale');
      this.host.querySelector(':scope > .stale-note')?.remove();
      this.show(data, first);
    } catch (error) {
      if (this.signal.aborted) return;
      if (this.data === undefined) fill(this.host, failed(error, () => { fill(this.host, loading()); void this.read(); }));
      else this.old(error);
    } finally {
      this.busy = false;
      if (!this.signal.aborted && this.every > 0) this.timer = window.setTimeout(() => void this.read(), document.hidden ? this.every * 5 : this.every);
    }
  }
  private old(error: unknown): void {
    this.host.classList.add('stale');
    this.host.querySelector(':scope > .stale-note')?.remove();
    this.host.prepend(h('p', { class: 'stale-note', role: 'status' }, tag('warn', 'Stale'), ` shown as of ${new Date(this.goodAt).toISOString().slice(11, 19)} UTC: ${messageOf(error)}`));
  }
}

export type Page = { title: string; open: (root: HTMLElement, params: URLSearchParams, rest: string, signal: AbortSignal) => void; change?: (params: URLSearchParams, rest: string) => void };
export type { Props };
