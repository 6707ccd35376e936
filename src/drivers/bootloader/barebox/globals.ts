import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { runOk } from '../run-ok.ts'

/** Empty for a variable that is not set: `global NAME` would print nothing either way. */
export async function readGlobal(
  prompt: Pick<CommandRunner, 'run'>,
  name: string,
  t: Deadline,
): Promise<string> {
  const { stdout } = await runOk(prompt, `echo "\${global.${checked(name)}}"`, t)
  // A driver may have spoken before it.
  return stdout.replace(/\n$/, '').split('\n').at(-1) ?? ''
}

export async function setGlobal(
  prompt: Pick<CommandRunner, 'run'>,
  name: string,
  value: string,
  t: Deadline,
): Promise<void> {
  await runOk(prompt, `global ${checked(name)}=${quote(value)}`, t)
}

/**
 * Nothing is expanded between single quotes, and inside double ones single quotes vanish: a value
 * with both kinds can't be written.
 */
export function quote(value: string): string {
  if (!value.includes("'")) return `'${value}'`
  throw new HilError(
    'bootloader.quote',
    `barebox has no way to write the value ${value}: it holds a single quote`,
    {
      blame: 'environment',
      details: { value },
    },
  )
}

function checked(name: string): string {
  if (/^[\w.~-]{1,200}$/.test(name)) return name
  throw new HilError('bootloader.variable', `"${name}" is no name of a barebox variable`, { blame: 'test' })
}
