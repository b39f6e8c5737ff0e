// Everybody in one room: a native client, two in Node, two pages, all with the same few methods.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { launch, openPage } from '../browser/browser.mjs';
import { NativeClient } from '../native/client.mjs';
import { Person } from './person.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const ROOM = 'mixed';

/** Names and payloads of the registry. */
export function kindsOfOps() {
  const text = readFileSync(join(here, '../../core/ops/registry.def'), 'utf8');
  const rows = text.matchAll(/^OPERATION\(\w+, "([\w.]+)", \w+, (\w+),/gm);
  return [...rows].map(([, name, payload]) => ({ name, payload }));
}

/** The folder that the server serves at /. */
export async function buildSite(folder) {
  const site = join(folder, 'site');
  mkdirSync(site);
  const entryPoints = [join(here, 'page.mjs')];
  const outfile = join(site, 'page.js');
  await build({ entryPoints, outfile, bundle: true, format: 'iife', logLevel: 'silent' });
  const head = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">';
  writeFileSync(join(site, 'index.html'), `${head}<script src="page.js"></script>`);
  return site;
}

/** A person who lives in a page. */
class Visitor {
  constructor(page) {
    this.page = page;
  }

  status() {
    return this.page.evaluate(() => globalThis.person.status());
  }

  acked() {
    return this.page.evaluate(() => globalThis.person.acked());
  }

  write(count) {
    return this.page.evaluate((ops) => globalThis.person.write(ops), count);
  }

  cut() {
    return this.page.evaluate(() => globalThis.person.cut());
  }

  leave() {
    return this.page.evaluate(() => globalThis.person.leave());
  }
}

export class Crowd {
  constructor(server, seed) {
    this.server = server;
    this.seed = seed;
    this.kinds = kindsOfOps();
    this.people = {};
  }

  options(client, number, format = 'msgpack') {
    const { server, seed, kinds } = this;
    const url = server.url.replace('http', 'ws');
    const { port } = server;
    return { url, port, room: ROOM, client, seed: seed * 10 + number, kinds, format };
  }

  async enter() {
    const { people } = this;
    people.native = new NativeClient(this.options('native', 1));
    people.nodeOne = new Person({ ...this.options('node-one', 2), Socket: WebSocket });
    people.nodeTwo = new Person({ ...this.options('node-two', 3), Socket: WebSocket });
    this.browser = await launch();
    people.pageOne = await this.visit(this.options('page-one', 4));
    people.pageTwo = await this.visit(this.options('page-two', 5, 'json'));
    await Promise.all([people.nodeOne.room.synced, people.nodeTwo.room.synced]);
  }

  async visit(options) {
    const page = await openPage(this.browser, this.server.url);
    await page.evaluate((given) => globalThis.enter(given), options);
    return new Visitor(page);
  }

  /** What everybody says, by name. */
  async all(method) {
    const entries = Object.entries(this.people).map(async ([name, one]) => [
      name,
      await one[method](),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }

  digest() {
    return this.server.get(`/api/rooms/${ROOM}/digest`).then((answer) => answer.json());
  }

  journal() {
    return this.server.get(`/api/rooms/${ROOM}/state`).then((answer) => answer.json().journal);
  }

  async leave() {
    await Promise.allSettled(Object.values(this.people).map((one) => one.leave()));
    await this.browser?.close();
  }
}
