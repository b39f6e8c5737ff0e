#!/usr/bin/env python3
"""Odd names of rooms, sent as no library would: each is a room of exactly this name, also after a restart, or refused.
python3 tests/server/rooms.py --binary SERVER [--counts FILE]"""
import json
import os
import tempfile

from raw import TEXT, Peer, Server, exchange, frame, main

NAMES = {'..': '..', '%2e%2E': '..', '.': '.', '%2e': '.', '...': '...', 'a%2Fb': 'a/b', '%2Fetc%2Fpasswd': '/etc/passwd', '..%2f..%2fx': '../../x',
         'a%5Cb': 'a\\b', 'a\\b': 'a\\b', 'a%00b': 'a\0b', '%00': '\0', '%0d%0aX:y': '\r\nX:y', '%7f': '\x7f', '%1b%5b2J': '\x1b[2J',
         '%E2%80%AEabc': '\u202eabc', '%D7%90%D7%91': 'אב', '%F0%9F%98%80': '😀', '%EF%BB%BFx': '\ufeffx', 'e%CC%81': 'e\u0301', '%C3%A9': 'é',
         "';DROP%20TABLE%20Document;--": "';DROP TABLE Document;--", '%22%20OR%201=1': '" OR 1=1', '$gt': '$gt', '%7B%22$gt%22:%22%22%7D': '{"$gt":""}',
         '$where': '$where', 'a.b.c': 'a.b.c', '__proto__': '__proto__', 'constructor': 'constructor', 'CON': 'CON', 'a+b': 'a+b', 'a%20b': 'a b',
         '%25': '%', '%252e': '%2e', 'a;b': 'a;b', 'a:b@c': 'a:b@c', '*': '*', '%3Fx=1': '?x=1', '%23': '#', 'x' * 128: 'x' * 128,
         '%F0%9F%98%80' * 128: '😀' * 128}
REFUSED = ['x' * 129, '%F0%9F%98%80' * 129, '', 'a/b', '/', '%', '%2', '%zz', '%u0041', '%ff', '%c0%ae', '%c0%80', '%ed%a0%80', '%f4%90%80%80', 'a%80']


def message(client):
    ops = [{'ot': 'node.insert', 'key': '', 'path': 'children', 'value': {'key': 'n', 'tag': 'Box'}}]
    return {'mtype': 'crdt', 'msg': {'id': client + ':1', 'client': client, 'clock': {client: 1}, 'lt': 1, 'ts': 1, 'ops': ops}}


def get(port, path):
    reply = exchange(port, ('GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' % path).encode())
    return json.loads(reply.split(b'\r\n\r\n', 1)[1])


def write_all(count, port):
    """One message in every room; then the list names each as it is."""
    for number, path in enumerate(NAMES):
        with Peer(port, 'c%d' % number, room=path) as peer:
            peer.send(frame(TEXT, json.dumps(message('c%d' % number)).encode()))
            count.check('a message into %r' % path[:40], peer.outcome(), ('mtype', 'ack'))
    listed = sorted(room['id'] for room in get(port, '/api/rooms')['rooms'])
    count.check('the list of rooms', listed, sorted(set(NAMES.values())))


def read_all(count, port):
    for path, name in NAMES.items():
        same = sum(other == name for other in NAMES.values())
        count.check('what %r holds' % path[:40], get(port, '/api/rooms/%s/digest' % path).get('serverSeq'), same)


def refuse_all(count, port):
    for path in REFUSED:
        with Peer(port, 'c', room=path, first=False) as peer:
            count.check('the room %r' % path[:40], peer.outcome(), ('close', 4000))


def check(count, args):
    with tempfile.TemporaryDirectory() as folder:
        flags = ('--database', 'sqlite:' + os.path.join(folder, 'rooms.db'), '--max-handshakes-per-second', '0')
        for step in (write_all, read_all):
            with Server(args.binary, *flags) as server:
                step(count, server.port)
                refuse_all(count, server.port)
                count.check('the server is well', server.is_well(), True)


if __name__ == '__main__':
    main(__doc__, check)
