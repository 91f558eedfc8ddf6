//! logtide-transport
