import { fromBytes } from './binary.ts'
import { compatibleOf } from './compatible-of.ts'
import type { Handover, Hardware } from './hardware.ts'
import { BoardStopped } from './life.ts'

/**
 * Starts a kernel on a machine of its own, with exactly what a bootloader hands over: in place of the
 * simulated Linux. Without a device tree that machine takes its own.
 */
export type StartKernel = (handover: Handover) => Promise<RunningKernel>

export interface RunningKernel {
  /** What it sends, until it has ended. */
  readonly output: AsyncIterable<Uint8Array>
  write(bytes: Uint8Array): void
  /** How it ended by itself; rejects when its machine broke down. */
  readonly ended: Promise<'reset' | 'power-off'>
  /** Cuts its power; resolves when nothing of it is left. */
  stop(): Promise<void>
}

/** Gives the board's UART to a kernel that was started, until it resets or switches off. Never returns. */
export async function runKernel(hardware: Hardware, kernel: RunningKernel): Promise<never> {
  const { life } = hardware
  hardware.watchdog?.start(0)
  hardware.receive((bytes) => {
    kernel.write(bytes)
  })
  const shown = show(hardware, kernel)
  shown.catch(() => undefined)
  let end: 'reset' | 'power-off'
  try {
    end = await life.during(kernel.ended)
    await life.during(kernel.stop())
    await shown
  } catch (error) {
    // Who cuts the power stops it too.
    if (error instanceof BoardStopped && error.reason === 'reset') await kernel.stop()
    throw error
  }
  return end === 'reset' ? hardware.reset('RST') : hardware.powerOff()
}

/** How many bytes of a kernel's log come before a fault that strikes in it. */
const faultAfter = 1000

async function show(hardware: Hardware, { output }: RunningKernel): Promise<void> {
  let shown = 0
  for await (const bytes of output) {
    const before = shown
    shown += bytes.length
    if (before < faultAfter && shown >= faultAfter) await hardware.reach('kernel')
    await hardware.send(fromBytes(bytes))
  }
}

/**
 * A device tree of another machine would be of no use to the machine that the kernel is started on: it
 * gets its own, and the run is no pass.
 */
export function withFittingTree(handover: Handover, hardware: Hardware): Handover {
  const { deviceTree } = handover
  const { compatible } = hardware.options
  if (deviceTree === undefined || compatibleOf(deviceTree).includes(compatible)) return handover
  hardware.unsupported(`a device tree that is not for ${compatible}`)
  return { ...handover, deviceTree: undefined }
}
