// Names that are never given out twice.

/** `<name>~<16 random hex digits>`. */
export function uniqueClient(name: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `${name}~${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
