//! Documents as they are handed out.
