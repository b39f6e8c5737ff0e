// Hocuspocus as its manual starts it, without storage. PORT names where it listens.
import { Server } from '@hocuspocus/server';

await new Server({ address: '127.0.0.1', port: Number(process.env.PORT), quiet: true }).listen();
