// Bad frames, bad paths, bad requests: each gets its error or close code, and the server goes on.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, insertNode, message } from './client.mjs';
import { encode } from './msgpack.mjs';
import { ServerProcess } from './process.mjs';

const server = new ServerProcess();
before(async () => {
  const site = join(server.folder, 'site');
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, 'index.html'), '<!doctype html>home');
  writeFileSync(join(site, 'assets', 'core.wasm'), 'wasm');
  writeFileSync(join(site, 'assets', 'app.mjs'), 'export {}');
  writeFileSync(join(server.folder, 'secret.txt'), 'secret');
  symlinkSync(join(server.folder, 'secret.txt'), join(site, 'link.txt'));
  await server.start(
    ...['--static', site, '--allow-origin', 'https://app.example'],
    ...['--max-bytes-per-second', '0'], // one test is faster than a person may be
  );
});
after(() => server.dispose());

async function joined(room, session, options) {
  const client = new Client(server, room, session, options);
  await client.next('state');
  return client;
}

/** Sends bytes over a plain socket and gives what comes until the end or for `wait` ms. */
function raw(bytes, wait = 2000) {
  return new Promise((done) => {
    let text = '';
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(bytes));
    const end = () => {
      socket.destroy();
      done(text);
    };
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', end);
    socket.on('error', end);
    setTimeout(end, wait);
  });
}

test('unreadable frames get an error and the connection stays', async () => {
  const client = await joined('bad', 'c', { query: { snapshot: 'compact' } });
  const texts = [
    '',
    '{',
    'null',
    '[]',
    '{"mtype":"nonsense"}',
    '{"mtype":"crdt"}',
    '{"mtype":"crdt","msg":3}',
    '['.repeat(5000),
    '{"mtype":"sync","filter":"*"}',
    '{"mtype":"crdt","msg":{"id":"c:1","client":"c","lt":1e400}}',
  ];
  for (const text of texts) {
    client.socket.send(text);
    const error = await client.next('error');
    assert.equal(error.msgId, '');
    assert.equal(error.final, true);
    assert.ok(['bad_frame', 'unknown_mtype', 'too_deep'].includes(error.code), error.code);
  }
  client.socket.send(Buffer.from([0xc1]));
  await client.next('error');
  client.socket.send(Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]));
  await client.next('error');
  assert.equal((await client.say(message('c', 1, 1))).serverSeq, 1);
  await client.close();
});

test('bad messages are named and change nothing', async () => {
  const client = await joined('bad-messages', 'c', { query: { snapshot: 'compact' } });
  await client.say(message('c', 1, 1, [insertNode('n')]));
  const before = (await server.get('/api/rooms/bad-messages/digest')).body;
  const good = message('c', 2, 2);
  const changes = [
    { lt: -1 },
    { lt: 1.5 },
    { lt: 2 ** 53 },
    { ts: 'now' },
    { ops: {} },
    { ops: [5] },
    { ops: [{}] },
    { client: '' },
    { clock: { c: -1 } },
    { clock: 7 },
    { id: '' },
    { id: 'x'.repeat(300) },
    { ops: Array.from({ length: 10_001 }, () => ({ ot: 'x' })) },
  ];
  for (const change of changes) {
    client.send({ mtype: 'crdt', msg: { ...good, ...change } });
    const error = await client.next('error');
    assert.equal(error.final, true, JSON.stringify(change).slice(0, 80));
    assert.match(error.code, /^(bad_message|too_many_ops|too_big|forbidden)$/);
  }
  let deep = 1;
  for (let i = 0; i < 66; i += 1) deep = [deep];
  client.send({
    mtype: 'crdt',
    msg: { ...good, ops: [{ ot: 'array.set', key: 'n', path: 'x', value: deep }] },
  });
  assert.match((await client.next('error')).code, /bad_message|too_deep/);
  assert.equal((await server.get('/api/rooms/bad-messages/digest')).body, before);
  await client.say(good);
  await client.close();
});

test('keys of JavaScript power are ordinary data', async () => {
  const client = await joined('keys', 'c');
  const value = JSON.parse('{"__proto__":{"x":1},"constructor":2,"toString":null}');
  const text = JSON.stringify({
    mtype: 'crdt',
    msg: message('c', 1, 1, [
      insertNode('__proto__'),
      { ot: 'object.set', key: '__proto__', path: 'constructor', value },
    ]),
  });
  client.socket.send(text);
  await client.next('ack');
  const state = await server.get('/api/rooms/keys/state');
  assert.ok(state.body.includes('"__proto__":{"x":1}'));
  await client.close();
});

test('a frame over the size limit closes with 1009, invalid UTF-8 with 1007', async () => {
  const big = await joined('big', 'c');
  big.socket.send('x'.repeat((1 << 20) + 1));
  assert.equal((await big.closed).code, 1009);
  const utf8 = await joined('utf8', 'c');
  utf8.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
  assert.equal((await utf8.closed).code, 1007);
  const fits = await joined('fits', 'c');
  fits.socket.send(JSON.stringify({ mtype: 'heartbeat', padding: 'x'.repeat(1_000_000) }));
  await fits.next('heartbeat');
  await fits.close();
});

test('wrong paths close with 4000, missing sessions with 4001', async () => {
  for (const path of [
    '/',
    '/ws',
    '/ws/',
    '/ws/a/b',
    '/other/room',
    '/ws/%ff',
    `/ws/${'x'.repeat(129)}`,
  ]) {
    assert.equal((await new Client(server, '', 'c', { path }).closed).code, 4000, path);
  }
  assert.equal((await new Client(server, 'r', null).closed).code, 4001);
  assert.equal((await new Client(server, 'r', '').closed).code, 4001);
  assert.equal((await new Client(server, 'r', '$server').closed).code, 4001);
});

test('room names are taken verbatim', async () => {
  for (const room of ['a/b', "'; DROP TABLE Document; --", '$gt', '😀', 'x'.repeat(128), '%2e']) {
    const client = await joined(room, 'c', { query: { snapshot: 'compact' } });
    await client.say(message('c', 1, 1));
    assert.equal(
      (await server.get(`/api/rooms/${encodeURIComponent(room)}/digest`)).json?.().serverSeq ?? 0,
      1,
      room,
    );
    await client.close();
  }
});

test('pages of other origins are refused', async () => {
  const verdict = async (origin) => {
    const client = new Client(server, 'origin', 'c', { headers: { origin } });
    const open = await client.opened;
    if (open) await client.close();
    return open;
  };
  for (const origin of [
    `http://127.0.0.1:${server.port}`,
    'http://localhost:3000',
    'https://app.example',
  ])
    assert.equal(await verdict(origin), true, origin);
  for (const origin of [
    'null',
    'https://evil.example',
    'https://app.example.evil',
    'http://localhost.evil',
  ])
    assert.equal(await verdict(origin), false, origin);
});

test('a reader that does not read is closed with 4009 and others go on', async () => {
  const slow = await joined('slow', 'slow');
  const writer = await joined('slow', 'writer', { query: { snapshot: 'compact' } });
  slow.socket._socket.pause();
  const text = 'x'.repeat(200_000);
  for (let i = 1; i <= 60; i += 1)
    await writer.say(
      message('writer', i, i, [{ ot: 'string.set', key: 'n', path: 'x', value: text }]),
    );
  slow.socket._socket.resume();
  const { code } = await slow.closed;
  assert.ok(code === 4009 || code === 1006, `${code}`);
  assert.equal((await server.get('/health')).status, 200);
  await writer.close();
});

test('static files have their types and nothing outside is served', async () => {
  assert.match((await server.get('/')).type, /text\/html/);
  assert.equal((await server.get('/assets/core.wasm')).type, 'application/wasm');
  assert.match((await server.get('/assets/app.mjs')).type, /text\/javascript/);
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/link.txt',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/..%5csecret.txt',
    '/index.html%00.txt',
    '/....//secret.txt',
  ]) {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 40[04]/, path);
    assert.ok(!answer.includes('secret\n') && !answer.endsWith('secret'), path);
  }
});

test('odd requests are answered or cut, never served twice', async () => {
  const start = 'GET /health HTTP/1.1\r\nHost: x\r\n';
  const chunked = 'Transfer-Encoding: chunked\r\n\r\n0';
  const both = 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0';
  const cases = [
    ['GARBAGE', /^$|400/],
    [`GET /health HTTP/1.1\r\nHost: x\r\n${both}`, /400/],
    ['GET /health HTTP/1.1', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nHost: y', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nOrigin: null\r\nOrigin: http://localhost', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000', /413/],
    [`${start}Transfer-Encoding: chunked, chunked\r\n\r\n0`, /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0', /400/],
    ['GET /health HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0', /400/],
    ['GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0', /400/],
    [`${start}${chunked}\r\nOrigin: http://localhost`, /400/],
    [`${start}${chunked}\r\n${'A: b\r\n'.repeat(30_000)}`, /400|^$/],
    [`${start}Connection: close\r\n${chunked}`, /200/],
    [
      'GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      /400/,
    ],
    ['GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0', /400/],
    [`GET /health HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(150)}`, /431/],
    [`${start}${'A: b\r\n'.repeat(99)}x: y`, /431/],
    [`${start}Connection: close\r\n${'A: b\r\n'.repeat(97)}x: y`, /200/],
    [`${start}${'A: b\r\n'.repeat(10_000)}`, /431/],
    [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x`, /431|400/],
    ['DELETE /api/rooms/r HTTP/1.1\r\nHost: x\r\nConnection: close', /403/],
    ['GET /api/rooms/%ff/digest HTTP/1.1\r\nHost: x\r\nConnection: close', /400/],
    ['HEAD /health HTTP/1.1\r\nHost: x\r\nConnection: close', /200 OK(?![\s\S]*uptime)/],
  ];
  for (const [bytes, expected] of cases)
    assert.match(await raw(`${bytes}\r\n\r\n`), expected, bytes.slice(0, 60));
});

test('every byte change of a recorded frame leaves the server up', async () => {
  const client = await joined('fuzz', 'c', { query: { snapshot: 'compact' } });
  const frame = encode({
    mtype: 'crdt',
    msg: message('c', 1, 1, [
      insertNode('n'),
      { ot: 'text.insert', key: 'n', path: 't', position: 0, value: 'hé' },
    ]),
  });
  for (let at = 0; at < frame.length; at += 1) {
    for (const byte of [0x00, 0x7f, 0x80, 0xc1, 0xdd, 0xff]) {
      const changed = Buffer.from(frame);
      changed[at] = byte;
      client.socket.send(changed);
    }
    client.socket.send(frame.subarray(0, at));
  }
  client.send({ mtype: 'sync-check', requestId: 'end' });
  await client.next('sync-status');
  assert.equal((await server.get('/ready')).status, 200);
  await client.close();
});
