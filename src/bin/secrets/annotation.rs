//! Findings as GitHub Actions shows them beside the code: workflow commands, one a line.

use std::path::Path;

use crate::environment;

/// Something to show at a place.
pub(crate) struct Annotation<'a> {
    pub(crate) is_error: bool,
    pub(crate) file: Option<&'a Path>,
    pub(crate) line: Option<u64>,
    pub(crate) title: &'a str,
    pub(crate) message: &'a str,
}

impl Annotation<'_> {
    /// The workflow command, with its line break.
    pub(crate) fn command(&self) -> String {
        let mut properties = Vec::new();
        if let Some(file) = self.file {
            properties.push(format!("file={}", property(&in_workspace(file))));
        }
        if let Some(line) = self.line.filter(|_| self.file.is_some()) {
            properties.push(format!("line={line}"));
        }
        properties.push(format!("title={}", property(self.title)));
        let command = if self.is_error { "error" } else { "warning" };
        format!(
            "::{command} {}::{}\n",
            properties.join(","),
            data(self.message)
        )
    }
}

/// A file as the runner knows it: below the workspace.
fn in_workspace(file: &Path) -> String {
    let below = environment::path("GITHUB_WORKSPACE")
        .and_then(|workspace| file.strip_prefix(workspace).ok())
        .unwrap_or(file);
    below.to_string_lossy().into_owned()
}

/// What would end a command's text is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// What would end a property is escaped, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_it() {
        let annotation = Annotation {
            is_error: true,
            file: Some(Path::new("a,b:c%\n::error::x")),
            line: Some(3),
            title: "t,:",
            message: "50% :: of\r\n::error::y",
        };
        assert_eq!(
            annotation.command(),
            "::error file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax,line=3,title=t%2C%3A::50%25 :: of%0D%0A::error::y\n"
        );
    }
}
