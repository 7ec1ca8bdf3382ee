// How fast it is, what waits where, what it takes of the machine, and what became of the claims.
import { fill, h, Part, type Child } from '../ui/dom.ts';
import { bytes, count, num, or, percent, seconds, signed, span, unknown, words } from '../ui/format.ts';
import { empty, facts, panel, Source, table, tag, type Page } from '../ui/parts.ts';
import { Dense } from '../ui/dense.ts';
import { interval, latency, latencyAxis } from '../ui/svg.ts';
import { get } from '../live/api.ts';
import type { Performance, Queues } from '../contract.ts';

const Every = 5_000;

export const performance: Page = {
  title: 'Performance',
  open(root, _params, _rest, signal) {
    const host = h('div', { class: 'stack' }), queueHost = h('div');
    root.append(host);
    const rate = new Dense({ label: 'Opportunities and outcomes a second, last ten minutes', height: 190, time: true, xTitle: 'time, UTC', yTitle: 'a second' }, signal);
    const memory = new Dense({ label: 'Memory of the process, last ten minutes', height: 190, time: true, xTitle: 'time, UTC', yTitle: 'MB' }, signal);
    const stages = new Part<Performance['stages']>(drawStages), machine = new Part<Pick<Performance, 'memory' | 'cpu_share' | 'cores' | 'uptime_s'>>(drawMachine), claims = new Part<Performance['hypotheses']>(drawClaims);
    const queues = new Part<Queues>(drawQueues);
    const rateNote = h('span', { class: 'num' });
    void new Source<Performance>(host, (s) => get('/api/performance', s), (d, first) => {
      if (first) fill(host, stages.element, h('div', { class: 'columns third-two' }, panel('Throughput', rateNote, rate.element), panel('Memory', null, memory.element), machine.element), queueHost, claims.element);
      stages.show(d.stages);
      machine.show({ memory: d.memory, cpu_share: d.cpu_share, cores: d.cores, uptime_s: d.uptime_s });
      claims.show(d.hypotheses);
      const t = d.throughput, x = t.history.map((p) => seconds(p.at));
      rateNote.textContent = `${num(t.detected_per_s, 1)} opportunities, ${num(t.outcomes_per_s, 1)} outcomes a second`;
      rate.show({ x, series: [{ name: 'opportunities', colour: 'series-1', unit: '/s', digits: 1, values: t.history.map((p) => p.detected_per_s) }, { name: 'outcomes', colour: 'series-2', unit: '/s', digits: 1, values: t.history.map((p) => p.outcomes_per_s) }] });
      memory.show({ x, series: [{ name: 'resident', colour: 'series-3', unit: 'MB', digits: 0, values: t.history.map((p) => p.memory_mb) }] });
    }, Every, signal).read();
    void new Source<Queues>(queueHost, (s) => get('/api/queues', s), (d, first) => { if (first) fill(queueHost, queues.element); queues.show(d); }, Every, signal).read();
  },
};

function drawStages(rows: Performance['stages']): Child {
  const known = rows.flatMap((r) => [r.p50, r.p99, r.p999]).filter((v): v is number => v !== undefined && v > 0);
  const low = Math.max(0.01, Math.min(1, ...known)), high = Math.max(10, ...known);
  const cell = (v: number | undefined): string | Node => or(v, (x) => num(x, x >= 100 ? 0 : x >= 10 ? 1 : 2), 'nothing passed this stage yet');
  return long(panel('Latency by stage', [h('span', { class: 'key-mark' }, '● p50'), h('span', { class: 'key-mark' }, '■ p99'), h('span', { class: 'key-mark' }, '| p999')], table('Latency by stage', [
    { name: 'Stage', wrap: true, cell: (s) => words(s.name) }, { name: 'p50', unit: 'µs', num: true, cell: (s) => cell(s.p50) }, { name: 'p99', unit: 'µs', num: true, cell: (s) => cell(s.p99) }, { name: 'p999', unit: 'µs', num: true, cell: (s) => cell(s.p999) }, { name: 'n', num: true, cell: (s) => count(s.n) },
    { name: 'µs, logarithmic', wide: true, grow: true, cell: (s) => latency(s, low, high, `${s.name}: p50 ${s.p50 ?? 'unknown'}, p99 ${s.p99 ?? 'unknown'}, p999 ${s.p999 ?? 'unknown'} microseconds`) },
  ], rows, { empty: 'No stage has been measured yet.', foot: h('tfoot', { role: 'rowgroup' }, h('tr', { role: 'row' }, h('td', { role: 'cell', attrs: { colspan: '5' } }), h('td', { class: 'wide grow', role: 'cell' }, latencyAxis(low, high)))) })));
}

/** On a phone the table scrolls down by itself: its many cards would bury what comes after them. */
function long(part: HTMLElement): HTMLElement {
  part.classList.add('long');
  return part;
}

function drawMachine(d: Pick<Performance, 'memory' | 'cpu_share' | 'cores' | 'uptime_s'>): Child {
  const m = d.memory;
  return panel('Process', null, facts([
    ['Processor', h('span', { class: 'num' }, `${percent(d.cpu_share)} of ${count(d.cores)} cores`)], ['Resident', h('span', { class: 'num' }, `${num(m.rss_mb, 0)} MB`)], ['Managed heap', h('span', { class: 'num' }, `${num(m.heap_mb, 0)} MB`)],
    ['Allocated', h('span', { class: 'num' }, `${num(m.allocated_per_s_mb, 1)} MB/s`)], ['GC pause, total', h('span', { class: 'num' }, `${num(m.gc_pause_ms, 1)} ms`)], ['Collections', h('span', { class: 'num' }, `${count(m.gen0)} / ${count(m.gen1)} / ${count(m.gen2)}`)], ['Up', h('span', { class: 'num' }, span(d.uptime_s))],
  ]));
}

function drawQueues(d: Queues): Child {
  return long(panel('Queues', [tag(d.writer.errors === 0 ? 'good' : 'bad', `${count(d.writer.errors)} writer errors`), h('span', { class: 'num' }, ` ledger ${bytes(d.writer.ledger_pending_bytes)} pending · tables ${count(d.writer.projection_lag_records)} records behind`)], table('Queues', [
    { name: 'Handler', cell: (q) => q.handler }, { name: 'Topic', full: true, cell: (q) => h('code', null, q.topic) }, { name: 'When full', minor: true, cell: (q) => words(q.policy) },
    { name: 'Depth', num: true, cell: (q) => count(q.depth) }, { name: 'Capacity', num: true, cell: (q) => count(q.capacity) }, { name: 'Filled', wide: true, cell: (q) => h('div', { class: 'with-bar row-bar' }, h('span', { class: 'meter', role: 'img', aria: { label: `${q.depth} of ${q.capacity}` } }, h('i', { class: q.depth > q.capacity * 0.8 ? 'high' : undefined, style: { 'inline-size': `${q.capacity ? Math.min(100, q.depth / q.capacity * 100) : 0}%` } }))) },
    { name: 'Dropped', num: true, cell: (q) => q.dropped ? h('b', { class: 'warn-text' }, count(q.dropped)) : '0' },
  ], d.queues, { empty: 'No queue is there.' }), h('p', { class: 'note' }, 'Integrity: ', d.integrity)));
}

function drawClaims(rows: Performance['hypotheses']): Child {
  return panel('Hypotheses', 'the band is the claim, the dot with its line what was measured, 95 %', rows.length === 0 ? empty('No claim is followed.') : table<Performance['hypotheses'][number]>('Hypotheses', [
    { name: 'Hypothesis', wrap: true, cell: (x) => words(x.name) }, { name: 'Claim', wrap: true, cell: (x) => x.claim }, { name: 'Measured', num: true, full: true, cell: (x) => x.measured && x.n > 0 ? [signed(x.measured.mean), h('span', { class: 'unit' }, ` ${x.unit}`)] : tag('plain', 'not measured', x.text) },
    { name: '95 %', num: true, cell: (x) => x.measured && x.n > 0 ? `[${signed(x.measured.low)}, ${signed(x.measured.high)}]` : unknown(x.text) }, { name: 'n', num: true, cell: (x) => count(x.n) },
    { name: 'Claim and measure', wide: true, cell: (x) => {
      const claim = x.claim_low === undefined ? undefined : { low: x.claim_low, high: x.claim_high ?? x.claim_low };
      const all = [0, claim?.low, claim?.high, ...(x.measured && x.n > 0 ? [x.measured.low, x.measured.high] : [])].filter((v): v is number => v !== undefined);
      const room = (Math.max(...all) - Math.min(...all) || 1) * 0.08;
      return x.measured && x.n > 0 ? interval(x.measured, Math.min(...all) - room, Math.max(...all) + room, `${x.name}: ${signed(x.measured.mean)} ${x.unit}`, claim) : unknown(x.text);
    } },
    { name: 'Says', grow: true, cell: (x) => x.text },
  ], rows));
}
