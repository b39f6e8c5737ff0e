// What undo takes back: a step is the messages of one gesture. Edits with the same name that follow
// each other closely (typing, nudging) are one step as well.
const JOIN_MS = 900;

interface Step {
  readonly ids: string[];
  readonly join: string;
  at: number;
}

export class Steps {
  private readonly done: Step[] = [];
  private undone: Step[] = [];
  private closed = true;

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** A message was committed. An empty `join` is a step of its own. */
  add(id: string, join: string, now: number): void {
    this.undone = [];
    const last = this.done.at(-1);
    const joins = last !== undefined && !this.closed && join !== '' && join === last.join;
    if (joins && (now - last.at <= JOIN_MS || join.startsWith('drag'))) {
      last.ids.push(id);
      last.at = now;
    } else {
      this.done.push({ ids: [id], join, at: now });
    }
    this.closed = false;
  }

  /** Whatever comes next is another step. */
  close(): void {
    this.closed = true;
  }

  /** The messages to undo, newest first. */
  undo(): string[] {
    this.closed = true;
    const step = this.done.pop();
    if (step === undefined) return [];
    this.undone.push(step);
    return [...step.ids].reverse();
  }

  /** The messages to redo, oldest first. */
  redo(): string[] {
    this.closed = true;
    const step = this.undone.pop();
    if (step === undefined) return [];
    this.done.push(step);
    return [...step.ids];
  }
}
