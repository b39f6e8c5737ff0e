"""Replicas: authors over a bad network, a room as server, the model and WebAssembly as judges.

replicas.py --binary PROGRAM [--wasm COMMAND] [--seed N] [--documents D] [--ops M] [--keep-every K] [--counts REPORT]

The program makes the documents and compares all authors with the server. Every Kth accepted history then goes through the
model: its digest must be the same, or, where applyEuler took part, its numbers within 1e-12. With --wasm, the vector
runner there must find the native digest in every history, bit for bit.
"""
import argparse
import glob
import json
import multiprocessing
import os
import shlex
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'model'))
from check import near                          # noqa: E402  (found through the line above)
from law import fold                            # noqa: E402


def fold_one(path):
    """-> (name, number of ops, what is wrong or None)"""
    with open(path) as file:
        vector = json.load(file)
    ops = sum(len(m['ops']) for m in vector['messages'])
    document = fold(vector['messages'])
    expect = vector['expect']
    if vector['name'].endswith('-trig'):
        same = near(document.graph(), expect['graph']) and document.texts() == expect['texts']
    else:
        same = document.digest() == expect['digest']
    return vector['name'], ops, None if same else 'the model differs'


def native(args):
    """Runs the program, two processes for two processors; -> how many documents it found unequal."""
    jobs = []
    for share in range(2):
        count = (args.documents + 1 - share) // 2
        jobs.append(subprocess.Popen([args.binary, '--seed', str(args.seed * 2 + share), '--documents', str(count),
                                      '--ops', str(args.ops), '--folder', args.folder,
                                      '--keep-every', str(args.keep_every)]))
    return sum(1 for job in jobs if job.wait() != 0)


def expected_files(args):
    """How many documents the two processes write down when none fails."""
    shares = ((args.documents + 1 - share) // 2 for share in range(2))
    return sum(-(-count // args.keep_every) for count in shares)


def in_wasm(args, files):
    report = os.path.join(args.folder, 'wasm.json')
    subprocess.run([*shlex.split(args.wasm), '--shuffles', '1', '--json', report, *files])
    try:
        with open(report) as file:
            found = json.load(file)
        return found['passed'], found['failed']
    except (OSError, ValueError):
        return 0, 1


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--binary', required=True)
    args.add_argument('--wasm', help='the vector runner under Node')
    args.add_argument('--seed', type=int, default=int(time.time()) % 100000)
    args.add_argument('--documents', type=int, default=100)
    args.add_argument('--ops', type=int, default=2100,
                      help='of each document; the model folds in quadratic time, so rather more documents than longer ones')
    args.add_argument('--folder', default='build/replicas')
    args.add_argument('--keep-every', type=int, default=1, help='of how many documents one goes through model and --wasm')
    args.add_argument('--counts')
    args = args.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    for stale in glob.glob(os.path.join(args.folder, '*')):
        os.remove(stale)
    print('seed %d' % args.seed, flush=True)
    broken = native(args)
    files = sorted(glob.glob(os.path.join(args.folder, '*.jsonl')))
    passed, failed, total = args.documents - broken, broken, 0
    with multiprocessing.Pool() as pool:
        for name, ops, wrong in pool.imap_unordered(fold_one, files):
            total += ops
            passed, failed = passed + (wrong is None), failed + (wrong is not None)
            print('%s: %d ops, %s' % (name, ops, wrong or 'the model agrees'), flush=True)
    if args.wasm:
        right, wrong = in_wasm(args, files)
        passed, failed = passed + right, failed + wrong
    if len(files) < expected_files(args) or total < len(files) * args.ops:
        failed += 1
        print('only %d ops in %d documents' % (total, len(files)))
    print('%d documents, %d ops: %d passed, %d failed' % (len(files), total, passed, failed))
    if args.counts:
        with open(args.counts, 'w') as out:
            json.dump({'passed': passed, 'failed': failed}, out)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
