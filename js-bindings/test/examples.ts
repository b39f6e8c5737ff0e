// The examples of the comments in src as a program that a compiler can check, with the imports that
// their words ask for and values of the usual names.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = '@vuer-ai/vuer-rtc';
const src = join(import.meta.dirname, '../src');

/** What an example may use without saying where it comes from. */
const GIVEN: Readonly<Record<string, string>> = {
  store: 'GraphStore',
  state: 'ClientState',
  graph: 'SceneGraph',
  snapshot: 'Snapshot',
  node: 'SceneNode',
  msg: 'CRDTMessage',
  by: 'OpMeta',
  text: 'TextRope',
  room: 'Room',
};
/** Where names come from that are no values of an entry. */
const OTHERS: Readonly<Record<string, string>> = {
  ClientState: NAME,
  SceneGraph: NAME,
  SceneNode: NAME,
  Snapshot: NAME,
  CRDTMessage: NAME,
  OpMeta: NAME,
  Operation: NAME,
  EditorView: '@codemirror/view',
  Group: 'three',
  Mesh: 'three',
};

/** What react-three-fiber adds to JSX. */
const FIBER = `declare module 'react' {
  namespace JSX { interface IntrinsicElements { mesh: { ref: (mesh: Mesh | null) => void } } }
}`;

const COMMENT =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:async )?(?:function\*?|class|const) (\w+)/g;

/** A comment with the name of what it is about. */
export interface Documented {
  readonly name: string;
  readonly example: string | undefined;
}

/** Every exported value of src that has a comment. */
export function documented(): Documented[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).flatMap(commentsOf);
}

function commentsOf(file: string): Documented[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(COMMENT)].map(([, words, name]) => {
    const lines = words!.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
    const at = lines.indexOf('@example');
    return { name: name!, example: at < 0 ? undefined : lines.slice(at + 1).join('\n') };
  });
}

/**
 * One program of many examples. `entries`: the names of the values that each entry exports.
 */
export function programOf(
  examples: readonly string[],
  entries: Readonly<Record<string, readonly string[]>>,
): string {
  const words = new Set(examples.join('\n').match(/(?<![.\w'])[A-Za-z]\w*/g));
  const given = Object.entries(GIVEN).filter(([name]) => words.has(name));
  for (const [, type] of given) words.add(type);
  const sources = Object.entries(entries).flatMap(([entry, names]) =>
    names.map((name) => [name, NAME + entry] as const),
  );
  const imports = [...sources, ...Object.entries(OTHERS)]
    .filter(([name]) => words.has(name))
    .map(([name, from]) => `import { ${name} } from '${from}';`);
  const values = given.map(([name, type]) => `declare const ${name}: ${type};`);
  const bodies = examples.map((each, i) => `export async function example${i}() {\n${each}\n}`);
  return [...imports, FIBER, ...values, ...bodies].join('\n');
}
