//! Something in the configuration that cannot be used, by its place in the text.

use std::ops::Range;
use toml::Spanned;

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct Wrong {
    /// The bytes of the text.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) message: String,
    /// How to mend it.
    pub(super) hint: Option<String>,
}

impl Wrong {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Wrong {
        Wrong { span, message: message.into(), hint: None }
    }

    /// At a value.
    pub(super) fn at<T>(value: &Spanned<T>, message: impl Into<String>) -> Wrong {
        Wrong::new(value.span(), message)
    }

    /// With a way to mend it.
    pub(super) fn help(self, hint: impl Into<String>) -> Wrong {
        Wrong { hint: Some(hint.into()), ..self }
    }

    /// With the name that was most likely meant; else with those that there are.
    pub(super) fn guess<'n>(self, wrong: &str, names: impl Iterator<Item = &'n str> + Clone) -> Wrong {
        if let Some(near) = super::nearest(wrong, names.clone()) {
            return self.help(format!("did you mean `{near}`?"));
        }
        let known: Vec<&str> = names.collect();
        match known.as_slice() {
            [] => self,
            [first @ .., _] if known.len() > MOST => {
                self.help(format!("known here: {}, and {} more", first[..MOST].join(", "), known.len() - MOST))
            }
            _ => self.help(format!("known here: {}", known.join(", "))),
        }
    }
}

/// How many names a hint lists.
const MOST: usize = 12;
