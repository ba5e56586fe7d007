#!/usr/bin/env python3
"""A small writer to develop the harness against: `rules.py ENVFILE KEY`, the value on stdin.

It is not the program. It writes by a short fixed table, chosen by looking at what the core
readers do with each form, and shows what any writer can reach without knowing its readers:

    tests/interop/run --writer 'python3 tests/interop/writers/rules.py'
"""

import os
import re
import stat
import sys
import tempfile

BARE = re.compile(r"[A-Za-z0-9_./:@%+,!*?^\[\]{}-][A-Za-z0-9_./:@%+,!*?^\[\]{}=-]*")
ASSIGNMENT = rb"(?P<lead>(?:export[ \t]+)?%s[ \t]*=[ \t]*)"


def escaped(text, marks):
    return "".join("\\" + c if c in marks else c for c in text)


def one_line(text):
    return text.replace("\n", "\\n").replace("\r", "\\r")


def encode(text):
    if BARE.fullmatch(text):
        return text
    plain = not any(c in text for c in '"`$\\')
    hard = '"\\$' if "$" in text or "\\" in text else '"'
    if "\r" in text:
        return '"%s"' % one_line(escaped(text, hard + "`" if "`" in text else hard))
    if "\n" in text and plain:
        return '"%s"' % one_line(text)
    slashes = len(text) - len(text.rstrip("\\"))
    if "'" not in text and slashes % 2 == 0:
        return "'%s'" % text
    if plain:
        return '"%s"' % text
    marks = '"\\$' if "$" in text else '"\\'
    return '"%s"' % one_line(escaped(text, marks + "`" if "`" in text else marks))


def close(data, at):
    """The end of the value that starts at `at`."""
    end = re.compile(rb"[\r\n]|\Z").search(data, at).start()
    quote = data[at:at + 1]
    if quote in (b"'", b'"', b"`"):
        skip = rb"(?:\\.|[^\\\"])*" if quote == b'"' else rb"[^%s]*" % quote
        found = re.compile(quote + skip + quote, re.S).match(data, at)
        if found is None:
            raise SystemExit("rules: unterminated quote")
        if re.compile(rb"[ \t]*(#[^\r\n]*)?(?=[\r\n]|\Z)").match(data, found.end()):
            return found.end()
    comment = re.compile(rb"[ \t]+#").search(data, at, end)
    if comment and data[at:at + 1] not in (b"'", b'"'):
        end = comment.start()
    return at + len(data[at:end].rstrip(b" \t"))


def patch(data, key, form):
    line = re.compile(rb"[ \t]*(?:%s|(?P<other>(?:export[ \t]+)?[\w.-]+[ \t]*=[ \t]*))"
                      % (ASSIGNMENT % re.escape(key)))
    out, at, last, hits = bytearray(), 0, 0, 0
    if data.startswith(b"\xef\xbb\xbf"):
        at = 3
    while at < len(data):
        found = line.match(data, at)
        if found:
            start = found.end()
            end = close(data, start)
            if found.group("lead") is not None:
                out += data[last:start] + form
                last = end
                hits += 1
            at = end
        after = re.compile(rb"\r\n|\n|\r|\Z").search(data, at)
        at = max(after.end(), at + 1)
    out += data[last:]
    if not hits:
        eol = b"\r\n" if data.count(b"\r\n") * 2 > data.count(b"\n") else b"\n"
        if out and not out.endswith((b"\n", b"\r")):
            out += eol
        out += key + b"=" + form + eol
    return bytes(out)


def main():
    path, key = os.path.realpath(sys.argv[1]), os.fsencode(sys.argv[2])
    value = sys.stdin.buffer.read()
    if b"\0" in value or not re.fullmatch(rb"[A-Za-z_][A-Za-z0-9_]*", key):
        raise SystemExit(2)
    form = encode(value.decode()).encode()
    mode, data = 0o600, b""
    if os.path.exists(path):
        mode = stat.S_IMODE(os.stat(path).st_mode)
        with open(path, "rb") as file:
            data = file.read()
    text = patch(data, key, form)
    if text == data:
        return
    handle, name = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    os.chmod(name, mode)
    os.rename(name, path)


if __name__ == "__main__":
    main()
