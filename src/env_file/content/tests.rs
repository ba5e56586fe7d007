use super::*;
use crate::env_file::Reader;
use crate::model::secret::SecretBytes;

fn parse(text: &[u8]) -> EnvFile {
    EnvFile::parse(SecretBytes::copy_of(text))
}

#[test]
fn env_files_of_all_kinds_pass() {
    for text in [
        "",
        "\n\n",
        "\u{feff}",
        "# only a comment\n",
        "A=1\n",
        "export A=1\n",
        "# Database:\nDatabase:\nDB_URL=x\n",
        "NAME: x\nAPI_KEY=old1\n",
        "this is not a setting\n[section]\nAPI_KEY=old1\n}{\n",
        "a: b\n- c\n[section]\nK=old\n; note\nkey.with-dots = v\n",
        "ONLYNAME\nAPI_KEY=old1\n",
        "encryption.key=\nspring.datasource.password=x\n",
        "#!/bin/sh\nset -e\nif true; then\n  K=old\nfi\nexport A=${B:-c}\n",
        "CERT=-----BEGIN THING-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6\n-----END THING-----\n",
        "CERT='-----BEGIN THING-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6\n-----END THING-----'\n",
        "SETTINGS={\n  \"a\": 1,\n  \"b\": 2\n}\n",
        "<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> main\n",
        "[app]\nPORT=1\n",
        "port=1\nhost = x\n",
        "PATH=C:\\bin;%PATH%\r\nK=\"C:\\new\\\"\r\n",
        "# caf\u{e9}\n\u{1}# x\nA=\u{1}\n",
    ] {
        assert_eq!(parse(text.as_bytes()).not_env_file(), None, "{text:?}");
    }
    for text in [
        &b"# caf\xe9 \xff\nFIRST=1\n"[..],
        b"# \xcf\xf0\xe8\xe2\xe5\xf2\nA=1\n",
    ] {
        assert!(parse(text).is_env_like());
    }
}

#[test]
fn other_files_are_refused_with_a_reason() {
    use NotEnvFile::*;
    let elf = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 9], b"A=1\n"].concat();
    let mut state = 1u32;
    let random: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_le_bytes()[3].max(1)
    })
    .take(2000)
    .collect();
    let utf16: Vec<u8> = "A=1\r\nB=2\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let pem_end = "-----BEGIN KEY-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6\nKUpRKfFLfRYC9A=\n";
    let compose =
        "# app\nservices:\n  web:\n    image: x\n    environment:\n      - A=1\n      B: x\n";
    let config_map = "kind: ConfigMap\ndata:\n  .env: |\n    A=1\n    B=2\n";
    for (text, reason) in [
        (&elf[..], Nul),
        (b"A=1\0\n", Nul),
        (b"\xff\xfeA\0=\x001\0", Utf16),
        (&utf16, Utf16),
        (&random, Binary),
        (b"{\n  \"a\": 1\n}\n", Json),
        (b"{\"url\": \"http://x/?a=b\"}", Json),
        (b"[1, 2]\n", Json),
        (b"{}", Json),
        (compose.as_bytes(), Yaml),
        (config_map.as_bytes(), Yaml),
        (b"---\n- hosts: all\n", Yaml),
        (b"a: 1\nb: 2\n", Yaml),
        (
            b"[package]\nname = \"x\"\n\n[dependencies]\nserde = \"1\"\n",
            Sections,
        ),
        (b"[mail]\nhost=smtp\n", Sections),
        (b"[user]\n\tname = x\n", Sections),
        (pem_end.as_bytes(), Key),
        (
            b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n",
            Key,
        ),
        (b"age-encryption.org/v1\n-> X25519 abc\n", Key),
        (b"# created: today\nAGE-SECRET-KEY-1QQQ\n", Key),
        (b"ssh-ed25519 AAAAC3NzaC1lZDI1 me@host\n", Key),
        (b"c2VjcmV0LXZhbHVlLTEyMzQ1Ng=\n", Key),
        (b"dGVzdA==\n", Key),
        (
            b"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgE\nAbC=\n",
            NoAssignment,
        ),
        (b"--- a/x\n+++ b/x\n-A=1\n+A=2\n", NoAssignment),
        (b"[default]\naws_access_key_id = x\n", Sections),
        (
            b"sops:\n    kms: []\nA: ENC[AES256_GCM,data:x=,iv:y=]\n",
            Yaml,
        ),
        (
            b"on: [push]\njobs:\n  t:\n    steps:\n      - run: |\n          FOO=bar\n",
            Yaml,
        ),
        (
            b"U2FsdGVkX1+vupppZksvRf5pq5g5XjFRIipRkwB0K1Y=\n",
            NoAssignment,
        ),
        (b"<html>\n<a href=\"x=y\">\n</html>\n", NoAssignment),
        (b"name,value\nA,1\n", NoAssignment),
        (b"FROM x\nENV A=1\n", NoAssignment),
        (b"plain text\n", NoAssignment),
        (b"//registry.npmjs.org/:_authToken=x\n", NoAssignment),
    ] {
        let shown = String::from_utf8_lossy(text);
        assert_eq!(parse(text).not_env_file(), Some(reason), "{shown:?}");
    }
    let manual = format!("{}A=1\nB=2\n", "Some words about it.\n".repeat(60));
    assert_eq!(parse(manual.as_bytes()).not_env_file(), Some(NoAssignment));
}

fn unread(text: &str, readers: &Readers) -> Vec<String> {
    parse(text.as_bytes())
        .unread_lines(readers)
        .iter()
        .map(|one| {
            format!("{} {} {}", one.line, one.kind.id(), one.readers)
                .trim()
                .to_owned()
        })
        .collect()
}

#[test]
fn unread_lines_have_a_number_and_a_kind() {
    for (line, kind) in [
        ("declare -x NAME=\"v\"", "declaration"),
        ("typeset -x NAME=v", "declaration"),
        ("set -gx NAME v", "declaration"),
        ("set NAME=v", "declaration"),
        ("setenv NAME v", "declaration"),
        ("$env:NAME = \"v\"", "declaration"),
        ("const NAME = 'v'", "declaration"),
        ("<<<<<<< HEAD", "conflict_marker"),
        ("=======", "conflict_marker"),
        (">>>>>>> main", "conflict_marker"),
        ("NAME: v", "colon_form"),
        ("\"NAME\": \"v\",", "json"),
        ("{", "json"),
        ("}", "json"),
        ("NAME,value", "table"),
        ("NAME", "name_only"),
        ("export NAME OTHER", "name_only"),
        ("[section]", "heading"),
        ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "key_text"),
        ("-----BEGIN KEY-----", "key_text"),
        ("just words", "other"),
        ("set -a", "other"),
        ("source ./other", "other"),
    ] {
        let text = format!("A=1\n{line}\n# c\nB=2\n");
        let found = unread(&text, &Readers::NONE);
        assert_eq!(found, [format!("2 {kind}")], "{line}");
    }
    assert!(unread("A=1\n\n# c\nB='x\ny'\n", &Readers::NONE).is_empty());
    let utf16: Vec<u8> = "A=1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = parse(&[&b"\xff\xfe"[..], &utf16].concat());
    assert_eq!(file.unread_lines(&Readers::NONE)[0].kind, UnreadKind::Utf16);
}

#[test]
fn names_that_only_a_reader_accepts_are_listed_with_it() {
    let python = Reader::PythonDotenv.into();
    assert_eq!(unread("'A B'=v\n", &python), ["1 other_name python-dotenv"]);
    assert_eq!(
        unread("A[0]=v\n", &Reader::Compose.into()),
        ["1 other_name compose"]
    );
    assert_eq!(
        unread("\u{e9}t\u{e9}=v\n", &Reader::Node.into()),
        ["1 other_name node"]
    );
    assert_eq!(unread("A B=v\n", &Reader::Bash.into()), ["1 other"]);
}
