// `@vuer-ai/vuer-rtc/provider`: a store that is connected to a room of a server.
export { connect, type ConnectOptions, type Room, type RoomStatus, type StatusName } from '../net/socket.js';
export type { Presence, PresenceEntry } from '../net/presence.js';
