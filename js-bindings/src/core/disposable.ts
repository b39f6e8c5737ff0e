// `using store = ...` where the runtime knows it; an agreed name where it does not.
const disposeSymbol: symbol =
  (Symbol as { dispose?: symbol }).dispose ?? Symbol.for('Symbol.dispose');

/** Lets `using` call dispose(). */
export function makeDisposable<T extends { dispose(): void }>(prototype: T): void {
  Object.defineProperty(prototype, disposeSymbol, {
    value(this: T) {
      this.dispose();
    },
    configurable: true,
    writable: true,
  });
}
