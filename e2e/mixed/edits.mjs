// Random ops, one writer per payload of the registry: the same mix as in the replicas test.
const KEYS = ['scene', 'a', 'b', 'c', 'd', 'e:1', 'é', '😀', '__proto__'];
const TEXTS = ['a', 'bc', 'hello ', 'é', '😀', '日本', '\n', 'xyz'];
const STRINGS = ['', 'a', 'hi', 'x y', 'é', '日本'];
const COLOURS = ['#ff0000', '0000ff', '#ABCDEF', '#010203'];

export const ROOT = { ot: 'node.insert', key: '', path: 'children', value: { key: 'scene' } };

const numbers = (random, count) => Array.from({ length: count }, () => random.number());
const object = (random) => ({ [random.pick(STRINGS)]: anything(random) });

function anything(random) {
  const choices = [
    () => random.number(),
    () => random.pick(STRINGS),
    () => random.percent(50),
    () => null,
    () => numbers(random, random.below(3)),
  ];
  return random.pick(choices)();
}

function node(random) {
  const value = { key: random.pick(KEYS), x: random.number(), meta: object(random) };
  return random.percent(15) ? { ...value, children: [random.pick(KEYS)] } : value;
}

const VALUES = {
  number: (random) => random.number(),
  string: (random) => random.pick(STRINGS),
  boolean: (random) => random.percent(50),
  numbers3: (random) => numbers(random, 3),
  numbers4: (random) => numbers(random, 4),
  array: (random) => numbers(random, 3),
  object,
  color: (random) => random.pick(COLOURS),
  node,
  key: (random) => random.pick(KEYS),
  nodemove: (random) => ({ nodeKey: random.pick(KEYS), newParent: random.pick(KEYS) }),
  any: anything,
};

/** The family of an op's name is its path too, so that ops of one family meet. */
function pathOf(name, random) {
  if (name === 'object.merge' && random.percent(20)) return '.';
  if (random.percent(3)) return random.percent(50) ? 'note' : 'vector3';
  return name.split('.')[0];
}

function textOp(ot, random) {
  const op = { ot, key: random.pick(KEYS), path: random.percent(80) ? 'body' : 'note' };
  if (ot !== 'text.delete') op.value = random.pick(TEXTS);
  if (ot === 'text.init') return op;
  op.position = random.below(400);
  if (ot !== 'text.insert') op.length = random.below(ot === 'text.delete' ? 5 : 3);
  return op;
}

/** Text more often than its rows of the registry, text.init and removals of nodes less often. */
function pickKind(random, kinds) {
  for (;;) {
    const kind = random.pick(kinds);
    if (kind.payload === 'meta') continue;
    if (kind.payload !== 'text' && random.percent(30)) continue;
    if (['text.init', 'node.remove'].includes(kind.name) && random.percent(80)) continue;
    return kind;
  }
}

export function randomOp(random, kinds) {
  const { name, payload } = pickKind(random, kinds);
  if (payload === 'text') return textOp(name, random);
  const op = { ot: name, key: random.pick(KEYS), path: pathOf(name, random) };
  if (payload === 'move') return { ...op, from: random.below(4), to: random.below(4) };
  return { ...op, value: VALUES[payload](random) };
}
