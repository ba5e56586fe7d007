//! A command line, as a POSIX shell takes it apart: commands, their words and redirections.
//!
//! Owns quoting (`'…'`, `"…"`, `$'…'`, backslashes), operators, redirections, here-documents,
//! comments, command and process substitution, whose commands are found as well.
//!
//! Invariants: any text is taken apart, in time linear in its length and with bounded depth; what
//! is left open at the end ends there. Nothing is executed, nothing is expanded that is not in the
//! text itself.
//!
//! Limits: `case` patterns, functions and arithmetic are not understood, only walked over. What a
//! variable or a command would expand to is [`Part::Variable`] or [`Part::Unknown`], but for commands
//! that print what stands in the line itself (`$(cat <<EOF …)`, `$(echo …)`).

mod printed;
mod word;

use self::printed::printed;

/// A piece of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Text that stands there.
    Text(String),
    /// `$NAME`, `${NAME}`, or `~` for `HOME`.
    Variable(String),
    /// What only running it would tell.
    Unknown,
}

/// A word of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) parts: Vec<Part>,
    /// Whether an unquoted `{` stands in it.
    pub(super) braces: bool,
}

/// What a redirection does with its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// `>`, `>>`, `>|`, `&>`, `<>` and their like.
    Out,
    /// `<`.
    In,
    /// `<<`: the body of this number.
    HereDocument(usize),
    /// `<<<`.
    HereString,
}

/// A redirection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Redirect {
    pub(super) direction: Direction,
    pub(super) target: Word,
}

/// A command with its words and redirections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Simple {
    pub(super) words: Vec<Word>,
    pub(super) redirects: Vec<Redirect>,
    /// Whether its input is the output of the command before.
    pub(super) piped: bool,
}

/// What a command line consists of, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Command(Simple),
    /// A shell of its own begins.
    Open,
    /// It ends.
    Close,
}

/// A command line.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) items: Vec<Item>,
    /// The bodies of the here-documents.
    pub(super) bodies: Vec<String>,
}

const MAX_DEPTH: usize = 24;

/// Takes a command line apart.
pub(super) fn lex(text: &str) -> Script {
    let mut script = Script::default();
    lex_into(text, &mut script, 0);
    script
}

fn lex_into(text: &str, script: &mut Script, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut lexer = Lexer {
        text: text.chars().collect(),
        at: 0,
        script,
        pending: Vec::new(),
        depth,
    };
    // A closing parenthesis too many ends a round, not the line.
    while lexer.at < lexer.text.len() {
        lexer.sequence();
    }
}

/// A here-document whose body begins behind the line's end.
struct Pending {
    body: usize,
    end: String,
    strip_tabs: bool,
}

struct Lexer<'s> {
    text: Vec<char>,
    at: usize,
    script: &'s mut Script,
    pending: Vec<Pending>,
    depth: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn take_if(&mut self, c: char) -> bool {
        let is = self.peek(0) == Some(c);
        self.at += usize::from(is);
        is
    }

    /// Commands up to the closing parenthesis of this shell, or the end.
    fn sequence(&mut self) {
        let mut simple = Simple::default();
        while let Some(c) = self.peek(0) {
            match c {
                ' ' | '\t' | '\r' => self.at += 1,
                // Joins two lines.
                '\\' if self.peek(1) == Some('\n') => self.at += 2,
                '\n' => {
                    self.at += 1;
                    self.end(&mut simple, false);
                    self.bodies();
                }
                ';' => {
                    self.at += 1;
                    self.end(&mut simple, false);
                }
                '&' if self.peek(1) == Some('>') => {
                    self.at += 1;
                    self.redirect(&mut simple);
                }
                '&' => {
                    self.at += 1;
                    self.take_if('&');
                    self.end(&mut simple, false);
                }
                '|' => {
                    self.at += 1;
                    let or = self.take_if('|');
                    if !or {
                        self.take_if('&');
                    }
                    self.end(&mut simple, !or);
                }
                '(' if self.peek(1) == Some('(') && simple.words.is_empty() => self.arithmetic(),
                '(' => {
                    self.at += 1;
                    self.end(&mut simple, false);
                    self.shell();
                }
                ')' => {
                    self.at += 1;
                    self.end(&mut simple, false);
                    return;
                }
                '#' => self.skip_line(),
                '<' | '>' if is_test(&simple) => self.at += 1,
                '<' | '>' if self.peek(1) == Some('(') => {
                    self.at += 2;
                    self.shell();
                    simple.words.push(Word {
                        parts: vec![Part::Unknown],
                        braces: false,
                    });
                }
                '<' | '>' => self.redirect(&mut simple),
                _ => {
                    let start = self.at;
                    let word = self.word();
                    let is_fd = matches!(self.peek(0), Some('<' | '>'))
                        && self.text[start..self.at].iter().all(char::is_ascii_digit);
                    if !is_fd {
                        simple.words.push(word);
                    }
                }
            }
        }
        self.end(&mut simple, false);
    }

    fn end(&mut self, simple: &mut Simple, pipe: bool) {
        let next = Simple {
            piped: pipe,
            ..Simple::default()
        };
        let done = std::mem::replace(simple, next);
        if !done.words.is_empty() || !done.redirects.is_empty() {
            self.script.items.push(Item::Command(done));
        } else if done.piped {
            simple.piped |= pipe;
        }
    }

    /// The commands of a shell of their own, up to its closing parenthesis.
    fn shell(&mut self) {
        if self.depth >= MAX_DEPTH {
            // Nobody writes this; the rest is not looked at.
            self.at = self.text.len();
            return;
        }
        self.depth += 1;
        self.script.items.push(Item::Open);
        self.sequence();
        self.script.items.push(Item::Close);
        self.depth -= 1;
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.at += 1;
        }
    }

    /// `((…))`, which compares and does not redirect.
    fn arithmetic(&mut self) {
        let mut open = 0usize;
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                '(' => open += 1,
                ')' => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }

    fn redirect(&mut self, simple: &mut Simple) {
        let first = self.peek(0);
        self.at += 1;
        let mut direction = Direction::Out;
        if first == Some('<') {
            if self.take_if('<') {
                if self.take_if('<') {
                    direction = Direction::HereString;
                } else {
                    let strip_tabs = self.take_if('-');
                    return self.here_document(simple, strip_tabs);
                }
            } else if self.take_if('&') {
                self.blanks();
                self.word();
                return;
            } else if !self.take_if('>') {
                direction = Direction::In;
            }
        } else {
            if !self.take_if('>') {
                self.take_if('|');
            }
            if self.take_if('&') {
                self.blanks();
                let duplicates = matches!(self.peek(0), Some(c) if c.is_ascii_digit() || c == '-');
                if duplicates {
                    self.word();
                    return;
                }
            }
        }
        self.blanks();
        if matches!(self.peek(0), Some('<' | '>')) && self.peek(1) == Some('(') {
            self.at += 2;
            return self.shell();
        }
        let target = self.word();
        simple.redirects.push(Redirect { direction, target });
    }

    fn blanks(&mut self) {
        while matches!(self.peek(0), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    fn here_document(&mut self, simple: &mut Simple, strip_tabs: bool) {
        self.blanks();
        let word = self.word();
        let end = word.literal();
        let body = self.script.bodies.len();
        self.script.bodies.push(String::new());
        self.pending.push(Pending {
            body,
            end,
            strip_tabs,
        });
        simple.redirects.push(Redirect {
            direction: Direction::HereDocument(body),
            target: Word::default(),
        });
    }

    /// The bodies of the here-documents that the line before announced.
    fn bodies(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let mut body = String::new();
            while self.at < self.text.len() {
                let start = self.at;
                self.skip_line();
                let mut line = &self.text[start..self.at];
                self.at = (self.at + 1).min(self.text.len());
                if pending.strip_tabs {
                    let tabs = line.iter().take_while(|&&c| c == '\t').count();
                    line = &line[tabs..];
                }
                if line.iter().copied().eq(pending.end.chars()) {
                    break;
                }
                body.extend(line);
                body.push('\n');
            }
            self.script.bodies[pending.body] = body;
        }
    }
}

/// Whether the command is `[[ … ]]`, in which `<` and `>` compare.
fn is_test(simple: &Simple) -> bool {
    let is = |word: &Word, text: &str| word.parts == [Part::Text(text.to_owned())];
    simple.words.first().is_some_and(|word| is(word, "[["))
        && !simple.words.iter().any(|word| is(word, "]]"))
}

#[cfg(test)]
mod tests;
