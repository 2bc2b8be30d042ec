# What is done often. `just` lists it.
default:
    @just --list

# Everything that must hold before a change lands.
all: test lint

test:
    cargo test

# The random tests at length: brute force, z3, millions of rows. Takes hours; `just deep 10` a tenth of it.
deep percent="100":
    COMITY_DEEP={{percent}} tests/campaigns

lint:
    cargo clippy --all-targets -- -D warnings
    cargo clippy --workspace --all-targets --all-features -- -D warnings
    cargo fmt --all --check

# Accept changed snapshots: read the diff first.
bless:
    INSTA_UPDATE=always cargo test --test main

bench:
    cargo bench

deny:
    cargo deny check
