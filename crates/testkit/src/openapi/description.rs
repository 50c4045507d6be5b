//! The description, of which no more is parsed than somebody asks for.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::install::{self, OpenApiError};
use super::schema;

type Parts = BTreeMap<String, Box<RawValue>>;

/// GitHub's description of its REST API.
#[derive(Debug)]
pub struct Description {
    paths: Parts,
    /// `schemas`, `parameters`, `responses` and so on.
    components: BTreeMap<String, Parts>,
    operations: Mutex<HashMap<String, Option<Arc<Operation>>>>,
}

/// A schema, or why it is none. The latter is reported by whoever wants to use it, so that
/// nothing passes because nothing could be checked.
pub(super) type Compiled = Result<Validator, String>;

/// One operation, ready to check.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    /// By status. `None` stands for a reply without a body.
    pub(super) replies: BTreeMap<u16, Option<Compiled>>,
    /// The shape of errors that the description does not mention.
    pub(super) error: Compiled,
}

#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) in_query: bool,
    pub(super) required: bool,
    pub(super) type_name: Option<String>,
    pub(super) schema: Compiled,
}

#[derive(Debug)]
pub(super) struct Body {
    pub(super) required: bool,
    /// The keys that it may have, if the description lists them.
    pub(super) keys: Option<Vec<String>>,
    pub(super) schema: Compiled,
}

static LOADED: OnceLock<Description> = OnceLock::new();
static LOADING: Mutex<()> = Mutex::new(());

impl Description {
    /// The description, read when it is first asked for, installed if need be.
    ///
    /// # Errors
    /// If it is not there and cannot be installed, or cannot be read.
    pub fn load() -> Result<&'static Self, OpenApiError> {
        let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = LOADED.get() {
            return Ok(loaded);
        }
        let read = Self::read(install::file()?)?;
        Ok(LOADED.get_or_init(|| read))
    }

    fn read(path: PathBuf) -> Result<Self, OpenApiError> {
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(OpenApiError::Disk { path, source }),
        };
        Self::parse(&text).map_err(|source| OpenApiError::Invalid { path, source })
    }

    /// Reads a description in OpenAPI 3.0.
    ///
    /// # Errors
    /// If it is not JSON, or has neither paths nor components.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let mut top: Parts = serde_json::from_str(text)?;
        let mut part = |name: &str| top.remove(name).map_or_else(Box::default, Box::<str>::from);
        let paths: Box<str> = part("paths");
        let components: Box<str> = part("components");
        let components: Parts = serde_json::from_str(&components)?;
        let components = components
            .into_iter()
            .map(|(section, raw)| Ok((section, serde_json::from_str(raw.get())?)))
            .collect::<Result<_, serde_json::Error>>()?;
        let paths = serde_json::from_str(&paths)?;
        Ok(Self { paths, components, operations: Mutex::new(HashMap::new()) })
    }

    /// An operation by its name, as in `GET /repos/{owner}/{repo}/labels`.
    pub(super) fn operation(&self, name: &str) -> Option<Arc<Operation>> {
        let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        operations
            .entry(name.to_owned())
            .or_insert_with(|| self.compile(name).map(Arc::new))
            .clone()
    }

    fn compile(&self, name: &str) -> Option<Operation> {
        let (method, path) = name.split_once(' ')?;
        let item: Value = serde_json::from_str(self.paths.get(path)?.get()).ok()?;
        let operation = item.get(method.to_lowercase())?;
        let listed = |of: &Value| of["parameters"].as_array().cloned().unwrap_or_default();
        let parameters = listed(&item)
            .iter()
            .chain(&listed(operation))
            .map(|parameter| self.parameter(&self.resolve(parameter)))
            .collect();
        let body = operation.get("requestBody").map(|body| {
            let body = self.resolve(body);
            let schema = &body["content"]["application/json"]["schema"];
            let resolved = self.resolve(schema);
            let choice = ["oneOf", "anyOf", "allOf"].iter().any(|key| resolved[key].is_array());
            let keys = resolved["properties"].as_object().filter(|_| !choice);
            Body {
                required: body["required"] == true,
                keys: keys.map(|keys| keys.keys().cloned().collect()),
                schema: self.validator(schema),
            }
        });
        let replies = operation["responses"].as_object()?.iter().filter_map(|(status, reply)| {
            let status: u16 = status.parse().ok()?;
            let mut reply = self.resolve(reply);
            let schema = reply["content"]["application/json"].get_mut("schema");
            let compiled = schema.map(|schema| {
                // Shapes of errors ask for so little that one error has several of them.
                if let Some(choice) = schema.as_object_mut().filter(|_| status >= 400)
                    && let Some(shapes) = choice.remove("oneOf")
                {
                    choice.insert("anyOf".to_owned(), shapes);
                }
                self.validator(schema)
            });
            Some((status, compiled))
        });
        let error = json!({ "$ref": "#/components/schemas/basic-error" });
        Some(Operation {
            parameters,
            body,
            replies: replies.collect(),
            error: self.validator(&error),
        })
    }

    fn parameter(&self, parameter: &Value) -> Parameter {
        let schema = self.resolve(&parameter["schema"]);
        Parameter {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            in_query: parameter["in"] == "query",
            required: parameter["required"] == true,
            type_name: schema["type"].as_str().map(ToOwned::to_owned),
            schema: self.validator(&schema),
        }
    }

    fn component(&self, section: &str, name: &str) -> Option<Value> {
        serde_json::from_str(self.components.get(section)?.get(name)?.get()).ok()
    }

    /// Follows a reference into the components.
    fn resolve(&self, value: &Value) -> Value {
        let Some(reference) = value["$ref"].as_str() else { return value.clone() };
        let parts = reference.strip_prefix("#/components/").and_then(|path| path.split_once('/'));
        parts.and_then(|(section, name)| self.component(section, name)).unwrap_or_default()
    }

    fn validator(&self, schema: &Value) -> Compiled {
        let document = schema::document(schema, |name| self.component("schemas", name));
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&document)
            .map_err(|error| error.to_string())
    }
}
