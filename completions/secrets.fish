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

complete -c secrets -n "__fish_secrets_needs_command" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_needs_command" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_needs_command" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_needs_command" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_needs_command" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_needs_command" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_needs_command" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_needs_command" -s V -l version -d 'Print version'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "init" -d 'Create the vault and the identity if they are missing'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "link" -d 'Link a project to its env file'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "unlink" -d 'Remove the link of a project to its env file'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "projects" -d 'List the linked projects'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "set" -d 'Store a value in the vault, then in the env file'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "get" -d 'Print the exact bytes of a value'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "list" -d 'List secrets with descriptions and ages, without values'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "show" -d 'Print everything about a secret except its value'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "edit" -d 'Change the description, interval or variable of a secret, not its value'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "verify" -d 'Check that every secret opens and that the env files agree with the vault'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "generate" -d 'Create a random value and store it like `set`, without showing it'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "rotate" -d 'Replace a value in the vault and in every linked env file that has it'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "restore" -d 'Restore a project\'s env file from the vault'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "accept" -d 'Take a project\'s env file as it is, after lines were removed on purpose'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "import" -d 'Store the variables of existing env files in the vault, without changing the files'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "diff" -d 'Compare a project\'s env file with the vault, without showing values'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "history" -d 'List the versions of a secret'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "rollback" -d 'Store the value of an old version as a new version'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "rm" -d 'Remove a secret; its older versions stay readable'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "mv" -d 'Rename a secret'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "prune" -d 'Destroy old versions of a secret'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "log" -d 'Print the audit trail of this machine'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "doctor" -d 'Report problems of this set-up with the command that fixes each'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "recovery" -d 'Create and test a recovery key to keep on paper'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "export" -d 'Print a project\'s variables for a shell, a container or CI'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "run" -d 'Run a program with variables from the vault'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "scan" -d 'Find values of the vault in files, staged changes and agent transcripts'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "guard" -d 'Install the git hook that scans each commit'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "agent" -d 'Configure a coding agent to use secrets'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "hook" -d 'Decide whether a coding agent may make a tool call'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "mcp" -d 'Run an MCP server on standard input and output'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "completions" -d 'Print a completion script'
complete -c secrets -n "__fish_secrets_needs_command" -f -a "man" -d 'Print the manual page, or write all pages to a directory'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand init" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand init" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand init" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand init" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand init" -l member -d 'Name of the member that this identity becomes [default: the user\'s name]' -r
complete -c secrets -n "__fish_secrets_using_subcommand init" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand init" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l recovery -d 'Also create a recovery key and show it once, like `recovery add`'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l print -d 'With --recovery: print only the key on standard output, for scripts'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l trust -d 'Accept the vault as it is, after it was replaced or rolled back on purpose'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l yes -d 'With --trust: do not ask for confirmation'
complete -c secrets -n "__fish_secrets_using_subcommand init" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand init" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand link" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand link" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand link" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand link" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand link" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand link" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand link" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand link" -l allow-tracked -d 'Allow values in an env file that git tracks'
complete -c secrets -n "__fish_secrets_using_subcommand link" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand link" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand unlink" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand projects" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand projects" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand projects" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand set" -s d -l description -d 'Description of what the secret is for; required for a new secret' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l from-file -d 'File that contains the value, taken byte for byte' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l from-env -d 'Environment variable that contains the value' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l env-file -d 'Env file to write; links the project if it has no link' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand set" -l env-name -d 'Variable name [default: the secret\'s name in upper case]' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l every -d 'Rotation interval, such as 90d, 12w or 1y' -r
complete -c secrets -n "__fish_secrets_using_subcommand set" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand set" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l no-env -d 'Store in the vault only'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l allow-misread -d 'Write the env file even if a reader would misread the value'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l allow-tracked -d 'Write the env file even if git tracks it; the project\'s link remembers this'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l exact -d 'Keep the final newline of piped input'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l force -d 'Store a value even if it looks like a placeholder'
complete -c secrets -n "__fish_secrets_using_subcommand set" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand set" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand get" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand get" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand get" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand get" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand get" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand get" -l version -d 'Version to print [default: the newest]' -r
complete -c secrets -n "__fish_secrets_using_subcommand get" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand get" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand get" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand list" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand list" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand list" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand list" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand list" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand list" -l scope -d 'Only secrets of projects, or only those under meta/' -r -f -a "project\t''
meta\t''"
complete -c secrets -n "__fish_secrets_using_subcommand list" -l project -d 'Only this project' -r
complete -c secrets -n "__fish_secrets_using_subcommand list" -l stale -d 'Only values at least this many days old; without DAYS, values with an overdue rotation' -r
complete -c secrets -n "__fish_secrets_using_subcommand list" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand list" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand list" -l names -d 'Print one key path a line; this needs no identity'
complete -c secrets -n "__fish_secrets_using_subcommand list" -l deleted -d 'Only removed secrets'
complete -c secrets -n "__fish_secrets_using_subcommand list" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand show" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand show" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand show" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand show" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand show" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand show" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand show" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand show" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand edit" -s d -l description -d 'New description of what the secret is for' -r
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l every -d 'New rotation interval, such as 90d, 12w or 1y; never: none' -r
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l env-name -d 'New variable name' -r
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand edit" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand edit" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand edit" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l format -d 'Format of the findings; --json prints JSON' -r -f -a "human\t'Text for people'
github\t'Annotations for GitHub Actions'"
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l strict -d 'Fail on warnings, and on every variable that is neither in the vault nor plain'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -l here -d 'Only projects with an env file in this directory or below it'
complete -c secrets -n "__fish_secrets_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand generate" -s d -l description -d 'Description of what the secret is for; required for a new secret' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l format -d 'Output format' -r -f -a "base64\t''
base64url\t''
hex\t''
alphanumeric\t''
uuid\t''
words\t''"
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l bytes -d 'Entropy, in bytes [default: 48]' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l length -d 'Length, in characters (alphanumeric) or words (words)' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l env-file -d 'Env file to write; links the project if it has no link' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l env-name -d 'Variable name [default: the secret\'s name in upper case]' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l every -d 'Rotation interval, such as 90d, 12w or 1y' -r
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l print -d 'Also print the value'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l force -d 'Replace a value that was not generated'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l no-env -d 'Store in the vault only'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l allow-misread -d 'Write the env file even if a reader would misread the value'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l allow-tracked -d 'Write the env file even if git tracks it; the project\'s link remembers this'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand generate" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l from-file -d 'File that contains the new value, taken byte for byte' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l from-env -d 'Environment variable that contains the new value' -r
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l every -d 'New rotation interval, such as 90d, 12w or 1y' -r
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l ask -d 'Read the new value instead of generating it'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l exact -d 'Keep the final newline of piped input'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l allow-misread -d 'Write env files even if a reader would misread the value'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand rotate" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l at -d 'Earlier state to restore: a version of the layout, or a date or time such as 2026-01-21 or 2026-01-21T10:00:00Z' -r
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l to -d 'New file to write instead of the env file' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l rebuild -d 'Rebuild the file even if it looks complete'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l allow-misread -d 'Also write values that a reader of the file would misread'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand restore" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand accept" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand accept" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand accept" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand accept" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand accept" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand accept" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand accept" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand accept" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand accept" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand import" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand import" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand import" -l project -d 'Project name; for several files, the prefix of their project names' -r
complete -c secrets -n "__fish_secrets_using_subcommand import" -l describe -d 'Description of a variable; repeat it for each variable without a comment above it' -r
complete -c secrets -n "__fish_secrets_using_subcommand import" -l plan -d 'New file for a plan to fill in; nothing else is written' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l from-plan -d 'Plan to follow' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l discover -d 'Directory to search for env files; a project is proposed for each' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand import" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand import" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand import" -l all -d 'Import plain variables too'
complete -c secrets -n "__fish_secrets_using_subcommand import" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand import" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand diff" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand diff" -l exit-code -d 'Exit with code 1 if they differ'
complete -c secrets -n "__fish_secrets_using_subcommand diff" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand history" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand history" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand history" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand history" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand history" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand history" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand history" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand history" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand rollback" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand rm" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand rm" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand rm" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand mv" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand mv" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand mv" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l keep -d 'Number of newest versions to keep' -r
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -s y -l yes -d 'Do not ask for confirmation'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand prune" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand log" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand log" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand log" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand log" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand log" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand log" -l since -d 'Earliest date or time, such as 2026-01-21 or 2026-01-21T10:00:00Z' -r
complete -c secrets -n "__fish_secrets_using_subcommand log" -l by -d 'Text that the name of the user or program contains' -r
complete -c secrets -n "__fish_secrets_using_subcommand log" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand log" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand log" -l verify -d 'Check that no line was removed, changed or reordered'
complete -c secrets -n "__fish_secrets_using_subcommand log" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -l fix -d 'Fix what can be fixed without losing anything'
complete -c secrets -n "__fish_secrets_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -f -a "add" -d 'Create a recovery key and show it once'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -f -a "test" -d 'Read a recovery key and check that it opens the vault'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -f -a "use" -d 'Create a new identity for this machine with a recovery key'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and not __fish_seen_subcommand_from add test use list" -f -a "list" -d 'List the members that can open the vault'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l print -d 'Print only the key on standard output, for scripts'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand recovery; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand export" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand export" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand export" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand export" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand export" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand export" -l format -d 'Output format' -r -f -a "dotenv\t'An env file for the readers of the project'
shell\t'bash, dash, zsh: eval "$(...)"'
fish\t'fish: ... | source'
powershell\t'PowerShell: ... | Out-String | Invoke-Expression'
json\t'An object of strings'
docker\t'docker run --env-file'
systemd\t'EnvironmentFile= of a unit'
github\t'A step of GitHub Actions: masks on stdout, assignments to $GITHUB_ENV'"
complete -c secrets -n "__fish_secrets_using_subcommand export" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand export" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand export" -l secrets-only -d 'Leave out the plain variables of the env file'
complete -c secrets -n "__fish_secrets_using_subcommand export" -l allow-dangerous -d 'Also export variables that make programs run code: PATH, LD_PRELOAD, NODE_OPTIONS'
complete -c secrets -n "__fish_secrets_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand run" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand run" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand run" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand run" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand run" -l project -d 'Project whose variables to pass' -r
complete -c secrets -n "__fish_secrets_using_subcommand run" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand run" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l secrets-only -d 'Leave out the plain variables of the project\'s env file'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l clean -d 'Pass no other variable of this environment, not even PATH'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l mask -d 'Replace values in the program\'s output; the default unless both outputs are a terminal'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l no-mask -d 'Do not change the program\'s output'
complete -c secrets -n "__fish_secrets_using_subcommand run" -l allow-dangerous -d 'Also pass variables that make programs run code: PATH, LD_PRELOAD, NODE_OPTIONS'
complete -c secrets -n "__fish_secrets_using_subcommand run" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l format -d 'Format of the findings; --json prints JSON' -r -f -a "human\t'Text for people'
github\t'Annotations for GitHub Actions'"
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l staged -d 'Scan the changes staged in git'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l transcripts -d 'Scan the transcripts of Claude Code, Codex, Cursor, Gemini CLI and Copilot'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -l skip-ignored -d 'Skip files that .gitignore names'
complete -c secrets -n "__fish_secrets_using_subcommand scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -f -a "install" -d 'Install the pre-commit hook in this repository'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and not __fish_seen_subcommand_from install uninstall" -f -a "uninstall" -d 'Remove the hook'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand guard; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -f -a "install" -d 'Write the MCP server, the hook and the instructions into an agent\'s configuration'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and not __fish_seen_subcommand_from install uninstall" -f -a "uninstall" -d 'Remove them from an agent\'s configuration'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l project-dir -d 'Directory of a project whose configuration to write instead of the user\'s' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l name -d 'Name of the MCP server; its tools are called mcp__NAME__set_secret [default: secrets]' -r
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l project-dir -d 'Directory of a project whose configuration to write instead of the user\'s' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l name -d 'Name of the MCP server; its tools are called mcp__NAME__set_secret [default: secrets]' -r
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Print what would change, and change nothing'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand agent; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l agent -d 'Agent that calls: claude, codex, cursor, vscode, gemini or copilot [default: detected from the input]' -r
complete -c secrets -n "__fish_secrets_using_subcommand hook" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand hook" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand hook" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l project -d 'Only project to serve' -r
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l no-values -d 'Reveal no value, whatever the configuration allows'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -l read-only -d 'Refuse every change'
complete -c secrets -n "__fish_secrets_using_subcommand mcp" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand completions" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand completions" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand completions" -s h -l help -d 'Print help'
complete -c secrets -n "__fish_secrets_using_subcommand man" -l vault -d 'Vault directory [env: SECRETS_VAULT]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand man" -l identity -d 'Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand man" -l config -d 'Configuration file [env: SECRETS_CONFIG]' -r -F
complete -c secrets -n "__fish_secrets_using_subcommand man" -l wait -d 'Seconds to wait for a lock' -r
complete -c secrets -n "__fish_secrets_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c secrets -n "__fish_secrets_using_subcommand man" -l json -d 'Print one JSON object or array; print an error as one line of JSON on stderr'
complete -c secrets -n "__fish_secrets_using_subcommand man" -s q -l quiet -d 'Print only results, errors, and the reminder to back up a new identity'
complete -c secrets -n "__fish_secrets_using_subcommand man" -s h -l help -d 'Print help'
