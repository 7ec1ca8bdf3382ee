// Every opportunity, newest first; a row opens its life.
import { fill, h } from '../ui/dom.ts';
import { count, date, num, time, unknown, words } from '../ui/format.ts';
import { tag, type Page } from '../ui/parts.ts';
import { Rows } from '../ui/rows.ts';
import { get, url } from '../live/api.ts';
import { stream } from '../live/stream.ts';
import { go, link, query } from '../router.ts';
import { bps, net, resultTag } from './results.ts';
import { openLife, type Drawer } from './life.ts';
import type { GateCourt, LaneResult, OpportunityRow, Page as DataPage } from '../contract.ts';

const Limit = 200, LiveEvery = 400;
const Filters = ['symbol', 'kind', 'verdict', 'gate', 'lane', 'result', 'model', 'min_net_bps'] as const;
const narrow = matchMedia('(max-width: 719px)');

let view: View | undefined;

/** Names as the server spells them, however they were typed. */
function spelt(name: string, value: string): string {
  return name === 'symbol' ? value.toUpperCase() : name === 'gate' ? value.toLowerCase().replaceAll(' ', '_') : value;
}

export const opportunities: Page = {
  title: 'Opportunities',
  open(root, params, rest, signal) { view = new View(root, params, signal); view.drawer(rest); },
  change(params, rest) { view?.filter(params); view?.drawer(rest); },
};

class View {
  private readonly rows: Rows<OpportunityRow>;
  private readonly inputs = new Map<string, HTMLInputElement | HTMLSelectElement>();
  private readonly clear = h('button', { type: 'button', class: 'ghost', on: { click: () => this.clearAll() } }, 'Clear filters');
  private readonly gates = h('datalist', { id: 'gate-names' });
  private params: URLSearchParams;
  private shown = '';
  private life: Drawer | undefined;
  private fresh: OpportunityRow[] = [];
  private timer = 0;

  constructor(root: HTMLElement, params: URLSearchParams, private readonly signal: AbortSignal) {
    this.params = params;
    this.rows = new Rows<OpportunityRow>({
      label: 'Opportunities', rowHeight: () => narrow.matches ? 52 : 30, keyOf: (r) => r.id, rowText: (r) => JSON.stringify([r.production, r.shadow]) + narrow.matches,
      columns: [
        { name: 'UTC', className: 'c-time' }, { name: 'Symbol', className: 'c-symbol' }, { name: 'Route', className: 'c-route' }, { name: 'gross bps', className: 'c-gross r', title: 'Gross edge, basis points' },
        { name: 'net bps', className: 'c-net r', title: 'Edge after all costs, as judged, basis points' }, { name: 'score', className: 'c-score r', title: 'The model\u2019s probability of a win' }, { name: 'Verdict', className: 'c-verdict' },
        { name: 'Production', className: 'c-prod' }, { name: 'net', className: 'c-prod-net r', title: 'Net of production, in the currency of the row' }, { name: 'Shadow', className: 'c-shadow' }, { name: 'net', className: 'c-shadow-net r', title: 'Net of shadow, in the currency of the row' }, { name: 'Model', className: 'c-model' },
      ],
      cells, open: (r) => go(link(`opportunities/${r.id}`, this.params)),
      load: (cursor) => get<DataPage<OpportunityRow>>(url('/api/opportunities', { ...Object.fromEntries(Filters.map((f) => [f, this.params.get(f) ?? undefined])), limit: Limit, cursor }), signal),
      emptyText: 'No opportunity matches.', emptyMore: 'Widen the filters, or wait: new ones come in at the top.',
    }, signal);
    root.append(this.filters(), this.rows.element);
    narrow.addEventListener('change', () => this.rows.select(this.life?.id ?? ''), { signal });
    this.filter(params, true);
    stream.on<OpportunityRow>('opportunity', (row) => this.arrive(row), signal);
    stream.on<LaneResult & { id: string; lane: string }>('execution', (e) => this.rows.change(e.id, (row) => { if (e.lane === 'production') row.production = e; else if (e.lane === 'shadow_sim') row.shadow = e; }), signal);
    stream.on('gap', () => this.rows.restart(), signal);
    signal.addEventListener('abort', () => { this.life?.close(); view = undefined; });
  }

  /** Takes over the filters of the address. */
  filter(params: URLSearchParams, first = false): void {
    this.params = params;
    const text = Filters.map((f) => params.get(f) ?? '').join('|');
    if (!first && text === this.shown) return;
    this.shown = text;
    for (const [name, input] of this.inputs) if (document.activeElement !== input) input.value = params.get(name) ?? '';
    this.clear.hidden = !/[^|]/.test(text);
    this.rows.restart();
  }

  /** Opens the life of `id`, or closes it. */
  drawer(id: string): void {
    if (id === (this.life?.id ?? '')) return;
    this.life?.close();
    this.life = id ? openLife(id, () => go(link('opportunities', this.params)), this.signal) : undefined;
    this.rows.select(id);
  }

  private clearAll(): void { query(Object.fromEntries(Filters.map((f) => [f, undefined]))); for (const input of this.inputs.values()) input.value = ''; }

  private arrive(row: OpportunityRow): void {
    if (!matches(row, this.params)) return;
    this.fresh.push(row);
    this.timer ||= window.setTimeout(() => { this.timer = 0; if (!this.signal.aborted) this.rows.prepend(this.fresh); this.fresh = []; }, LiveEvery);
  }

  private filters(): HTMLElement {
    let typing = 0;
    const put = (name: string, value: string): void => query({ [name]: spelt(name, value.trim()) });
    const field = (name: string, label: string, input: HTMLInputElement | HTMLSelectElement): HTMLElement => {
      input.id = `f-${name}`;
      input.value = this.params.get(name) ?? '';
      input.addEventListener(input instanceof HTMLSelectElement ? 'change' : 'input', () => { clearTimeout(typing); typing = window.setTimeout(() => put(name, input.value), input instanceof HTMLSelectElement ? 0 : 250); });
      this.inputs.set(name, input);
      return h('div', { class: 'filter' }, h('label', { for: input.id }, label), input);
    };
    const pick = (options: [string, string][]): HTMLSelectElement => h('select', null, h('option', { value: '' }, 'any'), options.map(([value, text]) => h('option', { value }, text)));
    const text = (attrs: Record<string, string>): HTMLInputElement => h('input', { attrs: { autocomplete: 'off', spellcheck: 'false', ...attrs } });
    get<GateCourt>('/api/gates', this.signal).then((court) => fill(this.gates, court.gates.map((g) => h('option', { value: g.name }))), () => { /* The names are a help only. */ });
    return h('form', { class: 'filters', role: 'search', aria: { label: 'Filters' }, on: { submit: (e) => e.preventDefault() } },
      field('symbol', 'Symbol', text({ placeholder: 'BTC-USD', size: '10' })),
      field('verdict', 'Verdict', pick([['passed', 'passed'], ['refused', 'refused']])),
      field('gate', 'Refused by', text({ placeholder: 'cost_gate', list: 'gate-names', size: '14' })), this.gates,
      field('kind', 'Kind', pick([['cross_venue', 'cross venue'], ['directional', 'directional']])),
      field('lane', 'Lane', pick([['production', 'production'], ['shadow_sim', 'shadow']])),
      field('result', 'Result', pick([['win', 'win'], ['loss', 'loss'], ['breakeven', 'breakeven'], ['missed', 'missed']])),
      field('model', 'Model', text({ placeholder: 'v0.1.7', size: '8' })),
      field('min_net_bps', 'Net at least, bps', text({ inputmode: 'decimal', placeholder: '5', size: '6' })),
      this.clear);
  }
}

// Filters on a result need an outcome, which a row that has just come does not have.
function matches(row: OpportunityRow, p: URLSearchParams): boolean {
  const is = (name: string, value: string): boolean => !p.get(name) || p.get(name) === value;
  if (p.get('lane') || p.get('result')) return false;
  return is('symbol', row.symbol) && is('kind', row.kind) && is('verdict', row.passed ? 'passed' : 'refused') && is('model', row.model)
    && (!p.get('gate') || (!row.passed && row.reasons.includes(p.get('gate')!)))
    && (!p.get('min_net_bps') || (row.net_bps ?? -Infinity) >= Number(p.get('min_net_bps')));
}

function cells(r: OpportunityRow): HTMLElement[] {
  const cell = (name: string, ...children: Parameters<typeof h>[2][]): HTMLElement => h('div', { class: `cell ${name}`, role: 'cell' }, ...children);
  const lane = (x: LaneResult | undefined, absent: string): Node => x ? resultTag(x) : unknown(absent);
  const noTrade = r.passed ? 'no outcome has been told yet' : 'it was refused: production did not trade it';
  return [
    cell('c-time num', h('a', { href: `/ui/opportunities/${r.id}`, tabindex: -1, title: `${date(r.at)} UTC` }, time(r.at))),
    cell('c-symbol', r.symbol), cell('c-route', h('span', { title: `${words(r.kind)}, ${words(r.mode)}` }, r.kind === 'cross_venue' ? r.venues.join(' → ') : `${words(r.side)} · ${r.venues.join(' → ')}`)),
    cell('c-gross r', bps(r.gross_bps, 'the gross edge is not known')), cell('c-net r', bps(r.net_bps, 'the net edge is not known')),
    cell('c-score r num', r.score === undefined ? unknown('no model scored it') : num(r.score, 3)),
    cell('c-verdict', r.passed ? tag('good', 'passed') : tag('bad', r.reasons.length ? words(r.reasons[0]!) + (r.reasons.length > 1 ? ` +${count(r.reasons.length - 1)}` : '') : 'refused', `refused by ${r.reasons.map(words).join(', ')}`)),
    cell('c-prod', lane(r.production, noTrade)), cell('c-prod-net r', net(r.production, noTrade)),
    cell('c-shadow', lane(r.shadow, 'no outcome has been told yet')), cell('c-shadow-net r', net(r.shadow, 'no outcome has been told yet')),
    cell('c-model num', r.model),
  ];
}
