// Which store, and which room, the components below are about.
import { createContext, createElement, useContext, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { uniqueClient } from '../net/ids.js';
import { createGraph } from '../entrypoints/client.js';
import { connect } from '../entrypoints/provider.js';
import type { Room } from '../net/socket.js';
import type { ConnectOptions } from '../net/types.js';
import type { GraphStore } from '../store/graph_store.js';

interface Place {
  readonly store: GraphStore;
  readonly room: Room | undefined;
}

const Context = createContext<Place | undefined>(undefined);

/**
 * Components below are about this store.
 *
 * @example
 * const Page = () => (
 *   <RtcProvider store={store}>
 *     <p>…</p>
 *   </RtcProvider>
 * );
 */
export function RtcProvider(props: { store: GraphStore; children?: ReactNode }): ReactNode {
  const { store, children } = props;
  return createElement(Context.Provider, { value: { store, room: undefined } }, children);
}

interface RoomProps {
  /** A room that the program opened, and will leave. */
  room: Room;
  /** Or one that is open while the component is mounted. */
  url: string;
  name: string;
  options?: ConnectOptions;
}
/** A room that is open, or where one is to be opened. */
export type RoomProviderProps = { children?: ReactNode } & (
  Pick<RoomProps, 'room'> | Omit<RoomProps, 'room'>
);

/**
 * Components below are about a room of a server, which is open while this is mounted.
 *
 * @example
 * const Page = () => (
 *   <RoomProvider url="ws://localhost:8080" name="my-room" options={{ client: 'alice' }}>
 *     <p>…</p>
 *   </RoomProvider>
 * );
 */
export function RoomProvider(props: RoomProviderProps): ReactNode {
  const place = usePlaceOf(props);
  return createElement(Context.Provider, { value: place }, props.children);
}

function usePlaceOf(props: RoomProviderProps): Place {
  const { room: given, url = '', name = '', options = {} } = props as Partial<RoomProps>;
  // Rendering may happen more often than mounting: what is made here is only memory.
  const [store] = useState(() => given?.store ?? options.store ?? storeOf(options));
  const [opened, setOpened] = useState<Room>();
  useEffect(() => {
    if (given !== undefined) return undefined;
    const room = connect(url, name, { ...options, store });
    setOpened(room);
    return () => room.destroy();
    // other options count when the room is opened
  }, [given, url, name, store]);
  return { store: given?.store ?? store, room: given ?? opened };
}

function storeOf({ client = 'client', ...options }: ConnectOptions): GraphStore {
  return createGraph({ ...options, client: uniqueClient(client) });
}

function usePlace(): Place {
  const place = useContext(Context);
  if (place === undefined) throw new Error('this needs an RtcProvider or a RoomProvider above it');
  return place;
}

/**
 * The store of the provider above.
 *
 * @example
 * const Save = () => {
 *   const mine = useStore();
 *   return <button onClick={() => mine.commit()}>Save</button>;
 * };
 */
export function useStore(): GraphStore {
  return usePlace().store;
}

/**
 * The room of the RoomProvider above; undefined before it was opened, and below an RtcProvider.
 *
 * @example
 * const Leave = () => {
 *   const here = useRoom();
 *   return <button onClick={() => here?.destroy()}>Leave</button>;
 * };
 */
export function useRoom(): Room | undefined {
  return usePlace().room;
}
