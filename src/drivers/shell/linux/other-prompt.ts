/** The end of what has arrived where a login, or a shell that is not ours, waits for somebody. */
export function otherPrompt(prompt: RegExp, loginPrompt: RegExp): RegExp {
  const activate = String.raw`Please press Enter to activate this console\.`
  return new RegExp(`${prompt.source}|(?:${loginPrompt.source}|${activate}) {0,1}$`)
}
