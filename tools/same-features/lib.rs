//! Nothing: its dependencies are what matters, see `Cargo.toml`.
