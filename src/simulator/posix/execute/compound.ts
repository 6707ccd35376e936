import { expandOne, expandPattern, expandWords } from '../expand.ts'
import { patternToRegExp } from '../pattern.ts'
import { withRedirects } from '../redirect.ts'
import { ShellJump, type Shell } from '../shell.ts'
import type { Command, Script } from '../syntax.ts'
import { runScript } from './script.ts'
import { runSimple } from './simple.ts'
import { inSubshell } from './subshell.ts'
import { substitute } from './substitute.ts'

type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>

export async function runCommand(shell: Shell, command: Command): Promise<number> {
  if (command.kind === 'simple') return runSimple(shell, command)
  if (command.kind === 'function') {
    shell.functions.set(command.name, command.body)
    return 0
  }
  if (command.redirects.length === 0) return runCompound(shell, command)
  return withRedirects(shell, command.redirects, substitute, () => runCompound(shell, command))
}

function runCompound(
  shell: Shell,
  command: Exclude<Command, { kind: 'simple' | 'function' }>,
): Promise<number> {
  switch (command.kind) {
    case 'group':
      return runScript(shell, command.body)
    case 'subshell':
      return inSubshell(shell, shell.streams, (child) => runScript(child, command.body))
    case 'if':
      return runIf(shell, command)
    case 'loop':
      return runLoop(shell, command)
    case 'for':
      return runFor(shell, command)
    case 'case':
      return runCase(shell, command)
  }
}

async function runIf(shell: Shell, { branches, otherwise }: CommandOf<'if'>): Promise<number> {
  for (const { condition, body } of branches) {
    if (await holds(shell, condition)) return runScript(shell, body)
  }
  shell.status = 0
  return otherwise === undefined ? 0 : runScript(shell, otherwise)
}

async function holds(shell: Shell, condition: Script): Promise<boolean> {
  shell.conditionDepth += 1
  try {
    return (await runScript(shell, condition)) === 0
  } finally {
    shell.conditionDepth -= 1
  }
}

async function runLoop(shell: Shell, { until, condition, body }: CommandOf<'loop'>): Promise<number> {
  let status = 0
  await loop(shell, async () => {
    if ((await holds(shell, condition)) === until) return false
    status = await runScript(shell, body)
    return true
  })
  shell.status = status
  return status
}

async function runFor(shell: Shell, { name, words, body }: CommandOf<'for'>): Promise<number> {
  const values = words === undefined ? [...shell.positional] : await expandWords(shell, words, substitute)
  let status = 0
  await loop(shell, async () => {
    const value = values.shift()
    if (value === undefined) return false
    shell.set(name, value)
    status = await runScript(shell, body)
    return true
  })
  return status
}

/** Repeats `turn` until it says no, or a `break` does. */
async function loop(shell: Shell, turn: () => Promise<boolean>): Promise<void> {
  shell.loopDepth += 1
  try {
    for (;;) {
      try {
        if (!(await turn())) return
      } catch (error) {
        if (!(error instanceof ShellJump) || (error.kind !== 'break' && error.kind !== 'continue'))
          throw error
        shell.status = 0
        if (error.value > 1 && shell.loopDepth > 1) {
          error.value -= 1
          throw error
        }
        if (error.kind === 'break') return
      }
    }
  } finally {
    shell.loopDepth -= 1
  }
}

async function runCase(shell: Shell, { subject, items }: CommandOf<'case'>): Promise<number> {
  const text = await expandOne(shell, subject, substitute)
  for (const { patterns, body } of items) {
    for (const pattern of patterns) {
      if (!patternToRegExp(await expandPattern(shell, pattern, substitute)).test(text)) continue
      if (body.items.length === 0) return 0
      return runScript(shell, body)
    }
  }
  return 0
}
