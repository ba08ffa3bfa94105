//! The Rust types that declared fields are made of, each with the value type it stands for.
//!
//! Thin newtypes: parsing and printing live in `value`, so that a text from a flag, a cell or a
//! file goes through one function per value type.

use std::marker::PhantomData;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;

use super::record::{Record, Scalar, Type, Value};

/// A calendar day; never shifted by a zone.
pub type Day = NaiveDate;
/// A moment in whole seconds, with the offset of the company's zone.
pub type Instant = DateTime<FixedOffset>;

macro_rules! plain_scalar {
    ($($rust:ty => $variant:ident),+ $(,)?) => { $(
        impl Scalar for $rust {
            const TYPE: Type = Type::$variant;
            fn from_value(value: &Value) -> Option<Self> {
                match value { Value::$variant(inner) => Some(inner.clone()), _ => None }
            }
            fn to_value(&self) -> Value { Value::$variant(self.clone()) }
        }
    )+ };
}

plain_scalar!(String => Text, i64 => Int, Day => Day, Instant => Instant, bool => Bool);

macro_rules! text_scalar {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub String);

        impl Scalar for $name {
            const TYPE: Type = Type::$name;
            fn from_value(value: &Value) -> Option<Self> {
                value.as_text().map(|text| Self(text.to_owned()))
            }
            fn to_value(&self) -> Value { Value::Text(self.0.clone()) }
        }
    )+ };
}

text_scalar!(
    /// Text that may span lines
    Prose,
    /// ISO 4217 code
    Currency,
    /// ISO 3166 alpha-2 code
    Country,
    /// A length of time such as `2d`
    Dur,
    /// An E.164 number
    Phone,
    /// An e-mail address
    Email,
    /// An address with its scheme
    Url,
    /// A code that another record defines
    FreeCode,
);

macro_rules! decimal_scalar {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub Decimal);

        impl Scalar for $name {
            const TYPE: Type = Type::$name;
            fn from_value(value: &Value) -> Option<Self> { value.as_dec().map(Self) }
            fn to_value(&self) -> Value { Value::Dec(self.0) }
        }
    )+ };
}

decimal_scalar!(
    /// A number with up to six decimals, of either sign
    Dec,
    /// A quantity, not negative
    Qty,
    /// A percentage: 13 = 13 %
    Pct,
    /// An amount with the minor digits of its currency
    Money,
    /// A unit price, up to six decimals
    Price,
);

/// The id of a record of type `R`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id<R> {
    /// The full id.
    pub id: String,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Id<R> {
    fn clone(&self) -> Self {
        Self::new(self.id.clone())
    }
}

impl<R> Id<R> {
    /// A full id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), of: PhantomData }
    }
}

impl<R: Record> Scalar for Id<R> {
    const TYPE: Type = Type::Ref(&[R::NAME]);
    fn from_value(value: &Value) -> Option<Self> {
        value.as_text().map(Self::new)
    }
    fn to_value(&self) -> Value {
        Value::Text(self.id.clone())
    }
}

/// Declares a reference to a record of one of several types.
#[macro_export]
macro_rules! any_ref {
    ($( $(#[doc = $about:literal])+ $name:ident to [ $($noun:literal),+ $(,)? ] )+) => { $(
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub String);

        impl $crate::model::record::Scalar for $name {
            const TYPE: $crate::model::record::Type = $crate::model::record::Type::Ref(&[$($noun),+]);
            fn from_value(value: &$crate::model::record::Value) -> Option<Self> {
                value.as_text().map(|text| Self(text.to_owned()))
            }
            fn to_value(&self) -> $crate::model::record::Value {
                $crate::model::record::Value::Text(self.0.clone())
            }
        }
    )+ };
}
