/** Set-up cannot go on. The message is all a person needs. */
export class SetupError extends Error {
  /**
   * @param {string} sentence
   * @param {string} [output] what the program that failed had said; the start is shown, where npm and tsc name the cause
   */
  constructor(sentence, output = '') {
    const lines = output.trim() === '' ? [] : output.trimEnd().split('\n')
    super([sentence, ...lines.slice(0, 20)].join('\n  '))
  }
}

/**
 * Something hil works without, though not as well.
 *
 * @typedef {object} Missing
 * @property {readonly string[]} what names of packages, or `debian-arm64` and the like
 * @property {string} reason why set-up could not get it
 * @property {string} fix the command to type
 */

/**
 * What to print of an error: of one that set-up foresaw its sentence, of any other all there is.
 *
 * @param {unknown} error
 */
export function explain(error) {
  return error instanceof SetupError ? error.message : error
}
