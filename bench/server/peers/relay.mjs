// The least a server can do: every message goes to all others. PORT names where it listens.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.env.PORT) });
server.on('connection', (sender) => {
  sender.on('message', (data, binary) => {
    for (const other of server.clients) if (other !== sender) other.send(data, { binary });
  });
});
