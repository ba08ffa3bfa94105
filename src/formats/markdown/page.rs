//! A document to hand out as md: headings, tables and paragraphs.
//!
//! Everything md or html would act on is escaped, also what has a meaning only where a line begins.

use std::io::{self, Write};

use super::{escaped, write_line};
use crate::formats::Words;
use crate::formats::cells::{is_numeric, readable};
use crate::formats::display::{display, display_lines};
use crate::table::page::{Content, Detail, Fact, Page, Party, Weight};
use crate::table::{Cell, Column, ColumnType};

/// Where somebody is to write.
const BLANK: &str = "……………………";

/// Writes a document as md.
pub fn write(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {} {}\n", inline(&page.title), inline(&page.number))?;
    for mark in &page.marks {
        writeln!(out, "> **{}** {}\n", inline(&mark.word), inline(&mark.meaning))?;
    }
    let colon = if page.language.starts_with("zh") { "：" } else { ": " };
    party(&page.issuer, colon, out)?;
    party(&page.receiver, colon, out)?;
    facts(&page.facts, out)?;
    if let Some(subject) = &page.subject {
        writeln!(out, "**{}**\n", inline(subject))?;
    }
    prose(&page.opening, out)?;
    lines(page, out)?;
    totals(page, out)?;
    if let Some((label, words)) = &page.in_words {
        writeln!(out, "{} {}\n", inline(label), inline(words))?;
    }
    for block in &page.details {
        detail(block, out)?;
    }
    prose(&page.closing, out)?;
    for who in &page.signatures {
        let (who, on) = (inline(who), inline(&page.signed_on));
        writeln!(out, "{who}{colon}{BLANK} {on}{colon}{BLANK}\n")?;
    }
    let foot: Vec<String> = page.foot.iter().map(|part| inline(part)).collect();
    writeln!(out, "---\n\n{}", foot.join(" · "))
}

/// Text inside a line.
fn inline(raw: &str) -> String {
    escaped(&display(raw))
}

/// A line of prose: what begins a heading, list, rule or code block is escaped too.
fn line(raw: &str) -> String {
    let text = raw.trim_start();
    let escaped = escaped(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &escaped[..digits], &escaped[digits..]),
        Some(b'#' | b'+' | b'-' | b'=') if digits == 0 => format!("\\{escaped}"),
        _ => escaped,
    }
}

fn prose(paragraphs: &[String], out: &mut dyn Write) -> io::Result<()> {
    for paragraph in paragraphs {
        let shown = display_lines(paragraph);
        let lines: Vec<String> = shown.lines().map(line).collect();
        // A backslash at the end of a line keeps the break.
        writeln!(out, "{}\n", lines.join("\\\n"))?;
    }
    Ok(())
}

fn party(party: &Party, colon: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n\n**{}**\n", inline(&party.heading), inline(&party.name))?;
    for (label, value) in &party.lines {
        let text = if label.is_empty() {
            line(&display(value))
        } else {
            format!("{}{colon}{}", line(&display(label)), inline(value))
        };
        writeln!(out, "- {text}")?;
    }
    if party.lines.is_empty() { Ok(()) } else { writeln!(out) }
}

fn facts(facts: &[Fact], out: &mut dyn Write) -> io::Result<()> {
    write_line(&[String::new(), String::new()], out)?;
    write_line(&["---".to_owned(), "---".to_owned()], out)?;
    for fact in facts {
        write_line(&[inline(&fact.label), cell(fact.ty, &fact.value)], out)?;
    }
    writeln!(out)
}

fn cell(ty: ColumnType, cell: &Cell) -> String {
    inline(&readable(ty, cell, true, &Words::default()))
}

fn header(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    let labels: Vec<String> = columns.iter().map(|column| inline(&column.label)).collect();
    write_line(&labels, out)?;
    let rules = columns.iter().map(|column| {
        let right = is_numeric(column.ty) || column.code == "discount";
        if right { "--:".to_owned() } else { "---".to_owned() }
    });
    write_line(&rules.collect::<Vec<_>>(), out)
}

fn lines(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    header(&page.columns, out)?;
    // The cell of a heading or sum, the others empty.
    let alone = |at: usize, text: String| -> Vec<String> {
        (0..page.columns.len())
            .map(|column| if column == at { text.clone() } else { String::new() })
            .collect()
    };
    for section in &page.sections {
        if let Some(heading) = &section.heading {
            write_line(&alone(page.remarks_under, format!("**{}**", inline(heading))), out)?;
        }
        for line in &section.lines {
            let mut cells: Vec<String> =
                page.columns.iter().zip(&line.cells).map(|(column, value)| cell(column.ty, value)).collect();
            if let Some(named) = cells.get_mut(page.remarks_under) {
                for remark in &line.remarks {
                    named.push_str("<br>");
                    named.push_str(&escaped(&display_lines(remark)).replace('\n', "<br>"));
                }
            }
            write_line(&cells, out)?;
        }
        if let Some((label, amount)) = &section.sum {
            let mut cells = alone(page.remarks_under, inline(label));
            if let Some(last) = cells.last_mut() {
                *last = cell(ColumnType::Money, &Cell::Dec(*amount));
            }
            write_line(&cells, out)?;
        }
    }
    writeln!(out)
}

fn totals(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    write_line(&[String::new(), inline(&page.currency)], out)?;
    write_line(&["---".to_owned(), "--:".to_owned()], out)?;
    for total in &page.totals {
        let (label, amount) = (inline(&total.label), cell(ColumnType::Money, &Cell::Dec(total.amount)));
        let row = match total.weight {
            Weight::Grand | Weight::Sum => [format!("**{label}**"), format!("**{amount}**")],
            Weight::Step | Weight::Aside => [label, amount],
        };
        write_line(&row, out)?;
    }
    writeln!(out)
}

fn detail(block: &Detail, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", inline(&block.heading))?;
    match &block.content {
        Content::Prose(paragraphs) => prose(paragraphs, out),
        Content::Facts(block) => facts(block, out),
        Content::Rows(columns, rows) => {
            header(columns, out)?;
            for row in rows {
                let cells: Vec<String> =
                    columns.iter().zip(row).map(|(column, value)| cell(column.ty, value)).collect();
                write_line(&cells, out)?;
            }
            writeln!(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{hostile_page, quotation};

    fn markdown(page: &Page) -> String {
        let mut out = Vec::new();
        write(page, &mut out).expect("a buffer takes all that is written");
        String::from_utf8(out).expect("md is UTF-8")
    }

    #[test]
    fn a_quotation_reads_from_top_to_bottom() {
        let expected = "\
# 报价单 QT-2026-0007

> **草稿** 尚未生效

## 卖方

**绿行汽车**

- 电话：+86 755 8988 8888

## 买方

**海纳物流**

|  |  |
| --- | --- |
| 日期 | 2026-02-03 |

您好：

| 序号 | 品名 | 数量 | 单价 | 金额 |
| --: | --- | --: | --: | --: |
|  | **整车** |  |  |  |
| 1 | 汉 EV 610km<br>珍珠白 | 5 | 226,560.00 | 1,132,800.00 |
|  | 小计：整车 |  |  | 1,132,800.00 |

|  | CNY |
| --- | --: |
| **合计** | **1,132,800.00** |
| 其中税额 13% | 130,322.12 |

大写金额 人民币壹佰壹拾叁万贰仟捌佰元整

## 条款

定金 20%\\
余款交车前付清

买方：…………………… 日期：……………………

---

绿行汽车 · QT-2026-0007
";
        assert_eq!(markdown(&quotation()), expected);
    }

    #[test]
    fn nothing_in_a_document_becomes_markup() {
        let text = markdown(&hostile_page());
        let plain = text.replace("\\<", "").replace("<br>", "");
        assert!(!plain.contains('<') && !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        assert!(headings.iter().all(|line| line.contains("\\<script\\>")), "{headings:?}");
    }

    #[test]
    fn what_means_something_where_a_line_begins_is_escaped() {
        for (raw, shown) in [
            ("# a", "\\# a"),
            ("   - a", "\\- a"),
            ("+ a", "\\+ a"),
            ("=== a", "\\=== a"),
            ("1. a", "1\\. a"),
            ("20) a", "20\\) a"),
            ("20% a", "20% a"),
            ("2026", "2026"),
            ("> a", "\\> a"),
            ("* a", "\\* a"),
            ("", ""),
        ] {
            assert_eq!(line(raw), shown, "{raw}");
        }
    }
}
