// The workloads by name, with the files each needs.
import { READERS } from './data.mjs';
import { digest, largeLoad, largeMemory, notify } from './large.mjs';
import { Bench } from './measure.mjs';
import { moves, sceneBuffer, sceneEach, sceneHundreds, sceneWriters, undoRedo } from './scene.mjs';
import { textBatched, textBlob, textEach, textLoad, textReceive } from './text.mjs';

export const WORKLOADS = {
  scene_each: { run: sceneEach, files: ['sets'] },
  scene_buffer: { run: sceneBuffer, files: ['sets'] },
  scene_hundreds: { run: sceneHundreds, files: ['sets'] },
  scene_writers: { run: sceneWriters, files: ['sets'] },
  undo: { run: undoRedo, files: ['sets'] },
  moves: { run: moves, files: ['moves'] },
  text_batched: { run: textBatched, files: ['text'] },
  text_each: { run: textEach, files: ['text'] },
  text_receive: { run: textReceive, files: ['text'] },
  text_blob: { run: textBlob, files: ['text'] },
  text_load: { run: textLoad, files: ['text'] },
  large_load: { run: largeLoad, files: ['large'] },
  large_memory: { run: largeMemory, files: ['large'] },
  digest: { run: digest, files: ['large', 'sets'] },
  notify: { run: notify, files: ['sets', 'moves'] },
};

/** The files of a workload, read; bytesOf(name) gives their bytes. */
export function readWorkloads(bytesOf, workload) {
  const files = WORKLOADS[workload]?.files ?? [];
  return Object.fromEntries(files.map((name) => [name, READERS[name](bytesOf(name))]));
}

/**
 * {row: {value, runs, part}}: several rows where one run gives several figures, none where the
 * workload is another system's.
 */
export function runWorkload(system, workload, data, limits, surroundings = {}) {
  return WORKLOADS[workload]?.run(system, data, new Bench(limits), surroundings) ?? {};
}
