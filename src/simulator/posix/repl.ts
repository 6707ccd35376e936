import { describeSyntaxError } from './describe-syntax-error.ts'
import { runScript } from './execute/script.ts'
import type { LineEditor } from './line-editor/line-editor.ts'
import { ScriptParser } from './parse.ts'
import { expandPrompt } from './prompt.ts'
import { ShellJump, type Shell } from './shell.ts'
import { Signalled } from './signals.ts'
import { IncompleteInput, ShellSyntaxError } from './syntax.ts'

/** Reads a command at the prompt, runs it, and again. Errors and Ctrl-C end only the line. */
export class Repl {
  readonly #shell: Shell
  readonly #editor: LineEditor

  constructor(shell: Shell, editor: LineEditor) {
    this.#shell = shell
    this.#editor = editor
  }

  /** @returns the status at Ctrl-D; `exit` is a jump that goes through */
  async run(): Promise<number> {
    for (;;) {
      try {
        const text = await this.#readCommand()
        if (text === undefined) return await this.#leave()
        await this.#shell.system.lineTaken()
        await this.#execute(text)
      } catch (error) {
        await this.#survive(error)
      }
    }
  }

  async #leave(): Promise<number> {
    if (this.#shell.flavour === 'sh') await this.#shell.system.tty.write('\n')
    return this.#shell.status
  }

  /** A command, with the lines it needs to be complete; `undefined` at Ctrl-D. */
  async #readCommand(): Promise<string | undefined> {
    let text = ''
    for (;;) {
      const line = await this.#readLine(text === '' ? 'PS1' : 'PS2')
      if (line === undefined) return text === '' ? undefined : text
      text += `${line}\n`
      if (isComplete(text)) return text
    }
  }

  async #readLine(variable: 'PS1' | 'PS2'): Promise<string | undefined> {
    const { system, variables, signals } = this.#shell
    const prompt = expandPrompt(this.#shell, variables.get(variable) ?? '')
    for (let left = await system.promptComes(); left > 1; left -= 1) await system.tty.write(prompt)
    return this.#editor.readLine(prompt, signals)
  }

  async #execute(text: string): Promise<void> {
    const parser = new ScriptParser(text)
    for (let script = parser.next(); script !== undefined; script = parser.next()) {
      this.#shell.status = await runScript(this.#shell, script)
    }
  }

  async #survive(error: unknown): Promise<void> {
    const shell = this.#shell
    shell.forgetNesting()
    if (error instanceof Signalled) {
      shell.status = error.status
      await shell.system.tty.write('\n')
    } else if (error instanceof ShellSyntaxError) {
      await shell.complain(describeSyntaxError(shell, error))
      shell.status = 2
    } else if (error instanceof ShellJump && error.kind !== 'exit') shell.status = error.value
    else throw error
  }
}

/** Text with a syntax error counts as complete: running it reports the error. */
function isComplete(text: string): boolean {
  try {
    const parser = new ScriptParser(text)
    while (parser.next() !== undefined);
    return true
  } catch (error) {
    if (error instanceof IncompleteInput) return false
    if (error instanceof ShellSyntaxError) return true
    throw error
  }
}
