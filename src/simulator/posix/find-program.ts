import { resolvePath } from '../files/file-tree.ts'
import type { Program, System } from './process.ts'
import type { Shell } from './shell.ts'

/** Directories where a simulated program can be named with its path. */
const programDirectory = /^\/(?:usr\/)?s?bin\/([^/]+)$/

/**
 * The program of a name, or the status of the complaint when it can't be run. A name that is not
 * simulated is noted.
 */
export async function findProgram(shell: Shell, name: string): Promise<Program | number> {
  const { system } = shell
  const program = findKnownProgram(system, name)
  if (program !== undefined) return program
  if (name.includes('/') && system.files.find(resolvePath(shell.directory, name)) !== undefined) {
    system.unsupported(`linux: running ${name}`)
    await shell.complain(`${name}: Permission denied`)
    return 126
  }
  if (!system.absent.has(name)) system.unsupported(`linux: command ${name}`)
  await shell.complain(shell.flavour === 'bash' ? `${name}: command not found` : `${name}: not found`)
  return 127
}

export function findKnownProgram(system: System, name: string): Program | undefined {
  const base = name.includes('/') ? (programDirectory.exec(name)?.[1] ?? '') : name
  if (system.absent.has(base) || !Object.hasOwn(system.programs, base)) return undefined
  return system.programs[base]
}
