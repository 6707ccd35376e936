import { stringify } from 'yaml'
import { Redactor } from '../core/redaction.ts'
import { boardSchema } from './board-schema.ts'
import type { BoardSpec, DriverChoice, Environment } from './environment.ts'
import type { Variables } from './interpolate.ts'
import { presentKernelRules } from './kernel-log-schema.ts'
import { presentPayload } from './payload-schema.ts'
import { durationText, presentOptions } from './present-options.ts'
import { escapeReferences } from './references.ts'

/**
 * The resolved environment as YAML that can be read again. A secret shows as the reference it is;
 * the values of variables that look like secrets are masked.
 * @param variables where these values are found; default `process.env`
 */
export function showEnvironment(environment: Environment, variables: Variables = process.env): string {
  const redactor = new Redactor()
  for (const name of environment.secretVariables) redactor.add(variables[name] ?? '')
  // A map, because an object would put boards named by numbers first.
  const boards = new Map(
    environment.boards.map((board) => [board.name, withoutVariables(redactor.redact(present(board)))]),
  )
  const heading = ` resolved from ${environment.files.join(', ')}\n`
  return `#${redactor.text(heading)}${stringify({ boards }, { lineWidth: 0 })}`
}

function present(board: BoardSpec): object {
  const { hardware, console, bootloader, firstBootloader, boot, timeouts } = board
  const pacing = {
    'char-delay': durationText(console.charDelayMs),
    'line-delay': durationText(console.lineDelayMs),
    reconnect: durationText(console.reconnectMs),
    'only-with-power': console.onlyWithPower,
  }
  return {
    architecture: board.architecture,
    compatible: board.compatible,
    memory: board.memoryBytes === undefined ? undefined : board.memoryBytes / (1 << 20),
    ...('machine' in hardware
      ? { machine: presentDriver(hardware.machine), console: pacing }
      : { power: presentDriver(hardware.power), console: { ...presentDriver(hardware.console), ...pacing } }),
    ...(bootloader && { bootloader: presentDriver(bootloader) }),
    ...(firstBootloader && { 'first-bootloader': presentDriver(firstBootloader) }),
    shell: presentDriver(board.shell),
    ...(board.ssh && { ssh: presentDriver(board.ssh) }),
    ...(board.storage && { storage: presentDriver(board.storage) }),
    ...(board.recovery && { recovery: presentDriver(board.recovery) }),
    ...(board.recoveryStrap && { 'recovery-strap': presentDriver(board.recoveryStrap) }),
    strategy: 'name' in board.strategy ? board.strategy.name : board.strategy.file,
    boot: {
      source: boot.source,
      chainload: boot.chainload,
      bootargs: boot.bootargs,
      devboot: boot.devboot || undefined,
      'dry-run': boot.dryRun || undefined,
      payload: boot.payload && presentPayload(boot.payload),
    },
    network: presentOptions(boardSchema.shape.network, board.network),
    timeouts: {
      states: Object.fromEntries(
        Object.entries(timeouts.states).map(([state, ms]) => [state, durationText(ms)]),
      ),
      command: durationText(timeouts.command),
      release: durationText(timeouts.release),
    },
    'power-off-time': durationText(board.powerOffTimeMs),
    after: board.after,
    'kernel-log': presentKernelRules(board.kernelRules),
    features: board.features,
    resources: board.resources,
  }
}

function presentDriver({ driver, options }: DriverChoice): object {
  return { driver: driver.name, ...(presentOptions(driver.schema, options) as object) }
}

/** Resolved text has no variables any more: `${` in it stands for itself. */
function withoutVariables(value: unknown): unknown {
  if (typeof value === 'string') return escapeReferences(value)
  if (Array.isArray(value)) return value.map(withoutVariables)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutVariables(item)]))
}
