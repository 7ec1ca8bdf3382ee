// A long list: only the rows in sight are in the document, and the next page is read before its rows come into sight.
import { h, fill, type Child } from './dom.ts';
import { count } from './format.ts';
import { empty, failed, loading } from './parts.ts';
import type { Page } from '../contract.ts';

export interface RowsOptions<T> {
  label: string;
  columns: { name: string; className: string; title?: string }[];
  rowHeight: () => number;
  keyOf: (row: T) => string;
  cells: (row: T) => HTMLElement[];
  rowText: (row: T) => string;
  open: (row: T) => void;
  load: (cursor: string | undefined) => Promise<Page<T>>;
  emptyText: string;
  emptyMore: string;
}

const Overscan = 8, ReadAhead = 120, NewKept = 2_000;

export class Rows<T> {
  readonly element: HTMLElement;
  private readonly body = h('div', { class: 'rows-body', role: 'rowgroup' });
  private readonly space = h('div', { class: 'rows-space' });
  private readonly scroller: HTMLElement;
  private readonly note = h('div', { class: 'rows-note' });
  private readonly fresh = h('button', { type: 'button', class: 'rows-new', hidden: true, on: { click: () => { this.scroller.scrollTop = 0; this.takeNew(); } } });
  private rows: T[] = [];
  private waiting: T[] = [];
  private readonly known = new Map<string, T>();
  private next: string | undefined;
  private ended = false;
  private reading = false;
  private active = 0;
  private selected = '';
  private frame = 0;
  private turn = 0;

  constructor(private readonly o: RowsOptions<T>, private readonly signal: AbortSignal) {
    this.scroller = h('div', { class: 'rows-scroll', tabindex: 0, aria: { label: `${o.label}: arrow keys move, Enter opens` }, role: 'presentation', on: { scroll: () => this.later(), keydown: (e) => this.key(e) } }, this.space);
    this.space.append(this.body);
    this.element = h('div', { class: 'rows', role: 'table', aria: { label: o.label, rowcount: '-1' } },
      h('div', { class: 'rows-head', role: 'rowgroup' }, h('div', { class: 'row', role: 'row' }, o.columns.map((c) => h('div', { class: `cell ${c.className}`, role: 'columnheader', title: c.title }, c.name)))),
      this.fresh, this.scroller, this.note);
    const resize = new ResizeObserver(() => this.later());
    resize.observe(this.scroller);
    signal.addEventListener('abort', () => resize.disconnect());
  }

  get length(): number { return this.rows.length; }
  find(key: string): T | undefined { return this.known.get(key); }

  /** Reads anew from the newest row. */
  restart(): void {
    this.turn++;
    this.rows = []; this.waiting = []; this.known.clear(); this.next = undefined; this.ended = false; this.reading = false; this.active = 0;
    this.scroller.scrollTop = 0;
    this.offerNew();
    this.draw();
    void this.more();
  }

  select(key: string): void { this.selected = key; this.later(); }

  /** Rows that have just come into being, newest last. */
  prepend(rows: readonly T[]): void {
    const added = rows.filter((r) => !this.known.has(this.o.keyOf(r)));
    if (added.length === 0) return;
    for (const r of added) this.known.set(this.o.keyOf(r), r);
    this.waiting = [...added].reverse().concat(this.waiting).slice(0, NewKept);
    if (this.scroller.scrollTop < this.o.rowHeight() / 2 && !this.body.contains(document.activeElement)) this.takeNew(); else this.offerNew();
  }

  /** Changes a row that is there. */
  change(key: string, change: (row: T) => void): void {
    const row = this.known.get(key);
    if (!row) return;
    change(row);
    this.later();
  }

  private takeNew(): void {
    this.rows = this.waiting.concat(this.rows);
    this.waiting = [];
    this.offerNew();
    this.later();
  }

  private offerNew(): void {
    this.fresh.hidden = this.waiting.length === 0;
    this.fresh.textContent = `↑ ${count(this.waiting.length)} new`;
  }

  private async more(): Promise<void> {
    if (this.reading || this.ended) return;
    this.reading = true;
    const turn = this.turn;
    this.say(this.rows.length === 0 ? loading() : h('span', { class: 'dim' }, 'Reading more'));
    try {
      const page = await this.o.load(this.next);
      if (turn !== this.turn || this.signal.aborted) return;
      for (const row of page.items) {
        const key = this.o.keyOf(row);
        if (this.known.has(key)) continue;
        this.known.set(key, row);
        this.rows.push(row);
      }
      this.next = page.next;
      this.ended = page.next === undefined;
      this.say(this.rows.length === 0 ? empty(this.o.emptyText, this.o.emptyMore) : h('span', { class: 'dim num' }, this.ended ? `${count(this.rows.length)} rows, that is all` : `${count(this.rows.length)} rows read`));
    } catch (error) {
      if (turn !== this.turn || this.signal.aborted) return;
      this.say(failed(error, () => void this.more()));
      return;
    } finally {
      if (turn === this.turn) this.reading = false;
    }
    this.draw();
  }

  private say(what: Child): void { fill(this.note, what); }

  private later(): void {
    this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  private draw(): void {
    const height = this.o.rowHeight(), sight = this.scroller.clientHeight || 600;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / height) - Overscan);
    const last = Math.min(this.rows.length, Math.ceil((this.scroller.scrollTop + sight) / height) + Overscan);
    this.space.style.setProperty('block-size', `${this.rows.length * height}px`);
    this.body.style.setProperty('transform', `translateY(${first * height}px)`);
    this.element.classList.toggle('has-rows', this.rows.length > 0);
    const focused = this.body.contains(document.activeElement);
    const there = new Map([...this.body.children].map((e) => [(e as HTMLElement).dataset['key'] ?? '', e as HTMLElement]));
    const nodes: HTMLElement[] = [];
    for (let i = first; i < last; i++) nodes.push(this.row(this.rows[i]!, i, there));
    // Rows that are there already stay the same elements: a click or the focus is not lost between two draws.
    if (nodes.length !== this.body.childElementCount || nodes.some((n, i) => this.body.children[i] !== n)) this.body.replaceChildren(...nodes);
    if (focused && document.activeElement === document.body) this.scroller.focus({ preventScroll: true });
    if (last > this.rows.length - ReadAhead) void this.more();
  }

  private row(row: T, index: number, there: Map<string, HTMLElement>): HTMLElement {
    const key = this.o.keyOf(row), text = `${this.o.rowText(row)}|${index === this.active}|${key === this.selected}`;
    const old = there.get(key);
    if (old?.dataset['text'] === text) { old.setAttribute('aria-rowindex', String(index + 2)); return old; }
    return h('div', {
      class: `row${key === this.selected ? ' selected' : ''}${index === this.active ? ' active' : ''}`, role: 'row', data: { key, text }, aria: { rowindex: String(index + 2) },
      on: { click: (e) => { if (e.ctrlKey || e.metaKey) return; e.preventDefault(); e.stopPropagation(); this.active = index; this.o.open(row); } },
    }, this.o.cells(row));
  }

  private key(event: KeyboardEvent): void {
    const height = this.o.rowHeight(), page = Math.max(1, Math.floor(this.scroller.clientHeight / height) - 1);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.rows.length, End: this.rows.length }[event.key];
    if (event.key === 'Enter' && event.target === this.scroller) { const row = this.rows[this.active]; if (row) { event.preventDefault(); this.o.open(row); } return; }
    if (step === undefined || this.rows.length === 0) return;
    event.preventDefault();
    this.active = Math.min(this.rows.length - 1, Math.max(0, this.active + step));
    const top = this.active * height;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top + height > this.scroller.scrollTop + this.scroller.clientHeight) this.scroller.scrollTop = top + height - this.scroller.clientHeight;
    this.later();
  }
}
