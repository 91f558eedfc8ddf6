//! How entries name a request.

use logtide_core::Fields;

use crate::{PathName, RequestTarget};

/// Method, path and route of a request, in one text.
#[derive(Debug)]
pub(crate) struct RequestLine {
    /// Method, space, path, directly followed by the route.
    text: String,
    method_length: usize,
    /// The end of the path, where the route begins.
    path_end: usize,
    has_route: bool,
    /// The original path, if it is logged under another name.
    unnamed: Option<Unnamed>,
}

/// A path that is named again when its route becomes known.
#[derive(Debug)]
struct Unnamed {
    path: Box<str>,
    name: PathName,
}

impl RequestLine {
    /// Uses the name of the path if there is a naming function.
    pub(crate) fn new(target: RequestTarget<'_>, name: Option<&PathName>) -> Self {
        let unnamed = name.map(|name| Unnamed { path: target.path().into(), name: name.clone() });
        let path = name.map_or_else(|| target.path().into(), |name| name.of(target));
        let (method, route) = (target.method(), target.route());
        let path_end = method.len() + 1 + path.len();
        let mut text = String::with_capacity(path_end + route.map_or(0, str::len));
        text.push_str(method);
        text.push(' ');
        text.push_str(&path);
        text.push_str(route.unwrap_or_default());
        Self { text, method_length: method.len(), path_end, has_route: route.is_some(), unnamed }
    }

    /// Method and path, separated by a space.
    pub(crate) fn as_str(&self) -> &str {
        &self.text[..self.path_end]
    }

    pub(crate) fn method(&self) -> &str {
        &self.text[..self.method_length]
    }

    pub(crate) fn path(&self) -> &str {
        &self.text[self.method_length + 1..self.path_end]
    }

    pub(crate) fn route(&self) -> Option<&str> {
        self.has_route.then(|| &self.text[self.path_end..])
    }

    pub(crate) fn set_route(&mut self, route: &str) {
        if self.route() == Some(route) {
            return;
        }
        if let Some(Unnamed { path, name }) = &self.unnamed {
            let target = RequestTarget::new(&self.text[..self.method_length], path, Some(route));
            let path = name.of(target).into_owned();
            self.text.truncate(self.method_length + 1);
            self.text.push_str(&path);
            self.path_end = self.text.len();
        }
        self.text.truncate(self.path_end);
        self.text.push_str(route);
        self.has_route = true;
    }

    /// Writes method, path and route.
    pub(crate) fn write_to(&self, fields: &mut Fields<'_>) {
        fields.field("method", self.method());
        fields.field("path", self.path());
        if let Some(route) = self.route() {
            fields.field("route", route);
        }
    }
}
