"""How many tests passed and failed: count.py FORMAT REPORT EXIT_STATUS -> "passed failed" on one line.

FORMAT names what wrote the report: catch (Catch2, -r xml), vitest (--reporter=json), counts (our own runners: a JSON
object with passed and failed) or exit (no report, the command is one test). A command that failed although its report
shows no failed test, or that left no readable report, counts as one failed test more.
"""
import json
import sys
import xml.etree.ElementTree as tree


def from_catch(path):
    cases = tree.parse(path).getroot().findall('OverallResultsCases')
    return int(cases[-1].get('successes')), int(cases[-1].get('failures'))


def from_vitest(path):
    with open(path) as file:
        report = json.load(file)
    return report['numPassedTests'], report['numFailedTests']


def from_counts(path):
    with open(path) as file:
        report = json.load(file)
    return report['passed'], report['failed']


READERS = {'catch': from_catch, 'vitest': from_vitest, 'counts': from_counts}


def count(form, path, status):
    if form == 'exit':
        return (1, 0) if status == 0 else (0, 1)
    try:
        passed, failed = READERS[form](path)
    except (OSError, ValueError, KeyError, IndexError, tree.ParseError):
        return 0, 1
    return passed, failed if failed or status == 0 else 1


if __name__ == '__main__':
    print(*count(sys.argv[1], sys.argv[2], int(sys.argv[3])))
