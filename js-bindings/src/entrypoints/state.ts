// `@vuer-ai/vuer-rtc/state`: vector clocks and small functions on values.
export { VectorClockManager } from '../store/clocks.js';
export { hexToRgb, multiplyQuaternions, parseOtype, rgbToHex, type Quat } from '../store/math.js';
export type { VectorClock } from '../store/types.js';
