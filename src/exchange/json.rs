//! json (an array of objects) and jsonl (an object a line) into a [`Sheet`].
//!
//! Child rows are arrays of objects; each becomes a row of the sheet under `<singular>.<field>`
//! with the record's own cells beside it, as in csv.

use serde_json::{Deserializer, Map, Value};

use super::sheet::{Sheet, SheetRow};
use crate::model::Problem;
use crate::model::record::singular;

/// Reads a file.
///
/// # Errors
/// `bad-json` with its line, `not-an-object`, `empty-file`.
pub fn read(text: &str) -> Result<Sheet, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let mut sheet = Sheet::default();
    for (group, (line, object)) in objects(text)?.into_iter().enumerate() {
        for cells in rows_of(object) {
            let mut row =
                SheetRow { line, cells: vec![String::new(); sheet.header.len()], group: Some(group) };
            for (name, cell) in cells {
                let at = sheet.header.iter().position(|known| *known == name).unwrap_or_else(|| {
                    sheet.header.push(name);
                    row.cells.push(String::new());
                    sheet.header.len() - 1
                });
                row.cells[at] = cell;
            }
            sheet.rows.push(row);
        }
    }
    if sheet.header.is_empty() {
        return Err(Problem::usage("empty-file"));
    }
    for row in &mut sheet.rows {
        row.cells.resize(sheet.header.len(), String::new());
    }
    Ok(sheet)
}

/// An object and the line on which it begins.
type Placed = (usize, Map<String, Value>);

/// The objects with the lines on which they begin.
fn objects(text: &str) -> Result<Vec<Placed>, Problem> {
    let inside = text.trim_start().strip_prefix('[');
    let mut at = inside.map_or(0, |inside| text.len() - inside.len());
    let (mut line, mut counted) = (1, 0);
    let mut objects = Vec::new();
    loop {
        let rest = &text[at..];
        let skipped = rest.len()
            - rest.trim_start_matches(|c: char| c.is_whitespace() || (inside.is_some() && c == ',')).len();
        at += skipped;
        let rest = &text[at..];
        line += text.as_bytes()[counted..at].iter().filter(|b| **b == b'\n').count();
        counted = at;
        if rest.is_empty() && inside.is_none() || inside.is_some() && rest.trim_end() == "]" {
            return Ok(objects);
        }
        let mut stream = Deserializer::from_str(rest).into_iter::<Value>();
        match stream.next() {
            Some(Ok(Value::Object(object))) => objects.push((line, object)),
            Some(Ok(_)) => return Err(Problem::usage("not-an-object").arg("line", line)),
            Some(Err(error)) => {
                return Err(Problem::usage("bad-json")
                    .arg("line", line + error.line() - 1)
                    .arg("reason", error));
            }
            None => return Err(Problem::usage("bad-json").arg("line", line).arg("reason", "no end")),
        }
        at += stream.byte_offset();
    }
}

/// The rows of one object: its own cells, with those of a child row each.
fn rows_of(object: Map<String, Value>) -> Vec<Vec<(String, String)>> {
    let mut own = Vec::new();
    let mut children = Vec::new();
    for (name, value) in object {
        match value {
            Value::Array(items) if items.iter().any(Value::is_object) => {
                let prefix = singular(&name);
                children.extend(items.into_iter().map(|item| flat(&format!("{prefix}."), item)));
            }
            Value::Object(_) => own.extend(flat(&format!("{name}."), value)),
            other => own.push((name, cell(&other))),
        }
    }
    if children.is_empty() {
        return vec![own];
    }
    children.into_iter().map(|child| own.iter().cloned().chain(child).collect()).collect()
}

fn flat(prefix: &str, value: Value) -> Vec<(String, String)> {
    match value {
        Value::Object(object) => {
            object.iter().map(|(name, value)| (format!("{prefix}{name}"), cell(value))).collect()
        }
        other => vec![(prefix.trim_end_matches('.').to_owned(), cell(&other))],
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &str) {
        let told = match read(text) {
            Ok(sheet) => {
                let rows = sheet.rows.iter().map(|row| format!("{}:{}", row.line, row.cells.join("|")));
                std::iter::once(sheet.header.join("|")).chain(rows).collect::<Vec<_>>().join(" / ")
            }
            Err(problem) => format!("{} {}", problem.id, problem.get("line").unwrap_or_default()),
        };
        assert_eq!(told, wanted, "{text}");
    }

    #[test]
    fn arrays_and_lines_of_objects_are_read() {
        check(
            "[{\"a\": 1, \"b\": null},\n {\"a\": \"x\", \"c\": [\"p\", \"q\"]}]\n",
            "a|b|c / 1:1|| / 2:x||p;q",
        );
        check("{\"a\": true}\n\n{\"a\": 14.5}\n", "a / 1:true / 3:14.5");
        check("{\"a\": {\"b\": 1}}", "a.b / 1:1");
    }

    #[test]
    fn child_rows_become_rows_beside_their_record() {
        check(
            "[{\"number\": 1, \"lines\": [{\"qty\": 2}, {\"qty\": 3, \"product\": \"A\"}], \"tags\": []}]",
            "number|tags|line.qty|line.product / 1:1||2| / 1:1||3|A",
        );
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_line() {
        check("[{\"a\": 1},\n{\"a\": }]", "bad-json 2");
        check("[1]", "not-an-object 1");
        check("[{\"a\": 1}", "bad-json 1");
        check("[]", "empty-file ");
    }
}
