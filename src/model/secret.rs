//! The one carrier of a secret, from the first byte read to the last written.
//!
//! [`SecretBytes`] has no `Display` and no `Serialize`, its `Debug` is redacted, its memory is
//! wiped when it goes. It never grows in place: growing would let the allocator copy the old
//! block and leave the bytes behind, unwiped. [`SecretBuilder`] is how one grows: it moves to a
//! larger block itself and wipes the one it leaves.
//!
//! Limits: the kernel may have written a page to swap, and a library that is handed the bytes
//! (age, the TOML parser never) may make copies of its own.

use std::fmt;
use std::io::{self, Read};

use zeroize::{Zeroize, Zeroizing};

/// Secret bytes of any length, wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the bytes over without copying them.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Copies a slice into a block of exactly its length.
    pub fn copy_of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// The bytes. Named so that every place that lets them out can be found.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes as text, if they are UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Reads to the end, but no more than `limit` bytes.
    ///
    /// Reads straight into the block that is returned; one of `expected` bytes is enough if the
    /// guess was right. Returns `Ok(None)` if there were more than `limit` bytes; what was read is
    /// wiped.
    pub fn read_at_most(
        mut reader: impl Read,
        limit: usize,
        expected: usize,
    ) -> io::Result<Option<Self>> {
        let capacity = limit.saturating_add(1).min(expected.saturating_add(1));
        let mut builder = SecretBuilder::with_capacity(capacity);
        loop {
            let room = builder.room();
            match reader.read(room) {
                Ok(0) => return Ok(Some(builder.finish())),
                Ok(n) => {
                    builder.advance(n);
                    if builder.len() > limit {
                        return Ok(None);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The same bytes without the last `n`, which are wiped.
    #[must_use = "the shortened secret is returned"]
    pub fn without_last(mut self, n: usize) -> Self {
        let keep = self.0.len().saturating_sub(n);
        self.0[keep..].zeroize();
        self.0.truncate(keep);
        self
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes([redacted])")
    }
}

impl From<&str> for SecretBytes {
    fn from(text: &str) -> Self {
        Self::copy_of(text.as_bytes())
    }
}

/// Collects secret bytes whose number is not known beforehand.
#[derive(Default)]
pub struct SecretBuilder {
    block: Zeroizing<Vec<u8>>,
    len: usize,
}

impl SecretBuilder {
    /// A builder whose first block has this many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            block: Zeroizing::new(vec![0; capacity.max(64)]),
            len: 0,
        }
    }

    /// Bytes collected so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none were collected.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What was collected so far.
    pub fn so_far(&self) -> &[u8] {
        &self.block[..self.len]
    }

    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.block[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// The free part of the block, never empty.
    fn room(&mut self) -> &mut [u8] {
        self.reserve(1);
        &mut self.block[self.len..]
    }

    fn advance(&mut self, n: usize) {
        self.len += n;
        debug_assert!(self.len <= self.block.len());
    }

    fn reserve(&mut self, more: usize) {
        let wanted = self.len + more;
        if wanted > self.block.len() {
            let mut larger = Zeroizing::new(vec![0; wanted.max(self.block.len() * 2).max(64)]);
            larger[..self.len].copy_from_slice(&self.block[..self.len]);
            self.block = larger; // the old block is wiped as it drops
        }
    }

    /// What was collected.
    pub fn finish(mut self) -> SecretBytes {
        let mut block = std::mem::take(&mut *self.block);
        block.truncate(self.len); // what lies behind is zeros or was never used
        SecretBytes::new(block)
    }
}

impl io::Write for SecretBuilder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Overwrites what a call that has just returned may have left on the stack.
///
/// `DEPTH` bytes of it: as deep as the call can have gone, and no deeper. A listing opens thousands
/// of entries, and each wipe also takes its room in the processor's cache.
///
/// For libraries that keep secret bytes in values of their own, which are wiped, if at all, only in
/// the last place that they were moved to.
#[inline(never)]
pub(crate) fn wipe_stack<const DEPTH: usize>() {
    let block = [0u8; DEPTH];
    std::hint::black_box(&block);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let secret = SecretBytes::from("canary-1");
        assert!(!format!("{secret:?}").contains("canary"));
    }

    #[test]
    fn reading_stops_one_byte_over_the_limit() {
        assert!(
            SecretBytes::read_at_most(&[7u8; 100][..], 99, 0)
                .unwrap()
                .is_none()
        );
        let all = SecretBytes::read_at_most(&[7u8; 100][..], 100, 64)
            .unwrap()
            .unwrap();
        assert_eq!(all.expose(), &[7u8; 100]);
        let large = vec![9u8; 300_000];
        let all = SecretBytes::read_at_most(&large[..], 1 << 20, 4096)
            .unwrap()
            .unwrap();
        assert_eq!(all.expose(), &large[..]);
    }

    #[test]
    fn the_end_can_be_dropped() {
        let secret = SecretBytes::from("canary\n").without_last(1);
        assert_eq!(secret.expose(), b"canary");
        assert!(SecretBytes::from("x").without_last(5).is_empty());
    }

    #[test]
    fn a_builder_grows_without_losing_bytes() {
        let mut builder = SecretBuilder::default();
        let mut expected = Vec::new();
        for i in 0..1000u32 {
            builder.push(&i.to_le_bytes());
            expected.extend(i.to_le_bytes());
        }
        assert_eq!(builder.finish().expose(), &expected[..]);
    }
}
