//! From the invoice to the last payment.
