//! What readers misread or refuse: the [`Problem`] of a line, and the [`Reason`] why a value is
//! ambiguous.

/// Why readers disagree about where a value ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A quote is not closed, or closes where another value seems to begin.
    UnclosedQuote,
    /// Something other than a comment follows the closing quote.
    TextAfterQuote,
    /// A backslash before the closing quote: some readers run on to the next quote.
    BackslashBeforeQuote,
    /// A second assignment on the same line, which a shell performs.
    TwoAssignments,
    /// For a shell the value continues on the next line, which no other reader understands.
    Continued,
    /// A CR without LF, which ends the line for some readers.
    LoneCr,
    /// A NUL byte, where some readers stop.
    Nul,
    /// `NAME: value`, an assignment for some readers.
    ColonForm,
    /// White space other than blank and tab, which some readers skip.
    OddSpace,
    /// The file is UTF-16.
    Utf16,
}

impl Reason {
    /// Returns the stable code of this reason.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "unclosed_quote",
            Self::TextAfterQuote => "text_after_quote",
            Self::BackslashBeforeQuote => "backslash_before_quote",
            Self::TwoAssignments => "two_assignments",
            Self::Continued => "continued",
            Self::LoneCr => "lone_cr",
            Self::Nul => "nul",
            Self::ColonForm => "colon_form",
            Self::OddSpace => "odd_space",
            Self::Utf16 => "utf16",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnclosedQuote => "a quote is not closed",
            Self::TextAfterQuote => "text follows the closing quote",
            Self::BackslashBeforeQuote => {
                "a backslash precedes the closing quote, so some readers read on after it"
            }
            Self::TwoAssignments => "two assignments seem to be on one line",
            Self::Continued => "a shell reads the next line as part of the value",
            Self::LoneCr => "a carriage return without line feed ends the line for some readers",
            Self::Nul => "a NUL byte",
            Self::ColonForm => "a colon in place of the equals sign",
            Self::OddSpace => "white space that only some readers skip",
            Self::Utf16 => "the file is UTF-16, which no reader understands",
        })
    }
}

/// Something that at least one reader misreads or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// The kind of problem.
    pub kind: ProblemKind,
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A quote opens and nothing closes it.
    UnclosedQuote,
    /// Something other than a comment follows a closing quote.
    TextAfterQuote,
    /// A single-quoted value that ends in a backslash.
    BackslashBeforeQuote,
    /// Two assignments on one line.
    TwoAssignments,
    /// A line that is neither an assignment nor a comment.
    Garbage,
    /// A name without `=`.
    NoEquals,
    /// `NAME: value`.
    ColonForm,
    /// A quote inside a bare value: shells and dotenvy read it as an opening quote.
    QuoteInBareValue,
    /// A bare value that ends in a backslash: shells join it with the next line.
    BackslashAtLineEnd,
    /// The file begins with a byte order mark.
    Bom,
    /// A byte order mark precedes the first name and hides it from many readers.
    BomHidesName,
    /// A NUL byte (the first one).
    Nul,
    /// A CR without LF (the first one).
    LoneCr,
    /// Bytes that are not UTF-8 (the first ones): many readers refuse the file.
    InvalidUtf8,
    /// The file is UTF-16.
    Utf16,
}

impl ProblemKind {
    /// Returns the stable code of this kind.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "unclosed_quote",
            Self::TextAfterQuote => "text_after_quote",
            Self::BackslashBeforeQuote => "backslash_before_quote",
            Self::TwoAssignments => "two_assignments",
            Self::Garbage => "garbage",
            Self::NoEquals => "no_equals",
            Self::ColonForm => "colon_form",
            Self::QuoteInBareValue => "quote_in_bare_value",
            Self::BackslashAtLineEnd => "backslash_at_line_end",
            Self::Bom => "bom",
            Self::BomHidesName => "bom_hides_name",
            Self::Nul => "nul",
            Self::LoneCr => "lone_cr",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::Utf16 => "utf16",
        }
    }
}

impl std::fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnclosedQuote => "a quote is not closed",
            Self::TextAfterQuote => "text follows the closing quote",
            Self::BackslashBeforeQuote => "a backslash precedes the closing quote",
            Self::TwoAssignments => "two assignments seem to be on one line",
            Self::Garbage => "this is neither an assignment nor a comment",
            Self::NoEquals => "a name without an equals sign",
            Self::ColonForm => "a colon in place of the equals sign",
            Self::QuoteInBareValue => "a quote inside a value that is not quoted",
            Self::BackslashAtLineEnd => "a value without quotes ends in a backslash",
            Self::Bom => "the file begins with a byte order mark",
            Self::BomHidesName => "a byte order mark hides the first name from many readers",
            Self::Nul => "a NUL byte",
            Self::LoneCr => "a carriage return without line feed",
            Self::InvalidUtf8 => "bytes that are not UTF-8",
            Self::Utf16 => "the file is UTF-16, which no reader understands",
        })
    }
}
