//! Filtering of records.

use log::{LevelFilter, Metadata};

/// A default level, and levels for some modules.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    default: LevelFilter,
    /// Longest names first.
    modules: Vec<(String, LevelFilter)>,
}

impl Filter {
    pub(crate) const fn new(default: LevelFilter) -> Self {
        Self { default, modules: Vec::new() }
    }

    pub(crate) fn set_default(&mut self, level: LevelFilter) {
        self.default = level;
    }

    pub(crate) fn set_module(&mut self, name: String, level: LevelFilter) {
        self.modules.retain(|(module, _)| *module != name);
        self.modules.push((name, level));
        self.modules.sort_by_key(|(module, _)| std::cmp::Reverse(module.len()));
    }

    pub(crate) fn takes(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= self.level_of(metadata.target())
    }

    /// The highest verbosity that any module allows.
    pub(crate) fn max_level(&self) -> LevelFilter {
        self.modules.iter().map(|(_, level)| *level).fold(self.default, Ord::max)
    }

    fn level_of(&self, target: &str) -> LevelFilter {
        let module = self.modules.iter().find(|(module, _)| is_inside(target, module));
        module.map_or(self.default, |(_, level)| *level)
    }
}

/// Whether a target is the module or inside it: `hyper::proto` is inside `hyper`, `hyper_util` is not.
fn is_inside(target: &str, module: &str) -> bool {
    target.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[cfg(test)]
mod tests {
    use log::LevelFilter::{Debug, Error, Info, Off, Trace, Warn};

    use super::*;

    #[test]
    fn the_longest_name_that_fits_decides() {
        let mut filter = Filter::new(Info);
        for (module, level) in [
            ("hyper", Warn),
            ("hyper::proto::h1", Trace),
            ("hyper::proto", Off),
            ("app", Error),
            ("app", Debug),
        ] {
            filter.set_module(module.to_owned(), level);
        }
        for (target, level) in [
            ("other", Info),
            ("hyper", Warn),
            ("hyper::client", Warn),
            ("hyper_util", Info),
            ("hyper::proto::h2", Off),
            ("hyper::proto::h1::dispatch", Trace),
            ("app", Debug),
            ("ap", Info),
        ] {
            assert_eq!(filter.level_of(target), level, "{target}");
        }
        assert_eq!(filter.max_level(), Trace);
        assert_eq!(Filter::new(Warn).max_level(), Warn);
    }
}
