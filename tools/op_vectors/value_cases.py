"""Inputs of the property operations' vectors: (name, before, fields of the op besides ot). ABSENT = no such property,
a dict without 'value' = the op has none. The expectations come from the model; see record.py.
"""
ABSENT = object()
LONE = '\ud800'


def deep(levels, leaf=0):
    """`leaf` inside that many arrays."""
    for _ in range(levels):
        leaf = [leaf]
    return leaf


def deep_object(levels):
    value = 1
    for _ in range(levels):
        value = {'a': value}
    return value


# Currents and values of every type: each op meets all of them.
CURRENTS = {'absent': ABSENT, 'null': None, 'true': True, 'a number': 5, 'a text': 'x', 'an empty text': '',
            'an empty array': [], 'two numbers': [1, 2], 'three numbers': [1, 2, 3], 'four numbers': [1, 2, 3, 4],
            'five numbers': [1, 2, 3, 4, 5], 'a mixed array': [1, 2, 'x', None], 'an object': {'a': 1}}
VALUES = {'none': ABSENT, 'null': None, 'false': False, 'a number': 3, 'a text': 'ab', 'an empty array': [],
          'two numbers': [1, 2], 'three numbers': [1, 2, 3], 'four numbers': [1, 2, 3, 4],
          'numbers then a text': [1, 2, 3, 'x'], 'a text among three': [1, 'x', 3], 'an object': {'a': 1},
          'depth 64': deep(64), 'depth 65': deep(65)}
# A valid value per payload of the registry, for the run over CURRENTS.
VALID = {'any': 7, 'number': 2, 'string': 'yz', 'boolean': True, 'numbers3': [0.5, -1, 2],
         'numbers4': [0.5, -0.5, 0.25, 1], 'array': [4, 5], 'object': {'b': 2}, 'color': '#204060', 'move': ABSENT}

NUMBER = {
    'number.add': [
        ('0.1 + 0.2 keeps its rounding', 0.1, {'value': 0.2}),
        ('a sum of 0 from -0 is 0', ABSENT, {'value': -0.0}),
        ('overflow changes nothing', 1e308, {'value': 1e308}),
        ('the smallest denormal adds up', 5e-324, {'value': 5e-324}),
        ('2^53 + 1 rounds to even', 9007199254740992, {'value': 1}),
        ('opposites make 0', -2.5, {'value': 2.5})],
    'number.multiply': [
        ('0.1 * 3 keeps its rounding', 0.1, {'value': 3}),
        ('0 * -1 is 0, not -0', 0, {'value': -1}),
        ('overflow changes nothing', -1e200, {'value': 1e200}),
        ('underflow to -0 is 0', -5e-324, {'value': 0.1}),
        ('-0 as the value is 0', 7, {'value': -0.0})],
    'number.min': [
        ('smaller wins', 5, {'value': -2.5}),
        ('present stays', -7, {'value': 5}),
        ('equal stays', 3, {'value': 3}),
        ('0 against -0 is 0', 0, {'value': -0.0}),
        ('the lowest double', 0, {'value': -1.7976931348623157e308})],
    'number.max': [
        ('larger wins', 5, {'value': 7}),
        ('present stays', 7, {'value': 5}),
        ('equal stays', 3, {'value': 3}),
        ('0 against -0 is 0', -1, {'value': -0.0}),
        ('the highest double', 0, {'value': 1.7976931348623157e308})],
}
TEXT_AND_FLAG = {
    'string.concat': [
        ('no separator', 'ab', {'value': 'c'}),
        ('separator between', 'ab', {'value': 'c', 'separator': ', '}),
        ('no separator before the first text', '', {'value': 'x', 'separator': '-'}),
        ('no separator on an absent one', ABSENT, {'value': 'x', 'separator': '-'}),
        ('an empty value still gets the separator', 'a', {'value': '', 'separator': '-'}),
        ('separator null counts as absent', 'a', {'value': 'b', 'separator': None}),
        ('a separator that is a number makes the op invalid', 'a', {'value': 'b', 'separator': 1}),
        ('a separator that is an array makes the op invalid', ABSENT, {'value': 'b', 'separator': []}),
        ('lone surrogates become U+FFFD', 'a' + LONE, {'value': LONE + 'b', 'separator': '\udc00'}),
        ('halves of a pair do not join', 'a\ud83d', {'value': '\ude00'}),
        ('astral characters stay whole', '\U0001f600', {'value': '\U0001f601', 'separator': '\u200d'})],
    'boolean.or': [('%s or %s' % (a, b), a, {'value': b}) for a in (False, True) for b in (False, True)] + [
        ('absent counts as false', ABSENT, {'value': False}),
        ('1 is no boolean', True, {'value': 1}),
        ('a current 1 counts as false', 1, {'value': False})],
    'boolean.and': [('%s and %s' % (a, b), a, {'value': b}) for a in (False, True) for b in (False, True)] + [
        ('absent counts as true', ABSENT, {'value': True}),
        ('0 is no boolean', True, {'value': 0}),
        ('a current 0 counts as true', 0, {'value': True})],
    'color.blend': [
        ('half and half rounds half up', '#ff0000', {'value': '#0000ff'}),
        ('upper case comes out lower', '#FFAA00', {'value': '#ABCDEF'}),
        ('without #', 'ffaa00', {'value': '123456'}),
        ('alpha 0 keeps, in normal form', 'FFAA00', {'value': '#000000', 'alpha': 0}),
        ('alpha 1 replaces', '#ffaa00', {'value': '#010203', 'alpha': 1}),
        ('alpha a quarter', '#000000', {'value': '#ffffff', 'alpha': 0.25}),
        ('alpha 0.1', '#102030', {'value': '#f0e0d0', 'alpha': 0.1}),
        ('alpha null is a half', '#000000', {'value': '#ffffff', 'alpha': None}),
        ('alpha -0 is 0', '#112233', {'value': '#ffffff', 'alpha': -0.0}),
        ('alpha above 1 makes the op invalid', '#000000', {'value': '#ffffff', 'alpha': 1.0000001}),
        ('alpha below 0 makes the op invalid', '#000000', {'value': '#ffffff', 'alpha': -0.5}),
        ('alpha as text makes the op invalid', '#000000', {'value': '#ffffff', 'alpha': '0.5'}),
        ('alpha true makes the op invalid', '#000000', {'value': '#ffffff', 'alpha': True}),
        ('an unreadable current is black', 'red', {'value': '#ffffff'}),
        ('an unreadable value is black', '#ffffff', {'value': 'red'}),
        ('three digits are unreadable', '#fff', {'value': '#ffffff'}),
        ('## is unreadable', '##00000', {'value': '#ffffff'}),
        ('g is no digit', '#00000g', {'value': '#ffffff'}),
        ('a newline at the end is unreadable', '#ffffff\n', {'value': '#ffffff'}),
        ('absent gives the value', ABSENT, {'value': '#FF0001'}),
        ('absent and unreadable gives black', ABSENT, {'value': ''})],
}
VECTOR = {
    'vector3.add': [
        ('rounding per component', [0.1, 0.2, 0.3], {'value': [0.2, 0.1, 0.6]}),
        ('only the first three count', [1, 2, 3, 4], {'value': [1, 1, 1, 9]}),
        ('overflow in one component changes nothing', [1, 1e308, 1], {'value': [1, 1e308, 1]}),
        ('-0 sums are 0', ABSENT, {'value': [-0.0, 0, -0.0]}),
        ('a text behind three numbers is fine', [1, 2, 3, 'x'], {'value': [1, 1, 1]})],
    'euler.add': [
        ('no wrapping of angles', [3, 3, 3], {'value': [3, 3, 3]}),
        ('only the first three count', [1, 2, 3, 'XYZ'], {'value': [1, 1, 1]}),
        ('overflow changes nothing', [-1e308, 0, 0], {'value': [-1e308, 0, 0]}),
        ('-0 sums are 0', [0, 0, 0], {'value': [-0.0, -0.0, -0.0]})],
    'vector3.multiply': [
        ('rounding per component', [0.1, 0.2, 0.3], {'value': [3, 3, 3]}),
        ('-0 products are 0', [0, -1, 0], {'value': [-1, 0, -5]}),
        ('overflow changes nothing', [1, 2, 1e300], {'value': [1, 1, 1e300]}),
        ('only the first three count', [1, 2, 3, 4], {'value': [2, 2, 2, 2, 2]})],
    'vector3.applyQuaternion': [
        ('a quarter turn about z', [1, 0, 0], {'value': [0, 0, 0.7071067811865475, 0.7071067811865476]}),
        ('not normalised: w 2 scales by 4', [1, 0, 0], {'value': [0, 0, 0, 2]}),
        ('the zero quaternion gives 0', [1, 2, 3], {'value': [0, 0, 0, 0]}),
        ('half a turn about x has no -0', [1, 2, 3], {'value': [1, 0, 0, 0]}),
        ('overflow changes nothing', [1e200, 0, 0], {'value': [0, 0, 0, 1e200]}),
        ('an infinity between that cancels changes nothing', [1e308, 1e308, 1e308], {'value': [1, 1, 1, 1]})],
    'vector3.applyEuler': [
        *[('order %s' % order, [1, 2, 3], {'value': [0.5, -1.2, 2.0], 'order': order}) for order in ('XYZ', 'YXZ', 'ZXY', 'ZYX', 'YZX', 'XZY')],
        *[('extrinsic %s' % order, [1, 2, 3], {'value': [0.5, -1.2, 2.0], 'order': order, 'intrinsic': False}) for order in ('XYZ', 'YXZ', 'ZXY')],
        ('a large angle', [1, 2, 3], {'value': [1e6, -1e5, 12345.678]}),
        ('no turn', [1, 2, 3], {'value': [0, 0, 0]}),
        ('order null is XYZ', [1, 2, 3], {'value': [0.1, 0.2, 0.3], 'order': None}),
        ('intrinsic null is true', [1, 2, 3], {'value': [0.1, 0.2, 0.3], 'intrinsic': None}),
        ('lower case order makes the op invalid', [1, 2, 3], {'value': [0.1, 0.2, 0.3], 'order': 'xyz'}),
        ('order XYX makes the op invalid', [1, 2, 3], {'value': [0.1, 0.2, 0.3], 'order': 'XYX'}),
        ('an empty order makes the op invalid', [1, 2, 3], {'value': [0.1, 0.2, 0.3], 'order': ''}),
        ('order as an array makes the op invalid', [1, 2, 3], {'value': [0.1, 0.2, 0.3], 'order': ['X', 'Y', 'Z']}),
        ('intrinsic 1 makes the op invalid', [1, 2, 3], {'value': [0.1, 0.2, 0.3], 'intrinsic': 1}),
        ('overflow changes nothing', [1.7e308, 1.7e308, 1.7e308], {'value': [0.5, -1.2, 2.0]})],
    'quaternion.multiply': [
        ('i times j is k', [1, 0, 0, 0], {'value': [0, 1, 0, 0]}),
        ('j times i is -k', [0, 1, 0, 0], {'value': [1, 0, 0, 0]}),
        ('i times i is -1 without -0', [1, 0, 0, 0], {'value': [1, 0, 0, 0]}),
        ('not normalised', [0, 0, 0, 2], {'value': [0, 0, 0, 3]}),
        ('rounding', [0.1, 0.2, 0.3, 0.9], {'value': [0.4, -0.5, 0.6, 0.7]}),
        ('overflow changes nothing', [0, 0, 0, 1e200], {'value': [0, 0, 0, 1e200]}),
        ('only the first four count', [0, 0, 0, 1, 5], {'value': [1, 2, 3, 4, 5]})],
}
ARRAY = {
    'array.push': [
        ('null is an element', [1], {'value': None}),
        ('an array is one element', [1], {'value': [2, 3]}),
        ('-0 is pushed as 0', [], {'value': -0.0}),
        ('the fifth number', [1, 2, 3, 4], {'value': 5}),
        ('element 16', list(range(15)), {'value': 'x'}),
        ('element 17', list(range(16)), {'value': 'x'}),
        ('an element of depth 63', [], {'value': deep(63)}),
        ('a result deeper than 64 changes nothing', [1], {'value': deep(64)}),
        ('next to an element of depth 63', [deep(63)], {'value': 1})],
    'array.union': [
        ('current copies stay, new ones come once', [1, 1, 2], {'value': [2, 3, 3, {'a': 1}, {'a': 1}]}),
        ('not an array counts as one element', [1], {'value': 2}),
        ('null counts as one element', [None], {'value': None}),
        ('deep equality ignores the order of keys', [{'a': 1, 'b': [2]}], {'value': [{'b': [2], 'a': 1}]}),
        ('1, true and "1" differ', [1], {'value': [True, '1', 1.0]}),
        ('0 and -0 are one', [0], {'value': [-0.0]}),
        ('order of first appearance', ['c'], {'value': ['b', 'a', 'b', 'c', 'd']}),
        ('nothing from nothing', ABSENT, {'value': []}),
        ('an array inside is one element', [[1]], {'value': [[1], [2]]}),
        ('lone surrogates are equal', ['\ufffd'], {'value': [LONE, '\udfff']}),
        ('a result deeper than 64 changes nothing', [], {'value': deep_object(64)}),
        ('more than sixteen', list(range(12)), {'value': list(range(8, 24))})],
    'array.remove': [
        ('every equal element', [1, 2, 1, '1'], {'value': 1}),
        ('deep equality', [{'b': 2, 'a': [1]}, 2], {'value': {'a': [1], 'b': 2}}),
        ('null', [None, 0, False, ''], {'value': None}),
        ('false is not 0', [0, False], {'value': False}),
        ('-0 removes 0', [0, 1], {'value': -0.0}),
        ('nothing to remove', [1, 2], {'value': 3}),
        ('an array as element', [[1], 1, [1]], {'value': [1]}),
        ('the last one', ['x'], {'value': 'x'})],
    'array.move': [
        ('forwards', ['a', 'b', 'c', 'd'], {'from': 0, 'to': 2}),
        ('backwards', ['a', 'b', 'c', 'd'], {'from': 3, 'to': 1}),
        ('numbers', [1, 2, 3], {'from': 0, 'to': 2}),
        ('to the same place', ['a', 'b'], {'from': 1, 'to': 1}),
        ('to is clamped high', ['a', 'b', 'c'], {'from': 0, 'to': 99}),
        ('to is clamped low', ['a', 'b', 'c'], {'from': 2, 'to': -99}),
        ('from outside has no effect', ['a', 'b'], {'from': 2, 'to': 0}),
        ('from below 0 has no effect', ['a', 'b'], {'from': -1, 'to': 0}),
        ('on an empty array', [], {'from': 0, 'to': 0}),
        ('on an absent property', ABSENT, {'from': 0, 'to': 0}),
        ('on a text', 'ab', {'from': 0, 'to': 1}),
        ('whole floats are integers', ['a', 'b'], {'from': 1.0, 'to': 0.0}),
        ('a fraction makes the op invalid', ['a', 'b'], {'from': 0.5, 'to': 1}),
        ('from missing makes the op invalid', ['a', 'b'], {'to': 1}),
        ('to null makes the op invalid', ['a', 'b'], {'from': 0, 'to': None}),
        ('to as text makes the op invalid', ['a', 'b'], {'from': 0, 'to': '1'}),
        ('to of 2^53-1 is clamped', ['a', 'b'], {'from': 0, 'to': 2 ** 53 - 1}),
        ('to of 2^53 makes the op invalid', ['a', 'b'], {'from': 0, 'to': 2 ** 53}),
        ('a value beside is not looked at', ['a', 'b'], {'from': 0, 'to': 1, 'value': deep(65)})],
    'object.merge': [
        ('shallow', {'a': 1, 'b': {'x': 1, 'y': 2}}, {'value': {'b': {'y': 3}, 'c': None}}),
        ('empty onto full', {'a': 1}, {'value': {}}),
        ('keys of other scripts stay sorted', {'\u00e9': 1, 'z': 2}, {'value': {'a': 3, '\U0001f600': 4, '\uff5e': 5}}),
        ('reserved names are ordinary inside', {}, {'value': {'key': 1, 'children': 2, '_crdt': 3, '__proto__': 4, 'constructor': 5}}),
        ('-0 inside is 0', {}, {'value': {'a': -0.0}}),
        ('deeper than 64 makes the op invalid', {'a': 1}, {'value': deep_object(65)}),
        ('depth 64', {'a': 1}, {'value': {'b': deep(63)}}),
        ('more than sixteen keys', {'k%02d' % i: i for i in range(12)}, {'value': {'k%02d' % i: -i for i in range(9, 20)}})],
}
SETS = {
    ot: [
        ('-0 becomes 0', ABSENT, {'value': -0.0}),
        ('-0 inside becomes 0', ABSENT, {'value': [1, -0.0]}),
        ('depth 64', 1, {'value': deep(64)}),
         ('depth 65 is ignored', 1, {'value': deep(65)}),
        ('lone surrogates become U+FFFD', ABSENT, {'value': 'a' + LONE}),
         ('lone surrogates in keys too', ABSENT, {'value': {'\udc00': 1}}),
        ('four numbers', 'x', {'value': [1, 2, 3, 4]}),
        ('nested', None, {'value': {'b': [{'a': None}], 'a': True}})]
    for ot in ('number.set', 'string.set', 'boolean.set', 'color.set', 'vector3.set', 'euler.set', 'quaternion.set', 'array.set', 'object.set')}
CASES = {**NUMBER, **TEXT_AND_FLAG, **VECTOR, **ARRAY, **SETS}
