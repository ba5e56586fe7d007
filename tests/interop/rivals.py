"""The writers: the program under test, a command of one's own, and the rivals.

A writer takes jobs (value, text before, readers named or None) and returns for each an Outcome.
"""

import collections
import json
import os
import re
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import lab as lab_module
from lab import BEFORE, JOBS, KEY, LAB, SYSTEM_PATH

HERE = os.path.dirname(os.path.abspath(__file__))

# status: written; refused (nothing written, said so); half (the program's exit 3: in the vault,
# not in the file); broken (anything else). `after`: the bytes of the file.
Outcome = collections.namedtuple("Outcome", "status after note")

DESCRIPTIONS = ["Interop test value for readers", "Interoperability", "Wholesomeness",
                "Quadruplicating", "JUXTAPOSITIONAL"]


def put(folder, data):
    path = os.path.join(folder, ".env")
    with open(path, "wb") as out:
        out.write(data)
    return path


class Program:
    """`secrets set`, each value with a fresh copy of one new vault."""

    def __init__(self, lab, binary):
        self.lab = lab
        self.binary = os.path.abspath(binary)
        self.template = lab.folder()
        done = self.call(self.template, ["init"])
        if done.returncode != 0:
            raise SystemExit("interop: `secrets init` failed (%d): %s" % (
                done.returncode, done.stderr.decode("utf-8", "replace")[-500:]))
        config = os.path.join(self.template, "config.toml")
        self.config = lab_module.slurp(config).decode()

    def call(self, home, arguments, value=None):
        env = {"PATH": SYSTEM_PATH, "HOME": home, "LANG": "C.UTF-8",
               "SECRETS_STATE": os.path.join(home, "state")}
        return subprocess.run(
            [self.binary, "--vault", os.path.join(home, "vault"),
             "--identity", os.path.join(home, "identity.txt"),
             "--config", os.path.join(home, "config.toml"), *arguments],
            input=value if value is not None else b"", env=env, cwd=home,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=lab_module.TIMEOUT)

    def home(self):
        """A copy of the template."""
        home = self.lab.folder()
        shutil.copytree(self.template, home, dirs_exist_ok=True, symlinks=True)
        return home

    def set(self, home, path, key, value, readers=None, link=True, secret="some_key"):
        """`secrets set` on the env file `path`; the finished process."""
        named = "" if readers is None else "readers = %s\n" % json.dumps(readers)
        with open(os.path.join(home, "config.toml"), "w") as out:
            out.write(self.config)
            if named or link:
                out.write("\n[projects.p]\nenv_file = %s\n%s" % (json.dumps(path), named))
        return self.call(home, [
            "set", "project/p/" + secret, "-d", describe(value), "--env-file", path,
            "--env-name", key, "--exact", "--force"], value)

    def one(self, value, readers):
        home = self.home()
        project = os.path.join(home, "project")
        os.mkdir(project)
        path = put(project, BEFORE)
        try:
            done = self.set(home, path, KEY, value, readers)
            after = lab_module.slurp(path)
            left = sorted(set(os.listdir(project)) - {".env"})
        except subprocess.TimeoutExpired:
            return Outcome("broken", BEFORE, "timeout")
        finally:
            shutil.rmtree(home, ignore_errors=True)
        note = done.stderr.decode("utf-8", "replace").strip().replace("\n", " / ")[:300]
        if done.returncode == 0:
            status = "written"
        elif after != BEFORE:
            return Outcome("broken", after, "exit %d, and the file changed" % done.returncode)
        else:
            status = {2: "refused", 3: "half"}.get(done.returncode, "broken")
        if left:
            return Outcome("broken", after, "left behind: %s" % left)
        return Outcome(status, after, "exit %d: %s" % (done.returncode, note))

    def write(self, values, readers=None):
        with ThreadPoolExecutor(JOBS) as pool:
            return list(pool.map(lambda value: self.one(value, readers), values))


def describe(value):
    """A description that does not contain the value: the program refuses one that does."""
    text = value.decode("utf-8", "replace").casefold()
    for description in DESCRIPTIONS:
        if text not in description.casefold():
            return description
    return DESCRIPTIONS[0]


class Command:
    """Any command: CMD ENVFILE KEY, the value on stdin."""

    def __init__(self, lab, command):
        self.lab, self.command = lab, command

    def call(self, path, key, value):
        env = dict(os.environ, PATH=lab_module.node_path(), SECRETS_INTEROP_LAB=LAB)
        return subprocess.run(["sh", "-c", self.command + ' "$1" "$2"', "sh", path, key],
                              input=value, env=env, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=lab_module.TIMEOUT)

    def write(self, values):
        def one(value):
            folder = self.lab.folder()
            path = put(folder, BEFORE)
            done = self.call(path, KEY, value)
            after = lab_module.slurp(path)
            shutil.rmtree(folder, ignore_errors=True)
            status = "written" if done.returncode == 0 else "refused"
            return Outcome(status, after, done.stderr.decode("utf-8", "replace")[-300:])

        with ThreadPoolExecutor(JOBS) as pool:
            return list(pool.map(one, values))


class Batch:
    """A rival that is handed all jobs in one process."""

    def __init__(self, lab, command):
        self.lab, self.command = lab, command

    def write(self, values):
        folders = [self.lab.folder() for _ in values]
        paths = [put(folder, BEFORE) for folder in folders]
        jobs = [{"path": p, "key": KEY, "value": v.hex()} for p, v in zip(paths, values)]
        home = self.lab.folder()
        done = subprocess.run(
            self.command, input=json.dumps(jobs).encode(), cwd=home,
            env={"PATH": lab_module.node_path(), "HOME": home, "LANG": "C.UTF-8",
                 "INTEROP_NPM": os.path.join(LAB, "npm", "node_modules")},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=lab_module.TIMEOUT * 5)
        answers = done.stdout.decode("utf-8", "replace").splitlines()
        if len(answers) != len(jobs):
            raise OSError(done.stderr.decode("utf-8", "replace").strip()[-200:] or "no answer")
        outcomes = []
        for folder, path, answer in zip(folders, paths, answers):
            status = "written" if answer == "ok" else "refused"
            outcomes.append(Outcome(status, lab_module.slurp(path), answer))
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
        return outcomes


class Habit:
    """What people do by hand: replace the line by KEY= and some quoting."""

    def __init__(self, quote):
        self.quote = quote

    def write(self, values):
        line = re.compile("(?m)^%s=.*$" % re.escape(KEY))
        return [Outcome("written", line.sub(
            lambda _, value=value: KEY + "=" + self.quote(value.decode()),
            BEFORE.decode()).encode(), "") for value in values]


def rivals(lab):
    """Name, what it is, and the writer."""
    npm = lambda which: Batch(lab, ["node", os.path.join(HERE, "writers", "npm.cjs"), which])
    return [
        ("dotenvx set --plain", npm("dotenvx-set")),
        ("python-dotenv set_key", Batch(lab, [
            os.path.join(LAB, "venv", "bin", "python"),
            os.path.join(HERE, "writers", "set_key.py")])),
        ("npm dotenv-stringify", npm("dotenv-stringify")),
        ("npm edit-dotenv", npm("edit-dotenv")),
        ("`KEY=value`, nothing quoted", Habit(lambda text: text)),
        ("Python shlex.quote", Habit(shlex.quote)),
        ("JSON string", Habit(lambda text: json.dumps(text, ensure_ascii=False))),
    ]
