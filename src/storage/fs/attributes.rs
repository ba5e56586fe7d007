//! What a file has besides mode, owner and content: extended attributes, and the access list among
//! them.
//!
//! A replacement must not be open to more people than the file was, nor to fewer: a directory with
//! a default access list gives it to every new file, also where the old one had none.
//!
//! Limits: Linux only. Carried over are the access list, `user.*` and `security.selinux`; the other
//! names of `security.*`, `trusted.*` and `system.*` belong to the kernel or speak about the content
//! (`security.ima`), and a copy of them would be wrong.

use std::fs::File;

use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fremovexattr, fsetxattr};
use rustix::io::Errno;

const ACCESS_LIST: &[u8] = b"system.posix_acl_access";
/// The kernel allows no more, for a value as for a list of names.
const MOST: usize = 64 << 10;

/// Gives a new file the attributes of an old one; `false` if one that matters cannot be given.
pub(super) fn carry_over(old: &File, new: &File) -> bool {
    let Some(names) = names(old) else {
        return false;
    };
    let is_carried =
        |name: &[u8]| name == ACCESS_LIST || name.starts_with(b"user.") || is_label(name);
    for name in split(&names).filter(|name| is_carried(name)) {
        let mut value = vec![0; MOST];
        let given = match fgetxattr(old, name, &mut value[..]) {
            Ok(len) => fsetxattr(new, name, &value[..len], XattrFlags::empty()),
            Err(Errno::NODATA) => continue,
            Err(error) => Err(error),
        };
        // A label comes from the policy anyway, and only that may say otherwise.
        if given.is_err() && !is_label(name) {
            return false;
        }
    }
    if split(&names).any(|name| name == ACCESS_LIST) {
        return true;
    }
    matches!(
        fremovexattr(new, ACCESS_LIST),
        Ok(()) | Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL)
    )
}

fn is_label(name: &[u8]) -> bool {
    name == b"security.selinux"
}

/// The names of all attributes, each ended by NUL; `None` if they cannot be listed.
fn names(file: &File) -> Option<Vec<u8>> {
    let mut names = vec![0; MOST];
    match flistxattr(file, &mut names[..]) {
        Ok(len) => {
            names.truncate(len);
            Some(names)
        }
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => Some(Vec::new()),
        Err(_) => None,
    }
}

fn split(names: &[u8]) -> impl Iterator<Item = &[u8]> {
    names.split(|b| *b == 0).filter(|name| !name.is_empty())
}
