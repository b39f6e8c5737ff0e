"""Each rule against small inputs: bad ones must be found, good ones must pass."""
import rules

LONG_BODY = '  step();\n' * 61

BAD = [
    ('includes', 'core/model/value.cpp', '#include "graph/graph.hpp"\n'),
    ('includes', 'core/text/order.cpp', '#include "ops/apply.hpp"\n'),
    ('includes', 'core/codec/reader.cpp', '#include "vuer_rtc/document.hpp"\n'),
    ('includes', 'core/include/vuer_rtc/document.hpp', '#include "history/history.hpp"\n'),
    ('includes', 'wasm/exports.cpp', '#include "store/author.hpp"\n'),
    ('includes', 'server/net/listener.cpp', '#include "vuer_rtc/message.hpp"\n'),
    ('includes', 'server/room/room.cpp', '#include <boost/asio/io_context.hpp>\n'),
    ('includes', 'server/room/room.cpp', '#include <sqlite3.h>\n'),
    ('file length', 'core/base/a.cpp', '\n' * 401),
    ('columns', 'core/base/a.cpp', '/' * 101),
    ('function length', 'core/base/a.cpp', 'namespace x {\nvoid f() {\n%s}\n}\n' % LONG_BODY),
    ('function length', 'core/base/a.cpp', 'struct A {\n  A() : b_(1) {\n%s  }\n  int b_;\n};\n' % LONG_BODY),
    ('function length', 'js/a.ts', 'export function f(a: number) {\n%s}\n' % LONG_BODY),
    ('function length', 'js/a.ts', 'class A {\n  async go(a: number): void {\n%s  }\n}\n' % LONG_BODY),
    ('function length', 'tools/a.py', 'def f():\n' + '  step()\n' * 61),
    ('names', 'core/base/utils.hpp', ''),
    ('names', 'server/helpers/a.cpp', ''),
    ('names', 'core/base/store_v2.cpp', ''),
    ('names', 'core/base/a.hpp', 'class StoreImpl {};\n'),
    ('words', 'core/base/a.hpp', '// see /wo' + 'rk/notes\n'),
    ('words', 'core/base/a.hpp', '// TODO later\n'),
    ('words', 'js/a.test.ts', "it.skip('runs', () => {});\n"),
]

GOOD = [
    ('includes', 'core/graph/graph.cpp', '#include "text/sequence.hpp"\n#include "ops/apply.hpp"\n#include <vector>\n'),
    ('includes', 'core/codec/reader.cpp', '#include "vuer_rtc/value.hpp"\n'),
    ('includes', 'core/store/document.cpp', '#include "vuer_rtc/document.hpp"\n#include "history/history.hpp"\n'),
    ('includes', 'core/model/operation.hpp', '#include "ops/registry.def"\n'),
    ('includes', 'server/room/room.cpp', '#include "vuer_rtc/document.hpp"\n'),
    ('includes', 'tests/native/text/a_test.cpp', '#include "text/sequence.hpp"\n'),
    ('file length', 'core/base/a.cpp', '\n' * 400),
    ('columns', 'core/base/a.cpp', '/' * 100),
    ('function length', 'core/base/a.cpp', 'namespace x {\n%s}\n' % ('void f() {\n  // }\n  g("{");\n}\n' * 40)),
    ('function length', 'js/a.test.ts', "describe('x', () => {\n%s});\n" % LONG_BODY),
    ('names', 'core/base/renewal.hpp', 'class Folder {};\n'),
    ('words', 'core/base/a.hpp', '// the work/rest ratio; a root/branch; methodology\n'),
]


def tree(*changed):
    """A tree in which every exception exists, with these files besides."""
    return ['core/%s.cpp' % name for name in rules.TESTED_BY] + list(changed)


LISTS = [
    (True, tree('core/base/a.cpp')),
    (True, tree('core/base/a.cpp', 'tests/native/codec/a_test.cpp')),
    (True, tree()[1:]),
    (True, tree('tests/native/%s_test.cpp' % next(iter(rules.TESTED_BY)))),
    (False, tree('core/base/a.cpp', 'tests/native/base/a_test.cpp', 'core/base/b.hpp', 'server/net/c.cpp')),
]


def results():
    """-> {name of the test: complaints}"""
    out = {}
    for number, (rule, path, text) in enumerate(BAD):
        missed = not rules.RULES[rule](path, text)
        out['self-test %d, bad %s' % (number + 1, rule)] = ['not found in ' + path] if missed else []
    for number, (rule, path, text) in enumerate(GOOD, len(BAD)):
        out['self-test %d, good %s' % (number + 1, rule)] = rules.RULES[rule](path, text)
    for number, (is_bad, paths) in enumerate(LISTS, len(BAD) + len(GOOD)):
        found = rules.own_tests(paths)
        name = 'self-test %d, %s own tests' % (number + 1, 'bad' if is_bad else 'good')
        out[name] = ['not found'] * (not found) if is_bad else found
    return out
