// One WebSocket from opening to closing, of whatever kind the runtime has.

/** What a WebSocket of a browser, of Node or of the package `ws` has in common. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}

export type SocketConstructor = new (url: string) => SocketLike;

export interface LinkEvents {
  open(): void;
  message(data: unknown): void;
  /** Called once, whoever closed. */
  close(code: number, reason: string): void;
}

const OPEN = 1;
const ABNORMAL = 1006;

/** The given constructor, the runtime's, or the one of the optional package `ws`. */
export async function findSocket(given: SocketConstructor | undefined): Promise<SocketConstructor> {
  const present = given ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
  if (present !== undefined) return present;
  const name = ['w', 's'].join(''); // bundlers would look for it: browsers never come here
  const module = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as {
    WebSocket: SocketConstructor;
  };
  return module.WebSocket;
}

export class Link {
  private readonly socket: SocketLike;
  private events: LinkEvents | undefined;

  constructor(Socket: SocketConstructor, url: string, events: LinkEvents) {
    this.events = events;
    this.socket = new Socket(url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.events?.open();
    this.socket.onmessage = (event: { data: unknown }) => this.events?.message(event.data);
    this.socket.onclose = (event: { code: number; reason: unknown }) =>
      this.closed(event.code, String(event.reason));
    this.socket.onerror = () => {};
  }

  send(data: string | Uint8Array): boolean {
    if (this.socket.readyState !== OPEN) return false;
    this.socket.send(data);
    return true;
  }

  /** Closes and reports it at once, without waiting for the other side. */
  close(code: number, reason: string): void {
    try {
      this.socket.close(code, reason);
    } catch {
      // already closing
    }
    this.closed(ABNORMAL, reason);
  }

  private closed(code: number, reason: string): void {
    const { events } = this;
    this.events = undefined;
    events?.close(code, reason);
  }
}
