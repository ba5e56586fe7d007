//! What finds secrets where they must not be. Pure: bytes in, findings or masked bytes out.
//!
//! | module | what it owns |
//! |---|---|
//! | [`detect`] | which variables look like secrets |
//! | [`encodings`] | the encoded forms in which a value can appear |
//! | [`mask`] | replaces values in a stream |
//! | [`scan`] | finds values in a stream |

pub mod detect;
pub mod encodings;
pub mod mask;
pub mod scan;
