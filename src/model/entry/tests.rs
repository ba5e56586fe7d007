use proptest::prelude::*;

use super::*;

fn key() -> MacKey {
    MacKey::derive(&SecretBytes::from("AGE-SECRET-KEY-1TEST"))
}

fn entry(value: Vec<u8>) -> Entry {
    Entry {
        header: Header {
            vault: VaultId::new([7; 16]),
            key_path: "project/consilio/stripe_api_key".to_owned(),
            version: Version::new(2).unwrap(),
            created: "2026-01-21T10:00:00Z".parse().unwrap(),
            since: Some("2026-01-20T10:00:00Z".parse().unwrap()),
            writer: "me@here".to_owned(),
            origin: Origin::Set,
            description: "Stripe \"live\" key --- for payments".to_owned(),
            env_name: Some("STRIPE_API_KEY".to_owned()),
            recipe: None,
            every_days: None,
            log: None,
            moved_to: None,
            removed: false,
        },
        content: Content::Value(SecretBytes::new(value)),
    }
}

fn forge(bytes: &SecretBytes, change: impl FnOnce(&mut Vec<u8>)) -> EntryFault {
    let mut forged = bytes.expose().to_vec();
    change(&mut forged);
    Entry::from_bytes(&SecretBytes::new(forged), &key()).unwrap_err()
}

proptest! {
    #[test]
    fn reading_gives_what_was_written(value in prop::collection::vec(any::<u8>(), 1..2000)) {
        let written = entry(value);
        let bytes = written.to_bytes(&key()).unwrap();
        prop_assert_eq!(bytes.len() % SIZE_CLASS, 0);
        let read = Entry::from_bytes(&bytes, &key()).unwrap();
        prop_assert_eq!(read.header, written.header);
        prop_assert_eq!(read.content, written.content);
    }

    #[test]
    fn any_changed_byte_is_refused(at in 0usize..512, bit in 0u32..8) {
        let bytes = entry(b"canary".to_vec()).to_bytes(&key()).unwrap();
        let at = at % bytes.len();
        let mut changed = bytes.expose().to_vec();
        changed[at] ^= 1u8 << bit;
        prop_assert!(Entry::from_bytes(&SecretBytes::new(changed), &key()).is_err());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Entry::from_bytes(&SecretBytes::new(bytes), &key()).is_err());
    }
}

#[test]
fn large_values_are_not_padded_and_64_kib_are() {
    for (len, padded) in [
        (MAX_PADDED, true),
        (MAX_PADDED + 1, false),
        (1 << 20, false),
    ] {
        let bytes = entry(vec![b'x'; len]).to_bytes(&key()).unwrap();
        let text = String::from_utf8_lossy(bytes.expose()).into_owned();
        assert_eq!(text.contains("\npadding = "), padded, "{len}");
        assert_eq!(bytes.len().is_multiple_of(SIZE_CLASS), padded, "{len}");
        assert!(bytes.len() <= MAX_PLAINTEXT);
    }
}

#[test]
fn the_mac_has_one_exact_form() {
    let bytes = entry(b"canary".to_vec()).to_bytes(&key()).unwrap();
    let mac = MAGIC.len()..MAGIC.len() + HEX_MAC_LEN;
    let upper = forge(&bytes, |b| {
        b[mac.clone()].make_ascii_uppercase();
    });
    assert_eq!(upper.code(), "entry_malformed");
    let crlf = forge(&bytes, |b| b.insert(mac.end, b'\r'));
    assert_eq!(crlf.code(), "entry_malformed");
    let twice = forge(&bytes, |b| {
        let line = b[..=mac.end].to_vec();
        b.splice(0..0, line);
    });
    assert_eq!(twice, EntryFault::Forged);
    let trailing = forge(&bytes, |b| b.push(b'\n'));
    assert_eq!(trailing, EntryFault::Forged);
    let blank = forge(&bytes, |b| b.insert(0, b' '));
    assert_eq!(blank.code(), "entry_malformed");
    let short = forge(&bytes, |b| b.truncate(40));
    assert_eq!(short.code(), "entry_malformed");
}

#[test]
fn another_vaults_key_does_not_authenticate() {
    let bytes = entry(b"canary".to_vec()).to_bytes(&key()).unwrap();
    let other = MacKey::derive(&SecretBytes::from("AGE-SECRET-KEY-1OTHER"));
    assert_eq!(
        Entry::from_bytes(&bytes, &other).unwrap_err(),
        EntryFault::Forged
    );
}

#[test]
fn the_mac_key_is_the_documented_one() {
    // printf 'secrets/1 entry mac' | openssl dgst -sha256 -hmac 'AGE-SECRET-KEY-1TEST'
    assert_eq!(
        hex(key().0.expose()),
        "20f348e4fd3a73b91d052f0b61889d4b0a8e107c13f739a876c125e34b5dad47"
    );
}

#[test]
fn a_tombstone_has_no_value_and_a_version_has_one() {
    let mut tombstone = entry(Vec::new());
    assert!(tombstone.to_bytes(&key()).is_err());
    tombstone.header.removed = true;
    assert!(tombstone.to_bytes(&key()).is_err());
    tombstone.content = Content::Tombstone;
    let bytes = tombstone.to_bytes(&key()).unwrap();
    let read = Entry::from_bytes(&bytes, &key()).unwrap();
    assert!(read.header.removed && read.content.is_tombstone());
    // Entries that no version of this program writes.
    for (removed, value) in [(true, "canary"), (false, "")] {
        let mut header = entry(b"x".to_vec()).header;
        header.removed = removed;
        let body = format!("{}---\n{value}", toml::to_string(&header).unwrap());
        let mac = hex(&key().mac(body.as_bytes()));
        let text = SecretBytes::from(format!("secrets-entry/1 {mac}\n{body}").as_str());
        let fault = Entry::from_bytes(&text, &key()).unwrap_err();
        assert_eq!(fault, EntryFault::Malformed(VALUE_OR_TOMBSTONE));
    }
}

#[test]
fn fields_of_a_newer_program_are_ignored_and_authenticated() {
    let written = entry(b"canary".to_vec());
    let body = format!(
        "{}novelty = 1\n---\ncanary",
        toml::to_string(&written.header).unwrap()
    );
    let mac = hex(&key().mac(body.as_bytes()));
    let text = format!("secrets-entry/1 {mac}\n{body}");
    let read = Entry::from_bytes(&SecretBytes::from(text.as_str()), &key()).unwrap();
    assert_eq!(read.header, written.header);
}
