//! Prints the JSON Schema of `countersign.yaml`, derived from the configuration types.
#![expect(clippy::print_stdout, reason = "the schema goes to `cargo xtask generate`")]

fn main() -> serde_json::Result<()> {
    print!("{}", countersign_docset::catalogue::derive_configuration_schema()?);
    Ok(())
}
