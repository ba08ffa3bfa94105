//! What a customer may want to buy.

use clap::{Arg, ArgMatches, Command};
use rust_decimal::Decimal;

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::one;
use super::super::super::resolve::candidates;
use super::super::Action;
use super::{Verb, verb};
use crate::draft::recommend::{Known, Offer, Pair, Pick, Reason, Wanted, recommend};
use crate::mirror::{Mirror, SqlCell};
use crate::model::document::{PriceMode, convert_price};
use crate::model::record::{CodeList, Kind};
use crate::model::totals::price_mode;
use crate::model::value::minor_digits;
use crate::model::{Class, Problem};
use crate::query::{Bucket, Period};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

pub(super) const VERBS: &[Verb] = &[verb!("product", "recommend", recommend_args, recommend_products)];

fn recommend_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let text = |id: &str| words.text(id);
    command
        .arg(place("id", "CUSTOMER", words).help(text("help-arg-recommend-customer")))
        .arg(Arg::new("with").long("with").value_name("SKU").help(text("help-flag-recommend-with")))
        .arg(Arg::new("min-count").long("min-count").value_name("N").help(text("help-flag-min-count")))
        .arg(option("limit", "N", words))
        .arg(option("fields", "FIELD,…", words))
        .arg(option("at", "REV|DATE", words))
}

/// Least number of common orders unless given.
const MIN_COUNT: i64 = 3;

fn recommend_products<'a>(
    context: &'a Context,
    _: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| context.store().and_then(|s| s.mirror_at(commit, context))).transpose()?;
    let present = if past.is_none() { Some(context.mirror()?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(Action::Done(Exit::Ok)) };
    let number = |flag: &str| -> Result<Option<i64>, Problem> {
        one(matches, flag)
            .map(|text| text.parse().map_err(|_| Problem::usage("bad-int").arg("value", text).field(flag)))
            .transpose()
    };
    let customer = one(matches, "id").map(|text| named(context, mirror, "customer", &text)).transpose()?;
    let with = one(matches, "with").map(|text| named(context, mirror, "product", &text)).transpose()?;
    if customer.is_none() && with.is_none() {
        return Err(Problem::usage("missing-argument")
            .arg("noun", "product recommend")
            .arg("value", "CUSTOMER")
            .into());
    }
    let ask = Ask { context, mirror };
    let mut known = Known { min_count: number("min-count")?.unwrap_or(MIN_COUNT), ..Known::default() };
    let prices = ask.products(&mut known)?;
    let mut group = String::new();
    if let Some(customer) = &customer {
        ask.bought(&mut known, customer)?;
        if with.is_none() {
            ask.wanted(&mut known, customer)?;
            group = ask.popular(&mut known, customer)?;
        }
    }
    let origins: Vec<String> = with.map_or_else(|| known.bought.keys().cloned().collect(), |sku| vec![sku]);
    ask.pairs(&mut known, &origins)?;
    let mut picks = recommend(&known);
    if let Some(limit) = number("limit")? {
        picks.truncate(usize::try_from(limit).unwrap_or(0));
    }
    let table = ask.table(&known, &prices, &picks, &group)?;
    super::super::list::print_chosen(context, table, matches)?;
    Ok(Action::Done(Exit::Ok))
}

/// The id of the one record that a text names.
fn named(context: &Context, mirror: &Mirror, noun: &str, text: &str) -> Result<String, Failure> {
    let found = candidates(context, mirror, &[noun], text)?;
    match found.as_slice() {
        [(_, id, _)] => Ok(mirror.survivor(noun, id)?),
        [] => {
            Err(Problem::new(Class::NotFound, "no-such-record").arg("noun", noun).arg("value", text).into())
        }
        many => Err(Problem::new(Class::Ambiguous, "ambiguous-record")
            .arg("noun", noun)
            .arg("value", text)
            .arg("count", many.len())
            .candidates(many.iter().take(8).map(|(_, id, title)| format!("{id} {title}")))
            .into()),
    }
}

/// What a product is called and costs, in the order of the SKUs.
type Prices = std::collections::BTreeMap<String, (String, Option<Decimal>, String)>;

/// The questions to the read model.
struct Ask<'a> {
    context: &'a Context,
    mirror: &'a Mirror,
}

impl Ask<'_> {
    fn rows(&self, sql: &str, params: &[(&str, SqlCell)]) -> Result<Vec<Vec<SqlCell>>, Failure> {
        Ok(self.mirror.query_named(sql, params)?.rows)
    }

    /// Every product with what is free of it; those that are not sold tell categories.
    fn products(&self, known: &mut Known) -> Result<Prices, Failure> {
        let sql = "select p.id, p.name, p.status, p.category, p.price, p.currency, p.price_includes_tax, p.tax_rate,
              p.archived, a.available, a.product is not null
            from products p left join stock_available a on a.product = p.id order by p.id";
        let mut prices = Prices::new();
        for row in self.rows(sql, &[])? {
            let text = |at: usize| row[at].as_text().unwrap_or_default().to_owned();
            let price = decimal(&row[4]);
            let currency = text(5);
            let tracked = row[10].as_int() == Some(1);
            let offer = Offer {
                active: row[2].as_text() == Some("active") && row[8].as_int() != Some(1),
                available: tracked.then(|| decimal(&row[9]).unwrap_or_default()),
                category: row[3].as_text().map(str::to_owned),
                worth: price.and_then(|price| self.worth(price, &currency, &row[6], &row[7])),
            };
            known.offers.insert(text(0), offer);
            prices.insert(text(0), (text(1), price, currency));
        }
        Ok(prices)
    }

    /// A list price in base currency without tax.
    fn worth(&self, price: Decimal, currency: &str, inclusive: &SqlCell, rate: &SqlCell) -> Option<Decimal> {
        let settings = &self.context.schema.settings;
        let mode = match inclusive.as_int() {
            Some(1) => PriceMode::TaxIncl,
            Some(_) => PriceMode::TaxExcl,
            None => price_mode(settings.get("tax.price_mode")),
        };
        let digits = minor_digits(currency).unwrap_or_else(|| settings.digits());
        let net =
            convert_price(price, decimal(rate).unwrap_or_default(), mode, PriceMode::TaxExcl, digits).ok()?;
        if currency == settings.currency() {
            return Some(net);
        }
        let rate = settings.rate(currency, &self.context.today.to_string())?;
        net.checked_mul(rate.parse().ok()?)
    }

    fn bought(&self, known: &mut Known, customer: &str) -> Result<(), Failure> {
        let sql = "select product, date, category, net, qty from sale_line
            where basis = 'order' and not returned and product is not null and document in (
              select o.id from orders o where o.customer = :customer
                or o.customer in (select s.id from survivors s where s.survivor = :customer and s.kind = 'customer'))";
        let digits = self.context.schema.settings.digits();
        for row in self.rows(sql, &[(":customer", SqlCell::text(customer))])? {
            let (Some(sku), Some(Ok(day))) = (row[0].as_text(), row[1].as_text().map(str::parse)) else {
                continue;
            };
            let last = known.bought.entry(sku.to_owned()).or_insert(day);
            *last = day.max(*last);
            let net = row[3].as_int().map(|minor| crate::model::value::from_minor(minor, digits));
            let unit = net.zip(decimal(&row[4])).and_then(|(net, qty)| net.checked_div(qty));
            known.paid.extend(row[2].as_text().map(str::to_owned).zip(unit));
        }
        Ok(())
    }

    fn wanted(&self, known: &mut Known, customer: &str) -> Result<(), Failure> {
        let sql = "select i.product, i.qty, c.name, day(c.created_at) from customer_intents i join customers c on c.id = i.record
            where c.id = :customer
            union all
            select i.product, i.qty, coalesce(l.name, l.company, l.id), day(l.created_at)
            from lead_intents i join leads l on l.id = i.record
            where l.converted_customer = :customer and l.merged_into is null and l.archived is not 1";
        for row in self.rows(sql, &[(":customer", SqlCell::text(customer))])? {
            let text = |at: usize| row[at].as_text().unwrap_or_default().to_owned();
            let Ok(since) = text(3).parse() else { continue };
            known.wanted.push(Wanted { product: text(0), qty: decimal(&row[1]), record: text(2), since });
        }
        Ok(())
    }

    /// What goes with these products: orders of the last 12 full months and the running one.
    fn pairs(&self, known: &mut Known, origins: &[String]) -> Result<(), Failure> {
        if origins.is_empty() {
            return Ok(());
        }
        let sql = "with basket as materialized (
              select distinct \"order\" as id, product from sale_line
              where basis = 'order' and not returned and product is not null and qty > 0 and +date between :from and :to),
            single as materialized (select product, count(*) as n from basket group by product),
            pair as (
              select a.product as a, b.product as b, count(*) as n
              from basket a join basket b on b.id = a.id and b.product <> a.product
              where a.product in (select value from json_each(:origins)) group by 1, 2 having count(*) >= :least)
            select p.a, p.b, x.n, y.n, p.n, (select count(distinct id) from basket)
            from pair p join single x on x.product = p.a join single y on y.product = p.b order by 1, 2";
        let clock = self.context.clock();
        let span = Period::trailing(self.context.today, Bucket::Month, 12, &clock)?;
        let origins = serde_json::Value::from(origins.to_vec()).to_string();
        let params = [
            (":from", SqlCell::text(span.start.to_string())),
            (":to", SqlCell::text(span.end.to_string())),
            (":origins", SqlCell::Text(origins)),
            (":least", SqlCell::Int(known.min_count)),
        ];
        for row in self.rows(sql, &params)? {
            let text = |at: usize| row[at].as_text().unwrap_or_default().to_owned();
            let count = |at: usize| row[at].as_int().unwrap_or_default();
            known.pairs.push(Pair {
                with: text(0),
                product: text(1),
                n_with: count(2),
                n_product: count(3),
                n_both: count(4),
                baskets: count(5),
            });
        }
        Ok(())
    }

    /// What the like have bought in 12 months: customers of the same industry, persons of the same
    /// region. Gives what these are called; without industry or region nobody is alike.
    fn popular(&self, known: &mut Known, customer: &str) -> Result<String, Failure> {
        let sql = "select c.kind, c.industry, c.region, r.name from customers c left join regions r on r.id = c.region
            where c.id = :customer";
        let rows = self.rows(sql, &[(":customer", SqlCell::text(customer))])?;
        let Some(row) = rows.first() else { return Ok(String::new()) };
        let person = row[0].as_text() == Some("person");
        let Some(value) = row[if person { 2 } else { 1 }].as_text() else { return Ok(String::new()) };
        let alike = if person {
            "customer in (select id from customers where region = :value)"
        } else {
            "industry = :value"
        };
        let sql = format!(
            "select product, half_up(sum(qty), 6) from sale_line
             where basis = 'order' and product is not null and +date between :from and :to and {alike} group by product"
        );
        let today = self.context.today;
        let from =
            today.checked_sub_months(chrono::Months::new(12)).and_then(|day| day.succ_opt()).unwrap_or(today);
        let params = [
            (":from", SqlCell::text(from.to_string())),
            (":to", SqlCell::text(today.to_string())),
            (":value", SqlCell::text(value)),
        ];
        for row in self.rows(&sql, &params)? {
            known.popular.extend(row[0].as_text().map(str::to_owned).zip(decimal(&row[1])));
        }
        if person {
            return Ok(row[3].as_text().unwrap_or(value).to_owned());
        }
        let list = CodeList { name: "industry", codes: &[], extensible: true };
        Ok(self.context.locale.code(&self.context.schema, &list, value))
    }

    fn why(&self, reason: &Reason, group: &str) -> String {
        let text = |id: &str, args: &[(&str, &str)]| self.context.locale.text(id, args);
        match reason {
            Reason::Intent(wanted) => {
                let since = wanted.since.to_string();
                text("why-intent", &[("record", &wanted.record), ("on", &since)])
            }
            Reason::BoughtTogether(pair) => {
                let (both, of) = (pair.n_both.to_string(), pair.n_with.to_string());
                text("why-bought-together", &[("product", &pair.with), ("have", &both), ("most", &of)])
            }
            Reason::Popular(units) => {
                text("why-popular", &[("group", group), ("have", &units.normalize().to_string())])
            }
        }
    }

    fn table(&self, known: &Known, prices: &Prices, picks: &[Pick], group: &str) -> Result<Table, Failure> {
        let label = |name: &str| self.context.locale.general(name);
        let columns = [
            ("rank", ColumnType::Int),
            ("reason", ColumnType::Code),
            ("product", ColumnType::Id),
            ("name", ColumnType::Text),
            ("price", ColumnType::Price),
            ("currency", ColumnType::Text),
            ("available", ColumnType::Qty),
            ("confidence", ColumnType::Ratio),
            ("lift", ColumnType::Dec),
            ("units", ColumnType::Qty),
            ("why", ColumnType::Text),
        ];
        let columns = columns.map(|(name, ty)| {
            let audience = if name == "currency" { Audience::Data } else { Audience::All };
            Column::new(name, ty).labelled(label(name)).for_audience(audience)
        });
        let title = self.context.text("title-recommend", &[]);
        let mut table = Table { title, ..Table::new("recommendations", columns.to_vec()) };
        table.id_column = table.position("product");
        let number = |value: Option<Decimal>| value.map_or(Cell::Null, |value| Cell::Dec(value.normalize()));
        for (at, pick) in picks.iter().enumerate() {
            let code = pick.reason.code();
            let (name, price, currency) = prices.get(&pick.product).cloned().unwrap_or_default();
            let digits = minor_digits(&currency).unwrap_or_else(|| self.context.schema.settings.digits());
            let price = price.map(|mut price| {
                price.rescale(price.scale().max(digits));
                price
            });
            table.rows.push(vec![
                Cell::Int(i64::try_from(at + 1).unwrap_or(i64::MAX)),
                Cell::Code { code: code.to_owned(), label: self.context.locale.derived_code(code) },
                Cell::text(&pick.product),
                Cell::Text(name),
                price.map_or(Cell::Null, Cell::Dec),
                Cell::Text(currency),
                number(known.offers.get(&pick.product).and_then(|offer| offer.available)),
                number(pick.reason.confidence()),
                number(pick.reason.lift()),
                number(pick.reason.units()),
                Cell::Text(self.why(&pick.reason, group)),
            ]);
        }
        Ok(table)
    }
}

/// The decimal that a number of the read model stands for.
fn decimal(cell: &SqlCell) -> Option<Decimal> {
    match cell {
        SqlCell::Int(int) => Some(Decimal::from(*int)),
        SqlCell::Real(real) => format!("{real}").parse().ok(),
        SqlCell::Text(text) => text.parse().ok(),
        SqlCell::Null => None,
    }
}
