// What was learnt, from what, when the next time is, and whether the market has changed.
import { fill, h, Part, type Child } from '../ui/dom.ts';
import { count, dateTime, gain, num, or, percent, seconds, signedMoney, unknown, words } from '../ui/format.ts';
import { action, empty, facts, panel, Source, table, tag, type Page, type Tone } from '../ui/parts.ts';
import { Dense } from '../ui/dense.ts';
import { bullet } from '../ui/svg.ts';
import { get } from '../live/api.ts';
import { stream } from '../live/stream.ts';
import { query } from '../router.ts';
import { precise } from './life.ts';
import { trainNote, trainNow } from './models.ts';
import type { Instant, Learning } from '../contract.ts';

const Every = 10_000;
const States: Record<Learning['metrics'][number]['state'], [Tone, string]> = { below: ['bad', 'below'], ok: ['good', 'in range'], ideal: ['good', 'ideal'], above: ['warn', 'above'], unknown: ['plain', 'unknown'] };
let select: ((kind: string, feature: string) => void) | undefined;

/** PSI in the usual bands: what is under `below` is the word. */
const Bands = [{ below: 0.1, word: 'little' }, { below: 0.25, word: 'some' }, { below: Infinity, word: 'much' }] as const;
type Drift = Learning['drift'][number];
interface DriftView { rows: Drift[]; chosen: Drift | undefined; since: Instant }
type Top = Pick<Learning, 'since' | 'samples' | 'activity' | 'retraining'>;
interface MetricsView { rows: Learning['metrics']; trades: Instant; retrains: Instant }

export const learning: Page = {
  title: 'Learning',
  open(root, params, _rest, signal) {
    let kind = params.get('kind') ?? '', feature = params.get('feature') ?? '', data: Learning | undefined;
    const host = h('div', { class: 'stack' });
    root.append(host);
    const top = new Part<Top>((d) => drawTop(d, () => void source.read()));
    const triggers = new Part<Pick<Learning, 'triggers' | 'guard'>>(drawTriggers), metrics = new Part<MetricsView>(drawMetrics), nights = new Part<Pick<Learning, 'nights' | 'since'>>(drawNights);
    const drift = new Part<DriftView>((d) => drawDrift(d, chart.element));
    const chart = new Dense({ label: 'PSI of one feature over time', height: 190, time: true, xTitle: 'time, UTC', yTitle: 'PSI' }, signal);
    const show = (): void => {
      if (!data) return;
      top.show({ since: data.since, samples: data.samples, activity: data.activity, retraining: data.retraining });
      triggers.show({ triggers: data.triggers, ...(data.guard !== undefined && { guard: data.guard }) });
      metrics.show({ rows: data.metrics, trades: data.activity.since, retrains: data.since });
      nights.show({ nights: data.nights, since: data.since });
      const rows = [...data.drift].sort((a, b) => (b.psi ?? -1) - (a.psi ?? -1));
      const one = rows.find((d) => d.feature === feature && (d.kind === kind || !kind)) ?? rows[0], brief = (d: Drift): Drift => ({ ...d, history: d.history.slice(-1) });
      drift.show({ rows: rows.map(brief), chosen: one && brief(one), since: data.since });
      if (one && one.history.length > 1) chart.show({ x: one.history.map((p) => seconds(p.at)), series: [
        { name: `${words(one.kind)}: ${words(one.feature)}`, colour: 'series-1', unit: '', digits: 3, values: one.history.map((p) => p.psi) },
        { name: `some from ${Bands[0].below}`, colour: 'series-2', unit: '', digits: 2, values: one.history.map(() => Bands[0].below) },
        { name: `much from ${Bands[1].below}`, colour: 'series-3', unit: '', digits: 2, values: one.history.map(() => Bands[1].below) },
      ] });
    };
    const source: Source<Learning> = new Source<Learning>(host, (s) => get('/api/learning', s), (d, first) => {
      data = d;
      if (first) fill(host, top.element, h('div', { class: 'columns two-three' }, triggers.element, metrics.element), drift.element, nights.element);
      show();
    }, Every, signal);
    select = (ofKind, name) => { [kind, feature] = [ofKind, name]; show(); };
    void source.read();
    stream.on<{ code: string }>('alert', () => void source.read(), signal);
    stream.on('gap', () => void source.read(), signal);
  },
  change(params) { select?.(params.get('kind') ?? '', params.get('feature') ?? ''); },
};

const Restarts = 'over restarts';
function from(since: Instant): string { return `since ${dateTime(since)} UTC`; }

function drawTop(d: Top, again: () => void): Child {
  const { samples: s, activity: a, retraining: r } = d;
  const closed = a.wins + a.losses;
  return h('div', { class: 'columns third' },
    panel('Samples', Restarts, facts([['Collected', count(s.collected)], ['Learnt from', count(s.labelled)], ['Reported by programs', count(s.reported)]]),
      h('h3', { class: 'window' }, 'Kept for a full retrain', h('span', { class: 'panel-note' }, 'now')), facts([...s.by_lane.map((l): [string, Child] => [`of ${words(l.lane)}`, count(l.count)]), ['Buffer', h('span', { class: 'num' }, `${count(s.buffer)} of ${count(s.buffer_capacity)}`)]]),
      h('div', { class: 'meter wide-meter', role: 'img', aria: { label: `Buffer: ${s.buffer} of ${s.buffer_capacity}` } }, h('i', { style: { 'inline-size': `${s.buffer_capacity ? Math.min(100, s.buffer / s.buffer_capacity * 100) : 0}%` } })),
      oneLane(s.by_lane) ? h('p', { class: 'note quiet' }, 'Where lane 2 runs, all are its own: lane 1 trades some of the same opportunities, and nothing is learnt twice.') : null),
    panel('Shadow activity', `simulated, ${from(a.since)}`, facts([['Signals received', count(a.received)], ['Passed', count(a.passed)], ['Blocked', count(a.failed)], ['Wins', count(a.wins)], ['Losses', count(a.losses)], ['Won of closed', closed ? percent(a.wins / closed) : unknown('nothing is closed yet')], ['Simulated net', gain(signedMoney(a.simulated_net), 'USD')]])),
    panel('Retraining', [r.running ? [tag('info', 'runs now'), ' '] : null, Restarts], facts([['Versions made', count(r.runs)]]),
      h('h3', { class: 'window' }, 'The last one', h('span', { class: 'panel-note' }, from(d.since))), r.last_at ?? r.last_text
        ? facts([['Learnt up to', or(r.last_at, (at) => `${dateTime(at)} UTC`, 'the market\u2019s time was not known')], ['Result', r.last_text ?? unknown('not told')]])
        : h('p', { class: 'quiet' }, 'None was made since.'),
      h('div', { class: 'actions' }, action('Train a version now', () => void trainNow(again), { tone: 'main', why: r.running ? 'A retrain is running.' : undefined })), h('p', { class: 'note quiet' }, trainNote())));
}

/** Whether the samples of one lane only are kept, where another could have some. */
function oneLane(lanes: Learning['samples']['by_lane']): boolean { return lanes.length > 1 && lanes.filter((l) => l.count > 0).length === 1; }

function drawTriggers({ triggers: rows, guard }: Pick<Learning, 'triggers' | 'guard'>): Child {
  return panel('Why was there no retrain?', 'since the last version', guard ? h('p', null, tag('warn', 'all are held back'), ` ${guard}`) : null, table('Triggers', [
    { name: 'Trigger', cell: (t) => words(t.name) }, { name: 'State', cell: (t) => t.fired ? tag('good', 'fired') : tag('plain', 'waits') },
    { name: 'Measured', num: true, cell: (t) => t.measured }, { name: 'Limit', num: true, cell: (t) => t.limit }, { name: 'Waits for', grow: true, cell: (t) => t.fired ? h('span', { class: 'dim' }, 'nothing') : t.waits_for },
  ], rows, { empty: 'No trigger is set up.' }));
}

function drawMetrics({ rows, trades, retrains }: MetricsView): Child {
  return panel('Targets', `trades ${from(trades)}, retrains of the day up to the last one, ${from(retrains)}; the band is min to max, the mark the ideal`, table('Targets', [
    { name: 'Measure', cell: (m) => h('span', { title: m.text }, words(m.name)) }, { name: 'State', cell: (m) => tag(...States[m.state]) },
    { name: 'Value', num: true, cell: (m) => m.value === undefined ? unknown(m.text) : [precise(m.value), m.unit ? h('span', { class: 'unit' }, ` ${m.unit}`) : null] },
    { name: 'min / ideal / max', wide: true, cell: (m) => h('div', { class: 'with-bar' }, h('span', { class: 'num dim' }, [m.min, m.ideal, m.max].map((x) => x === undefined ? 'none' : precise(x)).join(' / ')), bullet(m, `${m.name}: ${m.value === undefined ? 'unknown' : precise(m.value)} ${m.unit}`)) },
  ], rows, { empty: 'Nothing is measured yet.' }));
}

function drawDrift({ rows, chosen, since }: DriftView, chart: HTMLElement): Child {
  if (rows.length === 0) return panel('Drift', null, empty('No drift has been measured yet.', 'It takes a reference and a window of current values.'));
  const kinds = [...new Set(rows.map((r) => r.kind))].sort();
  return panel('Drift', `checked ${from(since)}: the newest samples against those of the last full retrain, or the first 1,000`,
    h('p', { class: 'note' }, h('b', null, 'What decides: '), 'a feature has drifted when its distance from the reference is beyond chance (Kolmogorov-Smirnov) and larger than in any stretch of the reference itself, in two of the last three checks of the last 100 or 500 samples; the figures are those of the longer window. ',
      'PSI alone decides nothing: prices come in stretches, so a short window can have a high PSI and yet be what it always was. ',
      'PSI says how much has moved: below 0.1 little, to 0.25 some, above that much.'),
    h('div', { class: 'columns half' },
      h('div', { class: 'tall' }, kinds.map((kind) => driftOf(kind, rows.filter((r) => r.kind === kind), chosen))),
      h('div', null, chosen ? [h('h3', null, `${words(chosen.kind)}: ${words(chosen.feature)}`, h('span', { class: 'panel-note' }, 'PSI over time')), chosen.history.length ? chart : empty('It has no history yet.')] : null)));
}

function driftOf(kind: string, rows: readonly Drift[], chosen: Drift | undefined): HTMLElement {
  const key = (d: Drift): string => `${d.kind}:${d.feature}`;
  return h('section', { class: 'kind' }, h('h3', null, words(kind), h('span', { class: 'panel-note' }, `${count(rows.filter((r) => r.drifted).length)} of ${count(rows.length)} features have drifted`)),
    table<Drift>(`Drift of features, ${words(kind)}`, [
      { name: 'Feature', cell: (d) => words(d.feature) },
      { name: 'State', cell: (d) => d.drifted ? tag('bad', 'drifted', 'It moved further than chance, and than any stretch of the reference') : tag('good', 'within its range', 'It moved no further than it did within the reference, or than chance') },
      { name: 'PSI', num: true, title: 'Population stability index', cell: (d) => or(d.psi, (x) => h('span', null, num(x, 3), h('span', { class: 'dim' }, ` ${Bands.find((b) => x < b.below)!.word}`)), 'too few values') },
      { name: 'KS p', num: true, title: 'p-value of the Kolmogorov-Smirnov test', cell: (d) => or(d.ks_p, (x) => x < 0.001 && x > 0 ? '< 0.001' : num(x, 3), 'too few values') },
      { name: 'Wasserstein', num: true, minor: true, title: 'Wasserstein distance in the unit of the feature', cell: (d) => or(d.wasserstein, (x) => num(x, 3), 'too few values') },
    ], rows, { key, select: (d) => query({ kind: d.kind, feature: d.feature }), selected: (d) => chosen !== undefined && key(d) === key(chosen) }));
}

function drawNights({ nights: rows, since }: Pick<Learning, 'nights' | 'since'>): Child {
  return panel('Nights', `${from(since)}, at most the last 400`, table('Nights', [
    { name: 'UTC', full: true, cell: (n) => h('span', { class: 'num' }, dateTime(n.at)) }, { name: 'Wins', num: true, cell: (n) => count(n.wins) }, { name: 'Losses', num: true, cell: (n) => count(n.losses) }, { name: 'Rows', num: true, cell: (n) => count(n.rows) },
    { name: 'Version', cell: (n) => n.model ?? unknown('no version was made') }, { name: 'Ready', cell: (n) => n.ready === undefined ? unknown('no version was made') : n.ready ? tag('good', 'yes') : tag('warn', 'no') }, { name: 'What happened', grow: true, cell: (n) => n.text },
  ], rows, { empty: 'No night has passed since: the first full retrain comes at 00:00 UTC of the market\u2019s clock, where the profile has one.' }));
}
