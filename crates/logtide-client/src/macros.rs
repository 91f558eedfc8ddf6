//! Level macros.

use std::{fmt::Display, panic::Location};

use logtide_core::{IntoMetadata, Level};

use crate::{Client, Service, global};

/// What a macro logs with.
pub trait Target {
    /// Whether it logs entries of that level.
    fn takes(&self, level: Level) -> bool;

    /// Logs an entry. An empty service is the default one of the target.
    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata);
}

/// The program's client.
#[derive(Debug)]
pub struct Program;

impl Target for Program {
    #[inline]
    fn takes(&self, level: Level) -> bool {
        global::takes(level)
    }

    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        global::log(level, service, message, metadata);
    }
}

impl Target for Client {
    #[inline]
    fn takes(&self, level: Level) -> bool {
        self.takes(level)
    }

    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        self.log_call(Location::caller(), level, service, message, metadata);
    }
}

impl Target for Service {
    #[inline]
    fn takes(&self, level: Level) -> bool {
        self.client().takes(level)
    }

    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        let service = if service.is_empty() { self.name() } else { service };
        self.client().log_call(Location::caller(), level, service, message, metadata);
    }
}

impl<T: Target> Target for &T {
    #[inline]
    fn takes(&self, level: Level) -> bool {
        T::takes(self, level)
    }

    #[track_caller]
    fn log(&self, level: Level, service: &str, message: impl Display, metadata: impl IntoMetadata) {
        T::log(self, level, service, message, metadata);
    }
}

/// Defines a macro for each level; `$` stands for itself in what they expand to.
macro_rules! level_macros {
    ($d:tt $($(#[$doc:meta])* $name:ident $level:ident,)*) => {$(
        $(#[$doc])*
        ///
        /// It takes a format text with its arguments, and then fields: `key = value`, `a.dotted.key = value`, `"any key" = value`, with `%`
        /// in front of a value for its `Display` form and `?` for its `Debug` form. `error = &error` adds an error with its causes.
        ///
        /// In front may stand a [`Client`](crate::Client) or a [`Service`](crate::Service) to log with, otherwise it is the
        /// [program's client](crate::init); and `service: "name",`, otherwise it is the name of the `Service`, or the default one,
        /// see [`ClientOptions::service`](crate::ClientOptions::service).
        ///
        /// Fields are borrowed, and nothing is allocated for them. Without a client, and below
        /// its [`min_level`](crate::ClientOptions::min_level), nothing else is evaluated.
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
    /// Logs details that help to find a fault.
    debug Debug,
    /// Logs what the program does.
    info Info,
    /// Logs something unexpected that the program coped with.
    warn Warn,
    /// Logs that something failed.
    error Error,
    /// Logs that the program, or a large part of it, cannot go on.
    critical Critical,
}

/// Takes the target, the service and the format text off the arguments.
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
                if $crate::__private::Target::takes(target, $crate::__private::Level::$level) {
                    $crate::__fields!([target, $level, $service, $format] [] [()] $($rest)*);
                }
            }
        }
    };
}

/// Takes arguments of the format text, and then fields, off the rest one by one.
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
