#!/usr/bin/env python3
"""Frame by frame, in the manner of the Autobahn groups 1 to 7, 9, 10, 12 and 13, against the real server:
python3 tests/server/frames.py --binary SERVER [--counts FILE]"""
import struct

from raw import (BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Peer, Server, exchange, frame, heartbeat, main,
                 upgrade_request)

BEAT = ('mtype', 'heartbeat')
PROTOCOL, PAYLOAD, TOO_BIG = ('close', 1002), ('close', 1007), ('close', 1009)
LIMIT = 1 << 20


def asking(text):
    """A question whose answer comes only when the text arrived as it was sent."""
    return b'{"mtype":"sync-check","requestId":"' + text + b'"}'


def pieces(payload, step, opcode=TEXT):
    """A message in frames of `step` bytes."""
    parts = [payload[at:at + step] for at in range(0, len(payload), step)] or [b'']
    return b''.join(frame(opcode if i == 0 else CONTINUATION, part, i == len(parts) - 1) for i, part in enumerate(parts))


def closing(code=None, reason=b''):
    return frame(CLOSE, b'' if code is None else struct.pack('>H', code) + reason)


def sizes():
    """Groups 1 and 9: every form of length, in one write and in many."""
    for size in (28, 64, 125, 126, 127, 128, 129, 1000, 65535, 65536, 65537, 262144, LIMIT - 1, LIMIT):
        for step in (None, 1, 7, 997) if size < 1100 else (None, 65521):
            yield 'text of %d in steps of %s' % (size, step), frame(TEXT, heartbeat(size)), step, [BEAT]
    for size in (LIMIT + 1, LIMIT + 2, 2 * LIMIT):
        yield 'text of %d' % size, frame(TEXT, heartbeat(size)), None, [TOO_BIG]
        yield 'text of %d in frames' % size, pieces(heartbeat(size), 65536), None, [TOO_BIG]
    for size in (0, 1, 125, 126, 127, 65535, 65536):
        yield 'text of %d that is no JSON' % size, frame(TEXT, b'*' * size), None, [('mtype', 'error')]
        yield 'binary of %d' % size, frame(BINARY, b'\xc1' * size), None, [('mtype', 'error')]
        yield 'binary of %d, then a heartbeat' % size, frame(BINARY, b'\xc1' * size) + frame(TEXT, heartbeat()), None, [
            ('mtype', 'error'), BEAT]
    for form, size in ((2, 0), (2, 21), (2, 125), (8, 21), (8, 125), (8, 126), (8, 65535)):
        payload = heartbeat(size) if size > 27 else heartbeat()[:size]
        yield 'length %d in %d bytes' % (size, form), frame(TEXT, payload, length_form=form), None, [PROTOCOL]
    yield 'length with its highest bit', b'\x81\xff' + b'\xff' * 8 + bytes(4), None, [TOO_BIG]
    yield 'length of 2^62', b'\x81\xff\x40' + bytes(7) + bytes(4), None, [TOO_BIG]


def pings():
    """Group 2."""
    for payload in (b'', b'hello', b'\x00\xff\xfe\xfd', bytes(range(125)), b'\xe2\x82'):
        for step in (None, 1, 3):
            yield 'ping %r in steps of %s' % (payload[:8], step), frame(PING, payload), step, [('pong', payload)]
    for opcode in (PING, PONG, CLOSE):
        yield 'control %d of 126 bytes' % opcode, frame(opcode, b'x' * 126), None, [PROTOCOL]
        yield 'control %d of 70,000 bytes' % opcode, frame(opcode, b'x' * 70000), None, [PROTOCOL]
        yield 'control %d in two frames' % opcode, frame(opcode, b'', final=False), None, [PROTOCOL]
    for payload in (b'', b'unasked'):
        yield 'pong', frame(PONG, payload) + frame(TEXT, heartbeat()), None, [BEAT]
    for count in (2, 10, 100):
        data = b''.join(frame(PING, b'%d' % i) for i in range(count))
        yield '%d pings' % count, data, None, [('pong', b'%d' % i) for i in range(count)]


def reserved():
    """Groups 3 and 4, and frames without a mask."""
    payloads = {TEXT: heartbeat(), BINARY: b'\xc0', CONTINUATION: b'', PING: b'p', PONG: b'', CLOSE: struct.pack('>H', 1000)}
    for opcode, payload in payloads.items():
        for rsv in range(1, 8):
            yield 'bits %d of opcode %d' % (rsv, opcode), frame(opcode, payload, rsv=rsv), None, [PROTOCOL]
            if rsv in (1, 4):
                yield 'bits %d of opcode %d behind a message' % (rsv, opcode), frame(TEXT, heartbeat()) + frame(
                    opcode, payload, rsv=rsv), None, [BEAT, PROTOCOL]
        yield 'opcode %d without mask' % opcode, frame(opcode, payload, masked=False), None, [PROTOCOL]
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        for payload in (b'', b'x'):
            yield 'opcode %d' % opcode, frame(opcode, payload), None, [PROTOCOL]
            yield 'opcode %d behind a message' % opcode, frame(TEXT, heartbeat()) + frame(opcode, payload), None, [BEAT, PROTOCOL]
        yield 'opcode %d inside a message' % opcode, frame(TEXT, b'{', False) + frame(opcode, b'x'), None, [PROTOCOL]


def fragments():
    """Group 5, and our limits on the number of frames."""
    text = heartbeat(64)
    for step in range(1, 65):
        yield 'frames of %d bytes' % step, pieces(text, step), None, [BEAT]
    yield '65 frames', pieces(heartbeat(65), 1), None, [TOO_BIG]
    yield '130 frames of 512 bytes', pieces(heartbeat(130 * 512), 512), None, [TOO_BIG]
    yield '68 frames of 1,024 bytes', pieces(heartbeat(68 * 1024), 1024), None, [BEAT]
    for empties, wanted in ((1, BEAT), (15, BEAT), (16, BEAT), (17, TOO_BIG), (60, TOO_BIG)):
        middle = b''.join(frame(CONTINUATION, b'', False) for _ in range(empties))
        yield '%d empty frames' % empties, frame(TEXT, text[:9], False) + middle + frame(CONTINUATION, text[9:]), None, [wanted]
    ping = frame(PING, b'p')
    yield 'pings between frames', frame(TEXT, text[:9], False) + ping + frame(CONTINUATION, text[9:30], False) + ping + frame(
        CONTINUATION, text[30:]), None, [('pong', b'p'), ('pong', b'p'), BEAT]
    yield 'pings between frames, byte by byte', frame(TEXT, text[:9], False) + ping + frame(CONTINUATION, text[9:]), 1, [
        ('pong', b'p'), BEAT]
    for final in (True, False):
        for payload in (b'', text):
            lost = frame(CONTINUATION, payload, final)
            yield 'continuation of nothing', lost, None, [PROTOCOL]
            yield 'continuation behind a message', frame(TEXT, text) + lost, None, [BEAT, PROTOCOL]
            yield 'continuation behind a message in frames', pieces(text, 30) + lost, None, [BEAT, PROTOCOL]
            for opcode in (TEXT, BINARY):
                yield 'opcode %d inside a message' % opcode, frame(TEXT, text[:9], False) + frame(opcode, payload, final), None, [
                    PROTOCOL]
    yield 'close inside a message', frame(TEXT, text[:9], False) + closing(1000), None, [('close', 1000)]


VALID = ['', 'plain', 'κόσμε', 'ß', '日本語', '😀', '\U0010ffff', '\ud7ff', '\ue000', '\ufffd', '\x7f', '\u0080', '\u07ff', '\u0800',
         '\uffff', '\U00010000', 'a\u0300', '\u202e', '\ufeff', '👩\u200d👩\u200d👧']
INVALID = [b'\x80', b'\xbf', b'\x80\xbf', b'\xc0', b'\xc1', b'\xc0\x80', b'\xc0\xaf', b'\xc1\xbf', b'\xe0\x80\x80', b'\xe0\x9f\xbf', b'\xe0\x80\xaf',
           b'\xed\xa0\x80', b'\xed\xad\xbf', b'\xed\xbf\xbf', b'\xed\xa0\x80\xed\xb0\x80', b'\xf0\x80\x80\x80', b'\xf0\x8f\xbf\xbf',
           b'\xf0\x80\x80\xaf', b'\xf4\x90\x80\x80', b'\xf5\x80\x80\x80', b'\xf7\xbf\xbf\xbf', b'\xf8\x88\x80\x80\x80', b'\xfb\xbf\xbf\xbf\xbf',
           b'\xfc\x84\x80\x80\x80\x80', b'\xfd\xbf\xbf\xbf\xbf\xbf', b'\xfe', b'\xff', b'\xfe\xfe\xff\xff', b'\xc2', b'\xdf', b'\xe1\x80',
           b'\xef\xbf', b'\xf0\x90\x80', b'\xf4\x8f\xbf', b'\xc2\x20', b'\xe1\x80\x20', b'\xf1\x80\x80\x20', b'\xce\xba\xe1\xbd\xb9\xcf\x83\xed',
           *[bytes([first]) + b'\x28' for first in range(0xc2, 0xf5, 3)]]


def utf8():
    """Group 6: what is valid arrives, whole and cut anywhere; what is not ends with 1007."""
    for text in VALID:
        data = asking(text.encode('utf-8', 'surrogatepass'))
        yield 'valid %a' % text, frame(TEXT, data), None, [('mtype', 'sync-status')]
        yield 'valid %a in frames of one byte' % text, pieces(data, 1), None, [('mtype', 'sync-status')]
        yield 'valid %a, byte by byte' % text, frame(TEXT, data), 1, [('mtype', 'sync-status')]
    for text in INVALID:
        data = asking(text)
        yield 'invalid %r' % text, frame(TEXT, data), None, [PAYLOAD]
        yield 'invalid %r in two frames' % text, frame(TEXT, data[:36], False) + frame(CONTINUATION, data[36:]), None, [PAYLOAD]
        yield 'invalid %r at the end' % text, frame(TEXT, text), None, [PAYLOAD]
        yield 'invalid %r as the reason of a close' % text, closing(1000, text), None, [PROTOCOL]


def closes():
    """Group 7."""
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4003, 4999, 5000, 65535):   # the RFC says nothing about those over 4999
        for reason in (b'', b'bye', b'x' * 123):
            yield 'close %d %r' % (code, reason[:4]), closing(code, reason), None, [('close', code)]
    yield 'close without a code', closing(), None, [('close', 1000)]
    yield 'close of one byte', frame(CLOSE, b'\x03'), None, [PROTOCOL]
    yield 'close with a reason of 124 bytes', closing(1000, b'x' * 124), None, [PROTOCOL]
    for code in (0, 1, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999):
        for reason in (b'', b'bye'):
            yield 'close %d' % code, closing(code, reason), None, [PROTOCOL]
    end = [('close', 1000), ('gone', 'EOFError')]
    yield 'close twice', closing(1000) + closing(1000), None, end
    yield 'ping behind a close', closing(1000) + frame(PING, b'p'), None, end
    yield 'message behind a close', closing(1000) + frame(TEXT, heartbeat()), None, end
    yield 'garbage behind a close', closing(1000) + b'\xff' * 50, None, end


GROUPS = (sizes, pings, reserved, fragments, utf8, closes)


def run_frames(count, port):
    number = 0
    for group in GROUPS:
        for name, data, step, wanted in group():
            number += 1
            with Peer(port, 'c%d' % number) as peer:
                peer.send(data, step)
                got = [peer.outcome() for _ in wanted]
            count.check('%s: %s' % (group.__name__, name), got, wanted)
    return number


def run_handshakes(count, port):
    """What a handshake must have; extensions (groups 12 and 13) are offered and not taken."""
    cases = [({}, 101), ({'Upgrade': 'WebSocket'}, 101), ({'Connection': 'keep-alive, Upgrade'}, 101), ({'Upgrade': None}, 426),
             ({'Connection': None}, 426), ({'Connection': 'close'}, 426), ({'Sec_WebSocket_Key': None}, 400), ({'Sec_WebSocket_Key': ''}, 400),
             ({'Sec_WebSocket_Key': 'c2hvcnQ='}, 400), ({'Sec_WebSocket_Version': None}, 400), ({'Sec_WebSocket_Version': '8'}, 426),
             ({'Sec_WebSocket_Version': '14'}, 426), ({'Sec_WebSocket_Version': 'x'}, 426), ({'Host': None}, 400), ({'Origin': 'null'}, 403),
             ({'Origin': ''}, 403), ({'Content_Length': '5'}, 400), ({'Content_Length': '0'}, 101), ({'Transfer_Encoding': 'chunked'}, 400)]
    offers = ['permessage-deflate', 'permessage-deflate; client_max_window_bits', 'permessage-deflate; server_no_context_takeover',
              'permessage-deflate; server_max_window_bits=8', 'permessage-deflate, permessage-deflate', 'permessage-bzip2', 'x-webkit-deflate-frame',
              'permessage-deflate; client_max_window_bits=15; server_max_window_bits=15', ';', 'permessage-deflate; unknown=1']
    cases += [({'Sec_WebSocket_Extensions': offer}, 101) for offer in offers]
    for number, (changes, wanted) in enumerate(cases):
        reply = exchange(port, upgrade_request('/ws/r?sessionId=h%d' % number, **changes), wait=0.3)
        status = int(reply.split(b' ', 2)[1]) if reply else 0
        taken = b'sec-websocket-extensions' in reply.split(b'\r\n\r\n')[0].lower()
        count.check('handshake %s' % changes, (status, taken), (wanted, False))
    early = exchange(port, upgrade_request('/ws/r?sessionId=early') + frame(PING), wait=0.3)
    count.check('frames before the handshake is answered', early.split(b' ', 2)[1], b'400')


def check(count, args):
    with Server(args.binary, '--max-handshakes-per-second', '0', '--max-clients-per-room', '0') as server:
        number = run_frames(count, server.port)
        run_handshakes(count, server.port)
        count.check('the server is well', server.is_well(), True)
    count.check('%d cases are at least 500' % number, number >= 500, True)


if __name__ == '__main__':
    main(__doc__, check)
