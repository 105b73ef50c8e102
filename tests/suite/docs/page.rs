//! The pages of docs/ and the README: their code blocks with what stands before them, headings and links.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One page.
pub(crate) struct Page {
    /// Relative to the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) blocks: Vec<Block>,
    /// As the anchors of links name them.
    pub(crate) anchors: Vec<String>,
    pub(crate) links: Vec<String>,
}

/// One fenced block of code.
pub(crate) struct Block {
    /// `console`
    pub(crate) language: String,
    pub(crate) text: String,
    /// Where the text stands in the page.
    pub(crate) range: Range<usize>,
    /// The comments right before it, without their signs: `run: repository=demo exit=1`.
    pub(crate) markers: Vec<String>,
}

impl Block {
    /// What stands behind `NAME:` in the comments before the block.
    pub(crate) fn marker(&self, name: &str) -> Option<&str> {
        self.markers.iter().find_map(|marker| marker.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }
}

/// The root of this repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every page below docs/, and the README, in the order of their names.
pub(crate) fn pages() -> Vec<Page> {
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(root().join("docs"))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .chain([root().join("README.md")])
        .collect();
    paths.sort();
    paths.iter().map(|path| page(path)).collect()
}

fn page(path: &Path) -> Page {
    let text = std::fs::read_to_string(path).unwrap();
    let relative = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
    parsed(relative, text)
}

/// A page made of its text.
pub(crate) fn parsed(path: String, text: String) -> Page {
    let (mut blocks, mut anchors, mut links) = (Vec::<Block>::new(), Vec::new(), Vec::new());
    let (mut markers, mut heading, mut fenced) = (Vec::new(), None::<String>, false);
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => panic!("{path}: a block without a fence: {:?}", &text[range]),
                };
                blocks.push(Block { language, text: String::new(), range: 0..0, markers: std::mem::take(&mut markers) });
                fenced = true;
            }
            Event::End(TagEnd::CodeBlock) => fenced = false,
            Event::Text(part) if fenced => {
                let block = blocks.last_mut().unwrap();
                let start = if block.text.is_empty() { range.start } else { block.range.start };
                block.range = start..range.end;
                block.text.push_str(&part);
            }
            Event::Html(html) => {
                let comment = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
                markers.extend(comment.map(|comment| comment.trim().to_owned()));
                links.extend(sources(&html));
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            other => {
                markers.clear();
                match other {
                    Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                    Event::End(TagEnd::Heading(_)) => anchors.push(anchor(&heading.take().unwrap_or_default())),
                    Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => links.push(dest_url.to_string()),
                    Event::Text(part) | Event::Code(part) => heading.iter_mut().for_each(|heading| heading.push_str(&part)),
                    Event::InlineHtml(html) => links.extend(sources(&html)),
                    _ => {}
                }
            }
        }
    }
    Page { path, text, blocks, anchors, links }
}

/// What `src` and `srcset` of a piece of HTML name.
fn sources(html: &str) -> Vec<String> {
    let pattern = regex::Regex::new(r#"(?:src|srcset|href)="([^"]+)""#).unwrap();
    pattern.captures_iter(html).map(|found| found[1].to_owned()).collect()
}

/// The anchor that GitHub makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect::<String>();
    kept.replace(' ', "-")
}
