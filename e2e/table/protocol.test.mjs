// Table channels of the running server: addresses, kinds of frames, rights, files, restarts, and
// connections that do not keep up.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import { serverBinary, ServerProcess } from '../server/process.mjs';
import { cell, Line, update } from './peers.mjs';

const A = 'aaaaaaaaaaaaaaaa';
const B = 'bbbbbbbbbbbbbbbb';
const pull = (siteId) => ({ type: 'pull', siteId, version: 0 });
const server = new ServerProcess();
const fileOf = (channel) =>
  join(server.folder, 'tables', `${createHash('sha256').update(channel).digest('hex')}.db`);

before(() => server.start('--max-handshakes-per-second', '0', '--log-level', 'error'));
after(() => server.dispose());

async function enter(channel, options, on = server) {
  const line = new Line(on, channel, options);
  await line.opened;
  const connected = await line.next();
  assert.equal(connected.type, 'connected');
  return { line, connected };
}

test('a connection is greeted at both addresses, and in a default channel', async () => {
  for (const path of ['/', '/table']) {
    const { line, connected } = await enter('test-channel', { path });
    assert.deepEqual(Object.keys(connected).sort(), ['channel', 'siteId', 'type', 'version']);
    assert.equal(connected.channel, 'test-channel');
    await line.close();
  }
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/`);
  const first = await new Promise((done) => socket.once('message', done));
  assert.equal(JSON.parse(first).channel, 'default');
  socket.close();
});

test('bad names of channels get 400, and no name leaves the folder', async () => {
  for (const name of ['', 'a b', 'a/b', 'x'.repeat(129)]) {
    const line = new Line(server, name);
    await assert.rejects(line.opened, /400/);
  }
  const { line } = await enter('..');
  line.send(update(A, 1, [cell(A, 't', 'n', 1, 1)]));
  await line.next((message) => message.type === 'ack');
  await line.close();
  assert.ok(existsSync(fileOf('..')));
  assert.ok(readdirSync(join(server.folder, 'tables')).every((file) => /^[0-9a-f]{64}/.test(file)));
});

test('both kinds of frames are taken, and answered in the kind that was used', async () => {
  const { line } = await enter('kinds', { query: '&binary=1' });
  assert.deepEqual(line.kinds, ['binary']);
  line.send({ type: 'connected' });
  await line.next();
  assert.equal(line.kinds.at(-1), 'text');
  line.socket.send(Buffer.from('{"type":"connected"}'));
  await line.next();
  assert.equal(line.kinds.at(-1), 'binary');
  await line.close();
});

test('clients converge: ack first, others once, nothing leaks to other channels', async () => {
  const [a, b, c, other] = await Promise.all(
    ['todo', 'todo', 'todo', 'else'].map(async (channel) => (await enter(channel)).line),
  );
  for (const line of [b, c, other]) line.send(pull(B));
  for (const line of [b, c, other]) await line.next((message) => message.type === 'update');
  a.send(update(A, 1, [cell(A, 't1', 'title', 'milk', 1)]));
  assert.deepEqual((await a.next()).type, 'ack');
  for (const line of [b, c]) {
    const { changes, version } = await line.next();
    assert.deepEqual(changes, [cell(A, 't1', 'title', 'milk', 1)]);
    assert.equal(version, 1);
  }
  b.send(update(B, 1, [cell(B, 't1', 'title', 'oat', 1, 2)]));
  await b.next((message) => message.type === 'ack');
  assert.equal((await a.next()).changes[0][3], 'oat');
  await sleep(50);
  assert.deepEqual([a.heard, b.heard, other.heard], [[], [], []]);
  assert.notEqual(fileOf('todo'), fileOf('else'));
  for (const line of [a, b, c, other]) await line.close();
});

test('integers of 64 bits and floats without a fraction come back as they were sent', async () => {
  const { line } = await enter('numbers');
  const change = (column, text) => `["todos","[1]","${column}",${text},1,1,"${A}",1,0]`;
  const sent = [change('a', '9223372036854775807'), change('b', '1.0'), change('c', '1')];
  line.socket.send(`{"type":"update","siteId":"${A}","version":1,"changes":[${sent}]}`);
  await line.next((message) => message.type === 'ack');
  const raw = new Promise((done) => line.socket.once('message', (data) => done(String(data))));
  line.send(pull(B));
  const answer = await raw;
  for (const text of sent) assert.ok(answer.includes(text), text);
  await line.close();
});

test('a restart keeps the site id, the rows and what a pull answers', async () => {
  const own = new ServerProcess();
  await own.start();
  const first = await enter('kept', {}, own);
  first.line.send(update(A, 3, [cell(A, 't1', 'title', 'x', 1), cell(A, 't2', 'title', 2.5, 3)]));
  await first.line.next((message) => message.type === 'ack');
  const again = (await enter('kept', {}, own)).line;
  again.send(pull(B));
  const answer = await again.next((message) => message.type === 'update');
  const { siteId } = (await enter('kept', {}, own)).connected;
  await own.kill('SIGKILL');
  await own.start('--port', String(own.port));
  const later = await enter('kept', {}, own);
  assert.equal(later.connected.siteId, siteId);
  assert.equal(later.connected.version, 3);
  later.line.send(pull(B));
  assert.deepEqual(await later.line.next((message) => message.type === 'update'), answer);
  await own.dispose();
});

test('errors are answered, change nothing and leave the connection', async () => {
  const { line } = await enter('errors');
  for (const [frame, code] of [
    ['{oops', 'bad_json'],
    ['{"type":"dance"}', 'bad_type'],
    ['{"type":"update","channel":"x","siteId":"a","version":1,"changes":[]}', 'bad_channel'],
    ['{"type":"update","siteId":"a","version":1,"changes":[[1]]}', 'bad_change'],
  ]) {
    line.socket.send(frame);
    assert.equal((await line.next()).code, code);
  }
  assert.ok(!existsSync(fileOf('errors')));
  line.send(update(A, 1, []));
  const ack = await line.next();
  assert.deepEqual([ack.type, ack.version, ack.held], ['ack', 0, true]);
  await line.close();
});

test('updates over the rate are refused, held, and then everything arrives', async () => {
  const { line } = await enter('flood');
  for (let at = 1; at <= 1100; at += 1) line.send(update(A, at, [cell(A, `t${at}`, 'n', at, at)]));
  const refused = await line.next((message) => message.code === 'rate_limited');
  assert.equal(refused.type, 'error');
  await sleep(1500);
  line.heard.length = 0;
  const all = Array.from({ length: 1100 }, (_, at) => cell(A, `t${at + 1}`, 'n', at + 1, at + 1));
  const closed = await Promise.race([line.closed, sleep(100)]);
  const rest = closed ? (await enter('flood')).line : line;
  rest.send(update(A, 1100, all));
  const ack = await rest.next((message) => message.type === 'ack' && message.version === 1100);
  assert.equal(ack.held, undefined);
  await rest.close();
});

test('a slow and a broken connection do not delay the others', async () => {
  const [writer, slow, broken, good] = await Promise.all(
    [1, 2, 3, 4].map(async () => (await enter('slow')).line),
  );
  slow.socket._socket.pause();
  const value = 'x'.repeat(300_000); // of 80: more than the sockets and the queue hold
  let slowest = 0;
  for (let at = 1; at <= 80; at += 1) {
    if (at === 20) broken.socket.terminate();
    const began = Date.now();
    writer.send(update(A, at, [cell(A, 't', 'n', value + at, at, at)]));
    await good.next((message) => message.type === 'update' && message.version === at);
    slowest = Math.max(slowest, Date.now() - began);
    await writer.next((message) => message.type === 'ack' && message.version === at);
  }
  assert.ok(slowest < 5000, `the slowest took ${slowest} ms`);
  slow.socket._socket.resume();
  const { code } = await slow.closed;
  assert.ok([1006, 1013].includes(code), `closed with ${code}`); // 1006: it did not even read that
  for (const line of [writer, good]) await line.close();
});

test('tokens: 401 without, 403 for others, their channel, no writing for readers', async () => {
  const own = new ServerProcess();
  const key = join(own.folder, 'key');
  writeFileSync(key, 'k'.repeat(40));
  const token = (rooms, right) =>
    execFileSync(serverBinary(), ['token', '--key-file', key, '--rooms', `${rooms}=${right}`], {
      encoding: 'utf8',
    }).trim();
  await own.start('--jwt-hs256-key-file', key);
  const headers = (text) => ({ headers: { authorization: `Bearer ${text}` } });
  await assert.rejects(new Line(own, 'mine').opened, /401/);
  await assert.rejects(new Line(own, 'mine', headers(token('other', 'write'))).opened, /403/);
  const writer = await enter('mine', headers(token('mine', 'write')), own);
  writer.line.send(update(A, 1, [cell(A, 't', 'n', 1, 1)]));
  await writer.line.next((message) => message.type === 'ack');
  const reader = await enter('mine', headers(token('mine', 'read')), own);
  reader.line.send(update(B, 1, [cell(B, 't', 'n', 2, 1)]));
  assert.equal((await reader.line.next()).code, 'forbidden');
  const socket = new WebSocket(`${own.url.replace('http', 'ws')}/`, headers(token('mine', 'read')));
  const first = JSON.parse(await new Promise((done) => socket.once('message', done)));
  assert.equal(first.channel, 'mine');
  socket.close();
  await own.dispose();
});

test('limits: tables, clients of a channel, channels', async () => {
  const own = new ServerProcess();
  await own.start(
    ...['--table-tables', 'todos', '--table-max-clients-per-channel', '2'],
    ...['--table-max-channels', '1'],
  );
  const { line } = await enter('one', {}, own);
  line.send(update(A, 1, [['secrets', '[1]', 'n', 1, 1, 1, A, 1, 0]]));
  assert.equal((await line.next()).code, 'forbidden');
  line.send(update(A, 1, [cell(A, 't', 'n', 1, 1)]));
  await line.next((message) => message.type === 'ack');
  await enter('one', {}, own);
  await assert.rejects(new Line(own, 'one').opened, /503/);
  await assert.rejects(new Line(own, 'two').opened, /503/);
  await own.dispose();
});

test('metrics count connections, messages, changes, refusals and lag', async () => {
  const { line } = await enter('counted');
  line.send(update(A, 1, [cell(A, 't', 'n', 1, 1)]));
  await line.next((message) => message.type === 'ack');
  line.send(pull(B));
  await line.next((message) => message.type === 'update');
  await sleep(400);
  const { body } = await server.get('/metrics');
  const value = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
  assert.ok(value('vuer_rtc_table_connections') >= 1);
  assert.ok(value('vuer_rtc_table_messages_total\\{type="update"\\}') > 0);
  assert.ok(value('vuer_rtc_table_changes_total\\{result="won"\\}') > 0);
  assert.ok(value('vuer_rtc_table_refused_total\\{code="bad_json"\\}') > 0);
  assert.ok(value('vuer_rtc_table_lag_versions') >= 1);
  await line.close();
});
