//! What the test programs share: the sandbox, the check against the JSON schemas, and the report of
//! what could not be tested.

pub mod sandbox;
pub mod schema;
pub mod skipped;
