// The hook for react-three-fiber as the entry for three.js offers it. That entry loads without
// React: the hook itself comes from the entry for React, whose provider it needs anyway.
import { hooks, type SyncedObject } from '../entrypoints/hooks.js';
import type { ObjectLike } from './transform.js';

/**
 * The hook of `@vuer-ai/vuer-rtc/react`, for programs that import it from here.
 *
 * @example
 * const Box = () => {
 *   const { ref } = useSyncedObject<Mesh>('box');
 *   return <mesh ref={ref} />;
 * };
 */
export function useSyncedObject<T extends ObjectLike>(key: string): SyncedObject<T> {
  const hook = hooks.useSyncedObject;
  if (hook === undefined)
    throw new Error('this needs an RtcProvider or a RoomProvider of @vuer-ai/vuer-rtc/react');
  return hook<T>(key);
}
