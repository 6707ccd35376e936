import { fromBytes } from '../../binary.ts'
import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { HushExit, type Hush } from '../hush/run.ts'
import type { Barebox } from '../barebox.ts'
import { UsageError, type Call, type Command } from './command.ts'

/** In the current shell: its variables stay. */
export const source: Command = {
  summary: 'execute shell script in current shell environment',
  usage: 'FILE [ARGUMENT...]',
  run: async (call) => {
    if (call.argv[1] === undefined) throw new UsageError()
    return runScriptFile(call)
  },
}

/** With variables of its own. */
export const sh: Command = {
  summary: 'execute a shell script',
  usage: 'FILE [ARGUMENT...]',
  run: async (call) => {
    if (call.argv[1] === undefined) {
      call.barebox.hardware.unsupported('barebox: sh without a file')
      return 1
    }
    const { locals } = call.barebox.variables
    const before = [...locals]
    const status = await runScriptFile(call)
    locals.clear()
    for (const [name, value] of before) locals.set(name, value)
    return status
  },
}

/** Runs a script that was called by its path; only a file that begins like one is a script. */
export async function runExecutable(
  barebox: Barebox,
  argv: readonly string[],
  hush: Hush,
): Promise<number | undefined> {
  const path = resolvePath(barebox.directory, argv[0] ?? '')
  const node = await barebox.files.find(path)
  if (node?.type !== 'file' || !(await isScript(barebox, path))) return undefined
  return sh.run({ barebox, argv: ['sh', ...argv], hush })
}

/** Whether a file begins like a script. @param path absolute */
export async function isScript({ files }: Barebox, path: string): Promise<boolean> {
  const beginning = await files.readBytes(path, scriptMagic.length)
  return fromBytes(beginning) === scriptMagic
}

const scriptMagic = '#!/bin/sh'

async function runScriptFile({ barebox, argv, hush }: Call): Promise<number> {
  const parameters = argv.slice(1)
  let text: string
  try {
    text = await barebox.files.read(resolvePath(barebox.directory, parameters[0] ?? ''))
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error
    await barebox.print(`sh: ${error.message}\n`)
    return 1
  }
  const result = await hush.child().runScript(text, parameters)
  return result instanceof HushExit ? result.status : result
}
