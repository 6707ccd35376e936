export const shells = ['bash', 'zsh'] as const
export type CompletingShell = (typeof shells)[number]

/** A script to be sourced. It asks `hil --complete` for candidates, and falls back to file names. */
export function completionScript(shell: CompletingShell): string {
  return shell === 'bash' ? bash : zsh
}

const bash = `_hil() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  mapfile -t COMPREPLY < <(compgen -W "$(hil --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$word")
}
complete -o bashdefault -o default -F _hil hil
`

const zsh = `#compdef hil
_hil() {
  local -a candidates
  candidates=("\${(@f)$(hil --complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=(\${candidates:#})
  if (( $#candidates )); then compadd -a candidates; else _files; fi
}
if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then _hil "$@"; else compdef _hil hil; fi
`
