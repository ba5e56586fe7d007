//! The import law: a layer imports only from the layers below it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What each layer of the library may import. It may always import from itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("env_file", &["model"]),
    ("error", &["model", "env_file"]),
    ("leaks", &["model", "env_file", "error"]),
    ("export", &["model", "env_file", "error"]),
    ("agents", &["model", "env_file", "error"]),
    (
        "storage",
        &["model", "env_file", "error", "leaks", "export", "agents"],
    ),
    (
        "ops",
        &[
            "model", "env_file", "error", "leaks", "export", "agents", "storage",
        ],
    ),
];
/// The two front ends of the program never import each other.
const FRONT_ENDS: &[(&str, &str)] = &[("commands", "mcp"), ("mcp", "commands")];
/// The top-level modules that the code of a file names in `crate::` paths, without its unit tests.
fn imports(source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code.lines().map(|line| line.split("//").next().unwrap());
    let code: String = lines.collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for path in code.split("crate::").skip(1) {
        // `crate::{a::b, c}` names several.
        let several = path
            .strip_prefix('{')
            .and_then(|list| list.split_once("};"));
        let paths = several.map_or(path, |(list, _)| list);
        for path in paths
            .split(',')
            .take(if several.is_some() { 99 } else { 1 })
        {
            let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
            let name: String = path.trim().chars().take_while(|c| is_name(*c)).collect();
            found.insert(name);
        }
    }
    found
}

/// Calls `visit` with the layer of each source file below `dir` and what it imports.
fn walk(dir: &Path, layer: Option<&str>, visit: &mut dyn FnMut(&str, &str)) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_test = ["tests", "testing", "model_tests"].contains(&name);
        if path.is_dir() && path.file_name().unwrap() != "bin" {
            walk(&path, layer.or(Some(name)), visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
            for import in imports(&fs::read_to_string(&path).unwrap()) {
                visit(layer.unwrap_or(name), &import);
            }
        }
    }
}

#[test]
fn a_layer_imports_only_from_the_layers_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let layers: BTreeSet<&str> = LAYERS.iter().map(|(layer, _)| *layer).collect();
    let mut broken = BTreeSet::new();
    let mut seen = BTreeSet::new();
    walk(&source, None, &mut |layer, import| {
        seen.insert(layer.to_owned());
        let allowed = LAYERS.iter().find(|(name, _)| *name == layer);
        let is_allowed = allowed.is_some_and(|(_, allowed)| allowed.contains(&import));
        if layers.contains(import) && layer != import && !is_allowed {
            broken.insert((layer.to_owned(), import.to_owned()));
        }
    });
    walk(&source.join("bin/secrets"), None, &mut |part, import| {
        if FRONT_ENDS.contains(&(part, import)) {
            broken.insert((format!("program {part}"), import.to_owned()));
        }
    });
    assert!(layers.iter().all(|layer| seen.contains(*layer)), "{seen:?}");
    assert!(broken.is_empty(), "imports that go upward: {broken:?}");
}

#[test]
fn imports_are_found_in_every_form() {
    let source = "use crate::one::X;\nuse crate::{two::{a, b}, three};\nfn f() -> crate::four::Y {}\n\
                  // crate::comment::Z\n#[cfg(test)]\nmod tests {\n    use crate::test::T;\n}\n";
    let found = imports(source);
    for name in ["one", "two", "three", "four"] {
        assert!(found.contains(name), "{name}: {found:?}");
    }
    assert!(!found.contains("comment") && !found.contains("test"));
}
