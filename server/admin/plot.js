// Latencies over time as lines on a logarithmic scale.
import { element } from './dom.js';
import { milliseconds } from './figures.js';

const kSamples = 150;
const kWidth = 600;
const kHeight = 160;
const kLow = -4; // 0.1 ms
const kHigh = 1; // 10 s
const kMarks = ['10 s', '1 s', '100 ms', '10 ms', '1 ms', '0.1 ms'];

const height = (seconds) => {
  const place = (Math.log10(Math.max(seconds, 10 ** kLow)) - kLow) / (kHigh - kLow);
  return kHeight * (1 - Math.min(place, 1));
};

const svg = (name, attributes = {}, ...children) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

/** One stroke per run of samples that are there. */
function strokes(samples) {
  let path = '';
  let pen = 'M';
  samples.forEach((seconds, index) => {
    if (seconds !== null) {
      const x = ((kSamples - samples.length + index) / (kSamples - 1)) * kWidth;
      path += `${pen}${x.toFixed(1)} ${height(seconds).toFixed(1)}`;
    }
    pen = seconds === null ? 'M' : 'L';
  });
  return path;
}

export class Plot {
  constructor(place, names) {
    this.place = place;
    this.lines = names.map((name) => ({ name, samples: [] }));
  }

  /** One sample for each line; null: nothing happened. */
  add(values) {
    this.lines.forEach((line, index) => {
      line.samples.push(values[index]);
      if (line.samples.length > kSamples) line.samples.shift();
    });
    this.draw();
  }

  draw() {
    const rows = kMarks.map((_, index) => height(10 ** (kHigh - index)));
    const label = this.lines
      .map(({ name, samples }) => `${name} ${milliseconds(samples.at(-1) ?? null)}`)
      .join(', ');
    const grid = rows.map((y) => svg('line', { class: 'grid', x1: 0, x2: kWidth, y1: y, y2: y }));
    const curves = this.lines.map(({ samples }, index) =>
      svg('path', { class: `line-${index}`, d: strokes(samples) }),
    );
    const chart = svg(
      'svg',
      {
        viewBox: `0 -4 ${kWidth} ${kHeight + 8}`,
        preserveAspectRatio: 'none',
        role: 'img',
        'aria-label': label,
      },
      ...grid,
      ...curves,
    );
    const legend = this.lines.map(({ name, samples }, index) =>
      element('li', { class: `line-${index}` }, [
        `${name} `,
        element('b', {}, [milliseconds(samples.at(-1) ?? null)]),
      ]),
    );
    const marks = kMarks.map((mark) => element('span', {}, [mark]));
    const scale = element('div', { class: 'scale', 'aria-hidden': 'true' }, marks);
    const curve = element('div', { class: 'chart' }, [scale, chart]);
    this.place.replaceChildren(curve, element('ul', { class: 'legend' }, legend));
  }
}
