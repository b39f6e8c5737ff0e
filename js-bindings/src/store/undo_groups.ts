// Messages that are undone and redone together: a drag, a paste. The core undoes and redoes one
// message at a time, newest first, so the messages of a group follow each other.
import type { Journal } from './journal.js';
import type { CRDTMessage } from './types.js';

interface Group {
  readonly ids: Set<string>;
  /** How many messages the last undo of the group took. */
  undone: number;
}

export class UndoGroups {
  private readonly groups = new Map<string, Group>();
  private open: Group | undefined;
  private depth = 0;

  /** Own messages belong together from now on until the function that it gives is called. */
  begin(): () => void {
    if (this.depth++ === 0) this.open = { ids: new Set(), undone: 0 };
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      if (--this.depth === 0) this.open = undefined;
    };
  }

  /** A message that was just committed. */
  note({ id }: CRDTMessage): void {
    if (this.open === undefined) return;
    this.open.ids.add(id);
    this.groups.set(id, this.open);
  }

  /** Undoes a message and the rest of its group; what is to be sent. */
  undo(journal: Journal, step: () => CRDTMessage[]): CRDTMessage[] {
    const messages = step();
    const group = this.groupOf(messages.at(-1));
    if (group === undefined) return messages;
    group.undone = 1;
    while ([...group.ids].some((id) => journal.isInForce(id))) {
      const more = step();
      if (more.length === 0) break;
      messages.push(...more);
      ++group.undone;
    }
    return messages;
  }

  redo(step: () => CRDTMessage[]): CRDTMessage[] {
    const messages = step();
    const group = this.groupOf(messages.at(-1));
    for (let left = group?.undone ?? 1; left > 1; --left) messages.push(...step());
    return messages;
  }

  private groupOf(meta: CRDTMessage | undefined): Group | undefined {
    const op = meta?.ops[0] as { targetMsgId?: string } | undefined;
    return op?.targetMsgId === undefined ? undefined : this.groups.get(op.targetMsgId);
  }
}
