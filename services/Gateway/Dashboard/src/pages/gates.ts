// The gate court: what each gate blocked, whether that was right, and what another limit would have done.
import { fill, h, type Child } from '../ui/dom.ts';
import { count, gain, money, or, percent, signed, signedMoney, unknown, words } from '../ui/format.ts';
import { empty, facts, panel, Source, table, tag, type Column, type Page, type Tone } from '../ui/parts.ts';
import { curves, interval } from '../ui/svg.ts';
import { get } from '../live/api.ts';
import { stream } from '../live/stream.ts';
import { link, query } from '../router.ts';
import { precise } from './life.ts';
import type { Blocks, GateCourt, GateRow } from '../contract.ts';

const Every = 10_000, WouldHave = 'Advises only: would have blocked';
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
      fill(host, panel('Gate court', `${count(court.total_blocked)} opportunities refused; each is followed to its end in shadow`, lists(court, gate, low, high)), gate ? one(gate) : null);
    };
    select = (name) => { chosen = name; draw(); };
    const source = new Source<GateCourt>(host, (s) => get('/api/gates', s), (data) => { court = data; draw(); }, Every, signal);
    void source.read();
    stream.on('gap', () => void source.read(), signal);
  },
  change(params) { select?.(params.get('gate') ?? ''); },
};

/** Whether it has refused nothing that is over: what it would have blocked is no block, and no money saved. */
function advisesOnly(g: GateRow): boolean { return g.good_blocks + g.bad_blocks === 0 && (g.binds.length === 0 || g.would_have_blocked.good + g.would_have_blocked.bad > 0); }

function lists(court: GateCourt, chosen: GateRow | undefined, low: number, high: number): Child {
  const advising = court.gates.filter(advisesOnly), refusing = court.gates.filter((g) => !advisesOnly(g));
  const currency = court.gates[0]?.currency ?? '';
  const show = (label: string, names: [string, string, string, string, string], blocks: (g: GateRow) => Blocks, rows: GateRow[], none: string): HTMLElement => table<GateRow>(label, columns(names, blocks, currency, low, high), rows, { key: (g) => g.name, select: (g) => query({ gate: g.name }), selected: (g) => g.name === chosen?.name, empty: none });
  return [
    show('Gates', ['Good blocks', 'Bad blocks', 'Saved', 'Missed', 'Net of one, 95 %'], refused, refusing, court.gates.length ? 'No gate has refused anything yet.' : 'No gate has judged anything yet.'),
    advising.length === 0 ? null : [h('h3', { class: 'window' }, WouldHave, h('span', { class: 'panel-note' }, 'no blocks, and nothing saved')),
      show('Gates that advise only', ['Losers', 'Winners', 'Would have saved', 'Would have missed', 'Net of one, 95 %'], (g) => g.would_have_blocked, advising, '')],
  ];
}

function columns(names: [string, string, string, string, string], blocks: (g: GateRow) => Blocks, currency: string, low: number, high: number): Column<GateRow>[] {
  const [good, bad, saved, missed, net] = names;
  return [
    { name: 'Gate', cell: (g) => words(g.name) },
    { name: 'Verdict', full: true, cell: (g) => tag(Tones[g.verdict] ?? 'plain', words(g.verdict)) },
    { name: 'pass / fail / unknown', wide: true, cell: readings },
    { name: 'Pass rate', num: true, cell: (g) => or(g.pass_rate, (x) => percent(x), 'it has judged nothing yet') },
    { name: good, num: true, title: 'Shadow trades that lost', cell: (g) => count(blocks(g).good) },
    { name: bad, num: true, title: 'Shadow trades that won', cell: (g) => count(blocks(g).bad) },
    { name: 'Accuracy', num: true, title: 'Share of losers among what it refused or advised against', cell: (g) => or(g.accuracy, (x) => percent(x), 'nothing that it refused or advised against has ended yet') },
    { name: saved, unit: currency, num: true, cell: (g) => money(blocks(g).saved) },
    { name: missed, unit: currency, num: true, cell: (g) => money(blocks(g).missed) },
    { name: net, wide: true, title: 'Mean net of what it refused or advised against, with its 95 % interval; a gate that earns its keep fails what loses', cell: (g) => g.blocked_net ? h('div', { class: 'with-bar' }, h('span', { class: 'num' }, signed(g.blocked_net.mean), h('span', { class: 'dim' }, ` [${signed(g.blocked_net.low)}, ${signed(g.blocked_net.high)}]`)), interval(g.blocked_net, low, high, `${g.name}: ${signed(g.blocked_net.mean)} from ${signed(g.blocked_net.low)} to ${signed(g.blocked_net.high)} ${g.currency}`)) : unknown('too few that it failed have ended for an interval') },
  ];
}

function refused(g: GateRow): Blocks { return { good: g.good_blocks, bad: g.bad_blocks, saved: g.saved, missed: g.missed }; }

/** What it refused, and apart from that what it only advised against. */
function blocked(g: GateRow): Child {
  const advised = g.would_have_blocked;
  const amount = (value: string): HTMLElement => h('span', { class: 'num' }, money(value), h('span', { class: 'unit' }, ` ${g.currency}`));
  const part = (title: string, note: string | null, rows: [string, Child][]): Child => [h('h3', { class: 'window' }, title, note ? h('span', { class: 'panel-note' }, note) : null), facts(rows)];
  return [
    advisesOnly(g) ? null : part('Refused', 'followed to their end in shadow', [['Good blocks, losers', count(g.good_blocks)], ['Bad blocks, winners', count(g.bad_blocks)], ['Saved', gain(signedMoney(g.saved), g.currency)], ['Missed', amount(g.missed)]]),
    advised.good + advised.bad === 0 ? null : part(advisesOnly(g) ? WouldHave : 'Advised only: would have blocked', null, [['Losers', count(advised.good)], ['Winners', count(advised.bad)], ['Would have saved', amount(advised.saved)], ['Would have missed', amount(advised.missed)]]),
  ];
}

function readings(g: GateRow): HTMLElement {
  const all = Math.max(1, g.pass + g.fail + g.unknown);
  const part = (n: number, name: string): HTMLElement => h('i', { class: name, style: { 'inline-size': `${n / all * 100}%` } });
  return h('div', { class: 'with-bar' }, h('span', { class: 'num' }, `${count(g.pass)} / ${count(g.fail)} / ${count(g.unknown)}`), h('span', { class: 'split', aria: { hidden: 'true' } }, part(g.pass, 'pass'), part(g.fail, 'fail'), part(g.unknown, 'unknown-part')));
}

function one(g: GateRow): HTMLElement {
  const line = (name: keyof Pick<GateRow['curve'][number], 'saved' | 'missed' | 'net'>): [number, number][] => g.curve.map((p) => [p.threshold, Number(p[name])]);
  const limit: Child = g.limit === undefined ? (g.limit_text ?? unknown('it has no limit')) : precise(g.limit);
  return panel(words(g.name), advisesOnly(g) ? null : h('a', { href: link('opportunities', { gate: g.name }) }, 'what it refused'), h('div', { class: 'columns wide-side' },
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
    ]), blocked(g), g.recommendation ? h('div', { class: 'advice-box' }, h('b', null, 'Advice'), h('p', null, g.recommendation.text), h('p', { class: 'num' }, 'Gain: ', gain(signedMoney(g.recommendation.gain), g.currency)), g.setting ? h('code', null, `--set ${g.setting}=${g.recommendation.limit}`) : null) : h('p', { class: 'quiet' }, 'No other limit is advised: there is not enough evidence that one would be better.'))));
}

