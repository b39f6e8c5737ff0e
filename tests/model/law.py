"""The convergence law as a plain fold. Slow on purpose: written to be read next to the page.

fold(messages, snapshot=None) -> Document   Document: graph() digest() texts() snapshot(stable)
The two sides of a connection (Server: the door of section 8, Store: an author) are in sides.py.
"""
import hashlib
import math
import re
import struct

MAX_INT = 2 ** 53 - 1
MAX_DEPTH = 64
NO_LINE = -1                                    # "no stable line yet": also lt 0 lies above it
RESERVED = ('key', 'children', '_crdt')         # never property names
MISSING = object()                              # a property that is absent

class Refused(ValueError):
    """The message as a whole is refused (section 2)."""

class Invalid(ValueError):
    """One op is ignored (section 4)."""

def need(condition):
    if not condition:
        raise Invalid()

# ---------------------------------------------------------------- strings and values (section 4)

def to_units(string):
    """UTF-16 code units of a string, as integers."""
    raw = string.encode('utf-16-be', 'surrogatepass')
    return [raw[i] * 256 + raw[i + 1] for i in range(0, len(raw), 2)]

def is_high(unit):
    return 0xD800 <= unit <= 0xDBFF

def is_low(unit):
    return 0xDC00 <= unit <= 0xDFFF

def from_units(units):
    """A string from code units; every unpaired surrogate becomes U+FFFD."""
    out, i = [], 0
    while i < len(units):
        if is_high(units[i]) and i + 1 < len(units) and is_low(units[i + 1]):
            out.append(chr(0x10000 + (units[i] - 0xD800) * 1024 + units[i + 1] - 0xDC00))
            i += 2
        else:
            lone = is_high(units[i]) or is_low(units[i])
            out.append('\uFFFD' if lone else chr(units[i]))
            i += 1
    return ''.join(out)

def clean_string(string):
    return from_units(to_units(string))

def clean(value, room=MAX_DEPTH):
    """The value as the document stores it, or Invalid. A scalar has depth 0, a container 1 + its deepest member."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            raise Invalid()
        need(math.isfinite(number))
        return number + 0.0                     # -0.0 + 0.0 is 0.0
    if isinstance(value, str):
        return clean_string(value)
    need(isinstance(value, (list, tuple, dict)) and room > 0)
    if isinstance(value, dict):
        return {clean_string(k): clean(v, room - 1) for k, v in value.items()}
    return [clean(v, room - 1) for v in value]

def storable(value):
    try:
        return clean(value)
    except Invalid:
        return MISSING

def is_number(value):
    return isinstance(value, float)             # after clean() every number is a float, a boolean never is

def are_numbers(value, count):
    return isinstance(value, list) and len(value) >= count and all(is_number(v) for v in value[:count])

def same(a, b):
    """Deep equality."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and a == b

def integer(value, low=0, high=MAX_INT):
    """A whole number given as 3 or as 3.0, else Invalid."""
    need(isinstance(value, (int, float)) and not isinstance(value, bool))
    need(math.isfinite(value) and value == int(value) and low <= value <= high)
    return int(value)

# ---------------------------------------------------------------- messages (section 2)

def message(raw):
    """A message in today's names, or Refused. Ops stay as they came (apart from `otype`)."""
    if not isinstance(raw, dict):
        raise Refused('message: not a map')

    def field(name, older):
        return raw[name] if raw.get(name) is not None else raw.get(older)

    def name_field(name, older, limit):
        value = field(name, older)
        if not isinstance(value, str) or not 1 <= len(clean_string(value).encode('utf-8')) <= limit:
            raise Refused('%s: needs a string of 1..%d bytes' % (name, limit))
        return clean_string(value)

    def whole(name, value, low=0):
        try:
            return integer(value, low)
        except Invalid:
            raise Refused(name + ': needs an integer %d..2^53-1' % low)

    ts = field('ts', 'timestamp')
    if ts is None:
        ts = 0
    if not is_number(storable(ts)):
        raise Refused('ts: needs a finite number')
    clock = raw.get('clock')
    if clock is None:
        clock = {}
    if not isinstance(clock, dict):
        raise Refused('clock: needs a map')
    ops = raw.get('ops')
    if not isinstance(ops, list):
        raise Refused('ops: needs an array')
    clean_ops = []
    for op in ops:
        ot = (op.get('ot') if op.get('ot') is not None else op.get('otype')) if isinstance(op, dict) else None
        if not isinstance(ot, str):
            raise Refused('ops: every op is a map with a string ot')
        clean_ops.append({**{k: v for k, v in op.items() if k != 'otype'}, 'ot': ot})
    result = {'id': name_field('id', 'id', 256), 'client': name_field('client', 'sessionId', 200),
              'clock': {clean_string(c): whole('clock', n) for c, n in clock.items()},
              'lt': whole('lt', field('lt', 'lamportTime')), 'ts': clean(ts), 'ops': clean_ops,
              'stable': whole('stable', raw.get('stable', NO_LINE), NO_LINE)}
    if raw.get('serverSeq') is not None:
        result['serverSeq'] = whole('serverSeq', raw['serverSeq'])
    return result

def place(m):
    """K(m), the total order of messages."""
    return (m['lt'], to_units(m['client']), to_units(m['id']))

def is_meta(op):
    return op['ot'] in ('meta.undo', 'meta.redo')

def verdicts(metas, known, carried):
    """Section 3: {target id: is it undone}, in total order. `known` are the messages a target may be among; a target
    not known yet counts once it arrives. One that was folded for good when the server took the meta op is out of reach."""
    by_id = {m['id']: m for m in known}
    verdict = {i: True for i in carried}
    for m in sorted(metas, key=place):
        for op in m['ops']:
            if is_meta(op) and isinstance(op.get('targetMsgId'), str):
                target = by_id.get(clean_string(op['targetMsgId']))
                if target is None or target['lt'] > m['stable'] and not any(is_meta(o) for o in target['ops']):
                    verdict[clean_string(op['targetMsgId'])] = op['ot'] == 'meta.undo'
    return verdict

def undone_ids(messages, carried=()):
    verdict = verdicts(messages, messages, carried)
    return {m['id'] for m in messages if verdict.get(m['id']) and not any(is_meta(op) for op in m['ops'])}

# ---------------------------------------------------------------- value operations (section 6)

SETS = {'number.set': object, 'string.set': object, 'boolean.set': object, 'color.set': object, 'object.set': dict,
        'vector3.set': list, 'euler.set': list, 'quaternion.set': list, 'array.set': list}
EULER_SIGNS = {'XYZ': (1, -1, 1, -1), 'YXZ': (1, -1, -1, 1), 'ZXY': (-1, 1, 1, -1),
               'ZYX': (-1, 1, -1, 1), 'YZX': (1, 1, -1, -1), 'XZY': (-1, -1, 1, 1)}

def multiply_quaternions(a, b):                 # formula M
    ax, ay, az, aw = a[:4]
    bx, by, bz, bw = b[:4]
    return [aw*bx + ax*bw + ay*bz - az*by, aw*by - ax*bz + ay*bw + az*bx,
            aw*bz + ax*by - ay*bx + az*bw, aw*bw - ax*bx - ay*by - az*bz]

def rotate(v, q):                               # formula Q
    vx, vy, vz = v[:3]
    qx, qy, qz, qw = q[:4]
    ix = qw*vx + qy*vz - qz*vy
    iy = qw*vy + qz*vx - qx*vz
    iz = qw*vz + qx*vy - qy*vx
    iw = -qx*vx - qy*vy - qz*vz
    return [ix*qw + iw*-qx + iy*-qz - iz*-qy, iy*qw + iw*-qy + iz*-qx - ix*-qz, iz*qw + iw*-qz + ix*-qy - iy*-qx]

def euler_quaternion(value, order):             # formula E
    c1, c2, c3 = (math.cos(a / 2) for a in value[:3])
    s1, s2, s3 = (math.sin(a / 2) for a in value[:3])
    pairs = ((s1*c2*c3, c1*s2*s3), (c1*s2*c3, s1*c2*s3), (c1*c2*s3, s1*s2*c3), (c1*c2*c3, s1*s2*s3))
    return [first + second if sign > 0 else first - second
            for (first, second), sign in zip(pairs, EULER_SIGNS[order])]

def channels(colour):
    found = re.fullmatch('#?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})', colour)
    return [int(part, 16) for part in found.groups()] if found else [0, 0, 0]

def option(op, name, default):
    """An optional field; null counts as absent."""
    return default if op.get(name) is None else op[name]

def computed(ot, current, value, op):
    """The new value of a non-set op; Invalid when the op is malformed, MISSING when it has no effect."""
    def known(ok, default):
        return current if current is not MISSING and ok(current) else default

    if ot in ('number.add', 'number.multiply', 'number.min', 'number.max'):
        need(is_number(value))
        if ot == 'number.add':
            return known(is_number, 0.0) + value
        if ot == 'number.multiply':
            return known(is_number, 1.0) * value
        pick = min if ot == 'number.min' else max
        return pick(known(is_number, value), value)
    if ot == 'string.concat':
        separator = option(op, 'separator', '')
        need(isinstance(value, str) and isinstance(separator, str))
        text = known(lambda c: isinstance(c, str), '')
        return text + clean_string(separator) + value if text else value
    if ot in ('boolean.or', 'boolean.and'):
        need(isinstance(value, bool))
        flag = known(lambda c: isinstance(c, bool), ot == 'boolean.and')
        return (flag or value) if ot == 'boolean.or' else (flag and value)
    if ot in ('vector3.add', 'euler.add', 'vector3.multiply'):
        need(are_numbers(value, 3))
        a = known(lambda c: are_numbers(c, 3), [1.0] * 3 if ot == 'vector3.multiply' else [0.0] * 3)
        return [a[i] * value[i] if ot == 'vector3.multiply' else a[i] + value[i] for i in range(3)]
    if ot in ('vector3.applyQuaternion', 'vector3.applyEuler'):
        if ot == 'vector3.applyQuaternion':
            need(are_numbers(value, 4))
            q = value
        else:
            order, intrinsic = option(op, 'order', 'XYZ'), option(op, 'intrinsic', True)
            need(are_numbers(value, 3) and isinstance(order, str) and order in EULER_SIGNS and isinstance(intrinsic, bool))
            q = euler_quaternion(value, order if intrinsic else order[::-1])
        return rotate(known(lambda c: are_numbers(c, 3), [0.0] * 3), q)
    if ot == 'quaternion.multiply':
        need(are_numbers(value, 4))
        return multiply_quaternions(known(lambda c: are_numbers(c, 4), [0.0, 0.0, 0.0, 1.0]), value)
    if ot == 'color.blend':
        alpha = storable(option(op, 'alpha', 0.5))
        need(isinstance(value, str) and is_number(alpha) and 0 <= alpha <= 1)
        pairs = zip(channels(known(lambda c: isinstance(c, str), value)), channels(value))
        return '#' + ''.join('%02x' % math.floor(a*(1 - alpha) + b*alpha + 0.5) for a, b in pairs)
    if ot == 'object.merge':
        need(isinstance(value, dict))
        return {**known(lambda c: isinstance(c, dict), {}), **value}
    items = known(lambda c: isinstance(c, list), [])
    if ot == 'array.push':
        return items + [value]
    if ot == 'array.union':
        result = list(items)
        for element in value if isinstance(value, list) else [value]:
            if not any(same(element, present) for present in result):
                result.append(element)
        return result
    if ot == 'array.remove':
        return [present for present in items if not same(present, value)]
    if ot == 'array.move':
        source, to = integer(op.get('from'), -MAX_INT), integer(op.get('to'), -MAX_INT)
        if not 0 <= source < len(items):
            return MISSING                      # also when the property is no array
        rest = items[:source] + items[source + 1:]
        to = max(0, min(to, len(rest)))
        return rest[:to] + [items[source]] + rest[to:]
    raise Invalid()                             # unknown op

# ---------------------------------------------------------------- text (section 7)

def parse_id(text):
    """'<agent>:<n>' split at the last colon -> (agent, n)."""
    need(isinstance(text, str))
    found = re.fullmatch('(.+):(0|[1-9][0-9]{0,15})', clean_string(text), re.DOTALL)
    need(found and int(found[2]) <= MAX_INT)
    return found[1], int(found[2])

def id_text(unit):
    return '%s:%d' % unit

class Insert:
    """Units (agent, n), (agent, n+1), ...; the first hangs under `anchor` (a unit or None)."""

    def __init__(self, agent, n, anchor, content, seq, ts, author='', undone=False):
        self.agent, self.n, self.anchor, self.content, self.seq, self.ts = agent, n, anchor, content, seq, ts
        self.author, self.undone = author, undone    # the message's id and whether that message is undone
        self.ids = [(agent, n + i) for i in range(len(content))]
        self.agent_rank = to_units(agent + ':')

    def rank(self, index):
        """What orders siblings: seq descending, ts, agent, number ascending."""
        return (-self.seq, self.ts, self.agent_rank, self.n + index)

class Sequence:
    """One text: a set of inserts and a set of deleted id ranges."""

    def __init__(self):
        self.inserts, self.waiting, self.deletes = [], [], []     # deletes: (agent, from, to, message id, undone)
        self.placed, self.claimed = set(), set()                  # unit ids in the tree; unit ids ever given
        self.begun = False                                        # an init, insert or replace has made a text of it

    def add(self, insert):
        """Claims the ids, then places every insert whose anchor is there."""
        self.claimed.update(insert.ids)
        self.waiting.append(insert)
        while True:
            ready = [w for w in self.waiting if w.anchor is None or w.anchor in self.placed]
            if not ready:
                return
            for w in ready:
                self.waiting.remove(w)
                self.inserts.append(w)
                self.placed.update(w.ids)

    def highest_seq(self):
        return max((i.seq for i in self.inserts + self.waiting), default=0)

    def next_number(self, agent):
        return max((n + 1 for a, n in self.claimed if a == agent), default=0)

    def in_order(self):
        """Pre-order of the tree: [(unit id, id of the unit above or None, insert, index in the insert)]."""
        below = {}
        for insert in self.inserts:
            above = insert.anchor
            for index, unit in enumerate(insert.ids):
                below.setdefault(above, []).append((insert.rank(index), unit, above, insert, index))
                above = unit
        for siblings in below.values():
            siblings.sort(key=lambda s: s[0], reverse=True)       # reversed: the stack pops the last one first
        out, stack = [], list(below.get(None, []))
        while stack:
            _, unit, above, insert, index = stack.pop()
            out.append((unit, above, insert, index))
            stack.extend(below.get(unit, []))
        return out

    def shows(self, unit, insert, own=None):
        """Is the unit visible? The message `own` counts as not undone (it resolves its own positions)."""
        if insert.undone and insert.author != own:
            return False
        return not any(agent == unit[0] and first <= unit[1] < end and (not undone or author == own)
                       for agent, first, end, author, undone in self.deletes)

    def visible(self, own=None):
        """[(unit id, code unit)] of what can be seen."""
        return [(unit, insert.content[index]) for unit, _, insert, index in self.in_order()
                if self.shows(unit, insert, own)]

    def text(self):
        return from_units([code for _, code in self.visible()])

    def runs(self):
        """Section 11: [first id, length, anchor, seq, ts, content or None], maximal."""
        runs, last = [], None
        for unit, above, insert, index in self.in_order():
            shown = self.shows(unit, insert)
            if last and above == last[0] and unit == (last[0][0], last[0][1] + 1) \
                    and (insert.seq, insert.ts, shown) == last[1]:
                runs[-1][1] += 1
            else:
                runs.append([id_text(unit), 1, above and id_text(above), insert.seq, insert.ts, [] if shown else None])
            if shown:
                runs[-1][5].append(insert.content[index])
            last = (unit, (insert.seq, insert.ts, shown))
        return [run[:5] + [run[5] if run[5] is None else from_units(run[5])] for run in runs]

def parse_ranges(rm):
    need(isinstance(rm, list))
    ranges = []
    for entry in rm:
        need(isinstance(entry, list) and len(entry) == 2)
        agent, n = parse_id(entry[0])
        ranges.append((agent, n, n + integer(entry[1])))
    return ranges

def ranges_of(units):
    """Unit ids in document order as (agent, from, to)."""
    ranges = []
    for agent, n in units:
        if ranges and ranges[-1][0] == agent and ranges[-1][2] == n:
            ranges[-1] = (agent, ranges[-1][1], n + 1)
        else:
            ranges.append((agent, n, n + 1))
    return ranges

def parse_text_op(op):
    """-> ('ids', insert fields or None, ranges) or ('position', position, length, content or None)."""
    ot, value = op['ot'], op.get('value')
    if ot == 'text.delete' and op.get('rm') is not None:
        return 'ids', None, parse_ranges(op['rm'])
    if ot != 'text.delete' and op.get('id') is not None or ot == 'text.replace' and op.get('rm') is not None:
        ranges = parse_ranges(op.get('rm')) if ot == 'text.replace' else []
        need(isinstance(value, list) and len(value) == 2 and isinstance(value[1], str))
        anchor = None if value[0] is None else parse_id(value[0])
        content = to_units(clean_string(value[1]))
        if not content:
            return 'ids', None, ranges
        agent, n = parse_id(op.get('id'))
        ts = storable(op['ts']) if op.get('ts') is not None else None
        need(n + len(content) - 1 <= MAX_INT and (ts is None or is_number(ts)))
        return 'ids', (agent, n, anchor, content, integer(op.get('seq')), ts), ranges
    content = None
    if ot == 'text.init':
        need(value is None or isinstance(value, str))
        return 'position', 0, 0, to_units(clean_string(value or ''))
    if ot in ('text.insert', 'text.replace'):
        if isinstance(value, list) and len(value) == 2 and value[0] is None:
            value = value[1]
        need(isinstance(value, str))
        content = to_units(clean_string(value))
    length = 0 if ot == 'text.insert' else integer(op.get('length'), -MAX_INT)
    return 'position', integer(op.get('position'), -MAX_INT), length, content

def resolve(sequence, position, length, content, agent, ts, own, last_typed=None):
    """Position form -> (insert fields or None, ranges), read from what is visible now."""
    shown = sequence.visible(own)
    start = max(0, min(position, len(shown)))
    end = max(start, min(start + length, len(shown)))

    def cuts_pair(at):
        return 0 < at < len(shown) and is_high(shown[at - 1][1]) and is_low(shown[at][1])

    if cuts_pair(end):
        end += 1 if end > start else -1
    if cuts_pair(start):
        start -= 1
    end = max(start, end)
    ranges = ranges_of([unit for unit, _ in shown[start:end]])
    if not content:
        return None, ranges
    anchor = shown[start - 1][0] if start else None
    if last_typed in sequence.placed:           # typing straight on, also where the last typed unit was deleted
        ids = [unit for unit, _, _, _ in sequence.in_order()]
        before = set(ids[:ids.index(last_typed) + 1])
        if start == len([unit for unit, _ in shown if unit in before]):
            anchor = last_typed
    seq = min(sequence.highest_seq() + 1, MAX_INT)
    return (agent, sequence.next_number(agent), anchor, content, seq, ts), ranges

# ---------------------------------------------------------------- the document

class Node:
    def __init__(self, m):
        self.props = {'tag': '', 'name': ''}
        self.textual = set()                    # paths whose last effective op is a text op
        self.clock, self.created, self.deleted, self.lww = m['clock'], m['ts'], None, {}

class Document:
    """Use fold(). Holds the folded state and the messages it was folded from."""

    def __init__(self, base, messages, undone):
        self.nodes, self.parents, self.root, self.sequences, self.touched = {}, {}, '', {}, {}
        self.base, self.messages, self.undone = base, messages, undone
        if base:
            self.load(base)
        for m in messages:
            for op in m['ops']:
                try:
                    self.apply(m, op)
                except Invalid:
                    pass

    # ---- one op at its place

    def target(self, op):
        """The node key an op speaks of: '.', null or absent is the root; '' is nobody."""
        key = op.get('key')
        if key is None or key == '.':
            return self.root
        need(isinstance(key, str))
        return clean_string(key)

    def touch(self, key, m):
        ts, lt = self.touched.get(key, (m['ts'], m['lt']))
        self.touched[key] = (max(ts, m['ts']), max(lt, m['lt']))

    def apply(self, m, op):
        ot = op['ot']
        if is_meta(op):
            return
        if ot.startswith('node.'):
            return self.apply_node(m, op)
        key, path = self.target(op), op.get('path')
        need(key != '' and isinstance(path, str))
        path = clean_string(path)
        need(path not in RESERVED)
        if ot in ('text.init', 'text.insert', 'text.delete', 'text.replace'):
            return self.apply_text(m, op, key, path)
        value = None
        if ot != 'array.move':
            need('value' in op)
            value = clean(op['value'])
        if ot in SETS:
            need(isinstance(value, SETS[ot]))
        else:
            computed(ot, MISSING, value, op)    # only to see whether the op is valid
        self.touch(key, m)
        node = self.nodes.get(key)
        if m['id'] in self.undone or node is None or node.deleted is not None:
            return
        if ot in SETS:
            self.set(node, path, value, m)
        elif ot == 'object.merge' and path == '.':
            for name, member in value.items():
                if name not in ('key', 'tag', 'children', '_crdt'):
                    self.write(node, name, member)
        else:
            self.write(node, path, computed(ot, self.read(key, node, path), value, op))

    def read(self, key, node, path):
        """The property as an op at this place sees it."""
        return self.sequences[key, path].text() if path in node.textual else node.props.get(path, MISSING)

    def write(self, node, path, value):
        """Stores a result; one that is not finite or too deep leaves the property as it was."""
        value = MISSING if value is MISSING else storable(value)
        if value is not MISSING:
            node.props[path] = value
            node.textual.discard(path)

    def set(self, node, path, value, m):
        entry = node.lww.get(path)
        if entry is None or (m['lt'], to_units(m['client'])) >= (entry[0], to_units(entry[1])):
            node.lww[path] = (m['lt'], m['client'])
            self.write(node, path, value)

    # ---- tree (section 5)

    def apply_node(self, m, op):
        ot, value, live = op['ot'], clean(op.get('value')), m['id'] not in self.undone
        if ot in ('node.insert', 'node.upsert', 'node.inset'):
            need(isinstance(value, dict) and isinstance(value.get('key'), str) and value['key'])
            key, parent = value['key'], self.target(op)
            self.touch(key, m)
            if not live:
                return
            given = {name: v for name, v in value.items() if name not in RESERVED}
            node = self.nodes.get(key)
            if node is None:
                self.create(m, key, parent, given, value.get('children'))
                return
            if ot == 'node.insert':
                return
            if node.deleted is not None:
                node.deleted = None
                self.set_parent(key, parent)
            for name, v in given.items():
                if ot == 'node.inset':
                    self.set(node, name, v, m)
                else:
                    old = self.read(key, node, name)
                    self.write(node, name, {**old, **v} if isinstance(old, dict) and isinstance(v, dict) else v)
        elif ot == 'node.remove':
            need(isinstance(value, str))
            self.touch(value, m)
            if live and value in self.nodes:
                self.nodes[value].deleted = m['ts']
        elif ot == 'node.move':
            need(isinstance(value, dict))
            key, parent = value.get('nodeKey'), value.get('newParent')
            need(isinstance(key, str) and isinstance(parent, str))
            self.touch(key, m)
            node = self.nodes.get(key)
            if live and node and node.deleted is None and parent in self.nodes and not self.is_below(parent, key):
                self.parents[key] = parent

    def create(self, m, key, parent, given, listed):
        node = self.nodes[key] = Node(m)
        node.props.update(given)
        if self.root == '':
            self.root = key
        self.set_parent(key, parent)
        for child in listed if isinstance(listed, list) else []:
            if isinstance(child, str) and child and child not in self.parents and not self.is_below(key, child):
                self.parents[child] = key

    def is_below(self, key, top):
        """Is `key` the node `top` or somewhere under it?"""
        while key is not None and key != top:
            key = self.parents.get(key)
        return key == top

    def set_parent(self, key, parent):
        """A parent that would close a cycle counts as none."""
        self.parents.pop(key, None)
        if parent != '' and not self.is_below(parent, key):
            self.parents[key] = parent

    def children(self, key):
        mine = [k for k, node in self.nodes.items() if node.deleted is None and self.parents.get(k) == key]
        return sorted(mine, key=lambda k: (self.nodes[k].created, to_units(k)))

    # ---- text at one place

    def apply_text(self, m, op, key, path):
        parsed = parse_text_op(op)
        sequence = self.sequences.get((key, path)) or Sequence()
        if parsed[0] == 'ids':
            fields, ranges = parsed[1], parsed[2]
            if fields:
                agent, n, anchor, content, seq, ts = fields
                need(agent == m['client'] and not any((agent, n + i) in sequence.claimed for i in range(len(content))))
                fields = (agent, n, anchor, content, seq, m['ts'] if ts is None else ts)
        else:
            fields, ranges = resolve(sequence, *parsed[1:], m['client'], m['ts'], m['id'])
        undone = m['id'] in self.undone
        self.sequences[key, path] = sequence
        self.touch(key, m)
        insert = Insert(*fields, m['id'], undone) if fields else None
        if insert:
            sequence.add(insert)
        sequence.deletes += [(agent, first, end, m['id'], undone) for agent, first, end in ranges]
        if undone or (insert and insert not in sequence.inserts):
            return
        sequence.begun = sequence.begun or op['ot'] != 'text.delete'
        node = self.nodes.get(key)
        if sequence.begun and node and node.deleted is None:
            node.textual.add(path)              # it took effect on the property

    # ---- what can be seen

    def props_of(self, key):
        node = self.nodes[key]
        return {**node.props, **{path: self.sequences[key, path].text() for path in sorted(node.textual)}}

    def texts_of(self, key):
        """Texts of one node with at least one unit."""
        return {path: s for (k, path), s in self.sequences.items() if k == key and s.inserts}

    def texts(self):
        """{node key: {path: text}}"""
        found = {key: {path: s.text() for path, s in self.texts_of(key).items()} for key in self.nodes}
        return {key: paths for key, paths in found.items() if paths}

    def graph(self):
        nodes = {}
        for key, node in self.nodes.items():
            ts, lt = self.touched[key]
            crdt = {'clock': dict(node.clock), 'lamportTime': lt, 'createdAt': node.created, 'updatedAt': ts,
                    'lww': {path: {'lt': e[0], 'client': e[1]} for path, e in node.lww.items()}}
            if node.deleted is not None:
                crdt['deletedAt'] = node.deleted
            nodes[key] = {**self.props_of(key), 'key': key, 'children': self.children(key), '_crdt': crdt}
        return plain({'nodes': nodes, 'rootKey': self.root, 'lww': {}, 'tombstones': {}})

    def digest(self):
        buckets = {}
        for key in sorted(self.nodes, key=lambda k: k.encode('utf-8')):
            node = self.nodes[key]
            body = {'key': key, 'parent': self.parents.get(key), 'children': self.children(key),
                    'deletedAt': node.deleted, 'createdAt': node.created,
                    'lww': {path: list(entry) for path, entry in node.lww.items()}, 'props': self.props_of(key),
                    'texts': {path: s.runs() for path, s in self.texts_of(key).items()}}
            bucket = hashlib.sha256(canonical(key)).digest()[0]
            buckets[bucket] = buckets.get(bucket, b'') + canonical(key) + hashlib.sha256(canonical(body)).digest()
        return top_digest(self.root, buckets)

    # ---- snapshots (section 8)

    def snapshot(self, stable):
        """The document of all messages with lt <= stable; undone ones are gone for good."""
        part = Document(self.base, [m for m in self.messages if m['lt'] <= stable], self.undone)
        clock, lt, index = {}, 0, 0
        if self.base:
            clock, lt, index = dict(self.base['vectorClock']), self.base['lt'], self.base['journalIndex']
        for m in part.messages:
            clock, lt, index = merge_clocks(clock, m['clock']), max(lt, m['lt']), index + 1
        folded = {m['id'] for m in part.messages}
        verdict = verdicts(part.messages, self.messages, self.base['undone'] if self.base else ())
        ropes = {}
        for (key, path), s in part.sequences.items():
            ropes.setdefault(key, {})[path] = {
                'shown': key in part.nodes and path in part.nodes[key].textual, 'begun': s.begun,
                'inserts': [pack_insert(i) for i in s.inserts], 'waiting': [pack_insert(i) for i in s.waiting],
                'rm': [[id_text((agent, first)), end - first]
                       for agent, first, end, _, undone in s.deletes if not undone]}
        return plain({'graph': part.graph(), 'parents': dict(part.parents), 'textRopes': ropes, 'vectorClock': clock,
                      'lt': lt, 'journalIndex': index, 'stable': stable,
                      'undone': sorted(i for i, undone in verdict.items() if undone and i not in folded)})

    def load(self, snapshot):
        self.root, self.parents = snapshot['graph']['rootKey'], dict(snapshot['parents'])
        for key, shape in snapshot['graph']['nodes'].items():
            crdt = shape['_crdt']
            node = self.nodes[key] = Node({'clock': crdt['clock'], 'ts': clean(crdt['createdAt'])})
            node.props = {name: clean(v) for name, v in shape.items() if name not in RESERVED}
            node.deleted = clean(crdt.get('deletedAt'))
            node.lww = {path: (e['lt'], e['client']) for path, e in crdt['lww'].items()}
            self.touched[key] = (clean(crdt['updatedAt']), crdt['lamportTime'])
        for key, paths in snapshot['textRopes'].items():
            for path, rope in paths.items():
                s = self.sequences[key, path] = Sequence()
                for packed in rope['inserts'] + rope['waiting']:
                    s.add(unpack_insert(packed))
                s.deletes = [(*r, '', False) for r in parse_ranges(rope['rm'])]
                s.begun = rope['begun']
                if rope['shown']:
                    self.nodes[key].textual.add(path)

def pack_insert(i):
    """[first id, length, anchor, seq, ts, content]; content null = undone for good."""
    content = None if i.undone else from_units(i.content)
    return [id_text((i.agent, i.n)), len(i.content), i.anchor and id_text(i.anchor), i.seq, i.ts, content]

def unpack_insert(packed):
    first, length, anchor, seq, ts, content = packed
    units = [0] * length if content is None else to_units(content)
    return Insert(*parse_id(first), anchor and parse_id(anchor), units, seq, clean(ts), '', content is None)

def merge_clocks(a, b):
    return {c: max(a.get(c, 0), b.get(c, 0)) for c in {**a, **b}}

def fold(messages, snapshot=None):
    """The law: a document from a set of messages in any order, over a snapshot or over nothing."""
    stable = snapshot['stable'] if snapshot else NO_LINE
    kept = {}
    for raw in messages:
        m = message(raw)
        if m['lt'] > stable:                    # what lies at or below the line is folded in already
            kept.setdefault(m['id'], m)
    ordered = sorted(kept.values(), key=place)
    return Document(snapshot, ordered, undone_ids(ordered, snapshot['undone'] if snapshot else ()))

# ---------------------------------------------------------------- canonical bytes (section 11) and plain JSON

def top_digest(root, buckets):
    """buckets: {first byte of the hash of a key: the bytes of its nodes, by key}"""
    parts = [bytes([b]) + hashlib.sha256(buckets[b]).digest() for b in sorted(buckets)]
    return hashlib.sha256(canonical([root]) + b''.join(parts)).hexdigest()

def canonical(value):
    def head(size, small, small_limit, codes):
        if size < small_limit:
            return bytes([small + size])
        for code, form, limit in codes:
            if size < limit:
                return bytes([code]) + struct.pack(form, size)

    if value is None:
        return b'\xc0'
    if isinstance(value, bool):
        return b'\xc3' if value else b'\xc2'
    if isinstance(value, (int, float)):
        return b'\xcb' + struct.pack('>d', value)
    if isinstance(value, str):
        raw = value.encode('utf-8')
        return head(len(raw), 0xa0, 32, [(0xd9, '>B', 2**8), (0xda, '>H', 2**16), (0xdb, '>I', 2**32)]) + raw
    if isinstance(value, dict):
        keys = sorted(value, key=lambda k: k.encode('utf-8'))
        start = head(len(keys), 0x80, 16, [(0xde, '>H', 2**16), (0xdf, '>I', 2**32)])
        return start + b''.join(canonical(k) + canonical(value[k]) for k in keys)
    start = head(len(value), 0x90, 16, [(0xdc, '>H', 2**16), (0xdd, '>I', 2**32)])
    return start + b''.join(canonical(v) for v in value)

def plain(value):
    """Whole numbers as integers, so that JSON shows 3 and not 3.0."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return int(value) if isinstance(value, float) and value == int(value) and abs(value) <= MAX_INT else value
