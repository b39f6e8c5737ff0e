"""A server process, and a WebSocket peer made of nothing but a socket: it can send what no library would."""
import argparse
import base64
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0


class Server:
    """The binary on a free port with its data in memory; ends with the `with` block."""

    def __init__(self, binary, *flags):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([binary, '--port', '0', '--database', 'memory:', *flags],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        self.port = int(re.search(r':(\d+)$', line)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def is_well(self):
        reply = exchange(self.port, b'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
        return self.process.poll() is None and reply.startswith(b'HTTP/1.1 200')


def exchange(port, request, wait=3):
    """Sends bytes and gives all that comes until the end, or for so many seconds."""
    with socket.create_connection(('127.0.0.1', port), timeout=wait) as peer:
        out = b''
        try:
            peer.sendall(request)
            while True:
                more = peer.recv(65536)
                if not more:
                    return out
                out += more
        except OSError:
            return out


def frame(opcode, payload=b'', final=True, rsv=0, masked=True, length_form=None):
    """One frame. length_form: 0, 2 or 8 bytes of extended length, whatever the length is."""
    size = len(payload)
    form = length_form if length_form is not None else 0 if size < 126 else 2 if size < 65536 else 8
    head = bytes([(128 if final else 0) | rsv << 4 | opcode])
    mark = 128 if masked else 0
    head += {0: bytes([mark | size & 127]), 2: struct.pack('>BH', mark | 126, size & 0xffff),
             8: struct.pack('>BQ', mark | 127, size)}[form]
    if not masked:
        return head + payload
    mask = os.urandom(4)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], 'big')
    return head + mask + (int.from_bytes(payload, 'big') ^ key).to_bytes(size, 'big')


def upgrade_request(path='/ws/r?sessionId=c', **changes):
    """The handshake; a change of None leaves a field out."""
    fields = {'Host': 'localhost', 'Upgrade': 'websocket', 'Connection': 'Upgrade',
              'Sec-WebSocket-Key': base64.b64encode(os.urandom(16)).decode(), 'Sec-WebSocket-Version': '13'}
    fields.update({name.replace('_', '-'): value for name, value in changes.items()})
    lines = ['%s: %s' % item for item in fields.items() if item[1] is not None]
    return ('GET %s HTTP/1.1\r\n%s\r\n\r\n' % (path, '\r\n'.join(lines))).encode()


class Peer:
    """One connection; unless `first` is false, it has had its `state`."""

    def __init__(self, port, session, room='r', wait=3, first=True):
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=wait)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = b''
        self.socket.sendall(upgrade_request('/ws/%s?sessionId=%s' % (room, session)))
        while b'\r\n\r\n' not in self.bytes:
            self._more()
        self.head, self.bytes = self.bytes.split(b'\r\n\r\n', 1)
        if first:
            self.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _more(self):
        more = self.socket.recv(65536)
        if not more:
            raise EOFError
        self.bytes += more

    def _take(self, count):
        while len(self.bytes) < count:
            self._more()
        out, self.bytes = self.bytes[:count], self.bytes[count:]
        return out

    def send(self, data, step=None):
        """All at once, or in pieces of `step` bytes. What a closed peer does not take is lost."""
        try:
            for at in range(0, len(data), step or max(len(data), 1)):
                self.socket.sendall(data[at:at + (step or len(data))])
        except OSError:
            pass

    def read(self):
        """(opcode, payload) of the next frame; the server's are whole and unmasked."""
        first, second = self._take(2)
        if first & 0x70 or second & 0x80 or not first & 0x80:
            raise ValueError('a frame of the server with bits %02x %02x' % (first, second))
        size = second & 127
        if size > 125:
            size = int.from_bytes(self._take(2 if size == 126 else 8), 'big')
        return first & 15, self._take(size)

    def outcome(self):
        """What the next frame is: ('pong', payload), ('close', code), ('mtype', name) or ('gone', why)."""
        try:
            opcode, payload = self.read()
        except (EOFError, ConnectionError) as end:
            return 'gone', type(end).__name__
        except socket.timeout:
            return 'silent', None
        if opcode == CLOSE:
            return 'close', struct.unpack('>H', payload[:2])[0] if payload else 1005
        if opcode in (PING, PONG):
            return 'ping' if opcode == PING else 'pong', payload
        if opcode == BINARY:                    # MessagePack: the first field is mtype, a short string
            name = payload.split(b'\xa5mtype', 1)[1]
            return 'mtype', name[1:1 + (name[0] & 31)].decode()
        return 'mtype', json.loads(payload)['mtype']


def heartbeat(size=None):
    """JSON the server answers at once, padded to a size."""
    text = b'{"mtype":"heartbeat"}'
    return text if size is None else text[:-1] + b',"x":"' + b'x' * (size - len(text) - 7) + b'"}'


class Count:
    """Verdicts, and the report file of ./dev test."""

    def __init__(self):
        self.passed = self.failed = 0
        self.began = time.time()

    def check(self, name, got, wanted):
        if got == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print('FAILED %s: got %s, wanted %s' % (name, got, wanted))

    def finish(self, path):
        print('%d passed, %d failed in %.1f s' % (self.passed, self.failed, time.time() - self.began))
        if path:
            with open(path, 'w', encoding='utf-8') as file:
                json.dump({'passed': self.passed, 'failed': self.failed}, file)
        return 1 if self.failed or not self.passed else 0


def main(doc, check, *toggles):
    """The whole of a test script: its command line, check(count, args) for its verdicts, its exit code."""
    args = argparse.ArgumentParser(description=doc)
    args.add_argument('--binary', required=True)
    args.add_argument('--counts')
    for toggle in toggles:
        args.add_argument(toggle, action='store_true')
    args = args.parse_args()
    count = Count()
    check(count, args)
    sys.exit(count.finish(args.counts))
