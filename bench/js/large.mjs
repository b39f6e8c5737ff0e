// Workloads over a large scene: stored, loaded, held in memory, digested; and what watching costs.
import { check, counted, loop } from './measure.mjs';

/** Loads the stored scene and reads a property of every node. `keep` takes the bytes. */
export function largeLoad(system, { large }, bench, { keep }) {
  const made = system.largeScene(large);
  const saved = system.save(made);
  system.free?.(made);
  keep?.(saved);
  const load = bench.time(() => {
    let loaded;
    let sum = 0;
    const call = () => {
      loaded = system.load(saved);
      for (let node = 0; node < large.nodes; ++node) sum += system.number(loaded, node);
    };
    const after = () => {
      check(Math.abs(sum - firstNumbers(large)) < 1e-3, 'other numbers');
      system.free?.(loaded);
    };
    return { call, after };
  });
  return { large_load: load, large_bytes: counted(saved.length) };
}

function firstNumbers({ nodes, properties, values }) {
  let sum = 0;
  for (let node = 0; node < nodes; ++node) sum += values[node * properties];
  return sum;
}

/**
 * Megabytes that a process holds more once it has loaded the scene and read a property of every
 * node (some load lazily); needs --expose-gc.
 */
export function largeMemory(system, { large }, _bench, { kept, resident }) {
  if (kept === undefined) return {};
  const before = resident();
  const loaded = system.load(kept);
  let sum = 0;
  for (let node = 0; node < large.nodes; ++node) sum += system.number(loaded, node);
  const taken = resident() - before;
  check(Math.abs(sum - firstNumbers(large)) < 1e-3, 'other numbers');
  check(system.number(loaded, 0) === large.values[0], 'the scene is still there');
  return { large_memory: counted(taken / 1e6) };
}

/** A digest after each of some changes. */
export function digest(system, { large, sets }, bench) {
  if (system.digest === undefined) return {};
  const replica = system.largeScene(large);
  const set = system.sets(replica, sets);
  system.digest(replica);
  let i = 0;
  const time = bench.time(() => {
    system.message(replica, set, i, i + 1);
    i += 1;
    return { call: () => system.digest(replica) };
  });
  return { digest: time };
}

/** Edits of one node while every node is watched: with all nodes, and with a hundredth of them. */
export function notify(system, { moves: { nodes }, sets }, bench) {
  if (system.watch === undefined) return {};
  const cost = (count) =>
    bench.repeat(() => {
      const replica = system.open('writer', system.sceneBase(count));
      let calls = 0;
      system.watch(replica, count, () => (calls += 1));
      const set = system.sets(replica, { ...sets, node: sets.node.map((node) => node % count) });
      const { done, seconds } = loop(20_000, bench.seconds, (i) => {
        system.message(replica, set, i, i + 1);
      });
      check(calls >= done, 'a change was not told');
      system.free?.(replica);
      return (seconds / done) * 1e6;
    });
  const many = cost(nodes);
  const few = cost(nodes / 100);
  const value = Math.min(...many);
  return {
    notify: { value, runs: many, part: 1 },
    notify_growth: counted(value / Math.min(...few)),
  };
}
