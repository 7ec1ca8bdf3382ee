import './style.css';
import { h } from './ui/dom.ts';
import { empty, type Page } from './ui/parts.ts';
import { stream } from './live/stream.ts';
import { get } from './live/api.ts';
import { route } from './router.ts';
import { main, opened, shell } from './shell.ts';
import { overview } from './pages/overview.ts';
import { opportunities } from './pages/opportunities.ts';
import { gates } from './pages/gates.ts';
import { models } from './pages/models.ts';
import { learning } from './pages/learning.ts';
import { performance } from './pages/performance.ts';

const missing: Page = {
  title: 'No such page',
  open: (root) => root.append(empty('There is no page at this address.', 'The pages are listed beside this text.'), h('p', null, h('a', { href: '/' }, 'Go to the overview'))),
};
const pages: Record<string, Page> = { overview, opportunities, gates, models, learning, performance, missing };

shell(new AbortController().signal);
let current: Page | undefined;
let closing = new AbortController();

route(({ page, rest, params }) => {
  const next = pages[page] ?? missing;
  if (next === current && next.change) { next.change(params, rest); return; }
  closing.abort();
  closing = new AbortController();
  const first = current === undefined;
  current = next;
  main.replaceChildren();
  main.className = `page-${page}`;
  opened(page, next.title);
  next.open(main, params, rest, closing.signal);
  if (!first) { scrollTo(0, 0); main.focus({ preventScroll: true }); }
});

// The first numbers do not wait for the socket.
get<unknown>('/api/overview').then((data) => stream.offer(data), () => { /* The stream's polling tells of it. */ });
stream.start();
