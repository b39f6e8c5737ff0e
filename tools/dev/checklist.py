"""The checklist of one endpoint: checklist.py TABLE REPORT... prints item, proof, result.

A row of TABLE is `number | item | proof`. A proof is the names of tests, separated by `;`, of which a native one may
end in `*`; or `see PLACE` for what a document says; or `open: REASON`. REPORT is Catch2's xml or the counts of e2e/run.mjs. A row whose
tests are missing or failed makes the exit status 1.
"""
import fnmatch
import json
import os
import sys
import xml.etree.ElementTree as tree


def results_of(path):
    if not open(path).read(1) == '<':
        with open(path) as file:
            return json.load(file)['tests']
    cases = tree.parse(path).getroot().iter('TestCase')
    return {case.get('name'): case.find('OverallResult').get('success') == 'true' for case in cases}


def judge(proof, results):
    if proof.startswith('open: '):
        return 'open'
    if proof.startswith('see '):
        return 'written' if os.path.exists(proof[4:].split('#')[0]) else 'MISSING'
    for name in proof.split('; '):
        found = fnmatch.filter(results, name) if name.endswith('*') else [name] if name in results else []
        if not found:
            return 'MISSING: ' + name
        if not all(results[one] for one in found):
            return 'FAILED: ' + name
    return 'passed'


def main():
    table, reports = sys.argv[1], sys.argv[2:]
    results = {}
    for report in reports:
        results.update(results_of(report))
    status = 0
    with open(table) as file:
        rows = [[cell.strip() for cell in line.split('|')] for line in file if '|' in line]
    for number, item, proof in rows:
        result = judge(proof, results)
        status |= result[0] in 'MF'
        print('%3s  %-58s %-10s %s' % (number, item, result, proof))
    print('%d of %d rows shown, %d open' % (sum(judge(r[2], results) in ('passed', 'written') for r in rows), len(rows),
                                            sum(judge(r[2], results) == 'open' for r in rows)))
    return status


if __name__ == '__main__':
    sys.exit(main())
