//! Arguments of programs: which are options, and which are files.

/// The arguments that are no options; those named take a value.
pub(super) fn operands<'a>(args: &'a [String], with_value: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            found.extend(args.map(String::as_str));
            break;
        }
        if arg.len() > 1 && arg.starts_with('-') {
            if with_value.contains(&arg.as_str()) {
                args.next();
            }
        } else {
            found.push(arg.as_str());
        }
    }
    found
}

/// Whether an argument is a group of short options that has this one: `-i`, `-ni`, `-i.bak`.
pub(super) fn is_short_flag(arg: &str, flag: char) -> bool {
    arg.strip_prefix('-').is_some_and(|flags| {
        let letters: String = flags
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        !flags.starts_with('-') && letters.contains(flag)
    })
}

/// The files of a program whose first operand is a script, unless an option gave one.
pub(super) fn files_behind_script<'a, 'f>(args: &[String], files: &'f [&'a str]) -> &'f [&'a str] {
    let given = args.iter().any(|arg| {
        is_short_flag(arg, 'e')
            || is_short_flag(arg, 'f')
            || arg.starts_with("--expression")
            || arg.starts_with("--file")
    });
    if given {
        files
    } else {
        files.get(1..).unwrap_or_default()
    }
}

/// Whether one of the arguments is this option, short (perhaps in a group) or long.
pub(super) fn has_option(args: &[String], short: char, long: &str) -> bool {
    args.iter()
        .any(|arg| is_short_flag(arg, short) || arg == long)
}

/// The values of an option: `--name VALUE`, `--name=VALUE`.
pub(super) fn values_of<'a>(args: &'a [String], names: &[&str]) -> Vec<&'a str> {
    let mut values = Vec::new();
    for (at, arg) in args.iter().enumerate() {
        if names.contains(&arg.as_str()) {
            values.extend(args.get(at + 1).map(String::as_str));
        } else if let Some((name, value)) = arg.split_once('=')
            && names.contains(&name)
        {
            values.push(value);
        }
    }
    values
}
