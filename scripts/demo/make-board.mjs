import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory, debianArm64 } from '../setup/places.mjs'
import { run } from '../setup/run.mjs'

/**
 * Makes what the board of `env/demo.yaml` has: a system of its own (an initrd with busybox), and the device tree
 * that QEMU has for its machine.
 *
 * @param {readonly string[]} hil the command that runs hil
 */
export async function makeBoard(hil) {
  const directory = join(cacheDirectory(), 'demo')
  const { kernel, busybox } = debianArm64()
  await mkdir(directory, { recursive: true })
  const machine = `virt,highmem=off,dumpdtb=${join(directory, 'virt.dtb')}`
  await done(['qemu-system-aarch64', '-M', machine, '-cpu', 'cortex-a57', '-m', '1024', '-nic', 'none'])
  const system = join(directory, 'system')
  const parts = ['--kernel', kernel, '--busybox', busybox, '--modules', 'none', '--output', system]
  await done([...hil, 'payload', 'build', ...parts])
}

/** @param {readonly string[]} command */
async function done([file = '', ...args]) {
  const { code, output } = await run(file, args)
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} failed: ${output.trim()}`)
}
