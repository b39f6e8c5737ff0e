// Tokens, rights, rate limits and TLS of the real server.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import WebSocket from 'ws';
import { Client, insertNode, message } from './client.mjs';
import { ServerProcess, serverBinary } from './process.mjs';

const compact = { snapshot: 'compact' };
const server = new ServerProcess();
const keyFile = join(server.folder, 'secret');
writeFileSync(keyFile, 'a secret of more than thirty-two bytes\n');
before(() => server.start('--jwt-hs256-key-file', keyFile, '--log-level', 'debug'));
after(() => server.dispose());

function token(...flags) {
  const made = spawnSync(serverBinary(), ['token', '--key-file', keyFile, ...flags], {
    encoding: 'utf8',
  });
  assert.equal(made.status, 0, made.stderr);
  return made.stdout.trim();
}

const writer = token('--rooms', 'demo=write', '--rooms', 'pub*=read');

async function joined(room, session, bearer, options = {}) {
  const query = { ...compact, token: bearer };
  const client = new Client(server, room, session, { query, ...options });
  client.first = await client.next('state');
  return client;
}

test('a token opens the rooms it names with the right it gives', async () => {
  const alice = await joined('demo', 'alice', writer);
  assert.equal(alice.first.rights, 'write');
  await alice.say(message('alice', 1, 1, [insertNode('n')]));
  const reader = await joined('public', 'alice', writer);
  assert.equal(reader.first.rights, 'read');
  reader.send({ mtype: 'crdt', msg: message('alice', 1, 1, [insertNode('n')]) });
  const error = await reader.next('error');
  assert.deepEqual([error.code, error.final, error.msgId], ['read_only', true, 'alice:1']);
  await Promise.all([alice.close(), reader.close()]);
});

test('without a fitting token the connection is closed with 4003', async () => {
  const bound = token('--rooms', '*=write', '--client', 'bot-*');
  const changed = `${writer.slice(0, -4)}AAAA`;
  for (const [room, session, query] of [
    ['demo', 'alice', {}],
    ['demo', 'alice', { token: '' }],
    ['demo', 'alice', { token: 'x.y.z' }],
    ['demo', 'alice', { token: changed }],
    ['other', 'alice', { token: writer }],
    ['demo', 'alice', { token: bound }],
  ]) {
    const client = new Client(server, room, session, { query });
    assert.equal((await client.closed).code, 4003, `${room} ${session}`);
    assert.equal(client.frames.length, 0);
  }
  const bot = await joined('demo', 'bot-1', bound);
  await bot.close();
});

test('a token travels in the header or as a subprotocol that is never echoed', async () => {
  const headers = { authorization: `Bearer ${writer}` };
  const header = new Client(server, 'demo', 'h', { headers });
  await header.next('state');
  await header.close();
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/demo?sessionId=p`, [
    'vuer-rtc',
    `bearer.${writer}`,
  ]);
  const [first] = await new Promise((done) => socket.once('message', (...all) => done(all)));
  assert.equal(socket.protocol, 'vuer-rtc');
  assert.equal(JSON.parse(first.toString()).mtype, 'state');
  socket.close();
});

test('an expired token ends the connection soon and a newer one keeps it', async () => {
  const short = () => token('--rooms', 'demo=write', '--expires', '3s');
  const ended = await joined('demo', 'ended', short());
  const kept = await joined('demo', 'kept', short());
  kept.send({ mtype: 'auth', token: token('--rooms', 'demo=read') });
  kept.send({ mtype: 'crdt', msg: message('kept', 1, 1) });
  assert.equal((await kept.next('error')).code, 'read_only');
  const began = Date.now();
  const { code } = await ended.closed;
  assert.equal(code, 4003);
  const after3 = Date.now() - began - 3000;
  assert.ok(after3 > -1500 && after3 < 5000, `${after3} ms after it expired`);
  kept.send({ mtype: 'heartbeat' });
  await kept.next('heartbeat');
  kept.send({ mtype: 'auth', token: 'no token' });
  assert.equal((await kept.closed).code, 4003);
});

test('requests need a token with the right, all but the health of the server', async () => {
  const status = async (path, bearer) =>
    (await server.get(path, bearer ? { authorization: `Bearer ${bearer}` } : {})).status;
  assert.equal(await status('/health'), 200);
  assert.equal(await status('/ready'), 200);
  for (const path of ['/api/limits', '/api/stats', '/api/rooms', '/api/rooms/demo/digest']) {
    assert.equal(await status(path), 401, path);
    assert.equal(await status(path, 'x.y.z'), 401, path);
  }
  assert.equal(await status('/api/limits', writer), 200);
  assert.equal(await status('/api/rooms/demo/digest', writer), 200);
  assert.equal(await status(`/api/rooms/demo/digest?token=${writer}`), 200);
  assert.equal(await status('/api/rooms/demo/state', writer), 200);
  assert.equal(await status('/api/rooms/other/digest', writer), 403);
  assert.equal(await status('/api/stats', writer), 403);
  const { limits } = (
    await server.get('/api/limits', { authorization: `Bearer ${writer}` })
  ).json();
  assert.equal(limits['max-depth'], 64);
  assert.equal(limits['max-messages-per-second'], 500);
  const every = token('--rooms', '*=read');
  assert.equal(await status('/api/stats', every), 200);
  const names = async (bearer) =>
    (await server.get('/api/rooms', { authorization: `Bearer ${bearer}` }))
      .json()
      .rooms.map((room) => room.id);
  assert.deepEqual(await names(token('--rooms', 'elsewhere=admin')), []);
  assert.ok((await names(every)).includes('demo'));
});

test('no token and no secret is in the log', () => {
  assert.match(server.errors, /token_refused/);
  const lines = server.errors.trim().split('\n').map((line) => JSON.parse(line));
  for (const line of lines) {
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(['error', 'warn', 'info', 'debug'].includes(line.level));
    assert.match(line.event, /^[a-z_]+$/);
  }
  assert.ok(!server.errors.includes('eyJ'));
  assert.ok(!server.errors.includes('a secret of'));
});

test('too many messages get rate_limited, who goes on is closed with 4008', async () => {
  const own = new ServerProcess();
  try {
    await own.start('--max-messages-per-second', '1', '--max-message-burst', '20');
    const client = new Client(own, 'r', 'c', { query: compact });
    await client.next('state');
    for (let i = 1; i <= 21; i += 1) client.send({ mtype: 'crdt', msg: message('c', i, i) });
    const error = await client.next('error');
    assert.deepEqual([error.code, error.final, error.msgId], ['rate_limited', false, 'c:21']);
    assert.ok(error.retryAfter > 0 && error.retryAfter <= 2000, `${error.retryAfter}`);
    await new Promise((done) => setTimeout(done, 2500));
    await client.say(message('c', 21, 21));
    for (let i = 0; i < 100; i += 1) client.socket.ping();
    const { code, reason } = await client.closed;
    assert.equal(code, 4008);
    assert.match(reason, /^retryAfter=\d+$/);
    assert.equal((await own.get('/api/rooms/r/digest')).json().serverSeq, 21);
  } finally {
    await own.dispose();
  }
});

test('an address may not open connections faster than its limit', async () => {
  const own = new ServerProcess();
  try {
    await own.start('--max-handshakes-per-second', '2', '--max-connections-per-address', '20');
    const clients = Array.from({ length: 10 }, (_, i) => new Client(own, 'r', `c${i}`));
    const opened = (await Promise.all(clients.map((client) => client.opened))).filter(Boolean);
    assert.ok(opened.length >= 2 && opened.length <= 5, `${opened.length}`);
    const refused = clients.find((client) => client.error);
    assert.match(refused.error.message, /429/);
    await new Promise((done) => setTimeout(done, 1000));
    assert.ok(await new Client(own, 'r', 'later').opened);
  } finally {
    await own.dispose();
  }
});

function certificate(folder, name) {
  const files = ['crt', 'key'].map((kind) => join(folder, `${name}.${kind}`));
  const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' ');
  const rest = ['-subj', `/CN=${name}`, '-out', files[0], '-keyout', files[1]];
  const made = spawnSync('openssl', [...words, ...rest]);
  assert.equal(made.status, 0, made.stderr.toString());
  return files;
}

/** The name in the certificate of a port, or the error of the handshake. */
function shown(port, options = {}) {
  return new Promise((done) => {
    const to = { port, host: '127.0.0.1', rejectUnauthorized: false, ...options };
    const socket = tls.connect(to, () => {
      done(socket.getPeerCertificate().subject.CN);
      socket.end();
    });
    socket.on('error', (error) => done(error.code ?? error.message));
  });
}

test('TLS serves rooms, takes a new certificate at SIGHUP, and never a bad one', async () => {
  const own = new ServerProcess();
  try {
    const [cert, key] = certificate(own.folder, 'first');
    await own.start('--tls-cert', cert, '--tls-key', key);
    assert.match(own.url, /^https:/);
    const body = await new Promise((done, fail) => {
      https
        .get(`${own.url}/health`, { rejectUnauthorized: false }, (reply) =>
          reply.on('data', (data) => done(JSON.parse(data))),
        )
        .on('error', fail);
    });
    assert.equal(body.status, 'ok');
    const socket = new WebSocket(`${own.url.replace('https', 'wss')}/ws/r?sessionId=c`, {
      rejectUnauthorized: false,
    });
    const frames = [];
    socket.on('message', (data) => frames.push(JSON.parse(data.toString())));
    await new Promise((done) => socket.once('message', done));
    assert.equal(await shown(own.port), 'first');
    assert.equal(await shown(own.port, { maxVersion: 'TLSv1.2' }), 'first');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    assert.match(await shown(own.port, old), /PROTOCOL|VERSION|ECONNRESET/i);
    const [nextCert, nextKey] = certificate(own.folder, 'second');
    copyFileSync(nextCert, cert);
    copyFileSync(nextKey, key);
    own.child.kill('SIGHUP');
    await new Promise((done) => setTimeout(done, 300));
    assert.equal(await shown(own.port), 'second');
    writeFileSync(cert, 'no certificate');
    own.child.kill('SIGHUP');
    await new Promise((done) => setTimeout(done, 300));
    assert.equal(await shown(own.port), 'second');
    assert.match(own.errors, /certificate_not_loaded/);
    socket.send(JSON.stringify({ mtype: 'crdt', msg: message('c', 1, 1, [insertNode('n')]) }));
    await new Promise((done) => socket.once('message', done));
    assert.equal(frames.at(-1).mtype, 'ack');
    const closed = new Promise((done) => socket.once('close', done));
    socket.close(1000);
    assert.equal(await closed, 1000);
    assert.deepEqual(await own.kill('SIGTERM'), { code: 0, signal: null });
  } finally {
    await own.dispose();
  }
});

test('keys and certificates that are no good are named at the start', () => {
  const bad = join(server.folder, 'bad.pem');
  writeFileSync(bad, 'nothing');
  for (const flags of [
    ['--jwt-hs256-key-file', bad],
    ['--jwt-public-key-file', bad],
    ['--jwt-public-key-file', 'missing.pem'],
    ['--tls-cert', bad, '--tls-key', bad],
    ['--tls-cert', bad],
    ['--jwt-hs256-key-file', keyFile, '--allow-anonymous'],
  ]) {
    const done = spawnSync(serverBinary(), ['--port', '0', '--database', 'memory:', ...flags], {
      encoding: 'utf8',
    });
    assert.equal(done.status, 2, flags.join(' '));
    assert.match(done.stderr, /bad\.pem|missing\.pem|--tls-cert|--allow-anonymous/);
  }
});
