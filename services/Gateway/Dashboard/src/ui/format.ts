// Numbers, money and instants as text. All times are UTC.
import { h } from './dom.ts';
import type { Instant, Money } from '../contract.ts';

export const Minus = '\u2212';
export const Unknown = '\u2014';

const grouped = new Intl.NumberFormat('en-US');

export function count(value: number): string { return grouped.format(value).replace('-', Minus); }

/** A number with `digits` decimals. */
export function num(value: number, digits = 2): string {
  const text = value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return /[1-9]/.test(text) ? text.replace('-', Minus) : text.replace('-', '');
}

export function signed(value: number, digits = 2): string {
  const text = num(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function percent(share: number, digits = 1): string { return `${num(share * 100, digits)} %`; }

/** `part` as a share of `base`: percent, from 1,000 % a multiple; undefined where `base` is nearer to zero than `least`, and a share would say nothing. */
export function shareOf(part: number, base: number, least: number): string | undefined {
  if (!(Math.abs(base) >= least)) return undefined;
  const share = part / Math.abs(base);
  return Math.abs(share) < 10 ? percent(share) : `${num(share, 0)} times`;
}

/** Money is a decimal string; it is rounded half away from zero without passing through a double. */
export function money(value: Money, digits = 2): string {
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (!parts) return value;
  const [, sign = '', whole = '0', fraction = ''] = parts;
  const padded = fraction.padEnd(digits + 1, '0');
  let units = BigInt(whole + padded.slice(0, digits));
  if ((padded[digits] ?? '0') >= '5') units += 1n;
  const text = units.toString().padStart(digits + 1, '0');
  const head = digits === 0 ? text : text.slice(0, -digits);
  const tail = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${sign === '-' && units !== 0n ? Minus : ''}${grouped.format(BigInt(head))}${tail}`;
}

export function signedMoney(value: Money, digits = 2): string {
  const text = money(value, digits);
  return text.startsWith(Minus) || !/[1-9]/.test(text) ? text : `+${text}`;
}

/** -1, 0 or 1, of what the text shows. */
export function signOf(text: string): number {
  return text.startsWith(Minus) || text.startsWith('-') ? -1 : /[1-9]/.test(text) ? 1 : 0;
}

export function date(at: Instant): string { return at.slice(0, 10); }
export function time(at: Instant): string { return at.slice(11, 19); }
export function timeMs(at: Instant): string { return at.slice(11, 23); }
export function dateTime(at: Instant): string { return `${date(at)} ${time(at)}`; }

export function seconds(at: Instant): number { return Date.parse(at) / 1000; }

export function span(s: number): string {
  if (s < 60) return `${num(s, s < 10 ? 1 : 0)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  const power = Math.min(3, Math.floor(Math.log2(value) / 10));
  return `${num(value / 1024 ** power, 1)} ${['B', 'KiB', 'MiB', 'GiB'][power]}`;
}

/** Words of a name such as earns_its_keep. */
export function words(name: string): string { return name.replaceAll('_', ' '); }

/** A dash that says why there is no value. */
export function unknown(why: string): HTMLElement { return h('span', { class: 'unknown', title: why, aria: { label: `unknown: ${why}` }, role: 'img' }, Unknown); }

/** `value` as text, or a dash that says why not. */
export function or<T>(value: T | undefined, text: (known: T) => string | Node, why: string): string | Node {
  return value === undefined ? unknown(why) : text(value);
}

/** A gain or loss, by sign and by colour. */
export function gain(text: string, unit = ''): HTMLElement {
  const sign = signOf(text);
  return h('span', { class: sign > 0 ? 'num pos' : sign < 0 ? 'num neg' : 'num' }, text, unit && h('span', { class: 'unit' }, ` ${unit}`));
}
