//! Published schedules through the command: what is written, what is told, what is refused.

use crate::schema::published;
use crate::support::{Ran, comity};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder for one test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("import_{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a folder");
    path
}

/// Runs in a folder: `@/` in a word is the folder.
fn run(folder: &Path, words: &[&str]) -> Ran {
    let place = |word: &&str| word.replace("@/", &format!("{}/", folder.display()));
    let words: Vec<String> = words.iter().map(place).collect();
    comity(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn put(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("a file");
}

fn got(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A line of a schedule: code, indent, general, special, other.
struct Line(&'static str, u8, &'static str, &'static str, &'static str);

fn json(lines: &[Line]) -> String {
    let line = |Line(code, indent, general, special, other): &Line| {
        serde_json::json!({
            "htsno": code, "indent": indent.to_string(), "description": format!("goods, of {code}"),
            "superior": null, "units": if code.len() == 13 { vec!["<u>m²</u>", "No."] } else { vec![] },
            "general": general, "special": special, "other": other,
            "footnotes": if *code == "0301.10.00" {
                serde_json::json!([{"columns": ["general"], "value": "See 9903.88.01-9903.88.03. ", "type": "endnote"}])
            } else {
                Value::Null
            },
            "quotaQuantity": null, "additionalDuties": if code.starts_with("9904") { "12¢/kg + 2%" } else { " " },
            "addiitionalDuties": null,
        })
    };
    Value::Array(lines.iter().map(line).collect()).to_string().replace("},{\"add", "},\n{\"add")
}

const FIRST: &[Line] = &[
    Line("0301", 0, "", "", ""),
    Line("", 1, "", "", ""),
    Line("0301.10.00", 2, "Free", "", "20%"),
    Line("0301.10.00.10", 3, "", "", ""),
    Line("0301.10.00.20", 3, "", "", ""),
    Line("0302.10.00.00", 1, "4.4¢/kg + 6%", "Free (A+,AU) 2% (KR) See 9822.05.20 (P+)", "33 1/3%"),
    Line("0303.10.00", 1, "The rate applicable to its parts", "Free (A", "$1.50 each"),
    Line("9903.88.01", 0, "The duty provided in the applicable subheading + 25%", "", "No change"),
    Line("9903.88.02", 0, "<u>10%</u>", "", ""),
    Line("9903.88.03", 0, "No change", "No change", "No change."),
    Line("9904.02.01", 0, "", "", ""),
];

#[test]
fn a_schedule_becomes_tables() {
    let at = folder("tables");
    put(&at, "hts.json", &json(FIRST));
    let ran = run(&at, &["import", "hts", "@/hts.json", "--out", "@/out", "--verify", "--descriptions"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert_eq!(
        got(&at, "out/column1.csv"),
        "hts,ad_valorem,per_kg [USD/kg]\n\
        0301.10.00,0%,\n\
        0302.10.00.00,6%,0.044\n\
        0303.10.00,unknown,unknown\n\
        9903.88.01,unknown,unknown\n\
        9903.88.02,10%,\n\
        9903.88.03,unknown,unknown\n"
    );
    assert_eq!(
        got(&at, "out/special.csv"),
        "hts,programme,ad_valorem,see\n\
        0302.10.00.00,A+,0%,\n\
        0302.10.00.00,AU,0%,\n\
        0302.10.00.00,KR,2%,\n\
        0302.10.00.00,P+,unknown,9822.05.20\n\
        0303.10.00,*,unknown,\n\
        9903.88.03,*,unknown,\n"
    );
    assert_eq!(
        got(&at, "out/column2.csv"),
        "hts,ad_valorem,per_item [USD/item]\n\
        0301.10.00,20%,\n\
        0302.10.00.00,100%/3,\n\
        0303.10.00,,1.5\n\
        9903.88.01,unknown,unknown\n\
        9903.88.03,unknown,unknown\n"
    );
    assert_eq!(got(&at, "out/additional.csv"), "hts,ad_valorem,per_kg [USD/kg]\n9904.02.01,2%,0.12\n");
    assert_eq!(
        got(&at, "out/units.csv"),
        "hts,unit,unit_2\n0301.10.00.10,m2,No.\n0301.10.00.20,m2,No.\n0302.10.00.00,m2,No.\n"
    );
    assert_eq!(
        got(&at, "out/chapter99.csv"),
        "heading,kind,points,special_kind,special_points,column2_kind,column2_points\n\
        9903.88.01,in_addition,25%,,,no_change,0%\n\
        9903.88.02,in_place,10%,,,,\n\
        9903.88.03,no_change,0%,no_change,0%,no_change,0%\n\
        9904.02.01,in_addition,unknown,,,,\n"
    );
    assert_eq!(
        got(&at, "out/see99.csv"),
        "hts,heading\n0301.10.00,9903.88.01\n0301.10.00,9903.88.02\n0301.10.00,9903.88.03\n"
    );
    assert!(got(&at, "out/descriptions.csv").contains("\n0301,\"goods, of 0301\"\n"));
    let open = got(&at, "out/open.csv");
    assert!(
        open.starts_with(
            "table,hts,text,shape,file,line\ncolumn1,0303.10.00,The rate applicable to its parts,"
        )
    );
    assert!(open.contains(",7\nspecial,0303.10.00,Free (A,Free (A,"), "{open}");
    assert!(ran.out.contains("2 rates written as `unknown`, in 2 shapes"), "{}", ran.out);
    assert!(ran.out.contains("printed again, is the text"), "{}", ran.out);
}

#[test]
fn a_policy_reads_the_tables() {
    let at = folder("policy");
    put(&at, "hts.json", &json(FIRST));
    assert_eq!(run(&at, &["import", "hts", "@/hts.json", "--out", "@/out"]).code, 0);
    put(
        &at,
        "out/p.comity",
        "agreement t \"T\" between US and JP\nuse \"schedule.comity\"\nfact goods : code\nfact programme : text\n\
        outcome general : rate\noutcome weight : USD/kg\noutcome special_ : rate\noutcome other : rate\noutcome effect : rate\n\
        rule a: general := column1(goods).ad_valorem and weight := column1(goods).per_kg\n\
        rule b: special_ := special(goods, programme).ad_valorem\n\
        rule c: other := column2(goods).ad_valorem\n\
        rule d: effect := chapter99(9903.88.01).points\n",
    );
    put(&at, "f.yaml", "goods: 0302.10.00.00\nprogramme: KR\n");
    let ran = run(&at, &["eval", "@/out/p.comity", "@/f.yaml"]);
    for said in ["general = 6%", "weight = 0.044 USD/kg", "special_ = 2%", "effect = 25%", "other = 33.333"] {
        assert!(flat(&ran.out).contains(said), "{said}: {}{}", ran.out, ran.err);
    }
    put(&at, "f.yaml", "goods: 0303.10.00.00\nprogramme: KR\n");
    let ran = run(&at, &["eval", "@/out/p.comity", "@/f.yaml", "--outcome", "general"]);
    assert!(ran.out.contains("undetermined"), "{}{}", ran.out, ran.err);
}

#[test]
fn revisions_make_one_schedule_with_days() {
    let at = folder("revisions");
    put(&at, "a.json", &json(FIRST));
    // Markup, blanks, and capitals are no change; a rate, a programme, a line that comes and one that goes are.
    let second = json(FIRST)
        .replace("<u>m²</u>", "m<sup style=\\\"font-size: 9px;\\\">2")
        .replace("4.4¢/kg + 6%", "4.4¢/ kg +<u>6</u>%")
        .replace("\"Free\"", "\" FREE \"")
        .replace("The rate applicable to its parts", "the rate  applicable to its parts")
        .replace("33 1/3%", "35%")
        .replace("2% (KR)", "Free (KR)")
        .replace("9903.88.02", "9903.88.04");
    put(&at, "b.json", &second);
    put(&at, "c.json", &second);
    let args =
        ["import", "hts", "--from", "2026-03-01=@/c.json", "--from", "2026-01-01=@/b.json", "@/a.json"];
    let args = [&args[..], &["--out", "@/out", "--verify", "--format", "json"]].concat();
    let ran = run(&at, &args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    let report = document("import", &ran);
    let changes = report["revisions"][1]["changes"].as_array().expect("a list");
    let told: Vec<String> =
        changes.iter().map(|one| format!("{} {}", one["hts"], one["table"]).replace('"', "")).collect();
    assert_eq!(
        told,
        [
            "0301.10.00 see99",
            "0302.10.00.00 special",
            "0302.10.00.00 column2",
            "9903.88.02 column1",
            "9903.88.04 column1"
        ]
    );
    assert_eq!(changes[2]["was"], "33 1/3%");
    assert_eq!(changes[4]["was"], Value::Null);
    assert_eq!(report["revisions"][2]["changes"], serde_json::json!([]));
    assert_eq!(
        got(&at, "out/column2.csv").lines().filter(|line| line.starts_with("0302")).collect::<Vec<_>>(),
        ["0302.10.00.00,,2026-01-01,100%/3,", "0302.10.00.00,2026-01-01,,35%,"]
    );
    assert_eq!(
        got(&at, "out/special.csv").lines().filter(|line| line.starts_with("0302")).collect::<Vec<_>>(),
        [
            "0302.10.00.00,A+,,,0%,",
            "0302.10.00.00,AU,,,0%,",
            "0302.10.00.00,KR,,2026-01-01,2%,",
            "0302.10.00.00,KR,2026-01-01,,0%,",
            "0302.10.00.00,P+,,,unknown,9822.05.20"
        ]
    );
    assert!(got(&at, "out/column1.csv").contains("\n0302.10.00.00,,,6%,0.044\n"));
    assert!(got(&at, "out/column1.csv").contains("\n9903.88.02,,2026-01-01,10%,\n9903.88.03,"));
    assert!(got(&at, "out/changes.csv").contains("\n2026-01-01,column2,0302.10.00.00,33 1/3%,35%\n"));
    assert!(got(&at, "out/schedule.comity").contains("(hts : code) in force from until until ->"));
}

#[test]
fn the_csv_of_the_site_says_the_same() {
    let at = folder("csv");
    put(&at, "hts.json", &json(FIRST));
    let mut csv = "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,\
        Column 2 Rate of Duty,Quota Quantity,Additional Duties\n"
        .to_string();
    for Line(code, indent, general, special, other) in FIRST {
        let units = if code.len() == 13 { r#""[""m<sup>2</sup>"",""No.""]""# } else { "" };
        let additional = if code.starts_with("9904") { "12¢/kg + 2%" } else { "" };
        csv.push_str(&format!(
            "\"{code}\",{indent},\"a, b\",{units},{general},\"{special}\",{other},,{additional}\n"
        ));
    }
    put(&at, "hts.csv", &csv);
    assert_eq!(run(&at, &["import", "hts", "@/hts.json", "--out", "@/json"]).code, 0);
    let ran = run(&at, &["import", "hts", "@/hts.csv", "--out", "@/csv"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for table in ["column1", "special", "column2", "additional", "units", "chapter99"] {
        let name = |folder: &str| format!("{folder}/{table}.csv");
        assert_eq!(got(&at, &name("csv")), got(&at, &name("json")), "{table}");
    }
    assert!(got(&at, "csv/open.csv").contains("hts.csv,8\n"), "{}", got(&at, "csv/open.csv"));
}

#[test]
fn a_line_whose_indent_and_code_disagree_has_a_row_of_its_own() {
    let at = folder("indent");
    put(
        &at,
        "hts.json",
        &json(&[
            Line("0101.10.00", 1, "5%", "", ""),
            Line("0101.20.00.10", 2, "", "", ""),
            Line("0101.10.00.10", 1, "", "", ""),
        ]),
    );
    let ran = run(&at, &["import", "hts", "@/hts.json", "--out", "@/out"]);
    assert_eq!(
        got(&at, "out/column1.csv"),
        "hts,ad_valorem\n0101.10.00,5%\n0101.10.00.10,unknown\n0101.20.00.10,5%\n"
    );
    assert!(ran.out.contains("by its indent it has the column1 rate of `0101.10.00`"), "{}", ran.out);
    assert!(ran.out.contains("by its indent it has no column1 rate"), "{}", ran.out);
    put(&at, "hts.json", &json(&[Line("0101", 0, "7%", "", ""), Line("0202.10.00", 1, "", "", "")]));
    let ran = run(&at, &["import", "hts", "@/hts.json", "--out", "@/other"]);
    assert_eq!(got(&at, "other/column1.csv"), "hts,ad_valorem\n0101,7%\n0202.10.00,7%\n");
    assert!(ran.out.contains("by its indent it has the column1 rate of `0101`"), "{}", ran.out);
}

#[test]
fn special_rates_of_the_line_above_are_not_those_of_a_line_with_a_rate_of_its_own() {
    let at = folder("nested");
    put(
        &at,
        "hts.json",
        &json(&[
            Line("0101.21.00", 0, "6%", "Free (AU,S)", ""),
            Line("0101.21.00.10", 1, "7%", "5% (AU)", ""),
            Line("0101.21.00.20", 1, "8%", "", ""),
            Line("0101.21.00.30", 1, "", "", ""),
        ]),
    );
    let ran = run(&at, &["import", "hts", "@/hts.json", "--out", "@/out"]);
    let special: Vec<String> = got(&at, "out/special.csv").lines().skip(1).map(str::to_string).collect();
    assert_eq!(
        special,
        [
            "0101.21.00,AU,0%,",
            "0101.21.00,S,0%,",
            "0101.21.00.10,*,unknown,",
            "0101.21.00.10,AU,5%,",
            "0101.21.00.20,*,unknown,"
        ]
    );
    assert!(ran.out.contains("special rates that it does not name"), "{}", ran.out);
}

#[test]
fn what_is_misread_is_said_with_what_to_do() {
    let at = folder("said");
    let whole = json(&[Line("0101", 0, "7%", "", "")]);
    put(&at, "cut.json", whole.trim_end_matches([']', '}']));
    put(&at, "numbers.json", "[1, 2]");
    put(&at, "good.json", &whole);
    let refused = |args: &[&str], said: &str| {
        let ran = run(&at, &[&["import", "hts"], args].concat());
        assert!(ran.code == 2 && flat(&ran.err).contains(said), "{said}: {}", ran.err);
    };
    refused(&["@/cut.json", "--out", "@/out"], "get it from the site once more");
    refused(&["@/numbers.json", "--out", "@/out"], "expected an object with the texts of a line");
    refused(&["@/good.json", "--out", ""], "names no folder");
    refused(&["--from", "2025-02-30=@/good.json", "--out", "@/out"], "there is no day `2025-02-30`");
    fs::write(at.join("notes.txt"), [0xff, 0xfe, 0x31, 0]).expect("a file");
    let ran = run(&at, &["import", "list", "@/notes.txt", "--note", "33(g)", "--out", "@/list.csv"]);
    assert!(ran.code == 2 && ran.err.contains("UTF-16"), "{}", ran.err);
}

#[test]
fn a_line_that_cannot_be_written_is_news() {
    let at = folder("left_out");
    put(
        &at,
        "hts.json",
        &json(&[Line("0101.1", 1, "5%", "", ""), Line("", 1, "5%", "", ""), Line("0102", 0, "5%", "", "")]),
    );
    let ran = run(&at, &["import", "hts", "@/hts.json", "--out", "@/out"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("left out: 2"), "{}", ran.out);
    assert!(ran.out.contains("0101.1: this is no code as schedules print them"), "{}", ran.out);
    assert_eq!(got(&at, "out/column1.csv"), "hts,ad_valorem\n0102,5%\n");
}

#[test]
fn what_is_no_schedule_is_refused_and_nothing_is_written() {
    let at = folder("refused");
    let good = json(FIRST);
    for (text, code, said) in [
        ("{}".to_string(), "bad-schedule", "this is no list of lines"),
        ("[{\"htsno\": 1}]".to_string(), "bad-schedule", "this is no line of a schedule"),
        (good.replace("\"general\"", "\"generally\""), "bad-schedule", "missing field `general`"),
        (good.replace("\"indent\":\"3\"", "\"indent\":\"deep\""), "bad-schedule", "not `deep`"),
        (
            good.replace("0301.10.00.20", "0302.10.00.00"),
            "bad-schedule",
            "has `0302.10.00.00` twice, on lines 5 and 6",
        ),
        (format!("{}{}", "[".repeat(100_000), "]"), "bad-schedule", "no list of lines"),
        (good.chars().take(good.chars().count() / 2).collect(), "bad-schedule", "no list of lines"),
        ("HTS Number,Indent\n0101,0\n".to_string(), "bad-schedule", "no column is headed `Description`"),
        (String::new(), "facts-syntax", "no line of column names"),
        ("[]".to_string(), "bad-schedule", "no line with a code and a rate"),
        (json(&[Line("0101", 0, "", "", "")]), "bad-schedule", "no line with a code and a rate"),
    ] {
        put(&at, "hts.json", &text);
        let ran = run(&at, &["import", "hts", "@/hts.json", "--out", "@/out", "--format", "json"]);
        assert_eq!(ran.code, 2, "{said}: {}", ran.out);
        let value = document("messages", &ran);
        assert_eq!(value["diagnostics"][0]["code"], code, "{said}: {}", ran.out);
        let message = value["diagnostics"][0]["message"].as_str().expect("a text");
        assert!(message.contains(said), "{said}: {message}");
        assert!(!at.join("out").exists(), "{said}");
    }
    fs::write(at.join("hts.json"), [0x1f, 0x8b, 8, 0]).expect("a file");
    let ran = run(&at, &["import", "hts", "@/hts.json", "--out", "@/out"]);
    assert!(
        ran.code == 2 && flat(&ran.err).contains("it is compressed") && ran.err.contains("gunzip"),
        "{}",
        ran.err
    );
}

#[test]
fn revisions_are_given_with_their_days() {
    let at = folder("usage");
    put(&at, "hts.json", &json(FIRST));
    for (args, said) in [
        (&[][..], "no revision is given"),
        (&["@/hts.json", "@/hts.json"], "is a second file without a day"),
        (
            &["--from", "2026-01-01=@/hts.json", "--from", "2026-01-01=@/hts.json"],
            "a second revision from 2026-01-01 on",
        ),
        (&["--from", "2026-01-01"], "is given as `2025-01-27=FILE`"),
        (&["@/none.json"], "there is no such file"),
    ] {
        let ran = run(&at, &[&["import", "hts"], args, &["--out", "@/out"]].concat());
        assert!(ran.code == 2 && flat(&ran.err).contains(said), "{said}: {}", ran.err);
        assert!(!at.join("out").exists(), "{said}");
    }
}

#[test]
fn what_is_read_is_not_written_over() {
    let at = folder("own");
    put(&at, "column1.csv", &json(FIRST));
    let ran = run(&at, &["import", "hts", "@/column1.csv", "--out", "@/"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert_eq!(got(&at, "column1.csv"), json(FIRST));
    assert!(!at.join("special.csv").exists());
    put(&at, "99.txt", CHAPTER);
    let ran = run(&at, &["import", "list", "@/99.txt", "--note", "7(b)", "--out", "@/99.txt"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert_eq!(got(&at, "99.txt"), CHAPTER);
}

const CHAPTER: &str = "SUBCHAPTER III\nU.S. Notes\n7. (a) Heading 9903.77.01 applies as follows.\n(b) To goods of\n   \
    8471        4009.12.0020\n   8708.10.30  8471\n(c) And to none of 8703.\n";

#[test]
fn the_codes_of_a_note_become_a_list() {
    let at = folder("list");
    // The text is often not UTF-8.
    let mut bytes = CHAPTER.as_bytes().to_vec();
    bytes.extend(b"\xa2 of 9903.77.02\n");
    fs::write(at.join("99.txt"), &bytes).expect("a file");
    let ran = run(
        &at,
        &["import", "list", "@/99.txt", "--note", "7(b)", "--out", "@/parts.csv", "--format", "json"],
    );
    let value = document("import_list", &ran);
    assert_eq!(ran.code, 0);
    assert_eq!(value["codes"], serde_json::json!(["4009.12.0020", "8471", "8708.10.30"]));
    assert_eq!(got(&at, "parts.csv"), "hts\n4009.12.0020\n8471\n8708.10.30\n");
    let ran = run(&at, &["import", "list", "@/99.txt", "--note", "7(b)", "--out", "@/parts.csv"]);
    assert!(ran.out.contains("note 7(b) of subchapter III, from line 4: `(b) To goods of`"), "{}", ran.out);
    let ran = run(
        &at,
        &["import", "list", "@/99.txt", "--note", "7(d)", "--out", "@/other.csv", "--format", "json"],
    );
    assert_eq!(document("messages", &ran)["diagnostics"][0]["code"], "no-such-note");
    assert!(ran.code == 2 && !at.join("other.csv").exists());
}

/// As one line.
fn flat(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

/// The one document on standard output.
fn document(schema: &str, ran: &Ran) -> Value {
    let value: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {:?}{}", ran.out, ran.err));
    let wrong: Vec<String> = published(schema)
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), ran.out);
    value
}
