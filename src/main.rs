//! The `comity` program: real streams around [`comity::cli::run`].

use comity::cli::{Console, Disk, Exit, Terminal, run};
use std::io::{BufWriter, ErrorKind, IsTerminal, StdoutLock, Write, stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    say_no_panics_of_decoders();
    let args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let mut out = Out { to: BufWriter::with_capacity(1 << 16, stdout().lock()), failed: None };
    // Not locked: an interruption is told by another thread.
    let mut err = stderr();
    let exit = run(&args, &mut Console::new(&mut out, &mut err, &Disk::default(), terminal()));
    let _ = out.flush();
    match out.failed {
        // Whoever reads has seen enough: `comity eval … | head`.
        None | Some(ErrorKind::BrokenPipe) => ExitCode::from(exit.code()),
        Some(kind) => {
            let _ = writeln!(err, "the output cannot be written: {kind}");
            ExitCode::from(Exit::BadInput.code())
        }
    }
}

/// A decoder that panics on a damaged file has found an error of the file, which is said in its turn.
fn say_no_panics_of_decoders() {
    #[cfg(feature = "parquet")]
    {
        let said = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !comity::table::parquet::is_decoding() {
                said(panic);
            }
        }));
    }
}

/// Standard output, which remembers its first failure and takes nothing after it.
struct Out<'a> {
    to: BufWriter<StdoutLock<'a>>,
    failed: Option<ErrorKind>,
}

impl Out<'_> {
    fn note<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        if let Err(error) = &done {
            self.failed.get_or_insert(error.kind());
        }
        done
    }
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(kind) = self.failed {
            return Err(kind.into());
        }
        let done = self.to.write(bytes);
        self.note(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if let Some(kind) = self.failed {
            return Err(kind.into());
        }
        let done = self.to.flush();
        self.note(done)
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
