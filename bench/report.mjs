// Figures against bars: tables for people, verdicts for files.

/** How many times better `figure` is than `other`. */
function advantage({ better }, figure, other) {
  return better === 'more' ? figure / other : other / figure;
}

/** [name, figure] of the best peer of a row, or undefined. */
export function bestPeer(catalog, row, figures, { than, except = [] } = {}) {
  const names = than ?? Object.keys(catalog.systems).filter((name) => !catalog.ours.includes(name));
  const measured = names.filter((name) => !except.includes(name) && figures[name] !== undefined);
  if (measured.length === 0) return undefined;
  const best = measured.reduce((a, b) =>
    advantage(catalog.rows[row], figures[a].value, figures[b].value) >= 1 ? a : b,
  );
  return [best, figures[best].value];
}

export function short(value) {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** What became of one bar; undefined where its system or its peers were not measured. */
function verdict(catalog, row, figures, bar) {
  const figure = figures[bar.system]?.value;
  if (figure === undefined) return undefined;
  const { unit } = catalog.rows[row];
  if (bar.least !== undefined || bar.most !== undefined) {
    const reached = bar.least !== undefined ? figure >= bar.least : figure <= bar.most;
    const sign = bar.least !== undefined ? '>=' : '<=';
    const text = `${sign} ${short(bar.least ?? bar.most)} ${unit}`;
    return { row, ...bar, figure, reached, text };
  }
  const best = bestPeer(catalog, row, figures, bar);
  if (best === undefined) return undefined;
  const ratio = advantage(catalog.rows[row], figure, best[1]);
  const reached = ratio >= bar.times;
  const text = `>= ${bar.times} x ${best[0]}: ${short(ratio)} x`;
  return { row, ...bar, figure, ratio, reached, text };
}

export function verdicts(catalog, results) {
  return Object.entries(results).flatMap(([row, figures]) =>
    (catalog.rows[row]?.bars ?? [])
      .map((bar) => verdict(catalog, row, figures, bar))
      .filter((each) => each !== undefined),
  );
}

const word = ({ text, reached }) => `${text} ${reached ? 'reached' : 'MISSED'}`;

/** A row of the catalogue: every system's figure; for ours the ratio to the best peer, the bars. */
export function table(catalog, row, figures) {
  const { title, unit } = catalog.rows[row];
  const best = bestPeer(catalog, row, figures);
  const bars = verdicts(catalog, { [row]: figures });
  const names = Object.keys(catalog.systems);
  const line = (name) => {
    const figure = figures[name];
    const part = figure.part < 1 ? `~${Math.max(1, Math.round(figure.part * 100))}%` : '';
    const isOurs = catalog.ours.includes(name);
    const ratio =
      isOurs && best !== undefined && best[1] !== 0
        ? `${short(advantage(catalog.rows[row], figure.value, best[1]))} x ${best[0]}`
        : '';
    const own = bars.filter((bar) => bar.system === name).map(word);
    const value = short(figure.value).padStart(10);
    const cells = [name.padEnd(12), value, part.padEnd(5), ratio.padEnd(20), own.join('; ')];
    return `  ${cells.join(' ')}`.trimEnd();
  };
  const lines = names.filter((name) => figures[name] !== undefined).map(line);
  const without = names.filter((name) => figures[name] === undefined);
  if (without.length > 0) lines.push(`  ${'-'.padStart(23)}       ${without.join(', ')}`);
  return [`${row}: ${title} (${unit})`, ...lines, ''].join('\n');
}

export function summary(bars) {
  const missed = bars.filter(({ reached }) => !reached);
  const line = ({ row, system, figure, text }) => `  ${row}, ${system}: ${short(figure)}, ${text}`;
  const head = `bars: ${bars.length - missed.length} reached, ${missed.length} missed`;
  return [head, ...missed.map(line)].join('\n');
}
