//! What editors need: the colours of the extension are those of the grammar, and a conversation with the program itself.

use comity::syntax::keywords;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

/// The colours for editors that know no more than words; written by the first test where `INSTA_UPDATE=always`.
const COLOURS: &str = "editors/vscode/syntaxes/comity.tmLanguage.json";

#[test]
fn the_colours_of_the_extension_are_those_of_the_grammar() {
    let wanted = serde_json::to_string_pretty(&colours()).expect("JSON") + "\n";
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(COLOURS, &wanted).expect("a file");
    }
    let written = std::fs::read_to_string(COLOURS).expect("the file");
    assert_eq!(written, wanted, "{COLOURS} is not what the grammar says: run with INSTA_UPDATE=always");
}

#[test]
fn the_keywords_are_words_of_the_grammar() {
    let grammar = std::fs::read_to_string("grammar/comity.pest").expect("the grammar");
    let all = keywords();
    for word in
        ["rule", "notwithstanding", "over", "time", "cumulative", "non-binding", "least", "business", "even"]
    {
        assert!(all.iter().any(|known| known == word), "{word}");
    }
    for word in &all {
        assert!(
            grammar.contains(&format!("\"{word}"))
                || grammar.contains(&format!("{word}\""))
                || is_known(word),
            "{word}"
        );
    }
}

/// Words that the builder reads, and the grammar does not name.
fn is_known(word: &str) -> bool {
    ["weeks", "months", "years", "bp", "today", "never", "unknown"].contains(&word)
}

fn colours() -> Value {
    let words = keywords().join("|");
    let named = "agreement|source|calendar|period|office|unit|enum|fact|entity|annex|define|function|outcome|rule|obligation|power|running|guarantee";
    json!({
        "name": "Comity",
        "scopeName": "source.comity",
        "fileTypes": ["comity"],
        "patterns": [
            { "match": "##.*$", "name": "comment.line.documentation.comity" },
            { "match": "#.*$", "name": "comment.line.number-sign.comity" },
            { "match": "\"[^\"\\r\\n]*\"", "name": "string.quoted.double.comity" },
            { "match": "\\b\\d{4}-\\d{2}-\\d{2}\\b", "name": "constant.numeric.date.comity" },
            { "match": "\\b\\d[0-9A-Za-z_]*(\\.[0-9A-Za-z_]+)*%?", "name": "constant.numeric.comity" },
            {
                "match": format!("^\\s*({named})\\s+([A-Za-z_][A-Za-z0-9_]*)"),
                "captures": {
                    "1": { "name": "keyword.control.comity" },
                    "2": { "name": "entity.name.function.comity" }
                }
            },
            {
                "match": ":\\s*(number|rate|date|duration|bool|text|code|country)\\b",
                "captures": { "1": { "name": "support.type.comity" } }
            },
            { "match": "\\b(true|false|never|today|unknown)\\b", "name": "constant.language.comity" },
            { "match": format!("\\b({words})\\b(?!\\s*:(?!=))"), "name": "keyword.control.comity" },
            { "match": "\\b[A-Z]{2,3}\\b", "name": "constant.other.comity" },
            { "match": ":=|->|<=|>=|!=|[-+*/<>=]", "name": "keyword.operator.comity" }
        ]
    })
}

#[test]
fn the_files_of_the_extension_are_json() {
    for file in ["package.json", "language-configuration.json", "syntaxes/comity.markdown.tmLanguage.json"] {
        let text = std::fs::read_to_string(format!("editors/vscode/{file}")).expect("the file");
        let read: Result<Value, _> = serde_json::from_str(&text);
        assert!(read.is_ok(), "{file}: {read:?}");
    }
}

/// A program and the two ends of the conversation.
struct Conversation {
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Conversation {
    fn say(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("a program that listens");
        self.to.flush().expect("a program that listens");
    }

    fn ask(&mut self, id: u32, method: &str, params: Value) -> Value {
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let heard = self.hear();
            if heard["id"] == json!(id) {
                return heard["result"].clone();
            }
        }
    }

    fn hear(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).expect("a program that speaks");
            if line.trim().is_empty() {
                break;
            }
            if let Some(said) = line.strip_prefix("Content-Length: ") {
                length = said.trim().parse().expect("a length");
            }
        }
        let mut bytes = vec![0; length];
        self.from.read_exact(&mut bytes).expect("as many bytes");
        serde_json::from_slice(&bytes).expect("JSON")
    }
}

#[test]
fn the_program_speaks_with_an_editor() {
    let program = Command::new(env!("CARGO_BIN_EXE_comity"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut program = program.expect("the program");
    let (to, from) = (program.stdin.take().expect("an end"), program.stdout.take().expect("an end"));
    let mut talk = Conversation { to, from: BufReader::new(from) };

    let begun = talk.ask(1, "initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    assert_eq!(begun["capabilities"]["positionEncoding"], "utf-16");
    talk.say(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));

    // What is typed differs from what is on the disk, and what it uses is read from there.
    let folder = std::env::current_dir().expect("the folder").join("policies/japan");
    let uri = format!("file://{}", folder.join("reciprocal.comity").display());
    let text = std::fs::read_to_string("policies/japan/reciprocal.comity").expect("the policy");
    let text = text.replace("ave < agreed_rate", "ave < agred_rate");
    let document = json!({ "uri": uri, "languageId": "comity", "version": 1, "text": text });
    talk.say(&json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    let told = talk.hear();
    assert_eq!(told["method"], "textDocument/publishDiagnostics");
    assert_eq!(told["params"]["diagnostics"][0]["code"], "unknown-name");

    let line = text.lines().position(|line| line.contains("reciprocal := top up base")).expect("the line");
    let column = text.lines().nth(line).expect("the line").find("base").expect("the word");
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": column } });
    let found = talk.ask(2, "textDocument/definition", place);
    assert!(found[0]["uri"].as_str().expect("a file").ends_with("/policies/japan/goods.comity"), "{found}");

    assert_eq!(talk.ask(3, "shutdown", Value::Null), Value::Null);
    talk.say(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    let ended = program.wait_with_output().expect("an end");
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}
