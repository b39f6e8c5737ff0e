// The workloads in a page: measure(WORKLOAD, LIMITS) of the window.
import * as core from './systems/core.mjs';
import { READERS } from './data.mjs';
import { runWorkload, WORKLOADS } from './workloads.mjs';

globalThis.measure = async (workload, limits) => {
  const data = {};
  for (const name of WORKLOADS[workload]?.files ?? []) {
    const answer = await fetch(`/${name}.bin`);
    data[name] = READERS[name](await answer.arrayBuffer());
  }
  return runWorkload(core, workload, data, limits);
};
