//! Java, Kotlin, Scala: Gradle and Maven, by their wrapper where there is one.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const GRADLE: Ecosystem = Ecosystem {
    name: "Gradle",
    manifests: &["settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts"],
    nests: false,
    gates: gradle,
};

pub(super) const MAVEN: Ecosystem = Ecosystem { name: "Maven", manifests: &["pom.xml"], nests: false, gates: maven };

const SOURCES: &[&str] = &["**/*.{java,kt,kts,scala,groovy}", "**/src/*/resources/"];

fn gradle(project: &Project<'_>) -> Vec<Gate> {
    let program = if project.has("gradlew") { "./gradlew" } else { "gradle" };
    vec![gate(
        project,
        "check",
        words(vec![program, "check"]),
        "Everything that the build checks: compiling, tests, linters.",
        &["**/*.gradle", "**/gradle.properties", "/gradle/"],
    )]
}

fn maven(project: &Project<'_>) -> Vec<Gate> {
    let program = if project.has("mvnw") { "./mvnw" } else { "mvn" };
    vec![gate(
        project,
        "verify",
        words(vec![program, "--batch-mode", "verify"]),
        "Compiles, tests, and whatever else the build verifies.",
        &["**/pom.xml"],
    )]
}

fn gate(project: &Project<'_>, name: &str, run: Vec<String>, why: &str, further: &[&str]) -> Gate {
    let gate = Gate::new(name, run).why(why).when(project.changed(&[SOURCES, further].concat()));
    gate.weight(2).timeout("30m").not_in_drafts()
}
