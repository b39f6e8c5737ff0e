#!/usr/bin/env python3
"""compare.py BASE.json HEAD.json [--worse PERCENT] [--least VALUE]: figures of two runs side by side.

Compared is the ratio to the baseline of the same run where there is one, since machines differ; else the
figure. Exit 1 when one got worse by more than PERCENT (default 15) and by more than VALUE (default 0.05) of
the compared number, or when one is missing."""
import argparse
import json
import sys


def read(name):
    with open(name, encoding="utf-8") as file:
        runs = json.load(file)
    runs = runs if isinstance(runs, list) else [runs]
    return {(run["runtime"], figure["name"]): figure for run in runs for figure in run["figures"]}


def cost(figure):
    """Greater is worse."""
    if figure["ratio"]:
        return figure["ratio"]
    return 1 / figure["value"] if figure["greater_is_better"] else figure["value"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base")
    parser.add_argument("head")
    parser.add_argument("--worse", type=float, default=15, help="per cent")
    parser.add_argument("--least", type=float, default=0.05, help="absolute")
    options = parser.parse_args()
    base, head = read(options.base), read(options.head)
    failed = False
    for key, figure in base.items():
        label = f"{key[0]:7} {key[1]:48}"
        if key not in head:
            print(f"{label} missing")
            failed = True
            continue
        before, after = cost(figure), cost(head[key])
        change = (after / before - 1) * 100 if before else 0
        is_worse = change > options.worse and after - before > options.least
        failed = failed or is_worse
        print(f"{label} {before:10.4g} -> {after:10.4g}  {change:+6.1f} %{'  WORSE' if is_worse else ''}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
