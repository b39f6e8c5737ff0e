// Checks of arguments that the type system cannot make for callers in plain JavaScript.
import type { CreateGraphOptions } from './types.js';

export function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages)) throw new TypeError('a journal is an array of messages');
}

export function checkFunction(value: unknown, name: string): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function`);
}

export function checkString(value: unknown, name: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
}

export function checkOptions(options: CreateGraphOptions): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createGraph needs {client}');
  checkString(options.client ?? options.sessionId, 'client');
  for (const name of ['onSend', 'onStateChange', 'onMessageSent', 'onWarning', 'now'] as const) {
    if (options[name] !== undefined) checkFunction(options[name], name);
  }
}
