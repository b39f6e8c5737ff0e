#!/usr/bin/env python3
"""trace.py TRACE.json.gz OUT: writes an editing trace in the form that bench_core reads.

MessagePack: [end, [[position, removed, inserted], ...]]."""
import gzip
import json
import struct
import sys


def number(value):
    return struct.pack(">BI", 0xCE, value)


def string(text):
    data = text.encode()
    return struct.pack(">BI", 0xDB, len(data)) + data


def array(count):
    return struct.pack(">BI", 0xDD, count)


def main(source, target):
    with gzip.open(source, "rt", encoding="utf-8") as file:
        trace = json.load(file)
    patches = [patch for txn in trace["txns"] for patch in txn["patches"]]
    if trace["startContent"]:
        patches.insert(0, [0, 0, trace["startContent"]])
    with open(target, "wb") as out:
        out.write(array(2) + string(trace["endContent"]) + array(len(patches)))
        for position, removed, inserted in patches:
            out.write(array(3) + number(position) + number(removed) + string(inserted))


if __name__ == "__main__":
    main(*sys.argv[1:])
