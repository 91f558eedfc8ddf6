//! The numbers of the [layout](super).

/// Bytes of the head.
pub(super) const HEAD: usize = 22;

/// Where the call site's number stands.
pub(super) const CALL_SITE: usize = 12;
/// Where the message's offset stands.
pub(super) const MESSAGE_AT: usize = 16;
/// Where the level stands.
pub(super) const LEVEL_AT: usize = 20;
/// Where the flags stand.
pub(super) const FLAGS: usize = 21;

/// The flags.
pub(super) const FINAL: u8 = 1;
pub(super) const HAS_ERROR: u8 = 2;
pub(super) const NESTED_SPANS: u8 = 4;
pub(super) const HAS_SCOPE: u8 = 8;

/// Items before all others.
pub(super) const SERVICE: u8 = 0xf0;
pub(super) const TRACE_TEXT: u8 = 0xf1;
pub(super) const TRACE_ID: u8 = 0xf2;
pub(super) const SPAN_TEXT: u8 = 0xf3;
pub(super) const SPAN_ID: u8 = 0xf4;
pub(super) const SESSION: u8 = 0xf5;
pub(super) const TIME: u8 = 0xf6;
pub(super) const FRAMES: u8 = 0xf7;
pub(super) const EVENT_ID: u8 = 0xf8;
pub(super) const SEQUENCE: u8 = 0xf9;

/// The largest index of a name at the call site.
pub(super) const MAX_INDEX: u8 = 0xdf;

/// The other items.
pub(super) const KEY_8: u8 = 0xe0;
pub(super) const KEY_32: u8 = 0xe1;
pub(super) const MESSAGE: u8 = 0xe2;
pub(super) const ERROR: u8 = 0xe3;
pub(super) const SPAN: u8 = 0xe4;
pub(super) const SPAN_NAMES: u8 = 0xe5;
pub(super) const ORIGIN: u8 = 0xe6;
pub(super) const SCOPE: u8 = 0xe7;
pub(super) const SPAN_TIMES: u8 = 0xe8;
pub(super) const SPAN_STATUS: u8 = 0xe9;
pub(super) const SPAN_EVENT: u8 = 0xea;
pub(super) const SPAN_LINK: u8 = 0xeb;
pub(super) const TRACE_STATE: u8 = 0xec;

/// Where an error is reported.
pub(super) const NOWHERE: u8 = 0;
pub(super) const AT_CALL_SITE: u8 = 1;
pub(super) const AT_FRAME: u8 = 2;

/// Values.
pub(super) const NULL: u8 = 0x00;
pub(super) const FALSE: u8 = 0x01;
pub(super) const TRUE: u8 = 0x02;
pub(super) const U8: u8 = 0x03;
pub(super) const U32: u8 = 0x04;
pub(super) const U64: u8 = 0x05;
pub(super) const I32: u8 = 0x06;
pub(super) const I64: u8 = 0x07;
pub(super) const U128: u8 = 0x08;
pub(super) const I128: u8 = 0x09;
pub(super) const F32: u8 = 0x0a;
pub(super) const F64: u8 = 0x0b;
pub(super) const TEXT_8: u8 = 0x0c;
pub(super) const TEXT_32: u8 = 0x0d;
pub(super) const NUMBER: u8 = 0x0e;
pub(super) const ARRAY: u8 = 0x0f;
pub(super) const OBJECT: u8 = 0x10;
pub(super) const TOO_DEEP: u8 = 0x11;
pub(super) const UNSERIALIZABLE: u8 = 0x12;
