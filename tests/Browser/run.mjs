// The dashboard in a real browser, against a real `quadturbo run` on the synthetic market.
//   node run.mjs [--platform PATH of quadturbo.dll] [--url http://host:port] [--shots FOLDER]
// Prints a line for each check and at last "N passed, N failed"; exits with 1 when one has failed.
import { mkdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { audit } from './audit.mjs';
import { openBrowser } from './browser.mjs';
import { checkEquity, checkGates, checkModels, checkLearning, checkDocs, checkSwitch } from './figures.mjs';
import { startPlatform } from './platform.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({ options: { platform: { type: 'string' }, url: { type: 'string' }, shots: { type: 'string' } } });
const Pages = [
  ['overview', '/', 'table[aria-label="Drawdown"]'], ['opportunities', '/ui/opportunities', '.rows-body .row'], ['gates', '/ui/gates', 'table[aria-label="Gates"]'],
  ['models', '/ui/models', 'table[aria-label="Versions"]'], ['learning', '/ui/learning', 'table[aria-label="Triggers"]'], ['performance', '/ui/performance', 'table[aria-label="Latency by stage"]'],
];
const LiveWithin = 3_000, PaintWithin = 1_000, InteractWithin = 100, BundleBytes = 300_000;
let passed = 0, failed = 0;

async function check(name, test) {
  const from = Date.now(), taken = () => `(${((Date.now() - from) / 1000).toFixed(1)} s)`;
  try {
    const note = await test();
    passed++;
    console.log(`  ok    ${name}${note ? `: ${note}` : ''} ${taken()}`);
  } catch (error) {
    failed++;
    console.log(`  FAIL  ${name}: ${String(error?.message ?? error).split('\n').slice(0, 6).join(' | ')} ${taken()}`);
  }
}
function ensure(truth, text) { if (!truth) throw new Error(text); }

const platform = options.url ? { url: options.url, stop: async () => {} } : await startPlatform(options.platform ?? join(here, '../../services/Platform/bin/Release/net10.0/quadturbo.dll'));
const browser = await openBrowser();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
  const page = await context.newPage();
  const complaints = [];
  const listen = (p) => {
    p.on('console', (m) => { if (m.type() === 'error') complaints.push(`${p.url()}: ${m.text()}`); });
    p.on('pageerror', (e) => complaints.push(`${p.url()}: ${e.message}`));
  };
  listen(page);
  const api = async (path) => { const answer = await fetch(platform.url + path); ensure(answer.ok, `${path} answers ${answer.status}`); return answer.json(); };

  await check('opening the one URL shows live numbers within 3 s', async () => {
    const from = Date.now();
    await page.goto(platform.url + '/');
    await page.waitForSelector('.link-pill.live', { timeout: LiveWithin });
    await page.waitForFunction(() => /[1-9]/.test(document.querySelector('[data-figure="detected"] .figure-value')?.textContent ?? ''), null, { timeout: LiveWithin });
    const taken = Date.now() - from;
    ensure(taken < LiveWithin, `it took ${taken} ms`);
    return `${taken} ms`;
  });
  await check('the numbers move without a reload', async () => {
    const before = await page.textContent('[data-figure="detected"] .figure-value');
    await page.waitForFunction((old) => document.querySelector('[data-figure="detected"] .figure-value')?.textContent !== old, before, { timeout: 10_000 });
  });
  await check('the mode and the synthetic market are plainly labelled', async () => {
    const banner = await page.textContent('.banner');
    ensure(/SPRING TRAINING|PAPER/.test(banner) && /synthetic market/i.test(banner), banner);
  });
  for (const [name, path, sight] of Pages) {
    await check(`${name} opens by its link and shows data`, async () => {
      await page.click(`.nav a[data-page="${name}"]`);
      await page.waitForSelector(sight, { timeout: 10_000 });
      ensure(new URL(page.url()).pathname === path, page.url());
      const errors = await page.locator('main .state.error').allTextContents();
      ensure(errors.length === 0, errors.join('; '));
    });
  }
  await check('a filter is in the address and is kept by a reload', async () => {
    await page.goto(`${platform.url}/ui/opportunities`);
    await page.waitForSelector('.rows-body .row');
    await page.selectOption('#f-verdict', 'refused');
    await page.waitForURL(/verdict=refused/);
    await page.reload();
    ensure(await page.inputValue('#f-verdict') === 'refused', 'the filter is gone');
  });
  let life;
  await check('an opportunity opens and shows its whole life', async () => {
    await page.goto(`${platform.url}/ui/opportunities`);
    await page.waitForSelector('.rows-body .row');
    const { items } = await api('/api/opportunities?limit=1&lane=shadow_sim');
    ensure(items.length === 1, 'nothing has been simulated yet');
    life = await api(`/api/opportunities/${items[0].id}`);
    await page.locator('.rows-body .row').first().click();
    await page.waitForSelector('.drawer .gates li');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.drawer', { state: 'detached' });
    await page.goto(`${platform.url}/ui/opportunities/${life.id}`);
    await page.waitForSelector('.drawer .gates li');
    ensure(await page.locator('.drawer .gates li').count() === life.gates.length, 'another number of gates than the API tells');
    ensure((await page.textContent('.drawer')).includes(life.symbol), 'the symbol is not there');
  });

  await compareNumbers(page, api, life);
  await killAndResume(page, api);
  await checkScale(context, listen);
  for (const [name, test] of [['equity', checkEquity], ['gates', checkGates], ['models', checkModels], ['learning', checkLearning], ['docs', checkDocs], ['switch', checkSwitch]]) {
    const own = await context.newPage();
    // A refusal that the test itself sends is an error on the console.
    if (name !== 'switch') listen(own);
    const shot = async (part) => { if (options.shots) { mkdirSync(options.shots, { recursive: true }); await own.screenshot({ path: join(options.shots, `part-${part}.png`) }); } };
    await test({ page: own, url: platform.url, api, check, ensure, shot });
    await own.close();
  }

  for (const theme of ['dark', 'light']) {
    for (const width of [1280, 390]) {
      const sized = await browser.newContext({ viewport: { width, height: 844 }, colorScheme: theme });
      const look = await sized.newPage();
      listen(look);
      for (const [name, path, sight] of [...Pages, ['life', `/ui/opportunities/${life?.id}`, '.drawer .gates li']]) {
        await check(`${name}, ${theme}, ${width} px: contrast, labels, focus order, nothing cut off`, async () => {
          await look.goto(platform.url + path);
          await look.waitForSelector(sight, { timeout: 10_000 });
          if (options.shots) { mkdirSync(options.shots, { recursive: true }); await look.waitForFunction(() => !document.querySelector('.state.loading')); await look.screenshot({ path: join(options.shots, `${name}-${width}-${theme}.png`), fullPage: name !== 'opportunities' && name !== 'life' }); }
          const found = await look.evaluate(audit);
          ensure(found.problems.length === 0, found.problems.slice(0, 6).join('; '));
          return `${found.texts} texts, least contrast ${found.least.toFixed(2)}, ${found.stops} stops`;
        });
      }
      await sized.close();
    }
  }
  await check('the bundle is below 300 kB gzipped', async () => {
    const folder = join(here, '../../services/Gateway/Dashboard/dist');
    let bytes = 0;
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile() && /\.(js|css|html|svg)$/.test(entry.name)) bytes += gzipSync(await readFile(join(entry.parentPath, entry.name)), { level: 9 }).length;
    ensure(bytes > 0 && bytes < BundleBytes, `${bytes} bytes`);
    return `${(bytes / 1000).toFixed(1)} kB`;
  });
  await check('no console error on any page', async () => ensure(complaints.length === 0, complaints.slice(0, 5).join(' | ')));
} catch (error) {
  failed++;
  console.log(`  FAIL  the test itself: ${String(error?.message ?? error).split('\n')[0]}`);
} finally {
  await browser.close();
  await platform.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

/** Ten numbers of the life of an opportunity that is over, and of gates, as shown and as told: those do not move while they are compared. */
async function compareNumbers(page, api, life) {
  const fixed = (value, digits) => Number(value).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const clean = (text) => text.replaceAll('\u2212', '-').replace(/^\+/, '').replaceAll(',', '').trim();
  const compared = [];
  await check('ten displayed numbers are those of the API', async () => {
    ensure(life, 'no opportunity was opened');
    const shown = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('.drawer .facts > div')].reverse().map((row) => [row.querySelector('dt').textContent, row.querySelector('dd .num')?.firstChild?.textContent ?? row.querySelector('dd').textContent])));
    const compare = (name, text, told, digits) => { if (told === undefined) return; compared.push(name); ensure(clean(text) === clean(fixed(told, digits)), `${name}: shown '${text}', told '${told}'`); };
    compare('net edge', shown['Net edge'] ?? '', life.net_bps, 1);
    compare('gross edge', shown['Gross edge'] ?? '', life.gross_bps, 1);
    compare('score', shown['Score'] ?? '', life.score, 4);
    compare('expected net', shown['Expected net'] ?? '', life.expected.net, 2);
    compare('expected gross', shown['Expected gross'] ?? '', life.expected.gross, 2);
    compare('expected fees', shown['Expected fees'] ?? '', life.expected.fees, 2);
    const gates = await page.evaluate(() => [...document.querySelectorAll('.drawer .gates li .gate-numbers')].map((g) => g.firstChild.textContent));
    life.gates.forEach((g, i) => { if (g.value === undefined) return; compared.push(g.name); const digits = Math.abs(g.value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 }; ensure(clean(gates[i]) === clean(g.value.toLocaleString('en-US', digits)) || Number(clean(gates[i])) === 0 && g.value === 0, `${g.name}: shown '${gates[i]}', told '${g.value}'`); });
    ensure(compared.length >= 10, `only ${compared.length} numbers were there to compare: ${compared.join(', ')}`);
    return compared.join(', ');
  });
  await check('the totals of the overview lie between the API\u2019s before and after', async () => {
    const before = await api('/api/overview');
    await page.goto(`${platform.url}/`);
    await page.waitForSelector('[data-lane="4"] .lane-facts dd');
    const read = () => page.evaluate(() => {
      const n = (text) => Number((text ?? '').replaceAll(',', ''));
      const lane = (k) => n(document.querySelector(`[data-lane="${k}"] .lane-facts dd`)?.textContent);
      return { detected: n(document.querySelector('[data-figure="detected"] .figure-value')?.textContent), 4: lane(4), 1: lane(1), 2: lane(2), 3: lane(3) };
    });
    const shown = await read();
    const after = await api('/api/overview');
    ensure(shown.detected >= before.detected && shown.detected <= after.detected, `detected: shown ${shown.detected}, told ${before.detected} to ${after.detected}`);
    for (const lane of before.lanes) {
      const later = after.lanes.find((l) => l.number === lane.number);
      ensure(shown[lane.number] >= lane.processed && shown[lane.number] <= later.processed, `lane ${lane.number}: shown ${shown[lane.number]}, told ${lane.processed} to ${later.processed}`);
    }
  });
}

async function killAndResume(page, api) {
  const reason = 'a test <b>stops</b> it';
  await check('the kill switch asks for a reason, stops trading and shows why', async () => {
    await page.goto(`${platform.url}/`);
    await page.click('.kill-box button:text("Stop trading"):not([aria-disabled])');
    await page.waitForSelector('dialog[open]');
    ensure(await page.getAttribute('dialog .ask-foot button[type=submit]', 'aria-disabled') === 'true', 'it can be sent without a reason');
    await page.fill('#ask-reason', reason);
    await page.click('dialog .ask-foot button[type=submit]');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.waitForSelector('.toast.good');
    await page.waitForFunction((text) => document.querySelector('.banner')?.textContent.includes(text), reason, { timeout: 5_000 });
    ensure((await api('/api/overview')).kill.on === true, 'the API says that it is not thrown');
    ensure(await page.locator('.banner b >> text=stops').count() === 0, 'the reason became markup');
  });
  await check('resuming needs the lane\u2019s name, typed', async () => {
    await page.click('.kill-box button:text("Resume trading")');
    await page.fill('#ask-reason', 'the test is over');
    await page.fill('#ask-confirm', 'produktion');
    ensure(await page.getAttribute('dialog .ask-foot button[type=submit]', 'aria-disabled') === 'true', 'a wrong name is taken');
    await page.fill('#ask-confirm', 'production');
    await page.click('dialog .ask-foot button[type=submit]');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.waitForSelector('.kill-box button:text("Stop trading")', { timeout: 5_000 });
    ensure((await api('/api/overview')).kill.on === false, 'the API says that it is still thrown');
  });
}

/** 100,000 rows, served to the page in pages of 200 by the test itself: what is measured is the page. */
async function checkScale(context, listen) {
  const page = await context.newPage();
  listen(page);
  const Total = 100_000;
  await page.addInitScript((total) => {
    const row = (i) => ({ id: i.toString(16).padStart(32, '0'), at: '2026-11-28T09:00:00.000000Z', symbol: i % 2 ? 'BTC-USD' : '"><img src=x>', kind: 'cross_venue', venues: ['a', 'b'], mode: 'taker_taker', side: 'buy_sell', net_bps: i % 40 - 10, passed: i % 3 > 0, reasons: i % 3 ? [] : ['cost_gate'], model: 'v0.1.1', shadow: { state: 'filled', result: 'win', net: '1.25' } });
    const fetched = window.fetch.bind(window);
    window.fetch = (path, init) => {
      if (!String(path).startsWith('/api/opportunities?')) return fetched(path, init);
      const start = Number(new URL(path, location.href).searchParams.get('cursor') ?? 0), end = Math.min(total, start + 200);
      return Promise.resolve(new Response(JSON.stringify({ items: Array.from({ length: end - start }, (_, i) => row(start + i)), ...(end < total && { next: String(end) }) }), { headers: { 'Content-Type': 'application/json' } }));
    };
  }, Total);
  await check('a page of trades paints within 1 s', async () => {
    await page.goto(`${platform.url}/ui/opportunities`);
    await page.waitForSelector('.rows-body .row');
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity);
    ensure(paint < PaintWithin, `${paint.toFixed(0)} ms`);
    return `${paint.toFixed(0)} ms`;
  });
  await check('100,000 trades scroll with few rows in the document, an interaction within 100 ms', async () => {
    const worst = await page.evaluate(async (total) => {
      const box = document.querySelector('.rows-scroll'), rows = () => Number(document.querySelector('.rows-note')?.textContent.replace(/\D/g, ''));
      const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      for (const end = Date.now() + 120_000; rows() < total && Date.now() < end;) { box.scrollTop = box.scrollHeight; await frame(); }
      const times = [];
      for (let i = 0; i < 40; i++) { const from = performance.now(); box.scrollTop = box.scrollHeight * ((i * 0.618) % 1); await frame(); times.push(performance.now() - from); }
      return { rows: rows(), inDocument: document.querySelectorAll('.rows-body .row').length, worst: times.sort((a, b) => a - b)[37] };
    }, Total);
    ensure(worst.rows >= Total, `only ${worst.rows} rows were read`);
    ensure(worst.inDocument < 120, `${worst.inDocument} rows are in the document`);
    ensure(worst.worst < InteractWithin, `${worst.worst.toFixed(0)} ms`);
    return `${worst.rows} rows, ${worst.inDocument} in the document, p95 ${worst.worst.toFixed(0)} ms`;
  });
  await check('markup in a symbol is text', async () => ensure(await page.locator('main img').count() === 0, 'an image came into being'));
  await page.close();
}
