// What single parts of the dashboard say. Answers that a short run does not give are given by the test; what is tested is the page.

const json = (body, status = 200) => ({ status, contentType: status < 400 ? 'application/json' : 'application/problem+json', body: JSON.stringify(body) });

/** Ranges, zoom and the distance from the peak, by keyboard alone. */
export async function checkEquity({ page, url, check, ensure }) {
  const Start = Date.parse('2026-11-28T00:00:00Z'), Hours = 30;
  const profit = (h) => h === 0 ? -5 : h === 10 ? 200 : h === 20 ? 150 : h === 29 ? 190 : h === Hours ? 180 : 20;
  const points = Array.from({ length: Hours + 1 }, (_, h) => ({ at: new Date(Start + h * 3_600_000).toISOString(), production: `${profit(h)}`, shadow_passed: '-7', shadow_all: '0' }));
  const rows = () => page.evaluate(() => Object.fromEntries([...document.querySelectorAll('table[aria-label="Drawdown"] tbody tr')].map((tr) => [tr.cells[0].textContent, [...tr.cells].slice(1).map((c) => c.textContent.replaceAll('\u2212', '-'))])));
  await check('the equity chart tells the distance from the peak, in money and as a share, of the range in sight', async () => {
    await page.routeWebSocket('**/stream', () => {});
    await page.route('**/api/equity*', (route) => route.fulfill(json({ currency: 'USD', points, trades: 31 })));
    const overview = await (await fetch(`${url}/api/overview`)).json();
    // The totals of the stream are those of the curve's end.
    await page.route('**/api/overview', (route) => route.fulfill(json({ ...overview, feed_time: points.at(-1).at, profit: { production: '180', shadow_passed: '-7', shadow_all: '0', currency: 'USD' } })));
    await page.goto(`${url}/`);
    await page.waitForFunction(() => document.querySelector('table[aria-label="Drawdown"] tbody td:nth-child(4)')?.textContent.includes('180'), null, { timeout: 10_000 });
    const all = await rows();
    ensure(JSON.stringify(all['Production']) === JSON.stringify(['-20.00', '-10.0 %', '-180.00', '-90.0 %']), JSON.stringify(all));
    ensure(all['Shadow, passed'][0] === '-7.00' && all['Shadow, passed'][1] === 'n/a', `a share of a peak of 0: ${all['Shadow, passed']}`);
  });
  await check('ranges and zoom of the equity chart are there for the keyboard', async () => {
    const range = page.locator('[role=group][aria-label="Range of the equity chart"] button'), pressed = () => range.evaluateAll((list) => list.find((b) => b.getAttribute('aria-pressed') === 'true')?.textContent ?? 'none');
    ensure((await range.allTextContents()).join() === '1 h,1 day,All', 'other ranges');
    await range.first().focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('table[aria-label="Drawdown"] tbody td:nth-child(4)')?.textContent.includes('20.00'));
    const hour = await rows();
    ensure(await pressed() === '1 h' && hour['Production'][2] === '-20.00', JSON.stringify(hour));
    for (const name of ['Zoom in', 'Zoom out', 'Earlier', 'Later']) { await page.locator(`.chart-tools button[aria-label="${name}"]`).focus(); await page.keyboard.press('Space'); }
    ensure(await pressed() === 'none', 'a range stays pressed that is not shown');
    await page.locator('.chart-tools button[aria-label="Reset the zoom"]').focus();
    await page.keyboard.press('Enter');
    ensure(await pressed() === 'All', await pressed());
  });
}

/** A gate that only advises has blocked nothing. */
export async function checkGates({ page, url, api, check, ensure, shot }) {
  await check('what a gate would have blocked is told apart from what it refused, and never as saved', async () => {
    const court = await api('/api/gates');
    const tally = (good, bad, saved, missed) => ({ good, bad, saved, missed });
    const gate = (name, binds, { good, bad, saved, missed }, would_have_blocked) => ({ ...court.gates[0], name, binds, good_blocks: good, bad_blocks: bad, saved, missed, would_have_blocked, curve: [], blocked_net: undefined });
    const none = tally(0, 0, '0', '0');
    await page.route('**/api/gates', (route) => route.fulfill(json({ ...court, gates: [gate('adviser', [], none, tally(1234, 56, '78.50', '9.25')), gate('guard', ['directional'], tally(21, 4, '33.00', '5.00'), tally(7, 3, '2.00', '1.50')), gate('new_guard', ['directional'], none, none)] })));
    const shown = async (name) => {
      await page.goto(`${url}/ui/gates?gate=${name}`);
      await page.waitForSelector('table[aria-label="Gates"] tbody tr');
      const rows = (label) => page.locator(`table[aria-label="${label}"] tbody tr`).allTextContents();
      return { refusing: await rows('Gates'), advising: await rows('Gates that advise only'), one: await page.locator('main .panel').nth(1).textContent() };
    };
    const adviser = await shown('adviser'), guard = await shown('guard');
    await shot('gates');
    ensure(adviser.refusing.length === 2 && adviser.refusing[0].startsWith('guard') && adviser.refusing[1].startsWith('new guard'), adviser.refusing.join(' | '));
    ensure(adviser.advising.length === 1 && adviser.advising[0].startsWith('adviser') && adviser.advising[0].includes('1,234') && adviser.advising[0].includes('78.50'), adviser.advising.join(' | '));
    ensure((await page.textContent('main')).includes('Advises only: would have blocked'), 'the gates that only advise are not labelled');
    ensure(adviser.one.includes('Advises only: would have blocked') && !/Good blocks|Saved|what it refused/.test(adviser.one), adviser.one);
    ensure(/Good blocks, losers21.*Saved\+33\.00.*Advised only: would have blockedLosers7Winners3Would have saved2\.00/.test(guard.one), guard.one);
  });
}

/** The checks of an experiment. */
export async function checkModels({ page, url, api, check, ensure, shot }) {
  await check('a gain is told in money, a share of nothing as n/a, and what holds nothing back is not open', async () => {
    const models = await api('/api/models?limit=100');
    const name = (label) => ({ id: 'sha256:00', label, ordinal: 1 });
    const text = (champion, share) => `-14.97 against ${champion} net bps for each opportunity: ${share}%; at least +5.0%`;
    const experiment = (gain) => ({ name: 'x', champion: name('v1'), challenger: name('v2'), share: 0.2, since: '2026-11-28T00:00:00Z', outcomes: 12, checks: [{ name: 'net_bps_gain', passed: false, text: gain }, { name: 'latency', text: 'fewer than 100 requests of an arm' }, { name: 'stable_importance', text: 'nothing to compare with; does not block' }] });
    const shown = async (gain) => {
      await page.unrouteAll();
      await page.route('**/api/models?*', (route) => route.fulfill(json({ ...models, experiment: experiment(gain) })));
      await page.goto(`${url}/ui/models`);
      await page.waitForSelector('.checks li');
      return (await page.locator('.panel:has(.versus)').textContent()).replaceAll('\u2212', '-');
    };
    const small = await shown(text('0.20', '-7442.0')), large = await shown(text('1.20', '-1347.5'));
    await shot('experiment');
    ensure(!/7,?442|1,?347/.test(small + large), 'a share that nobody can read');
    ensure(small.includes('-15.17 bps, -15.17 USD on each 10,000 USD traded; as a share n/a'), small);
    ensure(large.includes('-13 times what the champion makes'), large);
    ensure(/not neededstable importance/.test(small) && /openlatency/.test(small) && /Open: net bps gain, latency\./.test(small), small);
  });
}

/** Drift of both kinds, and which window each figure is of. */
export async function checkLearning({ page, url, api, check, ensure, shot }) {
  await check('what a retrain does is told before it is begun', async () => {
    await page.goto(`${url}/ui/learning`);
    await page.click('button:text("Train a version now")');
    const told = await page.textContent('dialog .ask-text');
    for (const said of ['a second for each 10,000 samples', '20 % of the opportunities', 'registry.challengerShare', '1,000 outcomes']) ensure(told.includes(said), `nothing says '${said}'`);
    await shot('train');
    await page.keyboard.press('Escape');
  });
  await check('drift is told by kind, with what decides and PSI in words; figures say their window', async () => {
    const learning = await api('/api/learning');
    const row = (kind, psi, drifted) => ({ kind, feature: 'spread_bps', psi, ks_p: 0.2, wasserstein: 0.1, drifted, history: [{ at: '2026-11-28T00:00:00Z', psi }, { at: '2026-11-28T01:00:00Z', psi }] });
    const told = { ...learning, since: '2026-11-28T09:00:00Z', activity: { ...learning.activity, since: '2026-11-27T23:00:00Z' }, guard: 'the test holds them back', drift: [row('cross_venue', 0.94, false), row('directional', 0.05, true), { ...row('directional', 0.1, false), feature: 'volume' }] };
    await page.route('**/api/learning', (route) => route.fulfill(json(told)));
    await page.goto(`${url}/ui/learning`);
    await page.waitForSelector('.kind table');
    const kinds = await page.locator('.kind').allTextContents();
    ensure(kinds.length === 2 && kinds[0].startsWith('cross venue0 of 1') && kinds[1].startsWith('directional1 of 2'), kinds.join(' | '));
    ensure(kinds[0].includes('within its range') && kinds[0].includes('0.940 much') && kinds[1].includes('0.050 little') && kinds[1].includes('0.100 some'), kinds.join(' | '));
    await page.locator('.kind').nth(1).locator('button').last().click();
    await page.waitForURL(/kind=directional&feature=/);
    await page.locator('.kind').first().scrollIntoViewIfNeeded();
    await shot('drift');
    const text = await page.textContent('main');
    const since = (at) => `since ${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
    const windows = ['Samplesover restarts', `Shadow activitysimulated, ${since(told.activity.since)}`, 'Retrainingover restarts', `Targetstrades ${since(told.activity.since)}`, `Nights${since(told.since)}`, 'all are held back the test holds them back'];
    for (const said of ['What decides:', ...windows, '20 % of the opportunities']) ensure(text.includes(said), `nothing says '${said}'`);
  });
}

/** The API's page. */
export async function checkDocs({ page, url, check, ensure, shot }) {
  await check('the page of the API has its operations in groups', async () => {
    await page.goto(`${url}/docs`);
    await page.waitForSelector('.opblock-tag-section', { timeout: 10_000 });
    const groups = await page.locator('.opblock-tag').evaluateAll((list) => list.map((g) => g.dataset.tag));
    await shot('docs');
    ensure(groups[0] === 'Trading' && groups.length === 8 && !groups.includes('default'), groups.join());
    return groups.join(', ');
  });
}

/** Whether trading has stopped, where a kill or a resume is refused. */
export async function checkSwitch({ page, url, check, ensure, shot }) {
  const problem = (code, more = {}) => ({ title: 'Service Unavailable', status: 503, code, detail: 'the disk is full', ...more });
  const overview = async (on) => ({ ...await (await fetch(`${url}/api/overview`)).json(), kill: on ? { on, reason: 'test' } : { on } });
  await page.routeWebSocket('**/stream', () => {});
  const refused = async (action, answer, standing) => {
    await page.unrouteAll();
    await page.route('**/api/overview', async (route) => standing === undefined ? route.abort() : route.fulfill(json(await overview(standing))));
    await page.route(`**/api/${action}`, (route) => answer ? route.fulfill(json(answer, answer.status)) : route.abort());
    await page.fill('#ask-reason', 'a test');
    if (action === 'resume') await page.fill('#ask-confirm', 'production');
    await page.click('dialog .ask-foot button[type=submit]');
    await page.waitForFunction(() => document.querySelector('dialog .form-error')?.textContent && !document.querySelector('dialog button[type=submit]').matches('[aria-disabled=true]'));
    const said = { title: await page.textContent('#ask-title'), text: await page.textContent('dialog .form-error'), button: await page.textContent('dialog button[type=submit]') };
    ensure(!await page.isVisible('dialog .ask-text'), 'what was asked before still stands there');
    ensure((await page.textContent('.toast:last-child')).includes(said.title), 'no toast says it');
    return said;
  };
  const open = async (on) => {
    await page.unrouteAll();
    await page.route('**/api/overview', async (route) => route.fulfill(json(await overview(on))));
    await page.goto(`${url}/`);
    await page.click(`.kill-box button:text("${on ? 'Resume' : 'Stop'} trading"):not([aria-disabled])`);
    await page.waitForSelector('dialog[open]');
  };
  const say = (told, title, ...parts) => { ensure(told.title === title, told.title); for (const part of parts) ensure(told.text.includes(part), `'${part}' is not in: ${told.text}`); };
  await check('a kill that is not on disk says that trading is stopped, and what to do', async () => {
    await open(false);
    const kept = await refused('kill', problem('not_kept', { event: 'killed', reason: 'a test', at: '2026-11-28T00:00:00Z' }), true);
    await shot('kill-not-kept');
    say(kept, 'Trading is stopped, but that is not on disk.', 'sends no orders', 'do not restart', 'space', 'the disk is full.');
    ensure(kept.button === 'Stop again, to keep it', kept.button);
  });
  await check('a kill that was not taken says that trading goes on, or that nobody can tell', async () => {
    await open(false);
    say(await refused('kill', problem('disk_full'), false), 'Trading goes on: it is not stopped.', 'Free space', 'end the process');
    say(await refused('kill', problem('ledger_waits'), true), 'Trading is stopped.', 'may not be in the ledger', '/health');
    say(await refused('kill', problem('ledger_waits'), undefined), 'Nobody can tell whether trading is stopped.', 'end the process');
    say(await refused('kill', undefined, undefined), 'Nobody can tell whether trading is stopped.', 'The server does not answer.');
  });
  await shot('kill-unknown');
  await check('a resume that is not kept says that trading stays stopped', async () => {
    await open(true);
    say(await refused('resume', problem('not_kept'), true), 'Trading stays stopped.', 'It was not resumed');
    say(await refused('resume', { ...problem('not_killed'), status: 409 }, false), 'Trading is on.');
  });
}
