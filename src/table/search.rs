//! One row of a table, found by its key.

use super::job::Job;
use super::output::Encoding;
use super::places::FoundRow;
use super::plan::TableErrors;
use super::worker::Worker;

impl Job<'_> {
    /// The first row of that key, or the record that would be it, with the place of its file.
    ///
    /// # Errors
    /// A file before it cannot be read.
    pub fn find(&self, key: &str) -> Result<Option<(usize, FoundRow)>, TableErrors> {
        let one = |error| vec![error];
        let encoding = Encoding::Totals;
        let mut worker = Worker::new(self, &encoding, true);
        for file in 0..self.files().len() {
            let mut parts = self.input.parts(file).map_err(one)?;
            while let Some((part, _)) = parts.next().map_err(one)? {
                if let Some(found) = worker.find(&part, key).map_err(one)? {
                    return Ok(Some((file, found)));
                }
            }
        }
        Ok(None)
    }
}
