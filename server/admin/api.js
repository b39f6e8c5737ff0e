// Requests to the server this page came from, with the token of this tab.

const kKey = 'vuer-rtc-admin-token';

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const token = {
  get: () => sessionStorage.getItem(kKey) ?? '',
  set: (value) => sessionStorage.setItem(kKey, value),
};

async function request(path, options = {}) {
  const headers = token.get() === '' ? {} : { Authorization: `Bearer ${token.get()}` };
  const response = await fetch(path, { ...options, headers });
  const body = await response.text();
  if (response.ok) return body;
  let message = `${response.status}`;
  try {
    message = JSON.parse(body).error.message;
  } catch {
    // somebody between us answered
  }
  throw new Refused(response.status, message);
}

const read = async (path) => JSON.parse(await request(path));
const roomPath = (room) => `/api/rooms/${encodeURIComponent(room)}`;

export const health = () => read('/health');
export const ready = () => read('/ready');
export const metrics = () => request('/metrics');
export const rooms = async () => (await read('/api/rooms')).rooms;
export const members = async (room) => (await read(`${roomPath(room)}/members`)).members;
export const exportRoom = (room) => request(`${roomPath(room)}/state?form=compact`);
export const clearRoom = (room) => request(roomPath(room), { method: 'DELETE' });

export const graph = async (room) =>
  (await read(`/api/documents/${encodeURIComponent(room)}`)).currentState;

/** A page of the journal below a serverSeq, newest first. */
export async function history(room, before, limit) {
  const items = new URLSearchParams({ limit, ...(before === undefined ? {} : { before }) });
  return (await read(`${roomPath(room)}/history?${items}`)).entries.reverse();
}
