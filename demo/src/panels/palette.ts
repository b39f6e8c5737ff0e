// The colours shapes start with and are offered; any other can be picked.
export const SWATCHES = [
  ['Coral', '#e4572e'],
  ['Amber', '#f2a541'],
  ['Moss', '#5b8c5a'],
  ['Teal', '#1f8a8a'],
  ['Sky', '#4b9cd3'],
  ['Indigo', '#4456c7'],
  ['Plum', '#8e4585'],
  ['Chalk', '#e8e6df'],
  ['Graphite', '#3b4245'],
] as const;

export function nextColor(count: number): string {
  const offered = SWATCHES.slice(0, 7);
  return offered[(count * 3) % offered.length]?.[1] ?? SWATCHES[0][1];
}
