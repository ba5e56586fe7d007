//! The block of instructions in a Markdown file, between two comments.

use super::Refusal;

const BEGIN: &str = "<!-- secrets: begin -->";
const END: &str = "<!-- secrets: end -->";

/// The instructions for the agent.
pub(super) const RULE: &str = "\
## Secrets

API keys, passwords and tokens are kept by `secrets`: in its encrypted vault first, in the project's
`.env` second.

- Never write, edit, delete or print a `.env` file, by any tool or shell command.
- To see what there is: the MCP tool `list_secrets`, or `secrets list --project PROJECT`;
  `secrets projects` names the projects and their files.
- To store a value that you were given: `set_secret`, or
  `secrets set project/PROJECT/NAME -d 'what it is for'` with the value on standard input. It writes
  the vault and the `.env`.
- To make a new random value: `generate_secret`, or `secrets generate project/PROJECT/NAME -d '...'`.
  You never need to see it.
- To run a program with the values: `secrets run --project PROJECT -- COMMAND`.
- A value that only the user has: ask them to run the `secrets set` command; it asks for the value.
- A lost or broken `.env`: `restore_env`, or `secrets restore PROJECT`. To check: `verify_secrets`, or
  `secrets verify`.
";

fn block() -> String {
    format!("{BEGIN}\n{RULE}{END}\n")
}

/// Returns the byte range of the block; an error if only one of its comments exists.
fn find(text: &str) -> Result<Option<(usize, usize)>, Refusal> {
    let line = |at| super::line_at(text, at);
    match (text.find(BEGIN), text.find(END)) {
        (None, None) => Ok(None),
        (Some(begin), Some(end)) if begin < end => {
            let mut end = end + END.len();
            for newline in ["\r\n", "\n"] {
                if text[end..].starts_with(newline) {
                    end += newline.len();
                    break;
                }
            }
            Ok(Some((begin, end)))
        }
        (begin, end) => Err(Refusal::new(
            line(begin.or(end).unwrap_or(0)),
            format!("`{BEGIN}` and `{END}` must both exist, in this order"),
        )),
    }
}

pub(super) fn install(text: &str, head: &str) -> Result<String, Refusal> {
    let block = if text.contains("\r\n") {
        block().replace('\n', "\r\n")
    } else {
        block()
    };
    if let Some((begin, end)) = find(text)? {
        return Ok(format!("{}{block}{}", &text[..begin], &text[end..]));
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = match text {
        "" => head.to_owned(),
        text if text.ends_with('\n') => newline.to_owned(),
        _ => newline.repeat(2),
    };
    Ok(format!("{text}{gap}{block}"))
}

pub(super) fn remove(text: &str) -> Result<String, Refusal> {
    let Some((begin, end)) = find(text)? else {
        return Ok(text.to_owned());
    };
    // `install` wrote an empty line before the block.
    let front = &text[..begin];
    let front = front
        .strip_suffix("\n\n")
        .map_or(front, |before| &front[..before.len() + 1]);
    Ok(format!("{front}{}", &text[end..]))
}
