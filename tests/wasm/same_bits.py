"""The same program in two builds must print the same: same_bits.py [--counts REPORT] COMMAND COMMAND..."""
import argparse
import json
import shlex
import subprocess
import sys


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--counts')
    args.add_argument('commands', nargs='+')
    args = args.parse_args()
    printed = {}
    for command in args.commands:
        found = subprocess.run(shlex.split(command), capture_output=True, text=True)
        printed[command] = (found.returncode, found.stdout)
        print('%s\n  %s' % (command, (found.stdout + found.stderr).strip()))
    first, *others = printed.values()
    good = first[0] == 0 and first[1].strip() != ''
    same = [good and other == first for other in others]
    if args.counts:
        with open(args.counts, 'w') as out:
            json.dump({'passed': sum(same), 'failed': len(same) - sum(same)}, out)
    sys.exit(0 if all(same) else 1)


if __name__ == '__main__':
    main()
