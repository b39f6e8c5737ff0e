// The digest the npm package makes of a law vector's messages, for Node and for a page.
import { createGraph } from '@vuer-ai/vuer-rtc';

export function digestOf(scenario) {
  const store = createGraph({
    client: 'reader~digests', // no author of any vector
    initialSnapshot: scenario.snapshot,
    onWarning: () => {}, // refused messages are part of some vectors
  });
  for (const message of scenario.messages) store.receive(message);
  const digest = store.digest();
  store.dispose();
  return digest;
}
