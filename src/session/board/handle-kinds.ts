import type { Bootloader } from '../../board/bootloader.ts'
import type { CommandRunner } from '../../board/command-runner.ts'
import type { Console } from '../../board/console.ts'
import type { Shell } from '../../board/shell.ts'

/** Strategies are the user's: what a state offers is known when it is there. */

export function isShell(handle: unknown): handle is Shell {
  return isCommandRunner(handle) && 'kind' in handle && handle.kind === 'shell'
}

export function isBootloader(handle: unknown): handle is Bootloader {
  return isCommandRunner(handle) && 'boot' in handle
}

export function isConsole(handle: unknown): handle is Console {
  return isObject(handle) && typeof handle['expect'] === 'function'
}

function isCommandRunner(handle: unknown): handle is CommandRunner {
  return isObject(handle) && typeof handle['run'] === 'function'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
