//! The `comity` program: real streams around [`comity::cli::run`].

use comity::cli::{Console, Disk, Exit, Terminal, run};
use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let mut out = Vec::new();
    let mut err = stderr().lock();
    let exit = run(&args, &mut Console::new(&mut out, &mut err, &Disk, terminal()));
    let mut to = stdout().lock();
    match to.write_all(&out).and_then(|()| to.flush()) {
        Ok(()) => ExitCode::from(exit.code()),
        // Whoever reads has seen enough: `comity eval … | head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::from(exit.code()),
        Err(error) => {
            let _ = writeln!(err, "the output cannot be written: {error}");
            ExitCode::from(Exit::BadInput.code())
        }
    }
}

/// What the streams are connected to; `NO_COLOR` is honoured.
fn terminal() -> Terminal {
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Terminal {
        out_colour: colour && stdout().is_terminal(),
        err_colour: colour && stderr().is_terminal(),
        watched: stderr().is_terminal(),
        width: width.map_or(Terminal::NONE.width, |width| width.clamp(40, 100)),
    }
}
