//! From a [`Node`] to a typed value, by serde.
//!
//! The one reason for a deserializer of our own is the error: it keeps the span
//! of the value that does not fit, so that a fault in the configuration is shown
//! like any other finding.

use std::fmt;

use rustc_hash::FxHashSet;
use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Expected, IntoDeserializer, Unexpected, Visitor};

use super::node::{Node, NodeKind};
use crate::span::Span;

/// Why a value could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// What is wrong, in one line.
    pub message: String,
    /// What to do, if that is known.
    pub help: Option<String>,
    /// The offending key or value; `None` only until the enclosing node adds it.
    pub span: Option<Span>,
}

impl DecodeError {
    fn or_at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), help: None, span: None }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Unit => "nothing".to_owned(),
            Unexpected::Str(text) => format!("`{}`", crate::shown::excerpt(text)),
            Unexpected::Signed(number) => format!("`{number}`"),
            Unexpected::Bool(value) => format!("`{value}`"),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "a mapping".to_owned(),
            other => other.to_string(),
        };
        let expected = expected.to_string();
        let (expected, help) = match &*expected {
            "a sequence" => ("a list", Some("write `[one, two]`")),
            "a map" => ("a mapping", Some("write `name: value` lines below the key")),
            "a boolean" => ("`true` or `false`", None),
            other if other.starts_with("struct ") => {
                ("a mapping", Some("write `name: value` lines below the key"))
            }
            other => (other, None),
        };
        let help = help.map(str::to_owned);
        Self { message: format!("expected {expected}, found {found}"), help, span: None }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let help = crate::nearest::suggestion(field, expected.iter().copied());
        Self { message: format!("unknown key `{field}`"), help: Some(help), span: None }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let help = crate::nearest::suggestion(variant, expected.iter().copied());
        Self { message: format!("unknown value `{variant}`"), help: Some(help), span: None }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { message: format!("the key `{field}` is missing"), help: None, span: None }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self { message: format!("the key `{field}` appears twice"), help: None, span: None }
    }
}

/// Reads a `T` from `node`.
///
/// # Errors
///
/// [`DecodeError`] with the span of the key or value that does not fit.
pub fn from_node<'de, T: de::Deserialize<'de>>(node: Node<'de, 'de>) -> Result<T, DecodeError> {
    T::deserialize(NodeDeserializer(node))
}

struct NodeDeserializer<'de>(Node<'de, 'de>);

impl<'de> NodeDeserializer<'de> {
    fn scalar<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if let Some(value) = self.0.as_bool() {
            visitor.visit_bool(value)
        } else if let Some(value) = self.0.as_integer() {
            visitor.visit_i64(value)
        } else {
            visitor.visit_borrowed_str(self.0.as_str().unwrap_or_default())
        }
    }
}

impl<'de> de::Deserializer<'de> for NodeDeserializer<'de> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let span = self.0.span();
        match self.0.kind() {
            NodeKind::Null => visitor.visit_unit(),
            NodeKind::Scalar => self.scalar(visitor),
            NodeKind::Sequence => visitor.visit_seq(Items(self.0.items())),
            NodeKind::Mapping => visitor.visit_map(Entries::new(self.0.entries())),
        }
        .map_err(|error: DecodeError| error.or_at(span))
    }

    /// Text stays text: `version: 1.0` and `label: no` are what they look like.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let span = self.0.span();
        match self.0.as_str() {
            Some(text) => {
                visitor.visit_borrowed_str(text).map_err(|error: DecodeError| error.or_at(span))
            }
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let span = self.0.span();
        let text = self.0.as_str().ok_or_else(|| DecodeError {
            message: format!("expected a {name}, found {}", self.0.kind().describe()),
            help: Some(format!("one of {}", variants.join(", "))),
            span: Some(span),
        })?;
        let variant: StrDeserializer<'_, DecodeError> = text.into_deserializer();
        visitor.visit_enum(variant).map_err(|error: DecodeError| error.or_at(span))
    }

    /// A key without a value is an empty list or mapping where one is expected.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.0.is_null() {
            visitor.visit_seq(Items(self.0.items()))
        } else {
            self.deserialize_any(visitor)
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.0.is_null() {
            return visitor.visit_map(Entries::new(self.0.entries()));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        // A derived reader would take a list for the fields in their order.
        if self.0.kind() == NodeKind::Sequence {
            let error: DecodeError = de::Error::invalid_type(Unexpected::Seq, &visitor);
            return Err(error.or_at(self.0.span()));
        }
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let span = self.0.span();
        visitor.visit_newtype_struct(self).map_err(|error: DecodeError| error.or_at(span))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf
        unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

struct Items<I>(I);

impl<'de, I: Iterator<Item = Node<'de, 'de>>> de::SeqAccess<'de> for Items<I> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        self.0.next().map(|node| seed.deserialize(NodeDeserializer(node))).transpose()
    }
}

struct Entries<'de, I> {
    entries: I,
    seen: FxHashSet<&'de str>,
    value: Option<Node<'de, 'de>>,
}

impl<I> Entries<'_, I> {
    fn new(entries: I) -> Self {
        Self { entries, seen: FxHashSet::default(), value: None }
    }
}

impl<'de, I> de::MapAccess<'de> for Entries<'de, I>
where
    I: Iterator<Item = super::node::Entry<'de, 'de>>,
{
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        let Some(entry) = self.entries.next() else {
            return Ok(None);
        };
        let span = entry.key.span();
        let key = entry.key.as_str().ok_or_else(|| DecodeError {
            message: "a key must be text".to_owned(),
            help: None,
            span: Some(span),
        })?;
        if !self.seen.insert(key) {
            return Err(DecodeError {
                message: format!("the key `{key}` appears twice"),
                help: Some("keep one of the two".to_owned()),
                span: Some(span),
            });
        }
        self.value = Some(entry.value);
        let key: de::value::BorrowedStrDeserializer<'de, DecodeError> =
            de::value::BorrowedStrDeserializer::new(key);
        seed.deserialize(key).map(Some).map_err(|error: DecodeError| error.or_at(span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        match self.value.take() {
            Some(node) => seed.deserialize(NodeDeserializer(node)),
            None => Err(de::Error::custom("internal error: a value was read before its key")),
        }
    }
}
