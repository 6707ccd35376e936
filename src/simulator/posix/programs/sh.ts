import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { runText } from '../execute/script.ts'
import { endOfShell } from '../execute/subshell.ts'
import { runInteractive } from '../interactive.ts'
import type { Process, Program } from '../process.ts'
import { Shell, type ShellFlavour } from '../shell.ts'
import { complain, readAll } from './program.ts'

/** The shell as a program: `sh`, `sh -c TEXT`, `sh FILE`; at a terminal it is interactive. */
export function shellProgram(flavour?: ShellFlavour): Program {
  return async (process) => {
    const { argv, system, streams } = process
    const call = parseCall(argv.slice(1))
    if (typeof call === 'string') {
      system.unsupported(`linux: ${argv[0] ?? 'sh'} ${call}`)
      await complain(process, `invalid option ${call}`)
      return 2
    }
    const [first, ...rest] = call.operands
    if (call.command)
      return runInNewShell(process, flavour, call, rest[0] ?? argv[0] ?? 'sh', rest.slice(1), () =>
        Promise.resolve(first),
      )
    if (first !== undefined)
      return runInNewShell(process, flavour, call, first, rest, () => readScript(process, first))
    if (streams.get(0)?.terminal !== true && !call.interactive) {
      return runInNewShell(process, flavour, call, argv[0] ?? 'sh', [], () => readAll(process))
    }
    const { user, directory, environment } = process
    return runInteractive(system, {
      name: argv[0] ?? 'sh',
      user,
      directory,
      environment,
      ...(flavour === undefined ? {} : { flavour }),
    })
  }
}

interface Call {
  readonly command: boolean
  readonly interactive: boolean
  /** Letters for `set`. */
  readonly options: readonly string[]
  readonly operands: readonly string[]
}

/** @returns the option that is not simulated, as text, when there is one */
function parseCall(words: readonly string[]): Call | string {
  const operands = [...words]
  const letters: string[] = []
  for (let word = operands[0]; word !== undefined && /^-./.test(word); word = operands[0]) {
    operands.shift()
    if (word === '--') break
    if (['--norc', '--noprofile', '--posix', '--login'].includes(word)) continue
    const unknown = [...word.slice(1)].find((letter) => !'cilsaefux'.includes(letter))
    if (unknown !== undefined) return word.startsWith('--') ? word : `-${unknown}`
    letters.push(...word.slice(1))
  }
  return {
    command: letters.includes('c'),
    interactive: letters.includes('i'),
    options: letters.filter((letter) => 'aefux'.includes(letter)),
    operands,
  }
}

async function runInNewShell(
  process: Process,
  flavour: ShellFlavour | undefined,
  { options }: Call,
  name: string,
  positional: readonly string[],
  read: () => Promise<string | undefined>,
): Promise<number> {
  const text = await read()
  if (text === undefined) return 2
  const { system, signals, session, user, directory, streams, environment } = process
  const shell = new Shell({
    system,
    flavour: flavour ?? system.flavour,
    signals,
    session,
    interactive: false,
    name,
    user,
    directory,
    streams,
    environment,
  })
  shell.positional = positional
  for (const letter of options) shell.options.add(letter)
  return endOfShell(shell, () => runText(shell, text))
}

async function readScript(process: Process, name: string): Promise<string | undefined> {
  try {
    return process.system.files.read(resolvePath(process.directory, name))
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error
    await complain(process, `can't open '${name}': ${error.message}`)
    return undefined
  }
}
