//! logtide-devserver
