//! `grep`, `rg` and their like: the files that they are given, and directories that they search.
//!
//! Limits: what `.gitignore` names is not known, so `rg` comes to an env file only if it is told to
//! look at everything, or if a `-g` names it.

use super::super::command::Shell;
use super::super::effect::Kind;
use super::super::glob::unfold;
use super::super::search::{Extent, Search, Syntax};

/// What a command line of such a program says.
struct Options<'a> {
    patterns: Vec<&'a str>,
    /// The patterns are in a file.
    is_elsewhere: bool,
    files: Vec<&'a str>,
    include: Vec<String>,
    exclude: Vec<String>,
    /// Short options, and for each long one that matters the short one that says the same.
    letters: String,
}

/// A long option, and the letter that says the same.
const LONG: &[(&str, char)] = &[
    ("--recursive", 'r'),
    ("--dereference-recursive", 'r'),
    ("--directories=recurse", 'r'),
    ("--ignore-case", 'i'),
    ("--smart-case", 'S'),
    ("--invert-match", 'v'),
    ("--word-regexp", 'w'),
    ("--line-regexp", 'x'),
    ("--fixed-strings", 'F'),
    ("--extended-regexp", 'E'),
    ("--perl-regexp", 'P'),
    ("--quiet", 'q'),
    ("--silent", 'q'),
    ("--count", 'c'),
    ("--files-with-matches", 'l'),
    ("--files-without-match", 'L'),
    ("--files", 'l'),
    ("--hidden", '.'),
    ("--no-ignore", '!'),
    ("--unrestricted", 'u'),
];

/// Letters that look at what is no line.
const SHOWS_NO_LINE: &[char] = &['q', 'c', 'l', 'L'];

impl<'a> Options<'a> {
    /// Takes a command line apart; `with_value` are the letters that take a value.
    fn new(args: &'a [String], with_value: &str) -> Self {
        let mut options = Self {
            patterns: Vec::new(),
            is_elsewhere: false,
            files: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            letters: String::new(),
        };
        let mut only_files = false;
        let mut rest = args.iter().map(String::as_str);
        while let Some(arg) = rest.next() {
            if only_files || arg.len() < 2 || !arg.starts_with('-') {
                options.files.push(arg);
            } else if arg == "--" {
                only_files = true;
            } else if let Some((_, letter)) = LONG.iter().find(|(long, _)| *long == arg) {
                options.letters.push(*letter);
            } else if arg.starts_with("--") {
                let (name, value) = match arg.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (arg, None),
                };
                if VALUED.contains(&name) {
                    options.valued(name, value.or_else(|| rest.next()).unwrap_or_default());
                }
            } else {
                for (at, letter) in arg.char_indices().skip(1) {
                    options.letters.push(letter);
                    if with_value.contains(letter) {
                        let attached = &arg[at + letter.len_utf8()..];
                        let value = match attached {
                            "" => rest.next().unwrap_or_default(),
                            attached => attached,
                        };
                        options.valued(&arg_of(letter), value);
                        break;
                    }
                }
            }
        }
        if options.patterns.is_empty() && !options.is_elsewhere && !options.files.is_empty() {
            options.patterns.push(options.files.remove(0));
        }
        options
    }

    fn valued(&mut self, name: &str, value: &'a str) {
        let globs = || unfold(value.rsplit('/').next().unwrap_or(value));
        match name {
            "-e" | "--regexp" => self.patterns.push(value),
            "-f" | "--file" => self.is_elsewhere = true,
            "-d" if value == "recurse" => self.letters.push('r'),
            "-g" | "--glob" | "--iglob" => match value.strip_prefix('!') {
                Some(excluded) => self.exclude.push(excluded.trim_matches('/').to_owned()),
                None => self.include.extend(globs()),
            },
            "--include" => self.include.extend(globs()),
            "--exclude" | "--exclude-dir" => self.exclude.extend(unfold(value)),
            // A type of files that no env file is of.
            "-t" | "--type" => self.include.push(String::new()),
            _ => {}
        }
    }

    fn has(&self, letter: char) -> bool {
        self.letters.contains(letter)
    }

    /// Whether only names and numbers are printed.
    fn shows_no_line(&self) -> bool {
        self.letters.contains(SHOWS_NO_LINE)
    }

    fn search(self, syntax: Syntax) -> Option<Search> {
        if self.is_elsewhere || self.patterns.is_empty() {
            return None;
        }
        let pattern = self.patterns.join("\n");
        let extent = match () {
            () if self.has('x') => Extent::Line,
            () if self.has('w') => Extent::Word,
            () => Extent::Anywhere,
        };
        let syntax = if self.has('F') { Syntax::Fixed } else { syntax };
        let is_low = !pattern.contains(char::is_uppercase);
        let ignores_case = self.has('i') || (self.has('S') && is_low);
        let search = Search::new(&pattern, syntax, extent)
            .inverted(self.has('v'))
            .ignoring_case(ignores_case);
        Some(search.among(self.include, self.exclude))
    }
}

/// Long options that take a value.
const VALUED: &[&str] = &[
    "--regexp",
    "--file",
    "--include",
    "--exclude",
    "--exclude-dir",
    "--glob",
    "--iglob",
    "--type",
    "--type-not",
    "--max-count",
    "--max-depth",
    "--after-context",
    "--before-context",
    "--context",
    "--color",
    "--colour",
    "--replace",
    "--sort",
    "--threads",
    "--encoding",
    "--engine",
];

fn arg_of(letter: char) -> String {
    format!("-{letter}")
}

pub(super) fn grep(shell: &mut Shell<'_>, name: &str, args: &[String]) {
    let options = Options::new(args, "efmABCdD");
    if options.shows_no_line() {
        return;
    }
    shell.touch_all(Kind::Read, &options.files);
    if !(options.has('r') || options.has('R')) {
        return;
    }
    let syntax = match name {
        "fgrep" => Syntax::Fixed,
        "egrep" | "ack" => Syntax::Extended,
        _ if options.has('E') || options.has('P') => Syntax::Extended,
        _ => Syntax::Basic,
    };
    search_below(shell, options, syntax);
}

pub(super) fn ripgrep(shell: &mut Shell<'_>, args: &[String]) {
    let options = Options::new(args, "efmABCgtTjMrdE");
    if options.shows_no_line() {
        return;
    }
    shell.touch_all(Kind::Read, &options.files);
    let unrestricted = options.letters.matches('u').count();
    let is_everything =
        unrestricted >= 2 || (options.has('.') && (unrestricted == 1 || options.has('!')));
    // A pattern of names goes before what is hidden or ignored.
    let is_named = || {
        let mut names = options.include.iter();
        names.any(|name| name.starts_with('.') && !name.starts_with(".*"))
    };
    let reads_input = options.files.is_empty() && shell.is_piped();
    if !reads_input && (is_everything || is_named()) {
        search_below(shell, options, Syntax::Extended);
    }
}

fn search_below(shell: &mut Shell<'_>, options: Options<'_>, syntax: Syntax) {
    let dirs = match options.files.is_empty() {
        true => vec!["."],
        false => options.files.clone(),
    };
    if let Some(search) = options.search(syntax) {
        for dir in dirs {
            shell.search(dir, search.clone());
        }
    }
}
