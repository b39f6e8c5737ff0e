// The page as static files with relative addresses; `npm run dev` passes the rest on to a server.
import { defineConfig } from 'vite';

const server = process.env.RTC_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: './',
  build: { target: 'es2022', chunkSizeWarningLimit: 1500, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': server, '/ws': { target: server, ws: true } } },
  test: { include: ['test/**/*.test.ts'] },
});
