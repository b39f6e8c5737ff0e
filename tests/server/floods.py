#!/usr/bin/env python3
"""Floods against the real server while a good client goes on: it must stay served, and each flood must end as stated.
python3 tests/server/floods.py --binary SERVER [--long] [--counts FILE]"""
import socket
import threading
import time

from raw import CONTINUATION, PING, TEXT, Peer, Server, exchange, frame, heartbeat, main, upgrade_request

SLOWEST = 0.3   # seconds a heartbeat may take on a machine that is busy with other work


def wait_for(peer, wanted):
    """The first frame of this kind, pongs and answers before it left out; else what came last."""
    for _ in range(10 ** 6):
        got = peer.outcome()
        if got[0] in (wanted, 'gone', 'silent'):
            return got
    return got


class GoodClient(threading.Thread):
    """Asks the server for a sign of life a hundred times a second."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.peer, self.times, self.done = Peer(port, 'good', room='quiet', wait=10), [], threading.Event()

    def run(self):
        while not self.done.is_set():
            began = time.monotonic()
            self.peer.send(frame(TEXT, heartbeat()))
            got = self.peer.outcome()
            if got[0] == 'ping':
                got = self.peer.outcome()
            if got != ('mtype', 'heartbeat'):
                self.times.append(float('inf'))
                return
            self.times.append(time.monotonic() - began)
            time.sleep(0.01)

    def take_p99(self):
        """Of its answers since the last call; a flood may be over before one was due."""
        time.sleep(0.05)
        times, self.times = sorted(self.times), []
        return times[int(len(times) * 0.99)] if times else float('inf')


def empty_messages(port, many):
    with Peer(port, 'm') as peer:
        peer.send(frame(TEXT) * (10 ** 5 if many else 10 ** 4))
        return wait_for(peer, 'close')


def empty_frames(port, many):
    with Peer(port, 'f') as peer:
        peer.send(frame(TEXT, b'', False) + frame(CONTINUATION, b'', False) * (10 ** 6 if many else 10 ** 5))
        return wait_for(peer, 'close')


def tiny_frames(port, many):
    with Peer(port, 't') as peer:
        peer.send(frame(TEXT, b'x', False) + frame(CONTINUATION, b'x', False) * (10 ** 6 if many else 10 ** 5))
        return wait_for(peer, 'close')


def pings(port, many):
    with Peer(port, 'p') as peer:
        peer.send(frame(PING, b'x') * (10 ** 5 if many else 10 ** 4))
        return wait_for(peer, 'close')


def headers(port, _):
    request = b'GET /health HTTP/1.1\r\nHost: x\r\n' + b'A: b\r\n' * 10 ** 4 + b'\r\n'
    return exchange(port, request)[:12]


def long_target(port, _):
    return exchange(port, b'GET /%s HTTP/1.1\r\nHost: x\r\n\r\n' % (b'x' * 65536))[:12]


def slow_requests(port, many):
    """Each sends one byte a second; the server must cut them all within its 10 s."""
    began, slow = time.monotonic(), []
    for i in range(500 if many else 100):
        slow.append(socket.create_connection(('127.0.0.1', port)))
        slow[-1].sendall(b'GET /health HTTP/1.1\r\nHost: x\r\nX: ')
    left = list(slow)
    while left and time.monotonic() - began < 14:
        time.sleep(0.5)
        for one in list(left):
            try:
                one.settimeout(0.001)
                one.sendall(b'x')
                if one.recv(100) == b'':
                    left.remove(one)
            except socket.timeout:
                pass
            except OSError:
                left.remove(one)
    for one in slow:
        one.close()
    return len(left)


def handshakes(port, many):
    """More upgrades a second than an address may ask for: some are told to wait."""
    replies = [exchange(port, upgrade_request(), wait=0.001)[9:12] for _ in range(400 if many else 200)]
    return b'429' in replies


FLOODS = ((empty_messages, ('close', 4008)), (empty_frames, ('close', 1009)), (tiny_frames, ('close', 1009)), (pings, ('close', 4008)),
          (headers, b'HTTP/1.1 431'), (long_target, b'HTTP/1.1 431'), (slow_requests, 0), (handshakes, True))


def check(count, args):
    with Server(args.binary) as server:
        good = GoodClient(server.port)
        good.start()
        time.sleep(1)
        usual = good.take_p99()
        for flood, wanted in FLOODS:
            got = flood(server.port, args.long)
            slow = good.take_p99()
            count.check(flood.__name__, got, wanted)
            count.check('%s: a good client waits %.1f ms, %.1f ms before' % (flood.__name__, slow * 1e3, usual * 1e3),
                        slow < max(2 * usual, SLOWEST), True)
            time.sleep(1)
        good.done.set()
        good.join()
        count.check('the server is well', server.is_well(), True)


if __name__ == '__main__':
    main(__doc__, check, '--long')
