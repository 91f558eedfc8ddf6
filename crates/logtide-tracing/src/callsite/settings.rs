//! On which settings of a layer depends what is known of a place.

use std::sync::{Mutex, PoisonError};

/// What a layer knows of a place in the program depends on these. Layers with the same settings share what is known.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    service_field: String,
    number: u32,
}

impl Settings {
    /// With the name of the field that sets the service.
    pub(crate) fn new(service_field: String) -> Self {
        static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        let known = names.iter().position(|name| *name == service_field);
        let index = known.unwrap_or_else(|| {
            names.push(service_field.clone());
            names.len() - 1
        });
        Self { service_field, number: index as u32 + 1 }
    }

    pub(crate) fn service_field(&self) -> &str {
        &self.service_field
    }

    /// Tells settings apart; never 0.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }
}
