// What is shown of one room: its tree, its journal, its members.
import * as api from './api.js';
import { byId, element, fact, table } from './dom.js';

const kChildren = 200; // shown of one node
const kPage = 100; // entries of the journal
const kTabs = ['tree', 'journal', 'members'];

const time = (milliseconds) =>
  new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');

const properties = (node) =>
  Object.entries(node)
    .filter(([name]) => !['key', 'children', '_crdt', 'tag', 'name'].includes(name))
    .map(([name, value]) =>
      element('div', { class: 'property' }, [
        element('b', {}, [name]),
        ` ${JSON.stringify(value).slice(0, 400)}`,
      ]),
    );

/** A node that shows its properties and children when it is opened. */
function branch(nodes, key, open) {
  const node = nodes[key];
  const title = element('summary', {}, [
    node.name ?? key,
    element('span', { class: 'tag' }, [` ${node.tag ?? ''}`]),
  ]);
  const details = element('details', {}, [title]);
  const fill = () => {
    if (details.childElementCount > 1) return;
    const children = (node.children ?? []).filter((child) => nodes[child] !== undefined);
    const list = children
      .slice(0, kChildren)
      .map((child) => element('li', {}, [branch(nodes, child, false)]));
    const more = children.length - list.length;
    if (more > 0) list.push(element('li', { class: 'quiet' }, [`and ${more} more`]));
    details.append(...properties(node), element('ul', {}, list));
  };
  details.addEventListener('toggle', fill);
  if (open) {
    fill();
    details.open = true;
  }
  return details;
}

/** The roots: nodes that are nobody's child. */
function roots({ nodes, rootKey }) {
  if (rootKey && nodes[rootKey]) return [rootKey];
  const children = new Set(Object.values(nodes).flatMap((node) => node.children ?? []));
  return Object.keys(nodes).filter((key) => !children.has(key));
}

const show = {
  async tree(name, place) {
    const graph = await api.graph(name).catch((error) => {
      if (error.status !== 404) throw error;
      return { nodes: {} }; // nothing was written yet
    });
    const items = roots(graph).map((key) => element('li', {}, [branch(graph.nodes, key, true)]));
    const empty = element('p', { class: 'quiet' }, ['No node yet.']);
    place.replaceChildren(items.length === 0 ? empty : element('ul', {}, items));
  },

  async journal(name, place, older = []) {
    const page = await api.history(name, older.at(-1)?.serverSeq, kPage);
    const entries = [...older, ...page];
    const rows = entries.map(({ serverSeq, client, ts, ops, msgId }) => [
      serverSeq,
      client,
      time(ts),
      ops,
      msgId,
    ]);
    const heads = ['serverSeq', 'client', 'time (UTC)', 'ops', 'message'];
    const more = element(
      'button',
      { type: 'button', onclick: () => show.journal(name, place, entries) },
      ['Older'],
    );
    place.replaceChildren(table(heads, rows, ['client', 'message']));
    if (page.length === kPage) place.append(more);
  },

  async members(name, place) {
    const rows = (await api.members(name)).map((one) => [
      one.client,
      one.rights,
      one.format,
      one.serverSeq,
      one.presence === null ? '' : JSON.stringify(one.presence).slice(0, 120),
    ]);
    const heads = ['client', 'rights', 'format', 'has up to', 'presence'];
    place.replaceChildren(table(heads, rows, ['client', 'rights', 'format', 'presence']));
  },
};

export class RoomPanel {
  constructor() {
    this.name = '';
    this.tab = 'tree';
    for (const tab of kTabs) byId(`tab-${tab}`).addEventListener('click', () => this.choose(tab));
  }

  open(info) {
    this.name = info.id;
    byId('room').hidden = false;
    byId('room-name').textContent = info.id;
    this.describe(info);
    return this.choose(this.tab);
  }

  close() {
    this.name = '';
    byId('room').hidden = true;
  }

  describe(info) {
    byId('room-facts').replaceChildren(
      fact('serverSeq', info.serverSeq),
      fact('stable line', info.stable),
      fact('members', info.members),
      fact('digest', `${info.digest.slice(0, 16)}…`),
    );
  }

  async choose(tab) {
    this.tab = tab;
    for (const one of kTabs) {
      byId(`tab-${one}`).setAttribute('aria-selected', String(one === tab));
      byId(one).hidden = one !== tab;
    }
    await this.refresh();
  }

  /** Shows the chosen tab anew; a room that is gone meanwhile shows why. */
  async refresh() {
    const place = byId(this.tab);
    try {
      await show[this.tab](this.name, place);
    } catch (error) {
      place.replaceChildren(element('p', { class: 'fault' }, [error.message]));
    }
  }
}
