# `ai4fashion` as the documentation writes it, in its shortest form: what it writes is not there yet,
# numbers are small, and a server is stopped once it listens.
ai4fashion() {
    local words=() word option=
    for word; do
        case $option in
        --count) word=12 ;;
        --epochs) word=2 ;;
        --frames) word=4 ;;
        --out) rm -rf "$word" ;;
        --run) [[ $1 != train ]] || rm -rf "$word" ;;
        esac
        option=$word words+=("$word")
    done
    case "$*" in
    train*--resume*) ;;
    train*) words+=(--image-size 16 --ngf 4 --ndf 4 --batch-size 12 --limit 24) ;;
    generate*--weights*) words+=(--config tiny.json) ;;
    fit*) words+=(--steps 1) ;;
    *--serve*) words+=(--port 0) ;;
    esac
    case "$*" in
    *--count*) ;;
    score*--run*) words+=(--count 12) ;;
    esac
    case "$*" in
    *--resume* | *--epochs* | *--dry-run*) ;;
    train*) words+=(--epochs 1) ;;
    esac
    case "$*" in
    *--serve*)
        local url server
        exec {server}< <(exec "$PROGRAM" "${words[@]}")
        read -r url <&"$server"
        kill -INT $!
        wait $!
        [[ $url = http://* ]]
        ;;
    *) "$PROGRAM" "${words[@]}" ;;
    esac
}
