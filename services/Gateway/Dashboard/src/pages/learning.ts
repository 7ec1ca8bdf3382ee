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
import { trainNow } from './models.ts';
import type { Learning } from '../contract.ts';

const Every = 10_000;
const States: Record<Learning['metrics'][number]['state'], [Tone, string]> = { below: ['bad', 'below'], ok: ['good', 'in range'], ideal: ['good', 'ideal'], above: ['warn', 'above'], unknown: ['plain', 'unknown'] };
let select: ((feature: string) => void) | undefined;

export const learning: Page = {
  title: 'Learning',
  open(root, params, _rest, signal) {
    let chosen = params.get('feature') ?? '', data: Learning | undefined;
    const host = h('div', { class: 'stack' });
    root.append(host);
    const top = new Part<Pick<Learning, 'samples' | 'activity' | 'retraining'>>((d) => drawTop(d, () => void source.read()));
    const triggers = new Part<Learning['triggers']>(drawTriggers), metrics = new Part<Learning['metrics']>(drawMetrics), nights = new Part<Learning['nights']>(drawNights);
    const drift = new Part<{ rows: Learning['drift']; chosen: string }>((d) => drawDrift(d.rows, d.chosen, chart.element));
    const chart = new Dense({ label: 'PSI of one feature over time', height: 190, time: true, xTitle: 'time, UTC', yTitle: 'PSI' }, signal);
    const show = (): void => {
      if (!data) return;
      top.show({ samples: data.samples, activity: data.activity, retraining: data.retraining });
      triggers.show(data.triggers);
      metrics.show(data.metrics);
      nights.show(data.nights);
      const rows = [...data.drift].sort((a, b) => (b.psi ?? -1) - (a.psi ?? -1));
      const one = rows.find((d) => d.feature === chosen) ?? rows[0];
      drift.show({ rows: rows.map((r) => ({ ...r, history: r.history.slice(-1) })), chosen: one?.feature ?? '' });
      if (one && one.history.length > 1) chart.show({ x: one.history.map((p) => seconds(p.at)), series: [{ name: one.feature, colour: 'series-1', unit: '', digits: 3, values: one.history.map((p) => p.psi) }] });
    };
    const source: Source<Learning> = new Source<Learning>(host, (s) => get('/api/learning', s), (d, first) => {
      data = d;
      if (first) fill(host, top.element, h('div', { class: 'columns two-three' }, triggers.element, metrics.element), drift.element, nights.element);
      show();
    }, Every, signal);
    select = (feature) => { chosen = feature; show(); };
    void source.read();
    stream.on<{ code: string }>('alert', () => void source.read(), signal);
    stream.on('gap', () => void source.read(), signal);
  },
  change(params) { select?.(params.get('feature') ?? ''); },
};

function drawTop(d: Pick<Learning, 'samples' | 'activity' | 'retraining'>, again: () => void): Child {
  const { samples: s, activity: a, retraining: r } = d;
  const closed = a.wins + a.losses;
  return h('div', { class: 'columns third' },
    panel('Samples', null, facts([['Collected', count(s.collected)], ['Labelled', count(s.labelled)], ...s.by_lane.map((l): [string, Child] => [`of ${words(l.lane)}`, count(l.count)]), ['Reported by programs', count(s.reported)], ['Buffer', h('span', { class: 'num' }, `${count(s.buffer)} of ${count(s.buffer_capacity)}`)]]),
      h('div', { class: 'meter wide-meter', role: 'img', aria: { label: `Buffer: ${s.buffer} of ${s.buffer_capacity}` } }, h('i', { style: { 'inline-size': `${s.buffer_capacity ? Math.min(100, s.buffer / s.buffer_capacity * 100) : 0}%` } }))),
    panel('Shadow activity', 'simulated', facts([['Signals received', count(a.received)], ['Passed', count(a.passed)], ['Blocked', count(a.failed)], ['Wins', count(a.wins)], ['Losses', count(a.losses)], ['Won of closed', closed ? percent(a.wins / closed) : unknown('nothing is closed yet')], ['Simulated net', gain(signedMoney(a.simulated_net), 'USD')]])),
    panel('Retraining', r.running ? tag('info', 'runs now') : null, facts([['Runs', count(r.runs)], ['Last', or(r.last_at, (at) => `${dateTime(at)} UTC`, 'there was none yet')], ['Result', r.last_text ?? unknown('there was none yet')]]),
      h('div', { class: 'actions' }, action('Train a version now', () => void trainNow(again), { tone: 'main', why: r.running ? 'A retrain is running.' : undefined }))));
}

function drawTriggers(rows: Learning['triggers']): Child {
  return panel('Why was there no retrain?', null, table('Triggers', [
    { name: 'Trigger', cell: (t) => words(t.name) }, { name: 'State', cell: (t) => t.fired ? tag('good', 'fired') : tag('plain', 'waits') },
    { name: 'Measured', num: true, cell: (t) => t.measured }, { name: 'Limit', num: true, cell: (t) => t.limit }, { name: 'Waits for', grow: true, cell: (t) => t.fired ? h('span', { class: 'dim' }, 'nothing') : t.waits_for },
  ], rows, { empty: 'No trigger is set up.' }));
}

function drawMetrics(rows: Learning['metrics']): Child {
  return panel('Targets', 'the band is min to max, the mark the ideal', table('Targets', [
    { name: 'Measure', cell: (m) => h('span', { title: m.text }, words(m.name)) }, { name: 'State', cell: (m) => tag(...States[m.state]) },
    { name: 'Value', num: true, cell: (m) => m.value === undefined ? unknown(m.text) : [precise(m.value), m.unit ? h('span', { class: 'unit' }, ` ${m.unit}`) : null] },
    { name: 'min / ideal / max', wide: true, cell: (m) => h('div', { class: 'with-bar' }, h('span', { class: 'num dim' }, [m.min, m.ideal, m.max].map((x) => x === undefined ? 'none' : precise(x)).join(' / ')), bullet(m, `${m.name}: ${m.value === undefined ? 'unknown' : precise(m.value)} ${m.unit}`)) },
  ], rows, { empty: 'Nothing is measured yet.' }));
}

function drawDrift(rows: Learning['drift'], chosen: string, chart: HTMLElement): Child {
  const one = rows.find((r) => r.feature === chosen), drifted = rows.filter((r) => r.drifted).length;
  return panel('Drift', rows.length ? `${count(drifted)} of ${count(rows.length)} features are not what they were` : null, rows.length === 0 ? empty('No drift has been measured yet.', 'It takes a reference and a window of current values.') : h('div', { class: 'columns half' },
    h('div', { class: 'tall' }, table('Drift of features', [
      { name: 'Feature', cell: (d) => words(d.feature) }, { name: 'State', cell: (d) => d.drifted ? tag('bad', 'drifted') : tag('good', 'as before') },
      { name: 'PSI', num: true, cell: (d) => or(d.psi, (x) => num(x, 3), 'too few values') }, { name: 'KS p', num: true, title: 'p-value of the Kolmogorov-Smirnov test', cell: (d) => or(d.ks_p, (x) => x < 0.001 && x > 0 ? '< 0.001' : num(x, 3), 'too few values') }, { name: 'Wasserstein', num: true, cell: (d) => or(d.wasserstein, (x) => num(x, 3), 'too few values') },
    ], rows, { key: (d) => d.feature, select: (d) => query({ feature: d.feature }), selected: (d) => d.feature === chosen })),
    h('div', null, h('h3', null, words(chosen), h('span', { class: 'panel-note' }, 'PSI over time')), one && one.history.length ? chart : empty('It has no history yet.'))));
}

function drawNights(rows: Learning['nights']): Child {
  return panel('Nights', null, table('Nights', [
    { name: 'UTC', cell: (n) => h('span', { class: 'num' }, dateTime(n.at)) }, { name: 'Wins', num: true, cell: (n) => count(n.wins) }, { name: 'Losses', num: true, cell: (n) => count(n.losses) }, { name: 'Rows', num: true, cell: (n) => count(n.rows) },
    { name: 'Version', cell: (n) => n.model ?? unknown('no version was made') }, { name: 'Ready', cell: (n) => n.ready === undefined ? unknown('no version was made') : n.ready ? tag('good', 'yes') : tag('warn', 'no') }, { name: 'What happened', grow: true, cell: (n) => n.text },
  ], rows, { empty: 'No night has passed yet: the first full retrain comes at 00:00 UTC of the market\u2019s clock, where the profile has one.' }));
}
