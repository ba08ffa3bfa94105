//! The closed lists of codes that quotes, orders and invoices share.

use crate::choice;

choice! {
    /// Whether prices are without or with tax
    PriceMode = "price_mode" { TaxExcl = "tax_excl", TaxIncl = "tax_incl" }
}

choice! {
    /// Whether tax is rounded by line or by document
    TaxRounding = "tax_rounding" { Line = "line", Document = "document" }
}
