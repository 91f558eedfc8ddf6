//! logtide-client
