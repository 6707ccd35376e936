const secretName = /pass(word|wd|phrase)?$|secret|token|credential|(^|_)(pw|pin|key)$/i

/** Whether a variable's name says that its value is not for everyone's eyes. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}
