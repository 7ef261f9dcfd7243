#!/usr/bin/env bash
# Makes all packages as they would be published, and unpacks them into a folder.
#
#   tools/package-users/unpack.sh FOLDER        # new, empty, or one that it has made
#
# FOLDER/tail.toml is the end of a workspace's Cargo.toml that uses them, with the profiles of ours, so
# that builds of ours are used again.
set -euo pipefail
folder=$(realpath --canonicalize-missing "$1")
cd "$(dirname "$0")/../.."
if [ -n "$(ls -A "$folder" 2> /dev/null)" ] && [ ! -e "$folder/tail.toml" ]; then
    echo "\`$folder\` holds something else" >&2
    exit 2
fi
rm -rf "$folder"
mkdir -p "$folder"
packages=(files color garment kernels fit image dataset arrow synthetic plot export review score dcgan cli)
packages=("${packages[@]/#/ai4fashion-}")

rm -f "${CARGO_TARGET_DIR:-target}"/package/*.crate
cargo package --locked --quiet --no-verify --allow-dirty "${packages[@]/#/--package=}"
printf '[patch.crates-io]\n' > "$folder/tail.toml"
for package in "${packages[@]}"; do
    # All files of a package have one old date: Cargo would take them for those of the last run.
    tar --extract --touch --gzip --directory "$folder" \
        --file "${CARGO_TARGET_DIR:-target}/package/$package"-[0-9]*.crate
    printf '%s = { path = "%s" }\n' "$package" "$(realpath "$folder/$package"-[0-9]*)"
done >> "$folder/tail.toml"
sed -n '/^\[profile/,$p' Cargo.toml >> "$folder/tail.toml"
