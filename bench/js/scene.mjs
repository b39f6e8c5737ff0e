// Workloads over scenes: property sets, writers, moves, undo. A system is an adapter (systems/*);
// where it lacks what a workload needs, the workload has no figure.
import { check, counted } from './measure.mjs';

const JOINED = 10_000;

/** What a writer sends who does so many steps a message, as far as there is time for. */
function messages(system, replica, step, count, bench, each = 1) {
  const end = (i) => Math.min((i + 1) * each, count);
  return bench.collect(Math.ceil(count / each), (i) =>
    system.message(replica, step, i * each, end(i)),
  );
}

function checkLast(system, replica, { node, value }, done) {
  if (done > 0) {
    const read = system.position(replica, node[done - 1]);
    const isSeen = value(done - 1).every((number, axis) => read[axis] === number);
    check(isSeen, 'the last set is not seen');
  }
}

/** Set, commit, take the bytes; and how many bytes that are. */
export function sceneEach(system, { sets }, bench) {
  const base = system.sceneBase(sets.nodes);
  let size = 0;
  const rate = bench.rate(sets.count, () => {
    const writer = system.open('writer', base);
    const set = system.sets(writer, sets);
    let bytes = 0;
    const after = (done) => {
      size = bytes / done;
      checkLast(system, writer, sets, done);
      system.free?.(writer);
    };
    return { step: (i) => (bytes += system.message(writer, set, i, i + 1).length), after };
  });
  return { scene_each: rate, message_bytes: counted(size) };
}

/** The messages of one writer, received in order in buffers of ten thousand sets. */
function receiveBuffers(system, { sets }, bench, setsEach) {
  const base = system.sceneBase(sets.nodes);
  const writer = system.open('writer', base);
  const sent = messages(system, writer, system.sets(writer, sets), sets.count, bench, setsEach);
  system.free?.(writer);
  const done = Math.min(sent.length * setsEach, sets.count);
  const buffers = [];
  for (let i = 0; i < sent.length; i += JOINED / setsEach)
    buffers.push(system.join(sent.slice(i, i + JOINED / setsEach)));
  const rate = bench.rate(buffers.length, () => {
    const reader = system.reader(base);
    const after = (taken) => {
      checkLast(system, reader, sets, Math.min(taken * JOINED, done));
      system.free?.(reader);
    };
    return { step: (i) => system.receiveJoined(reader, buffers[i]), after };
  });
  const each = done / buffers.length;
  rate.value *= each;
  rate.runs = rate.runs.map((run) => run * each);
  rate.part *= done / sets.count;
  return rate;
}

export function sceneBuffer(system, data, bench) {
  return { scene_buffer: receiveBuffers(system, data, bench, 1) };
}

export function sceneHundreds(system, data, bench) {
  return { scene_hundreds: receiveBuffers(system, data, bench, 100) };
}

/** Four writers who hear each other, in turn; a fifth receives one message a call. */
export function sceneWriters(system, { sets }, bench) {
  const base = system.sceneBase(sets.nodes);
  const writers = ['ann', 'bob', 'cid', 'dan'].map((name) => system.open(name, base));
  const steps = writers.map((writer) => system.sets(writer, sets));
  const sent = bench.collect(sets.count, (i) => {
    const turn = i % writers.length;
    const message = system.message(writers[turn], steps[turn], i, i + 1);
    writers.forEach((writer, other) => other !== turn && system.receive(writer, message));
    return message;
  });
  writers.forEach((writer) => system.free?.(writer));
  const rate = receiveEach(system, base, sent, bench, (reader, done) =>
    checkLast(system, reader, sets, done),
  );
  rate.part *= sent.length / sets.count;
  return { scene_writers: rate };
}

export function receiveEach(system, base, sent, bench, verify) {
  return bench.rate(sent.length, () => {
    const reader = system.reader(base);
    const after = (done) => {
      verify?.(reader, done);
      system.free?.(reader);
    };
    return { step: (i) => system.receive(reader, sent[i]), after };
  });
}

/** Four writers who do not hear each other move nodes; a fifth receives one message a call. */
export function moves(system, { moves: data }, bench) {
  if (system.treeBase === undefined) return {};
  const base = system.treeBase(data.nodes);
  const writers = ['ann', 'bob', 'cid', 'dan'].map((name) => system.open(name, base));
  const steps = writers.map((writer) => system.moves(writer, data));
  const sent = bench.collect(data.count, (i) => {
    const turn = data.writer[i];
    return system.message(writers[turn], steps[turn], i, i + 1);
  });
  writers.forEach((writer) => system.free?.(writer));
  const rate = receiveEach(system, base, sent, bench);
  rate.part *= sent.length / data.count;
  return { moves: rate };
}

/** Ten thousand edits, all undone one by one, all redone one by one. */
export function undoRedo(system, { sets }, bench) {
  if (system.undo === undefined) return {};
  const base = system.sceneBase(sets.nodes);
  const count = Math.min(10_000, sets.count);
  const prepare = (undone) => () => {
    const writer = system.open('writer', base);
    system.watchUndo?.(writer);
    const set = system.sets(writer, sets);
    let ready = messages(system, writer, set, count, bench).length;
    if (undone) ready = bench.collect(ready, () => system.undo(writer)).length;
    const after = () => system.free?.(writer);
    return { step: () => (undone ? system.redo(writer) : system.undo(writer)), after, ready };
  };
  return { undo: bench.rate(count, prepare(false)), redo: bench.rate(count, prepare(true)) };
}
