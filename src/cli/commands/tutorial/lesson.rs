//! The lessons as they are declared: their names, their steps, and the command lines of these.
//!
//! Nothing runs here. The sentences and the sample data are texts of the bundles.

const LESSONS: &str = include_str!("lessons.txt");

/// A lesson.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    pub name: &'static str,
    pub steps: Vec<Step>,
}

impl Lesson {
    /// Whether something is there already when it begins.
    pub fn is_prepared(&self) -> bool {
        self.steps.iter().any(|step| step.name.is_none())
    }
}

/// A command line of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What its sentence is called; nothing where the step only prepares the lesson.
    pub name: Option<&'static str>,
    /// The exit that is expected.
    pub exit: i32,
    /// As it is typed, with `{name}` for sample data.
    line: &'static str,
}

impl Step {
    fn parse(text: &'static str) -> Option<Self> {
        let (head, line) = text.split_once(" = ")?;
        let (name, exit) = match head.split_once('!') {
            Some((name, exit)) => (name, exit.parse().ok()?),
            None => (head, 0),
        };
        Some(Self { name: Some(name).filter(|name| *name != "-"), exit, line })
    }

    /// The line with its sample data.
    pub fn typed(&self, value: &dyn Fn(&str) -> String) -> String {
        let mut typed = String::new();
        let mut rest = self.line;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            typed.push_str(before);
            typed.push_str(&value(name));
            rest = after;
        }
        typed.push_str(rest);
        typed
    }
}

/// Every lesson, in their order.
pub fn all() -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = Vec::new();
    for line in LESSONS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("lesson ") {
            lessons.push(Lesson { name, steps: Vec::new() });
        } else if let (Some(lesson), Some(step)) = (lessons.last_mut(), Step::parse(line)) {
            lesson.steps.push(step);
        }
    }
    lessons
}

/// The text of a lesson or of a step of it.
pub fn text_id(lesson: &str, what: &str) -> String {
    format!("tutorial-{lesson}-{what}")
}

/// The text of a piece of sample data.
pub fn value_id(name: &str) -> String {
    format!("tutorial-value-{name}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cli::commands::batch::split;
    use crate::locale::{Language, Locale};

    #[test]
    fn every_line_is_a_lesson_or_a_step_and_every_lesson_has_a_handful() {
        let lines = LESSONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count();
        let lessons = all();
        let steps: usize = lessons.iter().map(|lesson| lesson.steps.len()).sum();
        assert_eq!(lines, lessons.len() + steps);
        assert_eq!(lessons.len(), 6);
        for lesson in &lessons {
            let shown: Vec<_> = lesson.steps.iter().filter_map(|step| step.name).collect();
            assert!((5..=12).contains(&shown.len()), "{}: {shown:?}", lesson.name);
            assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), shown.len(), "{}", lesson.name);
        }
    }

    #[test]
    fn every_lesson_step_and_value_has_a_text_in_every_language() {
        for language in [Language::English, Language::Chinese] {
            let locale = Locale::new(language);
            for lesson in all() {
                let own = ["title", "about"].into_iter().chain(lesson.is_prepared().then_some("there"));
                for what in own.chain(lesson.steps.iter().filter_map(|step| step.name)) {
                    let id = text_id(lesson.name, what);
                    assert!(locale.has(&id), "{}: {id}", language.tag());
                }
                for step in &lesson.steps {
                    let typed = step.typed(&|name| {
                        assert!(locale.has(&value_id(name)), "{}: {name}", language.tag());
                        locale.text(&value_id(name), &[])
                    });
                    assert!(split(&typed).is_some_and(|words| words.len() > 1), "{typed}");
                }
            }
        }
    }

    #[test]
    fn a_step_is_read_with_its_exit_and_its_values() {
        let step = Step::parse("no!11 = crm show \"{a}\" {b}.").expect("a step");
        assert_eq!((step.name, step.exit), (Some("no"), 11));
        assert_eq!(step.typed(&|name| name.to_uppercase()), "crm show \"A\" B.");
        assert_eq!(Step::parse("- = cd x").map(|step| (step.name, step.exit)), Some((None, 0)));
        assert_eq!(Step::parse("cd x"), None);
    }
}
