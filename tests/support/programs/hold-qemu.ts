/**
 * Switches a QEMU machine on and holds it, as hil does in a run, until it is killed itself.
 * Usage: hold-qemu.ts FIRMWARE; prints "on".
 */
import { startDeadline } from '../../../src/core/deadline.ts'
import { qemuMachine } from '../../../src/drivers/machine/qemu.ts'
import { createTestContext } from '../driver-context.ts'

const t = startDeadline(10_000, 'switching on')
const context = await createTestContext()
const options = qemuMachine.schema.parse({ firmware: process.argv[2], memory: 256 })
const machine = await qemuMachine.open(options, context, t)
await machine.power.on(t)
process.stdout.write(`on ${context.temporaryDirectory}\n`)
