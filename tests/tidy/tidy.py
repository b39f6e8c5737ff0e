"""Tidy: the rules of rules.py over every file of the tree, generated files fresh, C++ as clang-format has it.

tidy.py [--counts REPORT]     one test per rule and per self-test; exit 1 when one fails
tidy.py --list-formatted      the files that clang-format looks after
"""
import argparse
import json
import os
import subprocess
import sys

import rules
import self_test

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
TEXT = (*rules.CPP, *rules.SCRIPT, '.py', '.sh', '.def', '.md', '.html', '.css', '.json', '.txt')
# Not ours to shape: the model is the page as one piece, vectors and lock files are data.
UNSHAPED = ('tests/model/', 'tests/vectors/ops/')
UNSHAPED_ENDINGS = ('.jsonl', 'package-lock.json')


def run(*command):
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return found.returncode, found.stdout + found.stderr


def files():
    _, listed = run('git', 'ls-files', '--cached', '--others', '--exclude-standard')
    return sorted(f for f in listed.split('\n') if f and os.path.isfile(os.path.join(ROOT, f)))


def formatted():
    return [f for f in files() if f.endswith(rules.CPP) and 'third_party/' not in f]


def readable():
    """(path, text) of every text file of ours; what fuzzers found are bytes."""
    for path in files():
        is_bytes = path.startswith('tests/fuzz/regressions/') and not path.endswith('.jsonl')
        if not is_bytes and (path.endswith(TEXT) or '.' not in os.path.basename(path)):
            with open(os.path.join(ROOT, path), encoding='utf-8') as file:
                yield path, file.read()


def broken_rules():
    """-> {rule: complaints}"""
    found = {name: [] for name in rules.RULES}
    for path, text in readable():
        for name, rule in rules.RULES.items():
            shaped = not path.startswith(UNSHAPED) and not path.endswith(UNSHAPED_ENDINGS)
            if shaped or name in ('words', 'names'):
                found[name] += rule(path, text)
    return found


def stale_generated():
    if not os.path.exists(os.path.join(ROOT, 'tools', 'generate.py')):
        return []
    status, output = run(sys.executable, 'tools/generate.py', '--check')
    return [output.strip() or 'tools/generate.py --check failed'] if status else []


def unformatted():
    """Files that clang-format would change. One call for all: most of the time is starting it."""
    status, output = run('clang-format-14', '--dry-run', '--Werror', *formatted())
    names = sorted({line.split(':')[0] for line in output.split('\n') if 'clang-format-violations' in line})
    return [name + ': ./dev format would change it' for name in names] or ([output] if status else [])


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--counts')
    args.add_argument('--list-formatted', action='store_true')
    args = args.parse_args()
    if args.list_formatted:
        print('\n'.join(formatted()))
        return
    results = {**broken_rules(), 'own tests': rules.own_tests(files()), 'generated files': stale_generated(), 'clang-format': unformatted(),
               **self_test.results()}
    for name, complaints in results.items():
        for complaint in complaints:
            print('%s: %s' % (name, complaint))
    failed = sum(1 for complaints in results.values() if complaints)
    if args.counts:
        with open(args.counts, 'w') as out:
            json.dump({'passed': len(results) - failed, 'failed': failed}, out)
    print('%d passed, %d failed' % (len(results) - failed, failed))
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
