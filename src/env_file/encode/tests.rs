use super::*;

fn form(value: &str, readers: &[Reader]) -> String {
    let readers: Readers = readers.iter().copied().collect();
    let form = encode(&SecretBytes::from(value), &readers).unwrap();
    form.text().as_str().unwrap().to_owned()
}

#[test]
fn the_general_form_follows_the_procedure() {
    for (value, text) in [
        ("", "''"),
        ("sk_test_51H", "sk_test_51H"),
        ("a=b=", "a=b="),
        ("=a", "'=a'"),
        ("postgres://u:p@h:5432/d?x=1", "postgres://u:p@h:5432/d?x=1"),
        ("two words", "'two words'"),
        ("a#b", "'a#b'"),
        ("~", "'~'"),
        ("$2b$12$abc", "'$2b$12$abc'"),
        ("C:\\dir", "'C:\\dir'"),
        ("C:\\dir\\", "\"C:\\\\dir\\\\\""),
        ("{\"a\":1}", "'{\"a\":1}'"),
        ("it's", "\"it's\""),
        ("it's \"so\"", "\"it's \\\"so\\\"\""),
        ("it's $5", "\"it's \\$5\""),
        ("it's `so`", "\"it's \\`so\\`\""),
        ("it\\'s", "it\\'s"),
        ("it\\\\'s", "\"it\\\\\\\\'s\""),
        ("it\\'s so", "\"it\\\\'s so\""),
        ("it\\'s\\", "\"it\\\\'s\\\\\""),
        ("one\ntwo\n", "\"one\\ntwo\\n\""),
        ("{\n \"a\": 1\n}", "'{\n \"a\": 1\n}'"),
        ("\"a\"\nB=1", "\"\\\"a\\\"\\nB=1\""),
        ("a\r\nb", "\"a\\r\\nb\""),
        ("é", "'é'"),
    ] {
        assert_eq!(form(value, &[]), text, "{value:?}");
    }
}

#[test]
fn no_core_reader_runs_a_command_in_the_general_form() {
    for (value, text) in [
        ("$(id)", "'$(id)'"),
        ("it's $(id)", "'it'\\''s $(id)'"),
        ("$(id)\\", "'$(id)'\\\\"),
        ("a\n$(id)", "'a\n$(id)'"),
        ("it's $(", "\"it's \\$(\""),
    ] {
        assert_eq!(form(value, &[]), text, "{value:?}");
    }
    for value in ["it's\n$(id)", "a\nB=$(id)", "$(id)\n"] {
        let error = encode(&SecretBytes::from(value), &Readers::NONE).unwrap_err();
        assert_eq!(error.code(), "value_would_run");
        // With named readers there may be a form.
        assert!(encode(&SecretBytes::from(value), &Reader::Bash.into()).is_ok());
    }
}

#[test]
fn named_readers_get_a_form_that_they_read() {
    use Reader::*;
    for (value, readers, text) in [
        ("plain", &[NpmDotenv, Bash][..], "plain"),
        ("'a' \"b\"", &[Node], "`'a' \"b\"`"),
        ("it's \"so\"", &[Compose, Dotenvy], "\"it's \\\"so\\\"\""),
        ("a\nb", &[Bash], "'a\nb'"),
        ("a\nb", &[NpmDotenv], "\"a\\nb\""),
        ("\\\\host\\x", &[PythonDotenv], "\"\\\\\\\\host\\\\x\""),
        ("$a", &[DotenvExpand], "\"\\$a\""),
        ("a b", &[Docker], "a b"),
        ("it's $5#1", &[Make], "it's $$5\\#1"),
        ("a\r\nb", &[Dotenvy], "'a\r\nb'"),
    ] {
        assert_eq!(form(value, readers), text, "{value:?} {readers:?}");
    }
}

#[test]
fn the_error_names_the_readers_that_misread_every_form() {
    for (value, readers, wrong) in [
        ("${a}", &[Reader::PythonDotenv][..], "python-dotenv"),
        ("a\nb", &[Reader::Bash, Reader::Docker], "docker"),
        ("a'b\"c`d\ne", &[Reader::Node], "node"),
        ("$(id)", &[Reader::DotenvExpand], "dotenv-expand"),
    ] {
        let set: Readers = readers.iter().copied().collect();
        let error = encode(&SecretBytes::from(value), &set).unwrap_err();
        let EncodeError::NoForm { readers, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(readers.to_string(), wrong, "{value:?}");
        assert!(!error.to_string().contains(value));
    }
}

#[test]
fn a_form_lists_its_misreaders() {
    let form = encode_for_most(&SecretBytes::from("a b")).unwrap();
    assert_eq!(form.misreaders().to_string(), "docker, make");
    let form = encode_for_most(&SecretBytes::from("it's $x")).unwrap();
    for reader in [Reader::NpmDotenv, Reader::PythonDotenv, Reader::Node] {
        assert!(form.misreaders().contains(reader), "{reader}");
    }
    for reader in [Reader::Bash, Reader::Compose, Reader::Dotenvy] {
        assert!(!form.misreaders().contains(reader), "{reader}");
    }
}

#[test]
fn misreaders_of_a_given_text_are_listed() {
    for (raw, value, wrong) in [
        (
            "v#note",
            "v#note",
            "npm-dotenv, node, dotenvx, ruby-dotenv, direnv",
        ),
        ("'v'", "v", ""),
        ("a b", "a b", "dotenvy, bash, direnv"),
        (
            "\"a$b\"",
            "a$b",
            "compose, dotenvy, bash, dotenvx, ruby-dotenv, direnv",
        ),
    ] {
        let found: Readers =
            misreaders(raw.as_bytes(), &SecretBytes::from(value), &Readers::core())
                .into_iter()
                .collect();
        assert_eq!(found.to_string(), wrong, "{raw}");
    }
}

#[test]
fn values_that_no_env_file_can_hold_are_refused() {
    let nul = encode(&SecretBytes::copy_of(b"canary\0"), &Readers::NONE).unwrap_err();
    assert_eq!(nul, EncodeError::Nul);
    let bytes = encode(&SecretBytes::copy_of(b"canary\xff"), &Readers::NONE).unwrap_err();
    assert_eq!(bytes, EncodeError::NotUtf8);
    assert!(!format!("{nul} {bytes} {nul:?} {bytes:?}").contains("canary"));
}
