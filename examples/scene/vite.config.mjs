import { rtcServer } from '../server.mjs';

export default { plugins: [rtcServer()] };
