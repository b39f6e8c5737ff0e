// Line drawings, 20 by 20, in the colour of the text around them.
const PATHS = {
  box: 'M10 2.5 16.5 6v8L10 17.5 3.5 14V6zM3.5 6 10 9.6 16.5 6M10 9.6v7.9',
  sphere: 'M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM3 10c0 1.5 3.1 2.7 7 2.7s7-1.2 7-2.7',
  cone: 'M10 2.8 3.6 15.2M10 2.8l6.4 12.4M16.4 15.2a6.4 2 0 1 1-12.8 0a6.4 2 0 1 1 12.8 0z',
  cylinder: 'M15.5 5a5.5 2.2 0 1 1-11 0a5.5 2.2 0 1 1 11 0zM4.5 5v10a5.5 2.2 0 0 0 11 0V5',
  torus: 'M17.5 10.5a7.5 5 0 1 1-15 0a7.5 5 0 1 1 15 0zM6.8 9.7a3.8 2 0 0 0 6.4 0',
  scene: 'M2.5 13.5 10 17l7.5-3.5L10 10zM10 10V3M7.5 5.5 10 3l2.5 2.5',
  undo: 'M7.5 4 3.5 8l4 4M3.5 8h8a5 5 0 0 1 0 9H8',
  redo: 'M12.5 4l4 4-4 4M16.5 8h-8a5 5 0 0 0 0 9H12',
  trash: 'M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.7 11h7.6l.7-11',
  window: 'M8 4.5H4.5v11h11V12M11.5 3.5h5v5M16.5 3.5 9.5 10.5',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
