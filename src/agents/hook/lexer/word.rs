//! The words of a command line: quoting and expansions.

use super::{Item, Lexer, Part, Word, lex_into, printed};

impl Lexer<'_> {
    pub(super) fn word(&mut self) -> Word {
        let mut word = Word::default();
        let home =
            self.peek(0) == Some('~') && self.peek(1).is_none_or(|c| c == '/' || is_separator(c));
        if home {
            self.at += 1;
            word.parts.push(Part::Variable("HOME".to_owned()));
        }
        while let Some(c) = self.peek(0) {
            match c {
                c if is_separator(c) => break,
                '\\' => {
                    self.at += 1;
                    // A backslash before the line's end joins the lines.
                    if !self.take_if('\n')
                        && let Some(c) = self.peek(0)
                    {
                        self.at += 1;
                        word.push(c);
                    }
                }
                '\'' => {
                    self.at += 1;
                    word.push_str("");
                    while let Some(c) = self.peek(0) {
                        self.at += 1;
                        if c == '\'' {
                            break;
                        }
                        word.push(c);
                    }
                }
                '"' => {
                    self.at += 1;
                    self.double_quoted(&mut word);
                }
                '$' if self.peek(1) == Some('\'') => {
                    self.at += 2;
                    self.ansi_quoted(&mut word);
                }
                '$' if self.peek(1) == Some('"') => self.at += 1,
                '$' => self.expansion(&mut word),
                '`' => self.backticks(&mut word),
                c => {
                    self.at += 1;
                    word.braces |= c == '{';
                    word.push(c);
                }
            }
        }
        word
    }

    fn double_quoted(&mut self, word: &mut Word) {
        word.push_str("");
        while let Some(c) = self.peek(0) {
            match c {
                '"' => {
                    self.at += 1;
                    return;
                }
                '\\' => {
                    self.at += 1;
                    match self.peek(0) {
                        Some('\n') => self.at += 1,
                        Some(c @ ('$' | '`' | '"' | '\\')) => {
                            self.at += 1;
                            word.push(c);
                        }
                        _ => word.push('\\'),
                    }
                }
                '$' => self.expansion(word),
                '`' => self.backticks(word),
                c => {
                    self.at += 1;
                    word.push(c);
                }
            }
        }
    }

    fn ansi_quoted(&mut self, word: &mut Word) {
        word.push_str("");
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                '\'' => return,
                '\\' => {
                    let c = self.peek(0).unwrap_or('\\');
                    self.at += 1;
                    word.push(match c {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        c => c,
                    });
                }
                c => word.push(c),
            }
        }
    }

    fn expansion(&mut self, word: &mut Word) {
        self.at += 1;
        match self.peek(0) {
            Some('(') if self.peek(1) == Some('(') => {
                self.arithmetic();
                word.parts.push(Part::Unknown);
            }
            Some('(') => {
                self.at += 1;
                let from = self.script.items.len();
                self.shell();
                match printed(self.script, from) {
                    Some(parts) => parts.into_iter().for_each(|part| word.push_part(part)),
                    None => word.parts.push(Part::Unknown),
                }
            }
            Some('{') => {
                self.at += 1;
                self.braced(word);
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name = self.name();
                word.parts.push(Part::Variable(name));
            }
            Some(c) if c.is_ascii_digit() || "@*#?$!-".contains(c) => {
                self.at += 1;
                word.parts.push(Part::Unknown);
            }
            _ => word.push('$'),
        }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self
            .peek(0)
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        {
            self.at += 1;
            name.push(c);
        }
        name
    }

    /// `${NAME}`; `${NAME:-default}` is taken for its default.
    fn braced(&mut self, word: &mut Word) {
        let name = self.name();
        if self.take_if('}') && !name.is_empty() {
            word.parts.push(Part::Variable(name));
            return;
        }
        let has_default = self.peek(0) == Some(':') && matches!(self.peek(1), Some('-' | '='));
        let mut inner = String::new();
        let mut open = 1;
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                '{' => open += 1,
                '}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
            inner.push(c);
        }
        if has_default {
            word.push_str(&inner[2..]);
        } else {
            word.parts.push(Part::Unknown);
        }
    }

    fn backticks(&mut self, word: &mut Word) {
        self.at += 1;
        let mut inner = String::new();
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                '`' => break,
                '\\' if matches!(self.peek(0), Some('`' | '\\' | '$')) => {
                    inner.extend(self.peek(0));
                    self.at += 1;
                }
                c => inner.push(c),
            }
        }
        self.script.items.push(Item::Open);
        lex_into(&inner, self.script, self.depth + 1);
        self.script.items.push(Item::Close);
        word.parts.push(Part::Unknown);
    }
}

impl Word {
    /// The word as it stands there, without what only running would tell.
    pub(in crate::agents::hook) fn literal(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Variable(name) => format!("${name}"),
            Part::Unknown => String::new(),
        });
        parts.collect()
    }

    fn push(&mut self, c: char) {
        self.push_str("");
        if let Some(Part::Text(text)) = self.parts.last_mut() {
            text.push(c);
        }
    }

    fn push_part(&mut self, part: Part) {
        match part {
            Part::Text(text) => self.push_str(&text),
            part => self.parts.push(part),
        }
    }

    fn push_str(&mut self, more: &str) {
        if let Some(Part::Text(text)) = self.parts.last_mut() {
            text.push_str(more);
        } else {
            self.parts.push(Part::Text(more.to_owned()));
        }
    }
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>'
    )
}
