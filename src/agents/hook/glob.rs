//! Patterns for names of files, as a shell has them.

/// Whether a pattern with `*` and `?` fits a name.
pub(super) fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut place, mut star) = (0, 0, None);
    while place < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(&c) if c == b'?' || c == name[place] => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some((star_at, from)) => {
                    at = star_at + 1;
                    place = from + 1;
                    star = Some((star_at, place));
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&c| c == b'*')
}

/// `a{b,c}d` as `abd acd`; one pair of braces, as people type them.
pub(super) fn unfold(text: &str) -> Vec<String> {
    let unfolded = text.split_once('{').and_then(|(front, rest)| {
        let (inner, back) = rest.split_once('}')?;
        inner.contains(',').then(|| {
            let each = inner.split(',').take(64);
            each.map(|one| format!("{front}{one}{back}")).collect()
        })
    });
    unfolded.unwrap_or_else(|| vec![text.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_a_shell() {
        for (pattern, name, expected) in [
            (".env*", ".env", true),
            (".env.?", ".env.x", true),
            (".e*v", ".env", true),
            ("*", ".env", true),
            (".env", ".env.x", false),
            ("*a*b", "xaxxb", true),
            ("*a*b", "xaxxbc", false),
        ] {
            assert_eq!(
                glob(pattern.as_bytes(), name.as_bytes()),
                expected,
                "{pattern} {name}"
            );
        }
        assert_eq!(unfold(".env{,.bak}"), [".env", ".env.bak"]);
        assert_eq!(unfold("{a}"), ["{a}"]);
    }
}
