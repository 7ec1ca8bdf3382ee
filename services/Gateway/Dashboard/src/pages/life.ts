// The life of one opportunity, in a drawer: what it was, why it was judged so, what became of it in each lane, and why the twins differ.
import { fill, h, type Child } from '../ui/dom.ts';
import { Minus, count, dateTime, gain, money, num, or, signed, signedMoney, span, timeMs, unknown, words } from '../ui/format.ts';
import { empty, facts, failed, loading, table, tag, toast } from '../ui/parts.ts';
import { gateBar } from '../ui/svg.ts';
import { get } from '../live/api.ts';
import { stream } from '../live/stream.ts';
import { link } from '../router.ts';
import { bps, resultTag } from './results.ts';
import type { GateReading, OpportunityLife, TradeLife } from '../contract.ts';

export interface Drawer { id: string; close: () => void }

export function openLife(id: string, onClose: () => void, page: AbortSignal): Drawer {
  const closing = new AbortController();
  const signal = AbortSignal.any([page, closing.signal]);
  const body = h('div', { class: 'drawer-body' }, loading());
  const from = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  const closeButton = h('button', { type: 'button', class: 'ghost', aria: { label: 'Close' }, title: 'Close (Escape)', on: { click: onClose } }, '✕');
  const box = h('aside', { class: 'drawer', role: 'dialog', tabindex: -1, aria: { labelledby: 'life-title' }, on: { keydown: (e) => { if (e.key === 'Escape') { e.preventDefault(); onClose(); } } } },
    h('header', { class: 'drawer-head' }, h('h2', { id: 'life-title' }, 'Opportunity ', h('code', { title: id }, id.slice(0, 8))), h('button', { type: 'button', class: 'ghost', on: { click: () => copy(id) } }, 'Copy id'), closeButton), body);
  const read = (): void => {
    get<OpportunityLife>(`/api/opportunities/${encodeURIComponent(id)}`, signal).then((life) => fill(body, draw(life)), (e: unknown) => { if (!signal.aborted) fill(body, failed(e, read)); });
  };
  document.querySelector('.body')?.append(box);
  document.documentElement.classList.add('has-drawer');
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape' && !document.querySelector('dialog[open]')) onClose(); }, { signal });
  read();
  stream.on<{ id: string }>('execution', (e) => { if (e.id === id) read(); }, signal);
  closeButton.focus({ preventScroll: true });
  return { id, close: () => { closing.abort(); box.remove(); document.documentElement.classList.remove('has-drawer'); if (from?.isConnected) from.focus({ preventScroll: true }); } };
}

function copy(id: string): void {
  const done = navigator.clipboard?.writeText(id) ?? Promise.reject(new Error('no clipboard'));
  done.then(() => toast('good', `Copied ${id}.`), () => toast('info', `Id: ${id}`));
}

function part(title: string, note: Child, ...children: Child[]): HTMLElement {
  return h('section', { class: 'part' }, h('h3', null, title, note ? h('span', { class: 'panel-note' }, note) : null), ...children);
}

function draw(o: OpportunityLife): Child {
  const failing = o.gates.filter((g) => g.state === 'fail'), silent = o.gates.filter((g) => g.state === 'unknown');
  return [
    h('p', { class: 'life-line' }, o.passed ? tag('good', 'passed') : tag('bad', 'refused'), h('b', null, o.symbol), h('span', null, `${words(o.kind)}, ${words(o.side)}, ${o.venues.join(' → ')}`), h('span', { class: 'num dim' }, `${dateTime(o.at)} UTC`)),
    part('Judged', null, facts([
      ['Net edge', bps(o.net_bps, 'the net edge is not known', 'bps')],
      ['Gross edge', bps(o.gross_bps, 'the gross edge is not known', 'bps')],
      ['Score', or(o.score, (x) => num(x, 4), 'no model scored it')],
      ['Meta-label', or(o.meta_label, (x) => num(x, 4), 'no meta-label model judged it')],
      ['Model', h('a', { href: link('models', { name: o.model_detail.label }) }, o.model_detail.label)],
      ['Regime', o.regime ? words(o.regime) : unknown('no regime was told')],
      ['Expected net', amount(o.expected.net, o.expected.currency)], ['Expected gross', amount(o.expected.gross, o.expected.currency)], ['Expected fees', amount(o.expected.fees, o.expected.currency, false)],
      ['Size', or(o.expected.size, (s) => quantity(s, o.symbol), 'not known')], ['Gas', amount(o.expected.gas, o.expected.currency, false)], ['Route', o.route], ['Feed position', o.position], ['From', o.submitted ? 'submitted by a program' : 'the market'],
    ]), o.nearest_change ? h('p', { class: 'note lines' }, h('b', null, 'Nearest change: '), o.nearest_change) : null),
    part('Gates', `${count(o.gates.length - failing.length - silent.length)} passed, ${count(failing.length)} failed, ${count(silent.length)} unknown`, h('ol', { class: 'gates' }, o.gates.map(gate))),
    part('Contributions to the score', null, contributions(o)),
    part('What became of it', null, h('div', { class: 'twins' }, trade('Production', o.outcomes.production, o.passed ? 'No outcome of production yet.' : 'Production did not trade it: it was refused.'), trade('Shadow', o.outcomes.shadow_sim, 'No outcome of shadow yet.')),
      o.outcomes.training ? h('p', { class: 'note' }, 'Training: ', words(o.outcomes.training.state), o.outcomes.training.at ? ` at ${dateTime(o.outcomes.training.at)} UTC` : '') : null),
    part('Twins', null, o.twin ? gap(o.twin, o.expected.currency) : empty('There is no pair to compare.', 'A gap is stated when production and shadow have both closed it.')),
    h('p', { class: 'note dim' }, 'The same on the command line: ', h('code', null, `quadturbo why ${o.id}`)),
  ];
}

function amount(value: string | undefined, currency: string, sign = true): Child {
  return value === undefined ? unknown('not part of this opportunity') : h('span', null, sign ? gain(signedMoney(value)) : h('span', { class: 'num' }, money(value)), h('span', { class: 'unit' }, ` ${currency}`));
}

/** A decimal with eight significant digits; the whole of it where the pointer is. */
function short(value: string): HTMLElement { return h('span', { class: 'num', title: value }, Number(value).toLocaleString('en-US', { maximumSignificantDigits: 8 })); }

/** An amount of what a symbol trades, such as 0.0331 ETH of ETH-USD. */
function quantity(value: string, symbol: string): HTMLElement { return h('span', null, short(value), h('span', { class: 'unit' }, ` ${symbol.split(/[-/]/)[0] ?? ''}`)); }

export function precise(value: number): string {
  return Math.abs(value) >= 1000 ? num(value, 0) : value.toLocaleString('en-US', { maximumSignificantDigits: 4 }).replace('-', Minus);
}

function gate(g: GateReading): HTMLElement {
  const value = or(g.value, precise, g.reason ?? 'it could not be measured');
  const limit = g.limit_text ?? (g.limit === undefined ? unknown('it has no limit') : precise(g.limit));
  const unit = g.limit_text || /^(1|0\.\.1|0\|1)$/.test(g.unit) ? '' : g.unit;
  return h('li', { class: g.state }, h('span', { class: 'gate-name' }, words(g.name), g.binds ? null : h('span', { class: 'dim', title: 'It is measured and does not refuse' }, ' · advises')),
    tag(g.state === 'pass' ? 'good' : g.state === 'fail' ? 'bad' : 'warn', g.state),
    h('span', { class: 'gate-numbers num' }, value, h('span', { class: 'dim' }, ` ${g.comparison} `), limit, unit ? h('span', { class: 'unit' }, ` ${unit}`) : null),
    gateBar(g), g.reason && g.state !== 'pass' ? h('span', { class: 'gate-reason dim' }, g.reason) : null);
}

function contributions(o: OpportunityLife): Child {
  const known = o.features.filter((f) => f.contribution !== undefined).sort((a, b) => Math.abs(b.contribution!) - Math.abs(a.contribution!));
  const rest = o.features.filter((f) => f.contribution === undefined);
  const most = Math.max(1e-9, ...known.map((f) => Math.abs(f.contribution!)));
  const value = (f: OpportunityLife['features'][number]): Child => f.value === undefined ? unknown('the feature was not known at detection') : [precise(f.value), f.unit ? h('span', { class: 'unit' }, ` ${f.unit}`) : null];
  return [
    known.length === 0 ? h('p', { class: 'quiet' }, 'This model cannot tell what each feature added.') : h('div', { class: 'contributions', role: 'table', aria: { label: 'Contribution of each feature to the log-odds of the score' } },
      known.map((f) => {
        const c = f.contribution!;
        return h('div', { class: 'contribution', role: 'row' }, h('span', { role: 'cell' }, words(f.name)), h('span', { class: 'r num', role: 'cell' }, value(f)),
          h('span', { class: 'diverging', role: 'cell', aria: { label: signed(c, 3) } }, h('i', { class: c >= 0 ? 'plus' : 'minus', style: { 'inline-size': `${Math.abs(c) / most * 50}%` } })), h('span', { class: 'r num', role: 'cell' }, gain(signed(c, 3))));
      }),
      h('p', { class: 'axis-note' }, `log-odds; the base is ${o.contribution_base === undefined ? 'not told' : signed(o.contribution_base, 3)}`)),
    rest.length ? h('details', null, h('summary', null, `${known.length ? 'The other' : 'The'} ${count(rest.length)} features`), h('div', { class: 'feature-list' }, rest.map((f) => h('div', null, h('span', null, words(f.name)), h('span', { class: 'num' }, value(f)))))) : null,
  ];
}

function trade(name: string, t: TradeLife | undefined, absent: string): HTMLElement {
  if (!t) return h('div', { class: 'twin' }, h('h4', null, name), h('p', { class: 'quiet' }, absent));
  const currency = t.currency ?? 'USD';
  return h('div', { class: 'twin' }, h('h4', null, name, ' ', resultTag(t)), facts([
    ['Net', amount(t.net, currency)], ['Net edge', bps(t.net_bps, 'there was no fill', 'bps')], ['Gross', amount(t.gross, currency)], ['Fees', amount(t.fees, currency, false)],
    ['Quantity', or(t.quantity, (q) => quantity(q, t.fills[0]?.symbol ?? ''), 'nothing was filled')], ['Exit', t.exit_reason ? words(t.exit_reason) : unknown('there is no exit')], ['Lasted', or(t.duration_s, span, 'it has not ended')],
  ]), t.detail ? h('p', { class: 'note' }, t.detail) : null,
  t.fills.length ? table(`Fills of ${name}`, [
    { name: 'UTC', cell: (f) => h('span', { class: 'num' }, timeMs(f.at)) }, { name: 'Venue', cell: (f) => `${f.venue}` },
    { name: 'Quoted', num: true, cell: (f) => short(f.quoted) }, { name: 'Price', num: true, cell: (f) => short(f.price) }, { name: 'Quantity', num: true, cell: (f) => short(f.quantity) }, { name: 'Fee', num: true, cell: (f) => money(f.fee, 4) },
  ], t.fills) : null);
}

function gap(t: NonNullable<OpportunityLife['twin']>, currency: string): Child {
  const rows = [...t.causes, { name: 'unexplained', amount: t.unexplained }];
  const most = Math.max(1e-12, ...rows.map((c) => Math.abs(Number(c.amount))));
  return [
    h('p', { class: 'note' }, 'Production less shadow: ', gain(signedMoney(t.gap, 4), currency), '. The causes add up to it.'),
    h('div', { class: 'contributions' }, rows.map((c) => h('div', { class: 'contribution no-value' }, h('span', null, words(c.name)),
      h('span', { class: 'diverging', aria: { hidden: 'true' } }, h('i', { class: Number(c.amount) >= 0 ? 'plus' : 'minus', style: { 'inline-size': `${Math.abs(Number(c.amount)) / most * 50}%` } })), h('span', { class: 'r' }, gain(signedMoney(c.amount, 4)))))),
  ];
}

