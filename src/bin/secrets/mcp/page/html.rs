//! What the page shows.
//!
//! Invariants: it loads nothing and runs no script. What was sent by the agent is escaped. No value is
//! in it, nor what was typed. It is usable by keyboard, with a screen reader, in 320 pixels, and in
//! the dark.

use std::time::Duration;

use super::{Ending, Kind, Question};

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:40rem;padding:1rem;\
overflow-wrap:anywhere}\
h1{font-size:1.4rem;line-height:1.25}\
dt{font-weight:bold}dd{margin:0 0 .5rem}\
label{display:block;font-weight:bold;margin:.75rem 0 .25rem}\
label.inline{display:inline;font-weight:normal}\
textarea{box-sizing:border-box;width:100%;font:1rem/1.4 ui-monospace,monospace;padding:.5rem}\
#show:not(:checked)~textarea{-webkit-text-security:disc}\
@supports not (-webkit-text-security:disc){#show:not(:checked)~textarea{color:transparent;\
caret-color:CanvasText}}\
button{font:inherit;min-height:2.75rem;padding:.25rem 1.25rem;margin:.75rem .75rem 0 0}\
:focus-visible{outline:3px solid Highlight;outline-offset:2px}\
[role=alert]{border-inline-start:.3rem solid #b00020;padding-inline-start:.75rem}\
#show{width:1.25rem;height:1.25rem;vertical-align:middle}";

/// A document, all but the nonce of its style sheet.
pub(super) struct Document {
    title: String,
    main: String,
}

impl Document {
    pub(super) fn new(title: impl Into<String>, main: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            main: main.into(),
        }
    }

    pub(super) fn text(&self, nonce: &str) -> String {
        let title = escaped(&self.title);
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>{title} – secrets</title>\
             <style nonce=\"{nonce}\">{STYLE}</style></head><body><header><p>secrets, on this \
             computer</p></header><main><h1>{title}</h1>{}</main></body></html>",
            self.main
        )
    }
}

/// The form. `problem` is why the last answer was not taken.
pub(super) fn form(
    path: &str,
    question: &Question,
    left: Duration,
    problem: Option<&str>,
) -> Document {
    let alert = problem
        .map(|problem| {
            let lines: Vec<String> = problem.lines().map(escaped).collect();
            let what = match question.kind {
                Kind::Value => "Not stored: ",
                Kind::Reveal => "",
            };
            format!(
                "<p role=\"alert\" id=\"problem\">{what}{}</p>",
                lines.join("<br>")
            )
        })
        .unwrap_or_default();
    let facts = facts(question, left);
    let form = format!("<form method=\"post\" action=\"{path}\" autocomplete=\"off\">");
    match question.kind {
        Kind::Value => {
            let described = match problem {
                Some(_) => "aria-invalid=\"true\" aria-describedby=\"problem where\"",
                None => "aria-describedby=\"where\"",
            };
            Document::new(
                "Store a secret",
                format!(
                    "{alert}{facts}{form}<p id=\"where\">The value goes to your vault{}. The agent \
                     does not see it. It may have several lines.</p><input type=\"checkbox\" \
                     id=\"show\"> <label class=\"inline\" for=\"show\">Show what I \
                     type</label><label for=\"value\">Value</label><textarea id=\"value\" \
                     name=\"value\" rows=\"4\" required autofocus autocomplete=\"off\" \
                     autocapitalize=\"off\" spellcheck=\"false\" {described}></textarea>\
                     <button>Store</button></form>",
                    match question.env_file {
                        Some(_) => ", and then to the env file",
                        None => "",
                    }
                ),
            )
        }
        Kind::Reveal => Document::new(
            "Let an agent read a secret?",
            format!(
                "{alert}{facts}{form}<p>If you allow it, the value becomes a part of the agent's \
                 conversation, and its provider gets it. A program can have it without that: \
                 <code>secrets run</code>.</p><button name=\"answer\" value=\"refuse\" autofocus>\
                 Refuse</button><button name=\"answer\" value=\"allow\">Allow once</button></form>"
            ),
        ),
    }
}

fn facts(question: &Question, left: Duration) -> String {
    let mut facts = vec![
        ("Asked by", escaped(&question.client)),
        (
            "Secret",
            format!("<code>{}</code>", escaped(&question.key_path.to_string())),
        ),
    ];
    if let Some(description) = &question.description {
        facts.push(("What it is for", escaped(description)));
    }
    if let Some(file) = &question.env_file {
        let file = escaped(&file.to_string_lossy());
        let name = question.env_name.as_deref().map(escaped);
        let name = name.map(|name| format!(", variable <code>{name}</code>"));
        facts.push((
            "Env file",
            format!("<code>{file}</code>{}", name.unwrap_or_default()),
        ));
    }
    let minutes = left.as_secs().div_ceil(60).max(1);
    let minutes = match minutes {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    facts.push(("This page is valid for", minutes));
    let facts: String = facts
        .into_iter()
        .map(|(term, text)| format!("<dt>{term}</dt><dd>{text}</dd>"))
        .collect();
    format!("<dl>{facts}</dl>")
}

/// The page while an answer was given and the call has not finished.
pub(super) fn waiting(is_accepted: bool) -> Document {
    match is_accepted {
        true => Document::new("One moment", "<p role=\"status\">Storing …</p>"),
        false => Document::new(
            "Not finished yet",
            "<p role=\"status\">Go back to your agent and choose Continue. Then you can close this page.</p>",
        ),
    }
}

/// The page after the call.
pub(super) fn ended(ending: &Ending, key_path: &str) -> Document {
    let key_path = escaped(key_path);
    let close = "You can close this page.";
    match ending {
        Ending::Stored => Document::new(
            "Stored",
            format!("<p role=\"status\">The vault has <code>{key_path}</code>. {close}</p>"),
        ),
        Ending::Revealed => Document::new(
            "Allowed",
            format!("<p role=\"status\">The agent has read <code>{key_path}</code>. {close}</p>"),
        ),
        Ending::Refused => Document::new(
            "Refused",
            format!(
                "<p role=\"status\">The agent has not read <code>{key_path}</code>. {close}</p>"
            ),
        ),
        Ending::Failed(problem) => {
            let lines: Vec<String> = problem.lines().map(escaped).collect();
            Document::new(
                "This did not work",
                format!("<p role=\"alert\">{}</p><p>{close}</p>", lines.join("<br>")),
            )
        }
        Ending::Over => Document::new(
            "This page is no longer valid",
            format!(
                "<p role=\"status\">Nothing was stored with it. Ask your agent again, or run \
                 <code>secrets set {key_path}</code> in a terminal.</p>"
            ),
        ),
    }
}

/// Escapes text for HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use secrets::model::key_path::KeyPath;

    use super::*;

    #[test]
    fn a_description_cannot_write_the_page() {
        for kind in [Kind::Value, Kind::Reveal] {
            let script = "</p><script>alert('1')</script>\"";
            let question = Question {
                kind,
                key_path: KeyPath::parse("project/a/b").unwrap(),
                description: Some(script.to_owned()),
                client: script.to_owned(),
                env_file: Some(script.into()),
                env_name: Some(script.to_owned()),
            };
            let left = Duration::from_secs(90);
            let html = form("/x", &question, left, Some(script)).text("n");
            assert!(
                !html.contains("<script") && !html.contains("alert('"),
                "{html}"
            );
            assert!(html.contains("2 minutes"), "{html}");
            for mark in [
                "<main>",
                "<header>",
                "lang=\"en\"",
                "name=\"viewport\"",
                "<h1>",
            ] {
                assert!(html.contains(mark), "{mark}: {html}");
            }
        }
    }
}
