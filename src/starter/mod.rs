//! A first configuration made from what is in a repository. Pure: what was seen comes in, texts go out.
