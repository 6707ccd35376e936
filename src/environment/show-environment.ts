import { stringify } from 'yaml'
import { Redactor } from '../core/redaction.ts'
import { boardSchema } from './schema/board-schema.ts'
import type { BoardSpec, ConsoleSettings, DriverChoice, Environment, OtherConsole } from './environment.ts'
import type { Variables } from './source/interpolate.ts'
import { presentKernelRules } from './schema/kernel-log-schema.ts'
import { presentPayload } from './schema/payload-schema.ts'
import { durationText, presentOptions } from './boards/present-options.ts'
import { escapeReferences } from './source/references.ts'

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
  const settings = presentSettings(console)
  return {
    architecture: board.architecture ?? 'unknown',
    compatible: board.compatible,
    memory: board.memoryBytes === undefined ? undefined : board.memoryBytes / (1 << 20),
    ...presentHardware(hardware, settings),
    ...(board.otherConsoles.length > 0 && { consoles: presentOthers(board.otherConsoles) }),
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
      golden: boot.golden,
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
    options: board.options,
    tags: board.tags,
    resources: board.resources,
    'quarantine-after': Number.isFinite(board.quarantineAfter) ? board.quarantineAfter : 'never',
  }
}

function presentHardware(hardware: BoardSpec['hardware'], settings: object): object {
  if ('machine' in hardware) return { machine: presentDriver(hardware.machine), console: settings }
  if (!('place' in hardware)) {
    return {
      power: presentDriver(hardware.power),
      console: { ...presentDriver(hardware.console), ...settings },
    }
  }
  const { coordinator, wanted, use, power, console } = hardware.place
  return {
    ...('name' in wanted ? { place: wanted.name } : { reserve: wanted.tags }),
    coordinator: presentOptions(boardSchema.shape.coordinator, {
      ...coordinator,
      tls: coordinator.tls && Object.keys(coordinator.tls).length === 0 ? true : coordinator.tls,
    }),
    ...(Object.keys(use).length > 0 && { use }),
    ...(power && { power: presentDriver(power) }),
    console: { ...(console && presentDriver(console)), ...settings },
  }
}

function presentOthers(consoles: readonly OtherConsole[]): object {
  return Object.fromEntries(
    consoles.map(({ name, choice, settings, readsKernelLog, failOn }) => [
      name,
      {
        ...{ ...presentDriver(choice), ...presentSettings(settings), 'kernel-log': readsKernelLog },
        ...(failOn.length > 0 && { 'fail-on': failOn.map(({ source }) => source) }),
      },
    ]),
  )
}

function presentSettings(settings: ConsoleSettings): object {
  return {
    'char-delay': durationText(settings.charDelayMs),
    'line-delay': durationText(settings.lineDelayMs),
    reconnect: durationText(settings.reconnectMs),
    'only-with-power': settings.onlyWithPower,
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
