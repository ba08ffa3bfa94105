//! The columns that no file holds: what is computed from a record alone when it is loaded.
//!
//! Each list here is in the order in which `amounts` and `rows` fill it. Deliberately absent:
//! whatever needs a second record; that is a view.

/// A column beyond the declared fields.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    pub name: &'static str,
    pub decl: &'static str,
    pub doc: &'static str,
}

const fn extra(name: &'static str, decl: &'static str, doc: &'static str) -> Extra {
    Extra { name, decl, doc }
}

/// Totals of quotes and orders.
pub(super) const TOTALS: &[Extra] = &[
    extra("net_total", "MONEY INTEGER", "Sum without tax, shipping included"),
    extra("tax_total", "MONEY INTEGER", "Sum of tax"),
    extra("total", "MONEY INTEGER", "Sum with tax"),
    extra("discount_total", "MONEY INTEGER", "What lines and document give off the prices"),
    extra("base_net_total", "MONEY INTEGER", "Sum without tax in base currency"),
    extra("base_tax_total", "MONEY INTEGER", "Sum of tax in base currency"),
    extra("base_shipping", "MONEY INTEGER", "Shipping without tax in base currency"),
    extra("base_shipping_tax", "MONEY INTEGER", "Tax on shipping in base currency"),
    extra("margin", "MONEY INTEGER", "Margin of the lines whose cost is known, in base currency"),
    extra("discount_max", "REAL", "Greatest effective discount of a line in percent"),
];

/// Amounts of the lines of quotes and orders.
pub(super) const LINE: &[Extra] = &[
    extra("amount", "MONEY INTEGER", "Quantity times price less the line's discounts"),
    extra("net", "MONEY INTEGER", "Without tax, after the document's discount"),
    extra("tax", "MONEY INTEGER", "Tax"),
    extra("base_net", "MONEY INTEGER", "Without tax in base currency"),
    extra("base_tax", "MONEY INTEGER", "Tax in base currency"),
    extra("base_list", "MONEY INTEGER", "List value without tax in base currency"),
    extra("base_cost", "MONEY INTEGER", "Quantity times cost in base currency; null where no cost is known"),
];

/// What the lines of orders have on top.
pub(super) const ORDER_LINE: &[Extra] =
    &[extra("cancelled", "QTY REAL", "Sum of the cancellations of the line")];

/// Totals of invoices in base currency.
pub(super) const INVOICE_TOTALS: &[Extra] = &[
    extra("sign", "INTEGER", "1, and -1 on a credit note"),
    extra("base_net_total", "MONEY INTEGER", "Sum without tax in base currency"),
    extra("base_tax_total", "MONEY INTEGER", "Sum of tax in base currency"),
    extra("base_shipping", "MONEY INTEGER", "What no line holds: shipping without tax in base currency"),
];

/// Amounts of the lines of invoices.
pub(super) const INVOICE_LINE: &[Extra] = &[
    extra("order", "REF TEXT", "The order of the invoice"),
    extra("date", "DAY TEXT", "The date of the invoice"),
    extra("sign", "INTEGER", "1, and -1 on a credit note"),
    extra("base_net", "MONEY INTEGER", "Without tax in base currency"),
    extra("base_tax", "MONEY INTEGER", "Tax in base currency"),
    extra("base_cost", "MONEY INTEGER", "Quantity times cost in base currency; null where no cost is known"),
];

/// What the lines of shipments have from their shipment.
pub(super) const SHIPMENT_LINE: &[Extra] = &[
    extra("order", "REF TEXT", "The order of the shipment"),
    extra("date", "DAY TEXT", "The day of the shipment"),
    extra("warehouse", "CODE TEXT", "The warehouse of the shipment"),
    extra("sign", "INTEGER", "1, and -1 where the shipment takes another back"),
];

/// What the lines of returns have from their return.
pub(super) const RETURN_LINE: &[Extra] = &[
    extra("order", "REF TEXT", "The order of the return"),
    extra("date", "DAY TEXT", "The day of the return"),
    extra("warehouse", "CODE TEXT", "The warehouse of the return"),
    extra("sign", "INTEGER", "1, and -1 where the return takes another back"),
    extra("effect", "CODE TEXT", "reverse or replace"),
];

/// The sign of a fact that another may take back.
pub(super) const FACT: &[Extra] =
    &[extra("sign", "INTEGER", "1, and -1 where the record takes another back")];

/// Sign and base amount of payments.
pub(super) const PAYMENT: &[Extra] = &[
    extra("sign", "INTEGER", "1, and -1 on refunds; the other way round where the record takes another back"),
    extra("base_amount", "MONEY INTEGER", "The amount in base currency, with its sign"),
];

/// What allocations have from their payment.
pub(super) const ALLOCATION: &[Extra] = &[
    extra("customer", "REF TEXT", "The customer of the payment"),
    extra("kind", "CODE TEXT", "The kind of the payment"),
    extra("sign", "INTEGER", "The sign of the payment"),
];

/// The key under which names count as the same.
pub(super) const NAME_KEY: &[Extra] =
    &[extra("name_key", "TEXT", "The name without what does not tell names apart")];

/// The first part of the category, by which reports roll up.
pub(super) const TOP_CATEGORY: &[Extra] =
    &[extra("top_category", "TEXT", "The part of the category before the first slash")];

/// When the present state began.
pub(super) const STATE_SINCE: &[Extra] =
    &[extra("state_since", "INSTANT TEXT", "When the present state was entered")];

/// What a record of this type has computed from it alone, besides `state_since`.
pub(super) fn of_kind(noun: &str) -> &'static [Extra] {
    match noun {
        "quote" | "order" => TOTALS,
        "invoice" => INVOICE_TOTALS,
        "payment" => PAYMENT,
        "movement" | "shipment" | "return" => FACT,
        "customer" | "contact" | "lead" => NAME_KEY,
        "product" => TOP_CATEGORY,
        _ => &[],
    }
}

/// What child rows of this type have computed, in two lists.
pub(super) fn of_rows(noun: &str, rows: &str) -> [&'static [Extra]; 2] {
    match (noun, rows) {
        ("quote", "lines") => [LINE, &[]],
        ("order", "lines") => [LINE, ORDER_LINE],
        ("invoice", "lines") => [INVOICE_LINE, &[]],
        ("shipment", "lines") => [SHIPMENT_LINE, &[]],
        ("return", "lines") => [RETURN_LINE, &[]],
        ("payment", "allocations") => [ALLOCATION, &[]],
        _ => [&[], &[]],
    }
}
