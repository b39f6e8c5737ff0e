"""The rules of the house as functions: (path, text) -> complaints. tidy.py runs them over the tree.

C++ is read roughly: comments and strings are blanked, then braces are matched. That is enough for include lines and
for the length of functions, and needs no compiler.
"""
import ast
import re

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_COLUMNS = 100

CPP = ('.cpp', '.hpp', '.h', '.c')
SCRIPT = ('.ts', '.tsx', '.mjs', '.js')

# Who may include whom: each folder of core, and what it stands on besides itself.
BELOW = {'base': [], 'codec': ['base'], 'model': ['base', 'codec'], 'ops': ['base', 'codec', 'model'],
         'text': ['base', 'codec', 'model'], 'graph': ['base', 'codec', 'model', 'ops', 'text']}
BELOW['history'] = [*BELOW['graph'], 'graph']
BELOW['store'] = [*BELOW['history'], 'history']
LEAVES = {'error.hpp', 'errors.def', 'limits.hpp', 'version.hpp', 'value.hpp', 'feed.hpp', 'message.hpp'}
# Public headers that are no leaves, and the folders that implement them.
IMPLEMENTED_BY = {'document.hpp': ('history', 'store'), 'store.hpp': ('store',)}
PUBLIC_ONLY = ('wasm/', 'python/', 'server/room/', 'server/protocol/')
BANNED_NAMES = r'utils?|helpers?|common|misc|impl|old|new|v2'


def blank(text):
    """C++ or script source with comments and the insides of strings replaced by spaces; lines stay where they are."""
    pattern = r'//[^\n]*|/\*.*?\*/|R"\((?:.*?)\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|`(?:\\.|[^`\\])*`'
    return re.sub(pattern, lambda m: re.sub(r'[^\n]', ' ', m[0]), text, flags=re.DOTALL)


def includes(text):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.MULTILINE)


def include_order(path, text):
    """Who may include whom (architecture)."""
    if not path.endswith(CPP):
        return []
    parts, out = path.split('/'), []
    for name in includes(text):
        folder, file = (name.split('/', 1) + [''])[:2]
        problem = None
        if parts[0] == 'core' and parts[1] in BELOW:
            if folder == 'vuer_rtc':
                allowed = file in LEAVES or parts[1] in IMPLEMENTED_BY.get(file, ())
                problem = None if allowed else 'is above this folder'
            elif folder in BELOW and name != 'ops/registry.def' and folder not in [parts[1], *BELOW[parts[1]]]:
                problem = 'is above this folder'
        elif parts[0] == 'core' and parts[1] == 'include':
            problem = 'is private to core' if folder in BELOW and name != 'ops/registry.def' else None
        elif path.startswith(PUBLIC_ONLY) and folder in BELOW:
            problem = 'is private to core'
        elif path.startswith('server/') and folder in BELOW:
            problem = 'is private to core'
        if path.startswith('server/net/') and folder == 'vuer_rtc':
            problem = 'is core: server/net knows bytes only'
        if path.startswith('server/room/') and re.match(r'boost/(asio|beast)|sqlite3', name):
            problem = 'is a socket or a disk: server/room is sans-I/O'
        if problem:
            out.append('%s: %s %s' % (path, name, problem))
    return out


def file_length(path, text):
    lines = text.count('\n')
    return ['%s: %d lines, at most %d' % (path, lines, MAX_FILE_LINES)] if lines > MAX_FILE_LINES else []


def columns(path, text):
    if not path.endswith((*CPP, *SCRIPT)):
        return []
    return ['%s:%d: %d columns, at most %d' % (path, number, len(line), MAX_COLUMNS)
            for number, line in enumerate(text.split('\n'), 1) if len(line) > MAX_COLUMNS]


def cpp_functions(text):
    """[(first line, number of lines)] of function bodies outside other functions."""
    source, out, at, stack = blank(text), [], 0, []
    inside = None                               # depth of the brace that opened the present function
    for at, char in enumerate(source):
        if char == '{':
            head = re.split(r'[;{}]', source[:at])[-1]
            is_scope = re.search(r'\b(namespace|class|struct|enum|union|interface|extern)\b', head) and ')' not in head
            if inside is None and ')' in head and not is_scope:
                inside = len(stack)
                first = source.count('\n', 0, at - len(head.lstrip()))
            stack.append(char)
        elif char == '}' and stack:
            stack.pop()
            if inside == len(stack):
                out.append((first + 1, source.count('\n', 0, at) - first + 1))
                inside = None
    return out


def script_functions(text):
    """The same for JavaScript and TypeScript: named functions and methods, not the callbacks that tests are made of."""
    source, out = blank(text), []
    start = (r'^[ \t]*(?:export )?(?:default )?(?:async )?function\*? *\w[^{]*\{[ \t]*$'
             r'|^  (?:(?:private|public|protected|static|async|get|set|readonly) )*#?\w+ *(?:<[^>{]*>)?\([^{;]*\)[^{;=]*\{[ \t]*$')
    for match in re.finditer(start, source, re.MULTILINE):
        if re.match(r'\s*(if|for|while|switch|catch|describe|it|test)\b', match[0]):
            continue
        depth, at = 1, match.end()
        while at < len(source) and depth:
            depth += {'{': 1, '}': -1}.get(source[at], 0)
            at += 1
        first = source.count('\n', 0, match.start())
        out.append((first + 1, source.count('\n', 0, at) - first + 1))
    return out


def python_functions(text):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(n.lineno, n.end_lineno - n.lineno + 1) for n in ast.walk(ast.parse(text)) if isinstance(n, kinds)]


def function_length(path, text):
    finders = {CPP: cpp_functions, SCRIPT: script_functions, ('.py',): python_functions}
    return ['%s:%d: a function of %d lines, at most %d' % (path, line, count, MAX_FUNCTION_LINES)
            for endings, find in finders.items() if path.endswith(endings)
            for line, count in find(text) if count > MAX_FUNCTION_LINES]


def names(path, text):
    """File, folder, namespace and type names that say nothing."""
    out = ['%s: a name that says nothing' % path
           for part in path.split('/') if re.fullmatch(r'(?:.*[_-])?(?:%s)(?:\..*)?' % BANNED_NAMES, part)]
    if path.endswith(CPP):
        found = re.findall(r'\b(?:namespace|class|struct)\s+(?:\w+_)?((?:%s)|\w*(?:Utils?|Helpers?|Impl|Misc))\b'
                           % BANNED_NAMES, blank(text))
        out += ['%s: a name that says nothing: %s' % (path, name) for name in found]
    return out


WORDS = {
    'a path of a machine': r'(?<![\w.])/(?:work|root|farm|home/\w+|tmp/bash_jobs)/',
    'an unfinished place': r'\b(?:TODO|FIXME)\b',
    'a test that is switched off': r'\b(?:it|test|describe)\.(?:skip|todo|only)\(|\bxit\(|"\[\.\]|\[!hide\]',
    'who wrote it': r'Co-authored-by',
}


def words(path, text):
    if path.startswith('tests/tidy/'):          # the lists of words themselves
        return []
    return ['%s:%d: %s: %s' % (path, text.count('\n', 0, m.start()) + 1, what, m[0])
            for what, pattern in WORDS.items() for m in re.finditer(pattern, text)]


RULES = {'includes': include_order, 'file length': file_length, 'columns': columns,
         'function length': function_length, 'names': names, 'words': words}

# Sources of core without a test file of their own, and what tests them instead.
TESTED_BY = {
    'base/assert': 'it ends the process: the fuzzers and every check() lean on it',
    'base/big_endian': 'codec/reader_test.cpp: every form of a number is read by it',
    'base/memory': 'tests/memory/out_of_memory.cpp, under a limit',
    'history/pending': 'history/history_test.cpp: a part of History',
    'history/slot_replay': 'history/slot_logs_test.cpp: a part of SlotLogs',
    'history/texts_reading': 'history/texts_test.cpp: a part of Texts',
    'history/visit_tree': 'history/visit_test.cpp: ops of the tree and of undo are among those it visits',
    'base/pio2': 'base/trig_test.cpp: the reduction of its angles',
    'base/pio2_huge': 'base/trig_test.cpp: the reduction of its huge angles',
    'model/canonical': 'model/value_test.cpp: the form that values have in it',
    'model/message_decoder': 'model/message_test.cpp: messages are made by it',
    'model/plain_message': 'model/message_test.cpp: messages as they are written go through it',
    'model/older_shapes': 'store/older_shapes_test.cpp: whole messages of the older line',
    'ops/boolean': 'ops/apply_test.cpp, by its vectors',
    'ops/color': 'ops/apply_test.cpp, by its vectors',
    'ops/number': 'ops/apply_test.cpp, by its vectors',
    'ops/options': 'ops/apply_test.cpp, by the vectors of ops with options',
    'ops/quaternion': 'ops/apply_test.cpp, by its vectors',
    'ops/set': 'ops/apply_test.cpp, by its vectors',
    'ops/string': 'ops/apply_test.cpp, by its vectors',
    'ops/vector3': 'ops/apply_test.cpp, by its vectors',
    'store/feed_bound': 'tests/memory/heap_caps.cpp: the feed under a cap',
    'store/author_undo': 'store/undo_test.cpp, through a Store',
    'text/integrate': 'text/sequence_test.cpp: a part of Sequence',
    'text/runs': 'text/sequence_test.cpp: a part of Sequence',
    'text/visibility': 'text/sequence_test.cpp: a part of Sequence',
}


def own_tests(paths):
    """core/<folder>/<file>.cpp has tests/native/<folder>/<file>_test.cpp, or a reason in TESTED_BY."""
    sources = {m[1] for m in (re.fullmatch(r'core/(\w+/\w+)\.cpp', path) for path in paths) if m}
    tests = {m[1] for m in (re.fullmatch(r'tests/native/(\w+/\w+)_test\.cpp', path) for path in paths) if m}
    return (['core/%s.cpp: no tests/native/%s_test.cpp' % (name, name)
             for name in sorted(sources - tests - TESTED_BY.keys())]
            + ['core/%s.cpp: has a test or is gone, and is still named in TESTED_BY' % name
               for name in sorted(TESTED_BY.keys() & tests | TESTED_BY.keys() - sources)])
