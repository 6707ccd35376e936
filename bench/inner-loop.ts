import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianArm64 } from '../scripts/setup/places.mjs'
import { pushModules } from '../src/app/push/push-modules.ts'
import { listFiles } from '../src/build/sources/list-files.ts'
import { readModuleFile } from '../src/build/modules/read-module-file.ts'
import type { Shell } from '../src/board/shell.ts'
import { requirement } from '../tests/support/requirements.ts'
import { runHil } from '../tests/support/run-hil.ts'
import { interleave, median, type Bench, type BenchRow } from './bench.ts'
import { withBoard } from './with-board.ts'

const maximumBuildMs = 1000
const maximumPushMs = 2000
const rounds = 3
/** A kernel developer's build has some modules, and one of them is new. */
const packed = 'drivers/net/ethernet/intel'
const touched = 'drivers/net/ethernet/intel/e1000e/e1000e.ko'
const pushed = 'drivers/net/mii.ko'

/** What a change costs until it runs, on a board in QEMU. */
export const innerLoop: Bench = {
  name: 'inner-loop',
  unavailable: () => {
    const { available, reason } = requirement('qemu')
    return Promise.resolve(available ? undefined : reason)
  },
  run: async () => [await changedModule(), await push()],
}

/** `hil boot` with a module that was built anew, against the same boot with nothing to be made. */
async function changedModule(): Promise<BenchRow> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-bench-'))
  const release = await modulesDirectory()
  const modules = join(directory, 'lib/modules', release.name)
  try {
    await cp(join(release.path, 'kernel', packed), join(modules, 'kernel', packed), { recursive: true })
    const count = (await listFiles(modules, '.ko')).length
    await writeEnvironment(directory)
    const words = ['boot', '--env', 'virt', '--modules-from', directory]
    const boot = async () => {
      const { exitCode, stdout, stderr } = await runHil(words, { cwd: directory })
      if (exitCode !== 0) throw new Error(`hil boot exited with ${exitCode}: ${stdout}${stderr}`)
    }
    await boot()
    const times = await interleave(rounds, {
      bare: boot,
      changed: async () => {
        // As much as a compiler's new output differs for all who look at its content.
        await appendFile(join(modules, 'kernel', touched), '\0')
        await boot()
      },
    })
    const [bare, changed] = [median(times['bare'] ?? []), median(times['changed'] ?? [])]
    return {
      what: `hil boot with one changed module of ${count}, beyond the build`,
      measured: `${(changed / 1000).toFixed(1)} s`,
      peer: `${(bare / 1000).toFixed(1)} s for a boot with nothing changed`,
      ratio: changed / bare,
      target: `at most ${maximumBuildMs / 1000} s more`,
      met: changed - bare <= maximumBuildMs,
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** A module put in the place of itself, over the console. */
async function push(): Promise<BenchRow> {
  const { path } = await modulesDirectory()
  const file = await readModuleFile(join(path, 'kernel', pushed))
  const times = await withBoard('virt-uboot', async ({ runner, t }) => {
    const shell = (await runner.goto('shell', t)) as Shell
    await pushModules(shell, [file], t)
    const { again = [] } = await interleave(rounds, { again: () => pushModules(shell, [file], t) })
    return again
  })
  const ms = median(times)
  return {
    what: `hil push of a module of ${Math.round(file.bytes.length / 1000)} kB, in place of the old one`,
    measured: `${(ms / 1000).toFixed(2)} s`,
    target: `below ${maximumPushMs / 1000} s`,
    met: ms < maximumPushMs,
  }
}

async function modulesDirectory(): Promise<{ readonly name: string; readonly path: string }> {
  const { openModuleDirectory } = await import('../src/build/modules/module-files.ts')
  const root = join(debianArm64().directory, 'modules')
  const { release } = await openModuleDirectory(root)
  return { name: release, path: join(root, 'lib/modules', release) }
}

async function writeEnvironment(directory: string): Promise<void> {
  await mkdir(join(directory, 'env'))
  await writeFile(
    join(directory, 'env/virt.yaml'),
    `boards:
  virt:
    architecture: arm64
    compatible: linux,dummy-virt
    machine:
      driver: qemu
      firmware: /usr/lib/u-boot/qemu_arm64/u-boot.bin
    bootloader: uboot
    boot:
      payload:
        kernel: \${HIL_CACHE}/debian-arm64/Image
        initrd:
          busybox: \${HIL_CACHE}/debian-arm64/busybox
`,
  )
}
