// Small charts, drawn as SVG at the size that they have on the page.
import { h, s } from './dom.ts';
import { num, percent } from './format.ts';
import type { GateReading, Interval } from '../contract.ts';

/** A chart of that height that is drawn again when its width changes. */
export function chart(height: number, label: string, draw: (width: number, height: number) => Node[], className = 'chart'): HTMLElement {
  const svg = s('svg', { height, width: '100%', role: 'img', 'aria-label': label });
  const box = h('div', { class: className }, svg);
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(box.clientWidth);
    if (width < 10 || width === drawn) return;
    drawn = width;
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.replaceChildren(...draw(width, height));
  }).observe(box);
  return box;
}

export type Scale = ((value: number) => number) & { ticks: number[] };

/** Maps `low`..`high` to `from`..`to`, with round ticks. */
export function linear(low: number, high: number, from: number, to: number, ticks = 5): Scale {
  if (!(high > low)) { high = low + Math.max(Math.abs(low) * 0.1, 1e-9); low -= Math.max(Math.abs(low) * 0.1, 1e-9); }
  const scale = ((v: number) => from + (v - low) / (high - low) * (to - from)) as Scale;
  const rough = (high - low) / Math.max(1, ticks);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((m) => m >= rough) ?? power * 10;
  scale.ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) scale.ticks.push(i * step);
  return scale;
}

export function log10(low: number, high: number, from: number, to: number): Scale {
  const a = Math.floor(Math.log10(low)), b = Math.max(a + 1, Math.ceil(Math.log10(high)));
  const scale = ((v: number) => from + (Math.log10(v) - a) / (b - a) * (to - from)) as Scale;
  scale.ticks = Array.from({ length: b - a + 1 }, (_, i) => 10 ** (a + i));
  return scale;
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${num(value / 1e6, size >= 1e7 ? 0 : 1)}M`;
  if (size >= 1e4) return `${num(value / 1e3, 0)}k`;
  const digits = size === 0 ? 0 : size >= 100 ? 0 : size >= 10 ? (value % 1 ? 1 : 0) : value % 1 === 0 ? 0 : size >= 1 ? (Math.abs(value * 10 % 1) < 1e-6 ? 1 : 2) : Math.min(4, Math.max(1, 1 - Math.floor(Math.log10(size)) + (Math.abs(value) < 1 ? 0 : 1)));
  return num(value, digits);
}

interface Frame { x: Scale; y: Scale; left: number; right: number; top: number; bottom: number }

function axes(f: Frame, xTitle: string, yTitle: string, format = short): Node[] {
  const nodes: Node[] = [];
  for (const t of f.y.ticks) {
    const y = f.y(t);
    nodes.push(s('line', { class: 'grid', x1: f.left, x2: f.right, y1: y, y2: y }), s('text', { class: 'tick', x: f.left - 6, y: y + 3.5, 'text-anchor': 'end' }, format(t)));
  }
  for (const t of f.x.ticks) nodes.push(s('text', { class: 'tick', x: f.x(t), y: f.bottom + 14, 'text-anchor': 'middle' }, format(t)));
  nodes.push(
    s('line', { class: 'axis', x1: f.left, x2: f.right, y1: f.bottom, y2: f.bottom }),
    s('text', { class: 'axis-title', x: (f.left + f.right) / 2, y: f.bottom + 28, 'text-anchor': 'middle' }, xTitle),
    s('text', { class: 'axis-title', x: f.left - 38, y: f.top - 8, 'text-anchor': 'start' }, yTitle));
  return nodes;
}

function path(points: readonly (readonly [number, number])[]): string { return points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join(''); }

/** The measure of a gate on a track with its limit; the side that passes is tinted. */
export function gateBar(g: GateReading): HTMLElement {
  const text = `${g.name}: ${g.value ?? 'unknown'} ${g.unit}, passes ${g.comparison} ${g.limit ?? g.limit_text ?? 'unknown'}`;
  return chart(22, text, (w, height) => {
    const mid = height / 2;
    const track = s('rect', { class: 'track', x: 0, y: mid - 4, width: w, height: 8, rx: 2 });
    if (g.limit === undefined && g.value === undefined) return [track];
    const values = [0, g.limit, g.value].filter((v): v is number => v !== undefined);
    let low = Math.min(...values), high = Math.max(...values);
    const room = (high - low || 1) * 0.12;
    if (low < 0) low -= room;
    high += room;
    const x = linear(low, high, 0, w);
    const nodes: Node[] = [track];
    if (g.limit !== undefined) {
      const at = x(g.limit), above = g.comparison.startsWith('>');
      nodes.push(s('rect', { class: 'pass-side', x: above ? at : 0, y: mid - 4, width: Math.max(0, above ? w - at : at), height: 8 }));
    }
    if (g.value !== undefined) {
      const a = x(0), b = x(g.value);
      nodes.push(s('rect', { class: `measure ${g.state}`, x: Math.min(a, b), y: mid - 4, width: Math.max(2, Math.abs(b - a)), height: 8 }));
    }
    if (g.limit !== undefined) nodes.push(s('line', { class: 'limit', x1: x(g.limit), x2: x(g.limit), y1: mid - 10, y2: mid + 10 }));
    if (low < 0) nodes.push(s('line', { class: 'zero', x1: x(0), x2: x(0), y1: mid - 6, y2: mid + 6 }));
    return nodes;
  }, 'gate-bar');
}

/** Predicted probability against the observed share, a dot for each bin, with the 95 % interval of its count (Wilson). */
export function reliability(bins: readonly { low: number; high: number; predicted: number; observed: number; n: number }[]): HTMLElement {
  const most = Math.max(1, ...bins.map((b) => b.n));
  return chart(260, 'Reliability: predicted probability against the observed share of wins', (w, height) => {
    const f: Frame = { left: 42, right: w - 10, top: 22, bottom: height - 36, x: linear(0, 1, 42, w - 10, w > 400 ? 5 : 4), y: linear(0, 1, height - 36, 22, 5) };
    const dots = bins.filter((b) => b.n > 0).flatMap((b) => {
      const [low, high] = wilson(b.observed, b.n);
      const dot = s('circle', { class: 'dot', cx: f.x(b.predicted), cy: f.y(b.observed), r: 2.5 + 4.5 * Math.sqrt(b.n / most) });
      dot.append(s('title', null, `${percent(b.predicted)} predicted, ${percent(b.observed)} won, n = ${b.n}`));
      return [s('line', { class: 'whisker', x1: f.x(b.predicted), x2: f.x(b.predicted), y1: f.y(low), y2: f.y(high) }), dot];
    });
    return [...axes(f, 'predicted probability', 'observed share'), s('line', { class: 'ideal', x1: f.x(0), y1: f.y(0), x2: f.x(1), y2: f.y(1) }), ...dots];
  });
}

function wilson(p: number, n: number): [number, number] {
  const z = 1.96, d = 1 + z * z / n, c = p + z * z / (2 * n), r = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return [Math.max(0, (c - r) / d), Math.min(1, (c + r) / d)];
}

export interface Curve { name: string; className: string; points: readonly (readonly [number, number])[] }
export interface Mark { at: number; className: string; text: string }

/** Lines over a common axis, with upright marks. */
export function curves(label: string, xTitle: string, yTitle: string, lines: readonly Curve[], marks: readonly Mark[], height = 240): HTMLElement {
  return chart(height, label, (w) => {
    const xs = [...lines.flatMap((l) => l.points.map((p) => p[0])), ...marks.map((m) => m.at)];
    const ys = [0, ...lines.flatMap((l) => l.points.map((p) => p[1]))];
    const low = Math.min(...ys), high = Math.max(...ys), room = (high - low || 1) * 0.06;
    const f: Frame = { left: 48, right: w - 12, top: 22, bottom: height - 36, x: linear(Math.min(...xs), Math.max(...xs), 48, w - 12, w > 500 ? 7 : 4), y: linear(low < 0 ? low - room : 0, high + room, height - 36, 22, 4) };
    const nodes = axes(f, xTitle, yTitle);
    nodes.push(s('line', { class: 'zero', x1: f.left, x2: f.right, y1: f.y(0), y2: f.y(0) }));
    marks.forEach((m, i) => {
      const x = f.x(m.at), right = x > f.left + (f.right - f.left) * 0.7;
      nodes.push(s('line', { class: m.className, x1: x, x2: x, y1: f.top, y2: f.bottom }), s('text', { class: 'mark-text', x: x + (right ? -5 : 5), y: f.top + 10 + i * 14, 'text-anchor': right ? 'end' : 'start' }, m.text));
    });
    for (const line of lines) nodes.push(s('path', { class: line.className, d: path(line.points.map(([x, y]) => [f.x(x), f.y(y)])) }));
    return nodes;
  });
}

/** An interval with its mean, and a line at zero where that is in sight. */
export function interval(i: Interval, low: number, high: number, label: string, claim?: { low: number; high: number }): HTMLElement {
  return chart(20, label, (w, height) => {
    const x = linear(low, high, 2, w - 2), mid = height / 2;
    const nodes: Node[] = [s('line', { class: 'grid', x1: 0, x2: w, y1: mid, y2: mid })];
    if (claim) nodes.push(s('rect', { class: 'claim', x: x(claim.low), y: 2, width: Math.max(2, x(claim.high) - x(claim.low)), height: height - 4, rx: 2 }));
    if (low <= 0 && high >= 0) nodes.push(s('line', { class: 'zero', x1: x(0), x2: x(0), y1: 2, y2: height - 2 }));
    const tone = i.low > 0 ? 'pos' : i.high < 0 ? 'neg' : 'flat';
    nodes.push(
      s('line', { class: `whisker ${tone}`, x1: x(i.low), x2: x(i.high), y1: mid, y2: mid }),
      s('line', { class: `whisker ${tone}`, x1: x(i.low), x2: x(i.low), y1: mid - 4, y2: mid + 4 }),
      s('line', { class: `whisker ${tone}`, x1: x(i.high), x2: x(i.high), y1: mid - 4, y2: mid + 4 }),
      s('circle', { class: `dot ${tone}`, cx: x(i.mean), cy: mid, r: 3.5 }));
    return nodes;
  }, 'gate-bar');
}

/** min, ideal and max of a measure as a band, with the measure on it. */
export function bullet(m: { value?: number; min?: number; ideal?: number; max?: number; state: string }, label: string): HTMLElement {
  return chart(20, label, (w, height) => {
    const known = [m.value, m.min, m.ideal, m.max].filter((v): v is number => v !== undefined);
    const mid = height / 2;
    if (known.length === 0) return [s('rect', { class: 'track', x: 0, y: mid - 4, width: w, height: 8, rx: 2 })];
    const low = Math.min(0, ...known), high = Math.max(...known) * 1.08 || 1;
    const x = linear(low, high, 0, w);
    const nodes: Node[] = [s('rect', { class: 'track', x: 0, y: mid - 4, width: w, height: 8, rx: 2 })];
    const from = m.min ?? low, to = m.max ?? high;
    nodes.push(s('rect', { class: 'pass-side', x: x(from), y: mid - 4, width: Math.max(1, x(to) - x(from)), height: 8 }));
    if (m.ideal !== undefined) nodes.push(s('line', { class: 'ideal-mark', x1: x(m.ideal), x2: x(m.ideal), y1: mid - 7, y2: mid + 7 }));
    if (m.value !== undefined) nodes.push(s('circle', { class: `dot ${m.state === 'below' ? 'neg' : m.state === 'above' ? 'warn' : 'pos'}`, cx: x(m.value), cy: mid, r: 4.5 }));
    return nodes;
  }, 'gate-bar');
}

/** p50, p99 and p999 on a common logarithmic axis in microseconds. */
export function latency(stage: { p50?: number; p99?: number; p999?: number }, low: number, high: number, label: string): HTMLElement {
  return chart(20, label, (w, height) => {
    const x = log10(low, high, 4, w - 4), mid = height / 2;
    const nodes: Node[] = x.ticks.map((t) => s('line', { class: 'grid', x1: x(t), x2: x(t), y1: 0, y2: height }));
    const known = [stage.p50, stage.p99, stage.p999].filter((v): v is number => v !== undefined && v > 0);
    if (known.length === 0) return nodes;
    nodes.push(s('line', { class: 'whisker flat', x1: x(Math.min(...known)), x2: x(Math.max(...known)), y1: mid, y2: mid }));
    if (stage.p50) nodes.push(s('circle', { class: 'dot', cx: x(stage.p50), cy: mid, r: 4 }));
    if (stage.p99) nodes.push(s('rect', { class: 'dot', x: x(stage.p99) - 3.5, y: mid - 3.5, width: 7, height: 7 }));
    if (stage.p999) nodes.push(s('line', { class: 'whisker flat', x1: x(stage.p999), x2: x(stage.p999), y1: mid - 6, y2: mid + 6 }));
    return nodes;
  }, 'gate-bar');
}

/** The ticks of a logarithmic axis under a column of `latency` strips. */
export function latencyAxis(low: number, high: number): HTMLElement {
  return chart(16, 'microseconds, logarithmic', (w) => {
    const x = log10(low, high, 4, w - 4);
    const every = Math.ceil(44 * x.ticks.length / w);
    return x.ticks.map((t, i) => i % every ? s('g') : s('text', { class: 'tick', x: x(t), y: 12, 'text-anchor': i === 0 ? 'start' : i === x.ticks.length - 1 ? 'end' : 'middle' }, t >= 1e6 ? `${t / 1e6} s` : t >= 1000 ? `${t / 1000} ms` : `${t} µs`));
  }, 'gate-bar');
}

/** A line of the latest values; decoration beside a number. */
export class Spark {
  readonly element = s('svg', { class: 'spark', width: 72, height: 20, viewBox: '0 0 72 20', 'aria-hidden': 'true' });
  private readonly line = s('path', { class: 'line-a', d: '' });
  private readonly values: number[] = [];
  constructor() { this.element.append(this.line); }
  add(value: number): void {
    this.values.push(value);
    if (this.values.length > 60) this.values.shift();
    const high = Math.max(1e-9, ...this.values);
    this.line.setAttribute('d', path(this.values.map((v, i) => [72 - (this.values.length - 1 - i) * 72 / 59, 18 - v / high * 16])));
  }
}
