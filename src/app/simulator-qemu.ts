import { z } from 'zod'
import { defineMachine } from '../board/driver.ts'
import { path } from '../board/option-types.ts'
import { parseMemorySize } from '../core/memory-size.ts'
import { qemuHardware } from '../drivers/machine/qemu/options.ts'
import { faultSchema, type Fault } from '../simulator/faults/schema.ts'
import { bareboxSchema, simulatorSchema } from '../simulator/options.ts'

const stock = z.strictObject({
  kernel: path('Its kernel.'),
  initrd: path('Its initial RAM disk.').optional(),
  deviceTree: path("Its device tree; without one the bootloader's own is used.").optional(),
  bootargs: z.string().default('console=ttyAMA0').describe('Its command line.'),
})

/** What is there after the bootloader is real: it can be cut off, and not be told what to do. */
function refuseFaultsOfKernels(faults: readonly Fault[], context: z.RefinementCtx): void {
  for (const [index, fault] of faults.entries()) {
    const at = 'at' in fault ? fault.at : undefined
    const isOfLinux =
      fault.name === 'printk' ||
      at === 'userspace' ||
      at === 'shell' ||
      (fault.name === 'panic' && at === 'kernel')
    if (!isOfLinux) continue
    const what = at === undefined ? fault.name : `${fault.name} at ${at}`
    context.addIssue({
      code: 'custom',
      path: [index],
      message: `"${what}" is a fault of the simulated Linux, and this board runs a real kernel`,
    })
  }
}

const schema = qemuHardware.extend({
  model: simulatorSchema.shape.model,
  compatible: simulatorSchema.shape.compatible,
  speed: simulatorSchema.shape.speed,
  barebox: bareboxSchema.describe('How barebox behaves.'),
  seed: simulatorSchema.shape.seed,
  faults: z
    .array(faultSchema)
    .default([])
    .superRefine(refuseFaultsOfKernels)
    .describe('What goes wrong with this board, until its kernel runs.'),
  stock: stock
    .optional()
    .describe(
      'What the bootloader-spec entry on virtioblk0 boots when nothing is overridden; without it there is no disk to boot from.',
    ),
})

/** The simulated barebox, and QEMU for the kernels it loads: late overrides with a real kernel, without a barebox image. */
export const simulatorQemu = defineMachine({
  name: 'simulator-qemu',
  summary:
    'The simulated barebox, which hands exactly what it fetched and chose to a real QEMU: no barebox image is needed.',
  schema,
  resources: ({ drives }) =>
    drives.filter(({ snapshot }) => !snapshot).map(({ path: file }) => `file:${file}`),
  memoryBytes: ({ memory }) => parseMemorySize(String(memory)),
  async open({ model, compatible, speed, seed, faults, barebox, stock: system, ...hardware }, context, t) {
    const { openQemuForKernels } = await import('../drivers/machine/qemu/start-kernel.ts')
    const { createSimulatedMachine } = await import('../simulator/machine.ts')
    const qemu = await openQemuForKernels(hardware, context, t)
    const options = simulatorSchema.parse({
      model,
      compatible,
      speed,
      seed,
      faults,
      barebox: { ...barebox, disk: system !== undefined },
    })
    const machine = createSimulatedMachine(context.board, options, {
      startKernel: qemu.start,
      ...(system === undefined ? {} : { stock: { initrd: undefined, deviceTree: undefined, ...system } }),
    })
    context.undo.defer('stopping QEMU', () => machine.close())
    return {
      ...machine,
      versions: { simulator: `barebox ${barebox.version}`, qemu: qemu.version },
    }
  },
})
