//! Level macros for the program's client.

/// Defines a macro for each level; `$` stands for itself in what they expand to.
macro_rules! level_macros {
    ($d:tt $($(#[$doc:meta])* $name:ident $level:ident,)*) => {$(
        $(#[$doc])*
        ///
        /// It takes a format text with its arguments, and then fields: `key = value`, `a.dotted.key = value`, `"any key" = value`, with `%`
        /// in front of a value for its `Display` form and `?` for its `Debug` form. `error = &error` adds an error with its causes.
        /// `service: "name",` in front names the service, which otherwise is [`ClientOptions::service`](crate::ClientOptions::service).
        /// Fields are borrowed, and nothing is allocated for them. Without a client, and below
        /// its [`min_level`](crate::ClientOptions::min_level), nothing is evaluated.
        ///
        /// ```
        /// # let (path, error) = ("/", std::fmt::Error);
        #[doc = concat!("logtide_client::", stringify!($name), "!(\"request completed\", method = \"GET\", status = 200);")]
        #[doc = concat!("logtide_client::", stringify!($name), "!(service: \"api\", \"GET {}\", path, http.path = path, error = &error);")]
        /// ```
        #[macro_export]
        macro_rules! $name {
            ($d($d arguments:tt)+) => {
                $crate::__log!($level, $d($d arguments)+)
            };
        }
    )*};
}

level_macros! {$
    /// Logs details that help to find a fault, with the program's client.
    debug Debug,
    /// Logs what the program does, with the program's client.
    info Info,
    /// Logs something unexpected that the program coped with, with the program's client.
    warn Warn,
    /// Logs that something failed, with the program's client.
    error Error,
    /// Logs that the program, or a large part of it, cannot go on, with the program's client.
    critical Critical,
}

/// Takes the service and the format text off the arguments.
#[doc(hidden)]
#[macro_export]
macro_rules! __log {
    ($level:ident, service: $service:expr, $format:literal $($rest:tt)*) => {
        if $crate::__private::takes($crate::__private::Level::$level) {
            $crate::__fields!([$level, $service, $format] [] [()] $($rest)*);
        }
    };
    ($level:ident, $format:literal $($rest:tt)*) => {
        if $crate::__private::takes($crate::__private::Level::$level) {
            $crate::__fields!([$level, "", $format] [] [()] $($rest)*);
        }
    };
}

/// Takes arguments of the format text, and then fields, off the rest one by one.
#[doc(hidden)]
#[macro_export]
macro_rules! __fields {
    ([$level:ident, $service:expr, $format:literal] [$($argument:expr,)*] [$fields:expr] $(,)?) => {
        $crate::__private::log(
            $crate::__private::Level::$level,
            $service,
            ::core::format_args!($format, $($argument,)*),
            $fields,
        )
    };
    ($head:tt $arguments:tt [$fields:expr], error = % $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__field!($fields, "error", &$crate::__private::Displayed(&$value))] $(, $($rest)*)?)
    };
    ($head:tt $arguments:tt [$fields:expr], error = ? $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__field!($fields, "error", &$crate::__private::Debugged(&$value))] $(, $($rest)*)?)
    };
    ($head:tt $arguments:tt [$fields:expr], error = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__private::IntoMetadata::with($fields, $value)] $(, $($rest)*)?)
    };
    ($head:tt $arguments:tt [$fields:expr], $key:literal = % $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__field!($fields, $key, &$crate::__private::Displayed(&$value))] $(, $($rest)*)?)
    };
    ($head:tt $arguments:tt [$fields:expr], $key:literal = ? $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__field!($fields, $key, &$crate::__private::Debugged(&$value))] $(, $($rest)*)?)
    };
    ($head:tt $arguments:tt [$fields:expr], $key:literal = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__field!($fields, $key, &$value)] $(, $($rest)*)?)
    };
    ($head:tt $arguments:tt [$fields:expr], $first:ident $(. $key:ident)* = % $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__field!($fields, $crate::__key!($first $($key)*), &$crate::__private::Displayed(&$value))] $(, $($rest)*)?)
    };
    ($head:tt $arguments:tt [$fields:expr], $first:ident $(. $key:ident)* = ? $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__field!($fields, $crate::__key!($first $($key)*), &$crate::__private::Debugged(&$value))] $(, $($rest)*)?)
    };
    ($head:tt $arguments:tt [$fields:expr], $first:ident $(. $key:ident)* = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head $arguments [$crate::__field!($fields, $crate::__key!($first $($key)*), &$value)] $(, $($rest)*)?)
    };
    ($head:tt [$($argument:expr,)*] [()], $next:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!($head [$($argument,)* $next,] [()] $(, $($rest)*)?)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __field {
    ($fields:expr, $key:expr, $value:expr) => {
        $crate::__private::IntoMetadata::with($fields, $crate::__private::Field($key, $value))
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __key {
    ($first:ident $($key:ident)*) => {
        ::core::concat!(::core::stringify!($first) $(, ".", ::core::stringify!($key))*)
    };
}
