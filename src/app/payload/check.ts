import { resolve } from 'node:path'
import { readPayloadFile } from '../../build/payload-file.ts'
import { verifyArtifacts } from '../../build/verify-artifacts.ts'
import { verdictOf, verdicts } from '../../core/verdicts.ts'
import type { Finding } from '../../payload/index.ts'
import { findBoard } from './board-target.ts'
import { checkForBoard } from './prepare.ts'

export interface PayloadCheckArguments {
  readonly directory: string
  readonly env: string
  readonly board: string | undefined
  /** RAM of the board in MiB. */
  readonly memory: number | undefined
  /** Errors are told, but do not count. */
  readonly force: boolean
}

/** `hil payload check`: every finding on stdout. @returns the exit code */
export async function checkPayloadCommand(args: PayloadCheckArguments, cwd = process.cwd()): Promise<number> {
  const directory = resolve(cwd, args.directory)
  const spec = await findBoard(args.env, args.board, cwd)
  const memoryBytes = args.memory === undefined ? undefined : args.memory * (1 << 20)
  const payload = await readPayloadFile(directory)
  const stale = await verifyArtifacts(directory, payload)
  const { findings } = await checkForBoard(directory, payload, spec, { stale, memoryBytes })
  const errors = findings.filter(({ severity }) => severity === 'error').length
  process.stdout.write(findings.map(formatFinding).join(''))
  process.stdout.write(`${args.directory}: ${summary(errors, findings.length - errors, spec.name)}\n`)
  return errors === 0 || args.force ? 0 : verdicts[verdictOf('payload')].exit
}

/** `error: out/Image: the kernel is for arm, ...` and what to do, on a line of its own. */
export function formatFinding({ severity, file, sentence, remedy, code }: Finding): string {
  const where = file === undefined || sentence.includes(file) ? '' : `${file}: `
  return `${severity}: ${where}${sentence} [${code}]\n  ${remedy}\n`
}

function summary(errors: number, warnings: number, board: string): string {
  if (errors + warnings === 0) return `ok for ${board}`
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
  const told = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ]
  return `${told.join(', ')} for ${board}`
}
