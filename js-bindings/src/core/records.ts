// Own properties only: keys and paths come from users and networks, and `__proto__` is a key like
// any other.

/** Whether values handed out are frozen: everywhere but in production builds. */
export const FREEZE: boolean = !isProduction();

function isProduction(): boolean {
  try {
    return process.env.NODE_ENV === 'production';
  } catch {
    return false; // a page without bundler has no `process`
  }
}

const hasOwnProperty = Object.prototype.hasOwnProperty;

export function hasOwn(object: object, key: string): boolean {
  return hasOwnProperty.call(object, key);
}

/** object[key] when it is the object's own. */
export function own(object: object, key: string): unknown {
  return hasOwnProperty.call(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}

/** Makes an own property, also for `__proto__`. */
export function put(object: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    (object as Record<string, unknown>)[key] = value;
  }
}

/** A shallow copy without one key. */
export function without<T extends object>(object: T, key: string): T {
  const copy = {};
  for (const name of Object.keys(object)) if (name !== key) put(copy, name, own(object, name));
  return copy as T;
}

/** Freezes plain data through and through; stops where it is frozen already. Returns it. */
export function deepFreeze<T>(value: T): T {
  if (!FREEZE || typeof value !== 'object' || value === null || Object.isFrozen(value))
    return value;
  if (ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const key of Object.keys(value)) deepFreeze(own(value, key));
  return value;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // the second clause knows Object.prototype of another realm
  return (
    prototype === null ||
    prototype === Object.prototype ||
    Object.getPrototypeOf(prototype) === null
  );
}
