// A three.js tree that shows the scene: an object for each living node, under its parent's.
import { Group, Object3D } from 'three';
import type { GraphStore } from '../store/graph_store.js';
import type { SceneGraph, SceneNode } from '../store/types.js';
import { applyNode, changesOf } from './transform.js';

/** How nodes become objects. */
export interface BindSceneOptions {
  /** Makes the object of a node with this tag; without one a group stands there. */
  tags?: Readonly<Record<string, (node: SceneNode) => Object3D>>;
  /** Shows what a node holds beyond position, rotation, quaternion, scale, color and visible. */
  update?: (node: SceneNode, object: Object3D) => void;
}

/** A three.js tree that shows a scene. */
export interface SceneBinding {
  /** The object of a node. */
  objectOf(key: string): Object3D | undefined;
  /** The key of the node that an object shows. */
  keyOf(object: Object3D): string | undefined;
  /** Edits what a control moved, without a commit. True when something differed. */
  push(object: Object3D): boolean;
  /** Takes the objects away and listens no more. */
  dispose(): void;
}

/**
 * Fills `root` with the scene and keeps it equal until dispose().
 *
 * @example
 * const root = new Group();
 * const binding = bindScene(store, root, { tags: { Box: () => new Mesh() } });
 * console.log(binding.objectOf('box')?.position.x);
 */
export function bindScene(
  store: GraphStore,
  root: Object3D,
  options: BindSceneOptions = {},
): SceneBinding {
  const objects = new Map<string, Object3D>();
  const keys = new WeakMap<Object3D, string>();
  let shown: SceneGraph['nodes'] = {};

  const show = (): void => {
    const { nodes, rootKey } = store.getState().graph;
    if (nodes === shown) return;
    for (const key of Object.keys(nodes)) if (nodes[key] !== shown[key]) update(nodes[key]!);
    for (const key of objects.keys()) if (isGone(nodes[key])) drop(key);
    for (const key of Object.keys(nodes)) if (nodes[key] !== shown[key]) hang(nodes[key]!);
    const top = objects.get(rootKey);
    if (top !== undefined && top.parent !== root) root.add(top);
    shown = nodes;
  };

  const update = (node: SceneNode): void => {
    if (isGone(node)) return;
    let object = objects.get(node.key);
    if (object === undefined) {
      object = options.tags?.[node.tag]?.(node) ?? new Group();
      objects.set(node.key, object);
      keys.set(object, node.key);
    }
    applyNode(node, object);
    options.update?.(node, object);
  };

  const drop = (key: string): void => {
    objects.get(key)?.removeFromParent();
    objects.delete(key);
  };

  const hang = (node: SceneNode): void => {
    const parent = objects.get(node.key);
    for (const key of node.children) {
      const child = objects.get(key);
      if (parent !== undefined && child !== undefined && child.parent !== parent) parent.add(child);
    }
  };

  const unsubscribe = store.subscribe(show);
  show();
  return {
    objectOf: (key) => objects.get(key),
    keyOf: (object) => keys.get(object),
    push: (object) => {
      const node = store.getNode(keys.get(object) ?? '');
      if (node === undefined) return false;
      const changes = changesOf(node, object);
      store.batch(() => changes.forEach((op) => store.edit(op)));
      return changes.length > 0;
    },
    dispose: () => {
      unsubscribe();
      for (const key of [...objects.keys()]) drop(key);
    },
  };
}

function isGone(node: SceneNode | undefined): boolean {
  return node === undefined || node._crdt.deletedAt !== undefined;
}
