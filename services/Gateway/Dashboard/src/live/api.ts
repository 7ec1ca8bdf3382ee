// Requests. The API key lives in this tab's session storage only.

const KeyName = 'quadturbo-key';
export const keyChanged = new EventTarget();

export function apiKey(): string { try { return sessionStorage.getItem(KeyName) ?? ''; } catch { return ''; } }

export function setApiKey(key: string): void {
  try { if (key) sessionStorage.setItem(KeyName, key); else sessionStorage.removeItem(KeyName); } catch { /* Storage is off: the key is asked for again. */ }
  keyChanged.dispatchEvent(new Event('change'));
}

/** What the server said when it refused: RFC 9457. */
export class Refused extends Error {
  constructor(readonly status: number, message: string, readonly code: string | undefined, readonly body: Record<string, unknown>) { super(message); }
}

/** Asks for the key; resolves to false when the user gives none. The shell sets it. */
export const keyPrompt: { ask: () => Promise<boolean> } = { ask: () => Promise.resolve(false) };

async function send<T>(method: string, path: string, body: unknown, signal: AbortSignal | undefined, mayAsk: boolean): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (apiKey()) headers['X-Api-Key'] = apiKey();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(path, { method, headers, cache: 'no-store', credentials: 'same-origin', ...(signal && { signal }), ...(body !== undefined && { body: JSON.stringify(body) }) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, 'The server does not answer.', undefined, {});
  }
  if (response.status === 401 && mayAsk && await keyPrompt.ask()) return send(method, path, body, signal, false);
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const problem = await response.json().catch(() => ({})) as Record<string, unknown>;
  const detail = [problem['detail'], problem['title']].find((t) => typeof t === 'string' && t !== '') ?? `The server answers ${response.status}.`;
  throw new Refused(response.status, String(detail), typeof problem['code'] === 'string' ? problem['code'] : undefined, problem);
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> { return send('GET', path, undefined, signal, true); }
export function post<T>(path: string, body: unknown): Promise<T> { return send('POST', path, body, undefined, true); }

/** `path` with those of `query` that are not empty. */
export function url(path: string, query: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(key, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** What an error is to a reader. */
export function messageOf(error: unknown): string {
  if (error instanceof Refused) return error.status === 404 && Object.keys(error.body).length === 0 ? 'This server does not have that page of data yet (404).' : error.message;
  return error instanceof Error ? error.message : String(error);
}
