//! The money engine: lines, discounts, tax and currency of a quote, order or invoice become the
//! amounts that are printed, billed and reported. Nothing else multiplies a price.
//!
//! Everything is computed in whole minor units and rounded once per amount, half away from zero.
//! Deliberately absent: judgement. A line below zero, a discount above the subtotal or above
//! somebody's limit is computed as it stands and shows in the result; the rules refuse it. The
//! only problems here are numbers that no amount can hold.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::Problem;
use crate::model::value::exact::{
    MICRO, decimal, divide, micros, minor, power_of_ten, product, sum, too_large,
};
use crate::model::value::round_half_up;

/// A hundred percent in millionths of a percent.
const WHOLE: i128 = 100 * MICRO;

/// Whether prices are without or with tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceMode {
    /// Tax comes on top of the price.
    TaxExcl,
    /// The price contains the tax.
    TaxIncl,
}

/// What tax is rounded on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Each line.
    Line,
    /// The sum of each tax rate, spread over its lines.
    Document,
}

/// The discount on a whole document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// Percent of the subtotal.
    Percent(Decimal),
    /// An amount.
    Amount(Decimal),
}

/// What is charged for shipping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShippingIn {
    /// The charge, in the price mode of the document.
    pub amount: Decimal,
    /// Its tax rate in percent.
    pub tax_rate: Decimal,
}

/// A line as it stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIn {
    /// Quantity.
    pub qty: Decimal,
    /// Unit price, in the price mode of the document.
    pub price: Decimal,
    /// Unit list price, in the same mode.
    pub list_price: Option<Decimal>,
    /// Discount in percent, taken first.
    pub discount_pct: Option<Decimal>,
    /// Discount on the line, taken after the percentage.
    pub discount_amt: Option<Decimal>,
    /// Tax rate in percent.
    pub tax_rate: Decimal,
    /// Unit cost in base currency.
    pub cost: Option<Decimal>,
}

/// A document as it stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentIn {
    /// Its lines, in their order.
    pub lines: Vec<LineIn>,
    /// Discount on the document.
    pub discount: Option<Discount>,
    /// Shipping charge.
    pub shipping: Option<ShippingIn>,
    /// Whether prices contain the tax.
    pub price_mode: PriceMode,
    /// What tax is rounded on.
    pub rounding: Rounding,
    /// Minor digits of the document's currency.
    pub digits: u32,
    /// Minor digits of the base currency.
    pub base_digits: u32,
    /// Base units per unit of the document's currency.
    pub fx_rate: Decimal,
}

/// The amounts of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOut {
    /// Quantity times price, less the line's own discounts.
    pub amount: Decimal,
    /// Its share of the document's discount.
    pub share: Decimal,
    /// Without tax.
    pub net: Decimal,
    /// The tax.
    pub tax: Decimal,
    /// With tax.
    pub gross: Decimal,
    /// Net in base currency.
    pub base_net: Decimal,
    /// Tax in base currency.
    pub base_tax: Decimal,
    /// Quantity times unit cost, where the cost is known.
    pub cost_total: Option<Decimal>,
    /// Net in base currency less the cost, where the cost is known.
    pub margin: Option<Decimal>,
    /// Percent below the list price, to 2 decimals, where there is a list price above zero.
    pub effective_discount: Option<Decimal>,
}

impl LineOut {
    /// What the line is worth, to be valued in parts.
    #[must_use]
    pub fn value(&self) -> LineValue {
        LineValue { net: self.net, tax: self.tax, gross: self.gross }
    }
}

/// The amounts of the shipping charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShippingOut {
    /// Without tax.
    pub net: Decimal,
    /// The tax.
    pub tax: Decimal,
    /// With tax.
    pub gross: Decimal,
    /// Net in base currency.
    pub base_net: Decimal,
    /// Tax in base currency.
    pub base_tax: Decimal,
}

/// What falls to one tax rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateTotal {
    /// Net taxed at the rate.
    pub net: Decimal,
    /// The tax.
    pub tax: Decimal,
}

/// The amounts of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentOut {
    /// One for each line, in the same order.
    pub lines: Vec<LineOut>,
    /// Sum of the lines' amounts.
    pub subtotal: Decimal,
    /// Discount on the document.
    pub discount: Decimal,
    /// Shipping, where it is charged.
    pub shipping: Option<ShippingOut>,
    /// All net amounts, shipping included.
    pub net_total: Decimal,
    /// All tax.
    pub tax_total: Decimal,
    /// Net and tax.
    pub total: Decimal,
    /// Net and tax by rate in percent, shipping included.
    pub tax_by_rate: BTreeMap<Decimal, RateTotal>,
    /// Sum of the converted net amounts.
    pub base_net_total: Decimal,
    /// Sum of the converted tax amounts.
    pub base_tax_total: Decimal,
    /// Margin of the lines whose cost is known, in base currency; absent when none is.
    pub margin: Option<Decimal>,
    /// The margin in percent of the base net of those lines, to 2 decimals; absent when that net is 0.
    pub margin_pct: Option<Decimal>,
    /// Base net of the lines whose cost is known.
    pub costed_net: Decimal,
    /// Base net of the lines whose cost is not known.
    pub uncosted_net: Decimal,
    /// The greatest effective discount of a line.
    pub effective_discount: Option<Decimal>,
}

/// Computes a document.
///
/// # Errors
/// `amount-too-large` when a number leaves the range of amounts, `bad-decimal` for an input with
/// more than six decimals.
pub fn compute(document: &DocumentIn) -> Result<DocumentOut, Problem> {
    let digits = document.digits;
    let amounts =
        document.lines.iter().map(|line| line_amount(line, digits)).collect::<Result<Vec<_>, _>>()?;
    let subtotal = sum(amounts.iter().copied())?;
    let discount = document_discount(document, subtotal)?;
    let charges = charges(document, &amounts, &spread(discount, &amounts)?)?;
    let taxed = tax(&charges, document)?;

    let lines = document
        .lines
        .iter()
        .zip(charges.iter().zip(&taxed))
        .map(|(line, (charge, taxed))| line_out(line, document, charge, taxed))
        .collect::<Result<Vec<_>, _>>()?;
    let shipping = document.shipping.and(taxed.last());
    let total_of = |part: fn(&Taxed) -> i128| sum(taxed.iter().map(part));
    let (net, tax) = (total_of(|taxed| taxed.net)?, total_of(|taxed| taxed.tax)?);
    let margin = Margin::of(&lines, document.base_digits);
    Ok(DocumentOut {
        subtotal: decimal(subtotal, digits),
        discount: decimal(discount, digits),
        shipping: shipping.map(|taxed| shipping_out(taxed, document)).transpose()?,
        net_total: decimal(net, digits),
        tax_total: decimal(tax, digits),
        total: decimal(sum([net, tax])?, digits),
        tax_by_rate: rate_totals(&charges, &taxed, digits),
        base_net_total: decimal(total_of(|taxed| taxed.base_net)?, document.base_digits),
        base_tax_total: decimal(total_of(|taxed| taxed.base_tax)?, document.base_digits),
        margin: margin.total,
        margin_pct: margin.percent(),
        costed_net: margin.costed_net,
        uncosted_net: margin.uncosted_net,
        effective_discount: lines.iter().filter_map(|line| line.effective_discount).max(),
        lines,
    })
}

/// The value of the part that brings the cumulative quantity to `cumulative`: what the whole is
/// worth up to there, less what was valued before. The parts of any split add up to the whole.
///
/// # Errors
/// `amount-too-large` beyond the range of amounts, `bad-value` for a whole without quantity.
pub fn part(
    value: Decimal,
    cumulative: Decimal,
    qty: Decimal,
    valued_before: Decimal,
    digits: u32,
) -> Result<Decimal, Problem> {
    let before = minor(valued_before, digits)?;
    let upto = value_up_to(minor(value, digits)?, cumulative, qty)?;
    Ok(decimal(sum([upto, -before])?, digits))
}

/// The value of the units from one cumulative quantity to another.
///
/// # Errors
/// As [`part`].
pub fn part_value(
    value: Decimal,
    qty: Decimal,
    from: Decimal,
    to: Decimal,
    digits: u32,
) -> Result<Decimal, Problem> {
    let value = minor(value, digits)?;
    let units = sum([value_up_to(value, to, qty)?, -value_up_to(value, from, qty)?])?;
    Ok(decimal(units, digits))
}

/// Net, tax and gross, of which any two give the third.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineValue {
    /// Without tax.
    pub net: Decimal,
    /// The tax.
    pub tax: Decimal,
    /// With tax.
    pub gross: Decimal,
}

impl LineValue {
    /// Nothing.
    pub const ZERO: Self = Self { net: Decimal::ZERO, tax: Decimal::ZERO, gross: Decimal::ZERO };

    /// Net and tax, and their sum.
    #[must_use]
    pub fn of(net: Decimal, tax: Decimal) -> Self {
        Self { net, tax, gross: net + tax }
    }
}

/// The value of the part that brings the units of a line worth `whole` to `upto` of `qty`, of which
/// `before` was valued: tax and the amount that the price mode keeps exact are parts, the third
/// amount follows.
///
/// # Errors
/// As [`part`].
pub fn part_of_line(
    whole: LineValue,
    mode: PriceMode,
    qty: Decimal,
    upto: Decimal,
    before: LineValue,
    digits: u32,
) -> Result<LineValue, Problem> {
    let tax = part(whole.tax, upto, qty, before.tax, digits)?;
    Ok(match mode {
        PriceMode::TaxExcl => {
            let net = part(whole.net, upto, qty, before.net, digits)?;
            LineValue::of(net, tax)
        }
        PriceMode::TaxIncl => {
            let gross = part(whole.gross, upto, qty, before.gross, digits)?;
            LineValue { net: gross - tax, tax, gross }
        }
    })
}

/// A unit price of one tax mode in another, rounded to minor digits when it changes.
///
/// # Errors
/// `amount-too-large` or `bad-decimal`, as [`compute`].
pub fn convert_price(
    price: Decimal,
    tax_rate: Decimal,
    from: PriceMode,
    to: PriceMode,
    digits: u32,
) -> Result<Decimal, Problem> {
    if from == to {
        return Ok(price);
    }
    let price = product(&[micros(price)?, power_of_ten(digits)?])?;
    let taxed = taxed_whole(tax_rate)?;
    let (times, by) = match to {
        PriceMode::TaxIncl => (taxed, WHOLE),
        PriceMode::TaxExcl => (WHOLE, taxed),
    };
    let converted = divide(product(&[price, times])?, product(&[MICRO, by])?)?;
    Ok(decimal(converted, digits))
}

/// What tax is computed on: a line after its share of the discount, or shipping.
struct Charge {
    amount: i128,
    share: i128,
    x: i128,
    rate: Decimal,
}

impl Charge {
    fn new(amount: i128, share: i128, rate: Decimal) -> Result<Self, Problem> {
        Ok(Self { amount, share, x: sum([amount, -share])?, rate: rate.normalize() })
    }
}

/// Net and tax of a charge, and both in base currency.
struct Taxed {
    net: i128,
    tax: i128,
    base_net: i128,
    base_tax: i128,
}

/// What the first `cumulative` units of a whole are worth.
fn value_up_to(value: i128, cumulative: Decimal, qty: Decimal) -> Result<i128, Problem> {
    let units = micros(qty)?;
    if units <= 0 {
        return Err(Problem::invalid("bad-value").arg("value", qty));
    }
    divide(product(&[value, micros(cumulative)?])?, units)
}

fn line_amount(line: &LineIn, digits: u32) -> Result<i128, Problem> {
    let kept = sum([WHOLE, -micros(line.discount_pct.unwrap_or_default())?])?;
    let off = micros(line.discount_amt.unwrap_or_default())?;
    let discounted = product(&[micros(line.qty)?, micros(line.price)?, kept])?;
    let off = product(&[off, MICRO, WHOLE])?;
    let exact = discounted.checked_sub(off).ok_or_else(too_large)?;
    to_minor_units(exact, MICRO * MICRO * WHOLE, digits)
}

fn document_discount(document: &DocumentIn, subtotal: i128) -> Result<i128, Problem> {
    match document.discount {
        None => Ok(0),
        Some(Discount::Percent(percent)) => divide(product(&[subtotal, micros(percent)?])?, WHOLE),
        Some(Discount::Amount(amount)) => minor(amount, document.digits),
    }
}

/// The lines in their order, then shipping.
fn charges(document: &DocumentIn, amounts: &[i128], shares: &[i128]) -> Result<Vec<Charge>, Problem> {
    let lines = document.lines.iter().zip(amounts.iter().zip(shares));
    let mut charges = lines
        .map(|(line, (amount, share))| Charge::new(*amount, *share, line.tax_rate))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(shipping) = document.shipping {
        let amount = minor(shipping.amount, document.digits)?;
        charges.push(Charge::new(amount, 0, shipping.tax_rate)?);
    }
    Ok(charges)
}

/// Spreads a total over weights in their order, each share the difference of rounded cumulative
/// shares. Weights that sum to zero cannot carry a share.
fn spread(total: i128, weights: &[i128]) -> Result<Vec<i128>, Problem> {
    let whole = sum(weights.iter().copied())?;
    if whole == 0 {
        return Ok(vec![0; weights.len()]);
    }
    let (mut cumulative, mut spent) = (0, 0);
    let mut shares = Vec::with_capacity(weights.len());
    for weight in weights {
        cumulative += weight;
        let upto = divide(product(&[total, cumulative])? * whole.signum(), whole.abs())?;
        shares.push(upto - spent);
        spent = upto;
    }
    Ok(shares)
}

fn tax(charges: &[Charge], document: &DocumentIn) -> Result<Vec<Taxed>, Problem> {
    let taxes = match document.rounding {
        Rounding::Line => charges
            .iter()
            .map(|charge| tax_on(charge.x, charge.rate, document.price_mode))
            .collect::<Result<Vec<_>, _>>()?,
        Rounding::Document => tax_by_document(charges, document.price_mode)?,
    };
    charges
        .iter()
        .zip(taxes)
        .map(|(charge, tax)| {
            let net = match document.price_mode {
                PriceMode::TaxExcl => charge.x,
                PriceMode::TaxIncl => sum([charge.x, -tax])?,
            };
            Ok(Taxed { net, tax, base_net: to_base(net, document)?, base_tax: to_base(tax, document)? })
        })
        .collect()
}

/// Tax rounded once per rate and spread over the charges of that rate.
fn tax_by_document(charges: &[Charge], mode: PriceMode) -> Result<Vec<i128>, Problem> {
    let mut by_rate: BTreeMap<Decimal, Vec<usize>> = BTreeMap::new();
    for (index, charge) in charges.iter().enumerate() {
        by_rate.entry(charge.rate).or_default().push(index);
    }
    let mut taxes = vec![0; charges.len()];
    for (rate, members) in by_rate {
        let weights: Vec<i128> = members.iter().map(|index| charges[*index].x).collect();
        let total = tax_on(sum(weights.iter().copied())?, rate, mode)?;
        for (index, share) in members.into_iter().zip(spread(total, &weights)?) {
            taxes[index] = share;
        }
    }
    Ok(taxes)
}

fn tax_on(x: i128, rate: Decimal, mode: PriceMode) -> Result<i128, Problem> {
    match mode {
        PriceMode::TaxExcl => divide(product(&[x, micros(rate)?])?, WHOLE),
        PriceMode::TaxIncl => {
            let net = divide(product(&[x, WHOLE])?, taxed_whole(rate)?)?;
            sum([x, -net])
        }
    }
}

/// A hundred percent and the tax on it; above zero for every rate that makes sense.
fn taxed_whole(rate: Decimal) -> Result<i128, Problem> {
    let whole = sum([WHOLE, micros(rate)?])?;
    if whole > 0 { Ok(whole) } else { Err(too_large()) }
}

fn to_base(amount: i128, document: &DocumentIn) -> Result<i128, Problem> {
    let rated = product(&[amount, micros(document.fx_rate)?])?;
    let scale = product(&[MICRO, power_of_ten(document.digits)?])?;
    to_minor_units(rated, scale, document.base_digits)
}

/// A number given as a multiple of `1 / scale`, rounded to minor units.
fn to_minor_units(exact: i128, scale: i128, digits: u32) -> Result<i128, Problem> {
    let units = power_of_ten(digits)?;
    if scale % units == 0 { divide(exact, scale / units) } else { divide(product(&[exact, units])?, scale) }
}

fn line_out(
    line: &LineIn,
    document: &DocumentIn,
    charge: &Charge,
    taxed: &Taxed,
) -> Result<LineOut, Problem> {
    let money = |units| decimal(units, document.digits);
    let base = |units| decimal(units, document.base_digits);
    let cost = line.cost.map(|cost| cost_of(line.qty, cost, document.base_digits));
    let cost = cost.transpose()?;
    let margin = cost.map(|cost| sum([taxed.base_net, -cost])).transpose()?;
    Ok(LineOut {
        amount: money(charge.amount),
        share: money(charge.share),
        net: money(taxed.net),
        tax: money(taxed.tax),
        gross: money(sum([taxed.net, taxed.tax])?),
        base_net: base(taxed.base_net),
        base_tax: base(taxed.base_tax),
        cost_total: cost.map(base),
        margin: margin.map(base),
        effective_discount: effective_discount(line, charge.x, document.digits)?,
    })
}

fn cost_of(qty: Decimal, cost: Decimal, base_digits: u32) -> Result<i128, Problem> {
    let exact = product(&[micros(qty)?, micros(cost)?])?;
    to_minor_units(exact, MICRO * MICRO, base_digits)
}

fn shipping_out(taxed: &Taxed, document: &DocumentIn) -> Result<ShippingOut, Problem> {
    let money = |units| decimal(units, document.digits);
    let base = |units| decimal(units, document.base_digits);
    Ok(ShippingOut {
        net: money(taxed.net),
        tax: money(taxed.tax),
        gross: money(sum([taxed.net, taxed.tax])?),
        base_net: base(taxed.base_net),
        base_tax: base(taxed.base_tax),
    })
}

/// How far the line is below its list price, in percent to 2 decimals.
fn effective_discount(line: &LineIn, x: i128, digits: u32) -> Result<Option<Decimal>, Problem> {
    let list = match line.list_price {
        Some(list) => product(&[micros(line.qty)?, micros(list)?])?,
        None => 0,
    };
    if list <= 0 {
        return Ok(None);
    }
    let scale = power_of_ten(digits)?;
    let listed = product(&[list, scale])?;
    let charged = product(&[x, MICRO, MICRO])?;
    let below = listed.checked_sub(charged).ok_or_else(too_large)?;
    divide(product(&[below, 10_000])?, listed).map(|percent| Some(decimal(percent, 2)))
}

fn rate_totals(charges: &[Charge], taxed: &[Taxed], digits: u32) -> BTreeMap<Decimal, RateTotal> {
    let mut totals = BTreeMap::new();
    for (charge, taxed) in charges.iter().zip(taxed) {
        let zero = decimal(0, digits);
        let total = totals.entry(charge.rate).or_insert(RateTotal { net: zero, tax: zero });
        total.net += decimal(taxed.net, digits);
        total.tax += decimal(taxed.tax, digits);
    }
    totals
}

/// The margin over the lines whose cost is known, beside the net it is and is not about.
struct Margin {
    total: Option<Decimal>,
    costed_net: Decimal,
    uncosted_net: Decimal,
}

impl Margin {
    fn of(lines: &[LineOut], base_digits: u32) -> Self {
        let mut of =
            Self { total: None, costed_net: decimal(0, base_digits), uncosted_net: decimal(0, base_digits) };
        for line in lines {
            if let Some(margin) = line.margin {
                of.total = Some(of.total.unwrap_or_default() + margin);
                of.costed_net += line.base_net;
            } else {
                of.uncosted_net += line.base_net;
            }
        }
        of
    }

    fn percent(&self) -> Option<Decimal> {
        let hundredfold = self.total? * Decimal::ONE_HUNDRED;
        let percent = hundredfold.checked_div(self.costed_net)?;
        Some(round_half_up(percent, 2))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::value::parse_decimal;

    fn dec(text: &str) -> Decimal {
        parse_decimal(text).expect("a number")
    }

    fn decs(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| dec(text)).collect()
    }

    /// A line at 13 %, with its price as list price.
    fn line(qty: &str, price: &str) -> LineIn {
        LineIn {
            qty: dec(qty),
            price: dec(price),
            list_price: Some(dec(price)),
            discount_pct: None,
            discount_amt: None,
            tax_rate: dec("13"),
            cost: None,
        }
    }

    /// A document in CNY, tax on top and rounded by line.
    fn document(lines: Vec<LineIn>) -> DocumentIn {
        DocumentIn {
            lines,
            discount: None,
            shipping: None,
            price_mode: PriceMode::TaxExcl,
            rounding: Rounding::Line,
            digits: 2,
            base_digits: 2,
            fx_rate: Decimal::ONE,
        }
    }

    fn off(amount: &str) -> Discount {
        Discount::Amount(dec(amount))
    }

    fn percent_off(percent: &str) -> Discount {
        Discount::Percent(dec(percent))
    }

    fn computed(document: &DocumentIn) -> DocumentOut {
        compute(document).expect("amounts in range")
    }

    fn column(out: &DocumentOut, of: fn(&LineOut) -> Decimal) -> Vec<Decimal> {
        out.lines.iter().map(of).collect()
    }

    fn check_totals(out: &DocumentOut, net: &str, tax: &str, total: &str) {
        assert_eq!((out.net_total, out.tax_total), (dec(net), dec(tax)));
        assert_eq!(out.total, dec(total));
    }

    #[test]
    fn m1_a_percentage_is_taken_off_the_line() {
        let document = document(vec![LineIn { discount_pct: Some(dec("3")), ..line("2", "209800.00") }]);
        let out = computed(&document);
        check_totals(&out, "407012.00", "52911.56", "459923.56");
        assert_eq!(out.effective_discount, Some(dec("3")));
    }

    #[test]
    fn m2_the_percentage_comes_before_the_amount() {
        let document = document(vec![LineIn {
            discount_pct: Some(dec("15")),
            discount_amt: Some(dec("1.00")),
            ..line("3", "19.99")
        }]);
        check_totals(&computed(&document), "49.97", "6.50", "56.47");
    }

    #[test]
    fn m3_shares_of_a_discount_add_up_to_it() {
        let document = DocumentIn { discount: Some(off("10.00")), ..document(vec![line("1", "10.00"); 3]) };
        let out = computed(&document);
        assert_eq!(column(&out, |line| line.share), decs(&["3.33", "3.34", "3.33"]));
        assert_eq!(column(&out, |line| line.net), decs(&["6.67", "6.66", "6.67"]));
        assert_eq!(column(&out, |line| line.tax), decs(&["0.87", "0.87", "0.87"]));
        assert_eq!(out.total, dec("22.61"));
    }

    #[test]
    fn m4_a_percentage_off_the_document_is_spread_by_amount() {
        let lines = vec![line("1", "99.99"), line("2", "33.33"), line("1", "0.01")];
        let document = DocumentIn { discount: Some(percent_off("7.5")), ..document(lines) };
        let out = computed(&document);
        assert_eq!((out.subtotal, out.discount), (dec("166.66"), dec("12.50")));
        assert_eq!(column(&out, |line| line.share), decs(&["7.50", "5.00", "0.00"]));
        assert_eq!(column(&out, |line| line.net), decs(&["92.49", "61.66", "0.01"]));
        assert_eq!(column(&out, |line| line.tax), decs(&["12.02", "8.02", "0.00"]));
        assert_eq!(out.total, dec("174.20"));
        assert_eq!(out.effective_discount, Some(dec("7.50")));
    }

    #[test]
    fn m5_no_share_exceeds_a_small_last_line() {
        let mut lines = vec![line("1", "1.00"); 4];
        lines.push(line("1", "0.01"));
        let document = DocumentIn { discount: Some(off("0.02")), ..document(lines) };
        let shares = column(&computed(&document), |line| line.share);
        assert_eq!(shares, decs(&["0.00", "0.01", "0.00", "0.01", "0.00"]));
    }

    #[test]
    fn m6_tax_is_rounded_by_line_or_by_document() {
        let by_line = document(vec![line("1", "0.35"); 3]);
        let out = computed(&by_line);
        assert_eq!(column(&out, |line| line.tax), decs(&["0.05", "0.05", "0.05"]));
        assert_eq!(out.total, dec("1.20"));
        let out = computed(&DocumentIn { rounding: Rounding::Document, ..by_line });
        assert_eq!(column(&out, |line| line.tax), decs(&["0.05", "0.04", "0.05"]));
        assert_eq!(out.total, dec("1.19"));
    }

    #[test]
    fn m7_rounding_by_document_can_be_more_than_by_line() {
        let six = LineIn { tax_rate: dec("6"), ..line("1", "10.04") };
        let by_line = document(vec![six; 3]);
        check_totals(&computed(&by_line), "30.12", "1.80", "31.92");
        let by_document = DocumentIn { rounding: Rounding::Document, ..by_line };
        check_totals(&computed(&by_document), "30.12", "1.81", "31.93");
    }

    #[test]
    fn m8_an_inclusive_price_is_kept_exactly() {
        let document = DocumentIn { price_mode: PriceMode::TaxIncl, ..document(vec![line("1", "100.00")]) };
        check_totals(&computed(&document), "88.50", "11.50", "100.00");
    }

    #[test]
    fn m9_inclusive_tax_is_rounded_by_line_or_by_document() {
        let by_line = DocumentIn { price_mode: PriceMode::TaxIncl, ..document(vec![line("3", "9.99"); 3]) };
        check_totals(&computed(&by_line), "79.56", "10.35", "89.91");
        let out = computed(&DocumentIn { rounding: Rounding::Document, ..by_line });
        check_totals(&out, "79.57", "10.34", "89.91");
        assert_eq!(column(&out, |line| line.tax), decs(&["3.45", "3.44", "3.45"]));
    }

    #[test]
    fn m10_each_rate_and_shipping_are_taxed_apart() {
        let six = LineIn { tax_rate: dec("6.0"), ..line("1", "500.00") };
        let document = DocumentIn {
            discount: Some(percent_off("10")),
            shipping: Some(ShippingIn { amount: dec("50.00"), tax_rate: dec("9") }),
            ..document(vec![line("2", "1000.00"), six])
        };
        let out = computed(&document);
        assert_eq!(column(&out, |line| line.share), decs(&["200.00", "50.00"]));
        assert_eq!(column(&out, |line| line.net), decs(&["1800.00", "450.00"]));
        check_totals(&out, "2300.00", "265.50", "2565.50");
        let shipping = out.shipping.expect("shipping is charged");
        assert_eq!((shipping.net, shipping.tax), (dec("50.00"), dec("4.50")));
        assert_eq!(shipping.gross, dec("54.50"));
        let by_rate: Vec<_> = out.tax_by_rate.into_iter().map(|(rate, t)| (rate, t.tax)).collect();
        let expected = [("6", "27.00"), ("9", "4.50"), ("13", "234.00")];
        assert_eq!(by_rate, expected.map(|(rate, tax)| (dec(rate), dec(tax))));
    }

    #[test]
    fn m11_a_currency_without_minor_unit_has_whole_amounts() {
        let yen = LineIn { discount_pct: Some(dec("5")), tax_rate: dec("10"), ..line("3", "333") };
        let out = computed(&DocumentIn { digits: 0, ..document(vec![yen]) });
        check_totals(&out, "949", "95", "1044");
        assert_eq!(out.total.to_string(), "1044");
    }

    #[test]
    fn m12_the_base_total_is_the_sum_of_converted_lines() {
        let lines = vec![line("1", "33.33"), line("1", "33.33"), line("1", "33.34")];
        let out = computed(&DocumentIn { fx_rate: dec("7.1000"), ..document(lines) });
        let base = decs(&["236.64", "236.64", "236.71"]);
        assert_eq!(column(&out, |line| line.base_net), base);
        assert_eq!(out.base_net_total, dec("709.99"));
    }

    #[test]
    fn margin_counts_only_lines_whose_cost_is_known() {
        let costed = LineIn { cost: Some(dec("70.005")), ..line("1", "100.00") };
        let document = DocumentIn {
            shipping: Some(ShippingIn { amount: dec("10"), tax_rate: dec("13") }),
            ..document(vec![costed, line("1", "50.00")])
        };
        let out = computed(&document);
        assert_eq!(out.lines[0].cost_total, Some(dec("70.01")));
        assert_eq!(out.lines[1].margin, None);
        assert_eq!((out.margin, out.margin_pct), (Some(dec("29.99")), Some(dec("29.99"))));
        assert_eq!((out.costed_net, out.uncosted_net), (dec("100.00"), dec("50.00")));
    }

    #[test]
    fn the_greatest_discount_of_a_line_is_that_of_the_document() {
        let listed = LineIn { list_price: Some(dec("233500.00")), ..line("5", "226560.00") };
        let free = LineIn { list_price: Some(Decimal::ZERO), ..line("1", "10") };
        let unlisted = LineIn { list_price: None, ..line("1", "1") };
        let mut document = document(vec![listed, free, unlisted]);
        document.price_mode = PriceMode::TaxIncl;
        document.lines.truncate(1);
        let out = computed(&document);
        check_totals(&out, "1002477.88", "130322.12", "1132800.00");
        assert_eq!(out.effective_discount, Some(dec("2.97")));
        document.lines[0].list_price = None;
        assert_eq!(computed(&document).effective_discount, None);
    }

    #[test]
    fn an_empty_document_is_worth_nothing() {
        let out = computed(&document(Vec::new()));
        check_totals(&out, "0", "0", "0");
        assert_eq!((out.margin, out.effective_discount), (None, None));
    }

    #[test]
    fn a_discount_above_the_subtotal_shows_and_is_left_to_the_rules() {
        let document = DocumentIn { discount: Some(off("5.00")), ..document(vec![line("1", "1.00")]) };
        let out = computed(&document);
        assert_eq!((out.subtotal, out.discount, out.net_total), (dec("1"), dec("5"), dec("-4")));
    }

    #[test]
    fn absurd_numbers_are_a_problem() {
        let huge = "1000000000000000000000000000";
        let mut documents = vec![document(vec![line(huge, huge)]), document(vec![line("1", huge)])];
        documents.push(DocumentIn { discount: Some(off(huge)), ..document(vec![line("1", "1")]) });
        documents.push(DocumentIn { fx_rate: dec(huge), ..document(vec![line("1", "1")]) });
        documents.push(document(vec![LineIn { cost: Some(dec(huge)), ..line("2", "1") }]));
        documents.push(document(vec![LineIn { tax_rate: dec(huge), ..line("1", "1") }]));
        documents.push(document(vec![LineIn { discount_pct: Some(dec(huge)), ..line("1", "1") }]));
        documents.push(document(vec![line("1", "90000000000000000"); 2]));
        for document in documents {
            let id = compute(&document).map_err(|problem| problem.id);
            assert_eq!(id, Err("amount-too-large"), "{document:?}");
        }
        let id = part(dec(huge), dec("1"), dec("1"), dec("0"), 2).map_err(|problem| problem.id);
        assert_eq!(id, Err("amount-too-large"));
    }

    #[test]
    fn parts_are_differences_of_cumulative_shares() {
        let value = |whole: &str, from: &str, to: &str| {
            part_value(dec(whole), dec("3"), dec(from), dec(to), 2).expect("in range")
        };
        let singly = |whole| [value(whole, "0", "1"), value(whole, "1", "2"), value(whole, "2", "3")];
        assert_eq!(singly("100.00").to_vec(), decs(&["33.33", "33.34", "33.33"]));
        assert_eq!(singly("13.00").to_vec(), decs(&["4.33", "4.34", "4.33"]));
        assert_eq!(
            [value("100.00", "0", "2"), value("100.00", "2", "3")].to_vec(),
            decs(&["66.67", "33.33"])
        );
        let third = part(dec("100.00"), dec("3"), dec("3"), dec("66.67"), 2);
        assert_eq!(third, Ok(dec("33.33")));
        assert!(part(dec("100.00"), dec("0"), dec("0"), dec("0"), 2).is_err());
    }

    #[test]
    fn the_price_mode_says_which_amount_of_a_part_follows() {
        let whole = LineValue { net: dec("88.50"), tax: dec("11.50"), gross: dec("100.00") };
        let first =
            |mode| part_of_line(whole, mode, dec("3"), dec("1"), LineValue::ZERO, 2).expect("in range");
        let excl = first(PriceMode::TaxExcl);
        assert_eq!([excl.net, excl.tax, excl.gross].to_vec(), decs(&["29.50", "3.83", "33.33"]));
        let incl = first(PriceMode::TaxIncl);
        assert_eq!([incl.net, incl.tax, incl.gross].to_vec(), decs(&["29.50", "3.83", "33.33"]));
    }

    #[test]
    fn a_price_changes_its_tax_mode_rounded_to_minor_digits() {
        let convert = |price, from, to| convert_price(dec(price), dec("13"), from, to, 2).expect("in range");
        let (excl, incl) = (PriceMode::TaxExcl, PriceMode::TaxIncl);
        assert_eq!(convert("100", excl, incl), dec("113.00"));
        assert_eq!(convert("100", incl, excl), dec("88.50"));
        assert_eq!(convert("0.123456", excl, excl), dec("0.123456"));
    }

    fn any_document() -> impl Strategy<Value = DocumentIn> {
        let line = (1_i64..5_000_000, 0_i64..900_000_000, 0_i64..=100, 0_usize..4);
        let lines = proptest::collection::vec(line, 1..9);
        (lines, 0_i64..=10_000, any::<bool>(), any::<bool>(), 0_u32..4).prop_map(
            |(lines, percent, inclusive, by_line, digits)| DocumentIn {
                lines: lines
                    .into_iter()
                    .map(|(qty, price, percent, rate)| LineIn {
                        qty: Decimal::new(qty, 3),
                        price: Decimal::new(price, 4),
                        list_price: None,
                        discount_pct: Some(Decimal::from(percent)),
                        discount_amt: None,
                        tax_rate: Decimal::from([0, 6, 9, 13][rate]),
                        cost: None,
                    })
                    .collect(),
                discount: Some(Discount::Percent(Decimal::new(percent, 2))),
                shipping: Some(ShippingIn { amount: dec("9.9"), tax_rate: dec("9") }),
                price_mode: if inclusive { PriceMode::TaxIncl } else { PriceMode::TaxExcl },
                rounding: if by_line { Rounding::Line } else { Rounding::Document },
                digits,
                base_digits: 2,
                fx_rate: dec("7.1234"),
            },
        )
    }

    fn total_of(out: &DocumentOut, of: fn(&LineOut) -> Decimal) -> Decimal {
        out.lines.iter().map(of).sum()
    }

    proptest! {
        #[test]
        fn amounts_of_any_document_add_up(document in any_document()) {
            let out = computed(&document);
            prop_assert_eq!(total_of(&out, |line| line.share), out.discount);
            for line in &out.lines {
                prop_assert!(line.share <= line.amount, "share above its line");
                prop_assert!(line.share >= Decimal::ZERO, "share below zero");
                prop_assert_eq!(line.net + line.tax, line.gross);
            }
            let shipping = out.shipping.expect("shipping is charged");
            prop_assert_eq!(out.total, out.net_total + out.tax_total);
            prop_assert_eq!(total_of(&out, |line| line.net) + shipping.net, out.net_total);
            prop_assert_eq!(total_of(&out, |line| line.tax) + shipping.tax, out.tax_total);
            prop_assert_eq!(total_of(&out, |line| line.base_net) + shipping.base_net, out.base_net_total);
            let tax: Decimal = out.tax_by_rate.values().map(|rate| rate.tax).sum();
            prop_assert_eq!(tax, out.tax_total);
            if document.price_mode == PriceMode::TaxIncl {
                prop_assert_eq!(out.total, out.subtotal - out.discount + shipping.gross);
            } else {
                prop_assert_eq!(out.net_total, out.subtotal - out.discount + shipping.net);
            }
        }

        /// Shares are spread in the order of lines, so with a discount the tax may move between them
        /// by a minor unit; what the customer is told of the price does not.
        #[test]
        fn the_order_of_lines_does_not_change_what_they_come_to(document in any_document(), turn in 0_usize..9) {
            let mut turned = document.clone();
            let places = turned.lines.len();
            turned.lines.rotate_left(turn % places);
            let (out, other) = (computed(&document), computed(&turned));
            prop_assert_eq!((out.subtotal, out.discount), (other.subtotal, other.discount));
            match document.price_mode {
                PriceMode::TaxExcl => prop_assert_eq!(out.net_total, other.net_total),
                PriceMode::TaxIncl => prop_assert_eq!(out.total, other.total),
            }
            let (document, turned) =
                (DocumentIn { discount: None, ..document }, DocumentIn { discount: None, ..turned });
            let (out, other) = (computed(&document), computed(&turned));
            prop_assert_eq!(out.tax_by_rate, other.tax_by_rate);
            prop_assert_eq!((out.net_total, out.total), (other.net_total, other.total));
        }

        #[test]
        fn parts_of_any_split_add_up(
            whole in -1_000_000_000_i64..1_000_000_000,
            steps in proptest::collection::vec(1_i64..1_000_000, 1..12),
        ) {
            let whole = Decimal::new(whole, 2);
            let qty = Decimal::new(steps.iter().sum(), 3);
            let (mut upto, mut valued) = (Decimal::ZERO, Decimal::ZERO);
            for step in steps {
                let from = upto;
                upto += Decimal::new(step, 3);
                let value = part(whole, upto, qty, valued, 2).expect("in range");
                prop_assert_eq!(part_value(whole, qty, from, upto, 2), Ok(value));
                valued += value;
            }
            prop_assert_eq!(valued, whole);
        }
    }
}
