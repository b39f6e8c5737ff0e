// The store that connect() makes: its author's name is given out once.
import { createGraph } from '../store/create_graph.js';
import type { GraphStore } from '../store/graph_store.js';
import type { GraphSchema } from '../store/schema.js';
import type { RtcWarning } from '../store/types.js';
import { uniqueClient } from './ids.js';
import type { ConnectOptions } from './types.js';

export function ownStore<S extends GraphSchema>(
  options: ConnectOptions<S>,
  warn: (warning: RtcWarning) => void,
): GraphStore<S> {
  const { client = 'client', onSend, onStateChange, onMessageSent, now } = options;
  const onWarning = (warning: RtcWarning): void => {
    warn(warning);
    options.onWarning?.(warning);
  };
  return createGraph<S>({
    client: uniqueClient(client),
    onSend,
    onStateChange,
    onMessageSent,
    now,
    onWarning,
  });
}
