#!/usr/bin/env python3
"""The values that tests/interop/run puts through every reader.

Deterministic: the same bytes on every machine. No value is a credential of anything. The key
shapes are put together here out of pieces, so that a scanner for leaked keys finds none in the
repository.

    corpus.py            how many values of which class
    corpus.py --json     every value: id, class, family, group, value in hex
"""

import base64
import collections
import hashlib
import json
import sys

Value = collections.namedtuple("Value", "id cls family group data")

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = UPPER.lower()
DIGITS = "0123456789"
ALNUM = UPPER + LOWER + DIGITS
HEX = DIGITS + "abcdef"
B64 = ALNUM + "+/"


def fill(label, length, alphabet=ALNUM):
    """Characters that look random and are always the same for the same label."""
    out, block = "", 0
    while len(out) < length:
        for byte in hashlib.sha256(("%s/%d" % (label, block)).encode()).digest():
            out += alphabet[byte % len(alphabet)]
        block += 1
    return out[:length]


def lines(label, count, width=64):
    return [fill("%s/%d" % (label, i), width, B64) for i in range(count)]


def pem(kind, label, count, end="\n", last=True):
    dashes = "-" * 5
    body = lines(label, count) + [fill(label, 22, B64) + "=="]
    text = [dashes + "BEGIN " + kind + dashes] + body + [dashes + "END " + kind + dashes]
    return end.join(text) + (end if last else "")


def b64url(data):
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def jwt(claims, label):
    head = b64url('{"alg":"HS256","typ":"JWT"}')
    return head + "." + b64url(claims) + "." + fill(label, 43, ALNUM + "-_")


KEY = " KEY"  # pieces of what scanners look for
AT = "@"

# (class, family, values). The family is the column of the generated table.
REALISTIC = [
    ("api-key", "keys and tokens", [
        "sk" + "_live_" + fill("pay", 24),
        "AK" + "IA" + fill("cloud id", 16, UPPER + "234567"),
        fill("cloud secret", 20, B64) + "/" + fill("cloud secret 2", 9, B64) + "+" + fill("c3", 9),
        "gh" + "p_" + fill("forge", 36),
        "xo" + "xb-" + fill("chat", 12, DIGITS) + "-" + fill("chat 2", 24),
        "sk" + "-proj-" + fill("model", 20) + "_" + fill("model 2", 20) + "-" + fill("model 3", 8),
        "S" + "G." + fill("mail", 22) + "." + fill("mail 2", 43, ALNUM + "-_"),
        "AI" + "za" + fill("maps", 35, ALNUM + "-_"),
        "np" + "m_" + fill("packages", 36),
    ]),
    ("hex-and-uuid", "keys and tokens", [
        fill("hex", 64, HEX),
        fill("u1", 8, HEX) + "-" + fill("u2", 4, HEX) + "-4" + fill("u3", 3, HEX) + "-a"
        + fill("u4", 3, HEX) + "-" + fill("u5", 12, HEX),
        "0x" + fill("chain", 40, HEX),
    ]),
    ("jwt", "keys and tokens", [
        jwt('{"sub":"4711","name":"Interop"}', "jwt 1"),
        "Bearer " + jwt('{"scope":"read:all","exp":1999999999}', "jwt 2"),
    ]),
    ("base64", "keys and tokens", [
        fill("b64 a", 43, B64) + "=",
        fill("b64 b", 62, B64) + "==",
        "base64:" + fill("b64 c", 43, B64) + "=",
        fill("b64 d", 86, ALNUM + "-_"),
    ]),
    ("pem", "several lines", [
        pem("RSA PRIVATE" + KEY, "rsa", 12),
        pem("EC PRIVATE" + KEY, "ec", 2, last=False),
        pem("PRIVATE" + KEY, "pkcs8", 24),
        pem("OPENSSH PRIVATE" + KEY, "ssh", 6),
        pem("CERTIFICATE", "cert 1", 9) + pem("CERTIFICATE", "cert 2", 9),
    ]),
    ("pem-crlf", "several lines", [
        pem("PRIVATE" + KEY, "crlf key", 8, end="\r\n"),
    ]),
    ("db-url", "URLs", [
        "postgres://app:" + fill("pg", 16) + "@db.internal:5432/shop?sslmode=require",
        "postgresql://app:p%40ss%2Fw%23rd" + AT + "10.0.0.7/shop",
        "mysql://root:a!b*c(d)" + AT + "localhost:3306/app?charset=utf8mb4&timeout=5s",
        "mongodb+srv://svc:" + fill("mongo", 12) + "@c0.example.net/?retryWrites=true&w=majority",
        "redis://:pa$$word" + AT + "cache:6379/0",
        "postgres://u:hash#tag" + AT + "h/db",
        "jdbc:sqlserver://h:1433;databaseName=crm;user=sa;password=Str0ng;encrypt=true",
        "amqp://guest:gu&est" + AT + "mq:5672/%2Fvhost",
    ]),
    ("connection-string", "URLs", [
        "DefaultEndpointsProtocol=https;AccountName=store;AccountKey=" + fill("blob", 86, B64)
        + "==;EndpointSuffix=core.example.net",
        "Server=tcp:sql.example.net,1433;Database=crm;User Id=app;Password=K3y;With=Semi;",
        "Driver={PostgreSQL Unicode};Server=db;Port=5432;Uid=app;Pwd={p;w};",
        "host=db user=app password='quoted pass' dbname=shop",
        'Data Source=srv\\SQLEXPRESS;Initial Catalog=crm;Password="a b"',
    ]),
    ("url", "URLs", [
        "https://hooks.example.net/services/T0/B0/" + fill("hook", 24),
        "https://api.example.net/v2/items?key=" + fill("query", 20) + "&sort=-created#top",
        "https://" + fill("dsn", 32, HEX) + "@errors.example.net/42",
        "smtp://mailer%40example.net:" + fill("smtp", 14) + "@mail.example.net:587?tls=starttls",
        "https://example.net/a path/with (parens)/and,comma",
    ]),
    ("bcrypt", "hashes", [
        "$2b$12$" + fill("bcrypt 1", 53, ALNUM + "./"),
        "$2y$10$" + fill("bcrypt 2", 53, ALNUM + "./"),
        "admin:$2y$05$" + fill("bcrypt 3", 53, ALNUM + "./"),
    ]),
    ("argon2-and-crypt", "hashes", [
        "$argon2id$v=19$m=65536,t=3,p=4$" + fill("salt", 22, B64) + "$" + fill("argon", 43, B64),
        "$6$rounds=5000$" + fill("crypt salt", 12) + "$" + fill("crypt", 86, ALNUM + "./"),
        "pbkdf2_sha256$600000$" + fill("django", 22) + "$" + fill("django 2", 43, B64) + "=",
        "user:$apr1$" + fill("apr", 8) + "$" + fill("apr 2", 22, ALNUM + "./"),
    ]),
    ("json-line", "JSON", [
        '{"user":"app","password":"' + fill("json", 16) + '","port":5432}',
        '["a.example.net","b.example.net"]',
        '{"nested":{"list":[1,2,3],"none":null,"yes":true}}',
        '{"type":"service_account","private_key":"-----BEGIN' + ' X-----\\nMIIE' + fill("sa", 20)
        + '\\n-----END' + ' X-----\\n","client_id":"1"}',
        '{"path":"C:\\\\data","quote":"say \\"hi\\""}',
        '{ "spaced" : "yes", "price" : "10 EUR" }',
    ]),
    ("json-pretty", "several lines", [
        json.dumps({"name": "svc", "ports": [80, 443], "tls": True}, indent=2),
        json.dumps({"a": {"b": {"c": "deep"}}}, indent=4) + "\n",
    ]),
    ("cookie", "headers and markup", [
        "session=" + fill("cookie", 32) + "; Path=/; HttpOnly; SameSite=Lax",
        'theme="dark mode"; id=' + fill("cookie 2", 16),
        "__Host-sid=s%3A" + fill("cookie 3", 32) + "." + fill("cookie 4", 43) + "; Secure",
    ]),
    ("html", "headers and markup", [
        '<a href="https://example.net/?a=1&amp;b=2">link</a>',
        "<p class='note'>Terms & conditions</p>",
        "<!-- note --><br/>",
        "Interop Mailer <mailer@example.net>",
    ]),
    ("windows-path", "Windows paths", [
        "C:\\Users\\app\\secrets.json",
        "D:\\data\\new\\table",
        "C:\\Program Files\\App\\bin",
        "C:\\temp\\",
    ]),
    ("unc-path", "Windows paths", [
        "\\\\fileserver\\share\\keys",
        "\\\\srv01\\c$\\app",
    ]),
    ("password", "passwords", [
        fill("pw", 20),
        "Tr0ub4dor&3",
        "p@ss:w0rd!",
        "x9#kL2$mN5",
        "a'postrophe1",
        'dou"ble-quote2',
        "per%cent^caret~tilde",
        "(paren){brace}[bracket]<angle>",
        "semi;colon,comma|pipe",
        "Pa$$w0rd$HOME",
        "back`tick9",
        "eq=ual=s==",
        "!bang!!history",
        "Zk7)qV]3w}R>e",
        "star*quest?ion",
    ]),
    ("passphrase", "passwords", [
        "correct horse battery staple",
        "seven wet otters, one dry towel",
        "What time is it? Noon!",
        "it's always sunny here",
        'they said "no" twice',
        "abandon ability able about above absent absorb abstract absurd abuse access ahead",
        "caf\u00e9 cr\u00e8me",
        "100% of nothing & more",
    ]),
    ("cron-and-glob", "headers and markup", [
        "*/15 * * * *",
        "0 3 * * 1-5",
        "src/**/*.{ts,tsx}",
        "@daily",
    ]),
    ("number-bool", "plain words", [
        "8080", "true", "-1", "3.14159", "1e-9", "+49 30 1234567",
    ]),
    ("list", "plain words", [
        "a.example.net,b.example.net",
        "red, green, blue",
        "10.0.0.0/8:192.168.0.0/16",
        "ops@example.net",
    ]),
    ("unicode", "unicode", [
        "Stra\u00dfe nach K\u00f6ln",
        "\u65e5\u672c\u8a9e\u306e\u5024",
        "\u041f\u0430\u0440\u043e\u043b\u044c123",
        "na\u00efve\u2014dash \u201cquotes\u201d",
    ]),
    ("emoji", "unicode", [
        "\U0001f680launch\U0001f511",
        "family \U0001f468\u200d\U0001f469\u200d\U0001f467 ok",
    ]),
    ("rtl", "unicode", [
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
        "abc\u202edef\u202cghi",
    ]),
    ("regex", "headers and markup", [
        "^[a-z]+$",
        "\\d{3}-\\w+",
    ]),
    ("text-lines", "several lines", [
        "first line\nsecond line\n",
        "machine api.example.net\n  login app\n  password " + fill("netrc", 12),
        "users:\n  - name: app\n    admin: false\n",
    ]),
    ("shell-like", "shell text", [
        "$HOME/bin",
        "export PATH=/opt/bin",
        "curl -s https://example.net | sh",
        "echo hello > out.txt",
        "a && b || c",
        "if [ -f x ]; then y; fi",
        "cost: $5 or $10",
    ]),
    ("template", "shell text", [
        "Hello {{name}}, your code is {code}",
        "%(asctime)s %(message)s",
        "${HOST_NAME}:8080",
    ]),
]

TRIP = ": > interop_tripwire"  # only builtins: it would leave a file even with an empty PATH

ADVERSARIAL = [
    ("quotes-only", "quotes", ["'", '"', "''", '""', "'''", '"""', "`", "``", "'\"", "\"'\""]),
    ("quote-at-edge", "quotes", ["'front", "back'", '"front', 'back"', "`front", "back`"]),
    ("quoted-whole", "quotes", [
        "'quoted'", '"quoted"', "`quoted`", "'two words'", '"two words"', '"it\'s"', "''twice''",
    ]),
    ("quote-breaking", "injection", [
        "'; " + TRIP + "; '", '"; ' + TRIP + '; "', "' #", '" # x', "x' y='z", 'x" y="z',
        "'$HOST_NAME'",
    ]),
    ("backslash", "backslashes", [
        "\\", "\\\\", "a\\b", "a\\\\b", "tail\\", "tail\\\\", "\\n", "a\\nb", "a\\tb", "\\$",
        "\\'", '\\"', "a\\ b", "\\x41\\u0041", "three\\\\\\b",
    ]),
    ("dollar", "dollars", [
        "$", "$$", "a$", "$a", "a$b", "$1", "$HOST_NAME", "a$$b",
    ]),
    ("braced-variable", "dollars", ["${X}", "${HOST_NAME}", "${X:-y}", "a${b"]),
    ("backtick", "injection", ["a`b", "`" + TRIP + "`", "a`b`c"]),
    ("command-substitution", "injection", [
        "$(" + TRIP + ")", "a$(" + TRIP + ")b", "$(( 1 + 1 ))", "<(" + TRIP + ")", "$'x\\ny'",
    ]),
    ("command-and-quote", "injection", [
        "it's $(" + TRIP + ")", "it's `" + TRIP + "`", 'say "$(' + TRIP + ")\" isn't",
        "$(" + TRIP + ")\nisn't",
    ]),
    ("newline", "line ends", ["\n", "a\n", "\na", "a\nb", "a\n\nb", "one\ntwo # three\nfour"]),
    ("cr-and-crlf", "line ends", ["a\rb", "a\r\nb", "a\r", "a\r\nb\r\n"]),
    ("hash", "comments", ["#", "#lead", "a#b", "a #b", "a # b", "a# b", "tail #"]),
    ("blanks", "blanks", [
        " ", " lead", "tail ", " both ", "a  b", "\ttab", "a\tb", "tab\t",
    ]),
    ("next-line", "injection", [
        "x\nBASH_ENV=/nonexistent/evil",
        "x\nNEW_NAME=1",
        "x\nREGION=taken over",
        "'\nNEW_NAME=1\n'",
        '"\nNEW_NAME=1\n"',
        "x\nexport NEW_NAME=1\n",
        "x\n# API_TOKEN=commented",
    ]),
    ("control", "control characters", ["\x01\x02", "bell\x07", "esc\x1b[31mred", "del\x7f",
                                       "\x0b\x0c"]),
    ("invisible", "control characters", [
        "\ufeffbom first", "zero\u200bwidth", "nb\u00a0space", "line\u2028sep", "nel\u0085x",
    ]),
    ("assignment-like", "looks like syntax", [
        "A=b", "=", "==", "=x", "API_TOKEN=1", "export A=b", "a=b # c", "A: b",
    ]),
    ("looks-special", "looks like syntax", [
        "null", "undefined", "~", "~root", "-n", "--", "!", "%PATH%", "*", "?", "[x]", "{a,b}",
        "&", "|", ";", "<", ">", "(", ")", "a;b", "a&b", "@file", "!!", "^", "%s",
    ]),
]


def mixes():
    """Characters that mean something to some reader, two and three at a time."""
    marks = {"sq": "'", "dq": '"', "bs": "\\", "dl": "$", "bt": "`", "ha": " #", "nl": "\n",
             "sp": " ", "eq": "="}
    names = list(marks)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1:]]
    triples = [(a, b, c) for i, a in enumerate(names) for j, b in enumerate(names[i + 1:], i + 1)
               for c in names[j + 1:]]

    def order(item):
        return hashlib.sha256("/".join(item).encode()).hexdigest()

    two = ["k%sv%sw" % (marks[a], marks[b]) for a, b in sorted(pairs, key=order)[:14]]
    three = ["k%sv%sw%sz" % tuple(marks[m] for m in t) for t in sorted(triples, key=order)[:24]]
    return [("mixed-two", "mixtures", two), ("mixed-three", "mixtures", three)]


LONG = [
    ("long", "long", [
        fill("long plain", 100 * 1024),
        " ".join(fill("long words/%d" % i, 7, LOWER) for i in range(12 * 1024)),
        "".join(line + "\n" for line in lines("long lines", 400, 76)),
    ]),
]


def values():
    out = []
    for group, classes in (("realistic", REALISTIC), ("adversarial", ADVERSARIAL + mixes() + LONG)):
        for cls, family, texts in classes:
            for number, text in enumerate(texts, 1):
                data = text.encode()
                assert 0 < len(data) and b"\0" not in data
                out.append(Value("%s-%d" % (cls, number), cls, family, group, data))
    doubles = [n for n, c in collections.Counter(v.data for v in out).items() if c > 1]
    assert not doubles, doubles
    return out


def digest(corpus):
    text = hashlib.sha256()
    for value in corpus:
        text.update(("%s %s\n" % (value.id, value.data.hex())).encode())
    return text.hexdigest()


def main():
    corpus = values()
    if "--json" in sys.argv[1:]:
        rows = [{"id": v.id, "class": v.cls, "family": v.family, "group": v.group,
                 "hex": v.data.hex()} for v in corpus]
        json.dump(rows, sys.stdout, indent=0)
        print()
        return
    for (group, family, cls), count in collections.Counter(
            (v.group, v.family, v.cls) for v in corpus).items():
        print("%-12s %-20s %-22s %d" % (group, family, cls, count))
    groups = collections.Counter(v.group for v in corpus)
    print("%d values, %d classes, %s; sha256 %s" % (
        len(corpus), len({v.cls for v in corpus}),
        ", ".join("%d %s" % (c, g) for g, c in groups.items()), digest(corpus)))


if __name__ == "__main__":
    main()
