//! Pairs of different types, borrowed and without an allocation.

use serde::Serialize;

use crate::{Fields, IntoMetadata};

macro_rules! tuples {
    ($first_key:ident $first_value:ident $($key:ident $value:ident)*) => {
        impl<$first_key: AsRef<str>, $first_value: Serialize, $($key: AsRef<str>, $value: Serialize),*> IntoMetadata
            for (($first_key, $first_value), $(($key, $value),)*)
        {
            fn write_to(self, fields: &mut Fields<'_>) {
                #[expect(non_snake_case, reason = "the names of the type parameters serve as names of their values")]
                let (($first_key, $first_value), $(($key, $value),)*) = self;
                fields.field($first_key.as_ref(), &$first_value);
                $(fields.field($key.as_ref(), &$value);)*
            }
        }

        tuples!($($key $value)*);
    };
    () => {};
}

tuples!(K1 V1 K2 V2 K3 V3 K4 V4 K5 V5 K6 V6 K7 V7 K8 V8 K9 V9 K10 V10 K11 V11 K12 V12 K13 V13 K14 V14 K15 V15 K16 V16);
