//! `gateway`: the word by which an account that many share says for whom it acts. It is understood
//! before any command is; here is its help, and what it says elsewhere.

use clap::Command;

use super::super::args::{Words, place};
use super::Standalone;
use crate::model::{Class, Problem};

/// `crm gateway USER [WORD…]`.
pub const GATEWAY: Standalone = Standalone {
    name: "gateway",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .long_about(words.text("help-gateway-long"))
            .arg(place("user", "USER", words).required(true))
            .arg(place("line", "WORD", words).num_args(0..).trailing_var_arg(true).allow_hyphen_values(true))
    },
    run: |_, _| Err(Problem::new(Class::Denied, "gateway-off").hint("gateway-off-hint").into()),
};
