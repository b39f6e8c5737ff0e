// `@vuer-ai/vuer-rtc/state`: vector clocks, merging of values, and small functions on them.
export { ConflictResolver, type PropertyUpdate } from '../compat/conflict_resolver.js';
export { DType, type ValueWithMeta } from '../compat/dtype.js';
export { VectorClockManager } from '../store/clocks.js';
export { hexToRgb, multiplyQuaternions, parseOtype, rgbToHex, type Quat } from '../store/math.js';
export type { VectorClock } from '../store/types.js';
