// Hooks on a store: each listens to as little as it shows, so that a component renders again only
// when its own node, property or selection changed.
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import { own } from '../core/records.js';
import type { Json } from '../generated/operations.js';
import type { PresenceEntry } from '../net/presence.js';
import type { RoomStatus } from '../net/types.js';
import { changeText, replaceText, setOperation } from '../store/edits.js';
import type { CRDTMessage, Operation, SceneGraph, SceneNode } from '../store/types.js';
import { useRoom, useStore } from './context.js';

const sameGraph = (graph: SceneGraph): SceneGraph => graph;
const unsubscribed = (): void => {};

/** The graph, or what `select` makes of it. */
export function useGraph(): SceneGraph;
export function useGraph<T>(select: (graph: SceneGraph) => T): T;
export function useGraph(select: (graph: SceneGraph) => unknown = sameGraph): unknown {
  const store = useStore();
  const last = useRef<{ graph: SceneGraph; select: unknown; value: unknown }>(undefined);
  const read = (): unknown => {
    const { graph } = store.getState();
    const { current } = last;
    if (current?.graph !== graph || current.select !== select)
      last.current = { graph, select, value: select(graph) };
    return last.current!.value;
  };
  return useSyncExternalStore(
    useCallback((call: () => void) => store.subscribe(call), [store]),
    read,
    read,
  );
}

/** One node; its reader renders again when it changed, whatever else did. */
export function useNode(key: string): SceneNode | undefined {
  const store = useStore();
  const read = (): SceneNode | undefined => store.getNode(key);
  return useSyncExternalStore(
    useCallback((call: () => void) => store.subscribeNode(key, call), [store, key]),
    read,
    read,
  );
}

/** One property, and how to set it: a commit of its own. */
export function useProperty<T = unknown>(
  key: string,
  path: string,
): [value: T | undefined, set: (value: T) => void] {
  const store = useStore();
  const read = (): T | undefined => {
    const node = store.getNode(key);
    return node === undefined ? undefined : (own(node, path) as T | undefined);
  };
  const value = useSyncExternalStore(
    useCallback((call: () => void) => store.subscribePath(key, path, call), [store, key, path]),
    read,
    read,
  );
  const set = useCallback(
    (next: T) => void store.transact(() => store.edit(setOperation(key, path, next as Json))),
    [store, key, path],
  );
  return [value, set];
}

/** Makes one message of some operations. */
export function useEdit(): (...operations: Operation[]) => CRDTMessage | null {
  const store = useStore();
  return useCallback(
    (...operations) => store.transact(() => operations.forEach((op) => store.edit(op))),
    [store],
  );
}

export interface Undo {
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export function useUndo(): Undo {
  const store = useStore();
  const read = (): number => (store.canUndo ? 1 : 0) + (store.canRedo ? 2 : 0);
  const can = useSyncExternalStore(
    useCallback((call: () => void) => store.subscribe(call), [store]),
    read,
    read,
  );
  return useMemo(
    () => ({
      undo: () => void store.undo(),
      redo: () => void store.redo(),
      canUndo: (can & 1) !== 0,
      canRedo: (can & 2) !== 0,
    }),
    [store, can],
  );
}

export interface TextValue {
  readonly text: string;
  /** Sends what differs, so that others' letters stay. */
  readonly set: (text: string) => void;
  readonly insert: (position: number, text: string) => void;
  readonly remove: (position: number, length: number) => void;
}

export function useText(key: string, path: string): TextValue {
  const store = useStore();
  const read = (): string => store.textOf(key, path);
  const text = useSyncExternalStore(
    useCallback((call: () => void) => store.subscribePath(key, path, call), [store, key, path]),
    read,
    read,
  );
  return useMemo(() => {
    const change = (position: number, length: number, value: string): void =>
      changeText(store, key, path, { position, length, value });
    return {
      text,
      set: (next) => replaceText(store, key, path, next),
      insert: (position, value) => change(position, 0, value),
      remove: (position, length) => change(position, length, ''),
    };
  }, [store, key, path, text]);
}

const NOBODY: readonly PresenceEntry<never>[] = [];

/** Who else is in the room, and how to tell them about oneself. */
export function usePresence<T = unknown>(): {
  readonly others: readonly PresenceEntry<T>[];
  readonly set: (state: T | null) => void;
} {
  const room = useRoom();
  const read = (): readonly PresenceEntry<T>[] =>
    (room?.presence.others as readonly PresenceEntry<T>[] | undefined) ?? NOBODY;
  const others = useSyncExternalStore(
    useCallback((call: () => void) => room?.presence.subscribe(call) ?? unsubscribed, [room]),
    read,
    read,
  );
  const set = useCallback((state: T | null) => room?.presence.set(state), [room]);
  return useMemo(() => ({ others, set }), [others, set]);
}

/** The room's connection; undefined before it was opened. */
export function useStatus(): RoomStatus | undefined {
  const room = useRoom();
  const read = (): RoomStatus | undefined => room?.status;
  return useSyncExternalStore(
    useCallback((call: () => void) => room?.on('status', call) ?? unsubscribed, [room]),
    read,
    read,
  );
}
