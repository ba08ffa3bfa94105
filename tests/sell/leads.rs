//! Leads: assigned by rules, scored, converted.
