use super::*;
use crate::model::secret::SecretBytes;

fn trail(dir: &Path) -> Trail {
    let key = MacKey::derive_for_log(&SecretBytes::from("AGE-SECRET-KEY-1TEST"));
    Trail::new(dir, key)
}

fn filled(dir: &Path) -> Trail {
    let trail = trail(dir);
    for version in 1..=5 {
        let event = Event {
            op: "set",
            key_path: Some("project/a/b"),
            version: Version::new(version),
            note: None,
        };
        trail.append(&Actor::default(), event, true).unwrap();
    }
    trail
}

fn lines(trail: &Trail) -> Vec<String> {
    let text = std::fs::read_to_string(trail.file()).unwrap();
    text.split_inclusive('\n').map(str::to_owned).collect()
}

#[test]
fn a_whole_trail_has_no_flaw() {
    let dir = tempfile::tempdir().unwrap();
    let reading = filled(dir.path()).read().unwrap();
    assert_eq!(reading.lines.len(), 5);
    assert_eq!(reading.flaws, []);
    assert_eq!(reading.lines[4].version, Version::new(5));
    assert!(
        trail(&dir.path().join("none"))
            .read()
            .unwrap()
            .flaws
            .is_empty()
    );
}

#[test]
fn a_changed_removed_moved_or_cut_line_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let trail = filled(dir.path());
    let whole = lines(&trail);
    let check = |lines: Vec<String>| {
        std::fs::write(trail.file(), lines.concat()).unwrap();
        trail.read().unwrap().flaws.len()
    };
    let mut changed = whole.clone();
    changed[2] = changed[2].replace("project/a/b", "project/a/c");
    assert!(check(changed) > 0);
    let mut removed = whole.clone();
    removed.remove(1);
    assert!(check(removed) > 0);
    let mut moved = whole.clone();
    moved.swap(1, 2);
    assert!(check(moved) > 0);
    assert!(check(whole[..4].to_vec()) > 0, "cut at the end");
    assert!(check(whole[1..].to_vec()) > 0, "cut at the start");
    assert!(check(Vec::new()) > 0, "emptied");
    let mut foreign = whole.clone();
    foreign[4] = foreign[4].replace("\"mac\":\"", "\"mac\":\"0");
    assert!(check(foreign) > 0);
    assert_eq!(check(whole), 0);
}

#[test]
fn many_events_at_once_are_one_whole_chain() {
    let dir = tempfile::tempdir().unwrap();
    let trail = filled(dir.path());
    let names: Vec<String> = (0..300).map(|n| format!("project/a/b{n}")).collect();
    let events: Vec<Event<'_>> = names
        .iter()
        .map(|name| Event {
            op: "import",
            key_path: Some(name),
            version: Some(Version::FIRST),
            note: None,
        })
        .collect();
    let mut torn = lines(&trail).concat();
    torn.push_str("{\"n\":6,");
    std::fs::write(trail.file(), torn).unwrap();
    let announced = trail.announce_many(&Actor::default(), &events).unwrap();
    let reading = trail.read().unwrap();
    assert_eq!(reading.flaws, []);
    assert_eq!(reading.lines.len(), 5 + 1 + 300);
    assert_eq!(announced.len(), 300);
    for (announced, line) in announced.iter().zip(&reading.lines[6..]) {
        assert!(
            reading
                .macs
                .iter()
                .any(|mac| trail.own().line(announced) == Some(mac))
        );
        assert_eq!(line.op, "import");
    }
    assert!(announced[299].ends_with(&reading.macs[305]));
}

#[test]
fn a_torn_last_line_is_repaired_and_noted() {
    let dir = tempfile::tempdir().unwrap();
    let trail = filled(dir.path());
    let mut torn = lines(&trail).concat();
    torn.push_str("{\"n\":6,\"time\":\"20");
    std::fs::write(trail.file(), torn).unwrap();
    assert_eq!(trail.read().unwrap().flaws.len(), 1);
    let event = Event {
        op: "get",
        ..Event::default()
    };
    trail.append(&Actor::default(), event, false).unwrap();
    let reading = trail.read().unwrap();
    assert_eq!(reading.flaws, []);
    let ops: Vec<&str> = reading.lines.iter().map(|line| line.op.as_str()).collect();
    assert_eq!(ops[4..], ["set", "repair", "get"]);
}

#[test]
fn appending_at_once_keeps_every_line() {
    let dir = tempfile::tempdir().unwrap();
    let trail = trail(dir.path());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let event = Event {
                        op: "get",
                        ..Event::default()
                    };
                    trail.append(&Actor::default(), event, false).unwrap();
                }
            });
        }
    });
    let reading = trail.read().unwrap();
    assert_eq!(reading.lines.len(), 160);
    assert_eq!(reading.flaws, []);
}

#[test]
fn a_head_that_the_program_did_not_write_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let trail = filled(dir.path());
    let head = dir.path().join("log.head");
    let reading = trail.read().unwrap();
    let (last, mac) = (reading.lines.last().unwrap(), reading.macs.last().unwrap());
    let unsealed = format!("{:020} {mac}\n", last.n);
    std::fs::write(&head, &unsealed).unwrap();
    assert_eq!(trail.read().unwrap().flaws.len(), 1);
    // What 0.1.0 wrote is as it was: neither its lines nor its head have more.
    let lines = lines(&trail);
    let old: String = {
        let mut before = String::new();
        let mut text = String::new();
        for line in &lines {
            let (body, _) = split_mac(line.as_bytes()).unwrap();
            let body = body.strip_suffix(MARK).unwrap();
            before = trail.mac(&before, body);
            text.push_str(&format!("{body}{MAC_FIELD}{before}\"}}\n"));
        }
        std::fs::write(&head, format!("{:020} {before}\n", last.n)).unwrap();
        text
    };
    std::fs::write(trail.file(), old).unwrap();
    assert_eq!(trail.read().unwrap().flaws, []);
    // The next line seals the head.
    trail
        .append(&Actor::default(), Event::default(), true)
        .unwrap();
    assert_eq!(trail.read().unwrap().flaws, []);
    std::fs::write(&head, &unsealed).unwrap();
    assert_eq!(trail.read().unwrap().flaws.len(), 1);
}

#[test]
fn the_names_of_all_trails_are_remembered() {
    let dir = tempfile::tempdir().unwrap();
    let trail = trail(dir.path());
    let announce = || trail.announce(&Actor::default(), Event::default()).unwrap();
    let first = announce();
    for name in ["log.jsonl", "log.head", "log.id"] {
        std::fs::remove_file(dir.path().join(name)).unwrap();
    }
    assert!(trail.own().line(&first).is_some());
    let second = announce();
    assert!(first[..16] != second[..16]);
    assert!(
        [&first, &second]
            .iter()
            .all(|one| trail.own().line(one).is_some())
    );
    trail.set_aside().unwrap();
    assert!(
        [&first, &second]
            .iter()
            .all(|one| trail.own().line(one).is_none())
    );
}
