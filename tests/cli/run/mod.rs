//! Handing variables to other programs, with the whole program: `run` and `export`.
//!
//! Every value is a canary: it may turn up where it belongs and nowhere else.

mod export;
mod masked;
mod replaced;
mod sandbox;
mod start;
mod variables;
