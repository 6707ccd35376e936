import { expandPaths } from '../posix/expand-paths.ts'
import type { Barebox } from './barebox.ts'
import { UsageError, usageText } from './commands/command.ts'
import { commands } from './commands/index.ts'
import { runExecutable } from './commands/script.ts'
import { Errno } from './errno.ts'
import type { Parsed } from './hush/parse.ts'
import { Hush, HushExit, type HushHost } from './hush/run.ts'
import { BareboxLineEditor } from './line-editor.ts'
import { expandPrompt } from './prompt.ts'

const continuationPrompt = '> '

/** The shell at barebox's prompt, until `exit`. */
export async function interactiveShell(barebox: Barebox): Promise<void> {
  const hush = new Hush(hostOf(barebox))
  const editor = new BareboxLineEditor(barebox.console)
  for (;;) {
    barebox.console.forgetInterrupt()
    const text = await readCommand(barebox, hush, editor)
    if (text === undefined) continue
    const parsed = hush.parse(text)
    if (parsed.kind === 'error') await barebox.print(`${parsed.message}\n`)
    if (parsed.kind !== 'steps') continue
    if (text.trim() !== '') await barebox.hardware.reach('bootloader')
    if ((await hush.runLine(parsed.steps)) instanceof HushExit) return
    barebox.console.interrupted()
  }
}

/** Runs one command line in a shell of its own. */
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
  let interrupted = false
  let parsed: Parsed | undefined
  for (;;) {
    const prompt = parsed === undefined ? expandPrompt(barebox, hush.status) : continuationPrompt
    const line = await readLine(barebox, editor, prompt)
    interrupted ||= line === undefined
    text += `${line ?? ''}\n`
    // Once it is stuck it reads no more into what is typed.
    if (parsed?.kind !== 'stuck') parsed = hush.parse(text)
    const deaf = parsed.kind === 'incomplete' && parsed.deaf
    if (interrupted && !deaf) {
      await barebox.print('<INTERRUPT>\n')
      return undefined
    }
    if (parsed.kind === 'stuck') await barebox.print(`${parsed.message}\n`)
    else if (parsed.kind !== 'incomplete') return text
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

function hostOf(barebox: Barebox): HushHost {
  const { variables, console, files } = barebox
  return {
    lookUp: (name) => variables.get(name),
    assign: (name, value) => assign(barebox, name, value),
    glob: (pattern) =>
      /[*?[]/.test(pattern) ? expandPaths(files.tree, barebox.directory, pattern) : [pattern],
    execute: (argv, hush) => execute(barebox, argv, hush),
    print: (text) => console.print(text),
    interrupted: async () => {
      await barebox.hardware.life.breathe()
      return console.interrupted()
    },
  }
}

function assign({ variables }: Barebox, name: string, value: string): string | undefined {
  const refusal = variables.set(name, value)
  const dot = name.indexOf('.')
  switch (refusal) {
    case undefined:
      return undefined
    case 'invalid':
      return `Cannot set parameter ${name}: Invalid argument`
    case 'no such device':
      return `Cannot set parameter ${name}: No such device`
    case 'no such parameter': {
      const command = `${name.slice(0, dot)} ${name.slice(dot + 1)}='${value}'`
      return `Parameter not found. Did you mean to create it with: ${command} ?`
    }
  }
}

async function execute(barebox: Barebox, argv: readonly string[], hush: Hush): Promise<number> {
  const name = argv[0] ?? ''
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  try {
    if (command !== undefined) return await command.run({ barebox, argv, hush })
  } catch (error) {
    if (error instanceof Errno) {
      await barebox.print(`${name}: ${error.message}\n`)
      return 127
    }
    if (error instanceof UsageError && command !== undefined) {
      await barebox.print(`${error.message === '' ? '' : `${error.message}\n`}${usageText(name, command)}`)
      return 1
    }
    throw error
  }
  const status = name.includes('/') ? await runExecutable(barebox, argv, hush) : undefined
  if (status !== undefined) return status
  if (!absent.has(name)) barebox.hardware.unsupported(`barebox: command ${name}`)
  await barebox.print(`${name}: Command not found\n`)
  return 127
}

/** What people coming from other shells try, and barebox really lacks. */
const absent = new Set([
  '!',
  '{',
  '}',
  '(',
  'break',
  'continue',
  'eval',
  'local',
  'printf',
  'return',
  'set',
  'unset',
])
