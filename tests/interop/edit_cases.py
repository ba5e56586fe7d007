#!/usr/bin/env python3
"""Edits of whole files: what `secrets set` may change in them, and what not.

    edit_cases.py --program target/release/secrets
    edit_cases.py --writer 'CMD'        CMD ENVFILE KEY, the value on stdin
    edit_cases.py --list

Each case is a file, a variable, a value and the files that may come out of it. Judged: every byte
outside the assignment, mode, owner, links, nothing left behind beside the file, and that the core
readers installed here find the new value and everything else as before.
"""

import argparse
import os
import re
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import lab as lab_module  # noqa: E402
import rivals as writers  # noqa: E402
from lab import EXACT, READERS, Lab, finish, slurp  # noqa: E402

lab_module.TIMEOUT = 30

KEY = "API_TOKEN"
NEW = b"new-value-2"
BOM = b"\xef\xbb\xbf"
ALL = "all"

CASES = []


def case(name, before, *after, key=KEY, value=NEW, readers=ALL, but=(), **more):
    """One case. In `after`, @V@ stands for the value as this program writes it: for a plain value
    bare or in quotes of either kind, for any other whatever the readers take for it. No `after`:
    the edit must be refused and the file left alone.

    readers: who must read the result rightly; but: who need not, although named.
    more: may_refuse, mode, owner, link ("relative", "absolute", "chain", "hard"), place ("fifo",
    "directory"), same (nothing may be written at all), new_mode.
    """
    assert name not in {c["name"] for c in CASES}, name
    CASES.append(dict(name=name, before=before, after=after, key=key, value=value,
                      readers=readers, but=but, **more))


PEM_LINES = b"".join(b"QUJD%02d\n" % i for i in range(6))
FENCE = b"-----"
BLOCK = FENCE + b"BEGIN THING" + FENCE + b"\n" + PEM_LINES + FENCE + b"END THING" + FENCE

# ---- the plain edits
case("replaces in the middle", b"A=1\nAPI_TOKEN=old\nB=2\n", b"A=1\nAPI_TOKEN=@V@\nB=2\n")
case("replaces on the first line", b"API_TOKEN=old\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("replaces on the last line", b"A=1\nAPI_TOKEN=old\n", b"A=1\nAPI_TOKEN=@V@\n")
case("the only line, without its newline", b"API_TOKEN=old", b"API_TOKEN=@V@")
case("the last line, without its newline", b"A=1\nAPI_TOKEN=old", b"A=1\nAPI_TOKEN=@V@")
case("appends", b"A=1\nB=2\n", b"A=1\nB=2\nAPI_TOKEN=@V@\n")
case("appends after a missing newline", b"A=1\nB=2", b"A=1\nB=2\nAPI_TOKEN=@V@\n")
case("appends after a quoted value without newline", b"A='x y'", b"A='x y'\nAPI_TOKEN=@V@\n")
case("appends after a comment without newline", b"A=1\n# end", b"A=1\n# end\nAPI_TOKEN=@V@\n")
case("appends after empty lines", b"A=1\n\n\n", b"A=1\n\n\nAPI_TOKEN=@V@\n")
case("an empty file", b"", b"API_TOKEN=@V@\n")
case("a new file", None, b"API_TOKEN=@V@\n", new_mode=0o600)
case("a file of comments", b"# one\n# two\n", b"# one\n# two\nAPI_TOKEN=@V@\n")
case("a file of one newline", b"\n", b"\nAPI_TOKEN=@V@\n")
case("already there, bare", b"A=1\nAPI_TOKEN=new-value-2\nB=2\n",
     b"A=1\nAPI_TOKEN=new-value-2\nB=2\n", same=True)
case("already there, quoted", b"A=1\nAPI_TOKEN='new value'\n", b"A=1\nAPI_TOKEN='new value'\n",
     b"A=1\nAPI_TOKEN=\"new value\"\n", value=b"new value")

# ---- names that only look alike
case("longer and shorter names stay", b"API_TOKEN_2=x\nMY_API_TOKEN=y\nAPI=z\n",
     b"API_TOKEN_2=x\nMY_API_TOKEN=y\nAPI=z\nAPI_TOKEN=@V@\n")
case("other capitals are another name", b"api_token=x\nApi_Token=y\n",
     b"api_token=x\nApi_Token=y\nAPI_TOKEN=@V@\n")
case("the name in another's value", b"A=API_TOKEN=x\nB=\"API_TOKEN=y\"\n",
     b"A=API_TOKEN=x\nB=\"API_TOKEN=y\"\nAPI_TOKEN=@V@\n")
case("a lower case name", b"api_token=old\nB=2\n", b"api_token=@V@\nB=2\n", key="api_token")
case("a name with a leading underscore", b"_T=old\n", b"_T=@V@\n", key="_T")

# ---- comments
case("a commented assignment stays", b"#API_TOKEN=a\n# API_TOKEN=b\nB=2\n",
     b"#API_TOKEN=a\n# API_TOKEN=b\nB=2\nAPI_TOKEN=@V@\n")
case("a commented one beside the live one", b"# API_TOKEN=a\nAPI_TOKEN=old\n  # API_TOKEN=c\n",
     b"# API_TOKEN=a\nAPI_TOKEN=@V@\n  # API_TOKEN=c\n")
case("a comment after a bare value", b"API_TOKEN=old # note\nB=2\n", b"API_TOKEN=@V@ # note\nB=2\n")
case("a comment after many blanks", b"API_TOKEN=old \t  # note\n", b"API_TOKEN=@V@ \t  # note\n",
     but=("node",))
case("a comment after '..'", b"API_TOKEN='o d' # note\nB=2\n", b"API_TOKEN=@V@ # note\nB=2\n")
case("a comment after \"..\"", b"API_TOKEN=\"o d\" # note\nB=2\n", b"API_TOKEN=@V@ # note\nB=2\n")
case("a comment with an apostrophe", b"API_TOKEN='old' # don't\nB='x'\n",
     b"API_TOKEN=@V@ # don't\nB='x'\n")
case("a comment with an equals sign", b"API_TOKEN=old # see A=1\nB=2\n",
     b"API_TOKEN=@V@ # see A=1\nB=2\n")
case("a hash in a bare value is the value", b"API_TOKEN=old#tail\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("a hash in a quoted value is the value", b"API_TOKEN=\"o # d\"\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("a comment line with quotes before", b"# it's \"quoted\nAPI_TOKEN=old\n",
     b"# it's \"quoted\nAPI_TOKEN=@V@\n")
case("an empty value before a comment", b"API_TOKEN= # note\nB=2\n", b"API_TOKEN=@V@ # note\nB=2\n",
     b"API_TOKEN= @V@ # note\nB=2\n", readers=("npm-dotenv", "python-dotenv", "dotenvy", "node"),
     may_refuse=True)

# ---- what stands around the name
case("export stays", b"export API_TOKEN=old\nexport B=2\n", b"export API_TOKEN=@V@\nexport B=2\n")
case("export is not added", b"export A=1\n", b"export A=1\nAPI_TOKEN=@V@\n")
case("export with two blanks", b"export  API_TOKEN=old\nB=2\n", b"export  API_TOKEN=@V@\nB=2\n",
     but=("node",))
case("export with a tab", b"export\tAPI_TOKEN=old\nB=2\n", b"export\tAPI_TOKEN=@V@\nB=2\n",
     but=("node",))
case("an indented line", b"A=1\n  API_TOKEN=old\n", b"A=1\n  API_TOKEN=@V@\n")
case("a line indented by a tab", b"\tAPI_TOKEN=old\nB=2\n", b"\tAPI_TOKEN=@V@\nB=2\n",
     but=("node",))
case("blanks around the equals sign", b"API_TOKEN = old\nB=2\n", b"API_TOKEN = @V@\nB=2\n",
     b"API_TOKEN=@V@\nB=2\n", but=("bash",))
case("blanks before the equals sign", b"API_TOKEN  =old\nB=2\n", b"API_TOKEN  =@V@\nB=2\n",
     b"API_TOKEN=@V@\nB=2\n", but=("bash",))
case("blanks after the value", b"API_TOKEN=old   \nB=2\n", b"API_TOKEN=@V@   \nB=2\n",
     b"API_TOKEN=@V@\nB=2\n")
case("a variable named export", b"export=1\nAPI_TOKEN=old\n", b"export=1\nAPI_TOKEN=@V@\n",
     readers=("npm-dotenv", "bash"))

# ---- old values of every kind
case("an empty old value", b"API_TOKEN=\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("an empty old '..'", b"API_TOKEN=''\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("an empty old \"..\"", b"API_TOKEN=\"\"\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("an old value with escaped quotes", b"API_TOKEN=\"a\\\"b\"\nB=\"x\"\n",
     b"API_TOKEN=@V@\nB=\"x\"\n")
case("an old value that ends in an escaped backslash", b"API_TOKEN=\"a\\\\\"\nB=\"x\"\n",
     b"API_TOKEN=@V@\nB=\"x\"\n")
case("an old value of several lines", b"A=1\nAPI_TOKEN=\"one\ntwo\nthree\"\nB=2\n",
     b"A=1\nAPI_TOKEN=@V@\nB=2\n")
case("an old '..' of several lines", b"API_TOKEN='one\nB=fake\nthree' # note\nB=2\n",
     b"API_TOKEN=@V@ # note\nB=2\n", readers=("npm-dotenv", "python-dotenv", "compose", "dotenvy",
                                             "bash", "node", "godotenv", "dotenvx"))
case("an old PEM block", b"API_TOKEN=\"" + BLOCK + b"\"\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("an old value with \\n in it", b"API_TOKEN=\"one\\ntwo\"\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("an old bare value with an apostrophe", b"API_TOKEN=don't\nB=it's\n",
     b"API_TOKEN=@V@\nB=it's\n", readers=("npm-dotenv", "python-dotenv", "compose", "node"))
case("an old JSON value", b"API_TOKEN={\"a\":\"b c\"}\nB=2\n", b"API_TOKEN=@V@\nB=2\n",
     readers=("npm-dotenv", "python-dotenv", "node"))

# ---- duplicates
case("duplicates both get it", b"API_TOKEN=a\nB=2\nAPI_TOKEN=b\n",
     b"API_TOKEN=@V@\nB=2\nAPI_TOKEN=@V@\n")
case("three duplicates, three forms", b"API_TOKEN=a\nexport API_TOKEN='b'\nAPI_TOKEN=\"c\" # d\n",
     b"API_TOKEN=@V@\nexport API_TOKEN=@V@\nAPI_TOKEN=@V@ # d\n")
case("a duplicate that has it already", b"API_TOKEN=new-value-2\nB=2\nAPI_TOKEN=b\n",
     b"API_TOKEN=@V@\nB=2\nAPI_TOKEN=@V@\n")

# ---- neighbours of several lines
case("a PEM block before", b"PEM=\"" + BLOCK + b"\"\nAPI_TOKEN=old\n",
     b"PEM=\"" + BLOCK + b"\"\nAPI_TOKEN=@V@\n")
case("a PEM block after", b"API_TOKEN=old\nPEM='" + BLOCK + b"'\nB=2\n",
     b"API_TOKEN=@V@\nPEM='" + BLOCK + b"'\nB=2\n")
case("a line like the key inside \"..\"", b"NOTE=\"one\nAPI_TOKEN=fake\ntwo\"\nAPI_TOKEN=old\n",
     b"NOTE=\"one\nAPI_TOKEN=fake\ntwo\"\nAPI_TOKEN=@V@\n", but=("direnv",))
case("a line like the key inside '..'", b"NOTE='one\nAPI_TOKEN=fake\ntwo'\nAPI_TOKEN=old\n",
     b"NOTE='one\nAPI_TOKEN=fake\ntwo'\nAPI_TOKEN=@V@\n", but=("direnv",))
case("the key only inside another value", b"NOTE='one\nAPI_TOKEN=fake\ntwo'\nB=2\n",
     b"NOTE='one\nAPI_TOKEN=fake\ntwo'\nB=2\nAPI_TOKEN=@V@\n", but=("ruby-dotenv", "direnv"))
case("an escaped quote inside a block", b"NOTE=\"one \\\"\nAPI_TOKEN=fake\n\"\nAPI_TOKEN=old\n",
     b"NOTE=\"one \\\"\nAPI_TOKEN=fake\n\"\nAPI_TOKEN=@V@\n",
     readers=("python-dotenv", "compose", "dotenvy", "bash"), may_refuse=True)
case("a line like the key inside backticks", b"NOTE=`one\nAPI_TOKEN=fake\ntwo`\nAPI_TOKEN=old\n",
     b"NOTE=`one\nAPI_TOKEN=fake\ntwo`\nAPI_TOKEN=@V@\n", readers=("npm-dotenv", "node"),
     may_refuse=True)

# ---- lines that nobody understands
case("an unterminated quote before", b"A=\"open\nAPI_TOKEN=old\nB=2\n",
     b"A=\"open\nAPI_TOKEN=@V@\nB=2\n", readers=("npm-dotenv", "python-dotenv"), may_refuse=True)
case("an unterminated quote of its own", b"API_TOKEN=\"open\nB=2\n", b"API_TOKEN=@V@\nB=2\n",
     may_refuse=True)
case("a backslash before the closing quote", b"P='C:\\dir\\'\nAPI_TOKEN=old\n",
     b"P='C:\\dir\\'\nAPI_TOKEN=@V@\n", readers=("npm-dotenv", "bash", "node"), may_refuse=True)
case("a quote for which a backslash has kept another open", b"P='C:\\dir\\'\nAPI_TOKEN=old\nB=2\n",
     value=b"two words")
case("a backtick behind one that nothing closes", b"P=`x\nAPI_TOKEN=old\nB=2\n", value=b"a`b")
case("a quote behind a line that begins with one", b"' note\nAPI_TOKEN=old\nB=2\n",
     value=b"two words")
case("text after a closing quote", b"A='x'y\nAPI_TOKEN=old\n", b"A='x'y\nAPI_TOKEN=@V@\n",
     readers=("npm-dotenv",), may_refuse=True)
case("two assignments on one line", b"A=1 API_TOKEN=old\nB=2\n",
     b"A=1 API_TOKEN=old\nB=2\nAPI_TOKEN=@V@\n", readers=("npm-dotenv", "node"), may_refuse=True)
case("lines without an equals sign", b"just words\nAPI_TOKEN=old\n[section]\n",
     b"just words\nAPI_TOKEN=@V@\n[section]\n", readers=("npm-dotenv",), may_refuse=True)
case("lines of YAML", b"a: b\n- c\nAPI_TOKEN=old\n", b"a: b\n- c\nAPI_TOKEN=@V@\n", readers=(),
     may_refuse=True)
case("a shell script's lines", b"source ./other\nAPI_TOKEN=old\n[ -n \"$X\" ] && Y=1\n",
     b"source ./other\nAPI_TOKEN=@V@\n[ -n \"$X\" ] && Y=1\n", readers=(), may_refuse=True)

# ---- line ends and bytes
case("CRLF", b"A=1\r\nAPI_TOKEN=old\r\nB=2\r\n", b"A=1\r\nAPI_TOKEN=@V@\r\nB=2\r\n", but=("bash",))
case("CRLF, appended", b"A=1\r\nB=2\r\n", b"A=1\r\nB=2\r\nAPI_TOKEN=@V@\r\n", but=("bash",))
case("CRLF, appended after a missing one", b"A=1\r\nB=2", b"A=1\r\nB=2\r\nAPI_TOKEN=@V@\r\n",
     but=("bash",))
case("CRLF with quotes and a comment", b"A='1'\r\nAPI_TOKEN=\"old\" # n\r\nB=2\r\n",
     b"A='1'\r\nAPI_TOKEN=@V@ # n\r\nB=2\r\n", but=("bash", "ruby-dotenv", "direnv"))
case("CRLF and an old value of several lines", b"API_TOKEN=\"one\r\ntwo\"\r\nB=2\r\n",
     b"API_TOKEN=@V@\r\nB=2\r\n", but=("bash",))
case("mixed line ends stay mixed", b"A=1\r\nAPI_TOKEN=old\nB=2\r\n",
     b"A=1\r\nAPI_TOKEN=@V@\nB=2\r\n", but=("bash",))
case("mixed line ends, appended", b"A=1\r\nB=2\r\nC=3\n", b"A=1\r\nB=2\r\nC=3\nAPI_TOKEN=@V@\r\n",
     b"A=1\r\nB=2\r\nC=3\nAPI_TOKEN=@V@\n", but=("bash",))
case("CR alone", b"A=1\rAPI_TOKEN=old\rB=2\r", b"A=1\rAPI_TOKEN=@V@\rB=2\r", readers=(),
     may_refuse=True)
case("a byte order mark before another", BOM + b"A=1\nAPI_TOKEN=old\n", BOM + b"A=1\nAPI_TOKEN=@V@\n",
     but=("bash", "node", "godotenv", "direnv"))
case("a byte order mark before the key", BOM + b"API_TOKEN=old\nB=2\n",
     BOM + b"API_TOKEN=@V@\nB=2\n", but=("bash", "node", "godotenv", "direnv"))
case("only a byte order mark", BOM, BOM + b"API_TOKEN=@V@\n", readers=(), may_refuse=True)
case("a comment that is not UTF-8", b"# caf\xe9\nAPI_TOKEN=old\nB=2\n",
     b"# caf\xe9\nAPI_TOKEN=@V@\nB=2\n", but=("python-dotenv", "dotenvy", "ruby-dotenv"))
case("a neighbour that is not UTF-8", b"A=\xff\xfe\nAPI_TOKEN=old\n", b"A=\xff\xfe\nAPI_TOKEN=@V@\n",
     readers=("bash",))
case("an old value that is not UTF-8", b"API_TOKEN=\xff\xfe\nB=2\n", b"API_TOKEN=@V@\nB=2\n")
case("NUL in a comment", b"# a\0b\nAPI_TOKEN=old\n", b"# a\0b\nAPI_TOKEN=@V@\n", readers=(),
     may_refuse=True)
case("form feeds and odd blanks", b"\x0c\nA=1\n\t \nAPI_TOKEN=old\n",
     b"\x0c\nA=1\n\t \nAPI_TOKEN=@V@\n", readers=("npm-dotenv",), may_refuse=True)
case("letters of every kind around it", "# \u65e5\u672c \U0001f511\nA=\u00fc\n".encode()
     + b"API_TOKEN=old\n", "# \u65e5\u672c \U0001f511\nA=\u00fc\n".encode() + b"API_TOKEN=@V@\n")
case("ten thousand lines", b"".join(b"V%d=x%d\n" % (i, i) for i in range(10000)) + b"API_TOKEN=old\n",
     b"".join(b"V%d=x%d\n" % (i, i) for i in range(10000)) + b"API_TOKEN=@V@\n",
     readers=("npm-dotenv", "python-dotenv"))
case("a neighbour of 200 kB", b"A=" + b"x" * 200000 + b"\nAPI_TOKEN=old\n",
     b"A=" + b"x" * 200000 + b"\nAPI_TOKEN=@V@\n", readers=("python-dotenv", "godotenv"))
case("a hundred thousand quotes", b"# " + b"'\"" * 50000 + b"\nAPI_TOKEN=old\n",
     b"# " + b"'\"" * 50000 + b"\nAPI_TOKEN=@V@\n", readers=())

# ---- new values that need care, in a file with neighbours
AROUND = (b"A='x y' # note\nAPI_TOKEN=old # keep\nB=\"z\"\n",
          b"A='x y' # note\nAPI_TOKEN=@V@ # keep\nB=\"z\"\n")
case("a new value with blanks", *AROUND, value=b"two words")
case("a new value with a hash", *AROUND, value=b"a #b")
case("a new value with an apostrophe", *AROUND, value=b"it's")
case("a new value with double quotes", *AROUND, value=b'say "hi"')
case("a new value with a dollar", *AROUND, value=b"pa$$word")
case("a new value with backslashes", *AROUND, value=b"C:\\new\\table")
case("a new value with a newline", b"API_TOKEN=old\nB=2\n", b"API_TOKEN=@V@\nB=2\n",
     value=b"one\ntwo", but=("bash",))
case("a new value with a final newline, appended", b"A=1\n", b"A=1\nAPI_TOKEN=@V@\n",
     value=b"one\n", but=("bash",))
case("a new value that looks like the next line", b"API_TOKEN=old\nB=2\n",
     b"API_TOKEN=@V@\nB=2\n", value=b"x\nB=3", but=("bash",))
case("a long new value", b"API_TOKEN=old\nB=2\n", b"API_TOKEN=@V@\nB=2\n", value=b"k" * 100000)
case("a quoted old value, a bare new one", b"API_TOKEN='o d'\nB=2\n", b"API_TOKEN=@V@\nB=2\n")

# ---- the file itself
BASIC = (b"A=1\nAPI_TOKEN=old\nB=2\n", b"A=1\nAPI_TOKEN=@V@\nB=2\n")
for bits in (0o600, 0o640, 0o644, 0o664, 0o400):
    case("mode %o stays" % bits, *BASIC, mode=bits)
case("the owner stays", *BASIC, owner=True)
case("a relative link stays a link", *BASIC, link="relative")
case("an absolute link stays a link", *BASIC, link="absolute")
case("a link to a link stays", *BASIC, link="chain")
case("a link stays a link when appending", b"A=1\n", b"A=1\nAPI_TOKEN=@V@\n", link="relative")
case("a hard link stays one file", *BASIC, link="hard")

# ---- refusals
case("a value with NUL", BASIC[0], value=b"a\0b")
case("a value that is not UTF-8", BASIC[0], value=b"a\xff\xfeb")
case("an empty value", BASIC[0], value=b"")
case("a value with NUL, new file", None, value=b"a\0b")
for bad in ("API-TOKEN", "2FA", "API TOKEN", "API=TOKEN", "", "A\nB", "API.TOKEN", "T\u00f6KEN"):
    case("the name %r" % bad, BASIC[0], key=bad)
case("the env file is a directory", None, place="directory")
case("the env file is a pipe", None, place="fifo")


def plain_forms(value):
    return [value, b"'" + value + b"'", b'"' + value + b'"']


def matches(case, template, after):
    """Is `after` the template with the value, in one form for all places?"""
    parts = template.split(b"@V@")
    if len(parts) == 1:
        return after == template
    if re.fullmatch(rb"[A-Za-z0-9._-]+", case["value"]):
        return any(after == form.join(parts) for form in plain_forms(case["value"]))
    pattern = re.escape(parts[0]) + b"(?P<form>.+)" + re.escape(parts[1])
    for part in parts[2:]:
        pattern += b"(?P=form)" + re.escape(part)
    return re.fullmatch(pattern, after, re.S) is not None


class Scene:
    """The folder of one case: `env/.env`, and what lies behind a link."""

    def __init__(self, root, case):
        self.case = case
        self.folder = os.path.join(root, "env")
        os.mkdir(self.folder)
        self.path = self.real = os.path.join(self.folder, ".env")
        self.other = None
        self.middle = None
        link = case.get("link")
        if link in ("relative", "absolute", "chain"):
            store = os.path.join(root, "store")
            os.mkdir(store)
            self.real = os.path.join(store, "real.env")
            if link == "chain":
                self.middle = os.path.join(store, "middle.env")
                os.symlink("real.env", self.middle)
                os.symlink("../store/middle.env", self.path)
            else:
                os.symlink("../store/real.env" if link == "relative" else self.real, self.path)
        if case.get("place") == "directory":
            os.mkdir(self.path)
        elif case.get("place") == "fifo":
            os.mkfifo(self.path)
        elif case["before"] is not None:
            with open(self.real, "wb") as out:
                out.write(case["before"])
            os.chmod(self.real, case.get("mode", 0o600))
            if case.get("owner"):
                os.chown(self.real, 12345, 23456)
        if link == "hard":
            self.other = os.path.join(root, "second-name")
            os.link(self.real, self.other)
        self.stat = os.lstat(self.real) if os.path.lexists(self.real) else None

    def problems(self, refused):
        case, found = self.case, []
        left = sorted(set(os.listdir(self.folder)) - {".env"})
        if self.real != self.path:
            left += sorted(set(os.listdir(os.path.dirname(self.real))) - {"real.env", "middle.env"})
        if left:
            found.append("left behind: %s" % left)
        if case.get("place"):
            now = os.lstat(self.path)
            if stat.S_IFMT(now.st_mode) != stat.S_IFMT(self.stat.st_mode):
                found.append("it is no %s any more" % case["place"])
            return found
        exists = os.path.exists(self.real)
        after = slurp(self.real) if exists else None
        if refused or not case["after"]:
            if after != case["before"]:
                found.append("refused, but the file changed")
            return found
        if after is None:
            return found + ["there is no file"]
        if not any(matches(case, template, after) for template in case["after"]):
            found.append("the bytes are %r" % (after if len(after) < 150 else after[:150]))
        now = os.stat(self.real)
        mode = stat.S_IMODE(now.st_mode)
        if case["before"] is not None and mode != stat.S_IMODE(self.stat.st_mode):
            found.append("mode %o became %o" % (stat.S_IMODE(self.stat.st_mode), mode))
        if "new_mode" in case and mode != case["new_mode"]:
            found.append("the new file has mode %o" % mode)
        if self.stat and (now.st_uid, now.st_gid) != (self.stat.st_uid, self.stat.st_gid):
            found.append("the owner changed")
        if case.get("link") in ("relative", "absolute", "chain") and not os.path.islink(self.path):
            found.append("the link became a file")
        if self.middle and not os.path.islink(self.middle):
            found.append("the link in the middle became a file")
        if self.other and not os.path.samefile(self.other, self.path):
            found.append("the hard link was cut")
        if case.get("same") and (now.st_ino, now.st_mtime_ns) != (
                self.stat.st_ino, self.stat.st_mtime_ns):
            found.append("written although nothing changed")
        return found


def run(lab, writer, case):
    """(problems, bytes after it); problems is None when skipped."""
    if case.get("owner") and os.geteuid() != 0:
        return None, None
    is_program = isinstance(writer, writers.Program)
    root = writer.home() if is_program else lab.folder()
    scene = Scene(root, case)
    try:
        if is_program:
            done = writer.set(root, scene.path, case["key"], case["value"], link=False)
        else:
            done = writer.call(scene.path, case["key"], case["value"])
    except subprocess.TimeoutExpired:
        shutil.rmtree(root, ignore_errors=True)
        return ["timeout"], None
    refused = done.returncode != 0
    found = []
    note = done.stderr.decode("utf-8", "replace").strip().replace("\n", " / ")[:200]
    if is_program and done.returncode not in (0, 2, 3):
        found.append("exit %d: %s" % (done.returncode, note))
    if refused and case["after"] and not case.get("may_refuse"):
        found.append("refused: %s" % note)
    if not refused and not case["after"]:
        found.append("not refused")
    found += scene.problems(refused)
    after = slurp(scene.real) if case["after"] and not refused else None
    shutil.rmtree(root, ignore_errors=True)
    return found, after


def wanted(case, reader):
    named = case["readers"] == ALL or reader.id in case["readers"]
    return named and reader.id not in case["but"]


def judge(lab, core, done):
    """Adds to each case's problems what the readers find; each reader is started once."""
    for reader in core:
        mine = [row for row in done if row[2] is not None and wanted(row[0], reader)]
        lab.read(reader, [text for c, _, after in mine for text in (c["before"] or b"", after)])
        for case, found, after in mine:
            before = case["before"] or b""
            if lab.read(reader, [before])[0].error is not None:
                continue  # it could not read the file in the first place
            verdict = lab.judge(reader, before, after, case["key"], case["value"])
            if verdict != EXACT:
                found.append("%s: %s" % (reader.id, verdict))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--program", help="the program to be tested")
    what.add_argument("--writer", help="a command: CMD ENVFILE KEY, the value on stdin")
    what.add_argument("--list", action="store_true")
    parser.add_argument("--only", help="cases whose name contains this")
    parser.add_argument("--no-readers", action="store_true", help="judge the bytes only")
    options = parser.parse_args()
    if options.list:
        for item in CASES:
            print(item["name"])
        return
    lab = Lab()
    passed = failed = skipped = 0
    try:
        core = [] if options.no_readers else lab.usable([r for r in READERS if r.core])
        for name, problem in lab.skipped.items():
            print("*** WARNING: SKIPPED reader %s: %s" % (name, problem), file=sys.stderr)
            if os.environ.get("SECRETS_TEST_EVERYTHING"):
                failed += 1
                print("FAILED   the reader %s is missing" % name)
        writer = (writers.Program(lab, options.program) if options.program
                  else writers.Command(lab, options.writer))
        chosen = [c for c in CASES if not options.only or options.only in c["name"]]
        with ThreadPoolExecutor(lab_module.JOBS) as pool:
            done = [(c, *r) for c, r in zip(chosen, pool.map(
                lambda c: run(lab, writer, c), chosen))]
        judge(lab, core, done)
        for item, problems, _ in done:
            if problems is None:
                skipped += 1
                print("skipped  %s" % item["name"])
            elif problems:
                failed += 1
                print("FAILED   %s: %s" % (item["name"], "; ".join(problems)))
            else:
                passed += 1
    finally:
        lab.close()
    finish(passed, failed, skipped)


if __name__ == "__main__":
    main()
