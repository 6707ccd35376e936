import { expandPaths } from '../posix/expand-paths.ts'
import { Errno } from './errno.ts'
import { commands } from './commands/index.ts'
import { UsageError } from './commands/command.ts'
import type { Barebox } from './barebox.ts'
import { BareboxLineEditor } from './line-editor.ts'
import { Hush, HushExit, type HushHost } from './hush/run.ts'
import { expandPrompt } from './prompt.ts'

/** The shell at barebox's prompt, until `exit`. */
export async function interactiveShell(barebox: Barebox): Promise<void> {
  const hush = new Hush(hostOf(barebox))
  const editor = new BareboxLineEditor(barebox.console)
  for (;;) {
    const text = await readCommand(barebox, hush, editor)
    if (text === undefined) continue
    const parsed = hush.parse(text)
    if (parsed.kind === 'error') await barebox.print(`${parsed.message}\n`)
    if (parsed.kind !== 'steps') continue
    if (text.trim() !== '') await barebox.hardware.reach('bootloader')
    if ((await hush.runSteps(parsed.steps)) instanceof HushExit) return
    barebox.console.interrupted()
  }
}

/** Runs one command line in a shell of its own, as barebox does for `boot` after the countdown. */
export async function runCommandLine(barebox: Barebox, line: string): Promise<number> {
  const result = await new Hush(hostOf(barebox)).runScript(`${line}\n`)
  return result instanceof HushExit ? result.status : result
}

/** A command with the lines it needs to be complete; `undefined` after Ctrl-C. */
async function readCommand(
  barebox: Barebox,
  hush: Hush,
  editor: BareboxLineEditor,
): Promise<string | undefined> {
  let text = ''
  for (;;) {
    const line = await readLine(barebox, editor, text === '' ? expandPrompt(barebox, hush.status) : '> ')
    if (line === undefined) {
      await barebox.print('<INTERRUPT>\n')
      return undefined
    }
    text += `${line}\n`
    if (hush.parse(text).kind !== 'incomplete') return text
  }
}

async function readLine(
  barebox: Barebox,
  editor: BareboxLineEditor,
  prompt: string,
): Promise<string | undefined> {
  const { faults, life, options } = barebox.hardware
  const slow = faults.now('slow-prompt')
  if (slow !== undefined) await life.sleep(slow.delayMs * options.speed)
  if (faults.now('double-prompt') !== undefined) await barebox.print(prompt)
  return editor.readLine(prompt)
}

export function hostOf(barebox: Barebox): HushHost {
  const { variables, console, files } = barebox
  return {
    lookUp: (name) => variables.get(name),
    assign: (name, value) => variables.set(name, value) === undefined,
    glob: (pattern) =>
      /[*?[]/.test(pattern) ? expandPaths(files.tree, barebox.directory, pattern) : [pattern],
    execute: (argv, hush) => execute(barebox, argv, hush),
    print: (text) => void console.print(text),
    interrupted: async () => {
      await barebox.hardware.life.breathe()
      return console.interrupted()
    },
  }
}

async function execute(barebox: Barebox, argv: readonly string[], hush: Hush): Promise<number> {
  const name = argv[0] ?? ''
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    if (!absent.has(name)) barebox.hardware.unsupported(`barebox: command ${name}`)
    await barebox.print(`${name}: Command not found\n`)
    return 127
  }
  try {
    return await command(barebox, argv, hush)
  } catch (error) {
    if (error instanceof Errno) {
      await barebox.print(`${name}: ${error.message}\n`)
      return 127
    }
    if (error instanceof UsageError) {
      await barebox.print(`${error.message}\n`)
      return 1
    }
    throw error
  }
}

/** What people try and barebox really lacks. */
const absent = new Set(['break', 'continue', 'return', 'printf', 'env', 'set', 'unset', 'eval', 'local'])
