use super::*;

/// Words with a blank between them, redirections in brackets, shells in parentheses.
fn shown(text: &str) -> String {
    let script = lex(text);
    let word = |word: &Word| -> String {
        let parts = word.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Variable(name) => format!("<{name}>"),
            Part::Unknown => "<?>".to_owned(),
        });
        parts.collect()
    };
    let mut shown = Vec::new();
    for item in &script.items {
        shown.push(match item {
            Item::Open => "(".to_owned(),
            Item::Close => ")".to_owned(),
            Item::Command(simple) => {
                let mut parts: Vec<String> = simple.words.iter().map(word).collect();
                for redirect in &simple.redirects {
                    let target = word(&redirect.target);
                    parts.push(match redirect.direction {
                        Direction::Out => format!("[>{target}]"),
                        Direction::In => format!("[<{target}]"),
                        Direction::HereString => format!("[<<<{target}]"),
                        Direction::HereDocument(body) => {
                            format!("[<<{:?}]", script.bodies[body])
                        }
                    });
                }
                format!("{}{}", if simple.piped { "|" } else { "" }, parts.join(" "))
            }
        });
    }
    shown.join("; ")
}

#[test]
fn words_and_operators_are_the_shells() {
    for (text, expected) in [
        ("echo a b", "echo a b"),
        ("echo 'a b'\"c $X\"d > .env", "echo a bc <X>d [>.env]"),
        ("a && b || c; d & e", "a; b; c; d; e"),
        ("a | b |& c", "a; |b; |c"),
        (
            "cat <<EOF > .env\nA=1\nB=2\nEOF\nls",
            "cat [<<\"A=1\\nB=2\\n\"] [>.env]; ls",
        ),
        ("cat <<'E' | tee x\nA=$b\nE", "cat [<<\"A=$b\\n\"]; |tee x"),
        ("cat <<-E\n\tA\n\tE\nls", "cat [<<\"A\\n\"]; ls"),
        (
            "a 2>&1 >>f 2>/dev/null &>g >|h <>i",
            "a [>f] [>/dev/null] [>g] [>h] [>i]",
        ),
        (
            "echo $(cat .env) `ls`",
            "(; cat .env; ); (; ls; ); echo <?> <?>",
        ),
        ("(cd x; ls) > y", "(; cd x; ls; ); [>y]"),
        ("echo a\\ b \\> c # > .env", "echo a b > c"),
        ("x ~/.env ~ a~", "x <HOME>/.env <HOME> a~"),
        ("x \"${HOME}/y\" ${F:-.env} ${#a}", "x <HOME>/y .env <?>"),
        ("[[ a > b ]] && c", "[[ a b ]]; c"),
        ("((a > b)) && c $((1 > 2))", "c <?>"),
        (
            "diff <(a) >(b) < in <<< word",
            "(; a; ); (; b; ); diff <?> <?> [<in] [<<<word]",
        ),
        ("printf $'a\\nb'", "printf a\nb"),
        ("a \\\n b", "a b"),
        ("echo \"unclosed > .env", "echo unclosed > .env"),
        ("a ) b", "a; b"),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn depth_is_bounded() {
    lex(&"$(".repeat(100_000));
    lex(&"`".repeat(100_001));
    lex(&"(".repeat(100_000));
    lex(&"\"$(".repeat(50_000));
}
