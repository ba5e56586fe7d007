"""Every way of writing a value after `KEY=` that is worth a try.

Only for measuring: what the best choice could reach, and whether a refusal was needless.
"""


def escape(text, marks):
    return "".join("\\" + c if c in marks else c for c in text)


def slash_n(text):
    return text.replace("\n", "\\n").replace("\r", "\\r")


def slash_r(text):
    return text.replace("\r", "\\r")


def all_forms(text):
    """Name and text of each form; the same text may come under several names."""
    yield "bare", text
    yield "bare \\", escape(text, "\\'\"$` #&;|<>()*?[]~!\t")
    yield "bare \\n", slash_n(text)
    for name, marks in (("", ""), (" \\'", "'"), (" \\\\ \\'", "\\'")):
        yield "'..'" + name, "'" + escape(text, marks) + "'"
        yield "'..' \\n" + name, "'" + slash_n(escape(text, marks)) + "'"
    yield "'..'\\''..'", "'" + text.replace("'", "'\\''") + "'"
    yield "'..'\"'\"'..'", "'" + text.replace("'", "'\"'\"'") + "'"
    sets = ("", '"', "\\", "$", "`", '"\\', '"$', "\\$", '"`', '\\`', '"\\$', '"\\`', '"\\$`', "$`")
    for marks in sets:
        body = escape(text, marks)
        name = '".."' + "".join(" \\" + m for m in marks)
        yield name, '"' + body + '"'
        yield name + " \\n", '"' + slash_n(body) + '"'
        yield name + " \\r", '"' + slash_r(body) + '"'
    for marks in ("", '"\\'):
        yield '".." $$ ' + marks, '"' + escape(text, marks).replace("$", "$$") + '"'
    yield "`..`", "`" + text + "`"
    yield "`..` \\n", "`" + slash_n(text) + "`"
    yield "`..` \\`", "`" + escape(text, "`") + "`"
    ansi = escape(text, "\\'").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    yield "$'..'", "$'" + ansi + "'"


def distinct(text):
    """Form texts without doubles, each with the first name it came under."""
    found = {}
    for name, form in all_forms(text):
        found.setdefault(form, name)
    return found
