import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const StartsWithin = 60_000, FirstWithin = 60_000;

/** A `quadturbo run` of its own on the synthetic market, at a free port, in a data directory that is gone afterwards. */
export async function startPlatform(assembly) {
  const folder = await mkdtemp(join(tmpdir(), 'quadturbo-browser-'));
  const child = spawn('dotnet', [assembly, 'run', '--urls', 'http://127.0.0.1:0', '--data-dir', folder, '--seed', '7', '--speed', '20'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const over = new Promise((done) => child.once('exit', done));
  const stop = async () => { if (child.exitCode === null) { child.kill('SIGTERM'); await over; } await rm(folder, { recursive: true, force: true }); };
  try {
    const url = await new Promise((found, none) => {
      const timer = setTimeout(() => none(new Error(`it printed no URL within ${StartsWithin / 1000} s: ${said}`)), StartsWithin);
      const hear = (text) => { said += text; const match = /^\s+open\s+(http:\S+?)\/?\s*$/m.exec(said); if (match) { clearTimeout(timer); found(match[1]); } };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => { clearTimeout(timer); none(new Error(`it ended with ${code}: ${said}`)); });
    });
    await firstOutcome(url);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until something has been simulated to its end, so that every page has something to show. */
async function firstOutcome(url) {
  for (const end = Date.now() + FirstWithin; Date.now() < end;) {
    const answer = await fetch(`${url}/api/overview`);
    if (answer.status === 404) throw new Error('this build serves no /api/overview');
    if (answer.ok && (await answer.json()).lanes.some((l) => l.number === 2 && l.processed > 0)) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`nothing was simulated within ${FirstWithin / 1000} s`);
}
