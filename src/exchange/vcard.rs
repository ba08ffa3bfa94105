//! vCards as properties: versions 2.1, 3.0 and 4.0, from phones and mail programs.
//!
//! Bytes, not text, are parted into lines, because a fold may stand inside a character and each
//! property of 2.1 may have a character set of its own. A card that cannot be read is named with
//! its line and the others are still read. The parser is our own: of the crates there are, those
//! for all three versions take text that is decoded already and do not say in which line a card is
//! broken. Deliberately absent: pictures, sounds and keys, cards within a card, and what the
//! properties mean (see `cards`).

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::delimited::decode;
use crate::model::Problem;

/// One card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Line of the file on which it begins, from 1.
    pub line: usize,
    pub properties: Vec<Property>,
}

/// One property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Property {
    /// What joins it to others: `item1`.
    pub group: String,
    /// In capitals.
    pub name: String,
    /// In capitals, with their values as they stand.
    parameters: Vec<(String, String)>,
    /// Still escaped.
    value: String,
    /// Of version 2.1, which escapes less.
    old: bool,
}

impl Property {
    /// The value as one text.
    pub fn text(&self) -> String {
        self.split(None).concat()
    }

    /// The parts of a value like a name or an address.
    pub fn parts(&self) -> Vec<String> {
        self.split(Some(';'))
    }

    /// The members of a value like nicknames.
    pub fn list(&self) -> Vec<String> {
        self.split(Some(','))
    }

    /// Whether it is of a type such as `CELL`, in any case; `PREF` is a parameter in 4.0.
    pub fn is(&self, ty: &str) -> bool {
        let types = self.parameters.iter().filter(|(name, _)| name == "TYPE");
        types.flat_map(|(_, value)| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(ty))
            || self.parameter(ty).is_some_and(|value| value == "1")
    }

    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn split(&self, at: Option<char>) -> Vec<String> {
        let (mut parts, mut part) = (Vec::new(), String::new());
        let mut chars = self.value.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('n' | 'N') if !self.old => part.push('\n'),
                    Some(c @ ('\\' | ';' | ',' | ':')) => part.push(c),
                    other => part.extend(std::iter::once('\\').chain(other)),
                },
                c if Some(c) == at => parts.push(std::mem::take(&mut part)),
                c => part.push(c),
            }
        }
        parts.push(part);
        parts.iter().map(|part| part.trim().to_owned()).collect()
    }
}

/// The cards of a file, each read or refused with the line on which it begins.
pub type Cards = Vec<Result<Card, (usize, Problem)>>;

/// Reads a file. `encoding` is that of values which do not say their own; UTF-8 unless given.
///
/// # Errors
/// `empty-file`, `not-cards`, `unknown-encoding`. A card is refused with `bad-card-line`,
/// `card-not-closed`, `card-bytes` or `unknown-encoding`.
pub fn read(bytes: &[u8], encoding: Option<&str>) -> Result<Cards, Problem> {
    let encoding = encoding.map(named).transpose()?.unwrap_or(UTF_8);
    let bom = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if [Some(UTF_16LE), Some(UTF_16BE)].contains(&bom) || encoding == UTF_16LE || encoding == UTF_16BE {
        let text = decode(bytes, Some(encoding.name()))?;
        return Reader::new(text.as_bytes(), UTF_8).cards();
    }
    Reader::new(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes), encoding).cards()
}

fn named(label: &str) -> Result<&'static Encoding, Problem> {
    Encoding::for_label(label.as_bytes())
        .ok_or_else(|| Problem::usage("unknown-encoding").arg("value", label))
}

struct Reader<'b> {
    lines: Vec<&'b [u8]>,
    at: usize,
    encoding: &'static Encoding,
}

/// A property whose value is still bytes.
struct Raw {
    group: String,
    name: String,
    parameters: Vec<(String, String)>,
    value: Vec<u8>,
}

impl<'b> Reader<'b> {
    fn new(bytes: &'b [u8], encoding: &'static Encoding) -> Self {
        // Very old files end lines in a bare carriage return.
        let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
        let lines = bytes.split(|b| *b == end).map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
        Self { lines, at: 0, encoding }
    }

    fn cards(mut self) -> Result<Cards, Problem> {
        let mut cards = Cards::new();
        let mut outside = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            if is(line, "BEGIN:VCARD") {
                cards.push(self.card());
                continue;
            }
            self.at += 1;
            if !line.trim_ascii().is_empty() {
                outside.push((self.at, Problem::invalid("bad-card-line").arg("line", self.at)));
            }
        }
        if cards.is_empty() {
            let empty = outside.is_empty();
            return Err(Problem::usage(if empty { "empty-file" } else { "not-cards" }));
        }
        // What stands between cards belongs to none: it is told once for each piece.
        outside.dedup_by(|next, first| {
            let follows = next.0 <= first.0 + 1;
            first.0 = if follows { next.0 } else { first.0 };
            follows
        });
        cards.extend(outside.into_iter().map(|(_, problem)| {
            let line = problem.get("line").and_then(|line| line.parse().ok()).unwrap_or(1);
            Err((line, problem))
        }));
        cards.sort_by_key(|card| card.as_ref().map_or_else(|(line, _)| *line, |card| card.line));
        Ok(cards)
    }

    /// The card that begins here; the whole of it is passed over, whatever is wrong with it.
    fn card(&mut self) -> Result<Card, (usize, Problem)> {
        let mut card = Card { line: self.at + 1, properties: Vec::new() };
        let begin = card.line;
        let old = self.is_old();
        let mut wrong = None;
        self.at += 1;
        loop {
            let not_closed = || Problem::invalid("card-not-closed").arg("line", begin);
            match self.lines.get(self.at) {
                None => return Err((begin, wrong.unwrap_or_else(not_closed))),
                Some(line) if line.trim_ascii().is_empty() => {
                    self.at += 1;
                    continue;
                }
                Some(line) if is(line, "END:VCARD") => {
                    self.at += 1;
                    return wrong.map_or(Ok(card), |problem| Err((begin, problem)));
                }
                Some(line) if is(line, "BEGIN:VCARD") => {
                    return Err((begin, wrong.unwrap_or_else(not_closed)));
                }
                Some(_) => {}
            }
            let line = self.at + 1;
            let Some(raw) = self.property(old) else {
                wrong.get_or_insert_with(|| Problem::invalid("bad-card-line").arg("line", line));
                continue;
            };
            if raw.name == "AGENT" && self.lines.get(self.at).is_some_and(|line| is(line, "BEGIN:VCARD")) {
                // The card of somebody's assistant.
                let _ = self.card();
                continue;
            }
            if ["PHOTO", "LOGO", "SOUND", "KEY", "VERSION", "AGENT"].contains(&raw.name.as_str()) {
                continue;
            }
            match self.decoded(raw, line, old) {
                Ok(property) => card.properties.push(property),
                Err(problem) => drop(wrong.get_or_insert(problem)),
            }
        }
    }

    /// Whether the card here is of version 2.1, where folds keep their white space.
    fn is_old(&self) -> bool {
        let rest = &self.lines[self.at + 1..];
        let within = rest.iter().take_while(|line| !is(line, "END:VCARD") && !is(line, "BEGIN:VCARD"));
        within.into_iter().any(|line| is(line, "VERSION:2.1"))
    }

    /// The property that begins in this line, with the lines that continue it.
    fn property(&mut self, old: bool) -> Option<Raw> {
        let mut whole = self.lines[self.at].to_vec();
        self.at += 1;
        while let Some([b' ' | b'\t', rest @ ..]) = self.lines.get(self.at) {
            // A blank line ends a picture of 2.1.
            if rest.trim_ascii().is_empty() {
                break;
            }
            whole.extend_from_slice(if old { self.lines[self.at] } else { rest });
            self.at += 1;
        }
        let colon = colon(&whole)?;
        let mut raw = head(&whole[..colon])?;
        raw.value = whole.split_off(colon + 1);
        let encoding =
            raw.parameters.iter().find(|(name, _)| name == "ENCODING").map(|(_, value)| value.as_str());
        match encoding {
            Some("QUOTED-PRINTABLE") => {
                // `=` at the end of a line continues it.
                while raw.value.ends_with(b"=") {
                    let Some(next) = self.lines.get(self.at).filter(|line| !is(line, "END:VCARD")) else {
                        break;
                    };
                    raw.value.pop();
                    raw.value.extend_from_slice(next);
                    self.at += 1;
                }
                raw.value = unquoted(&raw.value);
            }
            Some("BASE64" | "B") => {
                let goes_on = |line: &&[u8]| !line.trim_ascii().is_empty() && !line.contains(&b':');
                while self.lines.get(self.at).is_some_and(goes_on) {
                    self.at += 1;
                }
            }
            _ => {}
        }
        Some(raw)
    }

    fn decoded(&self, raw: Raw, line: usize, old: bool) -> Result<Property, Problem> {
        let label =
            raw.parameters.iter().find(|(name, _)| name == "CHARSET").map(|(_, value)| value.as_str());
        let encoding = label.map(named).transpose()?.unwrap_or(self.encoding);
        let value =
            encoding.decode_without_bom_handling_and_without_replacement(&raw.value).ok_or_else(|| {
                Problem::invalid("card-bytes").arg("line", line).arg("encoding", encoding.name())
            })?;
        let Raw { group, name, parameters, .. } = raw;
        Ok(Property { group, name, parameters, value: value.into_owned(), old })
    }
}

fn is(line: &[u8], text: &str) -> bool {
    line.trim_ascii().eq_ignore_ascii_case(text.as_bytes())
}

/// Where the value begins: the first colon outside quotes, or the first one where quotes are open.
fn colon(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let outside = line.iter().position(|b| {
        quoted ^= *b == b'"';
        *b == b':' && !quoted
    });
    outside.or_else(|| line.iter().position(|b| *b == b':'))
}

/// `item1.TEL;TYPE=CELL,VOICE;PREF`.
fn head(bytes: &[u8]) -> Option<Raw> {
    let text = String::from_utf8_lossy(bytes);
    let mut pieces = split_outside_quotes(&text, ';').into_iter();
    let name = pieces.next()?.trim();
    let (group, name) = name.rsplit_once('.').unwrap_or(("", name));
    let sound = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if name.is_empty() || !sound(name) || !sound(group) {
        return None;
    }
    let mut parameters = Vec::new();
    for piece in pieces {
        let (name, value) = match piece.split_once('=') {
            Some((name, value)) => (name.trim().to_ascii_uppercase(), value.trim().replace('"', "")),
            // 2.1 leaves out the name.
            None => match piece.trim().to_ascii_uppercase() {
                value if ["QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"].contains(&value.as_str()) => {
                    ("ENCODING".to_owned(), value)
                }
                value => ("TYPE".to_owned(), value),
            },
        };
        let value = if name == "ENCODING" { value.to_ascii_uppercase() } else { value };
        parameters.push((name, value));
    }
    Some(Raw { group: group.to_owned(), name: name.to_ascii_uppercase(), parameters, value: Vec::new() })
}

fn split_outside_quotes(text: &str, at: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == at && !quoted
    })
    .collect()
}

/// Quoted-printable as bytes; what is no code stays as it is.
fn unquoted(bytes: &[u8]) -> Vec<u8> {
    let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if let (b'=', [high, low, behind @ ..]) = (*first, after)
            && let (Some(high), Some(low)) = (digit(high), digit(low))
        {
            plain.push(high * 16 + low);
            rest = behind;
        } else {
            plain.push(*first);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cards as `LINE NAME=parts|…`, or the line and id of what is wrong.
    fn told(bytes: &[u8], encoding: Option<&str>) -> Vec<String> {
        let cards = match read(bytes, encoding) {
            Ok(cards) => cards,
            Err(problem) => return vec![problem.id.to_owned()],
        };
        let property = |p: &Property| format!("{}={}", p.name, p.parts().join("|"));
        cards
            .iter()
            .map(|card| match card {
                Ok(card) => {
                    let all: Vec<_> = card.properties.iter().map(property).collect();
                    format!("{} {}", card.line, all.join(" "))
                }
                Err((line, problem)) => {
                    format!("{line} {} {}", problem.id, problem.get("line").unwrap_or_default())
                }
            })
            .collect()
    }

    fn only(text: &str) -> Card {
        let cards = read(text.as_bytes(), None).expect("a card");
        cards.into_iter().next().expect("a card").expect("a good one")
    }

    #[test]
    fn folds_are_taken_back_also_inside_a_character() {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:王\r\n 芳\r\nNOTE:a \r\n\tb\r\nEND:VCARD\r\n";
        assert_eq!(told(text.as_bytes(), None), ["1 FN=王芳 NOTE=a b"]);
        let mut bytes = b"BEGIN:VCARD\nVERSION:3.0\nFN:".to_vec();
        let name = "汉风".as_bytes();
        bytes.extend([&name[..4], b"\n ", &name[4..], b"\nEND:VCARD"].concat());
        assert_eq!(told(&bytes, None), ["1 FN=汉风"]);
        // A fold of 2.1 keeps its white space.
        assert_eq!(told(b"BEGIN:VCARD\nVERSION:2.1\nFN:a\n b\nEND:VCARD", None), ["1 FN=a b"]);
    }

    #[test]
    fn groups_parameters_and_escapes_are_understood() {
        let card = only(concat!(
            "begin:vcard\nVERSION:4.0\nitem1.tel;VALUE=uri;TYPE=\"cell,voice\";PREF=1:tel:+86-1\n",
            "N;SORT-AS=\"a;b:c\":Zhang\\;x;W\\,ei;;a\\\\b;\nNOTE:one\\ntwo\\Nthree\\x\n",
            "CATEGORIES:a,b\\,c\nEND:vcard\n",
        ));
        let [tel, name, note, categories] = card.properties.as_slice() else { panic!("{card:?}") };
        assert_eq!(
            (tel.group.as_str(), tel.name.as_str(), tel.text().as_str()),
            ("item1", "TEL", "tel:+86-1")
        );
        assert!(tel.is("CELL") && tel.is("PREF") && !tel.is("FAX"));
        assert_eq!(name.parts(), ["Zhang;x", "W,ei", "", "a\\b", ""]);
        assert_eq!(note.text(), "one\ntwo\nthree\\x");
        assert_eq!(categories.list(), ["a", "b,c"]);
    }

    #[test]
    fn version_2_1_has_bare_types_quoted_printable_and_character_sets() {
        let text = concat!(
            "BEGIN:VCARD\r\nVERSION:2.1\r\n",
            "N;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=C0=EE;=C7=BF;;;\r\n",
            "TEL;CELL;PREF:161\r\n",
            "ADR;QUOTED-PRINTABLE;CHARSET=UTF-8:;;=E6=\r\n=96=87\\;=3D;=\r\n;;;\r\n",
            "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n AAAA\r\nAQID\r\n\r\n",
            "NOTE:C:\\new\r\nEND:VCARD\r\n",
        );
        assert_eq!(told(text.as_bytes(), None), ["1 N=李|强||| TEL=161 ADR=||文;=|||| NOTE=C:\\new"]);
        let card = only(text);
        assert!(card.properties[1].is("cell") && card.properties[1].is("pref"));
    }

    #[test]
    fn values_without_a_character_set_are_in_the_encoding_that_is_given() {
        let gbk = b"BEGIN:VCARD\nVERSION:2.1\nFN:\xC0\xEE\xC7\xBF\nEND:VCARD\n";
        assert_eq!(told(gbk, Some("gbk")), ["1 FN=李强"]);
        assert_eq!(told(gbk, None), ["1 card-bytes 3"]);
        assert_eq!(told(gbk, Some("klingon")), ["unknown-encoding"]);
        let own = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=GBK:\xC0\xEE\xC7\xBF\nEND:VCARD\n";
        assert_eq!(told(own, None), ["1 FN=李强"]);
        assert_eq!(told(b"BEGIN:VCARD\nFN;CHARSET=x:a\nEND:VCARD\n", None), ["1 unknown-encoding "]);
        let wide: Vec<u8> =
            "\u{feff}BEGIN:VCARD\nFN:李强\nEND:VCARD\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(told(&wide, None), ["1 FN=李强"]);
        assert_eq!(told("\u{feff}BEGIN:VCARD\nFN:李强\nEND:VCARD".as_bytes(), None), ["1 FN=李强"]);
    }

    #[test]
    fn bad_cards_are_named_with_their_line_and_the_others_are_read() {
        let text = concat!(
            "BEGIN:VCARD\nFN:a\nno colon here\nEND:VCARD\n",
            "\nrubbish\nmore\n",
            "BEGIN:VCARD\nFN:b\n",
            "BEGIN:VCARD\nFN:c\nEND:VCARD\n",
            "BEGIN:VCARD\nFN:d\nAGENT:\nBEGIN:VCARD\nFN:e\nEND:VCARD\nTITLE:x\nEND:VCARD\n",
            "BEGIN:VCARD\nFN:f\n",
        );
        assert_eq!(
            told(text.as_bytes(), None),
            [
                "1 bad-card-line 3",
                "6 bad-card-line 6",
                "8 card-not-closed 8",
                "10 FN=c",
                "13 FN=d TITLE=x",
                "21 card-not-closed 21",
            ]
        );
        assert_eq!(told(b"name,phone\na,b\n", None), ["not-cards"]);
        assert_eq!(told(b"\n\n", None), ["empty-file"]);
        assert_eq!(told(b"BEGIN:VCARD\rFN:a\rEND:VCARD\r", None), ["1 FN=a"]);
    }
}
