//! A document to hand out as html: one page that needs nothing else, made to be printed on A4.
//!
//! Deliberately absent: scripts, links and anything fetched; the page forbids them itself. Colours
//! are few and dark enough for paper, and nothing depends on printed backgrounds.

use std::io::{self, Write};

use super::{escaped, text};
use crate::formats::Words;
use crate::formats::cells::{is_numeric, readable};
use crate::formats::display::display_lines;
use crate::table::page::{Content, Detail, Fact, Page, Party, Section, Total, Weight};
use crate::table::{Cell, Column, ColumnType};

const LOOK: &str = "\
:root{color-scheme:light;--ink:#1c2430;--soft:#5b6675;--line:#cfd6df;--accent:#1f4e79}
*{box-sizing:border-box}
html{background:#eef1f4}
body{font:14px/1.5 'Helvetica Neue',Arial,'PingFang SC','Noto Sans CJK SC','Noto Sans SC',\
'Microsoft YaHei',sans-serif;color:var(--ink);background:#fff;max-width:210mm;margin:1.5rem auto;\
padding:14mm 15mm;box-shadow:0 1px 6px #0002;position:relative;overflow-wrap:anywhere}
header{display:flex;justify-content:space-between;gap:2rem;align-items:flex-start;\
border-bottom:3px solid var(--accent);padding-bottom:.9rem}
.name{font-size:1.15rem;font-weight:700}
header ul{color:var(--soft);font-size:.86rem}
h1{font-size:1.75rem;line-height:1.2;margin:0;color:var(--accent);text-align:end;letter-spacing:.02em;\
overflow-wrap:normal}
.no{text-align:end;font-size:1rem;color:var(--soft);margin:.2rem 0 0;white-space:nowrap}
ul{list-style:none;margin:.25rem 0 0;padding:0}
.l{color:var(--soft)}
.mark{border:2px solid #a33;color:#a33;padding:.4rem .8rem;margin:.9rem 0 0;display:flex;gap:.8rem;\
align-items:baseline}
.mark b{letter-spacing:.08em;white-space:nowrap}
.stamp{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;\
pointer-events:none;z-index:1}
.stamp span{font-size:6.5rem;font-weight:800;color:#a33;opacity:.1;transform:rotate(-28deg);\
white-space:nowrap;letter-spacing:.06em}
.sides{display:grid;grid-template-columns:1.25fr 1fr;gap:2rem;margin:1.2rem 0 1.3rem}
h2{font-size:.8rem;letter-spacing:.05em;color:var(--accent);margin:0 0 .25rem;font-weight:700}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.12rem 1rem;margin:0}
dt{color:var(--soft)}dd{margin:0}
.sides dd{text-align:end}
.subject{font-weight:700;font-size:1.05rem;margin:0 0 .6rem}
p{margin:0 0 .7rem;white-space:pre-line}
table{border-collapse:collapse;width:100%}
th,td{padding:.42rem .5rem;text-align:start;vertical-align:top}
thead{display:table-header-group}
thead th{border-top:1px solid var(--ink);border-bottom:1px solid var(--ink);font-size:.8rem;\
vertical-align:bottom;overflow-wrap:normal}
tbody td{border-bottom:1px solid var(--line)}
.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
th.n{white-space:normal}
.e{text-align:end}
.s{white-space:nowrap}
.named{min-width:8.5em}
.many{font-size:.86em}.many th,.many td{padding-left:.3rem;padding-right:.3rem}
.group th{padding-top:.8rem;border-bottom:1px solid var(--ink);font-weight:700}
.sum td{color:var(--soft);border-bottom:1px solid var(--ink)}
.note{color:var(--soft);font-size:.92em;white-space:pre-line}
.after{break-inside:avoid}
.totals{width:auto;min-width:52%;margin:.8rem 0 0 auto}
.totals td{border:0;padding:.24rem .5rem}
.totals .sum td{border:0;border-top:1px solid var(--line);font-weight:700;color:inherit}
.totals .grand td{border-top:2px solid var(--accent);border-bottom:2px solid var(--accent);\
font-weight:700;font-size:1.15rem;color:var(--accent)}
.totals .aside td{color:var(--soft);font-size:.88rem}
.words{margin:.9rem 0 0;padding:.45rem .5rem;border:1px solid var(--line)}
.detail{margin:1.3rem 0 0;break-inside:avoid}
.detail table{width:auto;min-width:45%}
.closing{margin:1.3rem 0 0}
.signs{display:grid;grid-template-columns:1fr 1fr;gap:3rem;margin:2.2rem 0 0;break-inside:avoid}
.signs p{margin:0 0 3rem}
.signs i{display:block;border-top:1px solid var(--ink);padding-top:.25rem;font-style:normal;\
color:var(--soft);font-size:.86rem}
footer{margin:2rem 0 0;border-top:1px solid var(--line);padding-top:.5rem;color:var(--soft);\
font-size:.78rem;text-align:center}
@media(max-width:640px){body{padding:1rem;margin:0}header,.sides,.signs{display:block}\
h1,.no,.sides dd{text-align:start}.sides section{margin-bottom:1rem}}
@media print{html{background:none;font-size:12.5px}body{max-width:none;margin:0;padding:0;box-shadow:none;font-size:9.5pt}\
tr,.mark{break-inside:avoid}.group{break-after:avoid}h2{break-after:avoid}p{orphans:3;widows:3}}
";

/// Above so many columns the lines are set smaller.
const MANY: usize = 7;

/// A longer item number or unit may be broken.
const LONG_WORD: usize = 24;

/// Writes a document as html.
pub fn write(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let title = text(&format!("{} {}", page.title, page.number));
    write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{LOOK}{}</style>\n</head>\n<body>\n",
        text(&page.language),
        paper(page)
    )?;
    head(page, out)?;
    sides(page, out)?;
    if let Some(subject) = &page.subject {
        writeln!(out, "<p class=\"subject\">{}</p>", text(subject))?;
    }
    prose(&page.opening, out)?;
    lines(page, out)?;
    writeln!(out, "<div class=\"after\">")?;
    totals(page, out)?;
    if let Some((label, words)) = &page.in_words {
        writeln!(out, "<p class=\"words\"><span class=\"l\">{}</span> {}</p>", text(label), text(words))?;
    }
    writeln!(out, "</div>")?;
    for block in &page.details {
        detail(block, out)?;
    }
    if !page.closing.is_empty() {
        writeln!(out, "<div class=\"closing\">")?;
        prose(&page.closing, out)?;
        writeln!(out, "</div>")?;
    }
    signatures(page, out)?;
    let foot: Vec<String> = page.foot.iter().map(|part| text(part)).collect();
    write!(out, "<footer>{}</footer>\n</body>\n</html>\n", foot.join(" · "))
}

/// The paper, with the number of the document and of the page at its foot.
fn paper(page: &Page) -> String {
    let number = css_string(&format!("{} {}", page.title, page.number));
    format!(
        "@page{{size:A4;margin:15mm 14mm 17mm;@bottom-left{{content:{number};font-size:8pt;color:#5b6675}}\
         @bottom-right{{content:counter(page) \" / \" counter(pages);font-size:8pt;color:#5b6675}}}}\n"
    )
}

/// A string of CSS in which no character of the text can mean anything.
fn css_string(raw: &str) -> String {
    let mut quoted = String::from("\"");
    for c in raw.chars() {
        if c.is_ascii_alphanumeric() {
            quoted.push(c);
        } else {
            quoted.push_str(&format!("\\{:06x}", u32::from(c)));
        }
    }
    quoted.push('"');
    quoted
}

fn head(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<header>\n<div>\n<div class=\"name\">{}</div>", text(&page.issuer.name))?;
    party_lines(&page.issuer, out)?;
    let (title, number) = (text(&page.title), text(&page.number));
    writeln!(out, "</div>\n<div>\n<h1>{title}</h1>\n<p class=\"no\">{number}</p>\n</div>\n</header>")?;
    for mark in &page.marks {
        let (word, meaning) = (text(&mark.word), text(&mark.meaning));
        writeln!(out, "<div class=\"stamp\" aria-hidden=\"true\"><span>{word}</span></div>")?;
        writeln!(out, "<div class=\"mark\" role=\"note\"><b>{word}</b><span>{meaning}</span></div>")?;
    }
    Ok(())
}

fn party_lines(party: &Party, out: &mut dyn Write) -> io::Result<()> {
    if party.lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul>")?;
    for (label, value) in &party.lines {
        let label = if label.is_empty() {
            String::new()
        } else {
            format!("<span class=\"l\">{}</span> ", text(label))
        };
        writeln!(out, "<li>{label}{}</li>", text(value))?;
    }
    writeln!(out, "</ul>")
}

fn sides(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let (heading, name) = (text(&page.receiver.heading), text(&page.receiver.name));
    writeln!(out, "<div class=\"sides\">\n<section>\n<h2>{heading}</h2>\n<div class=\"name\">{name}</div>")?;
    party_lines(&page.receiver, out)?;
    writeln!(out, "</section>\n<section>")?;
    facts(&page.facts, out)?;
    writeln!(out, "</section>\n</div>")
}

fn facts(facts: &[Fact], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<dl>")?;
    for fact in facts {
        let value = text(&readable(fact.ty, &fact.value, true, &Words::default()));
        writeln!(out, "<dt>{}</dt><dd>{value}</dd>", text(&fact.label))?;
    }
    writeln!(out, "</dl>")
}

fn prose(paragraphs: &[String], out: &mut dyn Write) -> io::Result<()> {
    for paragraph in paragraphs {
        writeln!(out, "<p>{}</p>", escaped(&display_lines(paragraph)))?;
    }
    Ok(())
}

fn lines(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let many = if page.columns.len() > MANY { " many" } else { "" };
    writeln!(out, "<table class=\"lines{many}\">\n<thead>")?;
    header(&page.columns, out)?;
    writeln!(out, "</thead>")?;
    for section in &page.sections {
        write_section(page, section, out)?;
    }
    writeln!(out, "</table>")
}

fn class(column: &Column) -> &'static str {
    match column.code.as_str() {
        _ if is_numeric(column.ty) || column.code == "discount" => " class=\"n\"",
        "sku" | "unit" => " class=\"s\"",
        "name" => " class=\"named\"",
        _ => "",
    }
}

fn header(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<tr>")?;
    for column in columns {
        write!(out, "<th scope=\"col\"{}>{}</th>", class(column), text(&column.label))?;
    }
    writeln!(out, "</tr>")
}

fn write_section(page: &Page, section: &Section, out: &mut dyn Write) -> io::Result<()> {
    let wide = page.columns.len();
    writeln!(out, "<tbody>")?;
    if let Some(heading) = &section.heading {
        writeln!(
            out,
            "<tr class=\"group\"><th colspan=\"{wide}\" scope=\"rowgroup\">{}</th></tr>",
            text(heading)
        )?;
    }
    for line in &section.lines {
        write!(out, "<tr>")?;
        for (at, (column, cell)) in page.columns.iter().zip(&line.cells).enumerate() {
            let shown = shown(column, cell);
            let class = if shown.len() > LONG_WORD { "" } else { class(column) };
            write!(out, "<td{class}>{shown}")?;
            if at == page.remarks_under {
                for remark in &line.remarks {
                    write!(out, "<div class=\"note\">{}</div>", escaped(&display_lines(remark)))?;
                }
            }
            write!(out, "</td>")?;
        }
        writeln!(out, "</tr>")?;
    }
    if let Some((label, amount)) = &section.sum {
        let amount = money(*amount);
        let before = wide.saturating_sub(1).max(1);
        writeln!(
            out,
            "<tr class=\"sum\"><td colspan=\"{before}\" class=\"e\">{}</td><td class=\"n\">{amount}</td></tr>",
            text(label)
        )?;
    }
    writeln!(out, "</tbody>")
}

fn shown(column: &Column, cell: &Cell) -> String {
    text(&readable(column.ty, cell, true, &Words::default()))
}

fn money(amount: rust_decimal::Decimal) -> String {
    text(&readable(ColumnType::Money, &Cell::Dec(amount), true, &Words::default()))
}

fn totals(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<table class=\"totals\">\n<tbody>")?;
    for total in &page.totals {
        let Total { label, amount, weight } = total;
        let (class, currency) = match weight {
            Weight::Step => ("step", String::new()),
            Weight::Sum => ("sum", String::new()),
            Weight::Grand => ("grand", format!("{} ", text(&page.currency))),
            Weight::Aside => ("aside", String::new()),
        };
        let (label, amount) = (text(label), money(*amount));
        writeln!(out, "<tr class=\"{class}\"><td>{label}</td><td class=\"n\">{currency}{amount}</td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")
}

fn detail(block: &Detail, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section class=\"detail\">\n<h2>{}</h2>", text(&block.heading))?;
    match &block.content {
        Content::Prose(paragraphs) => prose(paragraphs, out)?,
        Content::Facts(block) => facts(block, out)?,
        Content::Rows(columns, rows) => {
            writeln!(out, "<table>\n<thead>")?;
            header(columns, out)?;
            writeln!(out, "</thead>\n<tbody>")?;
            for row in rows {
                write!(out, "<tr>")?;
                for (column, cell) in columns.iter().zip(row) {
                    write!(out, "<td{}>{}</td>", class(column), shown(column, cell))?;
                }
                writeln!(out, "</tr>")?;
            }
            writeln!(out, "</tbody>\n</table>")?;
        }
    }
    writeln!(out, "</section>")
}

fn signatures(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    if page.signatures.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div class=\"signs\">")?;
    for who in &page.signatures {
        writeln!(out, "<div><p>{}</p><i>{}</i></div>", text(who), text(&page.signed_on))?;
    }
    writeln!(out, "</div>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{hostile_page, quotation};

    fn html(page: &Page) -> String {
        let mut out = Vec::new();
        write(page, &mut out).expect("a buffer takes all that is written");
        String::from_utf8(out).expect("html is UTF-8")
    }

    #[test]
    fn a_quotation_has_everything_in_its_place() {
        let html = html(&quotation());
        for part in [
            "<html lang=\"zh-CN\">",
            "<title>报价单 QT-2026-0007</title>",
            "<h1>报价单</h1>",
            "<div class=\"mark\" role=\"note\"><b>草稿</b><span>尚未生效</span></div>",
            "<dt>日期</dt><dd>2026-02-03</dd>",
            "<tr class=\"group\"><th colspan=\"5\" scope=\"rowgroup\">整车</th></tr>",
            "<td class=\"named\">汉 EV 610km<div class=\"note\">珍珠白</div></td>",
            "<td class=\"n\">226,560.00</td>",
            "<tr class=\"grand\"><td>合计</td><td class=\"n\">CNY 1,132,800.00</td></tr>",
            "人民币壹佰壹拾叁万贰仟捌佰元整</p>",
            "<p>定金 20%\n余款交车前付清</p>",
        ] {
            assert!(html.contains(part), "{part}\n{html}");
        }
        let place = |part: &str| html.find(part).expect("it is there");
        assert!(place("class=\"lines\"") < place("class=\"totals\""));
        assert!(place("class=\"totals\"") < place("class=\"signs\""));
    }

    #[test]
    fn nothing_in_a_document_becomes_markup() {
        let html = html(&hostile_page());
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("</style><"), "{html}");
        assert_eq!(html.matches("<style>").count(), 1);
        assert_eq!(html.matches("</style>").count(), 1);
        assert!(html.contains("&lt;script&gt;"));
        assert!(!html.contains('\u{202e}') && !html.contains('\u{1b}'));
    }

    #[test]
    fn a_page_fetches_nothing() {
        let html = html(&quotation());
        for word in ["http:", "https:", "url(", "@import", "<link", "src="] {
            assert!(!html.contains(word), "{word}");
        }
    }

    #[test]
    fn a_string_of_css_stays_one() {
        assert_eq!(css_string("QT-1"), "\"QT\\00002d1\"");
        assert_eq!(css_string("a\"}</style>"), "\"a\\000022\\00007d\\00003c\\00002fstyle\\00003e\"");
    }
}
