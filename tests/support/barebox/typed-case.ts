import assert from 'node:assert/strict'

/** What was typed into real barebox on QEMU, and what it printed up to the next prompt. */
export interface BareboxCase {
  readonly input: string
  readonly output: string
  /** The working directory in the prompt, where it is not the root. */
  readonly directory?: string
}

/** A console at barebox's prompt. */
export interface TypingConsole {
  type(text: string): Promise<void>
  /** Waits for text that was not waited for before. @returns what came up to its end */
  until(pattern: RegExp, ms?: number): Promise<string>
}

const promptOrMore = /(?:\x1b\[1;32mbarebox@\x1b\[1;36m[^:]*:([^\x1b]*)\x1b\[0m |(?:^|\r\n)> )$/

/** Types a case line by line, and Ctrl-C when barebox still wants more after the last. */
export async function typeCase(
  console: TypingConsole,
  input: string,
  ms?: number,
): Promise<{ output: string; directory: string }> {
  let output = ''
  for (const line of input.split('\n')) {
    await console.type(`${line}\r`)
    const answer = await console.until(promptOrMore, ms)
    const echo = `${line}\r\n`
    assert.equal(answer.slice(0, echo.length), echo)
    output += answer.slice(echo.length)
  }
  // In `${` Ctrl-C is not heard: only the brace ends that.
  for (const [key, shown] of [
    ['\x03', '^C'],
    ['}\r', '}'],
  ] as const) {
    if (!output.endsWith('> ')) break
    await console.type(key)
    output += `${shown}${await console.until(promptOrMore, ms)}`
  }
  const text = output.replaceAll('\r\n', '\n')
  const prompt = /\x1b\[1;32mbarebox@\x1b\[1;36m[^:]*:([^\x1b]*)\x1b\[0m $/.exec(text)
  return { output: text.slice(0, prompt?.index), directory: prompt?.[1] ?? '' }
}
