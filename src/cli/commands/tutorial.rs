//! `tutorial`: lessons for a newcomer. Each runs its command lines by the program itself in a scratch
//! store and shows what they really print, with a sentence why.
//!
//! The store of the current directory is never opened, and what a lesson makes is gone after it
//! unless it is to be kept. Deliberately absent: lines that the reader types; after a lesson that was
//! kept, the shell is there for that.

mod lesson;
mod scratch;

use std::io::Write as _;

use clap::{ArgMatches, Command};

use self::lesson::{Lesson, text_id, value_id};
use self::scratch::{Scratch, Shell};
use super::super::args::{Words, option, place, switch};
use super::super::context::Context;
use super::super::environment::Environment;
use super::super::error::{Exit, Failure};
use super::super::fields::{on, one};
use super::Standalone;
use crate::formats::Format;
use crate::model::{Class, Problem};
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm tutorial [LESSON]`.
pub const TUTORIAL: Standalone = Standalone {
    name: "tutorial",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let all = switch("all", words).help(words.text("help-tutorial-all"));
        let keep = switch("keep", words).help(words.text("help-tutorial-keep"));
        command
            .long_about(words.text("help-tutorial-long"))
            .arg(place("lesson", "LESSON", words).conflicts_with("all"))
            .arg(all)
            .arg(option("dir", "DIR", words).help(words.text("help-tutorial-dir")))
            .arg(keep)
    },
    run: tutorial,
};

/// A step that was made, or in a dry run would be.
struct Made {
    lesson: &'static str,
    step: &'static str,
    why: String,
    line: String,
    exit: Option<i32>,
    output: String,
}

fn tutorial(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let lessons = lesson::all();
    let wanted: Vec<usize> = match one(matches, "lesson") {
        Some(text) => vec![find(&lessons, &text)?],
        None if on(matches, "all") => (0..lessons.len()).collect(),
        None => {
            if on(matches, "keep") || one(matches, "dir").is_some() {
                return Err(Problem::usage("tutorial-which").hint("tutorial-which-hint").into());
            }
            return list(context, &lessons);
        }
    };
    let named = one(matches, "dir").map(|dir| Environment::directory().join(dir));
    // Nothing runs in a dry run, so nothing is made either.
    let scratch = if context.globals.dry_run {
        None
    } else {
        let names = wanted.iter().map(|at| lessons[*at].name);
        Some(Scratch::new(named, on(matches, "keep"), names)?)
    };
    let as_table = context.ui.format.is_some_and(|format| format != Format::Table);
    // A file is written once, and a table is made of everything.
    let at_once = as_table || context.ui.output_file().is_some();
    let mut made = Vec::new();
    let mut lines = Vec::new();
    for at in wanted {
        let mut show = |new: Vec<String>| {
            lines.extend(new);
            if at_once { Ok(()) } else { print(context, lines.drain(..)) }
        };
        let asks = !at_once && scratch.is_some();
        if !teach(context, (at, &lessons[at]), scratch.as_ref(), asks, &mut made, &mut show)? {
            break;
        }
    }
    if as_table {
        context.ui.table(&table_of(context, &made), Format::Json)?;
    } else if at_once {
        context.ui.lines(lines)?;
    }
    if let Some(kept) = scratch.as_ref().and_then(Scratch::kept) {
        context.say("tutorial-kept", &[("dir", &kept.display().to_string())]);
    }
    Ok(Exit::Ok)
}

/// Prints without the pager, which would come between a step and the next.
fn print(context: &Context, lines: impl Iterator<Item = String>) -> Result<(), Failure> {
    let mut out = context.ui.stream();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

/// The lesson of a number or a name.
fn find(lessons: &[Lesson], text: &str) -> Result<usize, Problem> {
    let by_number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let found = by_number.filter(|at| *at < lessons.len());
    found.or_else(|| lessons.iter().position(|lesson| lesson.name == text)).ok_or_else(|| {
        let names: Vec<&str> = lessons.iter().map(|lesson| lesson.name).collect();
        Problem::new(Class::NotFound, "tutorial-unknown")
            .arg("value", text)
            .arg("count", lessons.len())
            .legal(names.iter().copied())
            .candidates(crate::query::nearest(text, &names))
    })
}

/// The table of the lessons.
fn list(context: &Context, lessons: &[Lesson]) -> Result<Exit, Failure> {
    let columns = [
        ("number", ColumnType::Int),
        ("name", ColumnType::Text),
        ("title", ColumnType::Text),
        ("about", ColumnType::Text),
        ("steps", ColumnType::Int),
    ];
    let mut table = Table::new("tutorial", columns.map(|column| labelled(context, column)).to_vec());
    table.title = context.text("tutorial-lessons", &[]);
    table.id_column = Some(1);
    for (at, lesson) in lessons.iter().enumerate() {
        let shown = lesson.steps.iter().filter(|step| step.name.is_some()).count();
        table.rows.push(vec![
            number(at + 1),
            Cell::text(lesson.name),
            Cell::text(context.text(&text_id(lesson.name, "title"), &[])),
            Cell::text(context.text(&text_id(lesson.name, "about"), &[])),
            number(shown),
        ]);
    }
    context.ui.table(&table, Format::Table)?;
    context.say("tutorial-start", &[]);
    Ok(Exit::Ok)
}

fn labelled(context: &Context, (code, ty): (&str, ColumnType)) -> Column {
    Column::new(code, ty).labelled(context.text(&format!("tutorial-column-{code}"), &[]))
}

fn number(value: usize) -> Cell {
    Cell::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

/// Goes through a lesson. Says whether the reader wants to go on after it.
fn teach(
    context: &Context,
    (at, lesson): (usize, &Lesson),
    scratch: Option<&Scratch>,
    asks: bool,
    made: &mut Vec<Made>,
    show: &mut dyn FnMut(Vec<String>) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    let title = context.text(&text_id(lesson.name, "title"), &[]);
    let number = (at + 1).to_string();
    let heading = context.text("tutorial-heading", &[("number", &number), ("title", &title)]);
    let mut opening = vec![heading, context.text(&text_id(lesson.name, "about"), &[])];
    if lesson.is_prepared() {
        opening.push(context.text(&text_id(lesson.name, "there"), &[]));
    }
    opening.push(String::new());
    show(opening)?;
    let mut shell = match scratch {
        Some(scratch) => Some(Shell::new(scratch.lesson(lesson.name)?, context.locale.language)?),
        None => None,
    };
    let value = |name: &str| context.text(&value_id(name), &[]);
    for step in &lesson.steps {
        let line = step.typed(&value);
        let Some(name) = step.name else {
            if let Some(shell) = &mut shell {
                expect(&line, step.exit, &shell.run(&line)?)?;
            }
            continue;
        };
        let why = context.text(&text_id(lesson.name, name), &[]);
        show(vec![why.clone(), format!("$ {line}")])?;
        if asks && stops(context)? {
            return Ok(false);
        }
        let mut step_made =
            Made { lesson: lesson.name, step: name, why, line, exit: None, output: String::new() };
        if let Some(shell) = &mut shell {
            let (exit, output) = shell.run(&step_made.line)?;
            let lines = output.lines().map(str::to_owned).chain([String::new()]);
            show(lines.collect())?;
            expect(&step_made.line, step.exit, &(exit, output.clone()))?;
            (step_made.exit, step_made.output) = (Some(exit), output);
        } else {
            show(vec![String::new()])?;
        }
        made.push(step_made);
    }
    Ok(true)
}

/// Waits for Enter where somebody is there. Says whether they have had enough.
fn stops(context: &Context) -> Result<bool, Failure> {
    Ok(context.ask("tutorial-enter")?.is_some_and(|answer| answer.eq_ignore_ascii_case("q")))
}

/// A step that came out otherwise than declared ends the lesson.
fn expect(line: &str, exit: i32, (found, output): &(i32, String)) -> Result<(), Failure> {
    if *found == exit {
        return Ok(());
    }
    let last = output.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    let problem = Problem::invalid("tutorial-failed")
        .arg("line", line)
        .arg("exit", found)
        .arg("expected", exit)
        .arg("reason", last);
    Err(Failure::new(Exit::Error, problem))
}

/// The steps as rows, for programs.
fn table_of(context: &Context, made: &[Made]) -> Table {
    let columns = [
        ("lesson", ColumnType::Text),
        ("step", ColumnType::Text),
        ("why", ColumnType::Text),
        ("command", ColumnType::Text),
        ("exit", ColumnType::Int),
        ("output", ColumnType::Text),
    ];
    let mut table = Table::new("tutorial", columns.map(|column| labelled(context, column)).to_vec());
    table.id_column = Some(1);
    table.rows.extend(made.iter().map(|made| {
        vec![
            Cell::text(made.lesson),
            Cell::text(made.step),
            Cell::text(made.why.clone()),
            Cell::text(made.line.clone()),
            made.exit.map_or(Cell::Null, |exit| Cell::Int(i64::from(exit))),
            Cell::text(made.output.clone()),
        ]
    }));
    table
}
