//! bash, dash and zsh, sourcing the file.
//!
//! Models what an env file may contain: words, quotes, assignments. Anything that makes the shell do
//! more than assign is reported as running a command, without following what it does.

use super::{Reading, is_word};
use crate::env_file::readers::Reader;
use crate::model::secret::{SecretBuilder, SecretBytes};

pub(super) fn source(file: &[u8], shell: Reader) -> Option<Reading> {
    let mut lexer = Lexer {
        text: file,
        at: 0,
        shell,
        runs: false,
    };
    let mut out = Reading::default();
    let mut pending: Vec<(&[u8], Option<SecretBytes>)> = Vec::new();
    let (mut command, mut export) = (false, false);
    loop {
        match lexer.next()? {
            Token::Word {
                name: Some(name),
                value,
            } if !command => pending.push((name, value)),
            Token::Word { .. } if export => {}
            Token::Word { name: None, value } if !command && pending.is_empty() => {
                export = value.is_some_and(|word| word.expose() == b"export");
                lexer.runs |= !export;
                command = !export;
            }
            Token::Word { .. } => {
                lexer.runs = true;
                command = true;
            }
            token @ (Token::End | Token::Stop | Token::Other) => {
                if matches!(token, Token::Other) {
                    lexer.runs = true;
                    command = true;
                }
                if !command {
                    for (name, value) in pending.drain(..) {
                        out.set(name, value);
                    }
                }
                if matches!(token, Token::Stop | Token::End) {
                    pending.clear();
                    (command, export) = (false, false);
                }
                if matches!(token, Token::End) {
                    out.runs = lexer.runs;
                    return Some(out);
                }
            }
        }
    }
}

enum Token<'t> {
    Word {
        /// The name, if the word is an assignment.
        name: Option<&'t [u8]>,
        /// The word, or what is assigned; `None` if it depends on something.
        value: Option<SecretBytes>,
    },
    /// Line end or `;`.
    Stop,
    /// Any other operator.
    Other,
    End,
}

struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    shell: Reader,
    runs: bool,
}

impl<'t> Lexer<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The next token; `None` if the shell would refuse the file.
    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            match self.peek() {
                None => return Some(Token::End),
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.text.get(self.at + 1) == Some(&b'\n') => self.at += 2,
                Some(b'#') => {
                    self.at = super::find(b'\n', self.text, self.at).unwrap_or(self.text.len());
                }
                Some(b'\n' | b';') => {
                    self.at += 1;
                    return Some(Token::Stop);
                }
                Some(b'(' | b')') => return None,
                Some(b'&' | b'|' | b'<' | b'>') => {
                    self.at += 1;
                    return Some(Token::Other);
                }
                Some(_) => return self.word(),
            }
        }
    }

    fn word(&mut self) -> Option<Token<'t>> {
        let start = self.at;
        let mut end = start;
        while self.text.get(end).is_some_and(|b| is_word(*b)) {
            end += 1;
        }
        let assigns =
            end > start && !self.text[start].is_ascii_digit() && self.text.get(end) == Some(&b'=');
        let name = assigns.then(|| &self.text[start..end]);
        if assigns {
            self.at = end + 1;
            if self.peek() == Some(b'(') {
                return None; // an array
            }
        }
        let value_start = self.at;
        let mut out = SecretBuilder::with_capacity(64);
        let mut known = true;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => break,
                b'\'' => {
                    let close = super::find(b'\'', self.text, self.at + 1)?;
                    out.push(&self.text[self.at + 1..close]);
                    self.at = close + 1;
                }
                b'"' => known &= self.double(&mut out)?,
                b'\\' => {
                    match self.text.get(self.at + 1) {
                        Some(b'\n') | None => {}
                        Some(byte) => out.push(&[*byte]),
                    }
                    self.at += 2;
                }
                b'`' => {
                    self.runs = true;
                    known = false;
                    self.at = super::find(b'`', self.text, self.at + 1)? + 1;
                }
                b'$' => {
                    if matches!(self.text.get(self.at + 1), Some(b'\'' | b'"')) {
                        known = false;
                    }
                    known &= self.dollar(&mut out);
                }
                b'~' if self.at == value_start || (self.text[self.at - 1] == b':' && assigns) => {
                    known = false;
                    self.at += 1;
                }
                b'=' if self.at == value_start && self.shell == Reader::Zsh => {
                    known = false;
                    self.at += 1;
                }
                0 => return None,
                byte => {
                    out.push(&[byte]);
                    self.at += 1;
                }
            }
        }
        Some(Token::Word {
            name,
            value: known.then(|| out.finish()),
        })
    }

    /// Between double quotes. Returns whether the text depends on nothing.
    fn double(&mut self, out: &mut SecretBuilder) -> Option<bool> {
        let mut known = true;
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(known);
                }
                b'\\' => {
                    match self.text.get(self.at + 1)? {
                        b'\n' => {}
                        byte @ (b'"' | b'\\' | b'$' | b'`') => out.push(&[*byte]),
                        byte => out.push(&[b'\\', *byte]),
                    }
                    self.at += 2;
                }
                b'`' => {
                    self.runs = true;
                    known = false;
                    self.at = super::find(b'`', self.text, self.at + 1)? + 1;
                }
                b'$' => known &= self.dollar(out),
                0 => return None,
                byte => {
                    out.push(&[byte]);
                    self.at += 1;
                }
            }
        }
    }

    /// A `$`: literal if nothing follows that it could expand.
    fn dollar(&mut self, out: &mut SecretBuilder) -> bool {
        self.at += 1;
        match self.peek() {
            Some(b'(') => {
                self.runs = true;
                self.at += 1;
                false
            }
            Some(b'{' | b'[') => {
                self.at += 1;
                false
            }
            Some(byte)
                if is_word(byte)
                    || matches!(byte, b'@' | b'*' | b'#' | b'?' | b'$' | b'!' | b'-')
                    || (self.shell == Reader::Zsh
                        && matches!(byte, b'^' | b'=' | b'~' | b'+' | b':')) =>
            {
                self.at += 1;
                false
            }
            _ => {
                out.push(b"$");
                true
            }
        }
    }
}
