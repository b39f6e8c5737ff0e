"""The simulator's seeds in two processes, judged by the model as well.

sim.py --binary PROGRAM [--seeds N] [--from S] [--scenario X] [--model M] [--canaries] [--counts REPORT]

Runs what failed once (regressions/), then the seeds. Of these, some run again and must print the same hash; of M the
accepted history is folded by the model. --canaries plants mistakes that must be found. A failing seed is kept in regressions/, one file with the arguments that repeat it.
"""
import argparse
import glob
import json
import multiprocessing
import multiprocessing.pool
import os
import re
import shlex
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'replicas'))
from replicas import fold_one                   # noqa: E402  (found through the line above)

REGRESSIONS = os.path.join(HERE, 'regressions')
PROCESSES = 2
SAME_SEEDS = 20                                 # run a second time
PLANTED = [('early-ack', 'kills'), ('forgotten-ids', 'kills'), ('lying-sync', 'power')]
CANARY_SEEDS = 10
LINE = re.compile(r'^(\S+) (\d+) ([0-9a-f]{16}):')
FAILED = re.compile(r'^FAILED (\S+) (\d+): (.*)', re.MULTILINE)


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def add(self, good, text):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print('FAILED ' + text, flush=True)


def watch(total):
    """-> show(done): progress on a terminal, nothing in a pipe"""
    began = time.time()

    def show(done):
        if sys.stderr.isatty():
            left = (time.time() - began) / max(done, 1) * (total - done)
            sys.stderr.write('\r%d of %d seeds, about %d s left  %s' % (done, total, left, '\n' if done == total else ''))
            sys.stderr.flush()
    return show


def keep(scenario, seed, fault):
    with open(os.path.join(REGRESSIONS, '%s-%s' % (scenario, seed)), 'w') as out:
        out.write('--seed %s --scenario %s\n# %s\n' % (seed, scenario, fault))


def run_seeds(args, extra):
    """-> {seed: (scenario, hash)}, {seed: (scenario, fault)}"""
    command = [*shlex.split(args.binary), '--hashes', '--seeds', str(args.seeds), '--step', str(PROCESSES), *extra]
    jobs = [subprocess.Popen([*command, '--from', str(args.start + share)], stdout=subprocess.PIPE, text=True)
            for share in range(min(PROCESSES, args.seeds))]
    hashes, faults, show = {}, {}, watch(args.seeds)
    with multiprocessing.pool.ThreadPool(PROCESSES) as readers:
        def read(job):
            for line in job.stdout:
                if found := LINE.match(line):
                    hashes[int(found[2])] = (found[1], found[3])
                    show(len(hashes))
                if found := FAILED.match(line):
                    faults[int(found[2])] = (found[1], found[3])
                if not LINE.match(line):
                    print(line.rstrip(), flush=True)
            return job.wait()
        ends = readers.map(read, jobs)
    if any(end not in (0, 1) for end in ends) or len(hashes) < args.seeds:
        faults[args.start + len(hashes)] = (args.scenario or 'unknown', 'a process of the simulator ended early: %s' % ends)
    return hashes, faults


def one_hash(command, scenario, seed):
    found = subprocess.run([*command, '--hashes', '--seed', str(seed), '--scenario', scenario],
                           capture_output=True, text=True)
    match = LINE.match(found.stdout)
    return match[3] if match else 'nothing: ' + (found.stdout + found.stderr)[-300:]


def run_again(args, hashes, tally):
    """The same seeds in a process of their own each."""
    for seed, (scenario, known) in sorted(hashes.items())[:SAME_SEEDS]:
        found = one_hash(shlex.split(args.binary), scenario, seed)
        tally.add(found == known, '%s %d: another hash the second time: %s' % (scenario, seed, found))


def ask_model(folder, tally):
    files = sorted(glob.glob(os.path.join(folder, '*.jsonl')))
    with multiprocessing.Pool(PROCESSES) as pool:
        for name, _, wrong in pool.imap_unordered(fold_one, files):
            tally.add(wrong is None, '%s: %s' % (name, wrong))
    return len(files)


def repeat_regressions(args, tally):
    for path in sorted(glob.glob(os.path.join(REGRESSIONS, '*-*'))):
        with open(path) as file:
            arguments = shlex.split(file.readline())
        found = subprocess.run([*shlex.split(args.binary), '--hashes', *arguments], capture_output=True, text=True)
        tally.add(found.returncode == 0, found.stdout)


def look_for_planted(args, tally):
    """A simulator that finds no planted mistake would find no other."""
    for planted, scenario in PLANTED:
        found = subprocess.run([*shlex.split(args.binary), '--scenario', scenario, '--plant', planted, '--seeds',
                                str(CANARY_SEEDS)], capture_output=True, text=True)
        caught = len(FAILED.findall(found.stdout))
        tally.add(caught >= CANARY_SEEDS // 2, '%s was planted and found in %d of %d seeds' % (planted, caught, CANARY_SEEDS))


def read_arguments():
    args = argparse.ArgumentParser()
    args.add_argument('--binary', required=True)
    args.add_argument('--seeds', type=int, default=300)
    args.add_argument('--from', type=int, default=1, dest='start')
    args.add_argument('--scenario')
    args.add_argument('--model', type=int, default=0, help='how many histories the model folds')
    args.add_argument('--canaries', action='store_true')
    args.add_argument('--folder', default='build/sim')
    args.add_argument('--counts')
    return args.parse_args()


def main():
    args, tally = read_arguments(), Tally()
    os.makedirs(args.folder, exist_ok=True)
    for stale in glob.glob(os.path.join(args.folder, '*.jsonl')):
        os.remove(stale)
    print('seeds from %d' % args.start, flush=True)
    repeat_regressions(args, tally)
    extra = ['--scenario', args.scenario] if args.scenario else []
    extra += ['--histories', args.folder, '--histories-up-to', str(args.start + args.model)] if args.model else []
    hashes, faults = run_seeds(args, extra)
    for seed, (scenario, fault) in faults.items():
        keep(scenario, seed, fault)
    tally.passed, tally.failed = tally.passed + len(hashes) - len(faults), tally.failed + len(faults)
    run_again(args, {seed: one for seed, one in hashes.items() if seed not in faults}, tally)
    folded = ask_model(args.folder, tally)
    tally.add(folded >= min(args.model, args.seeds) - len(faults), 'the model got %d histories' % folded)
    if args.canaries:
        look_for_planted(args, tally)
    print('%d seeds, %d histories folded by the model: %d passed, %d failed'
          % (args.seeds, folded, tally.passed, tally.failed))
    if args.counts:
        with open(args.counts, 'w') as out:
            json.dump({'passed': tally.passed, 'failed': tally.failed}, out)
    sys.exit(1 if tally.failed else 0)


if __name__ == '__main__':
    main()
