// How far a cumulative profit lies below its highest point so far.

export interface Low { below: number; peak: number }
/** `now`: at the last point; `deepest`: the furthest below the peak among the points asked for. `below` is 0 or negative. */
export interface Drawdown { now: Low; deepest: Low }

/** The distance from the peak at each value. The profit begins at 0, so no peak is lower than that. */
export function lows(values: readonly number[]): Low[] {
  let peak = 0;
  return values.map((value) => { peak = Math.max(peak, value); return { below: value - peak, peak }; });
}

/** The last and the deepest of those in `shown`; the peak is that of all of them. Undefined where nothing is shown. */
export function drawdown(all: readonly Low[], shown: (index: number) => boolean): Drawdown | undefined {
  const now = all.at(-1);
  const seen = all.filter((_, i) => shown(i));
  if (!now || seen.length === 0) return undefined;
  return { now, deepest: seen.reduce((least, low) => low.below < least.below ? low : least) };
}
