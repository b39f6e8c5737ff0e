// `@vuer-ai/vuer-rtc/server`: the native server as a child process (Node only).
export { startServer, type RunningServer, type ServerOptions } from '../server/start_server.js';
