//! `migrate export`: a grant out of the store, into the file of a program that has one of its own.

use std::process::ExitCode;

use crate::{
    cli::{
        accounts::Picked,
        args::migrate::{ExportFormArg, MigrateExport},
        paint, private_file,
    },
    error::Error,
    migrate::export::{ExportForm, export},
    secret::Secret,
};

pub(super) fn run(options: &MigrateExport) -> Result<ExitCode, Error> {
    private_file::check("file", &options.file, options.force)?;
    let picked = Picked::find(Some(&options.account), &options.narrow)?;
    let registered = picked.registered()?;
    let form = match options.form {
        ExportFormArg::Oauth2client => ExportForm::Oauth2client,
        ExportFormArg::AuthorizedUser => ExportForm::AuthorizedUser,
        ExportFormArg::Environment => ExportForm::Environment,
    };
    let text = export(form, &registered.client, &picked.grant)?;
    let text = Secret::new(text.expose().trim_end());
    private_file::save("file", &options.file, &text, options.force)?;
    paint::talk(format_args!(
        "{} {} holds the refresh token in the clear: whoever reads it can act as {} does",
        paint::styled(paint::NOTICE, "notice:"),
        options.file.display(),
        options.account
    ));
    Ok(ExitCode::SUCCESS)
}
