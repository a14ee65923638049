//! The folder that the migration's files are in: the user's, or one that goes away with the story.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    cli::private_file,
    error::Error,
    system::{SystemRandomness, random},
};

pub(super) struct Workshop {
    folder: PathBuf,
    stays: bool,
}

impl Workshop {
    /// In `into`, which is made where it is not, and must be empty; else beside other temporary files, for its owner
    /// alone.
    pub(super) fn open(into: Option<&Path>) -> Result<Self, Error> {
        let folder = match into {
            Some(folder) => folder.to_owned(),
            None => {
                let number = u64::from_le_bytes(random(&SystemRandomness));
                let name = format!("gdata-auth-demo-{number:016x}");
                std::env::temp_dir().join(name)
            }
        };
        let failed = |cause: io::Error| {
            let problem = format_args!("cannot make {}: {cause}", folder.display());
            Error::input("into", problem).caused_by(cause)
        };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(failed)?;
        if fs::read_dir(&folder).map_err(failed)?.next().is_some() {
            let problem = format_args!(
                "expected an empty folder, got {}: name another, or remove what an earlier story left",
                folder.display()
            );
            return Err(Error::input("into", problem));
        }
        Ok(Self {
            folder,
            stays: into.is_some(),
        })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf, Error> {
        let path = self.place(name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all);
        written.map_err(|cause| {
            let problem = format_args!("cannot write {}: {cause}", path.display());
            Error::input("into", problem).caused_by(cause)
        })?;
        // Tokens stand in some of them, and the folder may be open to others.
        private_file::overwrite("into", &path, text)?;
        Ok(path)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        if !self.stays {
            // The folder is this story's own, by its name.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
