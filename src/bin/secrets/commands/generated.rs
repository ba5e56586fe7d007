//! `completions` and `man`: what is generated from the command line's definition.

use secrets::ops::answers::{Page, Pages, Script};

use super::{Call, Exit, Verb};
use crate::args::{Completions, Man};
use crate::generated;
use crate::output::{Printer, shown};

impl Verb for Completions {
    fn run(&self, call: &Call<'_>) -> Exit {
        completions(self, call.printer)
    }
}

fn completions(args: &Completions, printer: &Printer) -> Exit {
    let script = generated::completions(args.shell);
    let script = &String::from_utf8_lossy(&script);
    if printer.json {
        let shell = &args.shell.to_string();
        printer.json(&Script { shell, script })?;
    } else {
        printer.out(script)?;
    }
    Ok(0)
}

impl Verb for Man {
    fn run(&self, call: &Call<'_>) -> Exit {
        manual(self, call.printer)
    }
}

fn manual(args: &Man, printer: &Printer) -> Exit {
    match &args.dir {
        Some(dir) => {
            let pages = generated::write_manual_pages(dir)?;
            if printer.json {
                let dir = dir.clone();
                printer.json(&Pages { dir, pages })?;
            }
            printer.note(&format!("wrote {pages} pages into {}", shown(dir)));
        }
        None => {
            let page = generated::manual_page()?;
            let page = &String::from_utf8_lossy(&page);
            if printer.json {
                printer.json(&Page { page })?;
            } else {
                printer.out(page)?;
            }
        }
    }
    Ok(0)
}
