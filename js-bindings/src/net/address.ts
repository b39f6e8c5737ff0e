// Where a room is reached, and from where on it is to be told.
import type { Format } from './frames.js';
import type { ResumePoint } from './persist.js';

export interface Visit extends ResumePoint {
  readonly client: string;
  readonly format: Format;
  readonly token: string;
}

export function roomAddress(url: string, room: string, visit: Visit): string {
  const { client, format, token, serverSeq, lastId, epoch } = visit;
  const query = new URLSearchParams({ sessionId: client, format, snapshot: 'compact' });
  if (lastId !== '' && epoch !== '') {
    query.set('since', String(serverSeq));
    query.set('at', lastId);
    query.set('epoch', epoch);
  }
  if (token !== '') query.set('token', token);
  return `${url}/ws/${encodeURIComponent(room)}?${query.toString()}`;
}
