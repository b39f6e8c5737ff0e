#!/usr/bin/env python3
"""The steps of the Dockerfile without an engine: python3 deploy/try.py [--binary SERVER] [--counts FILE]

Files are copied from the repository into a clean folder that stands for the image, RUN steps are carried out there, the entry
point is started as a user without rights (when this runs as root) and must become healthy and end well. What only an engine
can do (packages, users) is compared with this machine: the packages must be known and installed. The systemd unit must start
the same binary with flags that it knows. --binary spares the build."""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HERE = os.path.join(ROOT, 'deploy')


def steps():
    """[(instruction, rest)] of the Dockerfile."""
    with open(os.path.join(HERE, 'Dockerfile'), encoding='utf-8') as file:
        return [tuple(line.strip().split(' ', 1)) for line in file if line.strip() and not line.startswith('#')]


def packages(command):
    found = re.search(r'apt-get install -y --no-install-recommends ([^&]+)', command)
    return found[1].split() if found else []


def is_installed(package):
    said = subprocess.run(['dpkg-query', '-W', '-f=${Status}', package], capture_output=True, text=True).stdout
    return said == 'install ok installed'


class Image:
    """A folder for each stage; `/` of a stage is its folder."""

    def __init__(self, folder, binary):
        self.folder, self.binary, self.stage, self.stages = folder, binary, None, {}
        self.workdir, self.start, self.arguments, self.health, self.user = '/', [], [], [], 0
        self.verdicts = []

    def inside(self, path, stage=None):
        return os.path.join(self.stages[stage] if stage else self.stage, os.path.join(self.workdir, path).lstrip('/'))

    def note(self, name, good):
        self.verdicts.append(good)
        if not good:
            print('FAILED ' + name)

    def do(self, instruction, rest):
        act = getattr(self, 'do_' + instruction.lower(), None)
        if act is None:
            self.note('unknown instruction ' + instruction, False)
        else:
            act(rest)

    def do_from(self, rest):
        name = rest.split(' AS ')[1] if ' AS ' in rest else 'last'
        self.stage = self.stages[name] = os.path.join(self.folder, name)
        self.workdir = '/'
        os.makedirs(self.stage)

    def do_workdir(self, rest):
        self.workdir = rest
        os.makedirs(self.inside('.'), exist_ok=True)

    def do_copy(self, rest):
        words = rest.split()
        source = None
        if words[0].startswith('--from='):
            source = words.pop(0)[len('--from='):]
        *names, target = words
        for name in names:
            origin = os.path.join(self.stages[source], name.lstrip('/')) if source else os.path.join(ROOT, name)
            place = self.inside(target)
            if os.path.isdir(origin):
                shutil.copytree(origin, place)
            else:
                place = os.path.join(place, os.path.basename(name)) if target.endswith('/') else place
                os.makedirs(os.path.dirname(place), exist_ok=True)
                shutil.copy(origin, place)

    def do_run(self, rest):
        if packages(rest):
            for package in packages(rest):
                self.note('the package ' + package, is_installed(package))
        elif rest.startswith('install -d'):
            os.makedirs(self.inside(rest.split()[-1]), exist_ok=True)
        elif not rest.startswith('useradd'):
            self.build(rest)

    def build(self, command):
        """A step of the build; with a binary that is there already it only stands in its place."""
        if self.binary:
            place = self.inside('build/server/vuer-rtc-server')
            os.makedirs(os.path.dirname(place), exist_ok=True)
            shutil.copy(self.binary, place)
            return
        done = subprocess.run(command, shell=True, cwd=self.inside('.'), capture_output=True, text=True)
        self.note(command, done.returncode == 0)
        if done.returncode != 0:
            print(done.stdout[-3000:] + done.stderr[-3000:])

    def do_user(self, rest):
        self.user = int(rest)

    def do_healthcheck(self, rest):
        self.health = json.loads(rest[rest.index('['):])

    def do_entrypoint(self, rest):
        self.start = json.loads(rest)

    def do_cmd(self, rest):
        self.arguments = json.loads(rest)

    def do_volume(self, rest):
        self.note('the volume is the place of the database', 'sqlite:%s/' % rest in ' '.join(self.all_arguments()))

    def do_expose(self, rest):
        self.note('the port of the health check', self.health_port() == rest)

    def health_port(self):
        return json.loads(next(rest for name, rest in steps() if name == 'HEALTHCHECK').split('CMD ')[1])[1]

    def all_arguments(self):
        return next(json.loads(rest) for name, rest in steps() if name == 'CMD')

    def run(self):
        """Starts it as an engine would, asks for its health, stops it."""
        port = free_port()
        program = self.inside('/usr/local/bin/' + self.start[0])
        arguments = [word.replace('sqlite:/', 'sqlite:' + self.stage + '/') for word in self.arguments]
        os.chmod(self.folder, 0o755)
        if os.getuid() == 0:
            os.chown(self.inside('/data'), self.user, self.user)
        env = {'PATH': os.environ['PATH'], 'VUER_RTC_PORT': str(port), 'VUER_RTC_ALLOW_ANONYMOUS': '1'}
        child = subprocess.Popen([program, *arguments], cwd=self.inside('.'), env=env, user=self.user if os.getuid() == 0 else None,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.note('it becomes healthy', any(self.is_healthy(port) or time.sleep(0.1) for _ in range(50)))
        self.note('its database is on the volume', os.path.exists(self.inside('/data/vuer-rtc.db')))
        child.send_signal(signal.SIGTERM)
        self.note('it ends well within 10 s', child.wait(timeout=10) == 0)
        self.note('nobody is healthy behind it', not self.is_healthy(port))

    def is_healthy(self, port):
        check = self.inside('/usr/local/bin/' + self.health[0])
        return subprocess.run([check, str(port)], capture_output=True).returncode == 0


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def check_unit(image):
    with open(os.path.join(HERE, 'vuer-rtc-server.service'), encoding='utf-8') as file:
        settings = dict(re.findall(r'^(\w+)=(.*)$', file.read(), re.MULTILINE))
    words = settings['ExecStart'].split()
    image.note('the unit starts the binary of the image', os.path.exists(image.inside(words[0])))
    state = '/var/lib/' + settings['StateDirectory'] + '/'
    image.note('its database is in its state directory', any('sqlite:' + state in word for word in words))
    flags = [word.replace(state, image.folder + '/') for word in words[1:]]
    known = subprocess.run([image.inside(words[0]), *flags, '--version'], capture_output=True)
    image.note('it knows the flags', known.returncode == 0)
    verify_unit(image, words[0])


def verify_unit(image, program):
    """systemd's own opinion, where it is installed."""
    if shutil.which('systemd-analyze') is None:
        print('systemd-analyze is not installed: the unit was not verified')
        return
    copy = os.path.join(image.folder, 'vuer-rtc-server.service')
    with open(os.path.join(HERE, 'vuer-rtc-server.service'), encoding='utf-8') as file, open(copy, 'w', encoding='utf-8') as out:
        out.write(file.read().replace(program, image.inside(program)))
    said = subprocess.run(['systemd-analyze', 'verify', '--man=no', copy], capture_output=True, text=True)
    image.note('systemd takes the unit: ' + said.stderr, said.returncode == 0 and 'vuer-rtc' not in said.stderr)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument('--binary')
    args.add_argument('--counts')
    args = args.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        image = Image(folder, args.binary)
        for instruction, rest in steps():
            image.do(instruction, rest)
        if all(image.verdicts):
            image.run()
            check_unit(image)
    failed = image.verdicts.count(False)
    print('%d passed, %d failed' % (image.verdicts.count(True), failed))
    if args.counts:
        with open(args.counts, 'w', encoding='utf-8') as out:
            json.dump({'passed': image.verdicts.count(True), 'failed': failed}, out)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
