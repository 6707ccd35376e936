import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { groupByLength } from '../group-by-length.ts'
import { runOk } from '../run-ok.ts'

type Prompt = Pick<CommandRunner, 'run'>

/** Empty for a variable that is not set. */
export async function readVariable(prompt: Prompt, name: string, t: Deadline): Promise<string> {
  const { stdout } = await runOk(prompt, `echo "\${${checked(name)}}"`, t)
  return stdout.replace(/\n$/, '')
}

export async function setVariable(prompt: Prompt, name: string, value: string, t: Deadline): Promise<void> {
  await runOk(prompt, `setenv ${checked(name)} ${quote(value)}`, t)
}

/** Sets a variable that may become longer than what can be typed at once. */
export async function setWords(
  prompt: Prompt & { readonly maximumLine: number },
  name: string,
  words: readonly string[],
  t: Deadline,
): Promise<void> {
  await runOk(prompt, `setenv ${checked(name)}`, t)
  await appendWords(prompt, name, words, t)
}

/** Adds words to a variable, in as many commands as the length of a line asks for. */
export async function appendWords(
  prompt: Prompt & { readonly maximumLine: number },
  name: string,
  words: readonly string[],
  t: Deadline,
): Promise<void> {
  const overhead = `setenv ${name} "\${${name}} "''`.length
  let isEmpty = (await readVariable(prompt, name, t)) === ''
  for (const group of groupByLength(words, prompt.maximumLine - overhead)) {
    const before = isEmpty ? '' : `"\${${name}} "`
    await runOk(prompt, `setenv ${checked(name)} ${before}${quote(group)}`, t)
    isEmpty = false
  }
}

/** What U-Boot makes of `${name}` in a text it reads from a file. */
export async function expandVariables(prompt: Prompt, text: string, t: Deadline): Promise<string> {
  const names = new Set([...text.matchAll(/\$\{([\w.-]{1,100})\}/g)].map(([, name = '']) => name))
  let expanded = text
  for (const name of names) {
    const value = await readVariable(prompt, name, t)
    expanded = expanded.replaceAll(`\${${name}}`, () => value)
  }
  return expanded
}

/** Nothing is expanded between single quotes, and there is no way to write one. */
function quote(value: string): string {
  if (!value.includes("'")) return `'${value}'`
  throw new HilError(
    'bootloader.quote',
    `U-Boot has no way to write the value ${value}: it holds a single quote`,
    {
      blame: 'environment',
      details: { value },
    },
  )
}

function checked(name: string): string {
  if (/^[\w.-]{1,100}$/.test(name)) return name
  throw new HilError('bootloader.variable', `"${name}" is no name of a U-Boot variable`, { blame: 'test' })
}
