// The sessions of the vectors against the running server: every frame that each connection gets,
// in order, with the clock of the wall.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import { ServerProcess, serverBinary } from '../server/process.mjs';

const vectors = new URL('../../tests/vectors/yjs-updates.json', import.meta.url);
const { sessions } = JSON.parse(readFileSync(vectors, 'utf8'));
const kSilence = 200;

/** A connection that keeps what it hears until somebody asks. */
class Peer {
  heard = [];
  constructor(url) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data, binary) => {
      this.heard.push(binary ? data.toString('hex') : JSON.parse(data));
    });
    this.opened = new Promise((done) => this.socket.on('open', done));
    this.closed = new Promise((done) =>
      this.socket.on('close', (code, reason) => done({ code, reason: String(reason) })),
    );
    this.socket.on('error', () => {});
  }
  async next() {
    for (let i = 0; i < 500 && this.heard.length === 0; i += 1) await sleep(10);
    return this.heard.shift();
  }
}

/** Flags and tokens for what a session's options ask for. */
function setUp(server, options) {
  const flags = [];
  if (options.maxClientsPerRoom) flags.push('--max-clients-per-room', options.maxClientsPerRoom);
  if (options.maxRooms) flags.push('--max-rooms', options.maxRooms);
  if (options.yjsMaxMessageSize) flags.push('--yjs-max-message-size', options.yjsMaxMessageSize);
  if (!options.readOnly) return { flags, tokenOf: () => '' };
  const key = join(server.folder, 'key');
  writeFileSync(key, Buffer.alloc(32, 7).toString('base64'));
  const tokenOf = (name) => {
    const right = options.readOnly.includes(name) ? 'read' : 'write';
    const flagsOfToken = ['token', '--key-file', key, '--rooms', `*=${right}`, '--client', name];
    return String(execFileSync(serverBinary(), flagsOfToken)).trim();
  };
  return { flags: [...flags, '--jwt-hs256-key-file', key], tokenOf };
}

function assertHeard(heard, step) {
  if (step.bytes !== undefined) return assert.equal(heard, step.bytes);
  const expected = JSON.parse(step.text);
  for (const key of Object.keys(expected))
    if (expected[key] === '<any>') expected[key] = heard?.[key];
  assert.deepEqual(heard, expected);
}

async function perform(step, peers, open) {
  const peer = peers[step.to ?? step.from ?? step.silent ?? step.drop ?? step.closed];
  if (step.open) {
    peers[step.open] = open(step.open);
    await peers[step.open].opened;
  } else if (step.waitSeconds) {
    await sleep(step.waitSeconds * 1000);
  } else if (step.from) {
    peer.socket.send(step.text ?? Buffer.from(step.bytes ?? '00'.repeat(step.size), 'hex'));
  } else if (step.to) {
    assertHeard(await peer.next(), step);
  } else if (step.silent) {
    await sleep(kSilence);
    assert.deepEqual(peer.heard, []);
  } else if (step.drop) {
    peer.socket.terminate();
  } else if (step.closed) {
    assert.deepEqual(await peer.closed, { code: step.code, reason: step.reason });
  }
}

async function play(session) {
  const server = new ServerProcess();
  const { flags, tokenOf } = setUp(server, session.options ?? {});
  await server.start(...flags.map(String));
  const open = (name) => {
    const token = tokenOf(name);
    const path = session.path + (token === '' ? '' : `?token=${token}`);
    return new Peer(server.url.replace('http', 'ws') + path);
  };
  const peers = {};
  try {
    for (const step of session.steps) {
      await perform(step, peers, open).catch((error) => {
        throw new Error(`${JSON.stringify(step)}: ${error.message}`);
      });
    }
  } finally {
    for (const peer of Object.values(peers)) peer.socket.terminate();
    await server.dispose();
  }
}

const waits = (session) => session.steps.some((step) => step.waitSeconds);
const waiting = sessions.filter(waits).map((session) => [session, play(session)]);
for (const [, played] of waiting) played.catch(() => {});

for (const session of sessions.filter((one) => !waits(one))) {
  test(`session: ${session.name}`, () => play(session));
}
for (const [session, played] of waiting) test(`session: ${session.name}`, () => played);
