use proptest::prelude::*;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};

use super::*;
use crate::leaks::encodings::BASE64_COLUMNS;
use crate::model::secret::SecretBytes;

fn forms(value: &[u8]) -> Vec<Vec<u8>> {
    let forms = crate::leaks::encodings::forms(value);
    forms.into_iter().map(|form| form.bytes).collect()
}

fn masks(values: &[(&str, &[u8])]) -> Masks {
    let variables: Vec<Variable> = values
        .iter()
        .map(|(name, value)| Variable {
            name: name.parse().unwrap(),
            secret: None,
            value: SecretBytes::copy_of(value),
        })
        .collect();
    Masks::new(&variables).unwrap()
}

fn masked(masks: &Masks, pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut masker = masks.masker();
    for piece in pieces {
        masker.feed(piece, &mut out);
    }
    masker.finish(&mut out);
    out
}

fn text(masks: &Masks, text: &str) -> String {
    String::from_utf8(masked(masks, &[text.as_bytes()])).unwrap()
}

#[test]
fn a_value_is_replaced_by_the_name_of_its_variable() {
    let masks = masks(&[("KEY", b"canary-1"), ("OTHER", b"second-2")]);
    assert_eq!(
        text(&masks, "a canary-1b second-2second-2 canary-"),
        "a [secret:KEY]b [secret:OTHER][secret:OTHER] canary-"
    );
}

#[test]
fn a_value_split_over_pieces_is_found() {
    let masks = masks(&[("KEY", b"canary-1")]);
    assert_eq!(
        masked(&masks, &[b"xcan", b"ary", b"-1y"]),
        b"x[secret:KEY]y"
    );
}

#[test]
fn only_a_tail_that_may_become_a_value_is_held_back() {
    let masks = masks(&[("KEY", b"canary-1")]);
    let mut masker = masks.masker();
    let mut out = Vec::new();
    masker.feed(b"Password: ", &mut out);
    assert_eq!(out, b"Password: ");
    masker.feed(b"xcan", &mut out);
    assert_eq!(out, b"Password: x");
    masker.feed(b"dy", &mut out);
    assert_eq!(out, b"Password: xcandy");
    // A whole value that cannot become more is not waited for.
    masker.feed(b"canary-1", &mut out);
    assert_eq!(out, b"Password: xcandy[secret:KEY]");
}

#[test]
fn overlapping_values_leave_no_piece_behind() {
    let masks = masks(&[("A", b"abcdefgh"), ("B", b"fghijk"), ("C", b"cdefg")]);
    assert_eq!(text(&masks, "-abcdefghijk-"), "-[secret:A]-");
    assert_eq!(text(&masks, "-xcdefgx-"), "-x[secret:C]x-");
    let nested = super::tests::masks(&[("LONG", b"xxabcdefxx"), ("SHORT", b"abcde")]);
    assert_eq!(
        text(&nested, "xxabcdefxx xxabcdefx"),
        "[secret:LONG] xx[secret:SHORT]fx"
    );
}

#[test]
fn a_value_that_repeats_itself_grows_no_memory() {
    let masks = masks(&[("KEY", b"aaaaa")]);
    let mut masker = masks.masker();
    let mut out = Vec::new();
    for _ in 0..10_000 {
        masker.feed(b"aaaaaaaaaa", &mut out);
        assert!(masker.held.len() < 64 && masker.finder.hits.len() < 4);
    }
    masker.feed(b"b", &mut out);
    masker.finish(&mut out);
    assert_eq!(out, b"[secret:KEY]b");
}

#[test]
fn every_line_of_a_value_is_a_form() {
    let masks = masks(&[("PEM", b"-----BEGIN-----\r\nTUlJRXZR\nab\n-----END-----\n")]);
    assert_eq!(
        text(&masks, "> TUlJRXZR\nab\n-----END-----"),
        "> [secret:PEM]\nab\n[secret:PEM]"
    );
}

#[test]
fn a_value_that_lost_its_padding_is_masked() {
    let masks = masks(&[
        ("KEY", b"c2VjcmV0IGtleQ=="),
        ("PEM", b"-----\nTUlJRXZR=\nx"),
    ]);
    assert_eq!(
        text(&masks, "c2VjcmV0IGtleQ== c2VjcmV0IGtleQ TUlJRXZR TUlJRXZR="),
        "[secret:KEY] [secret:KEY] [secret:PEM] [secret:PEM]"
    );
}

#[test]
fn short_values_are_named_and_left_alone() {
    let masks = masks(&[("PIN", b"1234"), ("UMLAUT", "äöü".as_bytes())]);
    assert!(masks.is_empty());
    assert_eq!(masks.too_short(), ["PIN", "UMLAUT"]);
    assert_eq!(text(&masks, "1234"), "1234");
}

#[test]
fn forms_that_programs_write_are_found() {
    let value = "p@ss w\"ö\\rd/<&>'+\n2nd line=";
    let masks = masks(&[("KEY", value.as_bytes())]);
    // Written by the programs named, from the same value.
    for (by, form) in [
        (
            "coreutils base64",
            "cEBzcyB3IsO2XHJkLzwmPicrCjJuZCBsaW5lPQ==",
        ),
        (
            "xxd -p",
            "70407373207722c3b65c72642f3c263e272b0a326e64206c696e653d",
        ),
        ("python json", r#"p@ss w\"\u00f6\\rd/<&>'+\n2nd line="#),
        ("node json", r#"p@ss w\"ö\\rd/<&>'+\n2nd line="#),
        (
            "go json",
            r#"p@ss w\"ö\\rd/\u003c\u0026\u003e'+\n2nd line="#,
        ),
        ("php json", r#"p@ss w\"\u00f6\\rd\/<&>'+\n2nd line="#),
        ("json in json", r#"p@ss w\\\"ö\\\\rd/<&>'+\\n2nd line="#),
        (
            "encodeURIComponent",
            "p%40ss%20w%22%C3%B6%5Crd%2F%3C%26%3E'%2B%0A2nd%20line%3D",
        ),
        (
            "python quote",
            "p%40ss%20w%22%C3%B6%5Crd/%3C%26%3E%27%2B%0A2nd%20line%3D",
        ),
        (
            "python quote_plus",
            "p%40ss+w%22%C3%B6%5Crd%2F%3C%26%3E%27%2B%0A2nd+line%3D",
        ),
        (
            "lower case",
            "p%40ss%20w%22%c3%b6%5crd%2f%3c%26%3e%27%2b%0a2nd%20line%3d",
        ),
        ("shell", "p@ss w\"ö\\rd/<&>'\\''+\n2nd line="),
    ] {
        assert_eq!(text(&masks, &format!("<{form}>")), "<[secret:KEY]>", "{by}");
    }
}

#[test]
fn base64_is_found_wherever_the_value_stands() {
    let value = b"canary-value-7";
    let masks = masks(&[("KEY", value)]);
    for before in 0..7 {
        for behind in 0..4 {
            let mut all = vec![b'u'; before];
            all.extend_from_slice(value);
            all.extend(vec![0xff; behind]);
            for encoding in [BASE64_NOPAD, BASE64URL_NOPAD] {
                let encoded = encoding.encode(&all);
                let out = text(&masks, &encoded);
                assert!(out.contains("[secret:KEY]"), "{before} {behind} {out}");
                // At most the neighbours' characters and one shared one at either end.
                let left = out.replace("[secret:KEY]", "").len();
                let neighbours = (before * 8).div_ceil(6) + (behind * 8).div_ceil(6);
                assert!(left <= neighbours + 2, "{before} {behind} {out}");
            }
        }
    }
}

#[test]
fn wrapped_base64_is_found() {
    let value: Vec<u8> = (0..200u8).map(|i| b'!' + i % 90).collect();
    let masks = masks(&[("KEY", &value)]);
    let mut echoed = value.clone();
    echoed.push(b'\n');
    for columns in BASE64_COLUMNS {
        for bytes in [&value, &echoed] {
            let encoded = BASE64_NOPAD.encode(bytes);
            let wrapped: Vec<&[u8]> = encoded.as_bytes().chunks(columns).collect();
            let out = masked(&masks, &[&wrapped.join(&b"\n"[..])]);
            assert!(out.starts_with(b"[secret:KEY]"));
            assert!(out.len() <= "[secret:KEY]".len() + 2);
        }
    }
}

#[test]
fn what_replaces_a_value_holds_none() {
    let masks = masks(&[
        ("KEY", b"canary-1"),
        ("WORD", b"secret"),
        ("NAME", b"masked"),
    ]);
    assert_eq!(text(&masks, "canary-1 secret"), "*** ***");
}

#[test]
fn what_is_masked_once_stays_as_it_is() {
    let masks = masks(&[("KEY", b"canary-1")]);
    let once = text(&masks, "a canary-1 b");
    assert_eq!(text(&masks, &once), once);
}

#[test]
fn no_debug_output_holds_a_value() {
    let masks = masks(&[("KEY", b"canary-1")]);
    let mut masker = masks.masker();
    masker.feed(b"canary", &mut Vec::new());
    assert!(!format!("{masks:?} {masker:?}").contains("canary"));
}

/// What must come out, computed the slow way: every byte in an occurrence is covered, and
/// every covered stretch is one replacement.
fn slow(values: &[(&str, &[u8])], stream: &[u8]) -> (Vec<u8>, usize) {
    let mut cuts = vec![false; stream.len() + 1]; // no boundary here
    let mut covered = vec![false; stream.len()];
    for (_, value) in values {
        for form in forms(value) {
            for at in 0..stream.len() {
                if stream[at..].starts_with(&form) {
                    covered[at..at + form.len()].fill(true);
                    cuts[at + 1..at + form.len()].fill(true);
                }
            }
        }
    }
    let mut kept = Vec::new();
    let mut replacements = 0;
    for at in 0..stream.len() {
        if !covered[at] {
            kept.push(stream[at]);
        } else if !cuts[at] {
            replacements += 1;
        }
    }
    (kept, replacements)
}

fn small_text(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop::sample::select(b"abA/+\n \"%".to_vec()), len)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn pieces_do_not_matter_and_nothing_else_changes(
        one in small_text(1..9),
        two in small_text(1..12),
        parts in proptest::collection::vec((0..3usize, small_text(0..9), 0..40usize), 0..8),
        cuts in proptest::collection::vec(1..7usize, 0..200),
    ) {
        let values: [(&str, &[u8]); 2] = [("KEY", &one), ("OTHER", &two)];
        let masks = masks(&values);
        // A stream of small words with forms of the values strewn in.
        let mut stream = Vec::new();
        for (which, word, form) in parts {
            stream.extend_from_slice(&word);
            if which < 2 {
                let forms = forms(values[which].1);
                if !forms.is_empty() {
                    stream.extend_from_slice(&forms[form % forms.len()]);
                }
            }
        }
        let whole = masked(&masks, &[&stream]);
        let mut pieces = Vec::new();
        let mut rest = &stream[..];
        for cut in cuts {
            let (piece, more) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = more;
        }
        pieces.push(rest);
        prop_assert_eq!(&masked(&masks, &pieces), &whole);

        let bytewise: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&masked(&masks, &bytewise), &whole);

        // No word of the alphabet has the replacements' characters.
        let (kept, replacements) = slow(&values, &stream);
        let text = String::from_utf8(whole).unwrap();
        let bare = text.replace("[secret:KEY]", "").replace("[secret:OTHER]", "");
        prop_assert_eq!(bare.as_bytes(), &kept[..]);
        prop_assert_eq!(text.matches("[secret:").count(), replacements);
        for form in values.iter().flat_map(|(_, value)| forms(value)) {
            prop_assert!(!text.as_bytes().windows(form.len()).any(|window| window == form));
        }
    }

    #[test]
    fn long_values_that_repeat_themselves_are_found_as_short_ones_are(
        one in proptest::collection::vec(prop::sample::select(b"ab".to_vec()), 20..40),
        two in proptest::collection::vec(prop::sample::select(b"ab".to_vec()), 5..60),
        period in 1..30usize,
        parts in proptest::collection::vec((0..4usize, 0..70usize), 1..8),
        size in 1..50usize,
    ) {
        let repeated: Vec<u8> = one.iter().cycle().take(period.min(one.len())).copied()
            .collect::<Vec<u8>>().repeat(4);
        let values: [(&str, &[u8]); 3] =
            [("KEY", &one), ("OTHER", &two), ("REPEATED", &repeated)];
        let masks = masks(&values);
        let mut stream = Vec::new();
        for (which, part) in parts {
            match values.get(which) {
                Some((_, value)) => stream.extend_from_slice(&value[part.min(value.len() - 1)..]),
                None => stream.extend(one.iter().cycle().skip(part).take(part)),
            }
            stream.extend_from_slice(values[part % 3].1);
        }
        let pieces: Vec<&[u8]> = stream.chunks(size).collect();
        let out = masked(&masks, &pieces);
        prop_assert_eq!(&out, &masked(&masks, &[&stream]));
        let (kept, replacements) = slow(&values, &stream);
        let text = String::from_utf8(out).unwrap();
        let mut bare = text.clone();
        for (name, _) in values {
            bare = bare.replace(&format!("[secret:{name}]"), "");
        }
        prop_assert_eq!(bare.as_bytes(), &kept[..]);
        prop_assert_eq!(text.matches("[secret:").count(), replacements);
    }

    #[test]
    fn any_bytes_without_a_value_come_out_as_they_went_in(
        stream in proptest::collection::vec(any::<u8>(), 0..3000),
    ) {
        let masks = masks(&[("KEY", b"canary-value-7")]);
        prop_assert_eq!(masked(&masks, &[&stream]), stream);
    }
}
