// How the result of a lane is written everywhere.
import { num, signedMoney, gain, unknown, words } from '../ui/format.ts';
import { tag } from '../ui/parts.ts';
import type { LaneResult } from '../contract.ts';

export function resultTag(r: LaneResult): HTMLElement {
  if (r.state === 'open') return tag('info', 'open');
  if (r.state === 'missed') return tag('plain', `missed${r.missed ? `: ${words(r.missed)}` : ''}`, r.detail);
  return r.result === 'win' ? tag('good', 'win') : r.result === 'loss' ? tag('bad', 'loss') : tag('plain', r.result ?? 'filled');
}

/** The net of a lane, or why there is none. */
export function net(r: LaneResult | undefined, absent: string): HTMLElement {
  if (!r) return unknown(absent);
  if (r.net !== undefined) return gain(signedMoney(r.net));
  return unknown(r.state === 'open' ? 'still open' : `missed: ${words(r.missed ?? 'no reason told')}`);
}

export function bps(value: number | undefined, why: string, unit = ''): HTMLElement {
  return value === undefined ? unknown(why) : gain(`${value > 0 ? '+' : ''}${num(value, 1)}`, unit);
}
