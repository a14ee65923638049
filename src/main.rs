//! The binary: everything is in the module `cli` of the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    gdata_auth::cli::main()
}
