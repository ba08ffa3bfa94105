//! Customers: companies, persons and dealers that buy, may buy, or sell for us.

use super::campaign::Campaign;
use super::choices::{Industry, Level, PriceLevel, Size, Source};
use super::pool::Pool;
use super::product::Product;
use super::record::{Move, Rows, Set, TRAITS, Traits, is, setting, step};
use super::region::Region;
use super::scalars::{Country, Currency, Day, Email, Id, Money, Pct, Phone, Prose, Qty, Url};
use super::user::User;
use crate::model::record::ME;
use crate::{choice, record, row};

choice! {
    /// Company, person or dealer
    CustomerKind = "customer_kind" { Company = "company", Person = "person", Dealer = "dealer" }
}

choice! {
    /// Whether one may sell to the customer
    CustomerStatus = "customer_status" { Normal = "normal", Blocked = "blocked" }
}

choice! {
    /// A channel through which no marketing may come
    Channel = "opt_out" { Email = "email", Sms = "sms", Wechat = "wechat", Call = "call" }
}

choice! {
    /// What an address is for
    AddressUse = "address_use" { Billing = "billing", Shipping = "shipping", Site = "site" }
}

row! {
    /// One more address
    Address by "id" {
        /// What the address is for
        r#use: AddressUse,
        /// A name for it
        label: Option<String>,
        /// Country
        country: Option<Country>,
        /// Province or state
        province: Option<String>,
        /// City
        city: Option<String>,
        /// District
        district: Option<String>,
        /// Street and number
        street: Option<String>,
        /// Postal code
        postcode: Option<String>,
        /// Phone there
        phone: Option<Phone>,
    }
}

row! {
    /// A product somebody means to buy
    Intent by "id" {
        /// The product
        product: Id<Product>,
        /// How many
        qty: Option<Qty>,
        /// Remark
        note: Option<String>,
    }
}

const MOVES: &[Move] =
    &[step("block", &["normal"], "blocked").because(), step("unblock", &["blocked"], "normal").because()];

record! {
    /// A company or person that buys, may buy, or sells for us
    Customer, "customer", "customers", "cus", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        lookup: &["name", "short_name", "phone", "other_phones", "email", "other_emails", "tax_id"],
        ..TRAITS
    } => {
        identity {
            /// Company, person or dealer; a dealer sells on
            kind: CustomerKind = is("company"),
            /// Registered name, or the person's name
            name: String,
            /// Short name
            short_name: Option<String>,
        }
        phones {
            /// The main number
            phone: Option<Phone>,
            /// Further numbers
            other_phones: Set<Phone>,
        }
        mail {
            /// The main e-mail address
            email: Option<Email>,
            /// Further e-mail addresses
            other_emails: Set<Email>,
        }
        web {
            /// WeChat account
            wechat: Option<String>,
            /// Website
            website: Option<Url>,
        }
        address {
            /// Country
            country: Option<Country> = setting("company.country"),
            /// Province or state
            province: Option<String>,
            /// City
            city: Option<String>,
            /// District
            district: Option<String>,
            /// Street and number
            street: Option<String>,
            /// Postal code
            postcode: Option<String>,
        }
        territory {
            /// Sales territory; found from the address where it is empty
            region: Option<Id<Region>>,
        }
        class {
            /// Industry
            industry: Option<Industry>,
            /// Headcount band
            size: Option<Size>,
            /// A, B or C
            level: Option<Level>,
            /// Group head or upper dealer
            parent: Option<Id<Customer>>,
        }
        invoicing {
            /// Tax number
            tax_id: Option<String> [unique],
            /// Name on invoices, where it is not the customer's
            invoice_title: Option<String>,
        }
        origin {
            /// Where the customer came from
            source: Option<Source>,
            /// Campaign of the first touch
            campaign: Option<Id<Campaign>>,
        }
        owner {
            /// Who looks after the customer
            owner: Option<Id<User>> [tracked] = ME,
            /// Public pool it lies in
            pool: Option<Id<Pool>> [verb, tracked],
            /// Not recycled up to and including this day
            protected_until: Option<Day>,
        }
        state {
            /// Whether one may sell to the customer
            status: CustomerStatus [verb, tracked] = is("normal"),
        }
        terms {
            /// Credit limit; none where absent
            credit_limit: Option<Money>,
            /// Days from invoice to due date
            payment_days: Option<i64> = setting("company.payment_days"),
            /// Currency of new documents
            currency: Option<Currency> = setting("company.currency"),
            /// Price level
            price_level: Option<PriceLevel>,
            /// Commission of a dealer
            commission_pct: Option<Pct>,
        }
        person {
            /// Birthday
            birthday: Option<Day>,
        }
        consent {
            /// Channels through which no marketing may come
            opt_out: Set<Channel>,
        }
        needs {
            /// What they need and prefer
            needs: Option<Prose>,
        }
        links {
            /// Compared and found to be somebody else
            distinct_from: Set<Id<Customer>>,
            /// The customer this one was merged into
            merged_into: Option<Id<Customer>> [verb],
            /// Digest of what it held when it was merged
            merged_digest: Option<String> [verb],
        }
        rows {
            /// Further addresses
            addresses: Rows<Address>,
            /// What they mean to buy
            intents: Rows<Intent>,
        }
    }
}
