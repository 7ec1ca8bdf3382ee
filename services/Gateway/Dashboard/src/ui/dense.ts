// Dense series on a canvas, by uPlot; it is loaded when the first one comes into sight.
import { h } from './dom.ts';
import { colour, themeChanged } from './theme.ts';
import type uPlot from 'uplot';

export interface Series { name: string; colour: string; unit: string; values: (number | null)[]; digits?: number; axis?: 'right'; points?: boolean }
export interface DensePlot { x: number[]; series: Series[] }

/** A chart of series over time (seconds since 1970, UTC) or over a number. */
export class Dense {
  readonly element: HTMLElement;
  private readonly box = h('div', { class: 'dense-box' });
  private plot: uPlot | undefined;
  private width = 0;
  private data: DensePlot = { x: [], series: [] };
  private shown = '';

  constructor(private readonly options: { label: string; height: number; time: boolean; xTitle: string; yTitle: string; rightTitle?: string; zero?: boolean; xText?: (x: number) => string }, signal: AbortSignal) {
    this.element = h('div', { class: 'dense', role: 'img', aria: { label: options.label } }, this.box);
    this.box.style.setProperty('min-block-size', `${options.height}px`);
    const resize = new ResizeObserver(() => {
      const width = this.box.clientWidth;
      if (width < 10 || width === this.width) return;
      this.width = width;
      if (this.plot) this.plot.setSize({ width, height: options.height }); else void this.draw();
    });
    resize.observe(this.box);
    const again = (): void => { this.plot?.destroy(); this.plot = undefined; void this.draw(); };
    themeChanged.addEventListener('change', again, { signal });
    signal.addEventListener('abort', () => { resize.disconnect(); this.plot?.destroy(); });
  }

  show(data: DensePlot): void {
    const names = data.series.map((x) => x.name).join('|');
    this.data = data;
    if (this.plot && names === this.shown) this.plot.setData(this.table());
    else { this.plot?.destroy(); this.plot = undefined; void this.draw(); }
    this.shown = names;
  }

  private table(): uPlot.AlignedData { return [this.data.x, ...this.data.series.map((x) => x.values)] as uPlot.AlignedData; }

  private async draw(): Promise<void> {
    if (this.width === 0 || this.data.series.length === 0) return;
    const [{ default: Plot }] = await Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]);
    if (this.plot || !this.box.isConnected) return;
    const o = this.options, grid = { stroke: colour('line-soft'), width: 1 }, stroke = colour('ink-2'), font = '11px system-ui, sans-serif';
    const axis = { stroke, font, grid, ticks: { show: false }, labelFont: font, labelSize: 16, gap: 4 };
    this.plot = new Plot({
      width: this.width, height: o.height,
      tzDate: (t) => Plot.tzDate(new Date(t * 1000), 'Etc/UTC'),
      cursor: { points: { size: 6 }, y: false },
      legend: { live: true },
      scales: { x: { time: o.time }, y: { range: { min: { pad: 0.1, soft: 0, mode: o.zero === false ? 0 : 1 }, max: { pad: 0.1, soft: 0, mode: 0 } } }, right: {} },
      axes: [
        { ...axis, label: o.xTitle, size: 30, ...(o.time ? { values: (_, ticks: number[]) => ticks.map((t) => new Date(t * 1000).toISOString().slice(11, ticks.length > 1 && ticks[1]! - ticks[0]! < 60 ? 19 : 16)) } : { values: (_: uPlot, ticks: number[]) => ticks.map((t) => Number.isInteger(t) ? (o.xText?.(t) ?? String(t)) : '') }) },
        { ...axis, label: o.yTitle, size: 44 },
        ...(o.rightTitle ? [{ ...axis, scale: 'right', side: 1 as const, label: o.rightTitle, size: 44, grid: { show: false } }] : []),
      ],
      series: [
        { label: o.time ? 'UTC' : o.xTitle, value: (_, v: number | null) => v === null ? '\u2014' : o.time ? new Date(v * 1000).toISOString().slice(0, 19).replace('T', ' ') : (o.xText?.(v) ?? String(v)) },
        ...this.data.series.map((x): uPlot.Series => ({
          label: x.name, stroke: colour(x.colour), width: 1.5, spanGaps: false, scale: x.axis ?? 'y',
          points: { show: x.points ?? false, size: 4 }, value: (_, v) => v === null ? '\u2014' : `${v.toFixed(x.digits ?? 2)} ${x.unit}`.trim(),
        })),
      ],
    }, this.table(), this.box);
  }
}
