//! Comity: rules of trade agreements, run and compared.
