//! What the work costs without a program around it. `benches/whole-process` divides by these.
//!
//! ```text
//! floor get IDENTITY ENTRY              one armored X25519 age file is opened and printed
//! floor set VALUE RECIPIENT LOG ENTRY OTHER ENV
//!                                       one is sealed and published; the env file is replaced
//! floor open IDENTITY LIST              every file that LIST names is opened, on all cores
//! ```
//!
//! `get` and `open` check nothing and know no vault: IDENTITY is the key that the files are sealed
//! to. `set` makes the system calls that the promises of a `set` need and no more: a line to LOG,
//! synced; the entry as a file without a name, synced, linked under its name, its directory synced;
//! the directory OTHER (of the layout) synced; then the env file as a second file, synced, renamed
//! over the first, its directory synced. VALUE is a file.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::path::Path;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::x25519;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, fsync, linkat, open};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["get", identity_file, entry] => {
            let plaintext = opened(Path::new(entry), &identity(identity_file)?)?;
            io::stdout().write_all(&plaintext)?;
            Ok(())
        }
        ["set", value, recipient, log, entry, other, env] => {
            append(Path::new(log))?;
            publish(&sealed(value, recipient)?, Path::new(entry))?;
            sync_dir(parent(Path::new(entry))?)?;
            sync_dir(Path::new(other))?;
            replace(Path::new(env))
        }
        ["open", identity_file, list] => open_all(&identity(identity_file)?, list),
        _ => Err(
            "floor get IDENTITY ENTRY | set VALUE RECIPIENT LOG ENTRY OTHER ENV | open IDENTITY LIST"
                .into(),
        ),
    }
}

fn identity(file: &str) -> Result<x25519::Identity> {
    let text = fs::read_to_string(file)?;
    let line = text
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY-1"));
    Ok(line.ok_or("no identity")?.parse()?)
}

fn opened(entry: &Path, identity: &x25519::Identity) -> Result<Vec<u8>> {
    let sealed = fs::read(entry)?;
    let decryptor = age::Decryptor::new_buffered(ArmoredReader::new(&sealed[..]))?;
    let mut reader = decryptor.decrypt(std::iter::once(identity as &dyn age::Identity))?;
    let mut plaintext = Vec::with_capacity(sealed.len());
    reader.read_to_end(&mut plaintext)?;
    Ok(plaintext)
}

fn sealed(value: &str, recipient: &str) -> Result<Vec<u8>> {
    let mut value = fs::read(value)?;
    // An entry has a header and padding; the floor seals as much.
    value.resize(512, b'.');
    let recipient: x25519::Recipient = recipient.parse()?;
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients)?;
    let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    let mut writer = encryptor.wrap_output(armor)?;
    writer.write_all(&value)?;
    Ok(writer.finish()?.finish()?)
}

fn append(log: &Path) -> Result<()> {
    let mut log = File::options().append(true).create(true).open(log)?;
    log.write_all(&[b'.'; 255])?;
    log.write_all(b"\n")?;
    Ok(log.sync_all()?)
}

fn replace(env: &Path) -> Result<()> {
    let content = fs::read(env)?;
    let temporary = env.with_extension("floor-tmp");
    publish(&content, &temporary)?;
    fs::rename(&temporary, env)?;
    sync_dir(parent(env)?)
}

/// A new file, complete and synced before it has a name.
fn publish(bytes: &[u8], path: &Path) -> Result<()> {
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let file = open(parent(path)?, flags, Mode::RUSR | Mode::WUSR)?;
    let mut file = File::from(file);
    file.write_all(bytes)?;
    file.sync_all()?;
    let itself = format!("/proc/self/fd/{}", file.as_raw_fd());
    linkat(CWD, itself, CWD, path, AtFlags::SYMLINK_FOLLOW)?;
    Ok(())
}

fn sync_dir(dir: &Path) -> Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    fsync(open(dir, flags, Mode::empty())?)?;
    Ok(())
}

fn parent(path: &Path) -> Result<&Path> {
    Ok(path.parent().ok_or("no directory")?)
}

fn open_all(identity: &x25519::Identity, list: &str) -> Result<()> {
    let list = fs::read_to_string(list)?;
    let entries: Vec<&Path> = list.lines().map(Path::new).collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = entries.len().div_ceil(cores).max(1);
    let bytes = std::thread::scope(|scope| {
        let threads: Vec<_> = entries
            .chunks(share)
            .map(|chunk| {
                scope.spawn(move || {
                    let mut bytes = 0;
                    for entry in chunk {
                        bytes += opened(entry, identity)?.len();
                    }
                    Ok(bytes)
                })
            })
            .collect();
        let mut sum = 0;
        for thread in threads {
            let bytes: Result<usize> = thread.join().map_err(|_| "a thread panicked")?;
            sum += bytes?;
        }
        Ok::<usize, Box<dyn Error + Send + Sync>>(sum)
    })?;
    println!("{} entries, {bytes} bytes", entries.len());
    Ok(())
}
