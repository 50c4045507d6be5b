//! Every question of `can-i.txt`, answered by the manifests.

use countersign_policy::rbac::{Environment, account, allows, manifests};

use super::{matrix, target};

const QUESTIONS: &str = include_str!("can-i.txt");

#[test]
fn the_manifests_answer_every_question_as_the_specification_does() {
    let mut objects = manifests(&matrix(), &[], &target("slot", Environment::Slot)).unwrap();
    let product = target("product", Environment::Product);
    objects.extend(manifests(&matrix(), &[], &product).unwrap());
    let (mut namespace, mut columns, mut asked) = ("", Vec::new(), 0);
    for line in QUESTIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [section] => namespace = section.trim_matches(['[', ']']),
            ["verb", "resource", ref names @ ..] => columns = names.to_vec(),
            [verb, resource, ref answers @ ..] => {
                assert_eq!(answers.len(), columns.len(), "{line}");
                let (resource, subresource) = match resource.split_once('/') {
                    Some((resource, sub)) => (resource, format!("/{sub}")),
                    None => (resource, String::new()),
                };
                let (resource, group) = resource.split_once('.').unwrap_or((resource, ""));
                let resource = format!("{resource}{subresource}");
                for (name, answer) in columns.iter().zip(answers) {
                    // Nobody has an account elsewhere: those of the slot try.
                    let home = if namespace == "product" { "product" } else { "slot" };
                    let role = account(name).unwrap();
                    let who = match *name {
                        "gateway" => ("countersign", "countersign-gateway"),
                        _ => (home, role.as_str()),
                    };
                    let allowed = allows(&objects, who, namespace, verb, (group, &resource));
                    assert_eq!(allowed, *answer == "yes", "{namespace}: {name}: {line}");
                    assert!(["yes", "no"].contains(answer), "{line}");
                    asked += 1;
                }
            }
            [] => unreachable!(),
        }
    }
    assert!(asked > 500, "{asked}");
}

#[test]
fn the_accounts_of_a_slot_may_do_nothing_in_the_product() {
    let mut objects = manifests(&matrix(), &[], &target("slot", Environment::Slot)).unwrap();
    let product = target("product", Environment::Product);
    objects.extend(manifests(&matrix(), &[], &product).unwrap());
    for role in matrix().keys() {
        let account = account(role).unwrap();
        let who = ("slot", account.as_str());
        assert!(!allows(&objects, who, "product", "get", ("", "pods")), "{role}");
    }
}
