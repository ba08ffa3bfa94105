//! Random work of three people: nothing lost, nothing invented, everybody has the same in the end.

use std::collections::BTreeMap;

use super::Team;

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most
    }
}

/// Fields that anybody may set to any text.
const FIELDS: [&str; 4] = ["city", "street", "district", "province"];

/// What the customers hold: id to field to value.
type Model = BTreeMap<String, BTreeMap<String, serde_json::Value>>;

fn found(team: &mut Team, clone: usize) -> Model {
    let fields = format!("id,name,tags,{}", FIELDS.join(","));
    let json =
        team.at(clone).crm(&["customer", "list", "--format", "json", "--fields", &fields]).exits(0).json();
    let rows = json.as_array().expect("rows").iter();
    rows.map(|row| {
        let object = row.as_object().expect("an object");
        let id = object["id"].as_str().expect("an id").to_owned();
        (id, object.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    })
    .collect()
}

#[test]
fn random_work_of_three_clones_loses_nothing_and_invents_nothing() {
    for seed in [1_u64, 20_260_304] {
        let mut random = Random(seed);
        let mut team = Team::of(3);
        let lines: String = (0..5).map(|n| format!("customer add --name base{n}\n")).collect();
        team.at(1).write("many", lines);
        team.at(1).ok("batch many");
        team.at(1).remove("many");
        team.until_quiet(3);
        let mut model = found(&mut team, 1);
        for round in 0..5 {
            work(&mut team, &mut model, &mut random, round);
            // Some sync now, some later.
            for _ in 0..random.below(4) {
                let clone = 1 + random.below(3);
                team.at(clone).ok("sync");
            }
            team.until_quiet(3);
            for clone in 1..=3 {
                assert_eq!(found(&mut team, clone), model, "seed {seed}, round {round}, clone {clone}");
            }
        }
        team.at(2).ok("check");
        let unknown = team.at(3).git("grep -h ^x_future -- customers");
        assert_eq!(unknown.lines().count(), 5 * 2, "{unknown}");
    }
}

/// Every field of a record is given to one clone, or to two that set it alike; each adds tags, a
/// record and, beside what it knows, a key of a later version.
fn work(team: &mut Team, model: &mut Model, random: &mut Random, round: usize) {
    let ids: Vec<String> = model.keys().cloned().collect();
    let mut lines: [String; 3] = Default::default();
    for (number, id) in ids.iter().enumerate() {
        for (at, field) in FIELDS.iter().enumerate() {
            let value = format!("r{round}v{number}{at}");
            let first = random.below(3);
            let chosen: &[usize] = match random.below(4) {
                0 => &[first],
                1 => &[first, (first + 1) % 3],
                _ => &[],
            };
            for clone in chosen {
                lines[*clone].push_str(&format!("customer set {id} --{field} {value}\n"));
                model.get_mut(id).expect("known").insert((*field).to_owned(), value.clone().into());
            }
        }
        let clone = random.below(3);
        let tag = format!("t{round}x{}", random.below(50));
        lines[clone].push_str(&format!("customer set {id} --add-tag {tag}\n"));
        let tags = model.get_mut(id).expect("known").get_mut("tags").expect("tags");
        let mut all: Vec<String> = tags.as_array().map_or(Vec::new(), |tags| {
            tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect()
        });
        if !all.contains(&tag) {
            all.push(tag);
        }
        all.sort();
        *tags = all.into();
    }
    for clone in 1..=3 {
        let sandbox = team.at(clone);
        sandbox.write("batch", &lines[clone - 1]);
        // Some make one commit of it, others one of each line.
        sandbox.ok(if random.below(2) == 0 { "batch batch" } else { "batch batch --each" });
        sandbox.remove("batch");
        let id = sandbox.ok(&["customer", "add", "--name", &format!("n{round}of{clone}")]);
        let mut row: BTreeMap<String, serde_json::Value> =
            FIELDS.iter().map(|field| ((*field).to_owned(), serde_json::Value::Null)).collect();
        row.insert("id".to_owned(), id.clone().into());
        row.insert("name".to_owned(), format!("n{round}of{clone}").into());
        row.insert("tags".to_owned(), serde_json::Value::Null);
        model.insert(id, row);
        if clone < 3 {
            let path = sandbox.git("ls-files customers").lines().next().expect("a customer").to_owned();
            sandbox.edit(&path, |text| {
                text.replacen("name = ", &format!("x_future{round}of{clone} = 1\nname = "), 1)
            });
            sandbox.git("commit -qam later");
        }
    }
}
