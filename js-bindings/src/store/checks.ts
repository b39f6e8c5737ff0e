// Checks of arguments that the type system cannot make for callers in plain JavaScript.

export function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages)) throw new TypeError('a journal is an array of messages');
}

export function checkFunction(value: unknown, name: string): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function`);
}

export function checkString(value: unknown, name: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
}
