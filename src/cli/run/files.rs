//! The files of rows as the command line names them; `-` is standard input.

use crate::cli::World;
use crate::diag::Diagnostic;
#[cfg(feature = "parquet")]
use crate::formats::ROWS_LIMIT;
use crate::policy::Entity;
use crate::table::{self, Storage, is_parquet, unreadable};
use std::io::Read;

pub(super) struct Stored<'w>(pub &'w dyn World);

impl Storage for Stored<'_> {
    fn name(&self, path: &str) -> String {
        if path == "-" { "<stdin>".to_string() } else { path.to_string() }
    }

    fn stream(&self, path: &str) -> Result<Box<dyn Read + Send>, String> {
        self.0.open(path)
    }

    fn once(&self, path: &str) -> bool {
        path == "-"
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.size(path)
    }

    #[cfg(feature = "parquet")]
    fn random_access(&self, path: &str) -> Result<table::parquet::RandomAccess, String> {
        let file = self.0.open_file(path)?;
        Ok(table::parquet::RandomAccess::File(file.into()))
    }
}

/// A file of rows as CSV, whatever it is: for those that look at all rows at once.
pub(in crate::cli) fn rows_as_csv(
    path: &str,
    entity: &Entity,
    world: &dyn World,
) -> Result<String, Diagnostic> {
    if !is_parquet(path) {
        return world.read(path).map_err(|why| unreadable(path, &why));
    }
    #[cfg(not(feature = "parquet"))]
    {
        let _ = entity;
        Err(table::no_parquet(path))
    }
    #[cfg(feature = "parquet")]
    {
        let cannot = |why: String| unreadable(path, &why);
        let open = || Stored(world).random_access(path).map_err(cannot);
        let row_groups = table::parquet::RowGroups::open(&open()?, entity).map_err(cannot)?;
        let mut text = table::arrow::header(row_groups.schema());
        for part in row_groups.parts() {
            let rows = row_groups.read(open()?, &part).map_err(cannot)?;
            for row in 0..rows.num_rows() {
                text.push_str(&table::arrow::record(&rows, row).text);
                text.push('\n');
            }
            if text.len() > ROWS_LIMIT {
                return Err(cannot("as text it is larger than 1 GiB".to_string()));
            }
        }
        Ok(text)
    }
}
