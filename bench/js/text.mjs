// Workloads over one long text: written, received, stored, loaded.
import { check, counted } from './measure.mjs';
import { receiveEach } from './scene.mjs';

const MESSAGES = 1000;

/** The whole trace as a thousand messages. */
function written(system, text, base) {
  const writer = system.open('writer', base);
  const edit = system.edits(writer, text);
  const each = Math.ceil(text.count / MESSAGES);
  const sent = [];
  for (let i = 0; i < text.count; i += each)
    sent.push(system.message(writer, edit, i, Math.min(i + each, text.count)));
  return { writer, sent };
}

/** In messages or transactions of `each` edits. */
function local(system, text, each, bench, message) {
  const base = system.textBase();
  const count = Math.ceil(text.count / each);
  const rate = bench.rate(count, () => {
    const writer = system.open('writer', base);
    const edit = system.edits(writer, text);
    const step = (i) => message(writer, edit, i * each, Math.min((i + 1) * each, text.count));
    const after = (done) => {
      if (done === count) check(system.text(writer) === text.end, 'another text');
      system.free?.(writer);
    };
    return { step, after };
  });
  rate.value *= each;
  rate.runs = rate.runs.map((run) => run * each);
  return rate;
}

/** Where a system need not make the bytes of a transaction, it does not. */
export function textBatched(system, { text }, bench) {
  const each = Math.ceil(text.count / MESSAGES);
  return { text_batched: local(system, text, each, bench, system.transact ?? system.message) };
}

export const textEach = (system, { text }, bench) => ({
  text_each: local(system, text, 1, bench, system.message),
});

export function textReceive(system, { text }, bench) {
  const base = system.textBase();
  const writer = system.open('writer', base);
  const edit = system.edits(writer, text);
  const sent = bench.collect(text.count, (i) => system.message(writer, edit, i, i + 1));
  system.free?.(writer);
  const rate = receiveEach(system, base, sent, bench, (reader, done) => {
    if (done === text.count) check(system.text(reader) === text.end, 'another text');
  });
  rate.part *= sent.length / text.count;
  return { text_receive: rate };
}

/** Everything at once, as the system sends what somebody missed. */
export function textBlob(system, { text }, bench) {
  const base = system.textBase();
  const { writer, sent } = written(system, text, base);
  const blob = system.blob(writer, sent);
  system.free?.(writer);
  const time = bench.time(() => {
    const reader = system.reader(base);
    const after = () => {
      check(system.text(reader) === text.end, 'another text');
      system.free?.(reader);
    };
    return { call: () => system.receiveBlob(reader, blob), after };
  });
  const rate = (milliseconds) => text.count / milliseconds / 1000;
  return { text_blob: { value: rate(time.value), runs: time.runs.map(rate), part: 1 } };
}

/** From the bytes of a stored document to the text itself. */
export function textLoad(system, { text }, bench) {
  const { writer, sent } = written(system, text, system.textBase());
  const saved = system.save(writer, sent);
  system.free?.(writer);
  const load = bench.time(() => {
    let loaded;
    let shown;
    const call = () => {
      loaded = system.load(saved);
      shown = system.text(loaded);
    };
    const after = () => {
      check(shown === text.end, 'another text');
      system.free?.(loaded);
    };
    return { call, after };
  });
  return { text_load: load, text_bytes: counted(saved.length) };
}
