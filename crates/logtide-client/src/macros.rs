//! Level macros.

use std::{fmt::Display, panic::Location};

use logtide_core::{IntoMetadata, Level};

use crate::{Client, Service, global};

/// A destination of the level macros.
pub trait Target {
    /// Whether it logs entries of the given level.
    fn enabled(&self, level: Level) -> bool;

    /// Logs an entry. An empty service stands for the target's default service.
    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata);
}

/// The program's client.
#[derive(Debug)]
pub struct Program;

impl Target for Program {
    #[inline]
    fn enabled(&self, level: Level) -> bool {
        global::enabled(level)
    }

    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        global::log(level, service, message, metadata);
    }
}

impl Target for Client {
    #[inline]
    fn enabled(&self, level: Level) -> bool {
        self.enabled(level)
    }

    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        self.log_call(Location::caller(), level, service, message, metadata);
    }
}

impl Target for Service {
    #[inline]
    fn enabled(&self, level: Level) -> bool {
        self.client().enabled(level)
    }

    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        let service = if service.is_empty() { self.name() } else { service };
        self.client().log_call(Location::caller(), level, service, message, metadata);
    }
}

impl<T: Target> Target for &T {
    #[inline]
    fn enabled(&self, level: Level) -> bool {
        T::enabled(self, level)
    }

    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        T::log(self, level, service, message, metadata);
    }
}

/// Defines a macro for each level. `$` is passed in, since it cannot be escaped in a nested macro.
macro_rules! level_macros {
    ($d:tt $($(#[$doc:meta])* $name:ident $level:ident,)*) => {$(
        $(#[$doc])*
        ///
        /// The arguments are a format string with its arguments, followed by fields: `key = value`,
        /// `a.dotted.key = value` or `"any key" = value`. Put `%` before a value to use its `Display` form, or `?` for
        /// its `Debug` form. `error = &error` adds an error with its causes.
        ///
        /// An optional first argument is the [`Client`](crate::Client) or [`Service`](crate::Service) to log with. The
        /// default is the [program's client](crate::init). An optional `service: "name",` follows. The default is the
        /// name of the `Service`, otherwise the client's [default service](crate::ClientOptions::service).
        ///
        /// Fields are borrowed without allocation. Without a client, or below its
        /// [`min_level`](crate::ClientOptions::min_level), the arguments are not evaluated.
        ///
        /// ```
        /// # mod logtide { pub use logtide_client::*; }
        /// # fn example(client: &logtide::Client) {
        /// # let (path, error) = ("/", std::fmt::Error);
        #[doc = concat!("use logtide::", stringify!($name), ";")]
        ///
        #[doc = concat!(stringify!($name), "!(\"server started\");")]
        #[doc = concat!(stringify!($name), "!(\"request completed\", method = \"GET\", status = 200);")]
        #[doc = concat!(stringify!($name), "!(service: \"api\", \"GET {}\", path, http.path = path, error = &error);")]
        ///
        /// // With a client of one's own:
        #[doc = concat!(stringify!($name), "!(client, \"server started\");")]
        #[doc = concat!(stringify!($name), "!(client, service: \"api\", \"GET {path}\", status = 200);")]
        /// let gateway = client.service("api-gateway");
        #[doc = concat!(stringify!($name), "!(gateway, \"GET {path}\", status = 200);")]
        /// # }
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
    /// Logs at debug level: details for finding faults.
    debug Debug,
    /// Logs at info level: normal operation.
    info Info,
    /// Logs at warn level: something unexpected that the program handled.
    warn Warn,
    /// Logs at error level: an operation that failed.
    error Error,
    /// Logs at critical level: the program, or a large part of it, cannot continue.
    critical Critical,
}

/// Splits off the target, the service and the format string.
#[doc(hidden)]
#[macro_export]
macro_rules! __log {
    ($level:ident, service: $service:expr, $format:literal $($rest:tt)*) => {
        $crate::__log_with!($crate::__private::Program, [$level, $service, $format] $($rest)*)
    };
    ($level:ident, $format:literal $($rest:tt)*) => {
        $crate::__log_with!($crate::__private::Program, [$level, "", $format] $($rest)*)
    };
    ($level:ident, $target:expr, service: $service:expr, $format:literal $($rest:tt)*) => {
        $crate::__log_with!($target, [$level, $service, $format] $($rest)*)
    };
    ($level:ident, $target:expr, $format:literal $($rest:tt)*) => {
        $crate::__log_with!($target, [$level, "", $format] $($rest)*)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __log_with {
    ($target:expr, [$level:ident, $service:expr, $format:literal] $($rest:tt)*) => {
        match &$target {
            target => {
                if $crate::__private::Target::enabled(target, $crate::__private::Level::$level) {
                    $crate::__fields!([target, $level, $service, $format] [] [()] $($rest)*);
                }
            }
        }
    };
}

/// Splits off the arguments of the format string, then the fields, one by one.
#[doc(hidden)]
#[macro_export]
macro_rules! __fields {
    ([$target:ident, $level:ident, $service:expr, $format:literal] [$($argument:expr,)*] [$fields:expr] $(,)?) => {
        $crate::__private::Target::log(
            $target,
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
