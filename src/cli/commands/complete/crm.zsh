#compdef crm
# Completion of crm for zsh: source <(crm completions zsh), or as _crm in a folder of $fpath
_crm() {
    local -a values shown
    local value text
    while IFS=$'\t' read -r value text; do
        values+=("$value")
        shown+=("$value${text:+  -- $text}")
    done < <("${words[1]}" complete --shell zsh -- "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)
    if (( ${#values} )); then
        compadd -l -d shown -a values
    else
        _files
    fi
}
if [[ "$funcstack[1]" == _crm ]]; then
    _crm "$@"
else
    compdef _crm crm
fi
