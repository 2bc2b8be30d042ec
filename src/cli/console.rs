//! Where output goes.

use super::outputs::{Outputs, unwritable};
use super::{Reported, World};
use crate::answers::{self, MessageDoc};
use crate::diag::{Diagnostic, MOST, Style, render_all};
use crate::report::seen;
use crate::text::Sources;
use std::io::Write;

/// What the streams are connected to.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    pub out_colour: bool,
    pub err_colour: bool,
    /// Whether somebody watches the talk: only then progress is shown.
    pub watched: bool,
    /// In characters; [`Style::PLAIN`] has the width off a terminal.
    pub width: usize,
}

impl Terminal {
    /// A file or a pipe.
    pub const NONE: Terminal =
        Terminal { out_colour: false, err_colour: false, watched: false, width: Style::PLAIN.width };
}

/// The outside of one command: two streams and the files.
pub struct Console<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    world: &'a dyn World,
    terminal: Terminal,
    said: Said,
    /// What a policy from standard input is called.
    stdin_name: Option<String>,
}

/// How messages are written out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum MessageFormat {
    /// As they come, to the stream of talk.
    #[default]
    Text,
    // All of them at the end, as data.
    Json,
    Github,
    Sarif,
    Junit,
}

/// Messages that are kept for the end.
#[derive(Debug, Default)]
struct Said {
    format: MessageFormat,
    kept: Vec<MessageDoc>,
    more: usize,
    /// The answer as data, with what was to be said in it.
    answer: Option<String>,
}

impl std::fmt::Debug for Console<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("terminal", &self.terminal).finish_non_exhaustive()
    }
}

impl<'a> Console<'a> {
    pub fn new(
        out: &'a mut dyn Write,
        err: &'a mut dyn Write,
        world: &'a dyn World,
        terminal: Terminal,
    ) -> Console<'a> {
        Console { out, err, world, terminal, said: Said::default(), stdin_name: None }
    }

    pub(super) fn world(&self) -> &'a dyn World {
        self.world
    }

    pub(super) fn name_stdin(&mut self, name: &str) {
        self.stdin_name = Some(name.to_string());
    }

    /// What the text from standard input is called, and where what it names is looked for.
    pub(super) fn stdin_name(&self) -> String {
        self.stdin_name.clone().unwrap_or_else(|| "<stdin>".to_string())
    }

    pub(super) fn colour(&mut self, on: bool) {
        self.terminal.out_colour = on;
        self.terminal.err_colour = on;
    }

    pub(super) fn out_style(&self) -> Style {
        Style { colour: self.terminal.out_colour, width: self.terminal.width }
    }

    pub(super) fn err_style(&self) -> Style {
        Style { colour: self.terminal.err_colour, width: self.terminal.width }
    }

    /// Whether everything is said as data.
    pub(super) fn format(&mut self, format: MessageFormat) {
        self.said.format = format;
    }

    pub(super) fn is_data(&self) -> bool {
        self.said.format != MessageFormat::Text
    }

    /// What was kept to be said, for the document that takes it in.
    pub(super) fn kept(&mut self) -> (Vec<MessageDoc>, usize) {
        (std::mem::take(&mut self.said.kept), std::mem::take(&mut self.said.more))
    }

    /// The answer of a command as data; it takes in all that was said.
    pub(super) fn document(&mut self, text: &str) {
        match self.said.format {
            MessageFormat::Text => self.print(text),
            _ => self.said.answer = Some(text.to_string()),
        }
    }

    /// The answer does not hold: there is only what is said.
    pub(super) fn take_back(&mut self) {
        self.said.answer = None;
    }

    /// What was kept is said, unless an answer was.
    pub(super) fn finish(&mut self) {
        if let Some(answer) = self.said.answer.take() {
            return self.print(&answer);
        }
        let (kept, more) = self.kept();
        let text = match self.said.format {
            MessageFormat::Text => return,
            MessageFormat::Json => answers::messages(&kept, more),
            MessageFormat::Github => answers::github(&kept, more),
            MessageFormat::Sarif => answers::sarif(&kept),
            MessageFormat::Junit => answers::junit(&kept, more),
        };
        self.print(&text);
    }

    /// Data. Whoever reads it may have gone away, which is no trouble of ours.
    pub(super) fn print(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
    }

    /// A report for people.
    pub(super) fn tell(&mut self, report: &str) {
        self.print(&seen(report, self.terminal.out_colour));
    }

    /// A part of long data; unlike [`Console::print`] it says when nobody takes it.
    pub(super) fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.out.write_all(bytes)
    }

    /// The same at once: somebody waits for it.
    #[cfg(feature = "lsp")]
    pub(super) fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }

    /// How text for a file looks, or for standard output.
    pub(super) fn style_of(&self, file: Option<&str>) -> Style {
        if file.is_some() { Style::PLAIN } else { self.out_style() }
    }

    /// Data, to a file if one is named.
    pub(super) fn deliver(&mut self, text: &str, file: Option<&str>) -> Result<(), Reported> {
        let Some(path) = file else {
            self.document(text);
            return Ok(());
        };
        self.deliver_all([(path.to_string(), text)])
    }

    /// A report, to a file if one is named.
    pub(super) fn deliver_report(&mut self, text: &str, file: Option<&str>) -> Result<(), Reported> {
        self.deliver(&self.seen(text, file), file)
    }

    /// A report as it is handed out, to a file or to standard output.
    pub(super) fn seen(&self, text: &str, file: Option<&str>) -> String {
        seen(text, file.is_none() && self.terminal.out_colour)
    }

    /// Data to files, all of them or none.
    pub(super) fn deliver_all<'t>(
        &mut self,
        files: impl IntoIterator<Item = (String, &'t str)>,
    ) -> Result<(), Reported> {
        let mut outputs = Outputs::default();
        let mut files = files.into_iter();
        let written = files.try_for_each(|(path, text)| outputs.write(&path, text, self.world));
        written.and_then(|()| outputs.finish(self.world)).map_err(|error| self.report(error))
    }

    /// A folder to deliver files into.
    pub(super) fn make_folder(&mut self, path: &str) -> Result<(), Reported> {
        self.world.make_folder(path).map_err(|why| self.report(unwritable(path, &why.into())))
    }

    /// Says what is wrong where no text is.
    pub(super) fn report(&mut self, error: Diagnostic) -> Reported {
        self.say(&[error], &Sources::default());
        Reported
    }

    /// Does something with other files and the same streams.
    pub(super) fn with_world<R>(&mut self, world: &dyn World, work: impl FnOnce(&mut Console<'_>) -> R) -> R {
        let mut inner = Console {
            out: &mut *self.out,
            err: &mut *self.err,
            world,
            terminal: self.terminal,
            said: std::mem::take(&mut self.said),
            stdin_name: self.stdin_name.clone(),
        };
        let done = work(&mut inner);
        self.said = inner.said;
        done
    }

    /// Messages about the input.
    pub(super) fn say(&mut self, said: &[Diagnostic], sources: &Sources) {
        if self.said.format != MessageFormat::Text {
            let room = MOST.saturating_sub(self.said.kept.len());
            self.said.kept.extend(said.iter().take(room).map(|one| answers::message(one, sources)));
            self.said.more += said.len().saturating_sub(room);
        } else if !said.is_empty() {
            let text = render_all(said, sources, self.err_style());
            self.say_text(&text);
        }
    }

    /// How far a long work is, in one line that is written over; nobody is told in a pipe.
    pub(super) fn progress(&mut self, done: usize, all: usize) {
        if !self.terminal.watched {
            return;
        }
        let share = |of: usize| done.saturating_mul(of).checked_div(all).unwrap_or(of).min(of);
        let line = match done < all {
            true => format!("\r{:·<30} {:3} %", "█".repeat(share(30)), share(100)),
            false => format!("\r{}\r", " ".repeat(40)),
        };
        self.say_text(&line);
        let _ = self.err.flush();
    }

    pub(super) fn say_text(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }
}
