//! Headers that people use for our fields.
//!
//! Words are in the form of [`spelled`]. The first code of a word that the record type has is
//! meant, so a word may stand for different fields of different types; `line.` means the child
//! rows `lines`. Deliberately absent: labels of the locale, which are matched before these, and
//! words with two meanings in one type.

/// Headers and the fields that they may mean.
const SYNONYMS: &[(&[&str], &[&str])] = &[
    (
        &[
            "company",
            "company_name",
            "customer_name",
            "full_name",
            "fullname",
            "product_name",
            "display_name",
        ],
        &["name"],
    ),
    (
        &[
            "客户名称",
            "公司名称",
            "公司",
            "单位名称",
            "企业名称",
            "姓名",
            "名字",
            "产品名称",
            "商品名称",
            "品名",
        ],
        &["name"],
    ),
    (&["short", "abbreviation", "nickname", "简称", "客户简称"], &["short_name"]),
    (&["first_and_last_name", "contact_name", "contact_person", "联系人", "联系人姓名"], &["contact"]),
    (
        &[
            "tel",
            "mobile",
            "telephone",
            "phone_number",
            "mobile_phone",
            "cell",
            "cellphone",
            "home_phone",
            "phone_no",
        ],
        &["phone"],
    ),
    (&["电话", "手机", "手机号", "手机号码", "联系电话", "电话号码"], &["phone"]),
    (
        &["mail", "e_mail", "email_address", "e_mail_address", "邮箱", "电子邮件", "电子邮箱", "邮件"],
        &["email"],
    ),
    (&["wechat_id", "weixin", "微信", "微信号"], &["wechat"]),
    (&["url", "web", "homepage", "home_page", "web_site", "网址", "网站", "官网"], &["website"]),
    (
        &["zip", "zip_code", "zipcode", "postal_code", "postalcode", "post_code", "邮编", "邮政编码"],
        &["postcode"],
    ),
    (&["address", "address_1", "street_address", "地址", "详细地址", "街道"], &["street"]),
    (&["state", "county", "省", "省份"], &["province"]),
    (&["town", "城市", "市"], &["city"]),
    (&["区", "区县"], &["district"]),
    (&["国家", "国家地区", "country_code"], &["country"]),
    (&["sector", "行业", "所属行业"], &["industry"]),
    (&["tax_no", "tax_number", "vat", "vat_id", "vat_number", "税号", "统一社会信用代码"], &["tax_id"]),
    (&["发票抬头", "开票名称"], &["invoice_title"]),
    (&["job_title", "contact_title", "职位", "职务"], &["title"]),
    (&["dob", "date_of_birth", "birth_date", "生日", "出生日期"], &["birthday"]),
    (
        &["sales_rep", "salesperson", "sales_person", "account_manager", "seller", "employee", "employee_id"],
        &["owner"],
    ),
    (&["业务员", "销售员", "销售代表", "负责人", "跟进人"], &["owner"]),
    (&["reports_to", "boss", "supervisor", "上级", "主管"], &["manager", "reports_to"]),
    (&["login", "username", "user_name", "slug", "登录名", "账号"], &["id"]),
    (
        &[
            "product",
            "sku",
            "product_id",
            "product_code",
            "item",
            "item_code",
            "item_no",
            "article",
            "article_no",
        ],
        &["=product", "line.product", "product"],
    ),
    (&["产品编号", "商品编号", "货号", "产品", "商品", "型号"], &["=product", "line.product", "product"]),
    (&["qty", "quantity", "count", "units", "数量"], &["qty", "line.qty"]),
    (&["price", "unit_price", "price_each", "单价"], &["price", "line.price"]),
    (&["list_price", "价格", "标价"], &["price", "line.list_price"]),
    (
        &["discount_percent", "discount_rate", "discount_pct", "折扣", "折扣率"],
        &["line.discount_pct", "discount_pct"],
    ),
    (&["tax_rate", "tax_percent", "vat_rate", "税率"], &["tax_rate", "line.tax_rate"]),
    (&["unit_cost", "standard_cost", "成本", "成本价"], &["cost", "unit_cost", "line.cost"]),
    (&["unit", "unit_of_measure", "uom", "单位", "计量单位"], &["unit", "line.unit"]),
    (&["category_name", "product_category", "类别", "分类", "产品类别"], &["category"]),
    (&["freight", "shipping_cost", "shipping_fee", "运费"], &["shipping"]),
    (&["total", "sum", "value", "金额", "总额"], &["amount"]),
    (&["币种", "货币", "currency_code"], &["currency"]),
    (&["exchange_rate", "rate", "汇率"], &["fx_rate"]),
    (
        &[
            "order_date",
            "invoice_date",
            "payment_date",
            "quote_date",
            "shipped_date",
            "ship_date",
            "return_date",
        ],
        &["date"],
    ),
    (&["订单日期", "下单日期", "日期", "发票日期", "付款日期", "发货日期"], &["date"]),
    (
        &["required_date", "due", "deadline", "delivery_date", "交货日期", "交期", "到期日"],
        &["due_date", "due"],
    ),
    (&["order_no", "订单号", "订单编号"], &["=order", "order"]),
    (&["po", "po_number", "purchase_order", "客户订单号"], &["customer_ref"]),
    (&["客户", "buyer", "client", "account"], &["customer"]),
    (&["ref", "external_id", "extern_id", "legacy_id", "old_id"], &["source_ref"]),
    (&["编号", "单号", "no", "nr"], &["number", "source_ref"]),
    (&["comment", "comments", "remark", "remarks", "notes", "memo", "备注", "说明"], &["note"]),
    (&["label", "labels", "标签"], &["tags"]),
    (&["created", "created_date", "create_time", "创建时间", "创建日期"], &["created_at"]),
];

/// The codes that a spelled header may mean, best first.
pub(super) fn meanings(spelled: &str) -> impl Iterator<Item = &'static str> {
    let spelled = spelled.to_owned();
    SYNONYMS
        .iter()
        .filter(move |(words, _)| words.contains(&spelled.as_str()))
        .flat_map(|(_, codes)| codes.iter().copied())
}

/// A header in one spelling: words in lower case joined by `_`, `CustomerID` as `customer_id`.
pub(super) fn spelled(header: &str) -> String {
    let letters: Vec<char> = header.chars().collect();
    let mut spelled = String::with_capacity(header.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let begins = letter.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase()
                    || b.is_ascii_digit()
                    || (b.is_uppercase() && letters.get(at + 1).is_some_and(|next| next.is_lowercase()))
            });
        if (begins || !letter.is_alphanumeric()) && !spelled.is_empty() && !spelled.ends_with('_') {
            spelled.push('_');
        }
        if letter.is_alphanumeric() {
            spelled.extend(letter.to_lowercase());
        }
    }
    spelled.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn headers_are_spelled_one_way() {
        for (header, wanted) in [
            ("CustomerID", "customer_id"),
            ("shipPostalCode", "ship_postal_code"),
            ("E-Mail", "e_mail"),
            (" Unit price (EUR) ", "unit_price_eur"),
            ("HTMLTitle", "html_title"),
            ("客户 名称", "客户_名称"),
            ("单价（元）", "单价_元"),
            ("qty", "qty"),
            ("--", ""),
        ] {
            assert_eq!(spelled(header), wanted, "{header:?}");
        }
    }

    #[test]
    fn no_word_stands_twice_and_all_are_spelled() {
        let mut seen = BTreeSet::new();
        for word in SYNONYMS.iter().flat_map(|(words, _)| words.iter()) {
            assert!(seen.insert(word), "{word} stands twice");
            assert_eq!(spelled(word), *word);
        }
    }
}
