//! Tests of `agent install` and `hook`, run as a program.

mod hook;
mod install;
mod real;
mod table;
