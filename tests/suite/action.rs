//! The steps of action.yml, run with a fake environment of GitHub Actions in real repositories.
