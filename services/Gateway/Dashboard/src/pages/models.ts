// Versions, which of them judged when and why, how well they foretold, and the experiment that runs.
import { fill, h, Part, type Child } from '../ui/dom.ts';
import { count, dateTime, num, or, percent, shareOf, signed, unknown, words } from '../ui/format.ts';
import { action, ask, empty, facts, failed, loading, panel, Source, table, tag, toast, type Page } from '../ui/parts.ts';
import { Dense } from '../ui/dense.ts';
import { interval, reliability } from '../ui/svg.ts';
import { get, messageOf, post, url } from '../live/api.ts';
import { stream } from '../live/stream.ts';
import { query } from '../router.ts';
import { now } from '../shell.ts';
import type { Check, ModelDetail, ModelRow, Models, Page as DataPage } from '../contract.ts';

const Every = 15_000, Limit = 100;
interface LiveThen { live: { champion?: { label: string } | null; challenger?: { label: string } | null; share: number; since?: string | null; why: string; line: number } }
let select: ((name: string) => void) | undefined;

export const models: Page = {
  title: 'Models',
  open(root, params, _rest, signal) { new View(root, params.get('name') ?? '', params.get('at') ?? '', signal); },
  change(params) { select?.(params.get('name') ?? ''); },
};

class View {
  private chosen: string;
  private data: Models | undefined;
  private older: ModelRow[] = [];
  private next: string | undefined;
  private asked = '';
  private readonly live: Part<Pick<Models, 'live' | 'experiment' | 'readiness_rules'>>;
  private readonly versions: Part<{ rows: ModelRow[]; chosen: string; more: boolean }>;
  private readonly detailHost = h('div');
  private readonly auc: Dense;
  private readonly errors: Dense;
  private readonly trendHost = h('div');
  private readonly source: Source<Models>;

  constructor(root: HTMLElement, name: string, private readonly at: string, private readonly signal: AbortSignal) {
    this.chosen = name;
    const host = h('div', { class: 'stack' });
    root.append(host);
    this.auc = new Dense({ label: 'AUC over versions', height: 130, time: false, xTitle: 'version, ordinal', yTitle: 'AUC', zero: false }, signal);
    this.errors = new Dense({ label: 'Calibration error and Brier score over versions', height: 150, time: false, xTitle: 'version, ordinal', yTitle: 'error', zero: true }, signal);
    this.live = new Part((d) => this.drawLive(d));
    this.versions = new Part((d) => this.drawVersions(d.rows, d.more));
    this.source = new Source<Models>(host, (s) => get(url('/api/models', { limit: Limit }), s), (data, first) => {
      this.data = data;
      if (first) { this.next = data.next; fill(host, this.live.element, this.versions.element, h('div', { class: 'columns half' }, panel('Over versions', 'AUC: higher is better; ECE and Brier: lower is better', this.trendHost), this.then()), this.detailHost); }
      this.show();
    }, Every, signal);
    select = (to) => { this.chosen = to; this.show(); };
    void this.source.read();
    stream.on<{ code: string }>('alert', (a) => { if (a.code.startsWith('model_')) void this.source.read(); }, signal);
    stream.on('gap', () => void this.source.read(), signal);
  }

  private rows(): ModelRow[] {
    const newest = this.data?.items ?? [], seen = new Set(newest.map((r) => r.id));
    return [...newest, ...this.older.filter((r) => !seen.has(r.id))];
  }

  private show(): void {
    const data = this.data;
    if (!data) return;
    const rows = this.rows(), row = rows.find((r) => r.label === this.chosen || r.id === this.chosen);
    const chosen = row?.label ?? (this.chosen || data.live.model.label);
    this.live.show({ live: data.live, readiness_rules: data.readiness_rules, ...(data.experiment && { experiment: data.experiment }) });
    this.versions.show({ rows, chosen, more: this.next !== undefined });
    const judged = rows.filter((r) => r.auc !== undefined || r.ece !== undefined || r.brier !== undefined).sort((a, b) => a.ordinal - b.ordinal);
    if (judged.length < 2) fill(this.trendHost, empty('There is nothing to compare yet.', 'It takes two versions that were judged on rows that they had not seen.'));
    else {
      const calibrated = judged.some((r) => r.ece !== undefined || r.brier !== undefined);
      if (!this.auc.element.isConnected || this.errors.element.isConnected !== calibrated)
        fill(this.trendHost, this.auc.element, calibrated ? this.errors.element : h('p', { class: 'note' }, 'ECE and Brier score are known of versions that a whole retrain has judged on rows that it held out.'));
      const unique = [...new Map(judged.map((r) => [r.ordinal, r])).values()];
      const line = (name: string, colour: string, of: (r: ModelRow) => number | undefined): { name: string; colour: string; unit: string; digits: number; points: boolean; values: (number | null)[] } => ({ name, colour, unit: '', digits: 4, points: unique.length < 60, values: unique.map((r) => of(r) ?? null) });
      const x = unique.map((r) => r.ordinal);
      this.auc.show({ x, series: [line('AUC', 'series-1', (r) => r.auc)] });
      this.errors.show({ x, series: [line('Brier', 'series-2', (r) => r.brier), line('ECE', 'series-3', (r) => r.ece)] });
    }
    if (chosen !== this.asked) { this.asked = chosen; this.detail(chosen); }
  }

  private drawLive(d: Pick<Models, 'live' | 'experiment' | 'readiness_rules'>): Child {
    const x = d.experiment;
    return h('div', { class: 'columns half' },
      panel('Judges now', null, h('p', { class: 'big' }, d.live.model.label, ' ', h('span', { class: 'dim' }, `ordinal ${d.live.model.ordinal}`)), facts([
        ['Since', or(d.live.since, (at) => `${dateTime(at)} UTC`, 'from the beginning, or not told')], ['Why', d.live.why], ['Held', d.live.pinned ? 'pinned by a rollback: nothing takes its place by itself' : 'no'], ['Identity', h('code', { class: 'cut', title: d.live.model.id }, d.live.model.id)],
      ]), h('div', { class: 'actions' }, action('Roll back', () => void this.rollBack()), d.live.pinned ? action('Unpin', () => void this.unpin()) : null, action('Train a version now', () => void this.train())), h('p', { class: 'note quiet' }, trainNote()),
      h('details', null, h('summary', null, 'When a version may judge'), h('ul', { class: 'bullets' }, d.readiness_rules.map((r) => h('li', null, r))))),
      panel('A/B experiment', x ? `since ${dateTime(x.since)} UTC` : null, x ? [
        h('p', { class: 'versus' }, h('b', null, x.champion.label), ' judges ', percent(1 - x.share, 0), h('span', { class: 'dim' }, ' against '), h('b', null, x.challenger.label), ' with ', percent(x.share, 0)),
        facts([['Outcomes', count(x.outcomes)], ['Gain of the challenger', x.gain_bps ? h('span', { class: 'num' }, `${signed(x.gain_bps.mean)} bps `, h('span', { class: 'dim' }, `[${signed(x.gain_bps.low)}, ${signed(x.gain_bps.high)}]: ${onTraded(x.gain_bps.mean)}`)) : unknown('too few outcomes for an interval')]]),
        x.gain_bps ? [interval(x.gain_bps, Math.min(0, x.gain_bps.low) * 1.15 - 0.01, Math.max(0, x.gain_bps.high) * 1.15 + 0.01, `Gain ${signed(x.gain_bps.mean)} bps, from ${signed(x.gain_bps.low)} to ${signed(x.gain_bps.high)}`), h('p', { class: 'axis-note' }, 'bps of an outcome, 95 %; it may be looked at as often as one likes')] : null,
        checks(x.checks, waitsFor),
        h('div', { class: 'actions' }, action('Promote the challenger', () => void this.promote(x.challenger.label), { tone: 'main', why: x.checks.some(waitsFor) ? `Open: ${x.checks.filter(waitsFor).map((c) => words(c.name)).join(', ')}.` : undefined })),
      ] : [empty('No experiment runs.', 'A version that is ready begins one as a challenger.'), h('div', { class: 'actions' }, action('Promote the challenger', () => {}, { why: 'There is no challenger.' }))]));
  }

  private drawVersions(rows: ModelRow[], more: boolean): Child {
    const why = 'it was not judged on rows that it had not seen';
    return panel('Versions', `${count(rows.length)}${more ? ' read, more there' : ''}`, h('div', { class: 'tall', data: { scroll: 'all-versions' } }, table<ModelRow>('Versions', [
      { name: 'Version', cell: (r) => r.label }, { name: 'Ordinal', num: true, minor: true, cell: (r) => String(r.ordinal) }, { name: 'Type', cell: (r) => words(r.kind || r.type) },
      { name: 'Made, UTC', full: true, cell: (r) => or(r.created_at, (at) => h('span', { class: 'num' }, dateTime(at)), 'the baseline was there before') },
      { name: 'Status', full: true, cell: (r) => [tag(r.traffic > 0 ? 'good' : 'plain', words(r.status)), r.traffic > 0 ? h('span', { class: 'dim num' }, ` ${percent(r.traffic, 0)}`) : null] },
      { name: 'Ready', cell: (r) => r.ready ? tag('good', 'yes', r.why) : tag('warn', 'no', r.why) },
      { name: 'Samples', num: true, cell: (r) => or(r.samples, count, 'not told') },
      { name: 'AUC', num: true, cell: (r) => or(r.auc, (v) => num(v, 3), why) }, { name: 'ECE', num: true, title: 'Expected calibration error', cell: (r) => or(r.ece, (v) => num(v, 4), why) },
      { name: 'Brier', num: true, cell: (r) => or(r.brier, (v) => num(v, 4), why) }, { name: 'Log loss', num: true, minor: true, cell: (r) => or(r.log_loss, (v) => num(v, 4), why) },
      { name: 'Made by', grow: true, minor: true, cell: (r) => h('span', { class: 'cut', title: r.trigger }, words(r.trigger)) },
    ], rows, { key: (r) => r.id, select: (r) => query({ name: r.label }), selected: (r) => r.label === this.asked || r.label === this.chosen, empty: 'No version has been made yet.' })),
    more ? h('div', { class: 'actions' }, action('Older versions', () => void this.more())) : null);
  }

  private async more(): Promise<void> {
    try {
      const page = await get<DataPage<ModelRow>>(url('/api/models', { limit: Limit, cursor: this.next }), this.signal);
      this.older.push(...page.items);
      this.next = page.next;
      this.show();
    } catch (error) { toast('bad', messageOf(error)); }
  }

  private detail(name: string): void {
    fill(this.detailHost, loading());
    get<ModelDetail>(`/api/models/${encodeURIComponent(name)}`, this.signal).then((m) => { if (this.asked === name) fill(this.detailHost, drawDetail(m)); },
      (e: unknown) => { if (!this.signal.aborted && this.asked === name) fill(this.detailHost, failed(e, () => this.detail(name))); });
  }

  // "What was live at T": build, configuration and feed are those of the session that ran then; the model is in the history.
  private then(): HTMLElement {
    const answer = h('div', { aria: { live: 'polite' } }, h('p', { class: 'quiet' }, 'Give an instant to see which model judged then, and why.'));
    const input = h('input', { id: 'at', type: 'datetime-local', attrs: { step: '1' }, value: (this.at || (now.overview?.now ?? new Date().toISOString())).slice(0, 19) });
    const show = (): void => {
      if (!input.value) return;
      const at = `${input.value.length === 16 ? `${input.value}:00` : input.value}Z`;
      query({ at: input.value });
      get<LiveThen>(url('/models/history', { at }), this.signal).then(({ live }) => fill(answer, facts([
        ['Judged', live.champion ? h('b', null, live.champion.label) : h('span', { class: 'dim' }, 'nothing')], ['Challenger', live.challenger ? `${live.challenger.label} at ${percent(live.share, 0)}` : h('span', { class: 'dim' }, 'none')],
        ['Since', live.since ? `${dateTime(new Date(live.since).toISOString())} UTC` : 'the beginning'], ['Why', live.why], ['Line of history', live.line ? count(live.line) : unknown('no line made it so')],
      ])), (e: unknown) => { if (!this.signal.aborted) fill(answer, h('p', { class: 'form-error', role: 'alert' }, messageOf(e))); });
    };
    if (this.at) show();
    return panel('What was live at', null, h('form', { class: 'inline', on: { submit: (e) => { e.preventDefault(); show(); } } }, h('label', { for: 'at' }, 'Instant, UTC'), input, h('button', { type: 'submit' }, 'Show')), answer);
  }

  private async promote(label: string): Promise<void> {
    await ask({ title: `Let ${label} judge everything?`, confirm: 'Promote', danger: true, text: 'The challenger takes the champion\u2019s place at the next batch. Rolling back is possible afterwards.', fields: [{ name: 'confirm', label: `Type the version: ${label}`, mustBe: label }] }, async ({ confirm = '' }) => {
      await post('/models/promote-winner', { model_type: 'meta_label', confirm });
      toast('good', `${label} is promoted.`);
      void this.source.read();
    });
  }

  private async rollBack(): Promise<void> {
    await ask({ title: 'Go back to the version before?', confirm: 'Roll back', danger: true, text: `What judges now: ${this.data?.live.model.label ?? 'not known'}. ${this.data?.experiment ? 'The running experiment ends; a version that you name also judges alone, pinned.' : 'The version before judges then, pinned: nothing takes its place by itself.'}`, fields: [{ name: 'version', label: this.data?.experiment ? 'Version (empty: only end the experiment)' : 'Version (empty for the one before)', optional: true }] }, async ({ version = '' }) => {
      const answer = await post<{ live?: { champion?: { label: string }; pinned?: boolean } }>('/models/rollback', { model_type: 'meta_label', ...(version && { version }) });
      toast('good', answer?.live?.champion ? `${answer.live.champion.label} judges${answer.live.pinned ? ', pinned' : ''}.` : 'Rolled back.');
      void this.source.read();
    });
  }

  private async unpin(): Promise<void> {
    await ask({ title: 'Let other versions take its place again?', confirm: 'Unpin', text: 'A newer version that is ready may challenge it then, and refreshes of the online learner take its place.', fields: [] }, async () => {
      await post('/models/unpin', { model_type: 'meta_label' });
      toast('good', 'It is pinned no longer.');
      void this.source.read();
    });
  }

  private async train(): Promise<void> { await trainNow(() => void this.source.read()); }
}

/** What a retrain does, in one sentence, for beside its button. */
export function trainNote(): string {
  return `A retrain on all kept samples, in the background: about a second for each 10,000 of them. A ready version begins as challenger with 20 % of the opportunities, unless registry.challengerShare says otherwise.`;
}

/** Asks for a retrain after a question. */
export async function trainNow(then: () => void): Promise<void> {
  await ask({
    title: 'Train a version now?', confirm: 'Train', fields: [], text: h('ol', { class: 'steps' }, [
      'A full retrain on all kept samples, in the background. It usually takes about a second for each 10,000 samples, more on a busy machine; trading goes on meanwhile. With too few samples, or none new since the last full retrain, the online learner as it stands is made a version instead, which takes the place of the one before like each of its refreshes.',
      'The version is judged on samples that it has not seen. Where it is not ready it is kept and only watched: it decides nothing.',
      `Where it is ready it begins as challenger with 20 % of the opportunities, unless registry.challengerShare says otherwise; the champion judges the rest. With every check passed that becomes 50 %, then all of them: a day and 1,000 outcomes at the least, unless set otherwise.`,
      'While another experiment runs, or the champion is pinned, it waits. Roll back takes any version out again.',
    ].map((step) => h('li', null, step))),
  }, async () => {
    const answer = await post<{ message?: string; text?: string; detail?: string }>('/api/ml/train?model_type=meta_label', {});
    toast('good', answer?.text ?? answer?.message ?? answer?.detail ?? 'Training has begun.');
    then();
  });
}

// What cannot be told holds a challenger back, but for this one: there may be no trees to compare with. A version's own checks hold it back only when they fail.
const MayBeUnknown = new Set(['stable_importance']);
function waitsFor(c: Check): boolean { return c.passed === false || c.passed === undefined && !MayBeUnknown.has(c.name); }
function hasFailed(c: Check): boolean { return c.passed === false; }

function checks(list: readonly Check[], blocks: (check: Check) => boolean): Child {
  const state = (c: Check): HTMLElement => c.passed ? tag('good', 'passed') : blocks(c) ? tag('warn', 'open', 'It must pass first') : tag('plain', 'not needed', 'It cannot be told, and holds nothing back');
  return h('ul', { class: 'checks' }, list.map((c) => h('li', null, state(c), h('span', null, h('b', null, words(c.name)), ' ', plain(c)))));
}

/** A champion within the band of break-even [bps]: a share of what it makes says nothing. */
const LeastBase = 0.5;
const GainWords = /^(-?[\d.]+) against (-?[\d.]+) net bps for each opportunity: [+-][\d.]+%; at least (.+)$/;

/** The text of a check; a gain is told in bps and money, and as a share only where there is something to be a share of. */
function plain(c: Check): string {
  const said = c.name === 'net_bps_gain' ? GainWords.exec(c.text) : null;
  if (!said) return c.text;
  const challenger = Number(said[1]), champion = Number(said[2]), more = challenger - champion;
  const share = shareOf(more, champion, LeastBase);
  return `${num(challenger)} against ${num(champion)} net bps for each opportunity: ${signed(more)} bps, ${onTraded(more)}; `
    + `${share === undefined ? 'as a share n/a, the champion makes next to nothing' : `${more > 0 ? '+' : ''}${share}${share.endsWith('%') ? ' of' : ''} what the champion makes`}; at least ${said[3]}`;
}

function onTraded(bps: number): string { return `${signed(bps)} USD on each 10,000 USD traded`; }

function drawDetail(m: ModelDetail): HTMLElement {
  const most = Math.max(1e-9, ...m.importance.map((i) => i.share));
  return panel(`Version ${m.label}`, m.ready ? tag('good', 'ready') : tag('warn', 'not ready'), h('p', { class: 'note' }, m.why), h('div', { class: 'columns third' },
    h('div', null, h('h3', null, 'Reliability'), m.reliability.length ? [reliability(m.reliability), h('p', { class: 'axis-note' }, 'On the diagonal it keeps its word; a dot\u2019s size is its count, the line its 95 % interval')] : empty('There is no reliability curve.', 'It comes from rows that the version had not seen.')),
    h('div', null, h('h3', null, 'Importance', m.importance_change === undefined ? null : h('span', { class: 'panel-note' }, `changed by ${percent(m.importance_change)} since the version before`)),
      m.importance.length ? h('div', { class: 'contributions' }, m.importance.slice(0, 14).map((i) => h('div', { class: 'contribution no-value' }, h('span', { title: i.feature }, words(i.feature)), h('span', { class: 'ahead', aria: { hidden: 'true' } }, h('i', { style: { 'inline-size': `${i.share / most * 100}%` } })), h('span', { class: 'r num' }, percent(i.share), i.change === undefined ? null : h('span', { class: 'dim' }, ` ${signed(i.change * 100, 1)}`))))) : empty('It tells no importance.')),
    h('div', null, h('h3', null, 'Checks'), m.checks.length ? checks(m.checks, hasFailed) : empty('No check was made.'), h('h3', null, 'Lineage'), facts(m.lineage.map((l): [string, Child] => [words(l.name), h('span', { class: 'break' }, l.value)])))));
}

