// The error of this package: a code from the core's table, and where the fault is.

import type { ErrorCode } from '../generated/errors.js';

/** A code of the error table (docs/errors.md). */
export type RtcErrorCode = ErrorCode;

/** Which operation, node and property an error is about. */
export interface Where {
  op?: string | undefined;
  key?: string | undefined;
  path?: string | undefined;
}

/**
 * What the core or the wrapper refused: `code`, and where known `op`, `key` and `path`. Nothing
 * changed.
 *
 * @example
 * try {
 *   store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: '' } });
 * } catch (fault) {
 *   if (fault instanceof RtcError) console.log(fault.code, fault.key);
 * }
 */
export class RtcError extends Error {
  readonly code: RtcErrorCode;
  readonly op: string | undefined;
  readonly key: string | undefined;
  readonly path: string | undefined;

  constructor(code: RtcErrorCode, text?: string, where: Where = {}) {
    super(`${code}: ${text ?? code}${describe(where)}`);
    this.name = 'RtcError';
    this.code = code;
    this.op = where.op;
    this.key = where.key;
    this.path = where.path;
  }
}

/** " (op number.add, key box, path size)" or "". */
export function describe(where: Where): string {
  const parts: string[] = [];
  if (where.op !== undefined) parts.push(`op ${where.op}`);
  if (where.key !== undefined) parts.push(`key ${JSON.stringify(where.key)}`);
  if (where.path !== undefined) parts.push(`path ${JSON.stringify(where.path)}`);
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

/** What an operation says about itself, whatever it is. */
export function whereOf(op: unknown): Where {
  if (typeof op !== 'object' || op === null) return {};
  const { ot, otype, key, path } = op as Record<string, unknown>;
  const name = ot ?? otype;
  return {
    op: typeof name === 'string' ? name : undefined,
    key: typeof key === 'string' ? key : undefined,
    path: typeof path === 'string' ? path : undefined,
  };
}
