import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { StepFinding } from '../../../core/examination.ts'
import type { Bootloader } from '../../../board/bootloader.ts'
import type { Bench } from '../bench.ts'
import { ok, warn, type NothingToTry } from '../step.ts'

const state = 'bootloader'

/** From power-off to the bootloader's prompt. */
export async function reachBootloader(
  bench: Bench,
  t: Deadline,
): Promise<readonly StepFinding[] | NothingToTry> {
  const { service, spec, strategy } = bench
  if (spec.bootloader === undefined || !bench.hasState(state)) {
    return { nothingToTry: `the strategy "${strategy.name}" needs no bootloader of this board` }
  }
  await service.powerOff(t)
  await service.goto(t, state)
  return [ok(`the ${spec.bootloader.driver.name} prompt, stopped and answering`)]
}

/** What this build of the bootloader can do for whoever tests kernels with it. */
export async function readAbilities(
  { service }: Bench,
  t: Deadline,
): Promise<readonly StepFinding[] | NothingToTry> {
  const { bootloader } = service
  if (bootloader === undefined) return { nothingToTry: 'this board is driven without a bootloader' }
  const { version, overrides, facts } = await bootloader.capabilities(t)
  const replaces =
    overrides.length > 0
      ? `its normal boot can have ${inWords(overrides)} replaced`
      : 'kernel, initrd and device tree are fetched and started one by one'
  const findings = [ok(`${bootloader.kind} ${version}: ${replaces}`)]
  if (bootloader.kind === 'barebox' && !overrides.includes('image')) {
    findings.push(
      warn(
        "this barebox can't have the kernel of its normal boot replaced",
        'take barebox 2026.04 or later with CONFIG_BOOT_OVERRIDE, or have one started by it ("first-bootloader", docs/netboot.md)',
      ),
    )
  }
  if (facts['network'] === 'no') {
    findings.push(
      warn(
        'it has no network commands',
        'payloads then go over the console ("boot: { by: console }"), or take a build that has them',
      ),
    )
  } else if (facts['network'] === 'yes') findings.push(ok('it fetches by TFTP'))
  if (facts['signed-boot'] === 'yes') {
    findings.push(
      warn(
        'it boots signed images alone: payloads of other people are refused, or ignored without a word',
        'sign the FIT of the payload with its key, or take a build without that (barebox: CONFIG_BOOTM_FORCE_SIGNED_IMAGES=n)',
      ),
    )
  } else if (facts['signed-boot'] === 'no') findings.push(ok('it boots images that are not signed'))
  return findings
}

function inWords(names: readonly string[]): string {
  const words: Readonly<Record<string, string>> = { image: 'kernel', initrd: 'initrd', oftree: 'device tree' }
  return names.map((name) => words[name] ?? name).join(', ')
}

/** @throws HilError `hil.no-bootloader` (hil) */
export function requirePrompt({ service, spec }: Bench): Bootloader {
  if (service.bootloader !== undefined) return service.bootloader
  throw new HilError('hil.no-bootloader', `${spec.name} is not at its bootloader's prompt any more`, {
    blame: 'hil',
  })
}
