use std::process::Command;

use super::*;

/// Reports whether a form of `value` is in `text`.
#[track_caller]
fn assert_found(value: &str, text: &[u8]) {
    let is_found = forms(value.as_bytes())
        .iter()
        .any(|form| memchr::memmem::find(text, &form.bytes).is_some());
    assert!(is_found, "{}", String::from_utf8_lossy(text));
}

/// Checks that the whole of `text` is one form of `value`.
#[track_caller]
fn assert_form(value: &str, text: &str) {
    let is_form = forms(value.as_bytes())
        .iter()
        .any(|form| form.bytes == text.as_bytes());
    assert!(is_form, "{text}");
}

#[test]
fn what_bash_prints_holds_a_form() {
    for value in [
        "canary plain",
        "ca$na`ry\"1\\2'3",
        "ca,na;ry&|<>(){}[]*?!^~#=%@:+-/.",
        "#canary~1",
        "~canary#1",
        "canary\n\t\x1b\x07 two\\three'four",
        "canäry-ü",
        "canäry\nü",
    ] {
        for script in [
            "printf %q \"$VALUE\"",
            "export -p | grep -aA3 VALUE",
            "declare -p VALUE",
            "set | grep -aA3 ^VALUE",
            "echo \"${VALUE@Q}\"",
        ] {
            for locale in ["C", "C.UTF-8"] {
                let output = Command::new("bash")
                    .args(["-c", script])
                    .env_clear()
                    .env("PATH", "/usr/bin:/bin")
                    .env("LC_ALL", locale)
                    .env("VALUE", value)
                    .output();
                let Ok(output) = output else {
                    return; // no bash here
                };
                assert_found(value, &output.stdout);
            }
        }
    }
}

#[test]
fn html_and_csv_are_forms() {
    let value = "ca<n>&\"a'ry";
    for form in [
        "ca&lt;n&gt;&amp;\"a'ry",
        "ca&lt;n&gt;&amp;&quot;a'ry",
        "ca&lt;n&gt;&amp;&quot;a&#39;ry",
        "ca&lt;n&gt;&amp;&quot;a&#039;ry",
        "ca&lt;n&gt;&amp;&quot;a&#x27;ry",
        "ca&lt;n&gt;&amp;&quot;a&apos;ry",
        "ca&lt;n&gt;&amp;&#34;a&#39;ry",
        "ca<n>&\"\"a'ry",
    ] {
        assert_form(value, form);
    }
}

#[test]
fn wrapped_base64_is_a_form_with_either_line_end() {
    let value = "canary-0123456789".repeat(12);
    let text = data_encoding::BASE64.encode(value.as_bytes());
    for columns in BASE64_COLUMNS {
        for line_end in ["\n", "\r\n"] {
            let lines: Vec<&[u8]> = text.as_bytes().chunks(columns).collect();
            let wrapped = lines.join(line_end.as_bytes());
            assert_form(&value, std::str::from_utf8(&wrapped).unwrap());
        }
    }
}

#[test]
fn the_password_of_a_url_is_a_part() {
    let value = "postgres://app:p%40ss%2Fw0rd%211@db.internal:5432/app";
    assert_form(value, "p@ss/w0rd!1");
    assert_form(value, "p%40ss%2Fw0rd%211");
    assert_form(value, &data_encoding::BASE64.encode(b"p@ss/w0rd!1"));
    let value = "postgres://app:p#ss/w0rd?1@db.internal:5432/app?a=b";
    assert_form(value, "p#ss/w0rd?1");
    assert_form("redis://:canary-Kx7@cache:6379", "canary-Kx7");
    assert_form("Server=db;Password=canary-Kx7;User=sa", "canary-Kx7");
    // An ordinary word would be found everywhere.
    let value = "postgres://postgres:postgres@db/app";
    let bytes: Vec<Vec<u8>> = forms(value.as_bytes())
        .into_iter()
        .map(|form| form.bytes)
        .collect();
    assert!(!bytes.contains(&b"postgres".to_vec()));
    assert!(!bytes.contains(&b"5432/app".to_vec()));
}

#[test]
fn the_strings_of_a_json_value_are_parts() {
    let key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKcwggSjAgEA\n";
    let json = serde_json::json!({
        "type": "service_account",
        "private_key": key,
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "nested": [{"token": "canary-Kx7-1"}],
    });
    let value = json.to_string();
    assert_form(&value, key);
    assert_form(&value, "MIIEvQIBADANBgkqhkiG9w0");
    assert_form(&value, "BAQEFAASCBKcwggSjAgEA");
    assert_form(&value, "canary-Kx7-1");
    let bytes: Vec<Vec<u8>> = forms(value.as_bytes())
        .into_iter()
        .map(|form| form.bytes)
        .collect();
    assert!(!bytes.contains(&b"service_account".to_vec()));
    assert!(!bytes.contains(&b"https://accounts.google.com/o/oauth2/auth".to_vec()));
}

#[test]
fn a_value_of_many_strings_has_few_parts() {
    let strings: Vec<String> = (0..10_000)
        .map(|n| format!("k9Xv{n:05}Zq2LmT7wRb4H"))
        .collect();
    let value = serde_json::to_vec(&strings).unwrap();
    assert_eq!(parts::parts(&value).len(), parts::MAX_PARTS);
    let deep = "[".repeat(100_000);
    assert!(parts::parts(deep.as_bytes()).is_empty());
}
