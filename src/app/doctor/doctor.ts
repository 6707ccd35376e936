import { examinationVersion, type StepFinding } from '../../core/examination.ts'
import { HilError } from '../../core/errors.ts'
import { gravest } from '../../core/verdicts.ts'
import type { Environment } from '../../environment/environment.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { Screen } from '../../report/terminal/screen.ts'
import { selectBoards } from '../../session/run-checks.ts'
import { openEnvironment } from '../environment/environments.ts'
import { openOutput } from '../terminal.ts'
import { examineBoards } from './examine-boards.ts'
import type { Patient, Telling } from './examined.ts'
import { lookAtBoards } from './look-at-boards.ts'
import { nodeFinding, tftpPortFinding, usualPort } from './machine.ts'
import { adviceText, boardTable, findingLine, styleOf } from './tell.ts'

export interface DoctorCommandOptions {
  readonly environments: readonly string[]
  /** Empty: the one board that there is. */
  readonly boards: readonly string[]
  /** Boards that have every one of these tags. */
  readonly tags: readonly string[]
  /** Every board of the environments. */
  readonly all: boolean
  /** Opens and switches nothing. */
  readonly look: boolean
  readonly json: boolean
  readonly reportRoot: string
  readonly queueing: Queueing
}

/**
 * `hil doctor`: proves benches step by step, in words, and ends with what to do about what failed.
 * @returns the exit code
 * @throws HilError `environment.*`, `doctor.which-board` (environment)
 */
export async function doctorCommand(options: DoctorCommandOptions, cwd = process.cwd()): Promise<number> {
  const patients = await choosePatients(options, cwd)
  const screen = new Screen(openOutput(process.stdout))
  const style = styleOf(screen.output)
  const width = Math.max(0, ...patients.map(({ spec }) => spec.name.length))
  const telling: Telling = {
    screen,
    isQuiet: options.json,
    margin: (board) => (patients.length > 1 ? board.padEnd(width) : ''),
  }
  const print = (text: string) => {
    if (!options.json) screen.print(text)
  }
  const machine = await machineFindings(patients)
  print(machine.map((finding) => findingLine(finding, style)).join(''))
  const { examinations, exitCode } =
    options.look || patients.length === 0
      ? await lookAtBoards(patients, telling)
      : await examineBoards(patients, { ...options, telling, cwd })
  if (options.json) {
    const verdict = gravest(examinations.map((each) => each.verdict))
    const result = { version: examinationVersion, machine, boards: examinations, verdict }
    screen.print(`${JSON.stringify(result, undefined, 2)}\n`)
  }
  if (patients.length > 1) print(boardTable(examinations, screen.output.columns))
  print(adviceText(machine, examinations, style))
  return exitCode
}

async function choosePatients(
  { environments, boards, tags, all, look }: DoctorCommandOptions,
  cwd: string,
): Promise<readonly Patient[]> {
  const opened: Environment[] = []
  for (const name of environments) opened.push(await openEnvironment(name, cwd))
  const known = opened.flatMap((environment) => environment.boards.map((spec) => ({ environment, spec })))
  if (boards.length > 0 || tags.length > 0) {
    const [first, ...others] = opened
    if (first === undefined || others.length > 0) {
      throw wrongChoice('boards are named, or chosen by tags, in one environment: say which with --env')
    }
    const names = selectBoards(first, boards, tags)
    return known.filter(({ spec }) => names.includes(spec.name))
  }
  if (all || look || known.length <= 1) return known
  const names = known.map(({ spec }) => spec.name).join(', ')
  throw wrongChoice(`there are ${known.length} boards, ${names}: say which, or --all`)
}

function wrongChoice(message: string): HilError {
  return new HilError('doctor.which-board', message, { blame: 'environment' })
}

/** The usual port is looked at where no board says which it needs, or that it needs none. */
async function machineFindings(patients: readonly Patient[]): Promise<readonly StepFinding[]> {
  if (patients.length > 0) return [nodeFinding()]
  return [nodeFinding(), await tftpPortFinding({ listen: undefined, port: usualPort }, false)]
}
