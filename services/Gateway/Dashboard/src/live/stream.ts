// The live stream: one socket, resumed by sequence number, with polling while there is none.
import { get } from './api.ts';
import type { Channel, Instant, Overview, StreamType } from '../contract.ts';

export interface Message<T = unknown> { type: StreamType; data: T; seq: number; ts: Instant }
export type LinkState = { state: 'connecting' | 'live' | 'polling' | 'offline'; text: string; retryAt?: number };

const Channels: Channel[] = ['opportunities', 'predictions', 'executions', 'metrics', 'alerts', 'learning'];
const FirstDelay = 500, LongestDelay = 15_000, PollEvery = 2_000, DefaultHeartbeat = 15;

/** Tells of messages by their type, of `state`, and of `gap` when messages were missed and what is shown must be read again. */
export class Stream {
  link: LinkState = { state: 'connecting', text: 'Connecting' };
  private socket: WebSocket | undefined;
  private session = '';
  private last = 0;
  private attempts = 0;
  private heartbeat = DefaultHeartbeat;
  private watchdog = 0;
  private poll = 0;
  private readonly listeners = new Map<string, Set<(data: never) => void>>();

  on<T>(type: StreamType | 'state' | 'gap', listener: (data: T) => void, signal: AbortSignal): void {
    const set = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, set.add(listener as (data: never) => void));
    signal.addEventListener('abort', () => set.delete(listener as (data: never) => void));
  }

  /** An overview that was read otherwise, as if it had arrived. */
  offer(overview: unknown): void { this.tell('metrics', overview); }

  start(): void {
    this.open();
    addEventListener('online', () => { if (this.link.state !== 'live') this.retryNow(); });
    document.addEventListener('visibilitychange', () => { if (!document.hidden && this.link.state !== 'live') this.retryNow(); });
  }

  retryNow(): void {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    this.attempts = 0;
    this.open();
  }

  private open(): void {
    clearTimeout(this.watchdog);
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/stream`);
    this.socket = socket;
    this.watch(8_000);
    socket.addEventListener('message', (event) => { if (socket === this.socket) this.receive(String(event.data)); });
    socket.addEventListener('close', () => { if (socket === this.socket) this.lost(); });
  }

  // A socket that says nothing for longer than heartbeats allow is dead, whatever its state says.
  private watch(ms: number): void {
    clearTimeout(this.watchdog);
    this.watchdog = window.setTimeout(() => { const dead = this.socket; this.lost(); dead?.close(); }, ms);
  }

  private receive(text: string): void {
    let message: Message<Record<string, unknown>>;
    try { message = JSON.parse(text) as typeof message; } catch { return; }
    this.watch(this.heartbeat * 2_500);
    if (message.type === 'connection') this.greet(message.data);
    else if (typeof message.seq === 'number') this.last = Math.max(this.last, message.seq);
    this.tell(message.type, message.data);
  }

  private greet(data: Record<string, unknown>): void {
    if (data['resumed'] === false && data['command'] === 'subscribe') this.tell('gap', undefined);
    if (data['command'] !== undefined || typeof data['session'] !== 'string') return;
    const same = data['session'] === this.session;
    const first = this.session === '';
    this.session = data['session'];
    if (typeof data['heartbeat_s'] === 'number') this.heartbeat = data['heartbeat_s'];
    if (!same) this.last = 0;
    this.attempts = 0;
    this.socket?.send(JSON.stringify({ command: 'subscribe', id: 'dashboard', channels: Channels, ...(same && this.last > 0 && { since: this.last }) }));
    this.become({ state: 'live', text: 'Live' });
    if (!same && !first) this.tell('gap', undefined);
  }

  private lost(): void {
    clearTimeout(this.watchdog);
    this.socket = undefined;
    const ceiling = Math.min(LongestDelay, FirstDelay * 2 ** this.attempts++);
    const delay = ceiling / 2 + Math.random() * ceiling / 2;
    this.become({ state: this.link.state === 'offline' ? 'offline' : 'polling', text: this.link.state === 'offline' ? 'Offline' : 'Polling', retryAt: Date.now() + delay });
    window.setTimeout(() => { if (!this.socket) this.open(); }, delay);
  }

  private become(link: LinkState): void {
    this.link = link;
    this.tell('state', link);
    if (link.state === 'live') { clearTimeout(this.poll); this.poll = 0; } else if (!this.poll) void this.pollOnce();
  }

  private async pollOnce(): Promise<void> {
    this.poll = window.setTimeout(() => void this.pollOnce(), PollEvery);
    try {
      const overview = await get<Overview>('/api/overview', AbortSignal.timeout(PollEvery * 2));
      if (this.link.state === 'live') return;
      this.become({ ...this.link, state: 'polling', text: 'Polling' });
      this.tell('metrics', overview);
    } catch {
      if (this.link.state !== 'live') this.become({ ...this.link, state: 'offline', text: 'Offline' });
    }
  }

  private tell(type: string, data: unknown): void { this.listeners.get(type)?.forEach((listener) => (listener as (d: unknown) => void)(data)); }
}

export const stream = new Stream();
