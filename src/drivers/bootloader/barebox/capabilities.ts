import type { BootloaderCapabilities } from '../../../board/bootloader.ts'
import type { Deadline } from '../../../core/deadline.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'

/** The variables worth a line in a report. */
const facts: readonly string[] = [
  'model',
  'arch',
  'hostname',
  'system.reset',
  'bootm.verify',
  'boot.default',
  'loglevel',
  'allow_color',
]

/** Reads what this build of barebox can do. */
export async function readCapabilities(session: PromptSession, t: Deadline): Promise<BootloaderCapabilities> {
  const version = await readVersion(session, t)
  const overrides = await readOverrides(session, t)
  const { stdout: commands } = await session.run('help', t)
  const values = await readFacts(session, t)
  await session.measureLine(t)
  return {
    version,
    maximumLine: session.maximumLine,
    overrides,
    facts: {
      ...values,
      menu: hasCommand(commands, 'menu'),
      network: hasCommand(commands, 'dhcp'),
      // With CONFIG_BOOTM_FORCE_SIGNED_IMAGES, or where board code forces it, it is the only value there is.
      'signed-boot': values['bootm.verify'] === 'signature' ? 'yes' : 'no',
      devboot: (await session.run('[ -f /env/bin/devboot ]', t)).exitCode === 0 ? 'yes' : 'no',
    },
  }
}

async function readVersion(session: PromptSession, t: Deadline): Promise<string> {
  const { stdout } = await session.run('version', t)
  return /^barebox (\S+)/m.exec(stdout)?.[1] ?? 'unknown'
}

/**
 * Asks `boot` itself which overrides it takes: the name is looked at before the source, so that with
 * a source that can't exist nothing is booted. The text of `help boot` is no proof, it was not kept up.
 * Since 2025.06 there are oftree and initrd, since 2026.04 image as well.
 */
async function readOverrides(
  session: PromptSession,
  t: Deadline,
): Promise<BootloaderCapabilities['overrides']> {
  const names = ['image', 'initrd', 'oftree'] as const
  const taken: (typeof names)[number][] = []
  for (const name of names) {
    const { stdout } = await session.run(`boot -d -o bootm.${name}=/hil-none hil-none`, t)
    if (/^Nothing bootable found/m.test(stdout)) taken.push(name)
  }
  return taken
}

async function readFacts(session: PromptSession, t: Deadline): Promise<Record<string, string>> {
  const { stdout } = await session.run('global', t)
  const values: Record<string, string> = {}
  for (const [, name = '', value = ''] of stdout.matchAll(/^[* ] (\S{1,80}): (.{0,400})$/gm)) {
    if (facts.includes(name)) values[name] = value.replace(/ \((?:values|list): .{0,300}\)$/, '')
  }
  return values
}

function hasCommand(help: string, name: string): string {
  return new RegExp(`[ ,]${name}(?:,|\\n)`).test(help) ? 'yes' : 'no'
}
