//! The user that an entry is about.

use serde::{Deserialize, Serialize};

/// The user on whose behalf the program works, sent as `metadata.user`. Values that are not set are omitted.
///
/// The SDK never sets these values by itself, because they are personal data.
///
/// ```
/// use logtide_core::User;
///
/// let user = User::new().id("u_1").email("ada@example.com");
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
}
