//! Which files a one-line program of Python, JavaScript, Ruby, Perl or PHP writes, takes away or
//! prints.
//!
//! Such a program is not parsed. Each of its quoted texts is taken for the name of a file, and the
//! call that it stands in says what happens to it: the nearest known call in front of it in the
//! same statement, a mode behind it (`open('.env', 'w')`), or a method of it
//! (`Path('.env').write_text(…)`).
//!
//! Limits: names that are put together from pieces, and calls through other names, are not seen.

use super::effect::Kind;

/// Calls that write the file named behind them.
const WRITES: &[&str] = &[
    "writefile",
    "appendfile",
    "writetextfile",
    "createwritestream",
    "copyfile",
    "file.write",
    "io.write",
    "file_put_contents",
    "bun.write",
    "set_key(",
    "unset_key(",
    "truncate",
    "copy(",
    "copy2(",
    ".move(",
    "rename",
    "os.replace(",
    "symlink",
    "outputfile",
];
/// Calls that take it away.
const DELETES: &[&str] = &[
    "unlink",
    "remove(",
    "rmsync",
    "rm(",
    "file.delete",
    "deletefile",
];
/// Calls that read it.
const READS: &[&str] = &[
    "readfile",
    "readtextfile",
    "file.read",
    "io.read",
    "readlines",
    "file_get_contents",
    "bun.file",
    "open(",
    "open ",
    "file.open",
    "createreadstream",
    "slurp",
    "file.foreach",
];
/// Calls that only hand the values to the program, or only look whether there is a file.
const LOADS: &[&str] = &[
    "dotenv",
    "config(",
    "exists",
    "loadenvfile",
    "isfile",
    "is_file",
    "stat(",
];
/// Methods of a path that write it.
const METHODS: &[&str] = &[".write_text", ".write_bytes", ".write("];
/// What prints.
const PRINTS: &[&str] = &["print", "console.", "puts", "echo", "stdout", "say "];
/// Texts longer than this name no file.
const MAX_PATH: usize = 400;
/// How far in front of a name its call is looked for.
const MAX_LOOK_BACK: usize = 160;

/// The files that a program touches.
pub(super) fn touched(code: &str) -> Vec<(Kind, String)> {
    let lower = code.to_ascii_lowercase();
    let writes_somewhere = METHODS
        .iter()
        .chain(WRITES)
        .any(|token| lower.contains(token))
        || modes(&lower);
    let prints = PRINTS.iter().any(|token| lower.contains(token));
    let mut found = Vec::new();
    for (start, end) in quoted(code) {
        let text = &code[start..end];
        if text.is_empty() || text.len() > MAX_PATH || text.contains('\n') {
            continue;
        }
        // Perl's `open(F, '>>.env')`.
        let path = text.trim_start_matches(['>', '<', '+', ' ']);
        if text.starts_with('>') && !path.is_empty() {
            found.push((Kind::Write, path.to_owned()));
            continue;
        }
        let (before, after) = (statement(&lower, start - 1), &lower[end + 1..]);
        let kind = if is_write_mode(after) || follows_mode(before) {
            Some(Kind::Write)
        } else {
            match nearest(before) {
                Some(Some(kind)) if kind != Kind::Read => Some(kind),
                near => by_method(after).or_else(|| match near {
                    Some(Some(Kind::Read)) if prints => Some(Kind::Read),
                    Some(_) => None,
                    // Kept in a variable, and something is written.
                    None => (before.trim_end().ends_with('=') && writes_somewhere)
                        .then_some(Kind::Write),
                }),
            }
        };
        if let Some(kind) = kind {
            found.push((kind, path.to_owned()));
        }
    }
    found
}

/// The files that a program of `awk`'s prints into: `print > "file"`.
pub(super) fn redirected(code: &str) -> Vec<&str> {
    let is_target = |&(start, _): &(usize, usize)| code[..start - 1].trim_end().ends_with('>');
    let quoted = quoted(code).into_iter().filter(is_target);
    quoted.map(|(start, end)| &code[start..end]).collect()
}

/// Where quoted texts begin and end, without their quotes.
fn quoted(code: &str) -> Vec<(usize, usize)> {
    let bytes = code.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let quote = bytes[at];
        at += 1;
        if !matches!(quote, b'"' | b'\'' | b'`') {
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at] != quote {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        if at < bytes.len() {
            found.push((start, at));
        }
        at += 1;
    }
    found
}

/// What stands in front of a place in the same statement.
fn statement(code: &str, to: usize) -> &str {
    let mut start = to.saturating_sub(MAX_LOOK_BACK);
    while !code.is_char_boundary(start) {
        start += 1;
    }
    let near = &code[start..to];
    let from = near.rfind([';', '\n', '{', '}']).map_or(0, |at| at + 1);
    &near[from..]
}

/// What the nearest known call makes of its file; `Some(None)` for one that does nothing to it.
fn nearest(before: &str) -> Option<Option<Kind>> {
    let last = |tokens: &[&str]| tokens.iter().filter_map(|token| before.rfind(token)).max();
    [
        (last(WRITES), Some(Kind::Write)),
        (last(DELETES), Some(Kind::Delete)),
        (last(READS), Some(Kind::Read)),
        (last(LOADS), None),
    ]
    .into_iter()
    .filter_map(|(at, kind)| Some((at?, kind)))
    .max_by_key(|(at, _)| *at)
    .map(|(_, kind)| kind)
}

fn by_method(after: &str) -> Option<Kind> {
    let rest = after.trim_start_matches([')', ' ']);
    if METHODS.iter().any(|method| rest.starts_with(method)) {
        Some(Kind::Write)
    } else if rest.starts_with(".unlink") || rest.starts_with(".rename") {
        Some(Kind::Delete)
    } else if rest
        .strip_prefix(".open(")
        .is_some_and(|mode| is_mode(mode.trim_start()))
    {
        Some(Kind::Write)
    } else {
        None
    }
}

/// `, 'w'` or `, mode='a'` behind a name.
fn is_write_mode(after: &str) -> bool {
    let rest = after.trim_start_matches([')', ' ']);
    let Some(rest) = rest.strip_prefix(',') else {
        return false;
    };
    let rest = rest.trim_start();
    let rest = rest.strip_prefix("mode").map_or(rest, |rest| {
        rest.trim_start().trim_start_matches('=').trim_start()
    });
    is_mode(rest)
}

/// A quoted mode that writes: `'w'`, `"ab"`, `'r+'`.
fn is_mode(text: &str) -> bool {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return false;
    };
    let Some((mode, _)) = text[1..].split_once(quote) else {
        return false;
    };
    mode.len() <= 3
        && mode.bytes().all(|byte| b"rwabxt+".contains(&byte))
        && mode.contains(['w', 'a', 'x', '+'])
}

/// `'>', ` in front of a name, as Perl has it.
fn follows_mode(before: &str) -> bool {
    let before = before.trim_end();
    let Some(before) = before.strip_suffix(',') else {
        return false;
    };
    let before = before.trim_end().trim_end_matches(['"', '\'']);
    before.ends_with('>')
}

/// Whether a mode that writes stands anywhere.
fn modes(lower: &str) -> bool {
    quoted(lower)
        .into_iter()
        .any(|(start, _)| is_mode(&lower[start - 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_call_says_what_happens() {
        let env = |code: &str| -> Option<Kind> {
            let found = touched(code);
            let of = found.iter().find(|(_, path)| path.contains(".env"));
            of.map(|(kind, _)| *kind)
        };
        for (code, expected) in [
            ("open('.env','w').write('A=1')", Some(Kind::Write)),
            ("open(\".env\", mode=\"a\").write(x)", Some(Kind::Write)),
            (
                "from pathlib import Path; Path('.env').write_text('A=1')",
                Some(Kind::Write),
            ),
            (
                "p='.env'\nwith open(p,'a') as f: f.write('A=1')",
                Some(Kind::Write),
            ),
            (
                "require('fs').appendFileSync('.env', 'A=1')",
                Some(Kind::Write),
            ),
            (
                "fs.writeFileSync(path.join(d, '.env'), x)",
                Some(Kind::Write),
            ),
            (
                "File.open('.env', 'a') { |f| f << 'A=1' }",
                Some(Kind::Write),
            ),
            ("open(F, '>>.env'); print F 'A=1'", Some(Kind::Write)),
            ("open my $f, '>', '.env'; print $f 'A'", Some(Kind::Write)),
            ("import os; os.remove('.env')", Some(Kind::Delete)),
            ("shutil.copy('.env.example', '.env')", Some(Kind::Write)),
            ("print(open('.env').read())", Some(Kind::Read)),
            (
                "console.log(fs.readFileSync('.env','utf8'))",
                Some(Kind::Read),
            ),
            ("open('out.txt','w').write(open('.env').read())", None),
            ("fs.writeFileSync('out', fs.readFileSync('.env'))", None),
            (
                "require('dotenv').config({path: '.env'}); console.log(1)",
                None,
            ),
            (
                "from dotenv import load_dotenv; load_dotenv('.env'); print(1)",
                None,
            ),
            ("print(os.path.exists('.env'))", None),
            ("print('.env')", None),
        ] {
            assert_eq!(env(code), expected, "{code}");
        }
    }

    #[test]
    fn any_text_is_taken() {
        for code in ["'", "\"\\", "'é' é 'ß\\", "é'.env','w'", "''''", "`\\`"] {
            touched(code);
        }
    }
}
