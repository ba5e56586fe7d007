# Sources .env files, each in a subshell of its own: `set -a; . FILE`.
#
#   SHELL shell.sh LIST DIR
#
# LIST holds one path a line. For line N the environment goes to DIR/N.env (NUL-separated), the
# exit status to DIR/N.code, and DIR/N is the working directory. The caller starts this with an
# empty environment and PATH=/nonexistent, so that nothing hidden in a value can run a program;
# what tries is noted in DIR/N/.tripped, and a file of any name in DIR/N is a redirection that
# came out of a value.
interop_list=$1
interop_dir=$2
interop_n=0
while IFS= read -r interop_file; do
    (
        cd "$interop_dir/$interop_n" || exit 99
        interop_trip=$interop_dir/$interop_n/.tripped
        command_not_found_handle() { : >"$interop_trip"; return 127; }
        command_not_found_handler() { : >"$interop_trip"; return 127; }
        interop_env=$interop_dir/$interop_n.env
        exec 3>"$interop_env"
        set -a
        . "$interop_file" || exit 65
        exec /usr/bin/env -0 >&3
    ) </dev/null >"$interop_dir/$interop_n.out" 2>"$interop_dir/$interop_n.err"
    echo $? >"$interop_dir/$interop_n.code"
    interop_n=$((interop_n + 1))
done <"$interop_list"
