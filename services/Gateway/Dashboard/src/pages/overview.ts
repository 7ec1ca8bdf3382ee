// The four lanes as one path, what they earn, and what is wrong.
import { fill, h, Part, say, type Child } from '../ui/dom.ts';
import { count, dateTime, gain, num, or, percent, signedMoney, time, unknown, words } from '../ui/format.ts';
import { empty, facts, failed, loading, panel, Source, table, tag, type Page } from '../ui/parts.ts';
import { Spark } from '../ui/svg.ts';
import { EquityChart } from '../ui/equity.ts';
import { get, url } from '../live/api.ts';
import { stream } from '../live/stream.ts';
import { now } from '../shell.ts';
import { link } from '../router.ts';
import { resultTag } from './results.ts';
import type { Equity, Instant, LaneResult, LaneView, OpportunityRow, Overview, Page as DataPage } from '../contract.ts';

const LaneNames: Record<LaneView['name'], [string, string]> = {
  pre_validator: ['Pre-validator', 'scores and judges every opportunity'],
  production: ['Production', 'trades what passed'],
  shadow_sim: ['Shadow simulation', 'trades all of them without money'],
  training: ['Training', 'records all of them and learns'],
};
const EquityEvery = 60_000, EquityPoints = 2_000, LatestKept = 10, LatestRead = 40;

export const overview: Page = {
  title: 'Overview',
  open(root, _params, _rest, signal) {
    const figures = new Figures(), lanes = new Map<number, LaneCard>();
    const path = h('div', { class: 'path' });
    const health = new Part(drawHealth, { class: 'stack' });
    const equityHost = h('div');
    const latest = new Latest(signal);
    const chart = new EquityChart(signal);
    let placed = false;
    const place = (): void => {
      placed = true;
      root.replaceChildren(figures.element, h('section', { class: 'panel path-panel', aria: { label: 'The path of an opportunity' } }, path),
        h('div', { class: 'columns main-side' },
          h('div', { class: 'stack' }, panel('Equity', null, equityHost), panel('Latest outcomes', h('a', { href: link('opportunities') }, 'all opportunities'), latest.element)),
          health.element));
    };
    const show = (o: Overview): void => {
      if (!placed) place();
      figures.show(o);
      for (const lane of o.lanes) {
        let card = lanes.get(lane.number);
        if (!card) { card = new LaneCard(lane, o.profit.currency); lanes.set(lane.number, card); }
        card.show(lane);
      }
      if (path.childElementCount === 0) layPath(path, lanes);
      feedCard.show(o);
      health.show(healthOf(o));
      chart.add(o.profit, o.feed_time ?? o.now);
    };
    const feedCard = new FeedCard();
    const layPath = (host: HTMLElement, cards: Map<number, LaneCard>): void => {
      const at = (n: number): HTMLElement => cards.get(n)?.element ?? h('div');
      fill(host, feedCard.element, h('div', { class: 'wire', aria: { hidden: 'true' } }), at(4), h('div', { class: 'fork', aria: { hidden: 'true' } }, h('i'), h('i'), h('i')), h('div', { class: 'fork-lanes' }, at(1), at(2), at(3)));
    };
    const first = (): void => {
      fill(root, loading());
      get<Overview>('/api/overview', signal).then((o) => { if (!placed) show(o); }, (e: unknown) => { if (!placed && !signal.aborted) fill(root, failed(e, first)); });
    };
    if (now.overview) show(now.overview); else first();
    stream.on<Overview>('metrics', show, signal);
    const points = new Source<Equity>(equityHost, (s) => get(url('/api/equity', { points: EquityPoints }), s), (data) => {
      if (data.points.length === 0) { fill(equityHost, empty('No trade is closed yet.', 'The first point comes with the first outcome.')); return; }
      if (!chart.element.isConnected) fill(equityHost, chart.element);
      chart.show(data).catch((e: unknown) => fill(equityHost, failed(e, () => void points.read())));
    }, EquityEvery, signal);
    void points.read();
    stream.on('gap', () => { void points.read(); }, signal);
  },
};

class Figure {
  private readonly value = h('span', { class: 'figure-value num' });
  private readonly note = h('span', { class: 'figure-note num' });
  readonly element: HTMLElement;
  constructor(name: string, key: string, title?: string) { this.element = h('div', { class: 'figure', title, data: { figure: key } }, h('span', { class: 'figure-name' }, name), this.value, this.note); }
  show(value: string, note: string, tone = ''): void { say(this.value, value); say(this.note, note); this.value.className = `figure-value num ${tone}`; }
}

class Figures {
  private readonly detected = new Figure('Detected', 'detected');
  private readonly passed = new Figure('Pass rate', 'pass-rate', 'Share of what lane 4 judged that it let pass');
  private readonly production = new Figure('Production, net', 'profit-production', 'Net of all fees');
  private readonly shadow = new Figure('Shadow of passed, net', 'profit-shadow-passed', 'What the same decisions earned in the simulation');
  private readonly all = new Figure('Shadow of all, net', 'profit-shadow-all', 'What everything would have earned, the refused ones too');
  private readonly missing = new Figure('Missing', 'missing', 'Verdicts and outcomes that are due and did not come: always 0');
  readonly element = h('section', { class: 'figures', aria: { label: 'Key figures' } }, this.detected.element, this.passed.element, this.production.element, this.shadow.element, this.all.element, this.missing.element);

  show(o: Overview): void {
    const judge = o.lanes.find((l) => l.number === 4), one = o.lanes.find((l) => l.number === 1);
    this.detected.show(count(o.detected), `${num(o.detected_per_s, 1)} a second`);
    this.passed.show(judge?.rate === undefined ? '—' : percent(judge.rate), judge?.passed === undefined ? 'nothing judged yet' : `${count(judge.passed)} passed`);
    const profit = (f: Figure, value: string, note: string): void => { const text = signedMoney(value); f.show(text, note, text.startsWith('+') ? 'pos' : text.startsWith('\u2212') ? 'neg' : ''); };
    profit(this.production, o.profit.production, one?.enabled === false ? `${o.profit.currency} · lane is off` : o.profit.currency);
    profit(this.shadow, o.profit.shadow_passed, o.profit.currency);
    profit(this.all, o.profit.shadow_all, o.profit.currency);
    const c = o.conservation;
    this.missing.show(count(c.missing), `of ${count(c.due)} due · ${count(c.open)} open`, c.missing === 0 ? '' : 'neg');
  }
}

class FeedCard {
  private readonly rate = h('b', { class: 'num' });
  private readonly at = h('span', { class: 'num' });
  private readonly name = h('span', { class: 'lane-sub' });
  private readonly spark = new Spark();
  readonly element = h('div', { class: 'lane feed' }, h('div', { class: 'lane-head' }, h('span', { class: 'lane-name' }, 'Market'), h('span', { class: 'lane-rate' }, this.rate, h('span', { class: 'unit' }, ' /s'))), this.name, this.spark.element, h('dl', { class: 'lane-facts' }, h('div', null, h('dt', null, 'feed time'), h('dd', null, this.at))));
  show(o: Overview): void {
    say(this.rate, num(o.detected_per_s, 1));
    say(this.name, o.synthetic ? 'synthetic, made up' : o.feed);
    if (o.feed_time) say(this.at, time(o.feed_time)); else fill(this.at, unknown('the feed has shown nothing yet'));
    this.spark.add(o.detected_per_s);
  }
}

/** One lane of the path: rate, what it made of what it got, and how full its queue is. */
class LaneCard {
  private readonly rate = h('b', { class: 'num' });
  private readonly spark = new Spark();
  private readonly state = h('span');
  private readonly facts = h('dl', { class: 'lane-facts' });
  private readonly fillBar = h('i');
  private readonly queue = h('span', { class: 'num' });
  private readonly drops = h('span', { class: 'num' });
  private readonly share = h('i');
  private readonly shareText = h('span', { class: 'num' });
  private readonly shareBox: HTMLElement;
  private shown = '';
  readonly element: HTMLElement;

  constructor(lane: LaneView, private readonly currency: string) {
    const [name, does] = LaneNames[lane.name];
    this.shareBox = h('div', { class: 'meter-row' }, h('span', null, lane.number === 4 ? 'passed' : 'won of filled'), h('span', { class: 'meter share' }, this.share), this.shareText);
    this.element = h('article', { class: `lane lane-${lane.number}`, aria: { label: `Lane ${lane.number}, ${name}` }, data: { lane: String(lane.number) } },
      h('div', { class: 'lane-head' }, h('span', { class: 'lane-number', aria: { hidden: 'true' } }, String(lane.number)), h('span', { class: 'lane-name' }, name), this.state, h('span', { class: 'lane-rate' }, this.spark.element, this.rate, h('span', { class: 'unit' }, ' /s'))),
      h('span', { class: 'lane-sub' }, does),
      this.facts,
      h('div', { class: 'lane-meters' }, lane.number === 3 ? null : this.shareBox, h('div', { class: 'meter-row' }, h('span', null, 'queue'), h('span', { class: 'meter' }, this.fillBar), this.queue, this.drops)));
  }

  show(lane: LaneView): void {
    say(this.rate, num(lane.per_s, 1));
    this.spark.add(lane.per_s);
    const full = lane.queue_capacity > 0 ? lane.queue_depth / lane.queue_capacity : 0;
    this.fillBar.style.setProperty('inline-size', `${Math.min(100, full * 100)}%`);
    this.fillBar.className = full > 0.8 ? 'high' : '';
    say(this.queue, `${count(lane.queue_depth)} of ${count(lane.queue_capacity)}`);
    say(this.drops, `${count(lane.dropped)} dropped`);
    this.drops.className = lane.dropped > 0 ? 'num warn-text' : 'num dim';
    this.share.style.setProperty('inline-size', `${(lane.rate ?? 0) * 100}%`);
    say(this.shareText, lane.rate === undefined ? (lane.number === 4 ? 'none judged' : 'none filled') : percent(lane.rate));
    const text = JSON.stringify([lane.processed, lane.passed, lane.failed, lane.succeeded, lane.missed, lane.profit, lane.samples, lane.enabled, lane.off_reason]);
    if (text === this.shown) return;
    this.shown = text;
    this.element.classList.toggle('off', !lane.enabled);
    fill(this.state, lane.enabled ? null : tag('warn', 'off', lane.off_reason));
    const missed = lane.missed_by?.map((m) => `${words(m.code)} ${count(m.count)}`).join(', ');
    const row = (name: string, value: Node | string | undefined, title?: string): HTMLElement | null => value === undefined ? null : h('div', { title }, h('dt', null, name), h('dd', null, value));
    const n = (value: number | undefined): string | undefined => value === undefined ? undefined : count(value);
    fill(this.facts,
      row(lane.number === 4 ? 'judged' : lane.number === 3 ? 'recorded' : 'processed', n(lane.processed)),
      lane.number === 4 ? [row('passed', n(lane.passed)), row('refused', n(lane.failed))] : null,
      lane.number === 1 || lane.number === 2 ? [row('won', n(lane.succeeded)), row('missed', n(lane.missed), missed), row(`net ${this.currency}`, lane.profit === undefined ? unknown('nothing is closed yet') : gain(signedMoney(lane.profit)))] : null,
      lane.number === 3 ? row('labelled', n(lane.samples)) : null,
      !lane.enabled && lane.off_reason ? h('p', { class: 'lane-off' }, lane.off_reason) : null);
  }
}

interface HealthView { kill: Overview['kill']; breakers: Overview['breakers']; alerts: Overview['alerts']; stage: string; conservation: Overview['conservation']; model: Overview['model']; preset: string | undefined; started: Instant }
function healthOf(o: Overview): HealthView { return { kill: o.kill, breakers: o.breakers, alerts: o.alerts, stage: o.stage, conservation: o.conservation, model: o.model, preset: o.preset, started: o.started_at }; }

function drawHealth(v: HealthView): HTMLElement[] {
  const c = v.conservation;
  const standing = [
    ...v.alerts.map((a) => h('li', null, tag('warn', a.code), h('div', null, h('p', null, a.cause), h('p', { class: 'dim' }, a.advice), a.since ? h('p', { class: 'dim num' }, `since ${dateTime(a.since)} UTC`) : null))),
    ...v.breakers.map((b) => h('li', null, tag('bad', `breaker ${words(b.name)}`), h('div', null, h('p', null, b.reason), h('p', { class: 'dim' }, [b.since ? `since ${dateTime(b.since)} UTC` : '', b.resets ?? ''].filter(Boolean).join(' · '))))),
  ];
  return [
    panel('Alerts', standing.length ? `${standing.length} standing` : null, standing.length ? h('ul', { class: 'alerts' }, standing) : h('p', { class: 'quiet' }, tag('good', 'Nothing is wrong'), ' no alert stands, no breaker is open.')),
    panel('Trading', null, facts([
      ['Switch', v.kill.on ? tag('bad', 'stopped', v.kill.reason) : tag('good', 'on')],
      ['Stage', stage(v.stage)],
      ['Model', or(v.model, (m) => h('a', { href: link('models', { name: m.label }) }, m.label), 'no model has been assigned')],
      ['Why it judges', or(v.model?.why, (w) => w, 'the server does not say')],
      ['Challenger', v.model?.challenger ? h('span', null, h('a', { href: link('models', { name: v.model.challenger.label }) }, v.model.challenger.label), v.model.challenger_share === undefined ? '' : ` at ${percent(v.model.challenger_share, 0)}`) : h('span', { class: 'dim' }, 'none')],
      ['Preset', v.preset ?? h('span', { class: 'dim' }, 'none')],
      ['Running since', `${dateTime(v.started)} UTC`],
    ])),
    panel('Conservation', c.missing === 0 ? tag('good', 'complete') : tag('bad', `${count(c.missing)} missing`), facts([
      ['Opportunities', count(c.opportunities)], ['Verdicts', count(c.verdicts)], ['Outcomes due', count(c.due)], ['Outcomes', count(c.outcomes)], ['Open', count(c.open)], ['Missing', count(c.missing)],
    ])),
  ];
}

/** A stage and, where it waits, the conditions that are open. */
function stage(text: string): Child {
  const [name, ...open] = text.split(/(?<=^[^;]*?): |; /);
  return open.length === 0 ? text : h('div', { class: 'stage' }, name, h('ul', { class: 'bullets' }, open.map((o) => h('li', null, words(o)))));
}

type Execution = LaneResult & { id: string; at: Instant; lane: string; symbol: string; passed: boolean };

function executions(row: OpportunityRow): Execution[] {
  const { id, at, symbol, passed } = row;
  return ([['production', row.production], ['shadow_sim', row.shadow]] as const).flatMap(([lane, result]) => result && result.state !== 'open' ? [{ ...result, id, at, symbol, passed, lane }] : []);
}

/** The outcomes that arrived last, newest first. */
class Latest {
  readonly element = h('div', null, h('p', { class: 'quiet' }, 'Waits for the next outcome.'));
  private rows: Execution[] = [];
  private due = 0;
  constructor(signal: AbortSignal) {
    stream.on<Execution>('execution', (row) => {
      if (row.state === 'open') return;
      this.rows = [row, ...this.rows.filter((r) => r.id !== row.id || r.lane !== row.lane)].slice(0, LatestKept);
      if (!this.due) this.due = window.setTimeout(() => { this.due = 0; this.draw(); }, 500);
    }, signal);
    get<DataPage<OpportunityRow>>(url('/api/opportunities', { limit: LatestRead }), signal).then(({ items }) => {
      if (this.rows.length > 0) return;
      this.rows = items.flatMap(executions).slice(0, LatestKept);
      if (this.rows.length > 0) this.draw();
    }, () => { /* The stream brings the next ones. */ });
  }
  private draw(): void {
    const why = (r: Execution): string => r.missed ? `missed: ${words(r.missed)}` : 'not told';
    fill(this.element, table<Execution>('Latest outcomes', [
      { name: 'UTC', cell: (r) => h('a', { class: 'num', href: `/ui/opportunities/${r.id}`, data: { key: `${r.id}${r.lane}` } }, time(r.at), h('span', { class: 'sr' }, `, ${r.symbol}`)) },
      { name: 'Symbol', cell: (r) => r.symbol },
      { name: 'Lane', cell: (r) => r.lane === 'production' ? 'production' : r.lane === 'shadow_sim' ? `shadow, ${r.passed ? 'passed' : 'refused'}` : words(r.lane) },
      { name: 'Result', cell: resultTag },
      { name: 'net bps', num: true, cell: (r) => r.net_bps === undefined ? unknown(why(r)) : gain(`${r.net_bps > 0 ? '+' : ''}${num(r.net_bps, 1)}`) },
      { name: 'net', num: true, cell: (r) => r.net === undefined ? unknown(why(r)) : gain(signedMoney(r.net), r.currency ?? 'USD') },
    ], this.rows));
  }
}
