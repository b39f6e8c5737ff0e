// One WebSocket of Node's own (or of npm ws), driven by lines of JSON as peer.py is:
// peer.mjs builtin|ws URL.
import { createInterface } from 'node:readline';
import { WebSocket as NpmWebSocket } from 'ws';

const [library, url] = process.argv.slice(2);
const Socket = library === 'ws' ? NpmWebSocket : globalThis.WebSocket;
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

const socket = new Socket(url);
socket.binaryType = 'arraybuffer';
socket.onopen = () => say({ open: true });
socket.onmessage = ({ data }) =>
  say({ data: Buffer.from(data).toString('base64'), binary: typeof data !== 'string' });
socket.onerror = () => undefined;
socket.onclose = ({ code, reason }) => {
  say({ closed: code, reason });
  process.stdin.destroy();
};
createInterface(process.stdin).on('line', (line) => {
  const order = JSON.parse(line);
  if (order.close !== undefined) return socket.close(order.close);
  const data = Buffer.from(order.send, 'base64');
  socket.send(order.binary ? data : data.toString());
});
