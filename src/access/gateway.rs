//! A store that belongs to one account of the machine, which many people reach through it.
