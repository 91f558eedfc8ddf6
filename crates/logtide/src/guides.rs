//! Guides, from the first log call to a service in production.

/// Getting started.
pub mod getting_started {
    #![doc = include_str!("guides/getting_started.md")]
}

/// `tracing`, axum, actix-web and Rocket.
pub mod frameworks {
    #![doc = include_str!("guides/frameworks.md")]
}

/// Configuration in code, environment and files.
pub mod configuration {
    #![doc = include_str!("guides/configuration.md")]
}

/// Delivery and durability.
pub mod delivery {
    #![doc = include_str!("guides/delivery.md")]
}

/// Shutting down.
pub mod shutting_down {
    #![doc = include_str!("guides/shutting_down.md")]
}

/// OpenTelemetry and collectors.
pub mod opentelemetry {
    #![doc = include_str!("guides/opentelemetry.md")]
}

/// A transport of your own.
pub mod transport {
    #![doc = include_str!("guides/transport.md")]
}

/// Testing.
pub mod testing {
    #![doc = include_str!("guides/testing.md")]
}

/// Tuning.
pub mod tuning {
    #![doc = include_str!("guides/tuning.md")]
}

/// What the SDK adds to a program.
pub mod footprint {
    #![doc = include_str!("guides/footprint.md")]
}

/// Troubleshooting.
pub mod troubleshooting {
    #![doc = include_str!("guides/troubleshooting.md")]
}

/// Coming from the Python SDK.
pub mod python {
    #![doc = include_str!("guides/python.md")]
}
