// A react-three-fiber object that follows its node without rendering again.
import { useCallback, useEffect, useRef } from 'react';
import { hooks, type SyncedObject } from '../entrypoints/hooks.js';
import { applyNode, changesOf, type ObjectLike } from '../three/transform.js';
import { useStore } from './context.js';

/**
 * A react-three-fiber object that follows its node without rendering. `ref` goes to the object;
 * `push` edits what a control moved (commit when the drag ends).
 *
 * @example
 * const Box = () => {
 *   const { ref } = useSyncedObject<Mesh>('box');
 *   return <mesh ref={ref} />;
 * };
 */
export function useSyncedObject<T extends ObjectLike>(key: string): SyncedObject<T> {
  const store = useStore();
  const held = useRef<T>(null);
  const show = useCallback(() => {
    const node = store.getNode(key);
    if (node !== undefined && held.current !== null) applyNode(node, held.current);
  }, [store, key]);
  useEffect(() => {
    show();
    return store.subscribeNode(key, show);
  }, [store, key, show]);
  const ref = useCallback(
    (object: T | null) => {
      held.current = object;
      show();
    },
    [show],
  );
  const push = useCallback(() => {
    const node = store.getNode(key);
    if (node === undefined || held.current === null) return;
    const changes = changesOf(node, held.current);
    store.batch(() => changes.forEach((op) => store.edit(op)));
  }, [store, key]);
  return { ref, push };
}

hooks.useSyncedObject = useSyncedObject;
