// What a program may say about its own scenes: with it a wrong key, tag or path, or a value of the
// wrong type, is a compile error. Nothing of it exists at run time.
import type { JsonObject, Operation, Quaternion, Vector3, Json } from '../generated/operations.js';
import type { SceneNode } from './types.js';

/** All members are optional; what is left out is not narrowed. */
export interface GraphSchema {
  /** Keys of nodes, for example `'scene' | `box-${number}``. */
  keys?: string;
  tags?: string;
  /** Property paths and the types of their values. */
  props?: object;
}

/** What the operations of a family act on. */
interface FamilyValues {
  number: number;
  string: string;
  text: string;
  color: string;
  boolean: boolean;
  vector3: Vector3;
  euler: Vector3;
  quaternion: Quaternion;
  array: readonly Json[];
  object: JsonObject;
}

export type KeyOf<S extends GraphSchema> = S extends { keys: infer K extends string } ? K : string;
type TagOf<S extends GraphSchema> = S extends { tags: infer T extends string } ? T : string;
type PropsOf<S extends GraphSchema> = S extends { props: infer P extends object } ? P : undefined;

/** The paths whose values an operation of this family can write. */
type PathOf<S extends GraphSchema, Family> = [PropsOf<S>] extends [infer P extends object]
  ? Family extends keyof FamilyValues
    ? { [N in keyof P & string]: P[N] extends FamilyValues[Family] ? N : never }[keyof P & string]
    : string
  : string;

type Narrow<O, S extends GraphSchema> = O extends { ot: `node.${string}`; value: infer V }
  ? Omit<O, 'key' | 'value'> & { key: KeyOf<S> | '' | '.'; value: NodeValueOf<V, S> }
  : O extends { ot: `meta.${string}` }
    ? O
    : O extends { ot: `${infer Family}.${string}` }
      ? Omit<O, 'key' | 'path'> & {
          key: KeyOf<S> | '.';
          path: PathOf<S, Family> | (O extends { ot: 'object.merge' } ? '.' : never);
        }
      : never;

type NodeValueOf<V, S extends GraphSchema> = V extends { nodeKey: string }
  ? { nodeKey: KeyOf<S>; newParent: KeyOf<S> }
  : V extends { key: string }
    ? V & { key: KeyOf<S>; tag?: TagOf<S> } & ([PropsOf<S>] extends [object]
          ? Partial<PropsOf<S>>
          : unknown)
    : KeyOf<S>;

/** The operations that fit a schema; all of them when there is none. */
export type OperationOf<S extends GraphSchema> = GraphSchema extends S
  ? Operation
  : Narrow<Operation, S>;

/** The nodes of a schema. */
export type NodeOf<S extends GraphSchema> = GraphSchema extends S
  ? SceneNode
  : SceneNode & { readonly key: KeyOf<S>; readonly tag: TagOf<S> | '' } & ([PropsOf<S>] extends [
        object,
      ]
        ? { readonly [P in keyof PropsOf<S>]?: PropsOf<S>[P] }
        : unknown);
