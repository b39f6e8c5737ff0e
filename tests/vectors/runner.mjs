// runner.mjs [--json REPORT] [--shuffles N] FILE...: law vectors through the npm package's public
// API: GraphStore, receive, compact, digest and getState. Prints each scenario that failed with its
// reason, then the counts.
import { createReadStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';

import { createGraph } from '@vuer-ai/vuer-rtc';

const SHUFFLES = 20;
const TRIG_TOLERANCE = 1e-12;
const READER = 'reader~vectors'; // no author of any vector

/** Values equal; numbers within `tolerance` relative to the greater of 1 and the number. */
function near(a, b, tolerance) {
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
  }
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length
    && keys.every((key) => Object.hasOwn(b, key) && near(a[key], b[key], tolerance));
}

/** Seeded by the scenario's name, so that a failure repeats (mulberry32). */
function randomOf(name) {
  let state = [...name].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) >>> 0, 7);
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A shuffle of all messages in which about every fifth comes twice. */
function shuffled(count, random) {
  const order = [...Array(count).keys()];
  for (let i = 0; i < count; i++) if (random(5) === 0) order.push(i);
  for (let i = order.length - 1; i > 0; i--) {
    const other = random(i + 1);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

function open(scenario) {
  const warnings = [];
  const store = createGraph({
    client: READER,
    initialSnapshot: scenario.snapshot,
    onWarning: (warning) => warnings.push(warning),
  });
  return { store, warnings };
}

/** Where the store differs from what is expected, or nothing. */
function difference(store, { expect, trig }) {
  const tolerance = trig ? TRIG_TOLERANCE : 0;
  if (!near(store.getState().graph, expect.graph, tolerance)) return 'graph';
  if (expect.digest !== undefined && store.digest() !== expect.digest) return 'digest';
  return undefined;
}

function checkOrder(scenario, order) {
  const { store } = open(scenario);
  for (const index of order) store.receive(scenario.messages[index]);
  const found = difference(store, scenario);
  store.dispose();
  return found && `${found} in order [${order}]`;
}

/**
 * Two messages of one id with other content: which is kept is a matter of arrival, so only the
 * scenario's own orders hold.
 */
function reusesAnId(scenario) {
  const seen = new Map();
  for (const { lt, serverSeq, stable, ...content } of scenario.messages) {
    const known = seen.get(content.id);
    if (known !== undefined && !isDeepStrictEqual(known, content)) return true;
    seen.set(content.id, known ?? content);
  }
  return false;
}

function checkOrders(scenario, shuffles) {
  const count = scenario.messages.length;
  const random = randomOf(scenario.name);
  const orders = [[...Array(count).keys()], ...scenario.orders];
  const extra = reusesAnId(scenario) ? 0 : shuffles;
  for (let i = 0; i < extra; i++) orders.push(shuffled(count, random));
  for (const order of orders) {
    const reason = checkOrder(scenario, order);
    if (reason) return reason;
  }
  return undefined;
}

/** Digests on the way; where the line was raised, compact() may fold and the end is the same. */
function checkStages(scenario) {
  const { store } = open(scenario);
  let done = 0;
  let reason;
  for (const stage of scenario.stages ?? []) {
    while (done < stage.after) store.receive(scenario.messages[done++]);
    if (store.digest() !== stage.digest) reason ??= `digest at the stage after ${stage.after}`;
    if (stage.stable !== undefined) {
      store.compact();
      if (store.digest() !== stage.digest) reason ??= `digest after compact after ${stage.after}`;
    }
  }
  while (done < scenario.messages.length) store.receive(scenario.messages[done++]);
  const found = difference(store, scenario);
  store.dispose();
  return reason ?? (found && `${found} after the stages`);
}

/** A refused message changes nothing and is told by a warning. */
function checkRefused(scenario) {
  const { store, warnings } = open(scenario);
  for (const message of scenario.messages) store.receive(message);
  const before = store.digest();
  let reason;
  for (const [index, message] of (scenario.refused ?? []).entries()) {
    warnings.length = 0;
    store.receive(message);
    if (warnings.length === 0) reason ??= `no warning for refused ${index}`;
    if (store.digest() !== before) reason ??= `changed by refused ${index}`;
  }
  store.dispose();
  return reason;
}

function check(line, shuffles) {
  let name = `unreadable: ${line.slice(0, 60)}`;
  try {
    const scenario = JSON.parse(line);
    name = scenario.name;
    const reason =
      checkOrders(scenario, shuffles) ?? checkStages(scenario) ?? checkRefused(scenario);
    return { name, reason };
  } catch (fault) {
    return { name, reason: String(fault?.stack ?? fault) };
  }
}

async function main(args) {
  const report = { passed: 0, failed: 0, names: [] };
  const files = [];
  let [target, shuffles] = [undefined, SHUFFLES];
  while (args.length > 0) {
    const argument = args.shift();
    if (argument === '--json') target = args.shift();
    else if (argument === '--shuffles') shuffles = Number(args.shift());
    else files.push(argument);
  }
  for (const file of files) {
    const input = file === '-' ? process.stdin : createReadStream(file);
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line === '') continue;
      const { name, reason } = check(line, shuffles);
      if (reason === undefined) {
        report.passed++;
      } else {
        report.failed++;
        report.names.push(name);
        console.log(`${name}: ${reason}`);
      }
    }
  }
  console.log(`${report.passed} passed, ${report.failed} failed`);
  if (target) writeFileSync(target, JSON.stringify(report));
  process.exitCode = report.failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
