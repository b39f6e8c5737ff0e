// A panel over a store, in a shadow root of its own: the tree with its values, the journal with its
// marks, who edits, who is here, the traffic, the digest beside the server's, and the scene as it
// was at any message.
import { FREEZE } from '../core/records.js';
import { rebuildGraph } from '../entrypoints/client.js';
import type { Room } from '../net/socket.js';
import type { GraphStore } from '../store/graph_store.js';
import type { ClientState, SceneGraph, SceneNode } from '../store/types.js';
import { Traffic } from './traffic.js';

const STYLE = `
:host { all: initial; }
.panel { position: fixed; right: 8px; bottom: 8px; width: 420px; max-height: 60vh; overflow: auto;
  font: 12px/1.4 ui-monospace, monospace; color: #ddd; background: #1b1d22ee; border-radius: 6px;
  padding: 8px; z-index: 2147483647; }
h3 { margin: 8px 0 2px; font-size: 12px; color: #8ac; }
ul { margin: 0; padding-left: 14px; list-style: none; }
.gone, .undone { text-decoration: line-through; opacity: 0.6; }
.unacked::before { content: '● '; color: #e90; }
button, input { font: inherit; } input { width: 60%; }
`;

/** An open panel. */
export interface Devtools {
  readonly element: HTMLElement;
  /** Takes the panel away. */
  close(): void;
}

/** What a panel shows beside the store. */
export interface DevtoolsOptions {
  /** Where the server's digest, presence and status come from. */
  room?: Room;
  parent?: HTMLElement;
  /** Shows it in production builds, too, where it stays away unless asked. */
  inProduction?: boolean;
}

/**
 * Shows a panel for a store until close().
 *
 * @example
 * const panel = openDevtools(room.store, { room });
 * panel.close();
 */
export function openDevtools(store: GraphStore, options: DevtoolsOptions = {}): Devtools {
  const element = document.createElement('vuer-rtc-devtools');
  if (!FREEZE && options.inProduction !== true) return { element, close: () => {} };
  const root = element.attachShadow({ mode: 'open' });
  const style = document.createElement('style');
  style.textContent = STYLE;
  const view = new View(store, options.room);
  root.append(style, view.panel);
  (options.parent ?? document.body).append(element);
  const ends = [store.subscribe(() => view.show())];
  if (options.room !== undefined) {
    ends.push(options.room.on('status', () => view.show()));
    ends.push(options.room.presence.subscribe(() => view.show()));
    ends.push(() => view.traffic?.stop());
  }
  view.show();
  const close = (): void => {
    for (const end of ends.splice(0)) end();
    element.remove();
  };
  return { element, close };
}

class View {
  readonly panel = create('div', 'panel');
  readonly traffic: Traffic | undefined;
  private readonly store: GraphStore;
  private readonly room: Room | undefined;
  private readonly head = create('div');
  private readonly body = create('div');
  private readonly slider = document.createElement('input');
  private waiting = false;

  constructor(store: GraphStore, room: Room | undefined) {
    this.store = store;
    this.room = room;
    this.traffic = room && new Traffic(store, room, () => this.show());
    this.slider.type = 'range';
    this.slider.addEventListener('input', () => this.show());
    const save = create('button', '', 'export');
    save.addEventListener('click', () => download(store));
    this.panel.append(this.head, this.slider, save, this.body);
  }

  /** Once a frame, however often the store changes. */
  show(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (!this.store.status().disposed) this.draw();
    });
  }

  private draw(): void {
    const state = this.store.getState();
    const { journal } = state;
    const isLatest = this.slider.max === this.slider.value;
    this.slider.max = String(journal.length);
    if (isLatest) this.slider.value = this.slider.max;
    const at = Number(this.slider.value);
    this.head.textContent = this.summary(state, at);
    const graph = at === journal.length ? state.graph : graphAt(state, at);
    const parts = [section('scene', tree(graph)), section('journal', journalList(state))];
    parts.push(section('authors', listOf(authors(state))));
    if (this.room !== undefined) parts.push(section('here', this.others(this.room)));
    if (this.traffic !== undefined) parts.push(section('traffic', listOf(this.traffic.lines())));
    this.body.replaceChildren(...parts);
  }

  private summary({ journal }: ClientState, at: number): string {
    const { client, pending, unacked, lt } = this.store.status();
    const digest = this.store.digest().slice(0, 12);
    const place = at === journal.length ? 'now' : `after ${at} of ${journal.length}`;
    const parts = [`${client} lt ${lt}`, `${pending} pending, ${unacked} unacked`, digest, place];
    if (this.room !== undefined) parts.push(this.room.status.state);
    return parts.join(' | ');
  }

  private others(room: Room): HTMLElement {
    const { others } = room.presence;
    return listOf(others.map((each) => `${each.client} ${brief(each.state)}`));
  }
}

/** The scene after the first messages of the journal. */
function graphAt({ snapshot, journal }: ClientState, count: number): SceneGraph {
  return rebuildGraph(snapshot, journal.slice(0, count), []);
}

function tree({ nodes, rootKey }: SceneGraph): HTMLElement {
  const seen = new Set<string>();
  const item = (key: string): HTMLElement => {
    seen.add(key);
    const node = nodes[key] as SceneNode;
    const line = create('li', node._crdt.deletedAt === undefined ? '' : 'gone', describe(node));
    const children = node.children.filter(
      (child) => nodes[child] !== undefined && !seen.has(child),
    );
    if (children.length > 0) line.append(list(children.map(item)));
    return line;
  };
  const first = nodes[rootKey] === undefined ? [] : [item(rootKey)];
  const rest = Object.keys(nodes).filter((key) => !seen.has(key));
  return list([...first, ...rest.flatMap((key) => (seen.has(key) ? [] : [item(key)]))]);
}

function describe(node: SceneNode): string {
  const { key, tag, name, children: _, _crdt: __, ...properties } = node;
  const values = Object.entries(properties).map(([path, value]) => `${path}=${brief(value)}`);
  return [`${key}${tag === '' ? '' : ` <${tag}>`}${name}`, ...values].join(' ');
}

function journalList({ journal }: ClientState): HTMLElement {
  const newest = [...journal].reverse().slice(0, 50);
  return list(
    newest.map(({ msg, ack, deletedAt }) => {
      const marks = `${ack ? '' : 'unacked'} ${deletedAt === null ? '' : 'undone'}`;
      const ops = msg.ops.map((op) => op.ot).join(', ');
      return create('li', marks.trim(), `${msg.id} ${ops}`);
    }),
  );
}

/** Who wrote how many of the messages above the line. */
function authors({ journal }: ClientState): string[] {
  const counts = new Map<string, number>();
  for (const { msg } of journal) counts.set(msg.client, (counts.get(msg.client) ?? 0) + 1);
  return [...counts].map(([client, count]) => `${client} ${count}`);
}

function listOf(lines: readonly string[]): HTMLElement {
  return list(lines.map((line) => create('li', '', line)));
}

function section(title: string, content: HTMLElement): HTMLElement {
  const part = create('div');
  part.append(create('h3', '', title), content);
  return part;
}

function list(items: HTMLElement[]): HTMLElement {
  const element = create('ul');
  element.append(...items);
  return element;
}

function create(name: string, className = '', text = ''): HTMLElement {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function download(store: GraphStore): void {
  const { graph, journal } = store.getState();
  const blob = new Blob([JSON.stringify({ graph, journal })], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${store.client}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
