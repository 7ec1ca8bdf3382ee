// Cumulative profit of production and shadow, by lightweight-charts; loaded when it is shown.
import { h, say } from './dom.ts';
import { signedMoney, dateTime } from './format.ts';
import { colour, themeChanged } from './theme.ts';
import type { Equity, Instant, Money, Overview } from '../contract.ts';
import type { IChartApi, ISeriesApi, UTCTimestamp } from 'lightweight-charts';

const Names = [['production', 'Production', 'series-1'], ['shadow_passed', 'Shadow, passed', 'series-2'], ['shadow_all', 'Shadow, all', 'series-3']] as const;
type Key = (typeof Names)[number][0];

export class EquityChart {
  readonly element: HTMLElement;
  private readonly box = h('div', { class: 'equity-box', role: 'img', aria: { label: 'Cumulative net profit of production, of shadow for what passed, and of shadow for all' } });
  private readonly values = new Map<Key, HTMLElement>(Names.map(([key]) => [key, h('span', { class: 'num' }, '\u2014')]));
  private readonly at = h('span', { class: 'legend-at num' });
  private readonly unit = h('span', { class: 'axis-note' });
  private chart: IChartApi | undefined;
  private readonly lines = new Map<Key, ISeriesApi<'Line'>>();
  private data: Equity | undefined;
  private newest = 0;
  private latest: Record<Key, Money> | undefined;

  constructor(private readonly signal: AbortSignal) {
    this.element = h('div', { class: 'equity' },
      h('div', { class: 'legend' }, ...Names.map(([key, name, hue]) => h('span', { class: 'legend-item' }, h('i', { class: `swatch ${hue}`, aria: { hidden: 'true' } }), name, ' ', this.values.get(key))), this.at),
      this.box, this.unit);
    themeChanged.addEventListener('change', () => this.paint(), { signal });
    signal.addEventListener('abort', () => this.chart?.remove());
  }

  async show(data: Equity): Promise<void> {
    this.data = data;
    say(this.unit, `${data.currency}, cumulative, net of fees · time in UTC`);
    const lib = await import('lightweight-charts');
    if (this.signal.aborted) return;
    if (!this.chart) {
      // Its logo brings a style element, which the Content-Security-Policy refuses; the attribution stands in the page's foot.
      this.chart = lib.createChart(this.box, { autoSize: true, layout: { attributionLogo: false, fontSize: 11, fontFamily: 'system-ui, sans-serif' }, timeScale: { timeVisible: true, secondsVisible: false, borderVisible: false, rightOffset: 2 }, rightPriceScale: { borderVisible: false }, handleScroll: { vertTouchDrag: false }, handleScale: { mouseWheel: false } });
      for (const [key] of Names) this.lines.set(key, this.chart.addSeries(lib.LineSeries, { lineWidth: 2, priceLineVisible: false, lastValueVisible: false, priceFormat: { type: 'custom', minMove: 0.01, formatter: (v: number) => signedMoney(v.toFixed(2)) } }));
      this.chart.subscribeCrosshairMove((move) => {
        const row = move.time === undefined ? undefined : this.data?.points.findLast((p) => Math.floor(Date.parse(p.at) / 1000) <= Number(move.time));
        this.legend(row ?? this.latest, row?.at);
      });
      this.paint();
    }
    for (const [key] of Names) {
      const bySecond = new Map<number, number>();
      for (const p of data.points) bySecond.set(Math.floor(Date.parse(p.at) / 1000), Number(p[key]));
      this.lines.get(key)?.setData([...bySecond].map(([time, value]) => ({ time: time as UTCTimestamp, value })));
      this.newest = Math.max(this.newest, ...bySecond.keys());
    }
    this.chart.timeScale().fitContent();
    const last = data.points.at(-1);
    if (last && !this.latest) this.legend(last);
  }

  /** The latest totals, at an instant of the same clock as the points. */
  add(profit: Overview['profit'], at: Instant): void {
    this.latest = profit;
    this.legend(profit);
    const time = Math.floor(Date.parse(at) / 1000);
    if (!this.data || time < this.newest || !this.data.points.length) return;
    this.newest = time;
    for (const [key] of Names) this.lines.get(key)?.update({ time: time as UTCTimestamp, value: Number(profit[key]) });
  }

  private legend(row: Record<Key, Money> | undefined, at?: Instant): void {
    if (row) for (const [key] of Names) say(this.values.get(key)!, signedMoney(row[key]));
    say(this.at, at ? dateTime(at) : '');
  }

  private paint(): void {
    const text = colour('ink-2'), line = colour('line-soft');
    this.chart?.applyOptions({ layout: { background: { color: 'transparent' }, textColor: text }, grid: { vertLines: { color: line }, horzLines: { color: line } }, crosshair: { vertLine: { color: text, labelBackgroundColor: colour('raised-2') }, horzLine: { color: text, labelBackgroundColor: colour('raised-2') } } });
    for (const [key, , hue] of Names) this.lines.get(key)?.applyOptions({ color: colour(hue), lineStyle: key === 'shadow_all' ? 2 : 0 });
  }
}
