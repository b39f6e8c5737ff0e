// Which room and who: from the address, else from before, else made up.
const NAMES = ['Wren', 'Juniper', 'Marlow', 'Isolde', 'Otis', 'Pascal', 'Runa', 'Tamsin'] as const;
const STORED = 'vuer-rtc-name';

export function roomName(): string {
  const given = new URLSearchParams(location.search).get('room')?.trim();
  return given ? given.slice(0, 128) : 'studio';
}

export function personName(): string {
  const given = new URLSearchParams(location.search).get('name')?.trim() || remembered();
  if (given) return given.slice(0, 40);
  return NAMES[Math.floor(Math.random() * NAMES.length)] ?? NAMES[0];
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(STORED, name);
  } catch {
    // A page without storage asks again next time.
  }
}

function remembered(): string {
  try {
    return localStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}

/** The same room for somebody else. */
export function invitation(room: string): string {
  return `?${new URLSearchParams({ room }).toString()}`;
}
