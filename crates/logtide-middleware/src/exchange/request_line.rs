//! What a request is called in its entries.

/// Method, path and route of a request, in one text.
#[derive(Debug)]
pub(crate) struct RequestLine {
    /// Method and path, with a space between them, and the route behind them.
    text: String,
    method_length: usize,
    /// Where the path ends, and the route begins.
    path_end: usize,
    has_route: bool,
}

impl RequestLine {
    pub(crate) fn new(method: &str, path: &str, route: Option<&str>) -> Self {
        let path_end = method.len() + 1 + path.len();
        let mut text = String::with_capacity(path_end + route.map_or(0, str::len));
        text.push_str(method);
        text.push(' ');
        text.push_str(path);
        text.push_str(route.unwrap_or_default());
        Self { text, method_length: method.len(), path_end, has_route: route.is_some() }
    }

    /// Method and path, with a space between them.
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
        self.text.truncate(self.path_end);
        self.text.push_str(route);
        self.has_route = true;
    }
}
