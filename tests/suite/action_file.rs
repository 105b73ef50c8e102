//! action.yml and the workflows as texts: what a runner would only find out in production.
