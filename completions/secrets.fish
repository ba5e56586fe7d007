# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_secrets_global_optspecs
    string join \n vault= identity= config= json q/quiet wait= color= h/help V/version
end

function __fish_secrets_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_secrets_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_secrets_using_subcommand
    set -l cmd (__fish_secrets_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c secrets -n "__fish_secrets_needs_command" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_needs_command" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_needs_command" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_needs_command" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_needs_command" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_needs_command" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_needs_command" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_needs_command" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_needs_command" -s V -l version -d 'Print version'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "init" -d 'Make a vault and an identity, if they are not there'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "link" -d 'Remember which env file a project has'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "unlink" -d 'Forget which env file a project has'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "projects" -d 'List the projects that are linked'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "set" -d 'Store a value: in the vault first, then in the env file'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "get" -d 'Print a value, byte for byte'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "list" -d 'List secrets with what they are for; no values'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "verify" -d 'Check that the vault is whole and that the env files agree with it'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "generate" -d 'Make a random value and store it like `set`; it is never shown'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "rotate" -d 'Store a new value in the place of the old one, also in other env files that have it'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "restore" -d 'Bring a project\'s env file back from the vault'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "import" -d 'Take the variables of existing env files into the vault; the files stay as they are'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "diff" -d 'Compare the vault with a project\'s env file; names and states only'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "history" -d 'List the versions of a secret'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "rollback" -d 'Make an old value the newest one'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "rm" -d 'Remove a secret; its older versions stay'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "mv" -d 'Give a secret another key path'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "prune" -d 'Destroy old versions of a secret'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "log" -d 'Show the audit trail of this machine'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "doctor" -d 'Say what is wrong with this set-up, and the command that mends each thing'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "recovery" -d 'Keep a second key on paper, for the day on which the identity is lost'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "export" -d 'Print a project\'s variables for a shell, a container, CI'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "run" -d 'Run a program with variables straight from the vault'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "scan" -d 'Find values of the vault in files, in git\'s index, in agents\' sessions'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "guard" -d 'Look through every commit before it is made, with a git hook'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "agent" -d 'Set up a coding agent'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "hook" -d 'Decide on a coding agent\'s tool call before it is made'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "mcp" -d 'Serve coding agents: an MCP server on standard input and output'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "completions" -d 'Print a completion script'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "man" -d 'Print the manual page, or write all pages into a directory'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand init" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand init" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand init" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand init" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand init" -l member -d 'The name under which this identity can open the vault [default: the user\'s name]' -r
complete -c secrets -n "__fish_secrets_using_subcommand init" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand init" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l recovery -d 'Also make a recovery key and show it once, as `recovery add` does'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l print -d 'With --recovery: print the bare key on standard output, for scripts'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l trust -d 'Accept the vault as it is now, after it was replaced or rolled back on purpose'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l yes -d 'With --trust: do not ask'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l dry-run -d 'Change nothing, say what would change (--trust shows that in any case, and asks)'
complete -c secrets -n "__fish_secrets_using_subcommand init" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand link" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand link" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand link" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand link" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand link" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand link" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand link" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand link" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand link" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand projects" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand projects" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand set" -s d -l description -d 'What the secret is for; required once' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l from-file -d 'Take the value from a file, byte for byte' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l from-env -d 'Take the value from an environment variable' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l env-file -d 'The env file; also links the project if it is not linked' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l env-name -d 'The variable [default: the secret\'s name in upper case]' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l every -d 'Rotate after this many days (90d, 12w, 1y)' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand set" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l no-env -d 'Keep it out of env files'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l allow-misread -d 'Write the env file even if one of its readers would misread the value'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l exact -d 'Keep the final newline of what is piped in'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l force -d 'Take a value that looks like a mask'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand set" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand get" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand get" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand get" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand get" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand get" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand get" -l version -d 'An older version' -r
complete -c secrets -n "__fish_secrets_using_subcommand get" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand get" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand get" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand list" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand list" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand list" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand list" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand list" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand list" -l scope -d 'Only project or meta secrets' -r -f -a "project\t''
meta\t''"
complete -c secrets -n "__fish_secrets_using_subcommand list" -l project -d 'Only this project\'s' -r
complete -c secrets -n "__fish_secrets_using_subcommand list" -l stale -d 'Only values that are at least this old; without DAYS, those that should have been rotated' -r
complete -c secrets -n "__fish_secrets_using_subcommand list" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand list" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand list" -l names -d 'One key path a line; needs no identity'
complete -c secrets -n "__fish_secrets_using_subcommand list" -l deleted -d 'Those that were removed'
complete -c secrets -n "__fish_secrets_using_subcommand list" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l format -d 'How findings are printed; --json prints them as JSON' -r -f -a "human\t'For people'
github\t'As annotations of GitHub Actions'"
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l strict -d 'Fail on warnings, and on any variable that is neither in the vault nor plain'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l here -d 'Only projects whose env files are in this directory or below it'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand generate" -s d -l description -d 'What the secret is for; required once' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l format -d 'How it looks' -r -f -a "base64\t''
base64url\t''
hex\t''
alphanumeric\t''
uuid\t''
words\t''"
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l bytes -d 'As hard to guess as so many random bytes [default: 48]' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l length -d 'So many characters (alphanumeric) or words (words)' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l env-file -d 'The env file; also links the project if it is not linked' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l env-name -d 'The variable [default: the secret\'s name in upper case]' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l every -d 'Rotate after this many days (90d, 12w, 1y)' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l print -d 'Also print the value'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l force -d 'Replace a value that was not generated'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l no-env -d 'Keep it out of env files'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l allow-misread -d 'Write the env file even if one of its readers would misread the value'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l from-file -d 'Take the new value from a file, byte for byte' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l from-env -d 'Take the new value from an environment variable' -r
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l every -d 'Rotate after this many days from now on (90d, 12w, 1y)' -r
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l ask -d 'Read the new value even if the old one was generated'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l exact -d 'Keep the final newline of what is piped in'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l allow-misread -d 'Write env files even if one of their readers would misread the value'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l at -d 'The values of an earlier state (and, where the file is rebuilt, its layout): a version of the layout, or a moment as 2026-01-21 or 2026-01-21T10:00:00Z' -r
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l to -d 'Write a new file here instead' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l rebuild -d 'Rebuild the whole file even if it looks whole'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l allow-misread -d 'Write also values that one of the file\'s readers would misread'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand import" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand import" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand import" -l project -d 'The project; of several files, the beginning of their projects\' names' -r
complete -c secrets -n "__fish_secrets_using_subcommand import" -l describe -d 'What a variable is for; once for each that has no comment above it' -r
complete -c secrets -n "__fish_secrets_using_subcommand import" -l plan -d 'Write what would be done into a new file, to be filled in; change nothing else' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l from-plan -d 'Do what a plan says' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l discover -d 'Find the env files below a directory, and propose a project for each' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand import" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand import" -l all -d 'Take plain variables too'
complete -c secrets -n "__fish_secrets_using_subcommand import" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand import" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand diff" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l exit-code -d 'Exit with 1 if they do not agree'
complete -c secrets -n "__fish_secrets_using_subcommand diff" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand history" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand history" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand history" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand history" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand history" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand history" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand history" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand history" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand rm" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand rm" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand mv" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand mv" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l keep -d 'How many of the newest versions stay' -r
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -s y -l yes -d 'Do not ask'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand log" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand log" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand log" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand log" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand log" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand log" -l since -d 'Only from this moment on, as 2026-01-21 or 2026-01-21T10:00:00Z' -r
complete -c secrets -n "__fish_secrets_using_subcommand log" -l by -d 'Only by a user or a program whose name holds this' -r
complete -c secrets -n "__fish_secrets_using_subcommand log" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand log" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand log" -l verify -d 'Check that nothing was cut, changed or reordered'
complete -c secrets -n "__fish_secrets_using_subcommand log" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l fix -d 'Mend what can be mended without losing anything'
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -f -a "add" -d 'Make a second key to the vault and show it once'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -f -a "test" -d 'Ask for a key and say whether it opens the vault'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -f -a "use" -d 'Make a new identity on this machine with a recovery key'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -f -a "list" -d 'List those who can open the vault'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l print -d 'Print the bare key on standard output, for scripts'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand export" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand export" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand export" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand export" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand export" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand export" -l format -d 'For whom' -r -f -a "dotenv\t'An env file for the readers of the project'
shell\t'bash, dash, zsh: eval "$(...)"'
fish\t'fish: ... | source'
powershell\t'PowerShell: ... | Out-String | Invoke-Expression'
json\t'An object of strings'
docker\t'docker run --env-file'
systemd\t'EnvironmentFile= of a unit'
github\t'A step of GitHub Actions: masks on stdout, assignments to $GITHUB_ENV'"
complete -c secrets -n "__fish_secrets_using_subcommand export" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand export" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand run" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand run" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand run" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand run" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand run" -l project -d 'Set the variables of this project' -r
complete -c secrets -n "__fish_secrets_using_subcommand run" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand run" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l clean -d 'Pass nothing else on from this environment, not even PATH'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l mask -d 'Replace values in the program\'s output; default unless both outputs are a terminal'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l no-mask -d 'Leave the program\'s output alone'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l allow-dangerous -d 'Also set variables that make programs run something: PATH, LD_PRELOAD, NODE_OPTIONS'
complete -c secrets -n "__fish_secrets_using_subcommand run" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l format -d 'How findings are printed; --json prints them as JSON' -r -f -a "human\t'For people'
github\t'As annotations of GitHub Actions'"
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l staged -d 'What git is about to commit'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l transcripts -d 'What coding agents keep of their sessions: Claude Code, Codex, Cursor, Gemini CLI, Copilot'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l skip-ignored -d 'Pass over what .gitignore names'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -f -a "install" -d 'Look through every commit of this repository before it is made'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -f -a "uninstall" -d 'Do so no more'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Change nothing, say what would change'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -f -a "install" -d 'Write the MCP server, the hook and the instructions into a coding agent\'s configuration'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -f -a "uninstall" -d 'Take them out again'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l project-dir -d 'The configuration in a project\'s directory instead of your own' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l dry-run -d 'Change nothing, show what would change'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l project-dir -d 'The configuration in a project\'s directory instead of your own' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Change nothing, show what would change'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l agent -d 'Whose hook this is: claude, codex, cursor, vscode, gemini or copilot [default: what the input looks like]' -r
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand hook" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand hook" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l project -d 'Touch only this project\'s secrets' -r
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l no-values -d 'Let no value out, whatever the configuration says'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l read-only -d 'Change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand completions" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand completions" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand man" -l vault -d 'The vault\'s directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand man" -l identity -d 'The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand man" -l config -d 'The configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand man" -l wait -d 'How long to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand man" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand man" -l json -d 'Print one JSON object or array; errors are one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand man" -s q -l quiet -d 'Say nothing but errors, what was asked for, and that a new identity must be backed up'
complete -c secrets -n "__fish_secrets_using_subcommand man" -s h -l help -d 'Print help'
