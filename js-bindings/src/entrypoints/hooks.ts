// Where the entry for React leaves the hook that the entry for three.js offers, too.
import type { ObjectLike } from '../three/transform.js';

/** What `useSyncedObject` gives. */
export interface SyncedObject<T extends ObjectLike> {
  /** For the object's `ref`. */
  readonly ref: (object: T | null) => void;
  /** Edits what a control moved, without a commit. */
  readonly push: () => void;
}

export const hooks: {
  useSyncedObject?: <T extends ObjectLike>(key: string) => SyncedObject<T>;
} = {};
