//! The user that an entry is about.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Metadata, metadata::to_value};

/// The user on whose behalf the program works, sent as `metadata.user`. Values that are not set are omitted.
///
/// The SDK never sets these values by itself, because they are personal data.
///
/// ```
/// use logtide_core::User;
///
/// let user = User::new().id("u_1").email("ada@example.com").field("plan", "pro");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The application's id of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The IP address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    #[serde(flatten)]
    fields: Metadata,
}

impl User {
    /// Creates a user without any values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the application's id of the user.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the email address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Sets the name of the user.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// Sets the IP address.
    #[must_use]
    pub fn ip(mut self, ip: impl Into<String>) -> Self {
        self.ip = Some(ip.into());
        self
    }

    /// Adds a field of the application's own, such as a plan or a tenant. The value is anything that `serde` serializes.
    ///
    /// A field of the name `id`, `email`, `username` or `ip` is that one, as text.
    #[must_use]
    pub fn field(mut self, key: impl Into<String>, value: impl Serialize) -> Self {
        let key = key.into();
        let named = match key.as_str() {
            "id" => &mut self.id,
            "email" => &mut self.email,
            "username" => &mut self.username,
            "ip" => &mut self.ip,
            _ => {
                self.fields.insert(key, value);
                return self;
            }
        };
        *named = Some(match to_value(&value) {
            Value::String(text) => text,
            value => value.to_string(),
        });
        self
    }

    /// The fields of the application's own.
    #[must_use]
    pub const fn fields(&self) -> &Metadata {
        &self.fields
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_set_is_left_out() {
        assert_eq!(serde_json::to_value(User::new()).unwrap(), json!({}));
        assert_eq!(serde_json::to_value(User::new().id("u_1")).unwrap(), json!({"id": "u_1"}));
        let all = User::new().id("1").email("e").username("n").ip("::1");
        let expected = json!({"id": "1", "email": "e", "username": "n", "ip": "::1"});
        assert_eq!(serde_json::to_value(&all).unwrap(), expected);
    }

    #[test]
    fn fields_of_the_applications_own_stand_beside_the_others() {
        let user = User::new().id("1").field("plan", "pro").field("seats", 3_u8);
        let expected = json!({"id": "1", "plan": "pro", "seats": 3});
        assert_eq!(serde_json::to_value(&user).unwrap(), expected);
        assert_eq!(serde_json::from_value::<User>(expected).unwrap(), user);
        assert!(!User::new().field("plan", "pro").is_empty());
        assert_eq!(User::new().field("id", 7).field("ip", "::1"), User::new().id("7").ip("::1"));
    }
}
