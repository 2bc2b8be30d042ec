//! `git` as a reader of what lies in the repository, and of nothing else: nothing is fetched, asked for or started.

use crate::words::io_reason;
use std::io;
use std::process::{Command, Stdio};

/// Settings of a repository that would start programs, or change what is read.
const OFF: &[&str] = &[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.askPass=",
    "credential.helper=",
    "protocol.allow=never",
    "diff.external=",
    "gc.auto=0",
    "maintenance.auto=false",
];

const FLAGS: &[&str] = &["--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs"];

/// No protocol has this name, so none is allowed; the first is for newer versions, which need not ask for a protocol.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", ""),
    ("SSH_ASKPASS", ""),
    ("SSH_ASKPASS_REQUIRE", "never"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("LC_ALL", "C"),
];

/// Where others may have put programs.
const REMOVED: &[&str] =
    &["GIT_EXTERNAL_DIFF", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_PROXY_COMMAND", "GIT_PAGER"];

/// What `git` answers, or why it does not.
pub(super) fn ask(args: &[&str]) -> Result<String, String> {
    let ran = command(args).output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "the program `git` is not installed".to_string(),
        _ => io_reason(&error),
    })?;
    if ran.status.success() {
        return String::from_utf8(ran.stdout).map_err(|_| "it is not UTF-8 text".to_string());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    let line = said.lines().next().unwrap_or("it does not say why");
    Err(line.trim_start_matches("fatal: ").to_string())
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(FLAGS);
    for setting in OFF {
        command.args(["-c", setting]);
    }
    command.args(args).envs(ENVIRONMENT.iter().copied()).stdin(Stdio::null());
    for name in REMOVED {
        command.env_remove(name);
    }
    command
}
