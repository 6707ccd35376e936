import { ShellJump, type Shell } from '../shell.ts'
import { Pipe } from '../streams.ts'
import type { AndOr, Command, Pipeline } from '../syntax.ts'
import { runCommand } from './compound.ts'
import { inSubshell } from './subshell.ts'

export async function runAndOr(shell: Shell, { first, rest }: AndOr): Promise<number> {
  let status = await runPipeline(shell, first, rest.length > 0)
  let ran = first
  for (const { operator, pipeline } of rest) {
    if ((operator === '&&') !== (status === 0)) continue
    ran = pipeline
    status = await runPipeline(shell, pipeline, pipeline !== rest.at(-1)?.pipeline)
  }
  const final = rest.at(-1)?.pipeline ?? first
  const failed = status !== 0 && ran === final && !ran.negated
  if (failed && shell.options.has('e') && shell.conditionDepth === 0) throw new ShellJump('exit', status)
  return status
}

async function runPipeline(shell: Shell, { negated, commands }: Pipeline, tested: boolean): Promise<number> {
  const [only] = commands
  if (tested || negated) shell.conditionDepth += 1
  try {
    const status =
      commands.length === 1 && only !== undefined
        ? await runCommand(shell, only)
        : await runPipe(shell, commands)
    shell.status = negated ? (status === 0 ? 1 : 0) : status
    return shell.status
  } finally {
    if (tested || negated) shell.conditionDepth -= 1
  }
}

/** Every command of a pipeline runs in a subshell, all at the same time. */
async function runPipe(shell: Shell, commands: readonly Command[]): Promise<number> {
  const pipes = commands.slice(1).map(() => new Pipe())
  const statuses = await Promise.all(
    commands.map((command, index) => {
      const input = pipes[index - 1]?.readEnd
      const output = pipes[index]?.writeEnd
      const streams = new Map(shell.streams)
      if (input !== undefined) streams.set(0, input)
      if (output !== undefined) streams.set(1, output)
      return inSubshell(shell, streams, (child) => runCommand(child, command)).finally(() => {
        input?.close?.()
        output?.close?.()
      })
    }),
  )
  return statuses.at(-1) ?? 0
}
