// The line at the foot: connection, edits without an answer, and both digests side by side.
import type { StatusName } from '@vuer-ai/vuer-rtc/provider';
import type { App } from '../app';
import { judge } from '../room/agreement';
import { Fingerprint } from './fingerprint';
import { find, setAttribute, setText } from './make';

const WORDS: Readonly<Record<StatusName, string>> = {
  connecting: 'Connecting',
  syncing: 'Catching up',
  synced: 'Connected',
  offline: 'Offline',
  closed: 'Closed',
};

export class StatusLine {
  private readonly app: App;
  private readonly page = new Fingerprint(find('#digest-page'));
  private readonly server = new Fingerprint(find('#digest-server'));
  private asked = '';

  constructor(app: App) {
    this.app = app;
  }

  update(): void {
    const { room, store, server } = this.app;
    const { state, reason, unacked, serverSeq } = room.status;
    const digest = store.digest();
    const now = `${digest} ${serverSeq} ${unacked} ${state}`;
    if (now !== this.asked) {
      this.asked = now;
      if (state === 'synced' && unacked === 0) server.ask();
    }
    const answer = server.latest;
    this.page.show(digest);
    this.server.show(answer?.digest ?? '');
    const { verdict, note } = judge({ state, unacked, serverSeq, digest, server: answer });
    setAttribute(find('#agreement'), 'data-verdict', verdict);
    setText(find('#agreement-note'), note);
    setAttribute(find('#connection'), 'data-state', state);
    setText(find('#connection-state'), WORDS[state]);
    setAttribute(find('#connection'), 'title', reason);
    setText(find('#unacked'), String(unacked));
    setText(find('#sequence'), String(serverSeq));
  }
}
