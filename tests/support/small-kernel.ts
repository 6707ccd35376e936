import { execa } from 'execa'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { runTool } from '../unit/codecs/oracle.ts'

const forArm64 = ['ARCH=arm64', 'CROSS_COMPILE=aarch64-linux-gnu-']

/**
 * Configures the least of a kernel tree that boots on QEMU's virt machine, with what further fragments of
 * tests/fixtures/kernel-config set.
 *
 * @returns the path of the configuration
 */
export async function configureSmallKernel(
  tree: string,
  objects: string,
  further: readonly string[] = [],
): Promise<string> {
  const fragments = ['virt-arm64', ...further].map((name) =>
    readFile(new URL(`../fixtures/kernel-config/${name}.config`, import.meta.url), 'utf8'),
  )
  await mkdir(objects, { recursive: true })
  // The kernel's make takes one file.
  const wanted = join(objects, 'wanted.config')
  await writeFile(wanted, (await Promise.all(fragments)).join(''))
  runTool('make', ['-s', `O=${objects}`, ...forArm64, 'allnoconfig'], {
    cwd: tree,
    env: { KCONFIG_ALLCONFIG: wanted },
  })
  return join(objects, '.config')
}

/** Builds what was configured there, or what of it is not there yet; throws with the last that make said. */
export async function buildKernel(tree: string, objects: string): Promise<void> {
  await execa(
    'make',
    [`-j${availableParallelism()}`, `O=${objects}`, ...forArm64, 'Image', 'dtbs', 'modules'],
    {
      cwd: tree,
      stdin: 'ignore',
      stdout: 'ignore',
    },
  )
}
