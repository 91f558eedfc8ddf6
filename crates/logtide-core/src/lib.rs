//! logtide-core
