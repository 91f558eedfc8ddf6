//! Data that most scopes do not have.

use std::sync::OnceLock;

use serde_json::Value;

use crate::{Content, Fields, IntoMetadata as _, Metadata, User};

/// User and extras.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    user: Option<User>,
    extras: Metadata,
    /// Both as items of a record, without limits, once an entry has needed them.
    items: OnceLock<Box<[u8]>>,
}

impl Details {
    pub(super) fn set_user(&mut self, user: Option<User>) {
        self.items = OnceLock::new();
        self.user = user;
    }

    /// The extras, for changes.
    pub(super) fn extras(&mut self) -> &mut Metadata {
        self.items = OnceLock::new();
        &mut self.extras
    }

    pub(super) const fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }

    /// The extras, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.extras.iter()
    }

    pub(super) fn write_to(&self, fields: &mut Fields<'_>) {
        let items = match self.items.get() {
            Some(items) => items,
            None => {
                // Created before they are stored, since an allocator may log.
                let mut items = Vec::new();
                self.write_fields(&mut Fields::of_items(&mut items, Content::unchanged()));
                let _ = self.items.set(items.into());
                self.items.get().map_or(&[][..], |items| items)
            }
        };
        if items.len() <= fields.content().max_field_bytes() {
            fields.items(items);
        } else {
            self.write_fields(fields);
        }
    }

    fn write_fields(&self, fields: &mut Fields<'_>) {
        if let Some(user) = &self.user {
            fields.field("user", user);
        }
        (&self.extras).write_to(fields);
    }
}
