//! What is recommended to whom, and why.
