//! Random values by recipe.
//!
//! Owns: the recipes and their text form, which an entry keeps so that `rotate` can repeat it.
//!
//! Invariants: every value of a recipe is equally likely; where an alphabet does not divide the
//! range of the random bytes, bytes outside are thrown away, never folded back. The random bytes
//! come from the caller; nothing here is random by itself.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, BASE64URL_NOPAD, Encoding, HEXLOWER};
use diceware_wordlists::EFF_LONG_WORDLIST;
use zeroize::Zeroizing;

use crate::model::secret::{SecretBuilder, SecretBytes};

/// The words, each filled up with zeros.
///
/// Packed when the program is compiled: the list itself is thousands of pointers, which would have
/// to be relocated at every start, whatever the command.
static WORDS: [[u8; LONGEST_WORD]; EFF_LONG_WORDLIST.len()] = {
    let mut packed = [[0; LONGEST_WORD]; EFF_LONG_WORDLIST.len()];
    let mut index = 0;
    while index < packed.len() {
        let word = EFF_LONG_WORDLIST[index].as_bytes();
        let mut at = 0;
        while at < word.len() {
            packed[index][at] = word[at];
            at += 1;
        }
        index += 1;
    }
    packed
};

/// A longer one would not compile.
const LONGEST_WORD: usize = 9;

fn word(index: usize) -> &'static [u8] {
    let packed = &WORDS[index];
    let end = packed.iter().position(|&byte| byte == 0);
    &packed[..end.unwrap_or(LONGEST_WORD)]
}

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// How a value looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4648 section 4, with padding.
    Base64,
    /// RFC 4648 section 5, without padding.
    Base64Url,
    /// Lower-case hex digits.
    Hex,
    /// Letters and digits.
    Alphanumeric,
    /// RFC 9562 version 4.
    Uuid,
    /// Words of the EFF's long list, joined by dashes.
    Words,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Base64,
        Self::Base64Url,
        Self::Hex,
        Self::Alphanumeric,
        Self::Uuid,
        Self::Words,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Hex => "hex",
            Self::Alphanumeric => "alphanumeric",
            Self::Uuid => "uuid",
            Self::Words => "words",
        }
    }
}

impl FromStr for Format {
    type Err = RecipeError;

    fn from_str(text: &str) -> Result<Self, RecipeError> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or(RecipeError::Format)
    }
}

/// A format and how much of it: random bytes for the encodings, characters for `alphanumeric`,
/// words for `words`, nothing for `uuid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    format: Format,
    amount: usize,
}

/// Why there is no such recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// Not one of the formats.
    #[error("there is no such format; there are base64, base64url, hex, alphanumeric, uuid, words")]
    Format,
    /// Guessable, or longer than a value.
    #[error("{format} takes {range} {unit}", format = .0.as_str(), range = .0.range(), unit = .0.unit())]
    Amount(Format),
    /// So many characters, of a format that is measured in bytes.
    #[error("{format} is measured in bytes, not in characters", format = .0.as_str())]
    Length(Format),
}

impl RecipeError {
    /// The stable name of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Format => "recipe_format",
            Self::Amount(_) => "recipe_amount",
            Self::Length(_) => "recipe_length",
        }
    }
}

impl Format {
    /// The least amount keeps 64 bits or more; the most fits in a value.
    fn limits(self) -> (usize, usize) {
        match self {
            Self::Base64 | Self::Base64Url | Self::Hex => (8, 4096),
            Self::Alphanumeric => (11, 4096),
            Self::Uuid => (16, 16),
            Self::Words => (5, 64),
        }
    }

    fn range(self) -> String {
        match self.limits() {
            (least, most) if least == most => least.to_string(),
            (least, most) => format!("{least} to {most}"),
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Base64 | Self::Base64Url | Self::Hex | Self::Uuid => "bytes",
            Self::Alphanumeric => "characters",
            Self::Words => "words",
        }
    }
}

impl Default for Recipe {
    /// 48 bytes, base64.
    fn default() -> Self {
        Self {
            format: Format::Base64,
            amount: 48,
        }
    }
}

impl Recipe {
    /// A recipe with the format's usual amount.
    pub fn usual(format: Format) -> Self {
        let amount = match format {
            Format::Base64 | Format::Base64Url | Format::Hex => 48,
            Format::Alphanumeric => 64,
            Format::Uuid => 16,
            Format::Words => 8,
        };
        Self { format, amount }
    }

    /// A recipe for so many characters or words, or so many bytes for the encodings.
    pub fn new(format: Format, amount: usize) -> Result<Self, RecipeError> {
        let (least, most) = format.limits();
        if (least..=most).contains(&amount) {
            Ok(Self { format, amount })
        } else {
            Err(RecipeError::Amount(format))
        }
    }

    /// A recipe for so many characters or words.
    pub fn with_length(format: Format, length: usize) -> Result<Self, RecipeError> {
        match format {
            Format::Alphanumeric | Format::Words => Self::new(format, length),
            Format::Base64 | Format::Base64Url | Format::Hex | Format::Uuid => {
                Err(RecipeError::Length(format))
            }
        }
    }

    /// A recipe for a value that is as hard to guess as so many random bytes.
    pub fn with_bytes(format: Format, bytes: usize) -> Result<Self, RecipeError> {
        let bits = bytes.saturating_mul(8) as f64;
        let amount = match format {
            Format::Base64 | Format::Base64Url | Format::Hex | Format::Uuid => bytes,
            Format::Alphanumeric => (bits / 62f64.log2()).ceil() as usize,
            Format::Words => (bits / (WORDS.len() as f64).log2()).ceil() as usize,
        };
        Self::new(format, amount)
    }

    /// Makes a value. `random` fills a block with random bytes.
    pub fn generate<E>(
        &self,
        mut random: impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<SecretBytes, E> {
        match self.format {
            Format::Base64 => self.encoded(random, |bytes| encode(&BASE64, bytes)),
            Format::Base64Url => self.encoded(random, |bytes| encode(&BASE64URL_NOPAD, bytes)),
            Format::Hex => self.encoded(random, |bytes| encode(&HEXLOWER, bytes)),
            Format::Alphanumeric => {
                let mut out = SecretBuilder::with_capacity(self.amount);
                for _ in 0..self.amount {
                    let index = below(ALPHANUMERIC.len(), &mut random)?;
                    out.push(&[ALPHANUMERIC[index]]);
                }
                Ok(out.finish())
            }
            Format::Uuid => self.encoded(random, encode_uuid),
            Format::Words => {
                let mut out = SecretBuilder::with_capacity(self.amount * 10);
                for n in 0..self.amount {
                    if n > 0 {
                        out.push(b"-");
                    }
                    out.push(word(below(WORDS.len(), &mut random)?));
                }
                Ok(out.finish())
            }
        }
    }

    fn encoded<E>(
        &self,
        mut random: impl FnMut(&mut [u8]) -> Result<(), E>,
        encode: impl FnOnce(&[u8]) -> SecretBytes,
    ) -> Result<SecretBytes, E> {
        let mut bytes = Zeroizing::new(vec![0; self.amount]);
        random(&mut bytes)?;
        Ok(encode(&bytes))
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.format.as_str(), self.amount)
    }
}

impl FromStr for Recipe {
    type Err = RecipeError;

    fn from_str(text: &str) -> Result<Self, RecipeError> {
        let (format, amount) = text.split_once(' ').ok_or(RecipeError::Format)?;
        let format: Format = format.parse()?;
        Self::new(
            format,
            amount.parse().map_err(|_| RecipeError::Amount(format))?,
        )
    }
}

/// A number below `limit` (at most 65,536), all equally likely.
fn below<E>(limit: usize, random: &mut impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<usize, E> {
    let fair = 65_536 - 65_536 % limit;
    loop {
        let mut bytes = Zeroizing::new([0; 2]);
        random(&mut *bytes)?;
        let number = usize::from(u16::from_le_bytes(*bytes));
        if number < fair {
            return Ok(number % limit);
        }
    }
}

fn encode(encoding: &Encoding, bytes: &[u8]) -> SecretBytes {
    // Into a block of the right length, so that none is left behind by growing.
    let mut text = vec![0; encoding.encode_len(bytes.len())];
    encoding.encode_mut(bytes, &mut text);
    SecretBytes::new(text)
}

/// The sixteen bytes with the version and the variant put in.
fn encode_uuid(bytes: &[u8]) -> SecretBytes {
    let mut bytes = Zeroizing::new(bytes.to_vec());
    if let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes[..] {
        *version = *version & 0x0f | 0x40;
        *variant = *variant & 0x3f | 0x80;
    }
    let digits = encode(&HEXLOWER, &bytes);
    let mut text = SecretBuilder::with_capacity(36);
    let mut start = 0;
    for len in [8, 4, 4, 4, 12] {
        if start > 0 {
            text.push(b"-");
        }
        text.push(digits.expose().get(start..start + len).unwrap_or_default());
        start += len;
    }
    text.finish()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    fn system(bytes: &mut [u8]) -> Result<(), Infallible> {
        getrandom::fill(bytes).unwrap();
        Ok(())
    }

    fn text(recipe: &Recipe) -> String {
        let value = recipe.generate(system).unwrap();
        value.as_str().unwrap().to_owned()
    }

    proptest! {
        #[test]
        fn a_recipe_reads_back(format in 0usize..6, amount in 0usize..5000) {
            if let Ok(recipe) = Recipe::new(Format::ALL[format], amount) {
                prop_assert_eq!(recipe.to_string().parse::<Recipe>(), Ok(recipe));
            }
        }

        #[test]
        fn encodings_decode_to_the_random_bytes(bytes in prop::collection::vec(any::<u8>(), 8..200)) {
            let given = |out: &mut [u8]| { out.copy_from_slice(&bytes); Ok::<_, Infallible>(()) };
            for (format, encoding) in [
                (Format::Base64, &BASE64), (Format::Base64Url, &BASE64URL_NOPAD), (Format::Hex, &HEXLOWER),
            ] {
                let value = Recipe::new(format, bytes.len()).unwrap().generate(given).unwrap();
                prop_assert_eq!(encoding.decode(value.expose()).unwrap(), bytes.clone());
            }
        }
    }

    #[test]
    fn the_usual_value_is_64_characters_of_base64() {
        let value = text(&Recipe::default());
        assert_eq!(value.len(), 64);
        assert_eq!(BASE64.decode(value.as_bytes()).unwrap().len(), 48);
        assert_ne!(value, text(&Recipe::default()));
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        for _ in 0..100 {
            let value = text(&Recipe::usual(Format::Uuid));
            let parts: Vec<&str> = value.split('-').collect();
            assert_eq!(
                parts.iter().map(|part| part.len()).collect::<Vec<_>>(),
                [8, 4, 4, 4, 12]
            );
            assert!(parts[2].starts_with('4'));
            assert!(parts[3].starts_with(['8', '9', 'a', 'b']));
        }
    }

    #[test]
    fn no_letter_is_likelier_than_another() {
        // 62 classes, expectation 1,000 each: chi-squared with 61 degrees of freedom is over 120
        // once in 10^5 runs; folding bytes back (256 mod 62) would give over 500.
        let recipe = Recipe::new(Format::Alphanumeric, 4096).unwrap();
        let mut counts = [0u32; 62];
        let mut total = 0;
        while total < 62_000 {
            for byte in text(&recipe).bytes() {
                counts[ALPHANUMERIC
                    .iter()
                    .position(|&letter| letter == byte)
                    .unwrap()] += 1;
                total += 1;
            }
        }
        let expected = f64::from(total) / 62.0;
        let chi: f64 = counts
            .iter()
            .map(|&count| (f64::from(count) - expected).powi(2) / expected)
            .sum();
        assert!(chi < 130.0, "{chi}");
    }

    #[test]
    fn unfair_random_numbers_are_thrown_away() {
        let mut given = [0xffffu16, 0xfffe, 7].into_iter();
        let mut random = |bytes: &mut [u8]| {
            bytes.copy_from_slice(&given.next().unwrap().to_le_bytes());
            Ok::<_, Infallible>(())
        };
        assert_eq!(below(62, &mut random).unwrap(), 7);
    }

    #[test]
    fn words_come_from_the_list_and_bytes_become_enough_of_them() {
        let recipe = Recipe::with_bytes(Format::Words, 16).unwrap();
        assert_eq!(recipe, Recipe::new(Format::Words, 10).unwrap());
        assert_eq!(WORDS.len(), 7776);
        for (index, &whole) in EFF_LONG_WORDLIST.iter().enumerate() {
            assert_eq!(word(index), whole.as_bytes());
        }
        // Some words of the list have dashes of their own.
        assert!(text(&recipe).split('-').count() >= 10);
        assert_eq!(
            Recipe::with_bytes(Format::Alphanumeric, 32),
            Recipe::new(Format::Alphanumeric, 43)
        );
    }

    #[test]
    fn what_can_be_guessed_is_refused() {
        assert!(Recipe::new(Format::Hex, 4).is_err());
        assert!(Recipe::new(Format::Words, 3).is_err());
        assert!(Recipe::new(Format::Base64, 1 << 30).is_err());
        assert!("rot13".parse::<Format>().is_err());
        assert!("hex".parse::<Recipe>().is_err());
    }
}
