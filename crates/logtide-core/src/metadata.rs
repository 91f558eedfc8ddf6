//! Structured data of an entry.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Head, IntoMetadata, Level, RecordWriter, wire};

/// The structured data of an entry, owned: a JSON object.
///
/// ```
/// use logtide_core::Metadata;
///
/// let mut metadata = Metadata::from_fields((("user", "ada"), ("attempt", 3)));
/// metadata.insert("ok", true);
/// assert_eq!(metadata.get("attempt"), Some(&3.into()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(Map<String, Value>);

impl Metadata {
    /// Creates empty metadata.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates metadata from any value that a log call accepts.
    #[track_caller]
    pub fn from_fields(fields: impl IntoMetadata) -> Self {
        let (mut head, location) = (Head::new(Level::Info, ""), std::panic::Location::caller().into());
        head.location = Some(&location);
        let mut writer = RecordWriter::default();
        let mut written = writer.begin(&head);
        fields.write_to(&mut written);
        Self(wire::json::metadata_of(written.finish()))
    }

    /// Sets a field and returns its previous value. The value can be anything that `serde` serializes.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Serialize) -> Option<Value> {
        self.0.insert(key.into(), to_value(&value))
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The value of a field, to be changed.
    ///
    /// ```
    /// # let mut metadata = logtide_core::Metadata::from_fields([("attempt", 3)]);
    /// if let Some(attempt) = metadata.get_mut("attempt") {
    ///     *attempt = 4.into();
    /// }
    /// # assert_eq!(metadata.get("attempt"), Some(&4.into()));
    /// ```
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.get_mut(key)
    }

    /// Whether there is a field of that name.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Removes a field and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    /// Iterates over the fields and their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The fields with their values, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(key, value)| (key.as_str(), value))
    }

    /// Keeps the fields for which the function says so, which may change their values.
    ///
    /// ```
    /// # let mut metadata = logtide_core::Metadata::from_fields((("user", "ada"), ("internal.id", 3)));
    /// metadata.retain(|key, _| !key.starts_with("internal."));
    /// # assert_eq!(metadata.len(), 1);
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value) -> bool) {
        self.0.retain(|key, value| keep(key, value));
    }

    /// Removes all fields.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds fields. Existing fields with the same name are replaced.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns the JSON object.
    #[must_use]
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

impl From<Map<String, Value>> for Metadata {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

/// The fields with their values.
impl IntoIterator for Metadata {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Into<String>, V: Serialize> FromIterator<(K, V)> for Metadata {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(key, value)| (key.into(), to_value(&value))).collect())
    }
}

/// A value as it is sent: `serde_json`'s own conversion makes another number of an `f32` and null of NaN.
pub(crate) fn to_value(value: &(impl Serialize + ?Sized)) -> Value {
    wire::json::value_of(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_changed_where_they_are() {
        let mut metadata = Metadata::from_fields((("a", 1), ("b", 2)));
        *metadata.get_mut("a").unwrap() = json!("one");
        metadata.iter_mut().filter(|(key, _)| *key == "b").for_each(|(_, value)| *value = json!("two"));
        metadata.retain(|key, value| key != "a" || value == "one");
        assert!(metadata.get_mut("c").is_none());
        let fields: Vec<_> = metadata.clone().into_iter().collect();
        assert_eq!(fields, [("a".to_owned(), json!("one")), ("b".to_owned(), json!("two"))]);
        metadata.clear();
        assert!(metadata.is_empty());
    }

    #[test]
    fn numbers_keep_their_types_whatever_the_way_in() {
        let mut inserted = Metadata::new();
        inserted.insert("f32", 0.1_f32);
        inserted.insert("nan", f64::NAN);
        inserted.insert("i128", i128::MIN);
        let collected: Metadata = [("f32", 0.1_f32)].into_iter().collect();
        assert_eq!((inserted.get("f32"), collected.get("f32")), (Some(&json!(0.1)), Some(&json!(0.1))));
        assert_eq!(inserted.get("nan"), Some(&json!("NaN")));
        assert_eq!(inserted.get("i128"), Some(&json!(i128::MIN.to_string())));
    }
}
