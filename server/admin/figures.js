// The text of /metrics as numbers, and what two readings say together: rates and percentiles.

/** name -> [{labels, value}] */
export function parse(text) {
  const found = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null) continue;
    const labels = {};
    for (const [, name, value] of (match[2] ?? '').matchAll(/([a-z]+)="([^"]*)"/g))
      labels[name] = value;
    const samples = found.get(match[1]) ?? [];
    samples.push({ labels, value: Number(match[3]) });
    found.set(match[1], samples);
  }
  return found;
}

/** The sum of the samples of a name whose labels are these. */
export function total(reading, name, labels = {}) {
  const wanted = Object.entries(labels);
  return (reading.get(name) ?? [])
    .filter((sample) => wanted.every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, sample) => sum + sample.value, 0);
}

/** What a histogram saw between two readings: [upper end, how many up to it]. */
function between(before, now, name) {
  const buckets = (reading) =>
    (reading.get(`${name}_bucket`) ?? []).map(({ labels, value }) => [
      labels.le === '+Inf' ? Infinity : Number(labels.le),
      value,
    ]);
  const old = new Map(buckets(before));
  return buckets(now).map(([end, count]) => [end, count - (old.get(end) ?? 0)]);
}

/** Seconds that this part of the observations stayed below; null when there was none. */
export function percentile(before, now, name, part) {
  const buckets = between(before, now, name);
  const all = buckets.at(-1)?.[1] ?? 0;
  if (all === 0) return null;
  let low = 0;
  let seen = 0;
  for (const [end, count] of buckets) {
    if (count >= all * part) {
      if (end === Infinity) return low;
      return low + ((all * part - seen) / (count - seen)) * (end - low);
    }
    low = end;
    seen = count;
  }
  return low;
}

const units = ['', 'k', 'M', 'G', 'T'];

/** Three digits and a unit. */
export function short(value, unit = '') {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= 1000 && step < units.length - 1) {
    rest /= 1000;
    step += 1;
  }
  const digits = Math.abs(rest) >= 100 || Number.isInteger(rest) ? 0 : Math.abs(rest) >= 10 ? 1 : 2;
  return `${rest.toFixed(digits)}${step === 0 && unit === '' ? '' : ` ${units[step]}${unit}`}`;
}

export const milliseconds = (seconds) =>
  seconds === null ? '–' : `${(seconds * 1000).toPrecision(3)} ms`;
