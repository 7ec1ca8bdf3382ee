// What stands around every page: mode banner, navigation, connection, clock, key, theme and the kill switch.
import { fill, h, say } from './ui/dom.ts';
import { dateTime, time, unknown } from './ui/format.ts';
import { ask, Outcome, tag, toast, toastHost } from './ui/parts.ts';
import { isDark, setTheme, themeChanged } from './ui/theme.ts';
import { apiKey, get, keyChanged, keyPrompt, post, setApiKey } from './live/api.ts';
import { afterKill, afterResume, type SwitchState } from './live/switch.ts';
import { stream, type LinkState } from './live/stream.ts';
import { link } from './router.ts';
import type { Overview } from './contract.ts';

const Nav = [['overview', 'Overview'], ['opportunities', 'Opportunities'], ['gates', 'Gates'], ['models', 'Models'], ['learning', 'Learning'], ['performance', 'Performance']] as const;
const StaleAfter = 5_000, StandingWithin = 3_000;

/** The latest overview that arrived, and when by this machine's clock. */
export const now: { overview?: Overview; at: number } = { at: 0 };

export const main = h('main', { id: 'main', tabindex: -1 });
const heading = h('h1', { class: 'page-title' });
const banner = h('div', { class: 'banner', role: 'region', aria: { label: 'Mode' } });
const linkText = h('span', null, 'Connecting');
const linkPill = h('button', { type: 'button', class: 'link-pill connecting', title: 'The live stream; press to connect now', on: { click: () => stream.retryNow() } }, h('i', { aria: { hidden: 'true' } }), linkText);
const clock = h('span', { class: 'clock num', title: 'The time of the server, UTC' });
const killBox = h('span', { class: 'kill-box' });
const nav = h('nav', { class: 'nav', aria: { label: 'Pages' } }, Nav.map(([page, name]) => h('a', { href: page === 'overview' ? '/' : link(page), data: { page } }, name)));
const themeButton = h('button', { type: 'button', class: 'ghost', on: { click: () => setTheme(isDark() ? 'light' : 'dark') } });
const keyButton = h('button', { type: 'button', class: 'ghost', on: { click: () => void editKey() } });
const version = h('span', { class: 'dim' });
let skew = 0, shownBanner = '', shownKill = '';

/** Puts it into the document. */
export function shell(signal: AbortSignal): void {
  document.body.append(
    h('a', { class: 'skip', href: '#main', on: { click: (e) => { e.preventDefault(); main.focus(); } } }, 'Skip to the page'),
    banner,
    h('header', { class: 'top' },
      h('a', { class: 'brand', href: '/', aria: { label: 'QuadTurbo, overview' } }, h('span', { class: 'mark', aria: { hidden: 'true' } }, h('i'), h('i'), h('i'), h('i')), 'QuadTurbo'),
      linkPill, clock, h('span', { class: 'push' }), keyButton, themeButton, killBox),
    h('div', { class: 'body' }, h('div', { class: 'side' }, nav, h('footer', { class: 'foot' }, version, h('a', { href: '/docs' }, 'API'), ' ', h('a', { href: '/health' }, 'Health'),
      h('p', { class: 'dim' }, 'Charts: ', h('a', { href: 'https://www.tradingview.com/', attrs: { rel: 'noreferrer', target: '_blank' } }, 'TradingView'), ' Lightweight Charts\u2122, uPlot'))), h('div', { class: 'page' }, heading, main)),
    toastHost());
  keyPrompt.ask = () => askKey();
  const paint = (): void => { say(themeButton, isDark() ? 'Light' : 'Dark'); themeButton.setAttribute('aria-label', `Use the ${isDark() ? 'light' : 'dark'} theme`); };
  const key = (): void => { say(keyButton, apiKey() ? 'Key set' : 'Key'); keyButton.title = apiKey() ? 'An API key is kept in this tab until it is closed' : 'Give an API key for actions; it is kept in this tab only'; };
  themeChanged.addEventListener('change', paint);
  keyChanged.addEventListener('change', key);
  paint();
  key();
  kill(undefined);
  stream.on<Overview>('metrics', take, signal);
  stream.on<LinkState>('state', () => tick(), signal);
  setInterval(tick, 500);
  tick();
}

/** Names the page that is open. */
export function opened(page: string, title: string): void {
  say(heading, title);
  document.title = `${title} · QuadTurbo`;
  for (const a of nav.querySelectorAll('a')) if (a.dataset['page'] === page) a.setAttribute('aria-current', 'page'); else a.removeAttribute('aria-current');
}

function take(overview: Overview): void {
  now.overview = overview;
  now.at = Date.now();
  skew = Date.parse(overview.now) - Date.now();
  const text = JSON.stringify([overview.mode, overview.mode_text, overview.synthetic, overview.feed, overview.kill]);
  if (text !== shownBanner) { shownBanner = text; mode(overview); }
  kill(overview);
  // Of a build's commit, seven digits are enough to read; the whole is what the pointer shows.
  say(version, `v${overview.version.replace(/(\+[0-9a-f]{7})[0-9a-f]+$/, '$1')} · ${overview.role}`);
  version.title = overview.version;
  tick();
}

const ModeNames = { spring_training: 'SPRING TRAINING', paper: 'PAPER', live: 'LIVE' } as const;

function mode(o: Overview): void {
  banner.className = `banner ${o.kill.on ? 'killed' : o.mode}`;
  const name = ModeNames[o.mode];
  const detail = o.mode_text.toUpperCase().startsWith(name) ? o.mode_text.slice(name.length).replace(/^[:\s·,-]+/, '') : o.mode_text;
  fill(banner, h('b', null, name), detail ? h('span', null, detail) : null,
    o.synthetic ? h('span', { class: 'synthetic' }, 'Synthetic market: these prices are made up') : h('span', { class: 'dim' }, `Market: ${o.feed}`),
    o.kill.on ? h('span', { class: 'killed-text' }, h('b', null, 'Trading is stopped'), o.kill.reason ? `: ${o.kill.reason}` : '', o.kill.since ? ` (since ${dateTime(o.kill.since)} UTC)` : '') : null);
}

function kill(o: Overview | undefined): void {
  const text = JSON.stringify([o?.kill, o === undefined]);
  if (text === shownKill) return;
  shownKill = text;
  const why = o ? undefined : 'The state of the switch is not known yet.';
  fill(killBox, h('button', {
    type: 'button', class: o?.kill.on ? 'main' : 'danger', data: { key: 'kill' }, title: why, aria: { disabled: why ? 'true' : undefined },
    on: { click: () => { if (!why) void (o?.kill.on ? resume() : stop()); } },
  }, o?.kill.on ? 'Resume trading' : 'Stop trading'));
}

interface Switched { event?: string; at?: string }

async function stop(): Promise<void> {
  await ask({
    title: 'Stop trading?', confirm: 'Stop trading', danger: true,
    text: 'Production takes no new opportunity from now on and cancels what waits. Shadow and training go on. Trading stays stopped over a restart until it is resumed.',
    fields: [{ name: 'reason', label: 'Reason', hint: 'It goes into the ledger.', maxLength: 200 }],
  }, ({ reason = '' }) => turn(() => post<Switched>('/api/kill', { reason }), 'Trading is stopped', afterKill));
}

async function resume(): Promise<void> {
  await ask({
    title: 'Resume trading?', confirm: 'Resume trading', danger: true,
    text: ['Production takes opportunities again, within the limits of its account. ', h('b', null, now.overview?.kill.reason ? `It was stopped: ${now.overview.kill.reason}` : '')],
    fields: [{ name: 'reason', label: 'Reason', hint: 'It goes into the ledger.' }, { name: 'confirm', label: 'Type the lane\u2019s name: production', mustBe: 'production' }],
  }, ({ reason = '', confirm = '' }) => turn(() => post<Switched>('/api/resume', { reason, confirm }), 'Trading is resumed', afterResume));
}

/** Turns the switch; where that was not answered plainly, the server is asked how it stands, and the dialog says so. */
async function turn(send: () => Promise<Switched>, done: string, after: (error: unknown, stopped: boolean | undefined) => SwitchState): Promise<void> {
  let answer: Switched;
  try {
    answer = await send();
  } catch (error) {
    const standing = await get<Overview>('/api/overview', AbortSignal.timeout(StandingWithin)).catch(() => undefined);
    if (standing) stream.offer(standing);
    const state = after(error, standing?.kill.on);
    toast(state.stopped ? 'warn' : 'bad', state.title);
    throw new Outcome(state.title, state.text, state.confirm);
  }
  toast('good', `${done}${answer.at ? ` at ${time(new Date(answer.at).toISOString())} UTC` : ''}.`);
}

function askKey(needed = true): Promise<boolean> {
  return ask({
    title: needed ? 'An API key is needed' : 'Use an API key', confirm: 'Use this key', text: [needed ? 'The server answers 401: this needs a key. ' : 'Actions carry it where the server asks for one. ', 'Make one with ', h('code', null, 'quadturbo keys create NAME'), '. It stays in this tab and is forgotten when the tab is closed.'],
    fields: [{ name: 'key', label: 'API key', type: 'password' }],
  }, ({ key = '' }) => { setApiKey(key); return Promise.resolve(); });
}

async function editKey(): Promise<void> {
  if (!apiKey()) { await askKey(false); return; }
  if (await ask({ title: 'Forget the API key?', confirm: 'Forget it', text: 'Actions ask for it again.', fields: [] }, () => { setApiKey(''); return Promise.resolve(); })) toast('good', 'The key is forgotten.');
}

function tick(): void {
  const { state, text, retryAt } = stream.link;
  const age = now.at ? Date.now() - now.at : 0;
  const stale = state === 'live' && age > StaleAfter;
  linkPill.className = `link-pill ${stale ? 'stale' : state}`;
  const wait = retryAt ? Math.max(0, Math.ceil((retryAt - Date.now()) / 1000)) : 0;
  say(linkText, stale ? `Stale: ${Math.floor(age / 1000)} s old` : wait > 0 && state !== 'live' ? `${text}, reconnects in ${wait} s` : text);
  if (now.at) say(clock, `${new Date(Date.now() + skew).toISOString().slice(0, 19).replace('T', ' ')} UTC`);
  else if (!clock.firstChild) fill(clock, unknown('the server has not told its time yet'));
  document.documentElement.classList.toggle('is-stale', stale || state === 'offline');
}

export function alertTag(code: string): HTMLElement { return tag('warn', code); }
