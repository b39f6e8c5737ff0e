"""order.py MODULE: puts similar functions of a WebAssembly module next to each other, in place.

gzip looks back 32 kB, and wasm-opt orders functions by how often they are called. Each function here is
the one that shares most with the few before it; how many those are is tried out. Only numbers of
functions change.
"""

import sys
import zlib

SHARED = 5  # bytes that count as something in common
WINDOWS = 2_500, 4_000, 6_000, 9_000  # bytes of the functions before that are looked at

NO_OPERANDS = {0x00, 0x01, 0x05, 0x0B, 0x0F, 0x1A, 0x1B, *range(0x45, 0xC5)}
ONE_NUMBER = {0x02, 0x03, 0x04, 0x0C, 0x0D, *range(0x20, 0x27), 0x3F, 0x40, 0x41, 0x42}
TWO_NUMBERS = {0x11, *range(0x28, 0x3F)}
CALL, BR_TABLE, F32, F64, WIDE = 0x10, 0x0E, 0x43, 0x44, 0xFC
WIDE_NUMBERS = {10: 2, 11: 1}  # memory.copy, memory.fill; the roundings 0 to 7 have none

TYPE, IMPORT, FUNCTION, EXPORT, START, ELEMENT, CODE = 1, 2, 3, 7, 8, 9, 10


class Reader:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def number(self):
        """An unsigned LEB128; of a signed one only the length is right."""
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def bytes(self, count):
        self.at += count
        return self.data[self.at - count : self.at]

    def numbers(self, count):
        for _ in range(count):
            self.number()


def leb(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def vector(items):
    return leb(len(items)) + b"".join(items)


def calls(body):
    """Where the calls of a body are: [(offset behind the opcode, offset behind the operand, callee)]."""
    reader = Reader(body)
    for _ in range(reader.number()):
        reader.numbers(2)  # locals
    found = []
    while reader.at < len(body):
        op = reader.bytes(1)[0]
        if op == CALL:
            start = reader.at
            callee = reader.number()
            found.append((start, reader.at, callee))
        elif op in ONE_NUMBER:
            reader.number()
        elif op in TWO_NUMBERS:
            reader.numbers(2)
        elif op == BR_TABLE:
            reader.numbers(reader.number() + 1)
        elif op in (F32, F64):
            reader.bytes(4 if op == F32 else 8)
        elif op == WIDE:
            kind = reader.number()
            reader.numbers(0 if kind < 8 else WIDE_NUMBERS[kind])
        elif op not in NO_OPERANDS:
            sys.exit(f"order.py: instruction {op:#x} is not known")
    return found


def similar_order(bodies, window):
    """Places of the bodies, each next to what it shares most with; the longest first."""
    parts = [{body[i : i + SHARED] for i in range(len(body) - SHARED + 1)} for body in bodies]
    left = list(range(len(bodies)))
    place = max(left, key=lambda i: len(bodies[i]))
    order = []
    while True:
        order.append(place)
        left.remove(place)
        if not left:
            return order
        near, size = set(), 0
        for i in reversed(order):
            near |= parts[i]
            size += len(bodies[i])
            if size > window:
                break
        place = max(left, key=lambda i: len(parts[i] & near) / (len(parts[i]) + 30))


def sections(module):
    reader = Reader(module, 8)
    out = []
    while reader.at < len(module):
        kind = reader.bytes(1)[0]
        out.append((kind, reader.bytes(reader.number())))
    return out


def imported_functions(section):
    reader = Reader(section)
    count = 0
    for _ in range(reader.number()):
        for _ in range(2):
            reader.bytes(reader.number())
        kind = reader.bytes(1)[0]
        count += kind == 0
        if kind == 1:
            reader.bytes(1)
        if kind in (1, 2):
            limits = reader.number()
            reader.numbers(1 + (limits & 1))
        else:
            reader.numbers(1 if kind == 0 else 2)
    return count


def main(path):
    module = open(path, "rb").read()
    parts = sections(module)
    by_kind = dict(parts)
    imports = imported_functions(by_kind[IMPORT])
    reader = Reader(by_kind[CODE])
    bodies = [reader.bytes(reader.number()) for _ in range(reader.number())]
    modules = [reordered(module, parts, bodies, imports, window) for window in WINDOWS]
    open(path, "wb").write(min(modules, key=lambda one: len(zlib.compress(one, 9))))


def reordered(module, parts, bodies, imports, window):
    by_kind = dict(parts)
    order = similar_order(bodies, window)
    number = list(range(imports)) + [0] * len(bodies)
    for place, body in enumerate(order):
        number[imports + body] = imports + place
    renumbered = {CODE: code(bodies, order, number), FUNCTION: types(by_kind[FUNCTION], order)}
    renumbered[EXPORT] = exports(by_kind[EXPORT], number)
    if ELEMENT in by_kind:
        renumbered[ELEMENT] = elements(by_kind[ELEMENT], number)
    if START in by_kind:
        renumbered[START] = leb(number[Reader(by_kind[START]).number()])
    out = module[:8]
    for kind, section in parts:
        section = renumbered.get(kind, section)
        out += bytes([kind]) + leb(len(section)) + section
    return out


def code(bodies, order, number):
    out = []
    for place in order:
        body, written, at = bodies[place], b"", 0
        for start, end, callee in calls(body):
            written += body[at:start] + leb(number[callee])
            at = end
        written += body[at:]
        out.append(leb(len(written)) + written)
    return vector(out)


def types(section, order):
    reader = Reader(section)
    given = [reader.number() for _ in range(reader.number())]
    return vector([leb(given[place]) for place in order])


def exports(section, number):
    reader = Reader(section)
    out = []
    for _ in range(reader.number()):
        name = reader.bytes(reader.number())
        kind = reader.bytes(1)[0]
        index = reader.number()
        out.append(leb(len(name)) + name + bytes([kind]) + leb(index if kind else number[index]))
    return vector(out)


def elements(section, number):
    """Segments at a constant offset, the only form that the linker writes."""
    reader = Reader(section)
    out = []
    for _ in range(reader.number()):
        start = reader.at
        if reader.number() != 0 or reader.bytes(1) != b"\x41":
            sys.exit("order.py: a segment of functions in a form that is not known")
        reader.numbers(1)
        reader.bytes(1)  # end
        head = section[start : reader.at]
        out.append(head + vector([leb(number[reader.number()]) for _ in range(reader.number())]))
    return vector(out)


main(sys.argv[1])
