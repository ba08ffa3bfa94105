//! Cards in lanes side by side, for a terminal: the stages of a pipeline with what stands in them.
//!
//! Where the terminal is too narrow for all lanes they go on below. Deliberately absent: what the
//! cards say; the lines come as text and are escaped here.

use super::Style;
use super::display::{display, padded, shorten, width};

const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";
/// No lane is narrower while there is room for more than one.
const NARROWEST: usize = 16;
/// No lane is wider, however much room there is.
const WIDEST: usize = 28;

/// A line of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Stays whole: a part of an amount would be another amount.
    Whole(String),
    /// Is shortened where there is too little room.
    Text(String),
}

impl Line {
    fn text(&self) -> &str {
        let (Self::Whole(text) | Self::Text(text)) = self;
        text
    }
}

/// A lane: the lines of its heading, and those of each card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    pub heading: Vec<Line>,
    pub cards: Vec<Vec<Line>>,
}

impl Lane {
    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.heading.iter().chain(self.cards.iter().flatten())
    }
}

/// The lines of a board as wide as the terminal, or as its cards where the width is not known.
#[must_use]
pub fn lines(lanes: &[Lane], style: &Style) -> Vec<String> {
    let between = if style.unicode { " │ " } else { " | " };
    let widest = |line: &Line| width(&display(line.text()));
    let whole = lanes.iter().flat_map(Lane::lines).filter(|line| matches!(line, Line::Whole(_)));
    let narrowest = whole.map(widest).max().unwrap_or(0).max(NARROWEST);
    let wanted = lanes.iter().flat_map(Lane::lines).map(widest).max().unwrap_or(0);
    let wanted = wanted.clamp(narrowest, WIDEST.max(narrowest));
    let gap = width(between);
    let most = lanes.len().max(1);
    let at_once = style.width.map_or(most, |room| ((room + gap) / (narrowest + gap)).clamp(1, most));
    let lane_width = style.width.map_or(wanted, |room| wanted.min((room + gap) / at_once - gap));
    let mut out = Vec::new();
    for band in lanes.chunks(at_once) {
        if !out.is_empty() {
            out.push(String::new());
        }
        out.extend(band_lines(band, lane_width, between, style));
    }
    out
}

fn band_lines(band: &[Lane], lane_width: usize, between: &str, style: &Style) -> Vec<String> {
    let ellipsis = if style.unicode { "…" } else { "..." };
    let rule = if style.unicode { "─" } else { "-" }.repeat(lane_width);
    let tallest = band.iter().map(|lane| lane.heading.len()).max().unwrap_or(0);
    let columns: Vec<Vec<String>> = band
        .iter()
        .map(|lane| {
            let mut column: Vec<String> = lane.heading.iter().map(|line| line.text().to_owned()).collect();
            column.resize(tallest, String::new());
            column.push(rule.clone());
            for (at, card) in lane.cards.iter().enumerate() {
                if at > 0 {
                    column.push(String::new());
                }
                column.extend(card.iter().map(|line| line.text().to_owned()));
            }
            column
        })
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let row = |at: usize| -> String {
        let cells = columns.iter().map(|column| {
            let text = column.get(at).map(String::as_str).unwrap_or_default();
            let text = shorten(&display(text), lane_width, ellipsis).into_owned();
            let cell = padded(&text, lane_width);
            if at < tallest && style.colour { format!("{BOLD}{cell}{PLAIN}") } else { cell }
        });
        cells.collect::<Vec<_>>().join(between).trim_end().to_owned()
    };
    (0..height).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(heading: &str, cards: &[&[&str]]) -> Lane {
        let line = |text: &&str| match text.parse::<f64>() {
            Ok(_) => Line::Whole((*text).to_owned()),
            Err(_) => Line::Text((*text).to_owned()),
        };
        let texts = |lines: &[&str]| lines.iter().map(line).collect();
        Lane { heading: texts(&[heading, "1"]), cards: cards.iter().map(|card| texts(card)).collect() }
    }

    fn drawn(lanes: &[Lane], width: Option<usize>) -> String {
        lines(lanes, &Style { width, ..Style::default() }).join("\n")
    }

    #[test]
    fn lanes_stand_side_by_side_and_chinese_lines_up() {
        let lanes = [
            lane("初步接触", &[&["海纳物流 车队一期", "100.00"], &["Acme"]]),
            lane("Won", &[&["x"]]),
            lane("Lost", &[]),
        ];
        let expected = concat!(
            "初步接触          │ Won               │ Lost\n",
            "1                 │ 1                 │ 1\n",
            "───────────────── │ ───────────────── │ ─────────────────\n",
            "海纳物流 车队一期 │ x                 │\n",
            "100.00            │                   │\n",
            "                  │                   │\n",
            "Acme              │                   │",
        );
        assert_eq!(drawn(&lanes, None), expected);
        assert_eq!(drawn(&lanes, Some(200)), expected, "no wider than the cards");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let lanes: Vec<Lane> =
            (0..6).map(|_| lane("商务谈判阶段", &[&["一个很长很长很长很长很长的商机名称", "1"]])).collect();
        for room in 1..150 {
            let text = drawn(&lanes, Some(room));
            let widest = text.lines().map(width).max().unwrap_or(0);
            assert!(widest <= room.max(NARROWEST), "{widest} of {room}\n{text}");
        }
    }

    #[test]
    fn an_amount_is_not_cut_while_the_terminal_is_wide_enough_for_it() {
        let amount = "123456789012345678.90";
        let lanes: Vec<Lane> = (0..4).map(|_| lane("A name that is long", &[&[amount]])).collect();
        for room in amount.len()..130 {
            let text = drawn(&lanes, Some(room));
            assert_eq!(text.matches(amount).count(), 4, "{room}\n{text}");
        }
    }

    #[test]
    fn lanes_that_have_no_room_go_on_below() {
        let lanes = [lane("A", &[]), lane("B", &[]), lane("C", &[])];
        let text = drawn(&lanes, Some(36));
        let heads: Vec<&str> = text.lines().filter(|line| line.starts_with(['A', 'C'])).collect();
        assert_eq!(heads, ["A                │ B", "C"]);
    }

    #[test]
    fn what_a_terminal_would_act_on_is_escaped() {
        let text = drawn(&[lane("A", &[&["\u{1b}[31mred\u{202e}"]])], Some(80));
        assert!(text.contains("\\x1b[31mred\\u{202e}"), "{text}");
        assert_eq!(drawn(&[], Some(80)), "");
    }

    #[test]
    fn a_plain_terminal_gets_plain_characters() {
        let style = Style { unicode: false, ..Style::default() };
        let lanes = [lane("A", &[&["a long name that does not fit in a lane at all"]]), lane("B", &[])];
        let text = lines(&lanes, &style).join("\n");
        assert!(text.is_ascii() && text.contains(" | ") && text.contains("..."), "{text}");
    }
}
