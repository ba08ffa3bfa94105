//! Workbooks read back: the parts of the archive that they are.

use std::io::Read as _;

/// A part of a workbook, unpacked.
pub fn part(book: &[u8], name: &str) -> String {
    let number = |at: usize, width: usize| {
        (0..width).rev().fold(0_usize, |sum, place| (sum << 8) | usize::from(book[at + place]))
    };
    let end = book.windows(4).rposition(|w| w == b"PK\x05\x06").expect("the end of an archive");
    let (count, mut at) = (number(end + 10, 2), number(end + 16, 4));
    for _ in 0..count {
        let (packed, names, extra, comment) =
            (number(at + 20, 4), number(at + 28, 2), number(at + 30, 2), number(at + 32, 2));
        let header = number(at + 42, 4);
        if &book[at + 46..at + 46 + names] == name.as_bytes() {
            let from = header + 30 + number(header + 26, 2) + number(header + 28, 2);
            let mut text = String::new();
            let bytes = &book[from..from + packed];
            flate2::read::DeflateDecoder::new(bytes).read_to_string(&mut text).expect("an xml part");
            return text;
        }
        at += 46 + names + extra + comment;
    }
    panic!("no part {name}")
}
