import { access, constants, stat } from 'node:fs/promises'
import { findProgram } from '../../core/find-program.ts'
import type { BoardSpec, DriverChoice } from '../../environment/environment.ts'
import type { DoctorFinding } from './finding.ts'
import { serialPortFinding } from './serial-port.ts'

/** What would keep a board from being driven, as far as it shows without touching it. */
export async function boardFindings(spec: BoardSpec): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = []
  for (const choice of choicesOf(spec)) {
    for (const resource of choice.driver.resources(choice.options)) {
      if (resource.startsWith('serial:')) {
        findings.push(await serialPortFinding(spec.name, resource.slice('serial:'.length)))
      }
    }
    for (const program of programsOf(choice)) findings.push(await programFinding(spec.name, program))
  }
  const { tftp, nfs, http } = spec.network
  for (const staging of [tftp, nfs, http]) {
    if (staging?.directory === undefined || staging.ssh !== undefined) continue
    findings.push(await directoryFinding(spec.name, staging.directory))
  }
  return findings
}

/** The port that hil has to listen on for a board; undefined where it needs none of its own choice. */
export function wantedPort({
  network: { tftp },
  hardware,
}: BoardSpec): { host: string; port: number } | undefined {
  if (tftp?.embedded === undefined) return undefined
  const { listen, port } = tftp.embedded
  if (port === undefined && 'machine' in hardware) return undefined
  // The name of an interface is looked up when it is needed: any address tells whether the port may be used.
  const isAddress = listen !== undefined && /^[\d.]+$|:/.test(listen)
  return { host: isAddress ? listen : '0.0.0.0', port: port ?? 69 }
}

function choicesOf({ hardware, bootloader, firstBootloader, shell }: BoardSpec): readonly DriverChoice[] {
  return [...Object.values<DriverChoice>(hardware), bootloader, firstBootloader, shell].filter(
    (choice) => choice !== undefined,
  )
}

/** Options of drivers that name a program, or a command of the user's. */
const programOptions = ['binary', 'on', 'off', 'status', 'command'] as const

/** A text is a command for the shell: of that, the first word, where it is a plain one. */
function programsOf({ options }: DriverChoice): readonly string[] {
  const values = programOptions.map((name) => (options as Readonly<Record<string, unknown>>)[name])
  const programs = values.map((value) => {
    if (Array.isArray(value)) return String(value[0])
    return typeof value === 'string' ? /^\s*([\w./+-]+)(?=\s|$)/.exec(value)?.[1] : undefined
  })
  return [...new Set(programs.filter((program) => program !== undefined))].filter(
    (program) => !shellWords.includes(program),
  )
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

async function programFinding(board: string, program: string): Promise<DoctorFinding> {
  const path = await findProgram(program)
  if (path !== undefined) return { level: 'ok', sentence: `${board}: ${program} is ${path}` }
  return {
    level: 'problem',
    sentence: `${board}: there is no program ${program}; install it ("apt-file search bin/${program}" names the package), or correct its name in the environment`,
  }
}

async function directoryFinding(board: string, directory: string): Promise<DoctorFinding> {
  try {
    if (!(await stat(directory)).isDirectory()) throw new Error('it is no directory')
    await access(directory, constants.W_OK | constants.X_OK)
    return { level: 'ok', sentence: `${board}: files can be put into ${directory}` }
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    return {
      level: 'problem',
      sentence: `${board}: no file can be put into ${directory} (${why}); make it, or let your group write there: sudo chgrp GROUP ${directory} && sudo chmod g+ws ${directory}`,
    }
  }
}
