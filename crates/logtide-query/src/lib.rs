//! logtide-query
