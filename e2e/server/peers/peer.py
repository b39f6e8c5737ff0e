"""One WebSocket of a Python library, driven by lines of JSON: peer.py websockets|wsproto URL.

In: {"send": base64, "binary": bool} or {"close": code}. Out: {"open": true}, {"data": base64, "binary": bool} and at
the end {"closed": code, "reason": text}.
"""
import asyncio
import base64
import json
import socket
import sys
import threading
from urllib.parse import urlsplit


def say(**what):
    print(json.dumps(what), flush=True)


def say_data(data):
    binary = not isinstance(data, str)
    say(data=base64.b64encode(bytes(data) if binary else data.encode()).decode(), binary=binary)


def orders():
    for line in sys.stdin:
        order = json.loads(line)
        if 'send' in order:
            data = base64.b64decode(order['send'])
            order['send'] = data if order['binary'] else data.decode()
        yield order


async def with_websockets(url):
    import websockets
    async with websockets.connect(url, max_size=None) as peer:
        say(open=True)
        loop = asyncio.get_running_loop()

        def obey():
            for order in orders():
                act = peer.send(order['send']) if 'send' in order else peer.close(order['close'])
                asyncio.run_coroutine_threadsafe(act, loop).result()

        threading.Thread(target=obey, daemon=True).start()
        try:
            while True:
                say_data(await peer.recv())
        except websockets.ConnectionClosed:
            say(closed=peer.close_code, reason=peer.close_reason)


def with_wsproto(url):
    from wsproto import ConnectionType, WSConnection, events
    parts = urlsplit(url)
    line = socket.create_connection((parts.hostname, parts.port))
    peer, lock = WSConnection(ConnectionType.CLIENT), threading.Lock()

    def send(event):
        with lock:
            line.sendall(peer.send(event))

    def obey():
        for order in orders():
            if 'close' in order:
                send(events.CloseConnection(code=order['close']))
            elif order['binary']:
                send(events.BytesMessage(data=order['send']))
            else:
                send(events.TextMessage(data=order['send']))

    send(events.Request(host=parts.netloc, target='%s?%s' % (parts.path, parts.query)))
    pieces, code, reason = [], 1006, ''
    while True:
        data = line.recv(65536)
        with lock:
            peer.receive_data(data or None)
        for event in peer.events():
            if isinstance(event, events.AcceptConnection):
                say(open=True)
                threading.Thread(target=obey, daemon=True).start()
            elif isinstance(event, events.Ping):
                send(event.response())
            elif isinstance(event, events.Message):
                pieces.append(event.data)
                if event.message_finished:
                    say_data(type(event.data)().join(pieces))
                    pieces = []
            elif isinstance(event, events.CloseConnection) and data:
                code, reason = event.code, event.reason
                if peer.state.name == 'REMOTE_CLOSING':
                    send(event.response())
        if not data:
            return say(closed=code, reason=reason or '')


if sys.argv[1] == 'websockets':
    asyncio.run(with_websockets(sys.argv[2]))
else:
    with_wsproto(sys.argv[2])
