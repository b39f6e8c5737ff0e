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

/**
 * The graph, or what `select` makes of it; a reader renders when that changed. Give the same
 * function each time.
 *
 * @example
 * const count = (all: SceneGraph) => Object.keys(all.nodes).length;
 * const Count = () => <p>{useGraph(count)} nodes</p>;
 */
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

/**
 * One node; its reader renders again when it changed, whatever else did.
 *
 * @example
 * const Name = () => <p>{useNode('box')?.name}</p>;
 */
export function useNode(key: string): SceneNode | undefined {
  const store = useStore();
  const read = (): SceneNode | undefined => store.getNode(key);
  return useSyncExternalStore(
    useCallback((call: () => void) => store.subscribeNode(key, call), [store, key]),
    read,
    read,
  );
}

/**
 * One property, and how to set it: a commit of its own.
 *
 * @example
 * const Size = () => {
 *   const [size, setSize] = useProperty<number>('box', 'size');
 *   return <button onClick={() => setSize(1)}>{size}</button>;
 * };
 */
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

/**
 * Makes one message of some operations.
 *
 * @example
 * const Grow = () => {
 *   const edit = useEdit();
 *   const grow = () => edit({ ot: 'number.add', key: 'box', path: 'size', value: 1 });
 *   return <button onClick={grow}>Grow</button>;
 * };
 */
export function useEdit(): (...operations: Operation[]) => CRDTMessage | null {
  const store = useStore();
  return useCallback(
    (...operations) => store.transact(() => operations.forEach((op) => store.edit(op))),
    [store],
  );
}

/** What useUndo gives. */
export interface Undo {
  /** Takes the own last step back. */
  readonly undo: () => void;
  /** Does it again. */
  readonly redo: () => void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/**
 * Undo and redo of what was done here.
 *
 * @example
 * const Back = () => {
 *   const { undo: back, canUndo } = useUndo();
 *   return <button onClick={back} disabled={!canUndo} />;
 * };
 */
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

/** What useText gives. */
export interface TextValue {
  readonly text: string;
  /** Sends what differs, so that others' letters stay. */
  readonly set: (text: string) => void;
  /** Puts text at a position, in UTF-16 units. */
  readonly insert: (position: number, text: string) => void;
  /** Takes characters out, in UTF-16 units. */
  readonly remove: (position: number, length: number) => void;
}

/**
 * A text, and how to change it.
 *
 * @example
 * const Note = () => {
 *   const { text: note, set } = useText('box', 'note');
 *   return <input value={note} onChange={(event) => set(event.target.value)} />;
 * };
 */
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

/**
 * Who else is in the room, and how to tell them about oneself.
 *
 * @example
 * const Here = () => {
 *   const { others } = usePresence<{ name: string }>();
 *   return <p>{others.map((other) => other.state.name).join(', ')}</p>;
 * };
 */
export function usePresence<T = unknown>(): {
  readonly others: readonly PresenceEntry<T>[];
  /** Tells the others; null takes it away. */
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

/**
 * The room's connection; undefined before it was opened.
 *
 * @example
 * const Light = () => <p>{useStatus()?.state}</p>;
 */
export function useStatus(): RoomStatus | undefined {
  const room = useRoom();
  const read = (): RoomStatus | undefined => room?.status;
  return useSyncExternalStore(
    useCallback((call: () => void) => room?.on('status', call) ?? unsubscribed, [room]),
    read,
    read,
  );
}
