# Completion of crm for fish: crm completions fish | source
function __crm_complete
    set -l found (crm complete --shell fish -- (commandline -cp) 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c crm -f -a '(__crm_complete)'
