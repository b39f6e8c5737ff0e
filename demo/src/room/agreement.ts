// Do the page and the server hold the same document? Said only when both speak of the same
// messages.
import type { StatusName } from '@vuer-ai/vuer-rtc/provider';
import type { ServerDigest } from './server_digest';

export type Verdict = 'same' | 'differs' | 'waiting' | 'unknown';

export interface Agreement {
  readonly verdict: Verdict;
  readonly note: string;
}

export interface Facts {
  readonly state: StatusName;
  readonly unacked: number;
  readonly serverSeq: number;
  readonly digest: string;
  readonly server: ServerDigest | undefined;
}

export function judge({ state, unacked, serverSeq, digest, server }: Facts): Agreement {
  if (state !== 'synced') {
    const note = unacked > 0 ? `${count(unacked)} kept until the server is back` : 'No server yet';
    return { verdict: 'unknown', note };
  }
  if (unacked > 0) return { verdict: 'waiting', note: `${count(unacked)} on the way` };
  if (server === undefined) return { verdict: 'unknown', note: 'Asking the server' };
  if (server.digest === digest) return { verdict: 'same', note: 'Same document' };
  if (server.serverSeq !== serverSeq) return { verdict: 'waiting', note: 'Comparing' };
  return { verdict: 'differs', note: 'Different documents' };
}

function count(edits: number): string {
  return edits === 1 ? '1 edit' : `${edits} edits`;
}
