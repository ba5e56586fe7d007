#!/usr/bin/env python3
"""`secrets export`, each format put to the program that it is for.

    exports.py --program target/release/secrets

The values of corpus.py are stored in one project and exported; the consumer must have every one of
them as the very bytes, and nothing else. Formats without a consumer here: `github` and
`powershell` (the unit tests read them by the rules of GitHub's runner and of PowerShell) and
`dotenv` (which is what the other scripts are about).
"""

import argparse
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import corpus  # noqa: E402
import rivals  # noqa: E402
from lab import MAY_BE_MISSING, READERS, TIMEOUT, Lab, finish, nul_separated  # noqa: E402


class Missing(Exception):
    pass


def shell(*command):
    """A shell that takes the text in and hands its environment on."""

    def read(lab, text):
        if shutil.which(command[0]) is None:
            raise Missing
        done = subprocess.run(
            [*command], input=text, env={"PATH": os.environ["PATH"]}, cwd=lab.folder(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
        return nul_separated(done.stdout)

    return read


def jq(_, text):
    if shutil.which("jq") is None:
        raise Missing
    done = subprocess.run(
        ["jq", "-j", r'to_entries[] | "\(.key)=\(.value)\u0000"'], input=text,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
    return nul_separated(done.stdout)


def reader(name):
    """One of the readers of env files."""
    known = next(r for r in READERS if r.id == name)

    def read(lab, text):
        if known not in lab.usable([known]):
            raise Missing
        reading = lab.read(known, [text])[0]
        return reading.vars if reading.error is None and not reading.executed else {}

    return read


EVAL = 'eval "$(cat)"; exec env -0'
CONSUMERS = [
    ("shell", "bash", shell("bash", "--norc", "--noprofile", "-c", EVAL)),
    ("shell", "dash", shell("dash", "-c", EVAL)),
    ("shell", "zsh", shell("zsh", "-f", "-c", EVAL)),
    ("fish", "fish", shell("fish", "--no-config", "-c", "source; exec env -0")),
    ("json", "jq", jq),
    ("docker", "docker", reader("docker")),
    ("systemd", "systemd", reader("systemd")),
]


def fits(form, value):
    """Whether a format can carry a value, as docs/run-and-export.md says."""
    if form == "docker":
        return b"\n" not in value and not value.endswith(b"\r") and len(value) < 60_000
    return True


def stored(program, values):
    """A home in which a project has these values."""
    home = program.home()
    for number, value in enumerate(values):
        # Exit 3: some value has no form in an env file. The vault has it, which is enough here.
        done = program.set(home, os.path.join(home, ".env"), "VALUE_%d" % number, value,
                           secret="value_%d" % number)
        if done.returncode not in (0, 3):
            raise SystemExit("exports: %s" % done.stderr.decode("utf-8", "replace"))
    return home


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="the program to be tested")
    options = parser.parse_args()
    lab = Lab()
    passed = failed = skipped = 0
    try:
        program = rivals.Program(lab, options.program)
        everything = [v.data for v in corpus.values()]
        homes = {}
        for form, name, read in CONSUMERS:
            values = [v for v in everything if fits(form, v)]
            if len(values) not in homes:
                homes[len(values)] = stored(program, values)
            done = program.call(homes[len(values)], ["export", "p", "--format", form])
            if done.returncode != 0:
                failed += 1
                print("FAILED   %s: %s" % (form, done.stderr.decode("utf-8", "replace")[:300]))
                continue
            try:
                # What a shell sets by itself is not ours.
                found, own = read(lab, done.stdout), read(lab, b"{}" if form == "json" else b"")
            except Missing:
                if os.environ.get("SECRETS_TEST_EVERYTHING") and name not in MAY_BE_MISSING:
                    failed += 1
                    print("FAILED   %s is missing" % name)
                else:
                    skipped += len(values)
                    print("SKIPPED  %s is missing" % name)
                continue
            wrong = [n for n, v in enumerate(values) if found.get(b"VALUE_%d" % n) != v]
            more = [n for n in found if not n.startswith(b"VALUE_") and n not in own]
            passed += len(values) - len(wrong)
            failed += len(wrong) + bool(more)
            print("%-8s %-8s %d of %d values are exact%s" % (
                form, name, len(values) - len(wrong), len(values),
                ", and there is more: %r" % more if more else ""))
            for number in wrong[:5]:
                print("FAILED   %s, %s: %r" % (form, name, values[number][:60]))
    finally:
        lab.close()
    finish(passed, failed, skipped)


if __name__ == "__main__":
    main()
