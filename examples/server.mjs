// For Vite: runs the native server beside the page and passes its connections on to it. With
// RTC_URL a server that runs elsewhere is used.
import { startServer } from '@vuer-ai/vuer-rtc/server';

async function serverUrl() {
  const running = await startServer({ database: 'sqlite:rooms.db' });
  process.on('exit', () => running.process.kill());
  return running.httpUrl;
}

/** @returns {import('vite').Plugin} */
export function rtcServer() {
  return {
    name: 'vuer-rtc-server',
    apply: 'serve',
    async config() {
      const target = process.env.RTC_URL ?? (await serverUrl());
      return { server: { proxy: { '/ws': { target, ws: true } } } };
    },
  };
}
