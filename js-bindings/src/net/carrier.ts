// Keeps one WebSocket to a room open: opens it, opens it again after a wait, stops on final close
// codes. Knows nothing of frames.
import { Backoff } from './backoff.js';
import { findSocket, Link, type SocketConstructor } from './link.js';
import { renewIn, tokenFrom, type TokenSource } from './token.js';

export interface CarrierEvents {
  /** Where to connect, asked before every attempt. */
  address(token: string): string;
  connecting(): void;
  opened(): void;
  message(data: unknown): void;
  /** A newer token for the open connection. */
  renewed(token: string): void;
  /** Gone; it will be opened again unless final. */
  lost(reason: string, final: boolean): void;
}

export interface CarrierOptions {
  /** A function is asked again before the token ends, and when the server refuses it. */
  token?: TokenSource;
  /** A constructor to use in place of the runtime's. */
  WebSocket?: SocketConstructor;
}

const SLOW_RETRY_MS = 15_000;
const FINAL_CODES: ReadonlySet<number> = new Set([1007, 1009, 4000, 4001, 4003, 4010]);
const TOKEN_REFUSED = 4003;
const ROOM_FULL = 4004;

export class Carrier {
  private readonly options: CarrierOptions;
  private readonly events: CarrierEvents;
  private readonly backoff = new Backoff();
  private readonly cleanups: (() => void)[] = [];
  private link: Link | undefined;
  private waiting = false;
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CarrierOptions, events: CarrierEvents) {
    this.options = options;
    this.events = events;
    this.watchRuntime();
  }

  get connected(): boolean {
    return this.link !== undefined;
  }

  start(): void {
    void this.open();
  }

  /** False when it cannot be sent now. */
  send(data: string | Uint8Array): boolean {
    return this.link?.send(data) === true;
  }

  /** The connection works: the next wait is short again. */
  settled(): void {
    this.backoff.reset();
  }

  /** Connects again at once. */
  renew(reason: string): void {
    const { link } = this;
    this.link = undefined;
    link?.close(4900, reason);
    void this.open();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.renewal);
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    const { link } = this;
    this.link = undefined;
    link?.close(1000, 'leaving');
  }

  private async open(): Promise<void> {
    this.waiting = false;
    clearTimeout(this.timer);
    this.events.connecting();
    try {
      const Socket = await findSocket(this.options.WebSocket);
      const token = await tokenFrom(this.options.token);
      if (this.stopped || this.link !== undefined) return;
      const link: Link = new Link(Socket, this.events.address(token), {
        open: () => this.events.opened(),
        message: (data) => this.events.message(data),
        close: (code, reason) => this.closed(link, code, reason),
      });
      this.link = link;
      this.renewLater(token);
    } catch (fault) {
      this.retry(0, String(fault));
    }
  }

  private renewLater(token: string): void {
    clearTimeout(this.renewal);
    const wait = renewIn(token, Date.now());
    if (typeof this.options.token !== 'function' || wait === undefined) return;
    this.renewal = setTimeout(() => void this.renewToken(), wait);
    (this.renewal as { unref?: () => void }).unref?.();
  }

  private async renewToken(): Promise<void> {
    const token = await tokenFrom(this.options.token).catch(() => '');
    if (token === '' || this.stopped) return;
    this.events.renewed(token);
    this.renewLater(token);
  }

  private closed(link: Link, code: number, reason: string): void {
    if (this.link !== link) return;
    this.link = undefined;
    const renewable = code === TOKEN_REFUSED && typeof this.options.token === 'function';
    if (FINAL_CODES.has(code) && !renewable) this.events.lost(`${code} ${reason}`, true);
    else this.retry(code === ROOM_FULL ? SLOW_RETRY_MS : retryAfter(reason), `${code} ${reason}`);
  }

  private retry(atLeast: number, reason: string): void {
    if (this.stopped) return;
    this.waiting = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), this.backoff.next(isHidden(), atLeast));
    this.events.lost(reason, false);
  }

  /** At once when the network is back or the page becomes visible. */
  private watchRuntime(): void {
    const wake = (): void => {
      if (this.waiting && !isHidden()) void this.open();
    };
    const { document } = globalThis as { document?: Partial<EventTarget> };
    this.listen(globalThis as Partial<EventTarget>, 'online', wake);
    this.listen(document, 'visibilitychange', wake);
  }

  private listen(target: Partial<EventTarget> | undefined, event: string, call: () => void): void {
    if (typeof target?.addEventListener !== 'function') return;
    target.addEventListener(event, call);
    this.cleanups.push(() => target.removeEventListener?.(event, call));
  }
}

function retryAfter(reason: string): number {
  return Number(/retryAfter=(\d+)/.exec(reason)?.[1] ?? 0);
}

function isHidden(): boolean {
  const { document } = globalThis as { document?: { visibilityState?: string } };
  return document?.visibilityState === 'hidden';
}
