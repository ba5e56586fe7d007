//! What a coding agent is about to do to env files, and whether it is refused.
//!
//! An agent sends a description of the tool call as JSON before it makes it. [`Call::parse`] brings
//! the agents' formats to one list of effects on files; [`decide()`] refuses those that go past the
//! vault; [`answer()`] says so in the agent's own form.
//!
//! Pure: no file is looked at. What a link leads to, and whether a search would show a line of an env
//! file, is asked through [`Disk`].
//!
//! Invariants: a payload that is not understood is allowed, whatever it is. Nothing of a payload
//! but paths and names of variables is in a decision.
//!
//! Limits: this stops accidents. It is no sandbox: a program that an agent writes and then runs,
//! or a command line that hides what it does, goes past it.

mod answer;
mod call;
mod code;
mod command;
mod decide;
mod effect;
mod glob;
mod lexer;
mod names;
mod patch;
mod programs;
mod reason;
mod search;
mod tools;

pub use answer::answer;
pub use call::{Agent, Call};
pub use decide::{Denial, Disk, Linked, decide};
pub use effect::{Effect, Kind};
pub use search::Search;

/// The words of the first command of a command line, as far as they stand in it.
pub fn first_words(line: &str) -> Vec<String> {
    let script = lexer::lex(line);
    let first = script.items.iter().find_map(|item| match item {
        lexer::Item::Command(simple) => Some(simple),
        _ => None,
    });
    let words = first
        .map(|simple| simple.words.as_slice())
        .unwrap_or_default();
    words.iter().map(lexer::Word::literal).collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;

    use super::*;

    fn decided(payload: &serde_json::Value) -> Option<Denial> {
        let call = Call::parse(payload.to_string().as_bytes(), None, Some("/home/me"))?;
        decide(&call.effects, &[], false, &Nothing)
    }

    /// A disk with nothing on it.
    struct Nothing;

    impl Disk for Nothing {
        fn real(&self, _: &Path) -> Option<PathBuf> {
            None
        }

        fn shows(&self, _: &Search, _: &Path) -> bool {
            false
        }
    }

    /// An agent waits for the answer, and takes a hook that never comes back for broken.
    #[test]
    fn no_command_line_grows_while_it_is_taken_apart() {
        let many = |text: &str, times: usize| text.repeat(times);
        let long = many("a ", 20_000);
        for command in [
            format!("A=xxxxxxxxxx; {} cat $A > .env", many("A=$A$A; ", 60)),
            format!("{} cat .env", many("xargs ", 2_000)),
            format!("echo {long} | {} cat", many("xargs ", 500)),
            format!(
                "echo {long} | xargs -I{{}} sh -c '{}'",
                many("echo {};", 500)
            ),
            format!(
                "find {} {} -delete",
                many("d ", 5_000),
                many("-name n ", 5_000)
            ),
            format!("{}{}", many("echo A_K=1; ", 8_000), many(": > .env; ", 600)),
            format!("python -c \"{}\"", many("open('a'),", 20_000)),
            format!("[[ {} ]]", many("a < ", 2_000)),
            format!("git {} checkout {long}", many("-C a ", 20_000)),
        ] {
            let started = std::time::Instant::now();
            decided(
                &serde_json::json!({"hook_event_name": "PreToolUse", "cwd": "/p",
                "tool_name": "Bash", "tool_input": {"command": command}}),
            );
            let took = started.elapsed();
            // Hours, or a full memory, without bounds.
            assert!(took.as_secs() < 20, "{took:?}: {}", &command[..40]);
        }
        let lines: String = (0..30_000).map(|line| format!("line {line}\n")).collect();
        let edit = serde_json::json!({"hook_event_name": "PreToolUse", "cwd": "/p",
            "tool_name": "Edit", "tool_input": {"file_path": "/p/a.txt",
            "old_string": lines, "new_string": lines.replace("line", "row")}});
        let started = std::time::Instant::now();
        decided(&edit);
        assert!(started.elapsed().as_secs() < 20);
    }

    proptest! {
        #[test]
        fn any_command_line_is_taken_apart(
            command in "[ a-z.$'\"`(){}<>|&;\\\\\n=#~!*-]{0,200}",
            quoted in ".{0,80}",
        ) {
            for command in [&command, &quoted, &format!("{command}\n{quoted}")] {
                decided(&serde_json::json!({"hook_event_name": "PreToolUse", "cwd": "/p",
                    "tool_name": "Bash", "tool_input": {"command": command}}));
            }
        }

        #[test]
        fn what_is_written_is_never_in_a_reason(
            value in "[A-Za-z0-9+/]{20,60}={0,2}",
            name in "[A-Z]{2,8}(_[A-Z]{2,8}){0,2}",
            form in 0..6usize,
        ) {
            let command = match form {
                0 => format!("echo {name}={value} > .env"),
                1 => format!("printf '%s\\n' \"{name}={value}\" >> .env"),
                2 => format!("cat > .env <<E\n{name}=\"-----BEGIN\n{value}\n-----END\"\nE"),
                3 => format!("sed -i 's|^{name}=.*|{name}={value}|' .env"),
                4 => format!("python -c \"open('.env','a').write('{value}')\""),
                _ => format!("echo '{value}' | tee .env"),
            };
            let denial = decided(&serde_json::json!({"hook_event_name": "PreToolUse", "cwd": "/p",
                "tool_name": "Bash", "tool_input": {"command": command}}));
            let reason = denial.expect("a write to .env").reason();
            prop_assert!(!reason.contains(&value), "{reason}");
            prop_assert!(!reason.contains(value.trim_end_matches('=')), "{reason}");
        }
    }
}
