// The gate court: what each gate blocked, whether that was right, and what another limit would have done.
import { fill, h, type Child } from '../ui/dom.ts';
import { count, gain, money, or, percent, signed, signedMoney, unknown, words } from '../ui/format.ts';
import { empty, facts, panel, Source, table, tag, type Page, type Tone } from '../ui/parts.ts';
import { curves, interval } from '../ui/svg.ts';
import { get } from '../live/api.ts';
import { stream } from '../live/stream.ts';
import { link, query } from '../router.ts';
import { precise } from './life.ts';
import type { GateCourt, GateRow } from '../contract.ts';

const Every = 10_000;
const Tones: Record<string, Tone> = { earns_its_keep: 'good', too_strict: 'bad', too_loose: 'warn' };
let select: ((name: string) => void) | undefined;

export const gates: Page = {
  title: 'Gates',
  open(root, params, _rest, signal) {
    let chosen = params.get('gate') ?? '', court: GateCourt | undefined, shown = '';
    const host = h('div', { class: 'stack' });
    root.append(host);
    const draw = (): void => {
      if (!court) return;
      const text = JSON.stringify(court) + chosen;
      if (text === shown) return;
      shown = text;
      const gate = court.gates.find((g) => g.name === chosen) ?? court.gates[0];
      const spread = court.gates.flatMap((g) => g.blocked_net ? [g.blocked_net.low, g.blocked_net.high] : []);
      const low = Math.min(0, ...spread), high = Math.max(0, ...spread);
      fill(host, panel('Gate court', `${count(court.total_blocked)} blocked and followed to their end in shadow`, list(court, gate, low, high, (g) => query({ gate: g.name }))), gate ? one(gate) : null);
    };
    select = (name) => { chosen = name; draw(); };
    const source = new Source<GateCourt>(host, (s) => get('/api/gates', s), (data) => { court = data; draw(); }, Every, signal);
    void source.read();
    stream.on('gap', () => void source.read(), signal);
  },
  change(params) { select?.(params.get('gate') ?? ''); },
};

function list(court: GateCourt, chosen: GateRow | undefined, low: number, high: number, pick: (g: GateRow) => void): HTMLElement {
  return table<GateRow>('Gates', [
    { name: 'Gate', cell: (g) => words(g.name) },
    { name: 'Verdict', full: true, cell: (g) => tag(Tones[g.verdict] ?? 'plain', words(g.verdict)) },
    { name: 'pass / fail / unknown', wide: true, cell: readings },
    { name: 'Pass rate', num: true, cell: (g) => or(g.pass_rate, (x) => percent(x), 'it has judged nothing yet') },
    { name: 'Good blocks', num: true, title: 'Losers that it kept out', cell: (g) => count(g.good_blocks) },
    { name: 'Bad blocks', num: true, title: 'Winners that it kept out', cell: (g) => count(g.bad_blocks) },
    { name: 'Accuracy', num: true, cell: (g) => or(g.accuracy, (x) => percent(x), 'nothing that it blocked has ended yet') },
    { name: 'Saved', unit: court.gates[0]?.currency ?? '', num: true, cell: (g) => money(g.saved) },
    { name: 'Missed', unit: court.gates[0]?.currency ?? '', num: true, cell: (g) => money(g.missed) },
    { name: 'Net of one block, 95 %', wide: true, title: `Mean net of what it blocked, with its 95 % interval; a gate that earns its keep blocks what loses`, cell: (g) => g.blocked_net ? h('div', { class: 'with-bar' }, h('span', { class: 'num' }, signed(g.blocked_net.mean), h('span', { class: 'dim' }, ` [${signed(g.blocked_net.low)}, ${signed(g.blocked_net.high)}]`)), interval(g.blocked_net, low, high, `${g.name}: ${signed(g.blocked_net.mean)} from ${signed(g.blocked_net.low)} to ${signed(g.blocked_net.high)} ${g.currency}`)) : unknown('too few blocks have ended for an interval') },
  ], court.gates, { key: (g) => g.name, select: pick, selected: (g) => g.name === chosen?.name, empty: 'No gate has judged anything yet.' });
}

function readings(g: GateRow): HTMLElement {
  const all = Math.max(1, g.pass + g.fail + g.unknown);
  const part = (n: number, name: string): HTMLElement => h('i', { class: name, style: { 'inline-size': `${n / all * 100}%` } });
  return h('div', { class: 'with-bar' }, h('span', { class: 'num' }, `${count(g.pass)} / ${count(g.fail)} / ${count(g.unknown)}`), h('span', { class: 'split', aria: { hidden: 'true' } }, part(g.pass, 'pass'), part(g.fail, 'fail'), part(g.unknown, 'unknown-part')));
}

function one(g: GateRow): HTMLElement {
  const line = (name: keyof Pick<GateRow['curve'][number], 'saved' | 'missed' | 'net'>): [number, number][] => g.curve.map((p) => [p.threshold, Number(p[name])]);
  const limit: Child = g.limit === undefined ? (g.limit_text ?? unknown('it has no limit')) : precise(g.limit);
  return panel(words(g.name), h('a', { href: link('opportunities', { gate: g.name }) }, 'what it refused'), h('div', { class: 'columns wide-side' },
    h('div', null, g.curve.length > 1
      ? [curves(`Money saved, missed and net of ${g.name} by its limit`, `limit, ${g.unit || 'no unit'}`, g.currency, [
          { name: 'saved', className: 'line-2', points: line('saved') }, { name: 'missed', className: 'line-3 dashed', points: line('missed') }, { name: 'net', className: 'line-1', points: line('net') },
        ], [...(g.limit === undefined ? [] : [{ at: g.limit, className: 'limit', text: `limit ${precise(g.limit)}` }]), ...(g.recommendation ? [{ at: g.recommendation.limit, className: 'advice', text: `advised ${precise(g.recommendation.limit)}` }] : [])]),
        h('div', { class: 'legend' }, ...[['series-2', 'saved: losses of losers that it would block'], ['series-3', 'missed: gains of winners that it would block'], ['series-1', 'net: saved less missed']].map(([hue, text]) => h('span', { class: 'legend-item' }, h('i', { class: `swatch ${hue}`, aria: { hidden: 'true' } }), text)))]
      : empty('There is no threshold curve.', g.limit_text ? 'What it measures is not a number.' : 'Too few blocks have ended in shadow.')),
    h('div', null, facts([
      ['Passes when', h('span', { class: 'num' }, `measure ${g.comparison} `, limit, g.unit ? ` ${g.unit}` : '')],
      ['Binds', g.binds.length ? g.binds.map(words).join(', ') : h('span', { class: 'dim' }, 'nothing: it advises')],
      ['Setting', g.setting ? h('code', null, g.setting) : unknown('it has no setting')],
      ['Saved', gain(signedMoney(g.saved), g.currency)], ['Missed', h('span', { class: 'num' }, money(g.missed), h('span', { class: 'unit' }, ` ${g.currency}`))],
      ['Followed', g.blocked_net?.n === undefined ? unknown('not told') : count(g.blocked_net.n)],
    ]), g.recommendation ? h('div', { class: 'advice-box' }, h('b', null, 'Advice'), h('p', null, g.recommendation.text), h('p', { class: 'num' }, 'Gain: ', gain(signedMoney(g.recommendation.gain), g.currency)), g.setting ? h('code', null, `--set ${g.setting}=${g.recommendation.limit}`) : null) : h('p', { class: 'quiet' }, 'No other limit is advised: there is not enough evidence that one would be better.'))));
}

