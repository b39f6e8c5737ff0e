#!/usr/bin/python3
"""/metrics as the parser of the Prometheus client library reads it: every row of metrics.def is there with its type, labels and
help, histograms add up, and the figures say what was done. Debian's python3-prometheus-client, so Debian's python3.
tests/server/metrics.py --binary SERVER [--counts FILE]"""
import json
import os
import sys

from prometheus_client.parser import text_string_to_metric_families

from raw import BINARY, TEXT, Peer, Server, exchange, frame, main

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'tools'))
import generate  # noqa: E402

SECRET = 'a-token-for-figures'


def scrape(port, token=None):
    """-> (status, {name: family})"""
    field = 'Authorization: Bearer %s\r\n' % token if token else ''
    head, body = exchange(port, ('GET /metrics HTTP/1.1\r\nHost: x\r\n%sConnection: close\r\n\r\n' % field).encode()).split(b'\r\n\r\n', 1)
    status = int(head.split()[1])
    if status != 200:
        return status, {}
    assert b'text/plain; version=0.0.4' in head, head
    return status, {family.name: family for family in text_string_to_metric_families(body.decode())}


def value(families, name, **labels):
    """The one sample of this name (as the server writes it) and labels; 0 when there is none."""
    found = [sample.value for family in families.values() for sample in family.samples if sample.name == name and sample.labels == labels]
    assert len(found) < 2, (name, labels, found)
    return found[0] if found else 0


def message(client, number):
    ops = [{'ot': 'number.set', 'key': 'n', 'path': 'x', 'value': number}]
    return {'mtype': 'crdt', 'msg': {'id': '%s:%d' % (client, number), 'client': client, 'clock': {client: number}, 'lt': number, 'ts': 1, 'ops': ops}}


def check_table(count, families):
    """Every row of the table, and nothing else."""
    rows = {row['name']: row for row in generate.metric_rows()}
    def plain(name, kind):
        return name[:-len('_total')] if kind == 'counter' and name.endswith('_total') else name
    count.check('the names', sorted(families), sorted(plain(name, row['type']) for name, row in rows.items()))
    for name, row in rows.items():
        family = families.get(plain(name, row['type']))
        count.check('the type of ' + name, family and family.type, row['type'])
        count.check('the help of ' + name, family and family.documentation, row['help'])
        ignored = {'le'} if row['type'] == 'histogram' else set()
        labels = {tuple(sorted(set(sample.labels) - ignored)) for sample in family.samples} if family else None
        count.check('the labels of ' + name, labels, {tuple(sorted(row['labels']))})


def check_histograms(count, families):
    for family in families.values():
        if family.type != 'histogram':
            continue
        buckets = [(float(sample.labels['le']), sample.value) for sample in family.samples if sample.name.endswith('_bucket')]
        count.check(family.name + ': ends grow', buckets, sorted(buckets))
        count.check(family.name + ': the last bucket is the count', buckets[-1][1], value(families, family.name + '_count'))
        count.check(family.name + ': has a sum where it has a count', value(families, family.name + '_sum') > 0, buckets[-1][1] > 0)


def use(port):
    """Five messages, a repeat, one that is refused, a heartbeat, and bytes that are no frame."""
    with Peer(port, 'alice') as alice, Peer(port, 'bob') as bob:
        for number in (1, 2, 3, 4, 5, 5):
            alice.send(frame(TEXT, json.dumps(message('alice', number)).encode()))
            alice.outcome()
        bob.send(frame(TEXT, json.dumps(message('alice', 6)).encode()))
        bob.send(frame(TEXT, b'{"mtype":"heartbeat"}'))
        bob.send(frame(BINARY, b'\xc1'))
        for _ in range(8):                              # five broadcasts, an error, a heartbeat, an error
            bob.outcome()
        return scrape(port)[1]


def check_figures(count, families):
    received = 'vuer_rtc_frames_received_total'
    for expected, labels in ((6, {'mtype': 'crdt', 'result': 'ok'}), (1, {'mtype': 'crdt', 'result': 'forbidden'}),
                             (1, {'mtype': 'heartbeat', 'result': 'ok'}), (1, {'mtype': 'unreadable', 'result': 'bad_frame'})):
        count.check('frames %s' % labels, value(families, received, **labels), expected)
    for name, expected in (('vuer_rtc_connections', 2), ('vuer_rtc_members', 2), ('vuer_rtc_rooms', 1), ('vuer_rtc_ack_seconds_count', 6),
                           ('vuer_rtc_commits_total', 5), ('vuer_rtc_commit_seconds_count', 5), ('vuer_rtc_journal_messages', 5)):
        count.check(name, value(families, name), expected)
    for name in ('vuer_rtc_received_bytes_total', 'vuer_rtc_sent_bytes_total', 'vuer_rtc_journal_bytes', 'process_resident_memory_bytes',
                 'process_cpu_seconds_total', 'process_open_fds', 'process_start_time_seconds', 'vuer_rtc_frames_sent_total'):
        count.check(name + ' is above zero', value(families, name) > 0, True)


def check_access(count, binary):
    with Server(binary, '--metrics-token', SECRET) as server:
        for token, status in ((None, 401), ('x', 401), (SECRET + 'x', 401), (SECRET, 200)):
            count.check('/metrics with %s' % token, scrape(server.port, token)[0], status)


def check(count, args):
    with Server(args.binary) as server:
        families = use(server.port)
        check_table(count, families)
        check_histograms(count, families)
        check_figures(count, families)
        count.check('closed connections', value(scrape(server.port)[1], 'vuer_rtc_closed_total', code='1006'), 2)
    check_access(count, args.binary)


if __name__ == '__main__':
    main(__doc__, check)
