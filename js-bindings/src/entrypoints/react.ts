// `@vuer-ai/vuer-rtc/react`: providers and hooks.
export {
  RoomProvider,
  RtcProvider,
  useRoom,
  useStore,
  type RoomProviderProps,
} from '../react/context.js';
export {
  useEdit,
  useGraph,
  useNode,
  usePresence,
  useProperty,
  useStatus,
  useText,
  useUndo,
  type TextValue,
  type Undo,
} from '../react/hooks.js';
export { useSyncedObject } from '../react/synced_object.js';
export type { SyncedObject } from './hooks.js';
