// The state of a page is in its address: what is seen can be sent as a link.

export interface Address { page: string; rest: string; params: URLSearchParams }
const Pages = ['overview', 'opportunities', 'gates', 'models', 'learning', 'performance'];
let listener: (address: Address) => void = () => {};

export function address(): Address {
  const [, ui, page = '', ...rest] = location.pathname.split('/');
  const known = ui === '' ? 'overview' : ui === 'ui' && page === '' ? 'overview' : ui === 'ui' && Pages.includes(page) ? page : 'missing';
  return { page: known, rest: decodeURIComponent(rest.join('/')), params: new URLSearchParams(location.search) };
}

/** The address of a page with those of `query` that are not empty. */
export function link(page: string, query: Record<string, string | undefined> | URLSearchParams = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of query instanceof URLSearchParams ? query : Object.entries(query)) if (value) search.set(key, value);
  const text = search.toString();
  return `/ui/${page}${text ? `?${text}` : ''}`;
}

export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  listener(address());
}

/** Changes some of the query of this page. */
export function query(change: Record<string, string | undefined>, replace = true): void {
  const params = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(change)) if (value) params.set(key, value); else params.delete(key);
  const text = params.toString();
  go(location.pathname + (text ? `?${text}` : ''), replace);
}

export function route(onChange: (address: Address) => void): void {
  listener = onChange;
  addEventListener('popstate', () => onChange(address()));
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = event.target instanceof Element ? event.target.closest('a') : null;
    if (!anchor || anchor.origin !== location.origin || anchor.target || !(anchor.pathname === '/' || anchor.pathname.startsWith('/ui/'))) return;
    event.preventDefault();
    go(anchor.pathname + anchor.search);
  });
  onChange(address());
}
