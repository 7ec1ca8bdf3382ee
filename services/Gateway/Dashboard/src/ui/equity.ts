// Cumulative profit of production and shadow, and how far each lies below its peak, by lightweight-charts; loaded when it is shown.
import { fill, h, say } from './dom.ts';
import { drawdown, lows, type Low } from './drawdown.ts';
import { dateTime, gain, shareOf, signedMoney, span, unknown } from './format.ts';
import { table } from './parts.ts';
import { colour, themeChanged } from './theme.ts';
import type { Equity, Instant, Money, Overview } from '../contract.ts';
import type { IChartApi, ISeriesApi, SeriesPartialOptions, LineSeriesOptions, UTCTimestamp } from 'lightweight-charts';

const Names = [['production', 'Production', 'series-1'], ['shadow_passed', 'Shadow, passed', 'series-2'], ['shadow_all', 'Shadow, all', 'series-3']] as const;
type Key = (typeof Names)[number][0];
const Ranges = [['hour', '1 h', 3_600], ['day', '1 day', 86_400], ['all', 'All', Infinity]] as const;
type Range = (typeof Ranges)[number][0];
interface Point { time: number; values: Record<Key, number> }

const ZoomStep = 0.5, MoveStep = 0.25, FewestBars = 4;
/** A peak below one unit of the currency is as good as none: a share of it says nothing. */
const LeastPeak = 1;

export class EquityChart {
  readonly element: HTMLElement;
  private readonly box = h('div', { class: 'equity-box', role: 'img', aria: { label: 'Above: cumulative net profit of production, of shadow for what passed, and of shadow for all. Below: how far each lies under its peak. The table gives the figures.' } });
  private readonly values = new Map<Key, HTMLElement>(Names.map(([key]) => [key, h('span', { class: 'num' }, '\u2014')]));
  private readonly at = h('span', { class: 'legend-at num' });
  private readonly unit = h('p', { class: 'axis-note' });
  private readonly rangeButtons = new Map<Range, HTMLButtonElement>();
  private readonly figures = h('div');
  private chart: IChartApi | undefined;
  private readonly profit = new Map<Key, ISeriesApi<'Line'>>();
  private readonly below = new Map<Key, ISeriesApi<'Line'>>();
  private points: Point[] = [];
  private falls = new Map<Key, Low[]>();
  private currency = '';
  private range: Range | undefined = 'all';
  private latest: Record<Key, Money> | undefined;
  private due = 0;
  private shown = '';

  constructor(private readonly signal: AbortSignal) {
    this.element = h('div', { class: 'equity' },
      h('div', { class: 'legend' }, ...Names.map(([key, name, hue]) => h('span', { class: 'legend-item' }, h('i', { class: `swatch ${hue}`, aria: { hidden: 'true' } }), name, ' ', this.values.get(key))), this.at),
      this.tools(), this.box, this.unit, this.figures);
    themeChanged.addEventListener('change', () => this.paint(), { signal });
    signal.addEventListener('abort', () => { clearTimeout(this.due); this.chart?.remove(); });
  }

  async show(data: Equity): Promise<void> {
    this.currency = data.currency;
    const lib = await import('lightweight-charts');
    if (this.signal.aborted) return;
    if (!this.chart) this.make(lib);
    const bySecond = new Map<number, Point>();
    for (const p of data.points) { const time = Math.floor(Date.parse(p.at) / 1000); bySecond.set(time, { time, values: numbers(p) }); }
    const newest = this.points.at(-1), reach = this.chart!.timeScale().getVisibleRange();
    this.points = [...bySecond.values()];
    // What the stream told since the server made its answer stays.
    if (newest && newest.time > (this.points.at(-1)?.time ?? Infinity)) this.points.push(newest);
    this.measure();
    for (const [key] of Names) {
      this.profit.get(key)?.setData(this.points.map((p) => ({ time: p.time as UTCTimestamp, value: p.values[key] })));
      this.below.get(key)?.setData(this.points.map((p, i) => ({ time: p.time as UTCTimestamp, value: this.falls.get(key)![i]!.below })));
    }
    if (this.range) this.see(this.range); else if (reach) this.chart!.timeScale().setVisibleRange(reach);
    const last = data.points.at(-1);
    if (last && !this.latest) this.legend(last);
    this.later();
  }

  /** The latest totals, at an instant of the same clock as the points. */
  add(profit: Overview['profit'], at: Instant): void {
    this.latest = profit;
    this.legend(profit);
    const time = Math.floor(Date.parse(at) / 1000), last = this.points.at(-1);
    if (!last || time < last.time) return;
    if (time === last.time) this.points.pop();
    this.points.push({ time, values: numbers(profit) });
    this.measure();
    for (const [key] of Names) {
      this.profit.get(key)?.update({ time: time as UTCTimestamp, value: Number(profit[key]) });
      this.below.get(key)?.update({ time: time as UTCTimestamp, value: this.falls.get(key)!.at(-1)!.below });
    }
    if (this.range) this.see(this.range);
    this.later();
  }

  private tools(): HTMLElement {
    const button = (text: string, label: string, run: () => void): HTMLButtonElement => h('button', { type: 'button', title: label, aria: { label }, on: { click: run } }, text);
    for (const [range, name] of Ranges) {
      const label = range === 'all' ? 'Show everything' : `Show the last ${name} of the market\u2019s time`;
      const made = button(name, label, () => this.see(range));
      made.setAttribute('aria-pressed', String(range === this.range));
      this.rangeButtons.set(range, made);
    }
    return h('div', { class: 'chart-tools' },
      h('div', { class: 'segments', role: 'group', aria: { label: 'Range of the equity chart' } }, [...this.rangeButtons.values()]),
      h('div', { class: 'segments', role: 'group', aria: { label: 'Zoom of the equity chart' } },
        button('\u2039', 'Earlier', () => this.move(-MoveStep)), button('\u203a', 'Later', () => this.move(MoveStep)),
        button('+', 'Zoom in', () => this.zoom(ZoomStep)), button('\u2212', 'Zoom out', () => this.zoom(1 / ZoomStep)), button('Reset', 'Reset the zoom', () => this.see('all'))));
  }

  private make(lib: typeof import('lightweight-charts')): void {
    // Its logo brings a style element, which the Content-Security-Policy refuses; the attribution stands in the page's foot.
    const chart = this.chart = lib.createChart(this.box, { autoSize: true, layout: { attributionLogo: false, fontSize: 11, fontFamily: 'system-ui, sans-serif', panes: { enableResize: false } }, timeScale: { timeVisible: true, secondsVisible: false, borderVisible: false, rightOffset: 2, minBarSpacing: 0.02 }, rightPriceScale: { borderVisible: false }, handleScroll: { vertTouchDrag: false, mouseWheel: false }, handleScale: { mouseWheel: false } });
    const line: SeriesPartialOptions<LineSeriesOptions> = { lineWidth: 2, priceLineVisible: false, lastValueVisible: false, priceFormat: { type: 'custom', minMove: 0.01, formatter: (v: number) => signedMoney(v.toFixed(2)) } };
    for (const [key] of Names) {
      this.profit.set(key, chart.addSeries(lib.LineSeries, line, 0));
      this.below.set(key, chart.addSeries(lib.LineSeries, line, 1));
    }
    chart.panes()[0]?.setStretchFactor(2);
    chart.panes()[1]?.setStretchFactor(1);
    chart.subscribeCrosshairMove((move) => {
      const point = move.time === undefined ? undefined : this.points.findLast((p) => p.time <= Number(move.time));
      if (point) this.legend(moneys(point.values), new Date(point.time * 1000).toISOString()); else this.legend(this.latest);
    });
    chart.timeScale().subscribeVisibleTimeRangeChange(() => this.later());
    // Who drags the chart has chosen a range of their own; the pressed button would lie.
    this.box.addEventListener('pointermove', (e) => { if (e.buttons !== 0 && this.range) this.choose(undefined); }, { signal: this.signal });
    this.paint();
  }

  private choose(range: Range | undefined): void {
    this.range = range;
    for (const [name, button] of this.rangeButtons) button.setAttribute('aria-pressed', String(name === range));
    this.later();
  }

  private see(range: Range): void {
    if (range !== this.range) this.choose(range);
    const last = this.points.at(-1), first = this.points[0], length = Ranges.find(([name]) => name === range)![2];
    if (!this.chart || !last || !first) return;
    if (last.time - first.time <= length) this.chart.timeScale().fitContent();
    else this.chart.timeScale().setVisibleRange({ from: last.time - length as UTCTimestamp, to: last.time as UTCTimestamp });
  }

  private zoom(factor: number): void { this.reach((from, to) => { const half = Math.max(FewestBars, (to - from) * factor) / 2, middle = (from + to) / 2; return [middle - half, middle + half]; }); }
  private move(share: number): void { this.reach((from, to) => [from + (to - from) * share, to + (to - from) * share]); }

  /** Shows other bars, within those that are there. */
  private reach(change: (from: number, to: number) => [number, number]): void {
    const scale = this.chart?.timeScale(), seen = scale?.getVisibleLogicalRange();
    if (!scale || !seen) return;
    const end = this.points.length + 1;
    let [from, to] = change(seen.from, seen.to);
    const width = Math.min(to - from, end);
    if (from < 0) [from, to] = [0, width];
    if (to > end) [from, to] = [end - width, end];
    this.choose(undefined);
    scale.setVisibleLogicalRange({ from, to });
  }

  private measure(): void { for (const [key] of Names) this.falls.set(key, lows(this.points.map((p) => p.values[key]))); }

  private later(): void { this.due ||= window.setTimeout(() => { this.due = 0; this.describe(); }, 250); }

  /** The figures below the chart, of what is in sight. */
  private describe(): void {
    const first = this.points[0], last = this.points.at(-1);
    if (!first || !last) return;
    const seen = this.chart?.timeScale().getVisibleRange(), from = Number(seen?.from ?? first.time), to = Number(seen?.to ?? last.time);
    const inSight = this.points.filter((p) => p.time >= from && p.time <= to);
    const gap = inSight.length > 1 ? (inSight.at(-1)!.time - inSight[0]!.time) / (inSight.length - 1) : 0;
    say(this.unit, `${this.currency}, net of fees, whole ledger \u00b7 above: cumulative; below: distance from the peak \u00b7 time in UTC, the market\u2019s${gap >= 1 ? ` \u00b7 a point about each ${span(gap)}; what lies between is not seen` : ''}`);
    const rows = Names.map(([key, name, hue]) => ({ name, hue, fall: drawdown(this.falls.get(key)!, (i) => this.points[i]!.time >= from && this.points[i]!.time <= to) }));
    const text = JSON.stringify(rows);
    if (text === this.shown) return;
    this.shown = text;
    const amount = (low: Low | undefined): Node => low ? gain(signedMoney(low.below.toFixed(2))) : unknown('no point is in sight');
    const share = (low: Low | undefined): string | Node => low === undefined ? unknown('no point is in sight') : low.below === 0 ? 'at the peak' : shareOf(low.below, low.peak, LeastPeak) ?? h('span', { title: 'The peak is next to nothing: there was no profit yet to lose' }, 'n/a');
    fill(this.figures, table('Drawdown', [
      { name: 'Drawdown', cell: (r) => h('span', { class: 'legend-item' }, h('i', { class: `swatch ${r.hue}`, aria: { hidden: 'true' } }), r.name) },
      { name: 'Now', unit: this.currency, num: true, title: 'Distance from the highest cumulative profit so far', cell: (r) => amount(r.fall?.now) },
      { name: 'of the peak', num: true, title: 'As a share of the highest cumulative profit so far', cell: (r) => share(r.fall?.now) },
      { name: 'Deepest', unit: this.currency, num: true, title: 'The furthest below the peak of its time, of the points that the chart shows', cell: (r) => amount(r.fall?.deepest) },
      { name: 'of that peak', num: true, cell: (r) => share(r.fall?.deepest) },
    ], rows));
  }

  private legend(row: Record<Key, Money> | undefined, at?: Instant): void {
    if (row) for (const [key] of Names) say(this.values.get(key)!, signedMoney(row[key]));
    say(this.at, at ? dateTime(at) : '');
  }

  private paint(): void {
    const text = colour('ink-2'), line = colour('line-soft');
    this.chart?.applyOptions({ layout: { background: { color: 'transparent' }, textColor: text, panes: { separatorColor: colour('line') } }, grid: { vertLines: { color: line }, horzLines: { color: line } }, crosshair: { vertLine: { color: text, labelBackgroundColor: colour('raised-2') }, horzLine: { color: text, labelBackgroundColor: colour('raised-2') } } });
    for (const [key, , hue] of Names) for (const lines of [this.profit, this.below]) lines.get(key)?.applyOptions({ color: colour(hue), lineStyle: key === 'shadow_all' ? 2 : 0 });
  }
}

function numbers(row: Record<Key, Money>): Record<Key, number> { return { production: Number(row.production), shadow_passed: Number(row.shadow_passed), shadow_all: Number(row.shadow_all) }; }
function moneys(row: Record<Key, number>): Record<Key, Money> { return { production: row.production.toFixed(2), shadow_passed: row.shadow_passed.toFixed(2), shadow_all: row.shadow_all.toFixed(2) }; }
