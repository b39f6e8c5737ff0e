#!/usr/bin/env python3
"""Records tests/vectors/ops/<wire name>.json: python3 tools/op_vectors/record.py

The inputs are in value_cases.py, graph_cases.py and golden_rows.json (the published numbers, rows 1 to 54, that the
model must meet unless the row says that the law differs). The expectations come from the executable law, tests/model.
A property case is {name, before?, op, after | noEffect, near?}; a graph case {name, messages, expect, near?} with
expect = {digest?, rootKey, nodes, texts}. `near`: numbers may differ by this much (sine and cosine take part).
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'model'))

import law                                      # noqa: E402
import graph_cases                              # noqa: E402
import value_cases                              # noqa: E402
from value_cases import ABSENT                  # noqa: E402

TRIG = 'vector3.applyEuler'
NEAR = 1e-12


def registered():
    """{wire name: payload} of the registry."""
    text = open(os.path.join(ROOT, 'core', 'ops', 'registry.def'), encoding='utf-8').read()
    return dict(re.findall(r'^OPERATION\(\w+, "([^"]+)", \w+, (\w+),', text, re.MULTILINE))


def result(op, before):
    """The value after one property op, MISSING when it has no effect."""
    try:
        value = None
        if op['ot'] != 'array.move':
            law.need('value' in op)
            value = law.clean(op['value'])
        if op['ot'] in law.SETS:
            law.need(isinstance(value, law.SETS[op['ot']]))
            return value
        current = law.MISSING if before is ABSENT else law.clean(before)
        found = law.computed(op['ot'], current, value, op)
        return found if found is law.MISSING else law.storable(found)
    except law.Invalid:
        return law.MISSING


def property_case(ot, name, before, fields):
    op = {'ot': ot, 'key': 'n', 'path': 'p', **{k: v for k, v in fields.items() if v is not ABSENT}}
    case = {'name': name, **({} if before is ABSENT else {'before': before}), 'op': op}
    after = result(op, before)
    case.update({'noEffect': True} if after is law.MISSING else {'after': law.plain(after)})
    return {**case, 'near': NEAR} if ot == TRIG and 'after' in case else case


def typed_cases(ot, payload):
    """The op with values of every type, and a valid one over currents of every type."""
    options = {'from': 0, 'to': 2} if ot == 'array.move' else {}
    for what, value in value_cases.VALUES.items():
        yield property_case(ot, 'value: ' + what, ABSENT, {**options, 'value': value})
    for what, current in value_cases.CURRENTS.items():
        yield property_case(ot, 'current: ' + what, current, {**options, 'value': value_cases.VALID[payload]})


def graph_case(name, messages):
    document = law.fold(messages)
    graph = document.graph()
    expect = {'rootKey': graph['rootKey'], 'nodes': graph['nodes'], 'texts': document.texts()}
    if any(op['ot'] == TRIG for m in messages for op in m['ops']):
        return {'name': name, 'messages': messages, 'expect': expect, 'near': NEAR}
    return {'name': name, 'messages': messages, 'expect': {'digest': document.digest(), **expect}}


def golden_cases():
    """(ot, case): each row as messages, and step by step where no set takes part."""
    for row in json.load(open(os.path.join(HERE, 'golden_rows.json'), encoding='utf-8')):
        before = row.get('before', ABSENT)
        given = {'key': 'n', 'tag': 'T', 'name': 'N', **({} if before is ABSENT else {'p': before})}
        messages = [graph_cases.message('c', 1, {'ot': 'node.insert', 'key': '', 'path': 'children', 'value': given})]
        messages[0]['ts'] = 10
        for index, (client, lt, op) in enumerate(row['ops']):
            m = graph_cases.message(client, lt, {'key': 'n', 'path': 'p', **op})
            messages.append({**m, 'ts': 10 * lt, 'id': '%s-%d' % (m['id'], index)})
        name = 'published number %d' % row['row']
        case = graph_case(name, messages)
        shown = case['expect']['nodes']['n'].get('p')
        if not row.get('lawDiffers') and not close(shown, row['after'], case.get('near', 0)):
            sys.exit('row %d: the model gives %r, the page %r' % (row['row'], shown, row['after']))
        yield row['ops'][0][2]['ot'], case
        if not any(op['ot'] in law.SETS for _, _, op in row['ops']):
            for step, (_, _, op) in enumerate(row['ops'], 1):
                fields = {k: v for k, v in op.items() if k != 'ot'}
                case = property_case(op['ot'], '%s, step %d' % (name, step), before, fields)
                before = case['after']
                yield op['ot'], case


def close(a, b, tolerance):
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(close(x, y, tolerance) for x, y in zip(a, b))
    if tolerance and isinstance(a, (int, float)):
        return abs(a - b) <= tolerance * max(1, abs(a))
    return a == b


def main():
    golden = list(golden_cases())
    folder = os.path.join(ROOT, 'tests', 'vectors', 'ops')
    os.makedirs(folder, exist_ok=True)
    for ot, payload in registered().items():
        cases = [case for first, case in golden if first == ot]
        cases += [graph_case(*case) for case in graph_cases.CASES.get(ot, [])]
        if ot in value_cases.CASES:
            cases += [property_case(ot, *case) for case in value_cases.CASES[ot]] + list(typed_cases(ot, payload))
        with open(os.path.join(folder, ot + '.json'), 'w', encoding='utf-8') as out:
            out.write('[\n' + ',\n'.join(json.dumps(case) for case in cases) + '\n]\n')
        print('%-24s %d' % (ot, len(cases)))


if __name__ == '__main__':
    main()
