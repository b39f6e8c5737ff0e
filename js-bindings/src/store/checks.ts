// Checks of arguments that the type system cannot make for callers in plain JavaScript.
import { maxClientBytes } from '../generated/limits.js';
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
  checkClient(options.client ?? options.sessionId);
  for (const name of ['onSend', 'onStateChange', 'onMessageSent', 'onWarning', 'now'] as const) {
    if (options[name] !== undefined) checkFunction(options[name], name);
  }
}

/** A name of 1 to 200 bytes: the author of messages. */
export function checkClient(client: unknown): asserts client is string {
  checkString(client, 'client');
  const bytes = new TextEncoder().encode(client as string).length;
  if (bytes === 0 || bytes > maxClientBytes) {
    throw new TypeError(`client must have 1 to ${maxClientBytes} bytes`);
  }
}
