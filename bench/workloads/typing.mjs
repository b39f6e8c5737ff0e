// Writing as people do: runs of typing, runs of deleting, now and then a jump or a pasted line.
const LETTERS = 'etaoinshrdlu etaoin shr dlu, wm fgypb. vk';

/** Text around a cursor: what stands left of it, and what stands right of it, backwards. */
class Page {
  left = [];
  right = [];

  go(position) {
    while (this.left.length > position) this.right.push(this.left.pop());
    while (this.left.length < position) this.left.push(this.right.pop());
  }

  get size() {
    return this.left.length + this.right.length;
  }
}

/** Where a writer goes on: mostly near by, sometimes anywhere. */
function jump(page, random) {
  const at = page.left.length;
  const reach = random.below(4) === 0 ? page.size : 400;
  const low = Math.max(0, at - reach);
  page.go(low + random.below(Math.min(page.size, at + reach) - low + 1));
}

/** {edits: [[position, removed, inserted]], end} */
export function writeTrace(count, random) {
  const page = new Page();
  const edits = [];
  let left = 0;
  let deletes = false;
  for (; edits.length < count; --left) {
    if (left === 0) {
      deletes = random.below(4) === 0;
      left = 1 + random.below(deletes ? 12 : 40);
      if (random.below(3) === 0) jump(page, random);
    }
    const at = page.left.length;
    if (deletes && at > 0) {
      page.left.pop();
      edits.push([at - 1, 1, '']);
      continue;
    }
    const length = random.below(2000) === 0 ? 80 : 1;
    let inserted = '';
    for (let i = 0; i < length; ++i) inserted += LETTERS[random.below(LETTERS.length)];
    page.left.push(...inserted);
    edits.push([at, 0, inserted]);
  }
  page.go(page.size);
  return { edits, end: page.left.join('') };
}
