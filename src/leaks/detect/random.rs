//! Measures of randomness.

/// Fewest and most characters of a text that can be called random.
const RANDOM_LEN: std::ops::RangeInclusive<usize> = 20..=512;

/// Reports whether a value looks random.
///
/// Three measures have to agree, because each alone also fits names and paths:
/// - One word of 20 to 512 ASCII characters, without the punctuation of lists, sentences, JSON,
///   patterns and URLs; no hexadecimal number, UUID, ULID, host name, e-mail address, semantic
///   version or integrity hash.
/// - Shannon entropy of its characters: 3.0 bits at least; from 32 characters on 3.5, with both
///   cases 4.0. Random base64 has about 4.5 at 32 characters and 5.2 at 64.
/// - Changes between letter and digit, and from small to capital, side by side: a quarter of the
///   length; from 32 characters on, or (from 24 on) with one case only, a fifth. Random base64
///   has 0.42, hexadecimal 0.47, base32 0.30; camel case and versions hardly reach 0.2. Two at
///   least have a digit, so that a number at the end of a name does not count.
pub(crate) fn is_random(text: &str) -> bool {
    if !RANDOM_LEN.contains(&text.len())
        || !text.bytes().all(|byte| byte.is_ascii_graphic())
        || text.contains([
            ',', ';', ':', '(', ')', '{', '}', '[', ']', '<', '>', '|', '"', '\'', '`', '\\',
        ])
        || is_known_plain(text)
    {
        return false;
    }
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let (lower, upper) = (has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    if !has(u8::is_ascii_digit) || !(lower || upper) {
        return false;
    }
    let length = text.len();
    let (least_changes, least_entropy) = match (lower && upper, length) {
        (true, ..32) => (length.div_ceil(4), 3.0),
        (true, _) => (length.div_ceil(5), 4.0),
        (false, ..24) => return false,
        (false, ..32) => (length.div_ceil(5), 3.0),
        (false, _) => (length.div_ceil(5), 3.5),
    };
    let (with_digit, changes) = changes(text);
    with_digit >= 2 && changes >= least_changes && entropy(text) >= least_entropy
}

fn is_known_plain(text: &str) -> bool {
    let is_hex = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    let is_domain = |text: &str| {
        text.rsplit_once('.').is_some_and(|(before, last)| {
            (2..=12).contains(&last.len())
                && last.bytes().all(|byte| byte.is_ascii_lowercase())
                && before
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        })
    };
    let is_ulid = text.len() == 26
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (byte.is_ascii_uppercase() && byte != b'U'))
        && text.starts_with(|c: char| ('0'..='7').contains(&c));
    let mut dots = text.trim_start_matches('v').split('.');
    let mut is_number = || {
        dots.next()
            .is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    is_hex(text.strip_prefix("0x").unwrap_or(text))
        || is_ulid
        || is_domain(text)
        || text
            .split_once('@')
            .is_some_and(|(_, host)| is_domain(host))
        || (is_number() && is_number())
        || ["sha1-", "sha256-", "sha384-", "sha512-"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
}

/// Returns how often a letter follows a digit or a digit a letter, and that number plus how often an
/// upper-case letter follows a lower-case one.
fn changes(text: &str) -> (usize, usize) {
    let (mut with_digit, mut of_case) = (0, 0);
    for pair in text.as_bytes().windows(2) {
        let (a, b) = (pair[0], pair[1]);
        with_digit += usize::from(
            (a.is_ascii_alphabetic() && b.is_ascii_digit())
                || (a.is_ascii_digit() && b.is_ascii_alphabetic()),
        );
        of_case += usize::from(a.is_ascii_lowercase() && b.is_ascii_uppercase());
    }
    (with_digit, with_digit + of_case)
}

/// Returns the Shannon entropy in bits per character.
fn entropy(text: &str) -> f64 {
    let mut counts = [0usize; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = text.len() as f64;
    let share = |&count: &usize| count as f64 / length;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(share)
        .map(|share| -share * log2(share))
        .sum()
}

/// Returns the binary logarithm of a normal positive number, to thirteen digits.
///
/// `f64::log2` would be the only reason to load the C mathematics library at every start.
pub(super) fn log2(x: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    // In [1, 2); around 1 the series below converges fast.
    let mantissa = f64::from_bits((bits & MANTISSA) | (1023 << 52));
    let (exponent, mantissa) = if mantissa > std::f64::consts::SQRT_2 {
        (exponent + 1, mantissa / 2.0)
    } else {
        (exponent, mantissa)
    };
    // ln m = 2 artanh t = 2 (t + t³/3 + t⁵/5 + …)
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = (0..10)
        .rev()
        .fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    exponent as f64 + 2.0 * t * series * std::f64::consts::LOG2_E
}

/// Reports whether a URL's path or query has a part that nobody would guess. Used only where the
/// name says webhook, because paths of assets have such parts too.
pub(super) fn has_random_segment(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    rest.split(['/', '?', '=', '&']).skip(1).any(|part| {
        let (_, changes) = changes(part);
        part.len() >= 10 && changes >= 3 && changes * 6 >= part.len()
    })
}

/// Reports whether a text is a hexadecimal number as long as keys are. Checksums look the same.
pub(super) fn is_hex_key(text: &str) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    // 0x and 40 digits is the address of an account.
    let is_length = match digits.len() {
        40 => digits.len() == text.len(),
        length => matches!(length, 32 | 48 | 50 | 56 | 64 | 96 | 128),
    };
    is_length
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        && digits.bytes().any(|byte| byte.is_ascii_alphabetic())
        && entropy(digits) >= 2.0
}

/// Reports whether a text is a UUID.
pub(super) fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && entropy(text) >= 2.0
}

/// Reports whether a text that is not long or mixed enough to be random may still be: one word of
/// ten characters or more, with digits and letters side by side, that is not made of words.
pub(super) fn is_mixed(text: &str) -> bool {
    if !(10..=*RANDOM_LEN.end()).contains(&text.len())
        || !text.bytes().all(|byte| byte.is_ascii_graphic())
        || text.contains([
            ',', ';', ':', '(', ')', '{', '}', '[', ']', '<', '>', '|', '"', '\\',
        ])
        || is_known_plain(text)
        || is_made_of_words(text)
    {
        return false;
    }
    let (with_digit, changes) = changes(text);
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let symbols = has(|byte| byte.is_ascii_punctuation() && !b"-_./@+=".contains(byte));
    let classes = [
        has(u8::is_ascii_lowercase),
        has(u8::is_ascii_uppercase),
        has(u8::is_ascii_digit),
        symbols,
    ];
    let classes = classes.iter().filter(|class| **class).count();
    (classes >= 3 && with_digit >= 2 && changes >= 3)
        || (classes == 2 && text.len() >= 16 && with_digit * 4 >= text.len())
}

/// Reports whether a text is made of ordinary words, numbers and what joins them in names, paths,
/// versions and host names.
pub(super) fn is_made_of_words(text: &str) -> bool {
    const JOINTS: &[char] = &[
        '-', '_', '.', '/', ':', '@', ' ', ',', '+', '=', '{', '}', '<', '>', '(', ')', '*', '#',
    ];
    text.len() <= 120
        && text.split(JOINTS).all(|part| {
            is_word(part)
                || is_camel_case(part)
                || (part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        })
}

/// Reports whether a text is camel case: words of about four letters or more, and up to three
/// digits.
fn is_camel_case(text: &str) -> bool {
    let count = |test: fn(&u8) -> bool| text.as_bytes().iter().filter(|byte| test(byte)).count();
    let letters = count(u8::is_ascii_alphabetic);
    let digits = count(u8::is_ascii_digit);
    letters + digits == text.len()
        && digits <= 3
        && letters >= 4 * count(u8::is_ascii_uppercase)
        && letters >= 4 * digits
}

/// Reports whether a text is a word: letters in one case, capitalised or not, or a number, or a
/// short word with a number.
pub(super) fn is_word(text: &str) -> bool {
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - letters.len();
    let rest = letters.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let capitals = letters.len() - rest.len();
    let is_one_case =
        rest.bytes().all(|byte| byte.is_ascii_lowercase()) && (capitals <= 1 || rest.is_empty());
    is_one_case && digits <= 4 && (digits == 0 || letters.len() <= 6)
}
