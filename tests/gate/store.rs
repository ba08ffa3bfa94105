//! The store that every push here starts from: five roles, a tree of teams, and a few records of
//! each of several users, with ids that a test can name.

/// Users: slug, name, kind, roles, team, and how their keys stand.
pub const USERS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("ada", "Ada Min", "person", "admin", "head", "active"),
    ("max", "Max Gao", "person", "manager", "head", "active"),
    ("sam", "Sam Ho", "person", "sales", "north", "active"),
    ("sue", "Sue Bai", "person", "sales", "north", "active"),
    ("tom", "Tom Ye", "person", "sales", "south", "active"),
    ("cleo", "Cleo An", "person", "clerk", "south", "active"),
    ("bot", "Night Bot", "service", "robot", "head", "active"),
    ("gate", "Front Door", "service", "", "head", "active"),
    ("rex", "Rex Lo", "person", "sales", "north", "revoked"),
    ("sid", "Sid Qi", "person", "admin", "north", "suspended"),
    ("twin", "Twin One", "person", "sales", "north", "shared"),
    ("twain", "Twin Two", "person", "sales", "north", "shared"),
];

pub const SAMS: &str = "cus_kkkkkkkkkkkk";
pub const SUES: &str = "cus_kkllllllllll";
pub const TOMS: &str = "cus_kkmmmmmmmmmm";
pub const POOLED: &str = "cus_kknnnnnnnnnn";
pub const FREE: &str = "cus_kkoooooooooo";
pub const LEAD: &str = "lea_kkkkkkkkkkkk";
pub const CONTACT: &str = "con_kkkkkkkkkkkk";
pub const OPP: &str = "opp_kkkkkkkkkkkk";
pub const DRAFT: &str = "ord_kkkkkkkkkkkk";
pub const FIRM: &str = "ord_kkllllllllll";
pub const QUOTE: &str = "quo_kkkkkkkkkkkk";
pub const SHIPMENT: &str = "shp_kkkkkkkkkkkk";
pub const TICKET: &str = "tic_kkkkkkkkkkkk";
pub const CALL: &str = "fup_kkkkkkkkkkkk";

/// The path of a record with a generated id.
pub fn path(id: &str) -> String {
    let folder = match &id[..3] {
        "cus" => "customers",
        "con" => "contacts",
        "lea" => "leads",
        "opp" => "opportunities",
        "ord" => "orders",
        "quo" => "quotes",
        "shp" => "shipments",
        "tic" => "tickets",
        "fup" => "followups",
        "pay" => "payments",
        other => panic!("no folder of {other}"),
    };
    format!("{folder}/{}/{id}.toml", &id[4..6])
}

/// How every record begins.
pub fn head(id: &str, by: &str) -> String {
    format!("id = \"{id}\"\ncreated_at = 2026-03-02T09:00:00+08:00\ncreated_by = \"{by}\"\n\n")
}

fn grant(noun: &str, create: bool, reach: &str, more: &str) -> String {
    let create = if create { "create = true\n" } else { "" };
    let remove =
        if reach == "own" || reach == "team" { format!("remove = \"{reach}\"\n") } else { String::new() };
    format!("\n[[grants]]\ntype = \"{noun}\"\n{create}read = \"all\"\nedit = \"{reach}\"\n{remove}{more}")
}

fn role(id: &str, name: &str, limits: &str, grants: &[String]) -> (String, String) {
    let text = format!("{}name = \"{name}\"\n{limits}{}", head(id, "ada"), grants.concat());
    (format!("roles/{id}.toml"), text)
}

fn roles() -> Vec<(String, String)> {
    let all =
        ["contact", "customer", "followup", "invoice", "lead", "opportunity", "order", "payment", "quote"];
    let assign = "assign = true\n";
    let mut manager: Vec<String> = all.iter().map(|noun| grant(noun, true, "team", assign)).collect();
    manager.push(grant("pool", true, "all", ""));
    manager.push(grant("product", true, "all", ""));
    manager.push(grant("report", true, "all", ""));
    manager.push(grant("shipment", true, "team", ""));
    let deny = "deny = [\n  \"close\",\n]\n";
    let sales = [
        grant("contact", true, "own", ""),
        grant("customer", true, "own", ""),
        grant("followup", true, "own", ""),
        grant("lead", true, "own", ""),
        grant("opportunity", true, "own", "deny = [\n  \"win\",\n]\n"),
        grant("order", true, "own", deny),
        grant("product", false, "all", ""),
        grant("quote", true, "own", ""),
        grant("shipment", true, "own", ""),
        grant("ticket", true, "own", deny),
    ];
    let clerk =
        [grant("order", true, "all", "deny = [\n  \"confirm\",\n]\n"), grant("report", true, "none", "")];
    let robot = [grant("lead", true, "none", assign), grant("followup", true, "own", assign)];
    let hidden = "\nhidden_fields = [\n  \"customer.credit_limit\",\n  \"opportunity.contacts.role\",\n  \"product.cost\",\n]\nreadonly_fields = [\n  \"customer.level\",\n]\n";
    vec![
        role(
            "manager",
            "Manager",
            "bulk_max = 10\n\ndiscount_max = \"20\"\napprove_max = \"20\"\n",
            &manager,
        ),
        role("sales", "Sales", &format!("bulk_max = 3\n\ndiscount_max = \"5\"\n{hidden}"), &sales),
        role("clerk", "Clerk", "\ndiscount_max = \"5\"\n", &clerk),
        role("robot", "Robot", "", &robot),
    ]
}

/// A user's record; `keys` are pairs of a public key and its state.
pub fn user(id: &str, keys: &[(&str, &str)]) -> String {
    let (_, name, kind, role, team, state) = USERS.iter().find(|user| user.0 == id).expect("a known user");
    let status = if *state == "suspended" { "suspended" } else { "active" };
    let roles = if role.is_empty() { String::new() } else { format!("roles = [\n  \"{role}\",\n]\n") };
    let mut text = format!(
        "{}name = \"{name}\"\nemail = \"{id}@acme.example\"\nkind = \"{kind}\"\n\nstatus = \"{status}\"\n\n{roles}\nteam = \"{team}\"\n",
        head(id, "ada")
    );
    for (key, state) in keys {
        text.push_str(&format!("\n[[keys]]\nkey = \"{key}\"\nstate = \"{state}\"\n"));
    }
    text
}

/// A customer's file.
pub fn customer(id: &str, name: &str, by: &str, owner: Option<&str>, more: &str) -> String {
    let owner = owner.map(|owner| format!("owner = \"{owner}\"\n")).unwrap_or_default();
    let parts = if owner.is_empty() && more.is_empty() { String::new() } else { format!("{owner}{more}\n") };
    format!("{}kind = \"company\"\nname = \"{name}\"\n\n{parts}status = \"normal\"\n", head(id, by))
}

/// A line of a document: ten pieces of P1 at 100.00.
pub fn lines(discount: &str) -> String {
    let discount =
        if discount.is_empty() { String::new() } else { format!("discount_pct = \"{discount}\"\n") };
    format!(
        "\n[[lines]]\nid = \"kkkkkk\"\nproduct = \"P1\"\nname = \"Piece\"\nqty = \"10\"\nunit = \"piece\"\n\
         list_price = \"100.00\"\nprice = \"100.00\"\n{discount}tax_rate = \"13\"\ncost = \"60.00\"\n"
    )
}

/// An order of Sam's; `state` may hold more lines.
pub fn order(id: &str, number: &str, by: &str, state: &str, discount: &str) -> String {
    format!(
        "{}number = \"{number}\"\ndate = 2026-03-02\ncustomer = \"{SAMS}\"\n\ncurrency = \"CNY\"\nfx_rate = \"1\"\n\n\
         price_mode = \"tax_excl\"\ntax_rounding = \"line\"\n\nowner = \"{by}\"\n\npayment_days = 30\n\n\
         status = \"{state}\"\n{}",
        head(id, by),
        lines(discount)
    )
}

/// A quote of Sam's.
pub fn quote(id: &str, number: &str, approval: &str, discount: &str) -> String {
    format!(
        "{}number = \"{number}\"\ndate = 2026-03-02\ncustomer = \"{SAMS}\"\n\ncurrency = \"CNY\"\nfx_rate = \"1\"\n\n\
         price_mode = \"tax_excl\"\ntax_rounding = \"line\"\n\nrevision = 1\n\nvalid_until = 2026-04-03\n\n\
         owner = \"sam\"\n\nstatus = \"draft\"\n{approval}{}",
        head(id, "sam"),
        lines(discount)
    )
}

/// An entry of a history.
pub fn moved(by: &str, field: &str, from: &str, to: &str) -> String {
    let field = if field.is_empty() { String::new() } else { format!("field = \"{field}\"\n") };
    let (from, to) = [("from", from), ("to", to)]
        .map(|(name, value)| if value.is_empty() { String::new() } else { format!("{name} = \"{value}\"\n") })
        .into();
    format!("\n[[history]]\nat = 2026-03-04T10:00:00+08:00\nby = \"{by}\"\n{field}{from}{to}")
}

/// A shipment of one piece of the confirmed order.
pub fn shipment(id: &str, by: &str, qty: &str) -> String {
    format!(
        "{}order = \"{FIRM}\"\ndate = 2026-03-03\nwarehouse = \"main\"\n\n[[lines]]\nid = \"kkkkkk\"\n\
         order_line = \"kkkkkk\"\nproduct = \"P1\"\nqty = \"{qty}\"\n",
        head(id, by)
    )
}

/// Everything but settings, users and what `crm init` writes.
pub fn records() -> Vec<(String, String)> {
    let mut files = roles();
    for (id, parent) in [("head", ""), ("north", "parent = \"head\"\n"), ("south", "parent = \"head\"\n")] {
        let below = if parent.is_empty() { String::new() } else { format!("\n{parent}") };
        files.push((format!("teams/{id}.toml"), format!("{}name = \"{id}\"\n{below}", head(id, "ada"))));
    }
    files.push((
        "pools/sea.toml".to_owned(),
        format!(
            "{}name = \"Sea\"\napplies_to = \"customer\"\norder = 1\n\nteams = [\n  \"north\",\n]\n",
            head("sea", "ada")
        ),
    ));
    files.push((
        "products/P1.toml".to_owned(),
        format!(
            "{}name = \"Piece\"\nkind = \"good\"\nunit = \"piece\"\n\nprice = \"100.00\"\ncurrency = \"CNY\"\ntax_rate = \"13\"\n\ncost = \"60.00\"\n\nstatus = \"active\"\n\ntrack_stock = false\n",
            head("P1", "ada")
        ),
    ));
    for (id, name, by, owner, more) in [
        (SAMS, "Alpha", "sam", Some("sam"), ""),
        (SUES, "Beta", "sue", Some("sue"), ""),
        (TOMS, "Gamma", "tom", Some("tom"), ""),
        (POOLED, "Delta", "ada", None, "pool = \"sea\"\n"),
        (FREE, "Epsilon", "ada", None, ""),
    ] {
        files.push((path(id), customer(id, name, by, owner, more)));
    }
    files.push((path(CONTACT), format!("{}customer = \"{SAMS}\"\nname = \"Joy\"\n", head(CONTACT, "ada"))));
    files.push((
        path(LEAD),
        format!(
            "{}name = \"Zed\"\n\nphone = \"+8613800138000\"\n\nsource = \"web\"\n\nowner = \"sam\"\n\nstatus = \"new\"\n",
            head(LEAD, "sam")
        ),
    ));
    files.push((
        path(OPP),
        format!(
            "{}name = \"Deal\"\ncustomer = \"{SAMS}\"\n\npipeline = \"sales\"\nstage = \"qualification\"\n\namount = \"100.00\"\ncurrency = \"CNY\"\nfx_rate = \"1\"\namount_source = \"manual\"\n\nclose_date = 2026-05-03\n\nowner = \"sam\"\n",
            head(OPP, "sam")
        ),
    ));
    files.push((path(DRAFT), order(DRAFT, "SO-2026-0001", "sam", "draft", "")));
    let firm = order(FIRM, "SO-2026-0002", "sam", "confirmed", "");
    files.push((
        path(FIRM),
        format!("{firm}{}", moved("sam", "", "draft", "confirmed").replace("03-04T10", "03-02T10")),
    ));
    let approval =
        "approved_by = \"max\"\napproved_at = 2026-03-03T09:00:00+08:00\napproved_discount = \"8\"\n";
    files.push((path(QUOTE), quote(QUOTE, "QT-2026-0001", approval, "8")));
    files.push((path(SHIPMENT), shipment(SHIPMENT, "sam", "1")));
    files.push((
        path(TICKET),
        format!(
            "{}number = \"TK-2026-0001\"\nkind = \"service\"\nsubject = \"Noise\"\ncustomer = \"{SAMS}\"\n\npriority = \"normal\"\n\nstatus = \"new\"\n\nassignee = \"sam\"\n",
            head(TICKET, "sam")
        ),
    ));
    files.push((
        path(CALL),
        format!(
            "{}kind = \"call\"\nsubject = \"Ring\"\ntarget = \"{SAMS}\"\n\nstatus = \"planned\"\ndue = 2026-03-06\n\nowner = \"sam\"\n",
            head(CALL, "sam")
        ),
    ));
    files.push(("reports/old.sql".to_owned(), "select 1 as one\n".to_owned()));
    files
}
