//! Tables that were damaged on their way, and tables that go to a spreadsheet.

use super::Folder;

#[test]
fn answers_for_a_spreadsheet_are_no_formulas() {
    let folder = Folder::new("spreadsheet");
    folder.put(
        "t.comity",
        "entity entry keyed by line { line : text  who : text  value : number }
outcome copy : text for each entry
outcome less : number for each entry
rule a for each entry: copy := entry.who
rule b for each entry: less := 0 - entry.value
",
    );
    folder.put("t.csv", "line,who,value\n=1+1,\"@SUM(1,2)\",5\n-7,+x,0.5\n");
    let rows = |flags: &[&str]| folder.run(&[&["run", "t.comity", "t.csv"], flags].concat());
    let lines = |text: &str| -> Vec<String> {
        text.lines().skip(1).map(|line| line.replace(",determined", "").to_string()).collect()
    };
    let (code, out, err) = rows(&["--spreadsheet-safe"]);
    assert_eq!(
        (code, lines(&out)),
        (0, vec!["'=1+1,\"'@SUM(1,2)\",a,-5,b".to_string(), "-7,'+x,a,-0.5,b".to_string()]),
        "{err}"
    );
    assert_eq!(rows(&["--spreadsheet-safe", "--out", "o.csv"]).0, 0);
    assert_eq!(String::from_utf8(folder.get("o.csv")).expect("UTF-8"), out);
    let (_, plain, _) = rows(&[]);
    assert_eq!(lines(&plain)[0], "=1+1,\"@SUM(1,2)\",a,-5,b");
    let (code, _, err) = rows(&["--spreadsheet-safe", "--by", "who", "--out", "totals.csv"]);
    assert_eq!(code, 0, "{err}");
    let totals = String::from_utf8(folder.get("totals.csv")).expect("UTF-8");
    assert!(totals.contains("\n\"'@SUM(1,2)\",1,") && totals.contains("\n'+x,1,"), "{totals}");
    for flags in [&["--summary"][..], &["--out", "o.parquet"]] {
        let (code, _, err) = rows(&[&["--spreadsheet-safe"], flags].concat());
        assert!(code == 2 && (err.contains("is for CSV") || err.contains("not-built-in")), "{err}");
    }
}

/// Through the whole program, some of the bytes; the library tries each.
#[cfg(feature = "parquet")]
#[test]
fn a_damaged_file_that_comity_wrote_ends_the_run_or_changes_nothing() {
    let folder = Folder::new("damaged");
    folder.put(
        "r.comity",
        "entity e keyed by line { line : text  fee : USD }
outcome p : USD for each e
rule r for each e: p := e.fee
",
    );
    let rows: String = (0..700).map(|row| format!("k{:x},{row}.0{}\n", row * 7919, row % 10)).collect();
    folder.put("many.csv", format!("line,value [USD]\n{rows}"));
    let (code, _, err) = folder.run(&["run", "p.comity", "many.csv", "--out", "good.parquet"]);
    assert_eq!(code, 0, "{err}");
    let good = folder.get("good.parquet");
    let read =
        || folder.run(&["run", "r.comity", "bad.parquet", "--ignore", "fee_status", "--ignore", "fee_by"]);
    folder.put("bad.parquet", &good);
    let right = read();
    assert_eq!(right.0, 0, "{}", right.2);
    let step = usize::try_from(100 / crate::effort::times(1, 100)).expect("a step").max(1);
    for at in (0..good.len()).rev().step_by(step) {
        let mut damaged = good.clone();
        damaged[at] ^= 1;
        folder.put("bad.parquet", damaged);
        let (code, out, err) = read();
        match code {
            2 => assert!(err.contains("`bad.parquet` cannot be read"), "byte {at}: {err}"),
            _ => assert_eq!((code, out), (right.0, right.1.clone()), "byte {at}: {err}"),
        }
    }
    for length in [0, 1, 7, 8, 12, good.len() / 2, good.len() - 1] {
        folder.put("bad.parquet", &good[..length]);
        let (code, out, err) = read();
        assert_eq!((code, out.as_str()), (2, ""), "{length} bytes: {err}");
    }
}
