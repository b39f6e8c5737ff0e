// Tokens: asked for again before they end.
const AHEAD_MS = 30_000;
const LONGEST_TIMER_MS = 0x7fffffff;

export type TokenSource = string | (() => string | Promise<string>);

export async function tokenFrom(source: TokenSource | undefined): Promise<string> {
  return typeof source === 'function' ? await source() : (source ?? '');
}

/** Milliseconds until a JWT should be renewed; undefined when it does not say. */
export function renewIn(token: string, now: number): number | undefined {
  try {
    const body = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { exp } = JSON.parse(atob(body)) as { exp?: unknown };
    if (typeof exp !== 'number') return undefined;
    const left = exp * 1000 - now;
    return Math.min(LONGEST_TIMER_MS, Math.max(left / 2, left - AHEAD_MS, 1_000));
  } catch {
    return undefined; // no JWT: the server says when it is over
  }
}
