import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { quoteWord } from '../../core/quote-word.ts'
import { specLink } from '../spec/link.ts'
import { commandFailed } from '../spec/run-ok.ts'
import { useBoard } from '../spec/use-board.ts'

/** What kselftest ends with where a test can't be run here. */
const skipStatus = 4

/** Without a limit of its test (`--debug`). */
const longestMs = 24 * 60 * 60 * 1000

/** The longest argument of a program, its NUL included (MAX_ARG_STRLEN of Linux with pages of 4 KiB), in bytes. */
const longestScript = 128 * 1024 - 1

export function isShellScript(file: string): boolean {
  return file.endsWith('.sh')
}

/** A script as a spec: one test, which passes where the script ends with status 0 in the shell of a board. */
export async function defineScriptTest(file: string): Promise<void> {
  const name = basename(file)
  const script = await readFile(file, 'utf8')
  const size = Buffer.byteLength(script)
  if (size > longestScript) throw tooLong(file, size)
  const command = commandOf(name, script)
  const board = useBoard({ state: specLink('a script').defaultState ?? 'shell' })
  it(name, async function () {
    const result = await board.shell.run(command, { timeout: this.timeout() || longestMs })
    const { exitCode, stdout } = result
    if (stdout !== '') process.stdout.write(`${stdout.trimEnd()}\n`)
    if (exitCode === skipStatus) this.skip()
    if (exitCode !== 0) throw commandFailed({ ...result, command: name })
  })
}

function tooLong(file: string, size: number): HilError {
  return new HilError(
    'spec.script-too-long',
    `the script ${file} has ${size} bytes, and a shell takes one of ${longestScript} at most: have a spec put it on the board ("board.files.put") and run it there`,
    { blame: 'environment', details: { file, size } },
  )
}

/** Nothing of it is put on the board: its file system may be full, or not be there. */
function commandOf(name: string, script: string): string {
  const [, interpreter = 'sh'] = /^#!\s*(\S.*)/.exec(script) ?? []
  return `${interpreter.trimEnd()} -c ${quoteWord(script)} ${quoteWord(name)}`
}
