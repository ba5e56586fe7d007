use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

fn content(text: &str) -> SecretBytes {
    SecretBytes::from(text)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names = super::super::list_dir(dir).unwrap().unwrap();
    names.sort();
    names
}

#[test]
fn mode_and_link_stay_and_nothing_is_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let real = dir.path().join("real.env");
    let link = dir.path().join(".env");
    fs::write(&real, "A=1\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.env", &link).unwrap();
    let (before, stamp) = read_stamped(&link, 1000).unwrap();
    assert_eq!(before.expose(), b"A=1\n");
    assert_eq!(
        replace_stamped(&stamp, &content("A=2\n")).unwrap(),
        Replaced::Done
    );
    assert_eq!(text(&real), "A=2\n");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(super::super::mode(&real), Some(0o640));
    assert_eq!(names(dir.path()), [".env", "real.env"]);
}

#[test]
fn a_new_file_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    let (_, stamp) = read_stamped(&path, 1000).unwrap();
    assert!(!stamp.existed());
    assert_eq!(
        replace_stamped(&stamp, &content("A=1\n")).unwrap(),
        Replaced::Done
    );
    assert_eq!(super::super::mode(&path), Some(0o600));
}

#[test]
fn a_change_since_reading_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    let (_, stamp) = read_stamped(&path, 1000).unwrap();
    fs::write(&path, "A=1\nB=2\n").unwrap();
    assert_eq!(
        replace_stamped(&stamp, &content("A=3\n")).unwrap(),
        Replaced::Changed
    );
    assert_eq!(text(&path), "A=1\nB=2\n");
    let absent = dir.path().join("other.env");
    let (_, stamp) = read_stamped(&absent, 1000).unwrap();
    fs::write(&absent, "B=2\n").unwrap();
    assert_eq!(
        replace_stamped(&stamp, &content("A=3\n")).unwrap(),
        Replaced::Changed
    );
    assert_eq!(names(dir.path()), [".env", "other.env"]);
}

#[test]
fn a_hard_link_is_written_in_place_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    fs::write(&path, "A=1 and more\n").unwrap();
    fs::hard_link(&path, dir.path().join("second")).unwrap();
    let (_, stamp) = read_stamped(&path, 1000).unwrap();
    assert_eq!(
        replace_stamped(&stamp, &content("A=2\n")).unwrap(),
        Replaced::InPlaceOnly
    );
    assert_eq!(
        write_in_place(&stamp, &content("A=2\n")).unwrap(),
        Replaced::Done
    );
    assert_eq!(text(&dir.path().join("second")), "A=2\n");
}

#[test]
fn only_a_regular_file_is_an_env_file() {
    let dir = tempfile::tempdir().unwrap();
    let code = |path: &Path| read_stamped(path, 1000).unwrap_err().code();
    assert_eq!(code(dir.path()), "env_not_a_file");
    let dangling = dir.path().join("dangling");
    symlink("nowhere", &dangling).unwrap();
    assert_eq!(code(&dangling), "env_dangling_link");
    let device = dir.path().join("device");
    symlink("/dev/null", &device).unwrap();
    assert_eq!(code(&device), "env_not_a_file");
    assert_eq!(code(&dir.path().join("no/dir/.env")), "env_no_directory");
    fs::write(dir.path().join("large"), vec![b'#'; 1001]).unwrap();
    assert!(read_stamped(&dir.path().join("large"), 1000).is_err());
}

#[test]
fn a_leftover_of_a_killed_run_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    fs::write(dir.path().join(TEMPORARY), "A=half").unwrap();
    let (_, stamp) = read_stamped(&path, 1000).unwrap();
    assert_eq!(
        replace_stamped(&stamp, &content("A=2\n")).unwrap(),
        Replaced::Done
    );
    assert_eq!(names(dir.path()), [".env"]);
}
