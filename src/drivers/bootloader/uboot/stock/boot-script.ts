import type { CommandRunner } from '../../../../board/command-runner.ts'
import type { Deadline } from '../../../../core/deadline.ts'
import { runOk } from '../../run-ok.ts'
import { readVariable, setVariable } from '../variables.ts'

type Prompt = Pick<CommandRunner, 'run'>

/** What boots, resets or writes; each is at least as long as `true`. */
const mustNotRun =
  /(?<=^|[;&|\x00-\x08\n-\x1f\x7f-\xff]|\b(?:then|do|else|if|elif|while)\s)([ \t]*)(boot[imzd]?|bootefi|bootelf|bootvx|bootflow|sysboot|reset|poweroff|saveenv|env +save|ext4write|fatwrite|save|mmc +(?:write|erase)|sf +(?:write|erase|update)|nand +(?:write|erase))(?=[\s;&|]|$)/g

/** What may lead to a boot that can't be seen in the script itself. */
const leadsElsewhere =
  /(?<=^|[;&|\x00-\x08\n-\x1f\x7f-\xff]|\b(?:then|do|else|if|elif|while)\s)[ \t]*(?:source|go|bootp|pxe|dfu)(?=[\s;&|]|$)/
const variableRun = /(?<=^|[;&|\s])run[ \t]+([^;&|\n]{1,200})/g

/** Legacy image (`mkimage -T script`) and FIT: by their magic number, what they say of their length in bytes. */
const lengths: Readonly<Record<string, (image: Buffer) => number>> = {
  27051956: (image) => headerLength + image.readUInt32BE(12),
  d00dfeed: (image) => image.readUInt32BE(4),
}
const headerLength = 64

/**
 * The command line that a boot script sets, found by running it with all that boots, resets or writes taken
 * out: only the board itself can tell what its tests and variables come to.
 * @param script as it lies in memory at `address`; what is longer than one that is read may be cut off
 * @returns undefined where it sets none, or the reason why it can't be run, as a sentence
 */
export async function bootargsOfScript(
  prompt: Prompt,
  script: Buffer,
  address: string,
  t: Deadline,
): Promise<{ readonly bootargs: string } | { readonly why: string } | undefined> {
  const lengthOf = lengths[script.toString('hex', 0, 4)]
  if (lengthOf === undefined || script.length < headerLength)
    return { why: 'is no image that "source" takes' }
  // Behind what was read the memory may have anything, which would be run as it is.
  if (lengthOf(script) > script.length)
    return { why: `has more than the ${script.length} bytes that are read` }
  const text = script.toString('latin1')
  if (leadsElsewhere.test(text)) return { why: 'goes on in another script or program' }
  for (const [, names = ''] of text.matchAll(variableRun)) {
    for (const name of names.trim().split(/\s+/)) {
      const isItsOwn =
        !/^[\w.-]{1,100}$/.test(name) || text.includes(`${name}=`) || text.includes(`setenv ${name} `)
      if (isItsOwn || mayBoot(await readVariable(prompt, name, t))) {
        return { why: `runs the variable ${name}, which may boot` }
      }
    }
  }
  for (const { index, length } of commandsToDrop(text)) await dropCommand(prompt, address, index, length, t)
  const before = await readVariable(prompt, 'bootargs', t)
  const verify = await readVariable(prompt, 'verify', t)
  // Its checksum is not right any more.
  await setVariable(prompt, 'verify', 'no', t)
  await prompt.run(`source ${address}`, t)
  await (verify === '' ? runOk(prompt, 'setenv verify', t) : setVariable(prompt, 'verify', verify, t))
  const bootargs = await readVariable(prompt, 'bootargs', t)
  return bootargs === before ? undefined : { bootargs }
}

/** Where the commands stand in a script that are taken out before it is run. */
export function commandsToDrop(
  script: string,
): readonly { readonly index: number; readonly length: number }[] {
  return [...script.matchAll(mustNotRun)].map(({ index, 1: indent = '', 2: command = '' }) => ({
    index: index + indent.length,
    length: command.length,
  }))
}

function mayBoot(command: string): boolean {
  return commandsToDrop(command).length > 0 || leadsElsewhere.test(command) || /\brun\b/.test(command)
}

/** Writes `true` in place of a command, so that nothing else of the script moves. */
async function dropCommand(prompt: Prompt, address: string, offset: number, length: number, t: Deadline) {
  const at = (index: number) => `0x${(BigInt(address) + BigInt(offset + index)).toString(16)}`
  const bytes = [...Buffer.from('true')].map((byte, index) => `mw.b ${at(index)} ${byte.toString(16)}`)
  if (length > 4) bytes.push(`mw.b ${at(4)} 20 ${(length - 4).toString(16)}`)
  await runOk(prompt, bytes.join(';'), t)
}
