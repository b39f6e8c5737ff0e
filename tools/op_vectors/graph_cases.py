"""Inputs of the vectors of node, text and meta operations: (name, messages). The expectations come from the model."""


def message(client, lt, *ops, stable=None):
    result = {'id': '%s:%d' % (client, lt), 'client': client, 'clock': {client: lt}, 'lt': lt, 'ts': 100 + lt, 'ops': list(ops)}
    return result if stable is None else {**result, 'stable': stable}


def insert(key, parent='', ot='node.insert', **value):
    return {'ot': ot, 'key': parent, 'path': 'children', 'value': {'key': key, **value}}


def remove(key, parent=''):
    return {'ot': 'node.remove', 'key': parent, 'path': 'children', 'value': key}


def move(key, to, **more):
    return {'ot': 'node.move', 'key': '', 'path': 'children', 'value': {'nodeKey': key, 'newParent': to}, **more}


def put(key, path, value, ot='number.set'):
    return {'ot': ot, 'key': key, 'path': path, 'value': value}


def write(ot, **fields):
    return {'ot': ot, 'key': 'n', 'path': 't', **fields}


def typed(id, anchor, content, seq, ts=1, ot='text.insert', **more):
    return write(ot, id=id, value=[anchor, content], seq=seq, ts=ts, **more)


def meta(ot, target):
    return {'ot': ot, 'key': '_meta', 'path': '_meta', 'targetMsgId': target}


N = insert('n')
TREE = [message('r', 1, insert('r')), message('r', 2, insert('a', 'r')), message('r', 3, insert('b', 'r')), message('r', 4, insert('k', 'a'))]
ABC = [message('a', 1, N), message('a', 2, typed('a:0', None, 'abc', 1))]
BAD_NODES = [None, 5, 'k', [], {}, {'key': ''}, {'key': 7}, {'key': None}]


def bad_values(ot, values):
    return message('a', 5, *[{'ot': ot, 'key': 'r', 'path': 'children', 'value': value} for value in values],
                   {'ot': ot, 'key': 'r', 'path': 'children'})


INSERTS = {ot: [
    ('creates with tag, name and properties', [message('a', 1, insert('n', ot=ot, tag='mesh', name='N', x=1, **{'a.b': [1, 2]}))]),
    ('tag and name default to empty', [message('a', 1, insert('n', ot=ot))]),
    ('reserved names are left out', [message('a', 1, insert('n', ot=ot, _crdt={'x': 1}, children='no', __proto__=1))]),
    ('parent by . is the root', TREE[:1] + [message('a', 5, insert('c', '.', ot=ot))]),
    ('parent null or absent is the root', TREE[:1] + [message('a', 5, {'ot': ot, 'value': {'key': 'c'}}, {'ot': ot, 'key': None, 'value': {'key': 'd'}})]),
    ('before its parent', [message('a', 1, insert('c', 'p', ot=ot)), message('a', 2, insert('p', 'c', ot=ot)), message('a', 3, insert('q', '', ot=ot))]),
    ('under itself has no parent', [message('a', 1, insert('n', 'n', ot=ot))]),
    ('lists children that exist and that do not', [message('a', 1, insert('x', ot=ot)), message('a', 2, insert('p', '', ot=ot, children=['x', 'y', 5, ''])),
                                                  message('a', 3, insert('y', 'x', ot=ot))]),
    ('an existing node', [message('a', 1, insert('n', x={'a': 1}, y=1)), message('a', 2, insert('n', 'n', ot=ot, x={'b': 2}, y=2, z=3, tag='t'))]),
    ('a removed node', TREE + [message('a', 5, put('k', 'x', 1), remove('k')), message('b', 6, insert('k', 'b', ot=ot, x=2, o={}))]),
    ('two at once', [message('a', 1, insert('r')), message('b', 2, insert('n', 'r', ot=ot, x=1)), message('c', 2, insert('n', '', ot=ot, x=2, y=3))]),
    ('undone', [message('a', 1, insert('r')), message('a', 2, insert('n', 'r', ot=ot, x=1)), message('a', 3, meta('meta.undo', 'a:2'))]),
    ('-0 in a property is 0', [message('a', 1, insert('n', ot=ot, x=-0.0, y=[-0.0, 1]))]),
    ('malformed values are ignored', TREE + [bad_values(ot, BAD_NODES)]),
] for ot in ('node.insert', 'node.upsert', 'node.inset')}
TREE_CASES = {
    'node.remove': [
        ('takes it out of its parent', TREE + [message('a', 5, remove('k', 'a'))]),
        ('descendants stay', TREE + [message('a', 5, remove('a', 'r'))]),
        ('the named parent does not matter', TREE + [message('a', 5, remove('k', 'b'))]),
        ('the root stays the root', TREE + [message('a', 5, remove('r'))]),
        ('a later removal overwrites the time', TREE + [message('a', 5, remove('k')), message('b', 7, remove('k'))]),
        ('an unknown node', TREE + [message('a', 5, remove('nobody'))]),
        ('hides the edits that follow it', TREE + [message('a', 5, put('k', 'x', 1)), message('b', 6, remove('k')), message('a', 7, put('k', 'x', 2))]),
        ('undone brings those edits back', TREE + [message('b', 6, remove('k')), message('a', 7, put('k', 'x', 2)), message('b', 8, meta('meta.undo', 'b:6'))]),
        ('insert after it does not revive', TREE + [message('a', 5, remove('k')), message('a', 9, insert('k', 'b'))]),
        ('malformed values are ignored', TREE + [bad_values('node.remove', [None, 5, [], {'key': 'k'}, ''])])],
    'node.move': [
        ('to another parent', TREE + [message('a', 5, move('k', 'b'))]),
        ('to its own parent', TREE + [message('a', 5, move('k', 'a'))]),
        ('below itself is no effect', TREE + [message('a', 5, move('a', 'k'))]),
        ('onto itself is no effect', TREE + [message('a', 5, move('a', 'a'))]),
        ('to nobody is no effect', TREE + [message('a', 5, move('k', 'nobody')), message('a', 6, move('nobody', 'r'))]),
        ('of a removed node is no effect', TREE + [message('a', 5, remove('k')), message('a', 6, move('k', 'b'))]),
        ('to a removed parent', TREE + [message('a', 5, remove('b')), message('a', 6, move('k', 'b'))]),
        ('two that would make a cycle: the later one loses', TREE + [message('a', 5, move('a', 'b')), message('b', 5, move('b', 'a'))]),
        ('the later place wins', TREE + [message('a', 9, move('k', 'b')), message('b', 6, move('k', 'r'))]),
        ('undone goes back', TREE + [message('a', 5, move('k', 'b')), message('a', 6, meta('meta.undo', 'a:5'))]),
        ('children by createdAt, then key', TREE[:1] + [message('z', 2, insert('z', 'r'), insert('y', 'r'), insert('\uff5e', 'r'), insert('\U0001f600', 'r'))]),
        ('malformed values are ignored', TREE + [bad_values('node.move', [None, 5, 'k', [], {}, {'nodeKey': 'k'}, {'newParent': 'b'}, {'nodeKey': 1, 'newParent': 'b'}])])],
}
TEXT_CASES = {
    'text.init': [
        ('makes an empty text', [message('a', 1, N, write('text.init'))]),
        ('null counts as no value', [message('a', 1, N, write('text.init', value=None))]),
        ('inserts at the start', [message('a', 1, N, write('text.init', value='Hi \U0001f600'))]),
        ('two at once', [message('a', 1, N), message('a', 2, write('text.init', value='x')), message('b', 2, write('text.init', value='y'))]),
        ('over a plain string', [message('a', 1, N, put('n', 't', 'old', 'string.set')), message('a', 2, write('text.init', value='new'))]),
        ('in front of a text', ABC + [message('b', 3, write('text.init', value='>'))]),
        ('undone', [message('a', 1, N), message('a', 2, write('text.init', value='x')), message('a', 3, meta('meta.undo', 'a:2'))]),
        ('malformed values are ignored', [message('a', 1, N), message('a', 2, *[write('text.init', value=v) for v in (5, [], {}, True, [None, 'x'])])])],
    'text.insert': [
        ('typed on', ABC + [message('a', 3, typed('a:3', 'a:2', 'def', 2))]),
        ('concurrent at one place: seq, ts, then agent', ABC + [message('b', 3, typed('b:0', 'a:0', 'B', 2)), message('c', 3, typed('c:0', 'a:0', 'C', 2)),
                                                               message('d', 3, typed('d:0', 'a:0', 'D', 2, ts=0)), message('e', 3, typed('e:0', 'a:0', 'E', 3))]),
        ('waits for its anchor', [message('a', 1, N), message('b', 3, typed('b:0', 'a:2', '!', 2)), message('a', 4, typed('a:0', None, 'abc', 1))]),
        ('an anchor that never comes', ABC + [message('b', 3, typed('b:0', 'z:9', '!', 2))]),
        ('of another agent is ignored', ABC + [message('b', 3, typed('a:3', None, 'x', 2))]),
        ('claimed ids are ignored as a whole', ABC + [message('a', 3, typed('a:2', None, 'xy', 2))]),
        ('by position', ABC + [message('b', 3, write('text.insert', position=1, value='X')), message('b', 4, write('text.insert', position=99, value=[None, 'Y']))]),
        ('by position never cuts a pair', [message('a', 1, N, typed('a:0', None, '\U0001f600', 1)), message('b', 2, write('text.insert', position=1, value='x'))]),
        ('an undone one keeps its place', ABC + [message('b', 3, typed('b:0', 'a:1', 'XY', 2)), message('c', 4, typed('c:0', 'b:0', '!', 3)),
                                                message('b', 5, meta('meta.undo', 'b:3'))]),
        ('before its node', [message('a', 1, typed('a:0', None, 'abc', 1)), message('a', 2, N), message('a', 3, typed('a:3', 'a:2', 'd', 2))]),
        ('number.add on a text reads no number', ABC + [message('a', 3, put('n', 't', 1, 'number.add')), message('a', 4, typed('a:3', 'a:2', 'd', 2))]),
        ('malformed ones are ignored', ABC + [message('b', 3, write('text.insert', value='x'), write('text.insert', position=0.5, value='x'), write('text.insert', position=0),
                                                      write('text.insert', id='b', value=[None, 'x'], seq=2), write('text.insert', id='b:01', value=[None, 'x'], seq=2),
                                                      write('text.insert', id='b:0', value='x', seq=2), write('text.insert', id='b:0', value=[None, 'x']),
                                                      write('text.insert', id='b:0', value=[5, 'x'], seq=2), write('text.insert', id='b:0', value=[None, 'x'], seq=-1))])],
    'text.delete': [
        ('a range', ABC + [message('b', 3, write('text.delete', rm=[['a:1', 2]]))]),
        ('the same range twice', ABC + [message('b', 3, write('text.delete', rm=[['a:1', 1]])), message('c', 3, write('text.delete', rm=[['a:1', 1]]))]),
        ('one of two undone: still deleted', ABC + [message('b', 3, write('text.delete', rm=[['a:1', 1]])), message('c', 3, write('text.delete', rm=[['a:0', 2]])),
                                                   message('b', 4, meta('meta.undo', 'b:3'))]),
        ('both undone', ABC + [message('b', 3, write('text.delete', rm=[['a:1', 1]])), message('b', 4, meta('meta.undo', 'b:3'))]),
        ('before the insert it names', [message('a', 1, N), message('b', 2, write('text.delete', rm=[['a:1', 1]])), message('a', 3, typed('a:0', None, 'abc', 1))]),
        ('on what is no text', [message('a', 1, N, put('n', 't', 'plain', 'string.set')), message('a', 2, write('text.delete', rm=[['a:0', 1]]))]),
        ('by position', ABC + [message('b', 3, write('text.delete', position=1, length=1))]),
        ('by position past the end', ABC + [message('b', 3, write('text.delete', position=2, length=99))]),
        ('half of a pair shows U+FFFD', [message('a', 1, N, typed('a:0', None, 'x\U0001f600y', 1)), message('b', 2, write('text.delete', rm=[['a:1', 1]]))]),
        ('malformed ones are ignored', ABC + [message('b', 3, *[write('text.delete', rm=rm) for rm in (5, ['a:0'], [['a:0']], [['a:0', 1.5]], [['a:0', -1]], [['a', 1]], [['a:0', 1, 2]])],
                                                      write('text.delete'), write('text.delete', position=0), write('text.delete', position='0', length=1))])],
    'text.replace': [
        ('removes and inserts', ABC + [message('b', 3, typed('b:0', 'a:0', 'XY', 2, ot='text.replace', rm=[['a:1', 1]]))]),
        ('by position', ABC + [message('b', 3, write('text.replace', position=1, length=1, value='X'))]),
        ('by position, nothing inserted', ABC + [message('b', 3, write('text.replace', position=0, length=2, value=''))]),
        ('only removal', ABC + [message('b', 3, write('text.replace', rm=[['a:0', 1]], value=[None, '']))]),
        ('waiting, its removal acts at once', ABC + [message('b', 3, typed('b:0', 'z:0', 'X', 2, ot='text.replace', rm=[['a:0', 1]]))]),
        ('undone', ABC + [message('b', 3, typed('b:0', 'a:0', 'X', 2, ot='text.replace', rm=[['a:0', 3]])), message('b', 4, meta('meta.undo', 'b:3'))]),
        ('of another agent does nothing at all', ABC + [message('b', 3, typed('c:0', 'a:0', 'X', 2, ot='text.replace', rm=[['a:0', 1]]))]),
        ('malformed ones are ignored', ABC + [message('b', 3, write('text.replace', position=0, length=1), write('text.replace', rm=[['a:0', 1]]),
                                                      write('text.replace', rm=5, id='b:0', value=[None, 'x'], seq=2), write('text.replace', position=0, value='x'))])],
}
X = put('n', 'x', 5, 'number.add')
META_CASES = {ot: [
    ('of a message', [message('a', 1, N), message('a', 2, X), message('a', 3, meta(ot, 'a:2'))]),
    ('of a message that comes later in the order', [message('a', 1, N), message('b', 2, meta(ot, 'a:3')), message('a', 3, X)]),
    ('undo, then redo', [message('a', 1, N), message('a', 2, X), message('a', 3, meta('meta.undo', 'a:2')), message('a', 4, meta(ot, 'a:2'))]),
    ('the greatest meta op decides', [message('a', 1, N), message('a', 2, X), message('b', 9, meta(ot, 'a:2')), message('c', 8, meta('meta.redo', 'a:2')), message('c', 7, meta('meta.undo', 'a:2'))]),
    ('of a meta message has no effect', [message('a', 1, N), message('a', 2, X), message('a', 3, meta('meta.undo', 'a:2')), message('a', 4, meta(ot, 'a:3'))]),
    ('of a message that also edits and holds a meta op', [message('a', 1, N), message('a', 2, X, meta('meta.redo', 'a:1')), message('a', 3, meta(ot, 'a:2'))]),
    ('of a target folded when it was accepted', [message('a', 1, N), message('a', 2, X), message('a', 3, meta(ot, 'a:2'), stable=2)]),
    ('of nobody', [message('a', 1, N, X), message('a', 2, meta(ot, 'z:1'))]),
    ('without a target, or one that is no text', [message('a', 1, N, X), message('a', 2, {'ot': ot, 'key': '_meta', 'path': '_meta'}, meta(ot, 5), meta(ot, None))]),
    ('beside an edit in one message', [message('a', 1, N, X), message('b', 2, X), message('a', 3, X, meta(ot, 'b:2'), X)]),
] for ot in ('meta.undo', 'meta.redo')}
A, B = message('a', 1, insert('n', o={'a': 1}, x=1)), 'b'
PROPERTY_CASES = {
    'number.set': [
        ('reserved paths are ignored', [A, message(B, 2, put('n', 'key', 1), put('n', 'children', 1), put('n', '_crdt', 1))]),
        ('name and tag are properties', [A, message(B, 2, put('n', 'name', 'N', 'string.set'), put('n', 'tag', 7))]),
        ('a dotted path is one name', [A, message(B, 2, put('n', 'o.a', 2))]),
        ('an empty path is a name', [A, message(B, 2, put('n', '', 2))]),
        ('key . or absent is the root', [A, message(B, 2, put('.', 'y', 2), {'ot': 'number.set', 'path': 'z', 'value': 3}, put(None, 'w', 4))]),
        ('before the node, or on nobody, is no effect', [message(B, 0, put('n', 'x', 9)), A, message(B, 2, put('m', 'x', 2), put('', 'x', 2))]),
        ('__proto__ is an ordinary name', [A, message(B, 2, insert('__proto__', 'n')), message(B, 3, put('__proto__', '__proto__', 1), put('n', 'constructor', 2))]),
        ('paths and keys that are no texts are ignored', [A, message(B, 2, put('n', 5, 2), put('n', None, 2), put(5, 'x', 2), {'ot': 'number.set', 'key': 'n', 'value': 2})]),
        ('an ignored op does not name its node', [A, message(B, 2, put('n', 'x', [1, 2], 'object.set'), {'ot': 'number.set', 'key': 'n', 'path': 'x'})])],
    'number.add': [
        ('leaves lww alone', [A, message(B, 2, put('n', 'x', 5)), message('a', 3, put('n', 'x', 1, 'number.add'))]),
        ('a result that is not finite still names the node', [A, message(B, 2, put('n', 'x', 1e308)), message('c', 3, put('n', 'x', 1e308, 'number.add'))]),
        ('under a set that comes late', [A, message('a', 5, put('n', 'x', 5, 'number.add')), message(B, 4, put('n', 'x', 10))]),
        ('unknown ops beside it are kept and ignored', [A, message(B, 2, put('n', 'x', 1, 'number.divide'), put('n', 'x', 1, 'number.add'), put('n', 'x', 1, ''))])],
    'array.move': [
        ('twice at once', [message('a', 1, insert('n', l=['a', 'b', 'c'])),
                           message('a', 2, {'ot': 'array.move', 'key': 'n', 'path': 'l', 'from': 0, 'to': 2}),
                           message(B, 2, {'ot': 'array.move', 'key': 'n', 'path': 'l', 'from': 0, 'to': 1})])],
    'object.merge': [
        ('path . writes into the node', [A, message(B, 2, put('n', '.', {'x': 2, 'name': 'N', 'o': {'b': 1}}, 'object.merge'))]),
        ('path . leaves reserved names out, and the tag', [A, message(B, 2, put('n', '.', {'key': 1, 'tag': 't', 'children': ['z'], '_crdt': {}, 'y': 1}, 'object.merge'))]),
        ('path . onto a text shows the value', [*ABC, message(B, 3, put('n', '.', {'t': 'plain'}, 'object.merge'))]),
        ('two at once', [A, message(B, 2, put('n', 'o', {'b': 1, 'c': 1}, 'object.merge')), message('c', 2, put('n', 'o', {'c': 2}, 'object.merge'))])],
}
CASES = {**INSERTS, **TREE_CASES, **TEXT_CASES, **META_CASES, **PROPERTY_CASES}
