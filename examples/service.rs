//! A service that keeps a policy: one line of JSON with facts in, one line with answers out.

// What is not there ends the example.
#![allow(clippy::indexing_slicing)]

use comity::Policy;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

pub fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::load("policies/pledge.comity")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    // Somebody who asks, so that there is something to be seen.
    let client = thread::spawn(move || ask(TcpStream::connect(address)?));
    let (stream, _) = listener.accept()?;
    // Each connection has a thread of its own; the policy is shared by all of them.
    thread::spawn(move || serve(&policy, stream));
    let answers = client.join().map_err(|_| "the client failed")??;
    answers.iter().for_each(|line| println!("{line}"));
    assert!(answers[0].contains("\"15%\"") && answers[1].contains("did you mean `disbursed`?"));
    Ok(())
}

fn serve(policy: &Policy, stream: TcpStream) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    for line in BufReader::new(stream).lines() {
        let answered = policy.facts().from_json(&line?).build();
        let answered = answered.and_then(|facts| policy.ask(&facts).on("2029-01-20").answers());
        let text = match &answered {
            Ok(answers) => serde_json::to_string(answers)?,
            Err(wrong) => serde_json::to_string(wrong)?,
        };
        writeln!(out, "{text}")?;
    }
    Ok(())
}

fn ask(mut stream: TcpStream) -> std::io::Result<Vec<String>> {
    writeln!(stream, "{{\"disbursed\": \"550 billion USD from 2028-12-31\"}}")?;
    writeln!(stream, "{{\"disburst\": \"550 billion USD\"}}")?;
    BufReader::new(stream).lines().take(2).collect()
}
