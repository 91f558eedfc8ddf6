//! logtide
