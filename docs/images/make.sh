#!/usr/bin/env bash
# Makes the images of the README from the folder that the quickstart has filled:
#
#   docs/images/make.sh target/quickstart target/release/ai4fashion
#
# Needs Chromium, and ImageMagick's `convert`. The other images in this folder are named where
# they are shown, with the command that made them.
set -euo pipefail
quickstart=$(realpath "$1")
program=$(realpath "$2")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

screenshot() {
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --virtual-time-budget=5000 \
        --window-size="$3" --screenshot="$work/page.png" "file://$1" 2> "$work/log" || cat "$work/log" >&2
    convert "$work/page.png" -quality 85 "$2"
}

# An image of each colour with its name.
{
    echo '<body style="margin:0;display:flex;font:12px sans-serif;background:#fff">'
    place=0
    for color in black blue brown green grey orange pink purple red white yellow; do
        images=("$quickstart/dataset/images/${color}_"[0-9]*.jpg)
        image=${images[place % ${#images[@]}]}
        place=$((place + 7))
        echo "<figure style='margin:0;width:124px;text-align:center'>"
        echo "<img src='$image' width=104><br>$(basename "$image")</figure>"
    done
} > "$work/labelled.html"
screenshot "$work/labelled.html" "$here/labelled.jpg" 1370,128

cp -r "$quickstart/dataset" "$work/dataset"
"$program" review "$work/dataset" > "$work/log"
screenshot "$work/dataset/review.html" "$here/review-page.jpg" 1200,700

convert "$quickstart/run/real-vs-fake.png" -quality 85 "$here/real-vs-generated.jpg"

# Photos from phones with what `classify` says of them.
photos=$here/../../crates/ai4fashion-testkit/photos
{
    echo '<body style="margin:0;display:flex;font:12px sans-serif;background:#fff">'
    "$program" classify --csv "$photos"/*.jpg | tail -n +2 | while IFS=, read -r file color confidence rest; do
        echo "<figure style='margin:0;width:137px;text-align:center'>"
        echo "<img src='$file' width=124 height=165 style='object-fit:cover'><br>$color $(printf %.2f "$confidence")</figure>"
    done
} > "$work/phones.html"
screenshot "$work/phones.html" "$here/phone-photos.jpg" 1370,184
