// The administrator's page: reads the server every two seconds and shows what it says.
import * as api from './api.js';
import { byId, element, fact } from './dom.js';
import { milliseconds, parse, percentile, short, total } from './figures.js';
import { Plot } from './plot.js';
import { RoomPanel } from './room.js';

const kInterval = 2000;
const kRows = 500; // rooms shown at a time

const plot = new Plot(byId('plot'), ['ack p50', 'ack p99', 'commit p99']);
const panel = new RoomPanel();
let last = null; // {time, reading, rooms: name -> serverSeq}
let rooms = [];

function say(state, text) {
  byId('health').dataset.state = state;
  byId('health').textContent = text;
}

function showFigures(before, now, seconds) {
  const rate = (name, labels) =>
    (total(now, name, labels) - total(before, name, labels)) / seconds;
  const latency = (name, part) => percentile(before, now, `vuer_rtc_${name}_seconds`, part);
  const [p50, p99, commit] = [latency('ack', 0.5), latency('ack', 0.99), latency('commit', 0.99)];
  plot.add([p50, p99, commit]);
  const accepted = { mtype: 'crdt', result: 'ok' };
  const cpu = rate('process_cpu_seconds_total') * 100;
  byId('figures').replaceChildren(
    fact('connections', short(total(now, 'vuer_rtc_connections'))),
    fact('rooms', short(total(now, 'vuer_rtc_rooms'))),
    fact('messages in', `${short(rate('vuer_rtc_frames_received_total', accepted))}/s`),
    fact('frames out', `${short(rate('vuer_rtc_frames_sent_total'))}/s`),
    fact('bytes out', `${short(rate('vuer_rtc_sent_bytes_total'), 'B')}/s`),
    fact('ack p99', milliseconds(p99)),
    fact('waiting for readers', short(total(now, 'vuer_rtc_queued_bytes'), 'B')),
    fact('memory', short(total(now, 'process_resident_memory_bytes'), 'B')),
    fact('processor', `${cpu.toFixed(1)} %`),
  );
}

function roomRow(room, perSecond) {
  const open = element('button', { type: 'button', onclick: () => choose(room) }, [room.id]);
  const cells = [room.members, room.serverSeq, room.journalLength, short(perSecond)];
  return element('tr', { 'aria-current': String(room.id === panel.name) }, [
    element('td', { title: room.id }, [open]),
    ...cells.map((content) => element('td', {}, [String(content)])),
  ]);
}

function showRooms() {
  const wanted = byId('filter').value.toLowerCase();
  const fitting = rooms.filter(({ room }) => room.id.toLowerCase().includes(wanted));
  const focused = document.activeElement?.closest?.('#rooms tr')?.rowIndex;
  byId('rooms').replaceChildren(
    ...fitting.slice(0, kRows).map(({ room, perSecond }) => roomRow(room, perSecond)),
  );
  if (focused !== undefined) byId('rooms').rows[focused - 1]?.querySelector('button').focus();
  byId('room-count').textContent = `${fitting.length} of ${rooms.length}`;
  byId('no-rooms').hidden = rooms.length !== 0;
}

async function choose(room) {
  await panel.open(room);
  showRooms();
}

/** The open room's facts and members follow it; what somebody reads or has opened stays. */
async function followRoom() {
  const found = rooms.find(({ room }) => room.id === panel.name);
  if (found === undefined) return;
  panel.describe(found.room);
  if (panel.tab === 'members') await panel.refresh();
}

async function look() {
  const time = performance.now();
  const [text, list] = await Promise.all([api.metrics(), api.rooms()]);
  const reading = parse(text);
  const seconds = last === null ? 0 : (time - last.time) / 1000;
  rooms = list.map((room) => {
    const before = last?.rooms.get(room.id);
    const gained = before === undefined ? 0 : Math.max(0, room.serverSeq - before);
    return { room, perSecond: seconds === 0 ? 0 : gained / seconds };
  });
  showFigures(last?.reading ?? reading, reading, seconds === 0 ? 1 : seconds);
  showRooms();
  await followRoom();
  last = { time, reading, rooms: new Map(list.map((room) => [room.id, room.serverSeq])) };
}

async function round() {
  try {
    const { version, uptimeSeconds } = await api.health();
    byId('version').textContent = version;
    await api.ready();
    await look();
    say('good', `up ${Math.floor(uptimeSeconds / 60)} min`);
  } catch (error) {
    say('bad', error.status === undefined ? 'not reached' : error.message);
    if (error.status === 401) askToken(error.message);
  }
}

function askToken(fault = '') {
  if (byId('token-dialog').open) return;
  byId('token-fault').textContent = api.token.get() === '' ? '' : fault;
  byId('token').value = '';
  byId('token-dialog').showModal();
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  element('a', { href: url, download: `${name.replace(/[^\w.-]+/g, '_')}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function askClear() {
  byId('clear-name').value = '';
  byId('clear-fault').textContent = '';
  byId('clear-confirm').disabled = true;
  byId('clear-dialog').showModal();
}

async function clear(event) {
  if (event.submitter?.value !== 'clear') return;
  event.preventDefault();
  try {
    await api.clearRoom(panel.name);
    byId('clear-dialog').close();
    panel.close();
    await round();
  } catch (error) {
    byId('clear-fault').textContent = error.message;
  }
}

function useToken(event) {
  if (event.submitter?.value === 'cancel') return;
  api.token.set(byId('token').value.trim());
  last = null;
  setTimeout(round);
}

byId('sign-in').addEventListener('click', () => askToken());
byId('token-form').addEventListener('submit', useToken);
byId('filter').addEventListener('input', showRooms);
byId('export').addEventListener('click', async () =>
  download(panel.name, await api.exportRoom(panel.name)),
);
byId('refresh').addEventListener('click', () => panel.refresh());
byId('clear').addEventListener('click', askClear);
byId('clear-form').addEventListener('submit', clear);
byId('clear-name').addEventListener('input', ({ target }) => {
  byId('clear-confirm').disabled = target.value !== panel.name;
});

(async () => {
  for (;;) {
    if (!document.hidden) await round();
    await new Promise((done) => setTimeout(done, kInterval));
  }
})();
