#!/usr/bin/env python3
"""compare.py BASE.json HEAD.json [--worse PERCENT] [--least VALUE]: our figures of two runs of the bench.

Machines differ, so what is compared is the ratio to the peers: a figure of HEAD is first scaled by what the peers of its
row did in both runs (the geometric mean over them); rows without such peers, sizes and memory are compared as they are.
Exit 1 when one got worse by more than PERCENT (default 15) and by more than VALUE (default 0) in its own unit, or when
HEAD lacks one. Exit 2 when nothing could be compared."""
import argparse
import json
import math
import os
import sys

SIZES = ('B', 'MB', 'x')


def read(name):
    with open(name, encoding='utf-8') as file:
        return json.load(file)['results']


def catalogue():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'bars.json'), encoding='utf-8') as file:
        return json.load(file)


def scale(base, head, ours):
    """How many times the peers' figures grew from base to head."""
    grown = [head[name]['value'] / base[name]['value'] for name in base if name in head and name not in ours]
    return math.exp(sum(map(math.log, grown)) / len(grown)) if grown else 1


def comparisons(catalog, base, head):
    """(row, system, figure before, figure after on the machine of before; None when it is missing)"""
    for row, figures in base.items():
        now = head.get(row, {})
        sized = catalog['rows'][row]['unit'] in SIZES
        factor = 1 if sized else scale(figures, now, catalog['ours'])
        for name in catalog['ours']:
            if name in figures:
                after = now[name]['value'] / factor if name in now else None
                yield row, name, figures[name]['value'], after


def loss(row, before, after):
    """Per cent and units by which `after` is worse; negative when it is better."""
    worse = before - after if row['better'] == 'more' else after - before
    cost = before / after if row['better'] == 'more' else after / before
    return (cost - 1) * 100, worse


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('base')
    parser.add_argument('head')
    parser.add_argument('--worse', type=float, default=15, help='per cent')
    parser.add_argument('--least', type=float, default=0, help='in the unit of the row')
    options = parser.parse_args()
    catalog, compared, failed = catalogue(), 0, 0
    for row, name, before, after in comparisons(catalog, read(options.base), read(options.head)):
        compared += 1
        label = f'{row:16} {name:9} {before:12.5g}'
        if after is None:
            failed += 1
            print(f'{label} -> missing')
            continue
        percent, units = loss(catalog['rows'][row], before, after)
        is_worse = percent > options.worse and units > options.least
        failed += is_worse
        print(f'{label} -> {after:12.5g} {-percent:+7.1f} %{"  WORSE" if is_worse else ""}')
    print(f'{compared} compared, {failed} worse')
    sys.exit(2 if compared == 0 else 1 if failed else 0)


if __name__ == '__main__':
    main()
