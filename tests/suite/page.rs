//! The page of every fixture: well-formed, and its findings are those of the JSON report.

use super::gates_probes;
use super::program::{fixture, paralint, report};
use scraper::{Html, Selector};

fn page(folder: &std::path::Path, arguments: &[&str]) -> Html {
    let output = paralint(folder).args(arguments).args(["--format", "html"]).output().unwrap();
    let page = Html::parse_document(std::str::from_utf8(&output.stdout).unwrap());
    assert!(page.errors.is_empty(), "{}: {:?}", folder.display(), page.errors);
    page
}

fn number(page: &Html, selector: &str) -> usize {
    page.select(&Selector::parse(selector).unwrap()).count()
}

#[test]
fn every_page_agrees_with_the_report() {
    let mut folders: Vec<_> = std::fs::read_dir(fixture("")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let arguments = ["audit", "--no-config", "."];
        let (page, report) = (page(&folder, &arguments), report(&folder, &arguments));
        let of = |key: &str| report[key].as_array().map_or(0, Vec::len);
        let place = folder.display();
        assert_eq!(number(&page, "table.findings > tbody > tr[id]"), of("findings"), "{place}");
        assert_eq!(number(&page, "section.session"), of("sessions"), "{place}");
        let inner =
            |key: &str| report["sessions"].as_array().into_iter().flatten().map(|one| one[key].as_array().unwrap().len()).sum::<usize>();
        assert_eq!(number(&page, "table.agents > tbody > tr"), inner("dispatches"), "{place}");
        assert_eq!(number(&page, "table.claims > tbody > tr"), inner("claims"), "{place}");
        let title: String = page.select(&Selector::parse("title").unwrap()).next().unwrap().text().collect();
        assert!(title.ends_with(" - paralint audit"), "{title}");
        assert_eq!(report["summary"]["error"].as_u64().unwrap() > 0, title.contains(" error"), "{place}: {title}");
    }
}

#[test]
fn what_a_gate_printed_is_shown_as_it_is() {
    let repository = gates_probes::repository("[gates.loud]\nrun = 'echo ::error::x; exit 1'\n");
    let page = page(repository.path(), &["gates"]);
    let text = |selector: &str| page.select(&Selector::parse(selector).unwrap()).flat_map(|one| one.text()).collect::<String>();
    for place in ["table.gates pre", "table.findings"] {
        assert!(text(place).contains("::error::x"), "{place}: {}", text(place));
        assert!(!text(place).contains("\\u{3a}"), "{place}: {}", text(place));
    }
}
