// Wrong use that the compiler finds.
import { createGraph, deserialize, type ClientState, type SceneNode } from '@vuer-ai/vuer-rtc';
import { connect } from '@vuer-ai/vuer-rtc/provider';

const store = createGraph({ client: 'a' });
const state: ClientState = store.getState();
const node: SceneNode = state.graph.nodes['n']!;
// @ts-expect-error a string is no number
store.edit({ ot: 'number.add', key: 'n', path: 'p', value: 'one' });
// @ts-expect-error no such operation
store.edit({ ot: 'number.subtract', key: 'n', path: 'p', value: 1 });
// @ts-expect-error a path is missing
store.edit({ ot: 'number.add', key: 'n', value: 1 });
// @ts-expect-error two numbers are no vector
store.edit({ ot: 'vector3.add', key: 'n', path: 'p', value: [1, 2] });
// @ts-expect-error a move names two nodes
store.edit({ ot: 'node.move', key: 'n', value: { nodeKey: 'm' } });
// @ts-expect-error an undo names a message
store.edit({ ot: 'meta.undo', key: '_meta', path: '_meta' });
// @ts-expect-error no such order of axes
store.edit({ ot: 'vector3.applyEuler', key: 'n', path: 'p', value: [0, 0, 0], order: 'XXZ' });
// @ts-expect-error a client is a string
createGraph({ client: 7 });
// @ts-expect-error no such option
createGraph({ client: 'a', onsend: () => {} });
// @ts-expect-error nodes are read-only
node.tag = 'Box';
// @ts-expect-error the journal is read-only
state.journal.push(state.journal[0]!);
// @ts-expect-error no text is a frame of bytes
deserialize('text');
// @ts-expect-error a room has a name
connect('ws://localhost:8080');
// @ts-expect-error a token is a string or gives one
connect('ws://localhost:8080', 'room', { token: 7 });
