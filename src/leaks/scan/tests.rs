use proptest::prelude::*;

use super::*;

fn needles(values: &[&[u8]]) -> Needles {
    let values: Vec<SecretBytes> = values.iter().map(|v| SecretBytes::copy_of(v)).collect();
    Needles::new(&values).unwrap()
}

/// A reader that gives so many bytes at a time.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn hits(needles: &Needles, stream: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut buffer = Buffer::default();
    let length = needles.search(stream, &mut buffer, |hit| hits.push(hit));
    assert_eq!(length.unwrap(), stream.len() as u64);
    hits
}

fn places(needles: &Needles, stream: &[u8]) -> Vec<(usize, u64)> {
    let hits = hits(needles, stream);
    hits.iter().map(|hit| (hit.value, hit.offset)).collect()
}

#[test]
fn values_are_found_with_their_lines() {
    let needles = needles(&[b"canary-1-Kx7", b"second-2-Qw9"]);
    let stream = b"a canary-1-Kx7\n\n>second-2-Qw9second-2-Qw9";
    let hits = hits(&needles, stream);
    let lines: Vec<_> = hits.iter().map(|hit| (hit.value, hit.line)).collect();
    assert_eq!(lines, [(0, Some(1)), (1, Some(3)), (1, Some(3))]);
    assert_eq!(hits[1].offset, 17);
    assert_eq!(hits[0].kind, Kind::Value);
}

#[test]
fn a_file_with_nul_bytes_has_no_lines() {
    let needles = needles(&[b"canary-1-Kx7"]);
    let hits = hits(&needles, b"\0\ncanary-1-Kx7");
    assert_eq!((hits[0].line, hits[0].offset), (None, 2));
}

#[test]
fn encoded_forms_say_what_they_are() {
    let value = b"p@ss \"w0rd'/7";
    let needles = needles(&[value]);
    for (form, kind) in [
        ("p@ss \"w0rd'/7", Kind::Value),
        (r#"p@ss \"w0rd'/7"#, Kind::Json),
        ("p%40ss%20%22w0rd%27%2F7", Kind::Url),
        ("70407373202277307264272f37", Kind::Hex),
        ("cEBzcyAidzByZCcvNw==", Kind::Base64),
        // With something before it.
        ("eHBAc3MgIncwcmQnLzd4", Kind::Base64),
        ("eHhwQHNzICJ3MHJkJy83eA==", Kind::Base64),
        (r"p@ss \x22w0rd'\''/7", Kind::Shell),
    ] {
        let form = form.replace("\\x22", "\"");
        let text = format!("<{form}>");
        assert!(
            hits(&needles, text.as_bytes())
                .iter()
                .any(|hit| hit.kind == kind),
            "{form}"
        );
    }
}

#[test]
fn an_occurrence_between_two_chunks_is_found_wherever_it_is_cut() {
    let value = b"canary-Kx7/4+vQ-of-some-length";
    let needles = needles(&[value]);
    let finder = needles.finder.as_ref().unwrap();
    let capacity = finder.before + finder.behind;
    let buffer = capacity + CHUNK.max(capacity);
    for shift in 0..2 * capacity {
        let mut stream = vec![b'.'; buffer - capacity - value.len() + shift];
        stream.push(b'\n');
        stream.extend_from_slice(value);
        stream.extend(vec![b'.'; shift % 50]);
        let hits = hits(&needles, &stream);
        assert_eq!(hits.len(), 1, "{shift}");
        assert_eq!(hits[0].line, Some(2));
    }
}

#[test]
fn a_long_stream_needs_no_more_memory() {
    let needles = needles(&[b"canary-1-Kx7"]);
    let mut buffer = Buffer::default();
    let mut count = 0;
    let stream = b"0123456789 canary-1-Kx7 \n".repeat(100_000);
    needles
        .search(&stream[..], &mut buffer, |hit| {
            count += 1;
            assert_eq!(hit.line, Some(count));
        })
        .unwrap();
    assert_eq!(count, 100_000);
    assert!(buffer.bytes.len() < 2 * CHUNK);
}

#[test]
fn overlapping_and_nested_values_are_all_found() {
    let needles = needles(&[b"abcdefgh12", b"fgh12345678", b"cdefgh12", b"abcdefgh12345"]);
    let mut found = places(&needles, b"-abcdefgh12345678-");
    found.sort_unstable();
    assert_eq!(found, [(0, 1), (1, 6), (2, 3), (3, 1)]);
}

#[test]
fn a_short_value_counts_only_where_it_stands_alone() {
    let needles = needles(&[b"x7Kq2"]);
    let stream = b"x7Kq2 ax7Kq2 x7Kq2b 'x7Kq2' =x7Kq2";
    assert_eq!(places(&needles, stream), [(0, 0), (0, 21), (0, 29)]);
}

#[test]
fn telling_lines_are_looked_for_and_others_not() {
    let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\nshort\n-----END PRIVATE KEY-----\n";
    let needles = needles(&[pem.as_bytes()]);
    let other = b"-----BEGIN PRIVATE KEY-----\nsomething else\nshort\n-----END PRIVATE KEY-----\n";
    assert_eq!(hits(&needles, other), []);
    let part = b"> MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7 <";
    assert_eq!(hits(&needles, part)[0].kind, Kind::Line);
    assert!(
        hits(&needles, pem.as_bytes())
            .iter()
            .any(|hit| hit.kind == Kind::Value)
    );
}

#[test]
fn nothing_to_look_for_reads_the_stream_all_the_same() {
    let needles = needles(&[b"1234"]);
    assert!(needles.is_empty());
    assert_eq!(hits(&needles, b"1234 1234"), []);
}

#[test]
fn no_debug_output_holds_a_value() {
    let needles = needles(&[b"canary-1-Kx7"]);
    let mut buffer = Buffer::default();
    needles
        .search(&b"canary-1-Kx7"[..], &mut buffer, |_| {})
        .unwrap();
    assert!(!format!("{needles:?} {buffer:?}").contains("canary"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn everything_is_found_that_a_slow_search_finds(
        one in proptest::collection::vec(prop::sample::select(b"abA1/+\n \"%".to_vec()), 5..20),
        two in proptest::collection::vec(prop::sample::select(b"ab1".to_vec()), 8..40),
        parts in proptest::collection::vec((0..3usize, 0..60usize), 0..12),
        size in 1..50usize,
    ) {
        let values = [SecretBytes::copy_of(&one), SecretBytes::copy_of(&two)];
        let needles = Needles::new(&values).unwrap();
        let all: Vec<Form> = values.iter().flat_map(|value| {
            encodings::forms_with_lines(value.expose(), detect::is_distinctive_line)
        }).collect();
        let mut stream = Vec::new();
        for (which, part) in parts {
            match which {
                0 => stream.extend(vec![b'a'; part % 7]),
                1 => stream.extend_from_slice(&all[part % all.len()].bytes),
                _ => stream.extend(one.iter().skip(part % one.len())),
            }
        }
        let mut slow: Vec<u64> = Vec::new();
        for form in &all {
            for at in 0..stream.len() {
                let end = at + form.bytes.len();
                let is_part = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
                if stream[at..].starts_with(&form.bytes)
                    && (form.bytes.len() >= WORD
                        || !is_part(stream[..at].last()) && !is_part(stream.get(end)))
                {
                    slow.push(at as u64);
                }
            }
        }
        slow.sort_unstable();
        slow.dedup();
        let mut found = Vec::new();
        let mut buffer = Buffer::default();
        let reader = Drip(&stream, size);
        needles.search(reader, &mut buffer, |hit| {
            let lines = stream[..hit.offset as usize].iter().filter(|b| **b == b'\n').count();
            assert_eq!(hit.line, Some(lines as u64 + 1));
            found.push(hit.offset);
        }).unwrap();
        found.sort_unstable();
        found.dedup();
        prop_assert_eq!(found, slow);
    }
}
