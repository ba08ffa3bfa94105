//! `batch`: one command a line, all in one transaction and one commit; `--each` for one each.

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};

use super::super::args::{Words, place, switch};
use super::super::change::{Done, override_remark};
use super::super::context::{Context, Writing};
use super::super::error::{Exit, Failure};
use super::super::fields::{on, one};
use super::super::resolve::Names;
use super::{Action, Job, Standalone, told};
use crate::draft::Draft;
use crate::model::Problem;
use crate::model::record::Kind;

/// `crm batch [FILE|-]`.
pub const BATCH: Standalone = Standalone {
    name: "batch",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        super::super::args::writing(
            command.arg(place("file", "FILE", words)).arg(switch("each", words)),
            &|_| false,
            words,
        )
    },
    run: batch,
};

/// The verbs that show something or ask somebody, and so have no place in a change.
const READS: &[&str] = &["list", "show", "history", "edit", "todo", "stock", "check", "score", "records"];

/// A parsed line of the file.
struct Line {
    number: usize,
    kind: &'static Kind,
    matches: ArgMatches,
    verb: String,
}

fn batch(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let bytes = super::records::read_file(&one(matches, "file").unwrap_or_else(|| "-".to_owned()))?;
    let text = String::from_utf8(bytes)
        .map_err(|e| Problem::invalid("bad-utf8").arg("offset", e.utf8_error().valid_up_to()))?;
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            lines.push(parsed(context, at + 1, trimmed).map_err(|f| at_line(f, at + 1))?);
        }
    }
    if on(matches, "each") {
        return each(context, &lines);
    }
    let writing = Writing::from(context, matches)?;
    // Which line first touched a record: the rules judge all of them together at the end.
    let mut touched: BTreeMap<String, usize> = BTreeMap::new();
    let done = context.change("batch", &with_payload(writing, &text), &mut |draft, names| {
        touched.clear();
        context.parts.borrow_mut().clear();
        for line in &lines {
            wish(context, line, draft, names).map_err(|f| at_line(f, line.number))?;
            let new = draft.touched_after(touched.len());
            touched.extend(new.iter().map(|path| (path.clone(), line.number)));
        }
        Ok(())
    });
    let done = done.map_err(|mut failure| {
        for problem in &mut failure.problems {
            let line = problem.path.as_ref().and_then(|path| touched.get(path));
            if let Some(line) = line.copied() {
                problem.path = Some("batch".to_owned());
                problem.line = Some(line);
            }
        }
        failure
    })?;
    told(context, "batch", &done)?;
    Ok(Exit::Ok)
}

fn with_payload(mut writing: Writing, text: &str) -> Writing {
    writing.payload.insert("lines".to_owned(), vec![text.to_owned()]);
    writing
}

fn parsed(context: &Context, number: usize, line: &str) -> Result<Line, Failure> {
    let words: Vec<String> = if line.starts_with('[') {
        serde_json::from_str(line)
            .map_err(|e| Problem::usage("bad-json").arg("line", number).arg("reason", e))?
    } else {
        split(line).ok_or_else(|| Problem::usage("unbalanced-quotes").arg("value", line))?
    };
    let matches = super::super::parse(context, &words)?;
    let Some((noun, inner)) = matches.subcommand() else {
        return Err(Problem::usage("not-in-batch").arg("value", line).into());
    };
    let Some(kind) = context.schema.kind(noun) else {
        return Err(Problem::usage("not-in-batch").arg("value", noun).into());
    };
    let verb = inner.subcommand_name().unwrap_or_default().to_owned();
    if READS.contains(&verb.as_str()) {
        return Err(Problem::usage("not-in-batch").arg("value", format!("{noun} {verb}")).into());
    }
    Ok(Line { number, kind, matches: inner.clone(), verb })
}

/// Words as a shell splits them: quotes, double quotes and backslashes; no expansion.
pub fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => {
                let open = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        c => open.push(c),
                    }
                }
            }
            '"' => {
                let open = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => match chars.next()? {
                            c @ ('"' | '\\' | '$' | '`') => open.push(c),
                            c => {
                                open.push('\\');
                                open.push(c);
                            }
                        },
                        c => open.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '#' if word.is_none() => break,
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

fn job<'a>(context: &'a Context, line: &'a Line) -> Result<Job<'a>, Failure> {
    context.set_verb(&line.verb);
    match super::noun(context, line.kind, &line.matches)? {
        Action::Change(job) => Ok(job),
        Action::Done(_) => Err(Problem::usage("not-in-batch").arg("value", &line.verb).into()),
    }
}

fn wish(context: &Context, line: &Line, draft: &mut Draft<'_>, names: &Names<'_>) -> Result<(), Failure> {
    let mut job = job(context, line)?;
    context.parts.borrow_mut().push(job.op.clone());
    let before = draft.setting.clone();
    draft.setting.on = job.writing.on.unwrap_or(before.on);
    draft.setting.reason = job.writing.reason.clone().or(before.reason.clone());
    draft.setting.allow.extend(job.writing.allow.iter().cloned());
    draft.remarks.extend(override_remark(&job.writing));
    let outcome = (job.wish)(draft, names);
    draft.setting.on = before.on;
    draft.setting.reason = before.reason;
    // A batch answers with all that it made.
    draft.answer.clear();
    outcome
}

fn each(context: &Context, lines: &[Line]) -> Result<Exit, Failure> {
    let mut failed = 0;
    for line in lines {
        let outcome = job(context, line).and_then(|mut job| {
            let done: Done = context.change(&job.op, &job.writing, &mut *job.wish)?;
            told(context, &job.op, &done)
        });
        if let Err(failure) = outcome {
            if !context.globals.keep_going {
                return Err(at_line(failure, line.number));
            }
            failed += 1;
            for text in at_line(failure, line.number).words(&context.locale) {
                context.ui.stderr(&text);
            }
        }
    }
    Ok(if failed > 0 { Exit::Partial } else { Exit::Ok })
}

/// Says which line of the batch a failure is about.
fn at_line(mut failure: Failure, number: usize) -> Failure {
    for problem in failure.problems.iter_mut().filter(|p| p.path.is_none()) {
        problem.path = Some("batch".to_owned());
        problem.line = Some(number);
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_split_as_a_shell_does() {
        for (line, words) in [
            ("customer add --name 海尔", Some(vec!["customer", "add", "--name", "海尔"])),
            (r#"a "b c" 'd "e"' f\ g"#, Some(vec!["a", "b c", "d \"e\"", "f g"])),
            (r#"a """#, Some(vec!["a", ""])),
            ("a # rest", Some(vec!["a"])),
            ("a#b", Some(vec!["a#b"])),
            ("a 'b", None),
            ("a \"b", None),
            ("a\\", None),
        ] {
            let split = split(line);
            let split = split.as_ref().map(|w| w.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(split, words, "{line}");
        }
    }
}
