//! Saved servers and keys.

use std::{collections::BTreeMap, fmt, fs, io, io::Write as _, path::PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The name of the default profile.
pub(crate) const DEFAULT_PROFILE: &str = "default";

/// Saved servers and keys by name. The file is `logtide/profiles.json` below `$XDG_CONFIG_HOME` or `~/.config`, and below
/// `%APPDATA%` on Windows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Profiles {
    profiles: BTreeMap<String, Profile>,
}

/// A server and a key for it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) url: String,
    pub(crate) key: String,
}

impl Profiles {
    /// Reads the saved profiles, if there are any.
    pub(crate) fn load() -> Result<Self, Failure> {
        // Without a home directory, no profile can have been saved.
        let Ok(path) = path() else { return Ok(Self::default()) };
        let unreadable = |error: &dyn fmt::Display| {
            Failure::new(
                Failure::ACCESS,
                format_args!("cannot read the profiles in {}: {error}", path.display()),
            )
        };
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| match error.is_data() {
                // Its text quotes what is in the wrong place, which may be a key.
                true => unreadable(&format_args!(
                    "something else than profiles at line {} column {}",
                    error.line(),
                    error.column()
                )),
                false => unreadable(&error),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(unreadable(&error)),
        }
    }

    /// Saves the profiles, readable only by their owner, and returns the path of the file.
    ///
    /// The file is replaced atomically.
    pub(crate) fn save(&self) -> Result<PathBuf, Failure> {
        let path = path()?;
        self.write(&path).map_err(|error| {
            Failure::new(
                Failure::PARTIAL,
                format_args!("cannot save the profile in {}: {error}", path.display()),
            )
        })?;
        Ok(path)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    pub(crate) fn set(&mut self, name: impl Into<String>, profile: Profile) {
        self.profiles.insert(name.into(), profile);
    }

    /// Returns the profile of that name, or an error if there is none.
    pub(super) fn require(&self, name: &str) -> Result<Profile, Failure> {
        let names = || self.profiles.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        self.get(name).cloned().ok_or_else(|| match self.profiles.len() {
            0 => Failure::new(
                Failure::ACCESS,
                format_args!("there is no profile `{name}`: save it with `logtide login --profile {name}`"),
            ),
            _ => Failure::new(
                Failure::ACCESS,
                format_args!(
                    "there is no profile `{name}`, only {}: save it with `logtide login --profile {name}`",
                    names()
                ),
            ),
        })
    }

    fn write(&self, path: &std::path::Path) -> io::Result<()> {
        let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        create_private(folder)?;
        // The temporary file is created readable only by its owner.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

fn path() -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Failure::new(
            Failure::ACCESS,
            "there is no home directory to keep profiles in: set HOME, or LOGTIDE_DSN",
        )
    })?;
    Ok(strategy.config_dir().join("logtide").join("profiles.json"))
}

fn create_private(folder: &std::path::Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

impl fmt::Debug for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Profile").field("url", &self.url).finish_non_exhaustive()
    }
}
