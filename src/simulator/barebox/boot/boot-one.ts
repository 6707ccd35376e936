import type { Barebox } from '../barebox.ts'
import { BootFailure, type BootEntry, type BootOptions } from './boot-entry.ts'
import { clearDynamicBootargs } from './bootargs.ts'

/** Boots one entry. @returns true after a dry run, false when it failed */
export async function bootEntry(barebox: Barebox, entry: BootEntry, options: BootOptions): Promise<boolean> {
  await barebox.print(`Booting entry '${entry.title}'\n`)
  const seconds = Number(barebox.variables.global('boot.watchdog_timeout'))
  if (seconds > 0) {
    if (barebox.hardware.watchdog === undefined) {
      await barebox.log('warning', 'Failed to enable watchdog: No such device')
    } else barebox.hardware.watchdog.start(seconds)
  }
  try {
    await entry.boot(options)
    return true
  } catch (error) {
    if (!(error instanceof BootFailure)) throw error
    await barebox.log('error', `Booting entry '${entry.title}' failed: ${error.message}`)
    return false
  } finally {
    clearDynamicBootargs(barebox)
  }
}
