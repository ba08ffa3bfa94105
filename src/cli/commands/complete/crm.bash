# Completion of crm for bash: source <(crm completions bash)
_crm() {
    local one
    COMPREPLY=()
    while IFS= read -r one; do
        COMPREPLY+=("$one")
    done < <("${COMP_WORDS[0]}" complete --shell bash -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ( ${COMPREPLY[0]} == *= || ${COMPREPLY[0]} == *: ) ]]; then
        compopt -o nospace
    fi
}
complete -o bashdefault -o default -F _crm crm
