// Wrong operations and values: a typed error that names them, and nothing changed.
import { describe, expect, it } from 'vitest';
import type { RtcError } from '../src/core/error.js';
import { operationFamilies, operationTypes } from '../src/generated/operations.js';
import { createGraph } from '../src/store/create_graph.js';
import type { Operation } from '../src/store/types.js';
import { insert } from './operations.js';
import { cyclic, refuses, sample } from './refuses.js';

const deep = (levels: number): unknown =>
  Array.from({ length: levels }).reduce((inner: unknown) => [inner], 1);

describe('edit refuses', () => {
  const shapes: readonly unknown[] = [
    null,
    undefined,
    7,
    'op',
    true,
    [],
    () => {},
    Symbol('op'),
    {},
  ];
  for (const [i, op] of shapes.entries())
    it(`what_is_no_operation_${i}`, () => refuses((store) => store.edit(op as never), 'type'));

  const fields: readonly (readonly [string, object, string])[] = [
    ['a_number_as_name', { ot: 7, key: 'n', path: 'p', value: 1 }, 'type'],
    ['an_unknown_name', { ot: 'number.subtract', key: 'n', path: 'p', value: 1 }, 'bad_operation'],
    ['the_name_of_a_property', { ot: '__proto__', key: 'n', path: 'p' }, 'bad_operation'],
    ['no_path', { ot: 'number.add', key: 'n', value: 1 }, 'bad_operation'],
    ['a_number_as_key', { ot: 'number.add', key: 7, path: 'p', value: 1 }, 'bad_operation'],
    ['a_number_as_path', { ot: 'number.add', key: 'n', path: 7, value: 1 }, 'bad_operation'],
    ['an_empty_key', { ot: 'number.add', key: '', path: 'p', value: 1 }, 'bad_operation'],
    ['the_path_key', { ot: 'string.set', key: 'n', path: 'key', value: 'x' }, 'bad_operation'],
    [
      'the_path_children',
      { ot: 'array.set', key: 'n', path: 'children', value: [] },
      'bad_operation',
    ],
    ['the_path_crdt', { ot: 'object.set', key: 'n', path: '_crdt', value: {} }, 'bad_operation'],
    ['a_long_key', { ot: 'number.add', key: 'k'.repeat(300), path: 'p', value: 1 }, 'too_big'],
    ['a_long_path', { ot: 'number.add', key: 'n', path: 'p'.repeat(300), value: 1 }, 'too_big'],
    ['a_symbol_in_it', { ot: 'number.add', key: 'n', path: 'p', value: 1, x: Symbol('x') }, 'type'],
  ];
  for (const [name, op, error] of fields)
    it(name, () => refuses((store) => store.edit(op as never), error));

  const unusable: readonly (readonly [string, unknown, string])[] = [
    ['nan', NaN, 'bad_operation'],
    ['infinity', Infinity, 'bad_operation'],
    ['minus_infinity', -Infinity, 'bad_operation'],
    ['a_nested_nan', [1, { a: NaN }], 'bad_operation'],
    ['a_function', () => 1, 'type'],
    ['a_symbol', Symbol('x'), 'type'],
    ['a_bigint', 10n, 'type'],
    ['a_map', new Map(), 'type'],
    ['a_set', new Set([1]), 'type'],
    ['bytes', new Uint8Array(3), 'type'],
    ['a_promise', Promise.resolve(1), 'type'],
    ['a_regular_expression', /x/, 'type'],
    ['a_nested_function', { a: [() => 1] }, 'type'],
    ['a_cycle', cyclic(), 'too_deep'],
    ['65_levels', deep(65), 'too_deep'],
    ['a_thousand_levels', deep(1000), 'too_deep'],
    ['100001_elements', new Array(100_001).fill(0), 'too_big'],
    ['two_mebibytes', 'x'.repeat(2 << 20), 'too_big'],
  ];
  for (const [name, value, error] of unusable)
    it(`the_value_${name}`, () =>
      refuses(
        (store) => store.edit({ ot: 'string.set', key: 'n', path: 'q', value } as never),
        error,
      ));

  it('more_operations_than_a_message_may_hold', () => {
    const store = createGraph({ client: 'a' });
    store.edit(insert('n'));
    const push = { ot: 'array.push', key: 'n', path: 'p', value: 1 } as const;
    for (let i = 1; i < 10_000; ++i) store.edit(push);
    expect(() => store.edit(push)).toThrow(/too_many_ops/);
    expect(store.commit()!.ops.length).toBe(10_000);
    store.edit(push);
  });
});

/** Values that do not fit, by the first word of an operation. */
const UNFIT: Readonly<Record<string, readonly unknown[]>> = {
  'number.': ['x', null, true, [1]],
  'string.concat': [1, null, ['x'], {}],
  'boolean.or': [1, 'true', null],
  'boolean.and': [0, '', null],
  'vector3.': [1, 'x', null, [1, 2], ['a', 'b', 'c'], {}],
  'euler.': [1, null, [0], [0, 0, 'z']],
  'quaternion.': [1, null, [0, 0, 1], [0, 0, 0, 'w']],
  'color.blend': [1, null, ['#ffffff']],
  'array.set': [1, null, {}, 'list'],
  'array.move': [undefined],
  'object.': [1, null, [], 'x'],
  'node.insert': [null, 'n', {}, { key: '' }, { key: 7 }],
  'node.upsert': [null, { key: null }],
  'node.inset': [null, { tag: 'T' }],
  'node.remove': [null, 7, {}],
  'node.move': [
    null,
    'n',
    {},
    { nodeKey: 'n' },
    { newParent: 'n' },
    { nodeKey: 1, newParent: 'n' },
  ],
  'text.init': [7, {}],
  'text.insert': [7, null, [null], [null, 7], [7, 'x']],
  'text.delete': [undefined],
  'text.replace': [7, null],
  'meta.': [undefined],
};

describe('a value that does not fit is refused by', () => {
  const setOf = (ot: string): boolean =>
    operationFamilies[ot as Operation['ot']] === 'set' && /^(number|string|boolean|color)/.test(ot);
  for (const ot of operationTypes.filter((each) => !setOf(each))) {
    const family = Object.keys(UNFIT).filter((name) => ot.startsWith(name));
    const values = UNFIT[family.at(-1) ?? ''] ?? [];
    for (const [i, value] of values.entries()) {
      if (/\.set$/.test(ot) && Array.isArray(value)) continue;
      it(`${ot}_${i}`, () =>
        refuses(
          (store) => store.edit({ ot, key: 'n', path: 'q', value } as never),
          'bad_operation',
        ));
    }
  }

  it('an_error_names_operation_node_and_property', () => {
    const store = sample();
    let fault: RtcError | undefined;
    try {
      store.edit({ ot: 'number.add', key: 'n', path: 'p', value: 'x' } as never);
    } catch (thrown) {
      fault = thrown as RtcError;
    }
    expect(fault).toMatchObject({ op: 'number.add', key: 'n', path: 'p', name: 'RtcError' });
  });
});
