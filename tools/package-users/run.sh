#!/usr/bin/env bash
# Uses each crate as it would be published, from projects of their own outside the workspace: ten lines
# each, with default features, and with none where the crate has any.
#
# The program itself is run from its package.
#
#   tools/package-users/run.sh                  # all crates; Burn is compiled twice, ten minutes
#   tools/package-users/run.sh color image      # some
set -euo pipefail
here=$(realpath "$(dirname "$0")")
root=$(realpath "$here/../..")
cd "$root"
users=("$@")
[ ${#users[@]} -gt 0 ] || users=(files color garment image dataset arrow synthetic plot score review export kernels fit dcgan cli)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}

"$here/unpack.sh" "$place"

# Makes a project for each user in the folder $1, with the features that $2 says.
projects() {
    mkdir "$place/$1"
    printf '[workspace]\nresolver = "3"\nmembers = ["*-user"]\n\n' > "$place/$1/Cargo.toml"
    cat "$place/tail.toml" >> "$place/$1/Cargo.toml"
    cp Cargo.lock "$place/$1"
    for user in "${users[@]}"; do
        local project=$place/$1/$user-user
        if [ "$user" = cli ]; then
            cp -r "$place"/ai4fashion-cli-[0-9]* "$project"
            continue
        fi
        mkdir -p "$project/src"
        cp "$here/users/$user.rs" "$project/src/main.rs"
        printf '[package]\nname = "%s-user"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n' "$user" \
            > "$project/Cargo.toml"
        printf 'ai4fashion-%s = { version = "0.1.0"%s }\n' "$user" "$2" >> "$project/Cargo.toml"
    done
}

# Runs the user $2 of the folder $1; what follows is for Cargo.
user() {
    local package=$2-user arguments=()
    if [ "$2" = cli ]; then
        package=ai4fashion-cli
        arguments=(-- doctor)
    fi
    (cd "$place/$1" && cargo run --quiet --package "$package" "${@:3}" "${arguments[@]}")
}

projects default ''
for user in "${users[@]}"; do
    user default "$user"
    echo "$user: works with default features"
done

# Without features the three that need a device are compiled alone.
projects none ', default-features = false'
for user in "${users[@]}"; do
    options=()
    case $user in
        kernels | fit | dcgan)
            echo 'fn main() {}' > "$place/none/$user-user/src/main.rs"
            ;;
        cli)
            options=(--no-default-features)
            ;;
    esac
    user none "$user" "${options[@]}"
    echo "$user: works without features"
done
