import { access, constants, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { messageOf } from '../../../core/errors.ts'
import type { StepFinding } from '../../../core/examination.ts'
import { findProgram } from '../../../core/find-program.ts'
import { reasonOf } from '../../../core/reason-of.ts'
import { driverChoices } from '../../../environment/boards/driver-choices.ts'
import type { BoardSpec, DriverChoice } from '../../../environment/environment.ts'
import type { PayloadSettings } from '../../../environment/payload-settings.ts'
import { readSecret } from '../../../lab/read-secret.ts'
import { failed, ok } from '../step.ts'

/** Programs, secrets, files and directories that a board's environment names, without touching the board. */
export async function fileFindings(spec: BoardSpec): Promise<readonly StepFinding[]> {
  const choices = driverChoices(spec)
  const programs = [...new Set(choices.flatMap(programsOf))]
  const secrets = choices.flatMap(({ options }) => secretsIn(options))
  const { tftp, nfs, http } = spec.network
  const directories = [tftp, nfs, http].flatMap((staging) =>
    staging?.directory === undefined || staging.ssh !== undefined ? [] : [staging.directory],
  )
  const { chainload, payload } = spec.boot
  const files = [chainload, ...(payload === undefined ? [] : filesOf(payload))]
  return [
    ...(await Promise.all(programs.map(programFinding))),
    ...(await Promise.all(secrets.map(secretFinding))),
    ...(await Promise.all(directories.map(directoryFinding))),
    ...(await Promise.all(files.flatMap((file) => (file === undefined ? [] : [fileFinding(file)])))),
  ]
}

/** Options of drivers that name a program, or a command of the user's. */
const programOptions = ['binary', 'on', 'off', 'status', 'command'] as const

/** A text is a command for the shell: of that, the first word, where it is a plain one. */
function programsOf({ options }: DriverChoice): readonly string[] {
  const named = options as Readonly<Record<string, unknown>>
  const values = programOptions.map((name) => named[name])
  const programs = values.map((value) => {
    if (Array.isArray(value)) return String(value[0])
    return typeof value === 'string' ? /^\s*([\w./+-]+)(?=\s|$)/.exec(value)?.[1] : undefined
  })
  const directory = typeof named['directory'] === 'string' ? named['directory'] : '.'
  return programs
    .filter((program): program is string => program !== undefined && !shellWords.includes(program))
    .map((program) => (program.includes('/') ? resolve(directory, program) : program))
}

/** First words of commands that are no programs. */
const shellWords: readonly string[] = [
  'if',
  'for',
  'while',
  'case',
  'cd',
  'exec',
  'export',
  'set',
  'test',
  '.',
]

async function programFinding(program: string): Promise<StepFinding> {
  const path = await findProgram(program)
  if (path !== undefined) return ok(path === program ? `${program} is there` : `${program} is ${path}`)
  const isPath = program.includes('/')
  return failed(
    `there is no program ${program}`,
    isPath
      ? 'make it executable (chmod +x), or correct its path in the environment: a relative one begins where hil is started, or in the "directory" of its driver'
      : `install it ("apt-file search bin/${program}" names the package), or correct its name in the environment`,
    'environment',
  )
}

type Reference = Parameters<typeof readSecret>[0]

/** References to secrets, wherever they stand in the options of a driver. */
function secretsIn(value: unknown): readonly Reference[] {
  if (typeof value !== 'object' || value === null) return []
  const entries = Object.entries(value)
  const [first, ...others] = entries
  if (first !== undefined && others.length === 0 && typeof first[1] === 'string') {
    if (first[0] === 'env') return [{ env: first[1] }]
    if (first[0] === 'file') return [{ file: first[1] }]
  }
  return entries.flatMap(([, inner]) => secretsIn(inner))
}

async function secretFinding(reference: Reference): Promise<StepFinding> {
  const place = 'env' in reference ? `the variable ${reference.env}` : reference.file
  try {
    await readSecret(reference)
    return ok(`there is a secret in ${place}`)
  } catch (error) {
    const advice =
      'env' in reference
        ? `set it before hil is started: export ${reference.env}=..., or name another place in the environment`
        : 'put the secret there, readable for you alone (chmod 600), or name another place in the environment'
    return failed(messageOf(error), advice, 'environment')
  }
}

async function directoryFinding(directory: string): Promise<StepFinding> {
  try {
    if (!(await stat(directory)).isDirectory()) throw new Error('it is no directory')
    await access(directory, constants.W_OK | constants.X_OK)
    return ok(`files can be put into ${directory}`)
  } catch (error) {
    return failed(
      `no file can be put into ${directory} (${reasonOf(error)})`,
      `make it, or let your group write there: sudo chgrp GROUP ${directory} && sudo chmod g+ws ${directory}`,
      'environment',
    )
  }
}

/** What a payload is made of, as far as it are files of this machine. */
function filesOf(payload: PayloadSettings): readonly string[] {
  const { directory, kernelTree, objects, fit, kernel, deviceTrees, overlays } = payload
  const { initrd, busybox, rsinit, modulesFrom, rootfs, files } = payload
  const named = [directory, kernelTree, objects, fit, kernel, busybox, rsinit, modulesFrom, rootfs, files]
  return [
    ...named.filter((path) => path !== undefined),
    ...deviceTrees,
    ...overlays,
    ...(initrd?.files ?? []),
  ]
}

async function fileFinding(file: string): Promise<StepFinding> {
  try {
    await access(file, constants.R_OK)
    return ok(`${file} can be read`)
  } catch (error) {
    return failed(
      `${file} can't be read (${reasonOf(error)})`,
      'put it there, or correct its place in the environment',
      'environment',
    )
  }
}
