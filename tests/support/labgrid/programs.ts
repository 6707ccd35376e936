import { execa } from 'execa'
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { labgridDirectory } from '../../../scripts/setup/places.mjs'

/**
 * How one of labgrid's programs, or any Python, is started: with the C library, Python and packages of Debian's newest
 * release, as they lie in the cache. Only the loader knows of that library path, so what the program starts itself is
 * this machine's, such as ser2net.
 */
export function labgridArgv(program: string, args: readonly string[] = []): readonly string[] {
  return pythonArgv([join(labgridDirectory(), 'bin', program), ...args])
}

/** The same for a script of one's own, given with `-c`. */
export function pythonArgv(args: readonly string[]): readonly string[] {
  const root = labgridDirectory()
  const libraries = only(join(root, 'lib'), /^\w+-linux-gnu\w*$/)
  const loader = only(libraries, /^ld-linux.*\.so\.\d+$/)
  // By its own path Python finds what belongs to it.
  const python = only(join(root, 'bin'), /^python3\.\d+$/)
  return [loader, '--library-path', libraries, '--argv0', python, python, ...args]
}

function only(directory: string, name: RegExp): string {
  const found = readdirSync(directory).find((each) => name.test(each))
  return join(directory, found ?? assert.fail(`${directory} has no ${name.source}: is the cache complete?`))
}

export interface ClientResult {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A person who uses labgrid, as the coordinator knows them. */
export interface LabgridUser {
  readonly host: string
  readonly user: string
}

/** Runs labgrid-client to its end. */
export async function labgridClient(
  coordinator: string,
  args: readonly string[],
  { host, user }: LabgridUser = { host: 'desk', user: 'ann' },
): Promise<ClientResult> {
  const [file = '', ...rest] = labgridArgv('labgrid-client', ['-x', coordinator, ...args])
  const { exitCode, stdout, stderr } = await execa(file, rest, {
    env: { LG_HOSTNAME: host, LG_USERNAME: user },
    reject: false,
    timeout: 60_000,
  })
  return { exitCode, stdout, stderr }
}
