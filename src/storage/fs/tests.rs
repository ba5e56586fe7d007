use super::*;

#[cfg(unix)]
fn mode_of(path: &Path) -> u32 {
    mode(path).unwrap()
}

#[test]
fn a_new_file_appears_once_and_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("0001.age");
    assert!(publish_new(&path, b"first").unwrap());
    assert!(!publish_new(&path, b"second").unwrap());
    assert_eq!(read(&path, 100).unwrap().unwrap().expose(), b"first");
    #[cfg(unix)]
    assert_eq!(mode_of(&path), 0o600);
    assert_eq!(list_dir(dir.path()).unwrap().unwrap(), ["0001.age"]);
}

#[test]
fn directories_are_private_and_may_exist() {
    let dir = tempfile::tempdir().unwrap();
    make_dirs_durable(dir.path(), Path::new("a/b/c")).unwrap();
    make_dirs_durable(dir.path(), Path::new("a/b/c")).unwrap();
    make_dir_all_durable(&dir.path().join("x/y")).unwrap();
    #[cfg(unix)]
    {
        assert_eq!(mode_of(&dir.path().join("a/b/c")), 0o700);
        assert_eq!(mode_of(&dir.path().join("x/y")), 0o700);
    }
}

#[test]
fn what_is_too_large_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    assert!(publish_new(&path, &[0; 100]).unwrap());
    assert!(read(&path, 99).is_err());
    assert!(read(&path, 100).unwrap().is_some());
    assert!(read(&dir.path().join("absent"), 1).unwrap().is_none());
    assert!(read(&dir.path().join("f/below"), 1).unwrap().is_none());
}

#[test]
fn a_private_file_is_replaced_through_its_link() {
    let dir = tempfile::tempdir().unwrap();
    let real = dir.path().join("real.toml");
    let link = dir.path().join("config.toml");
    replace_private(&real, b"one").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("real.toml", &link).unwrap();
        replace_private(&link, b"two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&real, 10).unwrap().unwrap().expose(), b"two");
    }
}

#[test]
fn what_is_set_aside_keeps_its_bytes_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.jsonl");
    assert_eq!(set_aside(&path).unwrap(), None);
    for text in ["one", "two"] {
        fs::write(&path, text).unwrap();
        let aside = set_aside(&path).unwrap().unwrap();
        assert_eq!(fs::read_to_string(aside).unwrap(), text);
        assert!(!path.exists());
    }
    assert_eq!(list_dir(dir.path()).unwrap().unwrap().len(), 2);
}

#[test]
fn a_path_below_a_file_is_not_writable_and_one_to_be_made_is() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    assert!(is_writable(dir.path()));
    assert!(is_writable(&dir.path().join("a/b/c")));
    assert!(!is_writable(&dir.path().join("file/below")));
}

#[test]
fn a_hint_is_overwritten_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/b/hint");
    write_hint(&path, b"0000000001\n").unwrap();
    write_hint(&path, b"0000000002\n").unwrap();
    assert_eq!(read(&path, 100).unwrap().unwrap().expose(), b"0000000002\n");
}
