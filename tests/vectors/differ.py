"""Fresh scenarios of the model against every runtime: differ.py --seed N --count M --runner NAME=COMMAND ...

The model's generator makes M scenarios, spread over its profiles, on all processors; each runner gets the file and
writes its report. A scenario that fails is kept as a file in tests/fuzz/regressions, and the command that repeats it
is printed. The same seed and count make the same scenarios.
"""
import argparse
import json
import multiprocessing
import os
import shlex
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
REGRESSIONS = os.path.join(HERE, '..', 'fuzz', 'regressions')
SEEDS_PER_RUN = 1000                            # scenarios of one profile and one seed, as the generator numbers them
sys.path.insert(0, os.path.join(HERE, '..', 'model'))
import gen                                      # noqa: E402  (found through the line above)


def make(job):
    seed, profile = job
    return json.dumps(gen.scenario(seed, profile), separators=(',', ':'))


def jobs_of(seed, count):
    if count > SEEDS_PER_RUN * len(gen.PROFILES):
        sys.exit('at most %d scenarios of one seed' % (SEEDS_PER_RUN * len(gen.PROFILES)))
    return [(seed * SEEDS_PER_RUN + i // len(gen.PROFILES), gen.PROFILES[i % len(gen.PROFILES)]) for i in range(count)]


def generate(seed, count, path):
    with multiprocessing.Pool() as pool, open(path, 'w') as out:
        for line in pool.imap(make, jobs_of(seed, count), chunksize=16):
            out.write(line + '\n')


def run(name, command, path):
    """-> the runner's report; a runner that dies counts as one failure."""
    report = '%s.%s.json' % (path, name)
    if os.path.exists(report):
        os.remove(report)
    began = time.time()
    status = subprocess.run([*shlex.split(command), '--json', report, path]).returncode
    try:
        with open(report) as file:
            found = json.load(file)
    except (OSError, ValueError):
        found = {'passed': 0, 'failed': 1, 'names': []}
        print('%s: ended with %d and left no report' % (name, status))
    print('%s: %d passed, %d failed, %.1f s' % (name, found['passed'], found['failed'], time.time() - began), flush=True)
    return found


def keep(path, names):
    """Writes the scenarios of these names to files of their own."""
    os.makedirs(REGRESSIONS, exist_ok=True)
    with open(path) as lines:
        for line in lines:
            name = json.loads(line)['name']
            if name in names:
                target = os.path.relpath(os.path.join(REGRESSIONS, name + '.jsonl'))
                with open(target, 'w') as out:
                    out.write(line)
                print('kept; again with: ./dev vectors ' + target)


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--seed', type=int, required=True)
    args.add_argument('--count', type=int, required=True)
    args.add_argument('--runner', action='append', default=[], help='NAME=COMMAND')
    args.add_argument('--folder', default='build/differ')
    args.add_argument('--counts', help='where passed and failed go, as JSON')
    args = args.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    path = os.path.join(args.folder, 'seed-%d.jsonl' % args.seed)
    began = time.time()
    generate(args.seed, args.count, path)
    print('seed %d: %d scenarios, %.1f s' % (args.seed, args.count, time.time() - began), flush=True)
    reports = [run(*runner.split('=', 1), path) for runner in args.runner]
    passed, failed = (sum(report[part] for report in reports) for part in ('passed', 'failed'))
    keep(path, {name for report in reports for name in report['names']})
    if args.counts:
        with open(args.counts, 'w') as out:
            json.dump({'passed': passed, 'failed': failed}, out)
    print('%d passed, %d failed' % (passed, failed))
    sys.exit(1 if failed or not reports else 0)


if __name__ == '__main__':
    main()
