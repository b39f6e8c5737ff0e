// `@vuer-ai/vuer-rtc/provider`: a store that is connected to a room of a server.
export { connect } from '../net/connect.js';
export { Room } from '../net/socket.js';
export type { Presence, PresenceEntry } from '../net/presence.js';
export type { PersistAdapter, ResumePoint, SavedRoom } from '../net/persist.js';
export type { ServerFrame } from '../net/frames.js';
export type { ConnectOptions, RoomEvents, RoomStatus, StatusName } from '../net/types.js';
